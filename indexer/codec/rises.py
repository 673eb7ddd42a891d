"""The upper halves of word numbers, as stretches of words of which they are one more (see `postings`)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ranges import bounds_of

__all__ = ["Rises", "rises_of"]

_HALF_BITS = 16
_RISE = np.uint32(1 << _HALF_BITS)
_BYTES_OF_RISE = 8


class Rises(NamedTuple):
    """Each rise adds 65,536 to the words from `firsts[i]` up to, not including, `lasts[i]` (unsigned[n], ascending)."""

    firsts: NDArray[Any]
    lasts: NDArray[Any]

    def at(self, words: NDArray[Any]) -> NDArray[np.uint32]:
        """What is to be added to each of these words."""
        begun = np.searchsorted(self.firsts, words, "right")
        ended = np.searchsorted(np.sort(self.lasts), words, "right")
        return ((begun - ended) << _HALF_BITS).astype(np.uint32)

    def at_ascending(self, words: NDArray[Any]) -> NDArray[np.uint32]:
        """The same for ascending words."""
        edges = np.zeros(len(words) + 1, np.int32)
        np.add.at(edges, np.searchsorted(words, self.firsts), 1)
        np.subtract.at(edges, np.searchsorted(words, self.lasts), 1)
        return (np.cumsum(edges[:-1]) << _HALF_BITS).astype(np.uint32)

    def are_among(self, starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.bool_]:
        """bool[n]: whether something is to be added to any of `counts[i]` words from `starts[i]` on. What rises may go
        on from one document to the next."""
        begun = np.searchsorted(self.firsts, starts + counts)
        ended = np.searchsorted(np.sort(self.lasts), starts, "right")
        return np.asarray(ended < begun)

    def add_to(self, positions: NDArray[np.uint32]) -> None:
        """Adds to all words of a term."""
        for first, last in zip(self.firsts.tolist(), self.lasts.tolist(), strict=True):
            positions[first:last] += _RISE


def rises_of(
    positions: NDArray[Any], occurrences: NDArray[Any], wanted: NDArray[np.bool_]
) -> tuple[Rises | None, NDArray[np.int64]]:
    """The rises of the terms in question, one term after the other, and how many each has.

    Of a term that would save nothing by them there are none.
    """
    counts = np.zeros(len(occurrences), np.int64)
    if not wanted.any():
        return None, counts
    bounds = bounds_of(occurrences)
    high = np.flatnonzero(positions >= _RISE)
    owner_of = np.searchsorted(bounds, high, "right") - 1
    asked = wanted[owner_of]
    high, owner_of = high[asked], owner_of[asked]
    level_of = positions[high] >> _HALF_BITS
    firsts, lasts, owners = [], [], []
    for level in range(1, int(level_of.max(initial=0)) + 1):
        risen = level_of >= level
        words, of = high[risen], owner_of[risen]
        parted = (np.diff(words) > 1) | (np.diff(of) != 0)
        begins, ends = np.append(True, parted), np.append(parted, True)
        firsts.append(words[begins] - bounds[of[begins]])
        lasts.append(words[ends] - bounds[of[ends]] + 1)
        owners.append(of[begins])
    if not owners:
        return None, counts
    owner, first, last = map(np.concatenate, (owners, firsts, lasts))
    order = np.lexsort((first, owner))
    owner, first, last = owner[order], first[order], last[order]
    counts += np.bincount(owner, minlength=len(counts))
    pays = counts * _BYTES_OF_RISE < 2 * occurrences.astype(np.int64)
    counts[~pays] = 0
    kept = pays[owner]
    return Rises(first[kept].astype(np.uint32), last[kept].astype(np.uint32)), counts
