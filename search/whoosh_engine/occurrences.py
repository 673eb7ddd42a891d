"""Where the words and phrases of a query stand in the text of the found reports."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

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


class Occurrences(NamedTuple):
    """Where something sought stands, ascending: `places` (int64[n]), of which the upper half is the number of the hit
    and the lower one that of its first word there; and `numbers` (int64[n]), which one of what is sought."""

    places: NDArray[np.int64]
    numbers: NDArray[np.int64]


_InHit = tuple[int, NDArray[Any]]
"""The number of a hit, and which words of it these are, ascending."""


def occurrences(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], asked: Sequence[AnyField | PhraseInAnyField]
) -> Occurrences:
    """Those of what is asked for in these documents (ascending)."""
    owners, pieces = [], []
    for number, node in enumerate(asked):
        for hit, positions in _in_hits(segment, doc_ids, node):
            owners.append(hit << _OF_HIT | number)
            pieces.append(positions)
    if not pieces:
        return Occurrences(_NONE, _NONE)
    if sum(map(len, pieces)) <= _FEW:
        each = zip(owners, [piece.tolist() for piece in pieces], strict=True)
        places = np.array(sorted([owner | place << _NUMBER_BITS for owner, piece in each for place in piece]))
    else:
        places = np.concatenate(pieces).astype(np.int64) << _NUMBER_BITS
        places |= np.array(owners).repeat(list(map(len, pieces)))
        places.sort()
    return Occurrences(places >> _NUMBER_BITS, places & ((1 << _NUMBER_BITS) - 1))


_NUMBER_BITS = 12  # a query has at most 64 words, and 64 phrases or MOST_PIECES of them
_OF_HIT = UPPER + _NUMBER_BITS
_NONE = np.empty(0, np.int64)
_FEW = 16
"""Occurrences that are sorted one by one in the time that it takes to begin to sort all at once."""


def _in_hits(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], node: AnyField | PhraseInAnyField
) -> Iterator[_InHit]:
    if isinstance(node, PhraseInAnyField):
        found = phrase_places(segment, node).get(BODY)
        if found is not None:
            yield from enumerate(_of_phrase(found, doc_ids.tolist()))
        return
    for term in node.terms:
        postings = segment.text_postings(term).get(BODY)
        if postings is not None and postings.posting.low_positions is not None:
            yield from _of_term(postings, doc_ids, segment.count, encoded(node.surface) if node.exact else None)


def _of_phrase(places: NDArray[np.int64], doc_ids: Sequence[int]) -> Iterator[NDArray[np.int64]]:
    """With which words a phrase begins in each of some documents."""
    view, behind = places.data, 0
    for doc_id in doc_ids:
        first = bisect_left(view, doc_id << UPPER, behind)
        behind = bisect_left(view, (doc_id + 1) << UPPER, first)
        yield places[first:behind] & LOWER


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
