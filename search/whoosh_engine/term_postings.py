"""One term's postings in one field, as searches need them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec import Lexicon
from reportsearch.indexer.codec.ranges import bounds_of, concatenated_ranges

from .matches import rows_by_search, rows_in
from .places import LOWER, UPPER

__all__ = ["TermPostings"]


class TermPostings:
    """One term's postings in one field, deleted documents too. What not every search needs is made when it is first
    asked for."""

    __slots__ = ("_bounds", "_doc_ids", "_sums", "_surfaces", "lexicon", "number", "posting")

    def __init__(self, lexicon: Lexicon, number: int) -> None:
        self.lexicon = lexicon
        self.number = number
        self.posting = lexicon.posting(number)
        self._doc_ids: NDArray[np.intp] | None = None
        self._bounds: NDArray[np.uint32] | None = None
        self._sums: memoryview | None = None
        self._surfaces: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self.posting.doc_ids)

    @property
    def doc_ids(self) -> NDArray[np.intp]:
        """intp[df], ascending."""
        if self._doc_ids is None:
            self._doc_ids = self.posting.doc_ids.astype(np.intp)
        return self._doc_ids

    @property
    def surfaces(self) -> list[bytes]:
        """The words, folded, that the term stands for."""
        if self._surfaces is None:
            self._surfaces = self.lexicon.surfaces(self.number)
        return self._surfaces

    @property
    def term_freqs(self) -> NDArray[Any] | float:
        """For each document; 1 where it is so for all."""
        freqs = self.posting.term_freqs
        return 1.0 if freqs is None else freqs

    @property
    def word_bounds(self) -> NDArray[np.uint32]:
        """uint32[df + 1]: which of the term's words stand in each document."""
        if self._bounds is None:
            freqs = self.posting.term_freqs
            count = len(self) + 1
            self._bounds = np.arange(count, dtype=np.uint32) if freqs is None else bounds_of(freqs, np.uint32)
        return self._bounds

    def words_at(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of the term's words stand in some of its documents (ascending): the first one, and how many."""
        freqs = self.posting.term_freqs
        if freqs is None:
            return rows, np.ones(len(rows), np.int64)
        counts = freqs[rows].astype(np.int64)
        if self._bounds is not None or len(freqs) < max(_SOON, len(rows) * 4):
            return self.word_bounds[rows].astype(np.int64), counts
        if len(rows) * _OF_ONE < len(freqs):
            return np.array(self._few_starts(rows.tolist(), freqs), np.int64), counts
        return _starts(rows, freqs), counts

    def _few_starts(self, rows: Sequence[int], freqs: NDArray[Any]) -> list[int]:
        """As `_starts`. Of a word in so many documents others will ask too: sums of blocks are kept for them."""
        if self._sums is None:
            self._sums = bounds_of(freqs, np.uint32)[::_BLOCK].copy().data
        sums, view = self._sums, freqs.data
        return [sums[row // _BLOCK] + sum(view[row - row % _BLOCK : row]) for row in rows]

    def rows_of(self, wanted: NDArray[np.intp], documents: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """For each wanted document (ascending) its row among the term's, any number where it has none, and whether it
        is there at all; of a segment of so many."""
        doc_ids = self.posting.doc_ids
        if len(wanted) > _FEW or self._doc_ids is not None or documents > 1 << 8 * doc_ids.itemsize:
            return rows_in(self.doc_ids, wanted, documents)
        return rows_by_search(doc_ids, wanted.astype(doc_ids.dtype))  # many are not made larger to look for a few

    # Where its words stand: see `places`. With a surface, by its number, only the words that are written so.

    def places(self, surface: int | None) -> NDArray[np.int64]:
        """All of them, ascending."""
        posting, freqs = self.posting, self.posting.term_freqs
        positions = posting.positions()
        assert positions is not None
        places = posting.doc_ids.astype(np.int64) << UPPER
        if freqs is not None:
            places = places.repeat(freqs)
        places |= positions
        return places if surface is None else places.compress(posting.surfaces() == surface)

    def among(self, wanted: NDArray[np.int64], surface: int | None, documents: int) -> NDArray[np.int64]:
        """Those that are wanted (ascending, none below 0), in a segment of so many documents."""
        rows, has = self.rows_of(wanted >> UPPER, documents)
        hits = has.nonzero()[0]
        if not len(hits):
            return np.empty(0, np.int64)
        places = wanted[hits]
        starts, counts = self.words_at(rows[hits])
        low = self.posting.low_positions
        assert low is not None
        positions_at = low.take if self.posting.rises is None else self.posting.positions_at
        if counts.sum() <= _LOOKED_AT:
            words, places = concatenated_ranges(starts, counts), places.repeat(counts)
            stands = positions_at(words) == places.astype(np.uint32)  # of a place the lower half is left
        else:
            words = _words_with(positions_at, places.astype(np.uint32), starts, counts)
            stands = words >= 0
        kept = stands.nonzero()[0]
        if surface is not None:
            kept = kept[self.posting.surfaces_at(words[kept]) == surface]
        return np.asarray(places[kept])

    def among_few(self, wanted: Sequence[int], surface: int | None) -> list[int]:
        """The same, one after the other, of a term without rises."""
        posting, freqs = self.posting, self.posting.term_freqs
        assert posting.low_positions is not None
        doc_ids, low, last = posting.doc_ids.data, posting.low_positions.data, len(posting.doc_ids) - 1
        rows = [min(bisect_left(doc_ids, place >> UPPER), last) for place in wanted]
        starts = rows if freqs is None else self._few_starts(rows, freqs)
        found = []
        for place, row, start in zip(wanted, rows, starts, strict=True):
            if doc_ids[row] != place >> UPPER:
                continue
            behind = start + (1 if freqs is None else int(freqs[row]))
            word = bisect_left(low, place & LOWER, start, behind)
            if word == behind or low[word] != place & LOWER:
                continue
            if surface is None or posting.few_surfaces_at((word,)) == [surface]:
                found.append(place)
        return found


def _words_with(
    positions_at: Callable[[NDArray[Any]], NDArray[Any]],
    wanted: NDArray[np.uint32],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """For each position that is wanted the word that stands there, -1 for none, of `counts[i]` words from `starts[i]`
    on: a binary search for all at once, but for those that are once in a document, as most are."""
    words = np.where(positions_at(starts) == wanted, starts, -1)
    several = (counts > 1).nonzero()[0]
    if not len(several):
        return words
    wanted, starts, counts = wanted[several], starts[several], counts[several]
    last = starts + counts - 1
    # steps of halving length, each taken where all that it passes over is before the wanted position
    for step in reversed(range(int(counts.max()).bit_length())):
        passed = np.minimum(starts + ((1 << step) - 1), last)
        starts = np.where(positions_at(passed) < wanted, passed + 1, starts)
    starts = np.minimum(starts, last)
    words[several] = np.where(positions_at(starts) == wanted, starts, -1)
    return words


def _starts(rows: NDArray[np.intp], freqs: NDArray[Any]) -> NDArray[np.int64]:
    """The sum of the frequencies before each row (ascending)."""
    edges = np.concatenate(([0], rows))
    sums = np.add.reduceat(freqs, edges, dtype=np.int64)[:-1]
    sums[edges[1:] == edges[:-1]] = 0  # `reduceat` gives the element where there is nothing to add
    return sums.cumsum()


_BLOCK = 16
_SOON = 50_000
"""Frequencies up to which all are added up, and the sums kept: the next search with the word needs them again."""
_OF_ONE = 600
"""Frequencies that are added up in the time that it takes to find the sum before one from those of blocks."""
_LOOKED_AT = 5000
"""Words that are all looked at in the time that a binary search for some of them takes to begin."""
_FEW = 1000
"""Wanted documents up to which it is not worth while to make all of a term's larger first."""
