"""commits: one reader sees 10,000 commits, each as soon as it is there, and holds on to none of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .process import run
from .proof import Figure, Proof, SkippedError, Workbench, at_most, exactly

__all__ = ["PROOF"]

COMMITS = 10_000
GROWTH_KB = 2000


def measure(workbench: Workbench) -> Iterator[Figure]:
    if sys.platform != "linux":
        raise SkippedError("run it on Linux: what a process holds on to is read from /proc")
    generations = workbench.root / "tests" / "generations.py"
    told = run([sys.executable, generations, "commits", str(COMMITS)], cwd=workbench.folder).json
    first, most, last = told["first"], told["most"], told["last"]
    workbench.note(f"after a tenth {first}, at most {most}, at last {last}")
    yield exactly("commits-not-seen", told["unseen"], 0)
    yield at_most("commits-growth-of-rss-anon-kb", last["anonymous_kb"] - first["anonymous_kb"], GROWTH_KB)
    yield at_most("commits-growth-of-maps", most["maps"] - first["maps"], 0)
    yield at_most("commits-growth-of-open-files", most["files"] - first["files"], 0)


PROOF = Proof("commits", "a reader of 10,000 commits sees each, and neither memory nor maps grow", measure)
