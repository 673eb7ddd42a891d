"""unchanged: an update with nothing to do writes nothing into the index, says so, and costs next to nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

from .dol import REPORTS, indexed
from .process import reportsearch
from .proof import Figure, Proof, Workbench, below, exactly

__all__ = ["PROOF"]

CPU_SECONDS_PER_100_REPORTS = 1.0


def measure(workbench: Workbench) -> Iterator[Figure]:
    dol = indexed(workbench)
    index = dol.folder / ".reportsearch" / "index"
    before = _state(index)
    again = reportsearch("update", cwd=dol.folder)
    after = _state(index)
    workbench.note(f"{again.stderr.strip()} {again.seconds:.2f} s, {again.cpu_seconds:.2f} CPU-seconds")
    yield exactly("unchanged-index-files-changed", len(set(before.items()) ^ set(after.items())), 0)
    said = re.search(r"Nothing to write: (\d+) unchanged\.", again.stderr)
    yield exactly("unchanged-reports-said", int(said.group(1)) if said else 0, REPORTS)
    per_100 = again.cpu_seconds * 100 / len(dol.files)
    yield below("unchanged-cpu-seconds-per-100-reports", per_100, CPU_SECONDS_PER_100_REPORTS)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of last change (ns) of each file, by name; at least one file, or the proof would prove nothing."""
    state = {path.name: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir()}
    assert state, f"{folder} is empty"
    return state


PROOF = Proof(
    "unchanged", "a second update changes no file of the index, says so, and takes under 1 CPU-second", measure
)
