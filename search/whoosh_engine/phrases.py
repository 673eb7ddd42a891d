"""Phrases on one segment: words that stand one behind the other in a field.

The places of the rarest word, in documents that have the second rarest too, are the candidates. Each other word, rarest
first, is looked for where it must stand, by a binary search in its own places of that document, for all candidates at
once; those without it go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import concatenated_ranges, distinct, first_in_each, lengths_of

from .matches import in_all
from .segment import SearchedSegment, TermPostings

__all__ = ["PhraseWord", "Places", "phrase_places"]


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
        firsts = self.documents.searchsorted(doc_ids)
        counts = self.documents.searchsorted(doc_ids, "right") - firsts
        return Places(np.arange(len(doc_ids)).repeat(counts), self.starts[concatenated_ranges(firsts, counts)])


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
    candidates = []
    for word in words:
        of_word = _candidates(segment, field, word)
        if not of_word:
            return _NONE
        candidates.append(of_word)
    order = sorted(range(len(words)), key=lambda place: sum(each.occurrences for each in candidates[place]))
    common = _common_documents([candidates[place] for place in order[:2]], segment.count)
    documents, places = _places(candidates[order[0]], common, segment.count)
    starts = places - np.int32(order[0])
    for place in order[1:]:
        if not len(starts):
            break
        if len(starts) < len(common):
            common, documents = _without_unused(common, documents)
        stands = np.zeros(len(starts), np.bool_)
        for candidate in candidates[place]:
            stands |= _stands_at(candidate, common, segment.count, documents, starts + np.int32(place))
        documents, starts = documents[stands], starts[stands]
    return Places(common[documents], starts)


_NONE = Places(np.empty(0, np.intp), np.empty(0, np.int32))


class _Candidate(NamedTuple):
    """One term of a word of the phrase, and which of its surfaces counts (None: every one)."""

    postings: TermPostings
    surface: int | None

    @property
    def occurrences(self) -> int:
        return int(self.postings.lexicon.occurrences[self.postings.number])

    @property
    def is_long(self) -> NDArray[np.bool_]:
        """bool[df]: whether a document has so many words that positions need more than their lower half."""
        long = np.zeros(len(self.postings), np.bool_)
        rises = self.postings.posting.rises
        if rises is not None:
            long[np.searchsorted(self.postings.word_bounds, rises.firsts, "right") - 1] = True
        return long

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
        found = segment.postings(field, term)
        if found is None or (word.surface is not None and word.surface not in found.surfaces):
            continue
        every = word.surface is None or not found.posting.surface_bits
        surface = None if every else found.surfaces.index(word.surface or b"")
        candidates.append(_Candidate(found, surface))
    return candidates


def _common_documents(candidates: Sequence[Sequence[_Candidate]], count: int) -> NDArray[np.intp]:
    """The documents, of a segment of so many, that have all words."""
    lists = [
        of_word[0].postings.doc_ids
        if len(of_word) == 1
        else distinct(np.concatenate([each.postings.doc_ids for each in of_word]))
        for of_word in candidates
    ]
    return in_all(lists, count)


def _without_unused(common: NDArray[np.intp], documents: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The common documents without those that are not among `documents` (ascending), which are numbered anew."""
    firsts = first_in_each(documents)
    return common[documents[firsts]], np.arange(len(firsts)).repeat(lengths_of(firsts, len(documents)))


def _places(
    candidates: Sequence[_Candidate], common: NDArray[np.intp], count: int
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Where a word stands in these documents: the number of the document among them, and of the word; ascending."""
    documents, places = [], []
    for candidate in candidates:
        rows, has = candidate.postings.rows_of(common, count)
        starts, counts = candidate.postings.words_at(rows[has])
        words = concatenated_ranges(starts, counts)
        of_word = has.nonzero()[0].repeat(counts)
        if candidate.surface is not None:
            written_so = candidate.postings.posting.surfaces_at(words) == candidate.surface
            words, of_word = words[written_so], of_word[written_so]
        documents.append(of_word)
        places.append(candidate.postings.posting.positions_in_order(words).astype(np.int32))
    if len(documents) == 1:
        return documents[0], places[0]
    all_documents, all_places = np.concatenate(documents), np.concatenate(places)
    order = np.lexsort((all_places, all_documents))
    return all_documents[order], all_places[order]


def _stands_at(
    candidate: _Candidate,
    common: NDArray[np.intp],
    count: int,
    documents: NDArray[np.intp],
    wanted: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """bool[n]: whether the word stands at these places of these documents, numbered as in `common`."""
    rows, has = candidate.postings.rows_of(common, count)
    starts, counts = candidate.postings.words_at(rows[has])
    if not has.all():
        starts, counts = _spread(starts, has), _spread(counts, has)
    starts, ends = starts[documents], (starts + counts)[documents]
    if candidate.postings.posting.rises is None:
        if len(wanted) <= _FEW:
            return _few_found(candidate, starts, ends, wanted)
        return _found_in(candidate, starts, ends, wanted, candidate.low_positions_at)
    stands = np.zeros(len(documents), np.bool_)
    long = has.copy()
    long[has] = candidate.is_long[rows[has]]
    for of_documents, positions_at in ((has & ~long, candidate.low_positions_at), (long, candidate.positions_at)):
        chosen = of_documents[documents]
        if chosen.any():
            stands[chosen] = _found_in(candidate, starts[chosen], ends[chosen], wanted[chosen], positions_at)
    return stands


def _spread(values: NDArray[np.int64], places: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The values at these places, 0 at all others."""
    spread = np.zeros(len(places), np.int64)
    spread[places] = values
    return spread


_FEW, _MANY = 24, 1000
"""Places that are looked for one by one; and from how many on it is worth while to make their numbers narrower."""


def _few_found(
    candidate: _Candidate, starts: NDArray[np.int64], ends: NDArray[np.int64], wanted: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """As `_found_in`, of a few places in documents that are not long."""
    low = candidate.postings.posting.low_positions
    assert low is not None
    found = []
    for start, end, place in zip(starts.tolist(), ends.tolist(), wanted.tolist(), strict=True):
        positions = low[start:end].tolist()
        found.append(start + positions.index(place) if place in positions else -1)
    places = np.array(found)
    stands: NDArray[np.bool_] = places >= 0
    if candidate.surface is not None:
        stands[stands] = candidate.postings.posting.surfaces_at(places[stands]) == candidate.surface
    return stands


def _found_in(
    candidate: _Candidate,
    low: NDArray[np.int64],
    ends: NDArray[np.int64],
    wanted: NDArray[np.int32],
    positions_at: Callable[[NDArray[Any]], NDArray[Any]],
) -> NDArray[np.bool_]:
    """bool[n]: whether the term stands there; `low` and `ends` say which of its words are in the document."""
    low = low.copy()
    possible: NDArray[np.bool_] | bool = True
    if len(wanted) > _MANY:  # numbers of two types take twice as long to compare
        narrow = positions_at(low[:1]).dtype
        possible = (wanted >= 0) & (wanted <= np.iinfo(narrow).max)
        wanted = wanted.astype(narrow)
    # steps of halving length, each taken where all that it passes over is before the wanted place
    for step in reversed(range(int((ends - low).max()).bit_length())):
        last = low + ((1 << step) - 1)
        passes = positions_at(last) < wanted
        passes &= last < ends
        low += passes.astype(np.int64) << step
    found = np.maximum(np.minimum(low, ends - 1), 0)
    stands = possible & (low < ends) & (positions_at(found) == wanted)
    if candidate.surface is not None:
        stands &= candidate.postings.posting.surfaces_at(found) == candidate.surface
    return np.asarray(stands)
