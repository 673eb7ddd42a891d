"""Where in the found reports the words of the query stand, and which passages show it best.

All from numbers: positions say how many of the words stand within a few lines and in which passages, and only the
passages that are chosen are opened. More different words are worth more than rarer ones; of equally many, rarer ones,
nearer to each other, or a whole phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.analysis import spans_at
from reportsearch.indexer.codec import BODY
from reportsearch.indexer.codec.container import encoded
from reportsearch.indexer.codec.ranges import concatenated_ranges, first_in_each

from ..engine import Mark, Passage
from ..nodes import AnyField, PhraseInAnyField
from .evaluate import phrase_words
from .matches import places_in
from .phrases import phrase_places
from .segment import SearchedSegment

__all__ = ["Sought", "passages_of"]

_WINDOW_WORDS = 45
"""A snippet shows about so many."""
_EACH = 10.0
"""What each different word is worth besides its idf: more than an idf can be."""
_NEAR_WORDS = 4
"""Words between which the worth of standing near each other falls to a half."""
_PHRASE = 2.0
"""How much more a phrase is worth than its words."""
_WORDS_PER_HIT = 200
"""More occurrences of one word in one report say nothing new."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*(?:\s|$)")
_UPPER = np.int64(32)


class Sought(NamedTuple):
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


class _Occurrences(NamedTuple):
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
    if not len(found.hits):
        return [[] for _ in doc_ids]
    passages = segment.reader.passages
    firsts = passages.doc_passages[doc_ids].astype(np.int64)
    counts = passages.doc_passages[doc_ids + 1].astype(np.int64) - firsts
    rows = concatenated_ranges(firsts, counts)
    begins = np.repeat(np.arange(len(doc_ids)), counts) << _UPPER | passages.passage_positions[rows].astype(np.int64)
    places = np.searchsorted(begins, found.hits << _UPPER | found.positions, "right") - 1
    rows = rows[places]
    pages = passages.doc_pages[doc_ids[found.hits]].astype(np.int64) + passages.passage_pages[rows]
    candidates = _Candidates.of(rows, pages, found, sought)
    chosen: list[list[Passage]] = [[] for _ in doc_ids]
    for hit, number in candidates.best(limit):
        chosen[hit].append(_open(segment, int(doc_ids[hit]), candidates, number, sought))
    return chosen


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
        found = segment.postings(BODY, encoded(term))
        surface = encoded(word.surface)
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


class _Candidates(NamedTuple):
    """Passages, at most a window of words long, in which something sought stands: the first and last row of each, its
    hit and `worth`; and what stands in it, from `firsts[i]` up to, not including, `ends[i]`, by position."""

    rows: list[int]
    last_rows: list[int]
    hits: NDArray[np.intp]
    worth: NDArray[np.float64]
    firsts: list[int]
    ends: list[int]
    positions: list[int]
    sought: list[int]

    @classmethod
    def of(
        cls, rows: NDArray[np.int64], pages: NDArray[np.int64], found: _Occurrences, sought: Sequence[Sought]
    ) -> _Candidates:
        """`rows` and `pages` say in which passage and on which page each occurrence is."""
        order = np.lexsort((found.positions, rows))
        rows, positions, numbers = rows[order], found.positions[order], found.sought[order]
        keys = pages[order] << _UPPER | positions
        worth, last = _windows(keys, numbers, sought)
        best = np.lexsort((-worth, rows))[first_in_each(rows)]  # of the windows that begin in a passage
        last_rows = rows[last[best]]
        return cls(
            rows[best].tolist(), last_rows.tolist(), found.hits[order][best], worth[best],
            np.searchsorted(rows, rows[best]).tolist(), np.searchsorted(rows, last_rows, "right").tolist(),
            positions.tolist(), numbers.tolist(),
        )  # fmt: skip

    def best(self, limit: int) -> Iterator[tuple[int, int]]:
        """For each hit the best of its candidates, at most so many: hit and number. Of equal ones the earlier."""
        order = np.lexsort((-self.worth, self.hits))
        hits = self.hits[order]
        rank = np.arange(len(hits)) - np.searchsorted(hits, hits)
        chosen = rank < limit
        return zip(hits[chosen].tolist(), order[chosen].tolist(), strict=True)

    def words(self, number: int, sought: Sequence[Sought]) -> list[tuple[int, int, bool]]:
        """For each marked word its position, which of the sought it is, and whether it is of a phrase."""
        inside = slice(self.firsts[number], self.ends[number])
        return [
            (position + offset, which, sought[which].length > 1)
            for position, which in zip(self.positions[inside], self.sought[inside], strict=True)
            for offset in range(sought[which].length)
        ]


def _windows(
    keys: NDArray[np.int64], numbers: NDArray[np.intp], sought: Sequence[Sought]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """For each occurrence what the window that begins with it is worth (float64[n]), and the last one that adds a word
    to it (intp[n]). `keys` are page and position, ascending; a window ends with its page."""
    idf, worth, last = np.zeros(len(keys)), np.zeros(len(keys)), np.arange(len(keys))
    for number, each in enumerate(sought):
        places = np.flatnonzero(numbers == number)
        if not len(places):
            continue
        following = np.searchsorted(keys[places], keys)
        nearest = places[np.minimum(following, len(places) - 1)]
        inside = (following < len(places)) & (keys[nearest] - keys < _WINDOW_WORDS)
        idf += inside * each.worth
        worth += inside * _EACH
        last = np.maximum(last, np.where(inside, nearest, 0))
    nearness = np.where(worth > _EACH, _NEAR_WORDS / (_NEAR_WORDS + keys[last] - keys), 0.0)
    repeated = np.minimum(np.searchsorted(keys, keys + _WINDOW_WORDS) - np.arange(len(keys)), 10)
    return worth + idf * (1 + nearness) + 0.01 * repeated, last


def _open(
    segment: SearchedSegment, doc_id: int, candidates: _Candidates, number: int, sought: Sequence[Sought]
) -> Passage:
    passages = segment.reader.passages
    row, text, marks = _whole(segment, doc_id, candidates, number, sought)
    page = int(passages.doc_pages[doc_id]) + int(passages.passage_pages[row])
    above = int(passages.passage_headings[row])
    return Passage(
        text,
        marks,
        int(passages.page_numbers[page]) or None,
        passages.label(page),
        int(passages.page_files[page]),
        passages.headings(doc_id)[above - 1] if above else "",
        float(candidates.worth[number]),
    )


def _marks(text: str, first: int, words: Sequence[tuple[int, int, bool]]) -> tuple[Mark, ...]:
    """Where the words stand in the text, whose own first word is number `first`; a phrase may go on behind it."""
    by_number = {position - first: (which, in_phrase) for position, which, in_phrase in words}
    numbers = sorted(by_number)
    return tuple(
        Mark(start, end, *by_number[number])
        for number, (start, end) in zip(numbers, spans_at(text, numbers), strict=False)
    )


def _whole(
    segment: SearchedSegment, doc_id: int, candidates: _Candidates, number: int, sought: Sequence[Sought]
) -> tuple[int, str, tuple[Mark, ...]]:
    """The row with which a candidate begins, its text, and what is to be marked there.

    A passage ends within a sentence where a line does, in texts that came in lines: where something is marked in such a
    sentence, the passage before or behind belongs to it.
    """
    passages = segment.reader.passages
    first, last = candidates.rows[number], candidates.last_rows[number]
    words = candidates.words(number, sought)
    page, bounds = passages.passage_pages, passages.doc_passages[doc_id : doc_id + 2].tolist()
    text = "".join([_text(segment, doc_id, row) for row in range(first, last + 1)])
    marks = _marks(text, int(passages.passage_positions[first]), words)
    if not marks:
        return first, text, marks
    goes_on = last + 1 < bounds[1] and page[last + 1] == page[last] and not _SENTENCE_END.search(text, marks[-1].end)
    has_more_before = text[0].islower() and first > bounds[0] and page[first - 1] == page[first]
    if has_more_before and not _SENTENCE_END.search(text, 0, marks[0].start):
        first -= 1
        text = _text(segment, doc_id, first) + text
        marks = _marks(text, int(passages.passage_positions[first]), words)
    return first, text + _text(segment, doc_id, last + 1) if goes_on else text, marks


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
