"""walls: scripts/check passes on what is committed, and falls over what it is there to catch."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .process import Finished, ProgramFailedError, run
from .proof import Figure, Proof, Workbench, exactly

__all__ = ["PROOF"]


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault: `after` stands once in `path`, and `line` is written behind it.

    The line is such that only one check can object, and `verdict` is how that one does.
    """

    name: str
    path: str
    after: str
    line: str
    verdict: str


PLANTS = (
    Plant(
        "reverse-import",
        "indexer/engine.py",
        "from typing import Protocol\n",
        "\nfrom reportsearch.search.results import Span  # noqa: F401\n",
        "search builds on indexer, never the other way; the sample collection knows neither BROKEN",
    ),
    Plant(
        "type-error",
        "indexer/engine.py",
        '__all__ = ["DryWriter", "IndexEntry", "IndexStore", "ReportWriter"]\n',
        '\nPLANTED: int = "text"\n',
        "[assignment]",
    ),
)


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: the checkers are installed from the package registry")
    clone = workbench.clone("walls")
    untouched = _check(clone)
    if untouched.returncode:
        workbench.note(f"scripts/check in the clone:\n{untouched.output[-3000:]}")
    yield exactly("walls-exit-code-unplanted", untouched.returncode, 0)
    for plant in PLANTS:
        done = _with(plant, clone)
        workbench.detail(f"scripts/check with a {plant.name} exits with {done.returncode}:\n{done.output[-3000:]}")
        caught = done.returncode != 0 and plant.verdict in " ".join(done.output.split())  # checkers break lines
        yield exactly(f"walls-{plant.name}-caught", int(caught), 1)


def _check(clone: Path) -> Finished:
    return run([clone / "scripts" / "check"], cwd=clone, check=False)


def _with(plant: Plant, clone: Path) -> Finished:
    """What scripts/check says of the fault; the file is as before afterwards."""
    file = clone / plant.path
    text = file.read_text(encoding="utf-8")
    if text.count(plant.after) != 1:
        raise ProgramFailedError(f"{plant.path} has changed: choose another place for the {plant.name} in {__file__}")
    file.write_text(text.replace(plant.after, plant.after + plant.line), encoding="utf-8")
    done = _check(clone)
    file.write_text(text, encoding="utf-8")
    return done


PROOF = Proof(
    "walls", "scripts/check passes on a clone, and fails on a reverse import and a type error (network)", measure
)
