"""Sets of matching documents with scores, and what and, or and not make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "Matches", "Together", "added", "alike", "both", "either", "places_in", "without"]


class Matches:
    """Documents of one segment: `doc_ids` (intp[n], ascending) and `scores` (float64[n]). Neither is changed."""

    __slots__ = ("doc_ids", "scores")  # a frozen dataclass takes three times as long to make

    def __init__(self, doc_ids: NDArray[np.intp], scores: NDArray[np.float64]) -> None:
        self.doc_ids = doc_ids
        self.scores = scores

    def __len__(self) -> int:
        return len(self.doc_ids)

    @property
    def are_alike(self) -> bool:
        """Whether they were made by `alike`."""
        return self.scores.strides == (0,)


class Together(NamedTuple):
    """Documents of one segment that have several words: `counts` of them for each word, ascending, one word after the
    other; `scores` (float64) are for that word."""

    doc_ids: NDArray[np.intp]
    scores: NDArray[np.float64]
    counts: Sequence[int]

    def rarest(self, least: int) -> NDArray[np.intp]:
        """The documents of the word that has the fewest, of those that have more than `least`; none where none has."""
        number = min(
            (each for each, count in enumerate(self.counts) if count > least),
            key=self.counts.__getitem__,
            default=len(self.counts),
        )
        start = sum(self.counts[:number])
        return self.doc_ids[start : start + sum(self.counts[number : number + 1])]


def alike(doc_ids: NDArray[np.intp]) -> Matches:
    """Documents that all have the score 1, kept once."""
    return Matches(doc_ids, np.ndarray(doc_ids.shape, np.float64, _ONE, strides=(0,)))


_ONE = np.ones(1).tobytes()
NONE = Matches(np.empty(0, np.intp), np.empty(0, np.float64))


def places_in(doc_ids: NDArray[np.intp], wanted: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each wanted document its place among `doc_ids`, both ascending, and whether it is there at all."""
    places = np.searchsorted(doc_ids, wanted)
    if not len(doc_ids):
        return places, np.zeros(len(wanted), np.bool_)
    found = doc_ids[np.minimum(places, len(doc_ids) - 1)] == wanted
    return places, found


def added(one: Matches, other: Matches) -> Matches:
    """Documents of either, scores added."""
    if len(one) < len(other):
        one, other = other, one
    if not len(other):
        return one
    places, found = places_in(one.doc_ids, other.doc_ids)
    scores = one.scores.copy()
    scores[places[found]] += other.scores[found]
    if found.all():
        return Matches(one.doc_ids, scores)
    fresh = ~found
    return Matches(
        np.insert(one.doc_ids, places[fresh], other.doc_ids[fresh]),
        np.insert(scores, places[fresh], other.scores[fresh]),
    )


def either(matches: Sequence[Matches], documents: int) -> Matches:
    """Documents of any, of a segment of so many; scores added."""
    filled = [each for each in matches if len(each)]
    if len(filled) < 2:
        return filled[0] if filled else NONE
    if sum(map(len, filled)) * 8 < documents:  # few: no need to look at all documents
        total = filled[0]
        for each in filled[1:]:
            total = added(total, each)
        return total
    scores = np.zeros(documents)
    found = np.zeros(documents, np.bool_)
    for each in filled:
        scores[each.doc_ids] += each.scores
        found[each.doc_ids] = True
    doc_ids = np.flatnonzero(found)
    return Matches(doc_ids, scores[doc_ids])


def both(one: Matches, other: Matches) -> Matches:
    """Documents of both, scores added."""
    if len(one) > len(other):
        one, other = other, one
    places, found = places_in(other.doc_ids, one.doc_ids)
    return Matches(one.doc_ids[found], one.scores[found] + other.scores[places[found]])


def without(one: Matches, other: Matches) -> Matches:
    """Documents of the one that are not among the other's."""
    _, found = places_in(other.doc_ids, one.doc_ids)
    return Matches(one.doc_ids[~found], one.scores[~found])
