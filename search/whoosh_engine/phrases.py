"""Phrases on one segment: words that stand one behind the other in a field.

The places of the rarest word, in documents that have the second rarest too, are the candidates. Each other word, rarest
first, is looked for where it must stand: most words are once in a document, and for the others there is a binary search
in their places there, for all candidates at once. Candidates without it go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import concatenated_ranges
from reportsearch.indexer.fields import TEXT_FIELDS

from .segment import SearchedSegment, TermPostings

__all__ = ["PhraseWord", "Places", "fields_with", "phrase_places"]


class PhraseWord(NamedTuple):
    """One word of a phrase: its terms (one for each language), and how it must be written; None for any inflection."""

    terms: tuple[bytes, ...]
    surface: bytes | None


class Places(NamedTuple):
    """Where a phrase begins: documents (intp[n], ascending), and the number of its first word in each (int32[n],
    ascending within one)."""

    documents: NDArray[np.intp]
    starts: NDArray[np.int32]

    def within(self, doc_ids: NDArray[np.intp]) -> Places:
        """Those in some documents, ascending, numbered as they are there."""
        firsts, behind = self.documents.searchsorted(doc_ids), self.documents.searchsorted(doc_ids, "right")
        starts = [self.starts[first:last] for first, last in zip(firsts.tolist(), behind.tolist(), strict=True)]
        return Places(np.arange(len(doc_ids)).repeat(behind - firsts), np.concatenate([self.starts[:0], *starts]))


def fields_with(segment: SearchedSegment, words: Sequence[PhraseWord]) -> list[str]:
    """The fields that have all words of a phrase somewhere."""
    of_words = [[segment.text_postings(term) for term in word.terms] for word in words]
    return [field for field in TEXT_FIELDS if all(any(field in each for each in of_word) for of_word in of_words)]


def phrase_places(segment: SearchedSegment, field: str, words: Sequence[PhraseWord]) -> Places:
    """Where the phrase begins in a field. It is looked for once, for ranking and for snippets."""
    key = (field, *words)
    known = segment.phrases.find(key)
    if known is not None:
        return known
    found = _found(segment, field, words)
    return segment.phrases.keep(key, found) if len(found.documents) <= _MOST_KEPT else found


_MOST_KEPT = 100_000
"""Places of one phrase, a megabyte; of more, memory is dearer than time."""


def _found(segment: SearchedSegment, field: str, words: Sequence[PhraseWord]) -> Places:
    of_words = []
    for word in words:
        candidates = _candidates(segment, field, word)
        if not candidates:
            return _NONE
        of_words.append(candidates)
    first, *others = sorted(range(len(words)), key=lambda place: sum([each.occurrences for each in of_words[place]]))
    lead = _lead(of_words[first], of_words[others[0]] if others else None, segment.count)
    rows = lead.rows
    doc_ids, starts = lead.doc_ids, lead.places - np.int32(first)
    for place in others:
        if not len(starts):
            break
        stands = _stand_at(of_words[place], segment.count, doc_ids, starts + np.int32(place), rows)
        doc_ids, starts, rows = doc_ids[stands], starts[stands], None
    return Places(doc_ids.astype(np.intp), starts)


_NONE = Places(np.empty(0, np.intp), np.empty(0, np.int32))


class _Candidate(NamedTuple):
    """One term of a word of the phrase, and which of its surfaces counts (None: every one)."""

    postings: TermPostings
    surface: int | None

    @property
    def occurrences(self) -> int:
        return self.postings.posting.occurrences

    @property
    def is_long(self) -> NDArray[np.bool_]:
        """bool[df]: whether a document has so many words that positions need more than their lower half."""
        long = np.zeros(len(self.postings), np.bool_)
        rises = self.postings.posting.rises
        if rises is not None:
            long[np.searchsorted(self.postings.word_bounds, rises.firsts, "right") - 1] = True
        return long

    def are_written_so(self, words: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[n]: which of these words of the term count."""
        if self.surface is None:
            return np.ones(len(words), np.bool_)
        return np.asarray(self.postings.posting.surfaces_at(words) == self.surface)

    def low_positions_at(self, words: NDArray[Any]) -> NDArray[Any]:
        """As `positions_at`, in documents that are not long; of what is behind the last one, any."""
        low = self.postings.posting.low_positions
        assert low is not None
        return low.take(words, mode="clip")

    def positions_at(self, words: NDArray[Any]) -> NDArray[Any]:
        """The positions of some of the term's words; behind the last one, its own."""
        return self.postings.posting.positions_at(np.minimum(words, self.occurrences - 1))


def _candidates(segment: SearchedSegment, field: str, word: PhraseWord) -> list[_Candidate]:
    candidates = []
    for term in word.terms:
        found = segment.text_postings(term).get(field)
        if found is None:
            continue
        surface = None
        if word.surface is not None:
            surfaces = found.surfaces
            if word.surface not in surfaces:
                continue
            surface = surfaces.index(word.surface) if found.posting.surface_bits else None
        candidates.append(_Candidate(found, surface))
    return candidates


class _Lead(NamedTuple):
    """Where the rarest word stands: `doc_ids` (ascending) and `places` (int32), one for each occurrence; and `rows`, in
    which row of the second rarest word's only candidate that document is, where it has one."""

    doc_ids: NDArray[Any]
    places: NDArray[np.int32]
    rows: NDArray[np.intp] | None


def _lead(rarest: Sequence[_Candidate], second: Sequence[_Candidate] | None, count: int) -> _Lead:
    """The rarest word in documents, of a segment of so many, that have the second rarest."""
    if len(rarest) == 1 and second is not None and len(second) == 1:
        return _standing(rarest[0], *rarest[0].postings.rows_in_common(second[0].postings, count))
    found = [_standing(candidate, _rows_with(candidate, second, count)) for candidate in rarest]
    if len(found) == 1:
        return found[0]
    doc_ids = np.concatenate([each.doc_ids for each in found])
    places = np.concatenate([each.places for each in found])
    order = np.lexsort((places, doc_ids))
    return _Lead(doc_ids[order], places[order], None)


def _rows_with(candidate: _Candidate, others: Sequence[_Candidate] | None, count: int) -> NDArray[np.intp]:
    """The rows of the term in which any of the others is too."""
    if others is None:
        return np.arange(len(candidate.postings))
    doc_ids = candidate.postings.doc_ids
    return reduce(np.logical_or, [other.postings.rows_of(doc_ids, count)[1] for other in others]).nonzero()[0]


def _standing(candidate: _Candidate, rows: NDArray[np.intp], others: NDArray[np.intp] | None = None) -> _Lead:
    """Where a term stands in documents that are in these rows of it, and in those of another."""
    postings = candidate.postings
    doc_ids = postings.posting.doc_ids[rows]
    words, counts = postings.words_at(rows)
    if postings.posting.term_freqs is not None:
        words = concatenated_ranges(words, counts)
        if len(words) > len(rows):
            doc_ids = doc_ids.repeat(counts)
            others = None if others is None else others.repeat(counts)
    if candidate.surface is not None:
        chosen = candidate.are_written_so(words).nonzero()[0]
        words, doc_ids = words[chosen], doc_ids[chosen]
        others = None if others is None else others[chosen]
    return _Lead(doc_ids, postings.posting.positions_in_order(words).astype(np.int32), others)


def _stand_at(
    candidates: Sequence[_Candidate],
    count: int,
    doc_ids: NDArray[Any],
    wanted: NDArray[np.int32],
    rows: NDArray[np.intp] | None,
) -> NDArray[np.bool_]:
    """bool[n]: whether a word stands at these places of these documents; `rows` are theirs, where they are known."""
    if rows is not None:
        return _stands_in(candidates[0], rows, wanted)
    stands = np.zeros(len(wanted), np.bool_)
    for candidate in candidates:
        rows, has = candidate.postings.rows_of(doc_ids, count)
        having = has.nonzero()[0]
        if len(having) == len(wanted):
            stands |= _stands_in(candidate, rows, wanted)
        elif len(having):
            stands[having] |= _stands_in(candidate, rows[having], wanted[having])
    return stands


def _stands_in(candidate: _Candidate, rows: NDArray[np.intp], wanted: NDArray[np.int32]) -> NDArray[np.bool_]:
    """bool[n]: whether a term stands at these places of the documents in these rows of it (ascending)."""
    posting = candidate.postings.posting
    starts, counts = candidate.postings.words_at(rows)
    words = starts.copy()
    if posting.rises is not None:
        words = _found_in_long(candidate, rows, starts, counts, wanted)
        stands = words >= 0
    else:
        low = posting.low_positions
        assert low is not None
        stands = low[starts] == wanted
        if posting.term_freqs is not None:
            several = (counts > 1).nonzero()[0]
            if len(several):
                of_these = starts[several], counts[several], wanted[several]
                few = len(several) <= _FEW
                found = _few_found(low, *of_these) if few else _found_in(candidate.low_positions_at, *of_these)
                words[several] = found
                stands[several] = found >= 0
    if candidate.surface is not None:
        standing = stands.nonzero()[0]
        stands[standing] = candidate.are_written_so(words[standing])
    return np.asarray(stands)


_FEW, _MANY = 24, 1000
"""Places that are looked for one by one; and from how many on it is worth while to make their numbers narrower."""


def _few_found(
    low: NDArray[Any], starts: NDArray[np.int64], counts: NDArray[np.int64], wanted: NDArray[np.int32]
) -> NDArray[np.int64]:
    """For each place that is wanted the word that stands there, -1 for none, of `counts[i]` words from `starts[i]` on;
    `low` are the positions of all."""
    found = []
    for start, count, place in zip(starts.tolist(), counts.tolist(), wanted.tolist(), strict=True):
        positions = low[start : start + count].tolist()
        found.append(start + positions.index(place) if place in positions else -1)
    return np.array(found)


def _found_in(
    positions_at: Callable[[NDArray[Any]], NDArray[Any]],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    wanted: NDArray[np.int32],
) -> NDArray[np.int64]:
    """As `_few_found`, of many places; `positions_at` gives positions of some words, of what is behind the last one
    any."""
    at, ends = starts.copy(), starts + counts
    possible: NDArray[np.bool_] | bool = True
    if len(wanted) > _MANY:  # numbers of two types take twice as long to compare
        narrow = positions_at(at[:1]).dtype
        possible = (wanted >= 0) & (wanted <= np.iinfo(narrow).max)
        wanted = wanted.astype(narrow)
    # steps of halving length, each taken where all that it passes over is before the wanted place
    for step in reversed(range(int(counts.max()).bit_length())):
        last = at + ((1 << step) - 1)
        passes = positions_at(last) < wanted
        passes &= last < ends
        at += passes.astype(np.int64) << step
    found = np.minimum(at, ends - 1)
    return np.where(possible & (at < ends) & (positions_at(found) == wanted), found, -1)


def _found_in_long(
    candidate: _Candidate,
    rows: NDArray[np.intp],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    wanted: NDArray[np.int32],
) -> NDArray[np.int64]:
    """As `_found_in`, for a term that is in documents of more words than its narrow positions can say."""
    found = np.full(len(wanted), -1)
    long = candidate.is_long[rows]
    for chosen, positions_at in ((~long, candidate.low_positions_at), (long, candidate.positions_at)):
        if chosen.any():
            found[chosen] = _found_in(positions_at, starts[chosen], counts[chosen], wanted[chosen])
    return found
