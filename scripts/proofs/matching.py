"""matching: random queries over random collections, answered by our engine, by hand, and by Whoosh's own matchers."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .process import run
from .proof import Figure, Proof, Workbench, exactly

__all__ = ["PROOF"]

QUERIES = 10_000
SEED = 5


def measure(workbench: Workbench) -> Iterator[Figure]:
    by_hand = workbench.root / "tests" / "by_hand.py"
    told = run([sys.executable, by_hand, str(QUERIES), str(SEED)], cwd=workbench.folder).json
    for query, wrong in told["first"]:
        workbench.note(f"{query}: {wrong}")
    yield exactly("matching-queries", told["queries"], QUERIES)
    yield exactly("matching-answers-other-than-by-hand", told["by_hand"], 0)
    yield exactly("matching-answers-other-than-whoosh", told["whoosh"], 0)


PROOF = Proof("matching", "10,000 random queries have the answers found by hand, and Whoosh's documents", measure)
