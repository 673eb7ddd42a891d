"""Sets of matching documents with scores, and what and, or and not make of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import first_in_each

__all__ = ["NONE", "Matches", "alike", "both", "either", "rows_by_search", "rows_in", "rows_in_all", "without"]


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


def alike(doc_ids: NDArray[np.intp]) -> Matches:
    """Documents that all have the score 1, kept once."""
    return Matches(doc_ids, np.ndarray(doc_ids.shape, np.float64, _ONE, strides=(0,)))


_ONE = np.ones(1).tobytes()
NONE = Matches(np.empty(0, np.intp), np.empty(0, np.float64))


def rows_by_search(doc_ids: NDArray[np.intp], wanted: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each wanted document its row among `doc_ids` (ascending), and whether it is there at all."""
    rows = doc_ids.searchsorted(wanted)
    if not len(doc_ids):
        return rows, np.zeros(len(wanted), np.bool_)
    return rows, doc_ids.take(rows, mode="clip") == wanted


def rows_in(
    doc_ids: NDArray[np.intp], wanted: NDArray[np.intp], documents: int
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """As `rows_by_search`, where that is quicker by a table of all documents of the segment, of which there are so
    many; the row of one that is not there is any number.

    Nothing is written to the table before but where the documents are: what is found elsewhere is no row of theirs
    (Briggs & Torczon, An Efficient Representation for Sparse Sets, 1993)."""
    if not len(doc_ids) or len(wanted) * _QUICK < len(doc_ids) + _AT_ONCE:
        return rows_by_search(doc_ids, wanted)
    table = np.empty(documents, np.int32)
    table[doc_ids] = np.arange(len(doc_ids), dtype=np.int32)
    rows = table[wanted].astype(np.intp)
    return rows, doc_ids.take(rows, mode="clip") == wanted


_QUICK, _AT_ONCE = 24, 2500
"""Documents that are put into a table in the time that it takes to search for one, and to begin with a table."""


def rows_in_all(lists: Sequence[NDArray[np.intp]], documents: int) -> list[NDArray[np.intp]]:
    """In which rows of each list (ascending) the documents are that are in all, of a segment of so many."""
    first, *others = sorted(range(len(lists)), key=lambda number: len(lists[number]))
    common = lists[first]
    rows = {first: np.arange(len(common))}
    for number in others:
        those, found = rows_in(lists[number], common, documents)
        kept = found.nonzero()[0]
        common = common[kept]
        rows = {earlier: of_earlier[kept] for earlier, of_earlier in rows.items()}
        rows[number] = those[kept]
    return [rows[number] for number in range(len(lists))]


def either(matches: Sequence[Matches], documents: int) -> Matches:
    """Documents of any, of a segment of so many; scores added."""
    filled = [each for each in matches if len(each)]
    if len(filled) < 2:
        return filled[0] if filled else NONE
    if len(filled) == 2 and (raised := _raised_by(*sorted(filled, key=len))):
        return raised
    doc_ids = np.concatenate([each.doc_ids for each in filled])
    scores = np.concatenate([each.scores for each in filled])
    if len(doc_ids) * _SPARSE < documents:  # no need to look at all documents
        order = doc_ids.argsort(kind="stable")  # which merges what ascends
        doc_ids = doc_ids[order]
        firsts = first_in_each(doc_ids)
        return Matches(doc_ids[firsts], np.add.reduceat(scores[order], firsts))
    found = np.zeros(documents, np.bool_)
    found[doc_ids] = True
    having = found.nonzero()[0]
    sums: NDArray[np.float64] = np.bincount(doc_ids, scores, documents)  # type: ignore[assignment]  # of weights
    return Matches(having, sums[having])


def _raised_by(few: Matches, many: Matches) -> Matches | None:
    """The many, the few's scores added, where the few are all among them: a word of a title stands in the text too."""
    if len(few) * _SPARSE > len(many):
        return None
    rows, found = rows_by_search(many.doc_ids, few.doc_ids)
    if not found.all():
        return None
    scores = many.scores.copy()
    scores[rows] += few.scores
    return Matches(many.doc_ids, scores)


_SPARSE = 8
"""Documents of a segment for each that matches, from which on those that match are sorted, not counted."""


def both(one: Matches, other: Matches) -> Matches:
    """Documents of both, scores added."""
    if len(one) > len(other):
        one, other = other, one
    rows, found = rows_by_search(other.doc_ids, one.doc_ids)
    return Matches(one.doc_ids[found], one.scores[found] + other.scores[rows[found]])


def without(one: Matches, other: Matches) -> Matches:
    """Documents of the one that are not among the other's."""
    _, found = rows_by_search(other.doc_ids, one.doc_ids)
    return Matches(one.doc_ids[~found], one.scores[~found])
