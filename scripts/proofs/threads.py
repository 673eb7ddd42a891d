"""threads: eight threads search for a minute while another process commits; every answer is from one commit."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .process import run
from .proof import Figure, Proof, Workbench, at_least, exactly

__all__ = ["PROOF"]

SECONDS = 60
SEARCHES, COMMITS = 1000, 100
"""What must have happened at least for the proof to be one."""


def measure(workbench: Workbench) -> Iterator[Figure]:
    generations = workbench.root / "tests" / "generations.py"
    told = run([sys.executable, generations, "threads", str(SECONDS)], cwd=workbench.folder).json
    for wrong in told["wrong"]:
        workbench.note(wrong)
    yield exactly("threads-errors-and-mixed-answers", len(told["wrong"]), 0)
    yield at_least("threads-searches", told["searches"], SEARCHES)
    yield at_least("threads-commits-seen", told["seen"], COMMITS)


PROOF = Proof("threads", "eight threads search for one minute while commits land: no error, no mixed answer", measure)
