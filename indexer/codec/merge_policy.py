"""Which segments are to become one: few segments, without writing a document more often than the logarithm of their
number.

Segments are levelled by size, each level MERGE_FACTOR times the one before (O'Neil et al., The Log-Structured
Merge-Tree, 1996). As soon as there are MERGE_FACTOR in a level they are merged. A segment of which much is deleted is
written anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

__all__ = ["MAX_SEGMENTS", "SegmentSize", "choose_merges"]

MERGE_FACTOR = 4
MAX_SEGMENTS = 10
MAX_DELETED = 0.25
"""From this share of deleted documents on a segment takes more room than writing it anew is worth."""
FLOOR_BYTES = 1 << 20
"""Smaller segments count as that large: opening each costs the same."""


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """`size_bytes` on disk, `deleted` is the share of its documents (0 to 1)."""

    size_bytes: int
    deleted: float

    @property
    def live_bytes(self) -> float:
        return self.size_bytes * (1 - self.deleted)

    @property
    def level(self) -> int:
        return int(log(max(self.live_bytes, FLOOR_BYTES) / FLOOR_BYTES, MERGE_FACTOR))


def choose_merges(sizes: Sequence[SegmentSize]) -> list[list[int]]:
    """Groups of segments, by their numbers, that are to become one each; ascending, no segment in two of them."""
    groups = {level: [number for number, size in enumerate(sizes) if size.level == level] for level in _levels(sizes)}
    merges = [group for group in groups.values() if len(group) >= MERGE_FACTOR]
    taken = {number for group in merges for number in group}
    left = len(sizes) - len(taken) + len(merges)
    if left > MAX_SEGMENTS:
        smallest = sorted((n for n in range(len(sizes)) if n not in taken), key=lambda n: sizes[n].live_bytes)
        merges.append(sorted(smallest[: left - MAX_SEGMENTS + MERGE_FACTOR]))
        taken.update(merges[-1])
    merges.extend([number] for number, size in enumerate(sizes) if number not in taken and size.deleted > MAX_DELETED)
    return merges


def _levels(sizes: Sequence[SegmentSize]) -> list[int]:
    return sorted({size.level for size in sizes})
