"""The command `scripts/prove`."""

import argparse
import sys
import tempfile
from pathlib import Path

from . import (
    bit_flips,
    brick_kilns,
    cold_search,
    commits,
    dol_sentences,
    dol_update,
    fresh,
    growth,
    kill,
    matching,
    ranking,
    readers,
    segments,
    sizes,
    snippet_quality,
    threads,
    tiny_reports,
    unchanged,
    versions,
    walls,
    wheel,
    whoosh_distributions,
    whoosh_suite,
)
from .process import ProgramFailedError
from .proof import Proof, SkippedError, Workbench

ROOT = Path(__file__).resolve().parent.parent.parent
PROOFS: tuple[Proof, ...] = (
    dol_update.PROOF,
    dol_sentences.PROOF,
    brick_kilns.PROOF,
    unchanged.PROOF,
    ranking.PROOF,
    segments.PROOF,
    sizes.PROOF,
    tiny_reports.PROOF,
    readers.PROOF,
    matching.PROOF,
    threads.PROOF,
    commits.PROOF,
    cold_search.PROOF,
    snippet_quality.PROOF,
    growth.PROOF,
    bit_flips.PROOF,
    kill.PROOF,
    fresh.PROOF,
    wheel.PROOF,
    walls.PROOF,
    versions.PROOF,
    whoosh_suite.PROOF,
    whoosh_distributions.PROOF,
)
BY_NAME = {proof.name: proof for proof in PROOFS}
REACHED, MISSED, SKIPPED = 0, 1, 2


def main() -> int:
    arguments = _arguments()
    if arguments.list:
        width = max(map(len, BY_NAME))
        print("\n".join(f"{proof.name:{width}}  {proof.about}" for proof in PROOFS))
        return REACHED
    with tempfile.TemporaryDirectory(prefix="reportsearch-prove-") as folder:
        # one workbench for all, so that proofs about the same collection index it once
        workbench = Workbench(ROOT, Path(folder).resolve(), arguments.data, arguments.verbose)
        outcomes = {_prove(BY_NAME[name], workbench) for name in arguments.names}
    return next(code for code in (MISSED, SKIPPED, REACHED) if code in outcomes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/prove",
        description="Measures what the tests cannot hold, and compares each figure with its bar.",
        epilog="Exit codes: 0 every bar is reached, 1 one is not, 2 something was skipped, or the command is wrong.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which proofs (see --list)")
    parser.add_argument("--list", action="store_true", help="name all proofs")
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="the real collections (default: ../shared/data beside the repository)"
    )
    parser.add_argument("--verbose", action="store_true", help="say more about what is missed")
    arguments = parser.parse_args()
    if not arguments.names and not arguments.list:
        parser.error("which proof? --list names them all")
    for name in arguments.names:
        if name not in BY_NAME:
            parser.error(f"there is no proof {name!r}: --list names them all")
    if arguments.data is not None and not arguments.data.is_dir():
        parser.error(f"--data: there is no folder {arguments.data}")
    return arguments


def _prove(proof: Proof, workbench: Workbench) -> int:
    outcome = REACHED
    try:
        for figure in proof.measure(workbench):
            print(figure, flush=True)
            outcome = outcome if figure.passed else MISSED
    except SkippedError as missing:
        print(f"{proof.name} SKIPPED: {missing}")
        return outcome or SKIPPED
    except ProgramFailedError as failure:
        print(f"{proof.name} error - FAIL", flush=True)
        workbench.note(str(failure))
        return MISSED
    return outcome


if __name__ == "__main__":
    sys.exit(main())
