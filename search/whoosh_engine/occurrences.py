"""Where the words and phrases of a query stand in the text of the found reports."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec import BODY
from reportsearch.indexer.codec.container import encoded
from reportsearch.indexer.codec.ranges import concatenated_ranges

from ..nodes import AnyField, PhraseInAnyField
from .phrases import phrase_places
from .places import LOWER, UPPER
from .segment import SearchedSegment
from .term_postings import TermPostings

__all__ = ["Occurrences", "occurrences"]

_MOST_OF_WORD = 200
"""More occurrences of one word in one report say nothing new."""


class Occurrences:
    """Where something sought stands, ascending: `places`, of which the document is the number of a hit, and `numbers`,
    which one of what is sought it is. Both as lists, and together as `arrays` (int64[n] each)."""

    __slots__ = ("_arrays", "numbers", "places")

    def __init__(self, places: list[int], numbers: list[int], arrays: _Arrays | None = None) -> None:
        self.places = places
        self.numbers = numbers
        self._arrays = arrays

    @property
    def arrays(self) -> _Arrays:
        if self._arrays is None:
            self._arrays = np.array(self.places, np.int64), np.array(self.numbers, np.int64)
        return self._arrays


_Arrays = tuple[NDArray[np.int64], NDArray[np.int64]]
_InHit = tuple[int, NDArray[Any]]
"""The number of a hit, and where in it something stands, ascending: words, or places, of which the word counts."""


def occurrences(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], asked: Sequence[AnyField | PhraseInAnyField]
) -> Occurrences:
    """Those of what is asked for in these documents (ascending)."""
    owners, pieces = [], []
    for number, node in enumerate(asked):
        for hit, positions in _in_hits(segment, doc_ids, node):
            owners.append(hit << _OF_HIT | number)
            pieces.append(positions)
    counts = list(map(len, pieces))
    if sum(counts) <= _FEW:
        each = zip(owners, [piece.tolist() for piece in pieces], strict=True)
        few = sorted([owner | (place & LOWER) << _NUMBER_BITS for owner, piece in each for place in piece])
        return Occurrences([place >> _NUMBER_BITS for place in few], [place & _NUMBERS for place in few])
    packed = (np.concatenate(pieces).astype(np.int64) & LOWER) << _NUMBER_BITS
    packed |= np.array(owners).repeat(counts)
    packed.sort()
    places, numbers = packed >> _NUMBER_BITS, packed & _NUMBERS
    return Occurrences(places.tolist(), numbers.tolist(), (places, numbers))


_NUMBER_BITS = 12  # a query has at most 64 words, and 64 phrases or MOST_PIECES of them
_NUMBERS = (1 << _NUMBER_BITS) - 1
_OF_HIT = UPPER + _NUMBER_BITS
_FEW = 16
"""Occurrences that are sorted one by one in the time that it takes to begin to sort all at once."""


def _in_hits(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], node: AnyField | PhraseInAnyField
) -> Iterator[_InHit]:
    if isinstance(node, PhraseInAnyField):
        found = phrase_places(segment, node).get(BODY)
        if found is not None:
            yield from _of_phrase(found, doc_ids.tolist())
        return
    for term in node.terms:
        postings = segment.text_postings(term).get(BODY)
        if postings is not None and postings.posting.low_positions is not None:
            yield from _of_term(postings, doc_ids, segment.count, encoded(node.surface) if node.exact else None)


def _of_phrase(places: NDArray[np.int64], doc_ids: Sequence[int]) -> Iterator[_InHit]:
    """Where a phrase begins, as places in the segment."""
    view, behind = places.data, 0
    for hit, doc_id in enumerate(doc_ids):
        first = bisect_left(view, doc_id << UPPER, behind)
        behind = bisect_left(view, (doc_id + 1) << UPPER, first)
        if first < behind:
            yield hit, places[first:behind]


def _of_term(
    postings: TermPostings, doc_ids: NDArray[np.intp], documents: int, surface: bytes | None
) -> Iterator[_InHit]:
    """The words of a term, only those that are written so where a surface is given."""
    surfaces = postings.surfaces if surface is not None else []
    if surface is not None and surface not in surfaces:
        return
    posting = postings.posting
    rows, has = postings.rows_of(doc_ids, documents)
    hits = has.nonzero()[0]
    starts, counts = postings.words_at(rows[hits])
    low = posting.low_positions
    assert low is not None
    are_low = posting.rises is None or not posting.rises.are_among(starts, counts).any()
    if are_low and len(surfaces) < 2:
        for hit, start, count in zip(hits.tolist(), starts.tolist(), counts.tolist(), strict=True):
            yield hit, low[start : start + (count if count < _MOST_OF_WORD else _MOST_OF_WORD)]
        return
    words, owners = concatenated_ranges(starts, counts), hits.repeat(counts)
    if surface is not None and len(surfaces) > 1:
        chosen = posting.surfaces_at(words) == surfaces.index(surface)
        words, owners = words[chosen], owners[chosen]
    positions = posting.positions_in_order(words)
    for hit, first, behind in zip(hits.tolist(), *_edges(owners, hits), strict=True):
        yield hit, positions[first : min(behind, first + _MOST_OF_WORD)]


def _edges(owners: NDArray[np.intp], hits: NDArray[np.intp]) -> tuple[list[int], list[int]]:
    """Where each of the hits (ascending) begins among the owners, and where it ends."""
    return owners.searchsorted(hits).tolist(), owners.searchsorted(hits, "right").tolist()
