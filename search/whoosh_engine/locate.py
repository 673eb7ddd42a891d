"""Where in the found reports the words of the query stand, and which passages show it best.

All from numbers: positions say which passage a word is in, and only the passages that are chosen are opened. A passage
is worth the idf of the distinct words in it, more where they stand near each other or a whole phrase stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.analysis import spans
from reportsearch.indexer.codec import BODY
from reportsearch.indexer.codec.ranges import bounds_of, concatenated_ranges

from ..engine import Mark, Passage
from ..nodes import AnyField, PhraseInAnyField
from .evaluate import phrase_words
from .matches import places_in
from .phrases import phrase_places
from .segment import SearchedSegment

__all__ = ["Sought", "passages_of"]

_NEAR_WORDS = 4
"""Words between which the worth of standing near each other falls to a half."""
_PHRASE = 2.0
"""How much more a phrase is worth than its words."""
_WORDS_PER_HIT = 200
"""More occurrences of one word in one report say nothing new."""
_UPPER = np.int64(32)


@dataclass(frozen=True, slots=True)
class Sought:
    """A word or phrase of the query, with its idf."""

    node: AnyField | PhraseInAnyField
    idf: float

    @property
    def length(self) -> int:
        """Words."""
        return len(self.node.parts) if isinstance(self.node, PhraseInAnyField) else 1

    @property
    def worth(self) -> float:
        return self.idf * (_PHRASE if self.length > 1 else 1.0)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Where something sought stands: the number of the hit (intp[n]), the number of its first word there (int64[n]),
    and which one of what is sought (intp[n])."""

    hits: NDArray[np.intp]
    positions: NDArray[np.int64]
    sought: NDArray[np.intp]


def passages_of(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], sought: Sequence[Sought], limit: int
) -> list[list[Passage]]:
    """For each of these documents (ascending) its best passages, at most so many, best first."""
    if not segment.reader.has_passages or not len(doc_ids) or not sought:
        return [[] for _ in doc_ids]
    found = _occurrences(segment, doc_ids, sought)
    passages = segment.reader.passages
    firsts = passages.doc_passages[doc_ids].astype(np.int64)
    counts = passages.doc_passages[doc_ids + 1].astype(np.int64) - firsts
    rows = concatenated_ranges(firsts, counts)
    begins = np.repeat(np.arange(len(doc_ids)), counts) << _UPPER | passages.passage_positions[rows].astype(np.int64)
    places = np.searchsorted(begins, found.hits << _UPPER | found.positions, "right") - 1
    worth = _worth(places, found, sought, len(rows))
    bounds = bounds_of(counts).tolist()
    by_place = _Grouped(places, found)
    return [
        [
            _open(segment, int(doc_ids[hit]), int(rows[place]), by_place.marks(place, sought), worth[place])
            for place in _chosen(worth, bounds[hit], bounds[hit + 1], limit)
        ]
        for hit in range(len(doc_ids))
    ]


def _occurrences(segment: SearchedSegment, doc_ids: NDArray[np.intp], sought: Sequence[Sought]) -> _Occurrences:
    hits, positions, numbers = [], [], []
    for number, each in enumerate(sought):
        if isinstance(each.node, PhraseInAnyField):
            documents, places = phrase_places(segment, BODY, phrase_words(each.node), doc_ids)
            found = [(np.searchsorted(doc_ids, documents), places.astype(np.int64))]
        else:
            found = list(_of_word(segment, doc_ids, each.node))
        for of_hits, of_positions in found:
            hits.append(of_hits)
            positions.append(of_positions)
            numbers.append(np.full(len(of_hits), number))
    if not hits:
        none = np.empty(0, np.intp)
        return _Occurrences(none, np.empty(0, np.int64), none)
    return _Occurrences(np.concatenate(hits), np.concatenate(positions), np.concatenate(numbers))


def _of_word(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], word: AnyField
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int64]]]:
    for term in word.terms:
        found = segment.postings(BODY, term.encode("utf-8", "surrogatepass"))
        surface = word.surface.encode("utf-8", "surrogatepass")
        if found is None or found.posting.low_positions is None or (word.exact and surface not in found.surfaces):
            continue
        places, has = places_in(found.doc_ids, doc_ids)
        rows = places[has]
        bounds = found.word_bounds()
        counts = np.minimum(bounds[rows + 1] - bounds[rows], _WORDS_PER_HIT)
        words = concatenated_ranges(bounds[rows], counts)
        hits = np.repeat(np.flatnonzero(has), counts)
        if word.exact and found.posting.surface_bits:
            written_so = found.posting.surfaces_at(words) == found.surfaces.index(surface)
            words, hits = words[written_so], hits[written_so]
        yield hits, found.posting.positions_at(words).astype(np.int64)


def _worth(
    places: NDArray[np.intp], found: _Occurrences, sought: Sequence[Sought], passages: int
) -> NDArray[np.float64]:
    """float64[passages]: 0 where nothing sought stands."""
    if not len(places):
        return np.zeros(passages)
    count = len(sought)
    distinct = np.unique(places * count + found.sought)
    in_passage, which = distinct // count, distinct % count
    worth = np.bincount(in_passage, np.array([each.worth for each in sought])[which], passages)
    if count > 1:
        several = np.bincount(in_passage, minlength=passages) > 1
        nearness = _NEAR_WORDS / (_NEAR_WORDS + _spread(places, found.positions, passages))
        worth = np.where(several, worth * (1 + nearness), worth)
    return np.asarray(worth + 0.01 * np.minimum(np.bincount(places, minlength=passages), 10))


def _spread(places: NDArray[np.intp], positions: NDArray[np.int64], passages: int) -> NDArray[np.int64]:
    """int64[passages]: words from the first to the last of what stands there."""
    first = np.full(passages, np.iinfo(np.int64).max)
    last = np.full(passages, np.iinfo(np.int64).max)
    np.minimum.at(first, places, positions)
    np.minimum.at(last, places, -positions)
    return np.asarray(-last - first)


def _chosen(worth: NDArray[np.float64], first: int, last: int, limit: int) -> list[int]:
    """The best passages from `first` up to, not including, `last`; of equal ones, the earlier one."""
    of_hit = worth[first:last]
    if limit == 1:
        best = int(of_hit.argmax()) if len(of_hit) else 0
        return [first + best] if len(of_hit) and of_hit[best] > 0 else []
    order = np.argsort(-of_hit, kind="stable")[:limit]
    return [first + place for place in order.tolist() if of_hit[place] > 0]


class _Grouped:
    """Occurrences by passage."""

    def __init__(self, places: NDArray[np.intp], found: _Occurrences) -> None:
        order = np.lexsort((found.positions, places))
        self._places = places[order].tolist()
        self._positions = found.positions[order].tolist()
        self._sought = found.sought[order].tolist()

    def marks(self, place: int, sought: Sequence[Sought]) -> list[tuple[int, int, bool]]:
        """For each marked word of a passage its position, which of the sought it is, and whether it is of a phrase."""
        first = bisect_left(self._places, place)
        last = bisect_right(self._places, place, first)
        pairs = zip(self._positions[first:last], self._sought[first:last], strict=True)
        return [
            (position + offset, number, sought[number].length > 1)
            for position, number in pairs
            for offset in range(sought[number].length)
        ]


def _open(
    segment: SearchedSegment, doc_id: int, row: int, words: Sequence[tuple[int, int, bool]], worth: float
) -> Passage:
    passages = segment.reader.passages
    text = _text(segment, doc_id, row)
    first = int(passages.passage_positions[row])
    edges = spans(text, words[-1][0] - first + 1)
    marks = {}
    for position, number, in_phrase in words:
        if 0 <= position - first < len(edges):  # a phrase may go on in the next passage
            start, end = edges[position - first]
            marks[start] = Mark(start, end, number, in_phrase)
    page = int(passages.doc_pages[doc_id]) + int(passages.passage_pages[row])
    above = int(passages.passage_headings[row])
    return Passage(
        text,
        tuple(marks[start] for start in sorted(marks)),
        int(passages.page_numbers[page]) or None,
        passages.label(page),
        int(passages.page_files[page]),
        passages.headings(doc_id)[above - 1] if above else "",
        float(worth),
    )


def _text(segment: SearchedSegment, doc_id: int, row: int) -> str:
    """The text of a passage, out of the block that holds it."""
    passages = segment.reader.passages
    block, last = int(passages.doc_blocks[doc_id]), int(passages.doc_blocks[doc_id + 1])
    first = int(passages.doc_passages[doc_id])
    for count in passages.block_passages[block:last].tolist():
        if row < first + count:
            break
        block, first = block + 1, first + count
    *before, chars = passages.passage_chars[first : row + 1].tolist()
    start = sum(before)
    return passages.block(block)[start : start + chars]
