"""segments: a hundred commits of one percent each leave few segments and little waste."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from reportsearch.indexer.codec import IndexWriter, check_index, create_index
from reportsearch.indexer.schema import make_schema

from .proof import Figure, Proof, Workbench, at_most, exactly
from .seeded import document, share

__all__ = ["PROOF"]

COMMITS = 100
DOCUMENTS = 3000
WORDS = 1500
MAX_SEGMENTS = 12
MAX_GROWTH = 1.6


def measure(workbench: Workbench) -> Iterator[Figure]:
    folder = workbench.folder / "segments"
    names = [f"d{number}" for number in range(share(DOCUMENTS))]
    create_index(folder, make_schema("en"))
    _replace(folder, names, 0)
    _, fresh = _state(folder)
    workbench.note(f"{len(names)} documents take {fresh / 1e6:.1f} MB")
    choices, most, largest = random.Random(6), 0, fresh  # noqa: S311
    for commit in range(1, COMMITS + 1):
        _replace(folder, choices.sample(names, max(1, len(names) // 100)), commit)
        count, size = _state(folder)
        most, largest = max(most, count), max(largest, size)
    workbench.note(f"after the last commit {count} segments, {size / fresh:.2f} times the size")
    yield at_most("segments-most-segments", most, MAX_SEGMENTS)
    yield at_most("segments-most-growth", largest / fresh, MAX_GROWTH)
    found = check_index(folder)
    yield exactly("segments-damages", len(found.damages) + len(found.unnamed) if found else -1, 0)


def _replace(folder: Path, names: list[str], version: int) -> None:
    writer = IndexWriter(folder)
    for name in names:
        writer.delete("id", name)
        writer.add(document(name, version, WORDS))
    writer.commit()


def _state(folder: Path) -> tuple[int, int]:
    """How many segments there are, and the bytes of all files."""
    segments = len(list(folder.glob("*.doc")))
    return segments, sum(path.stat().st_size for path in folder.iterdir())


PROOF = Proof("segments", "100 commits of 1 % each: at most 12 segments, at most 1.6 times the size", measure)
