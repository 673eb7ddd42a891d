"""Phrases on one segment: words that stand one behind the other in a field.

The places of the rarest word, in documents that have the second rarest too, are the candidates. Each other word, rarest
first, is looked for where it must stand: most words are once in a document, and for the others there is a binary search
in their places there, for all candidates at once. Candidates without it go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.container import encoded
from reportsearch.indexer.codec.postings import Posting
from reportsearch.indexer.fields import TEXT_FIELDS

from ..nodes import AnyField, PhraseInAnyField
from .segment import SearchedSegment, TermPostings

__all__ = ["Places", "phrase_places"]


class Places(NamedTuple):
    """Where a phrase begins: documents (intp[n], ascending), and the number of its first word in each (int64[n],
    ascending within one)."""

    documents: NDArray[np.intp]
    starts: NDArray[np.int64]

    def within(self, doc_ids: NDArray[np.intp]) -> list[NDArray[np.int64]]:
        """The numbers of the first words in each of some documents, ascending."""
        firsts, behind = self.documents.searchsorted(doc_ids), self.documents.searchsorted(doc_ids, "right")
        return [self.starts[first:last] for first, last in zip(firsts.tolist(), behind.tolist(), strict=True)]


def phrase_places(segment: SearchedSegment, phrase: PhraseInAnyField) -> Mapping[str, Places]:
    """Where the phrase begins in each field that has it. It is looked for once, for ranking and for snippets."""
    key = tuple([(part.terms, part.exact and part.surface) for part in phrase.parts])
    known = segment.phrases.find(key)
    if known is not None:
        return known
    found = {}
    postings = [[segment.text_postings(term) for term in part.terms] for part in phrase.parts]
    for field in TEXT_FIELDS:
        of_words = _of_words(phrase.parts, postings, field)
        if of_words:
            places = _found(of_words, segment.count)
            if len(places.documents):
                found[field] = places
    return segment.phrases.keep(key, found, sum([len(places.documents) for places in found.values()]))


def _of_words(
    words: Sequence[AnyField], postings: Sequence[Sequence[Mapping[str, TermPostings]]], field: str
) -> list[list[_Candidate]]:
    """What can be each word in a field, of the postings of its terms; [] where there is nothing for one."""
    of_words = []
    for word, of_terms in zip(words, postings, strict=True):
        candidates = [
            candidate for of_term in of_terms if field in of_term and (candidate := _candidate(word, of_term[field]))
        ]
        if not candidates:
            return []
        of_words.append(candidates)
    return of_words


def _candidate(word: AnyField, postings: TermPostings) -> _Candidate | None:
    """The postings for a word that is to be written as it is, if it is exact; None where it never is."""
    if not word.exact:
        return _Candidate(postings, None)
    surface, surfaces = encoded(word.surface), postings.surfaces
    if surface not in surfaces:
        return None
    return _Candidate(postings, surfaces.index(surface) if len(surfaces) > 1 else None)


def _found(of_words: Sequence[Sequence[_Candidate]], count: int) -> Places:
    """Where the phrase begins in a field, of a segment of so many documents; each word has candidates."""
    first, *others = sorted(range(len(of_words)), key=lambda place: sum([each.occurrences for each in of_words[place]]))
    lead = _lead(of_words[first], of_words[others[0]] if others else None, count)
    doc_ids, starts, words, rows = lead.doc_ids, lead.places - first, lead.words, lead.rows
    for place in others:
        if not len(starts):
            break
        stands = _stand_at(of_words[place], count, doc_ids, starts + place, rows).nonzero()[0]
        doc_ids, starts, words, rows = doc_ids[stands], starts[stands], words[stands], None
    if len(of_words[first]) == 1 and len(starts):
        chosen = of_words[first][0].are_written_so(words)
        doc_ids, starts = doc_ids[chosen], starts[chosen]
    return Places(doc_ids.astype(np.intp), starts)


class _Candidate(NamedTuple):
    """One term of a word of the phrase, and which of its surfaces counts (None: every one)."""

    postings: TermPostings
    surface: int | None

    @property
    def occurrences(self) -> int:
        return self.postings.posting.occurrences

    def are_written_so(self, words: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[n]: which of these words of the term count."""
        posting = self.postings.posting
        if self.surface is None:
            return np.ones(len(words), np.bool_)
        if len(words) <= _FEW:
            return np.array([surface == self.surface for surface in posting.few_surfaces_at(words.tolist())], np.bool_)
        return np.asarray(posting.surfaces_at(words) == self.surface)


class _Lead(NamedTuple):
    """Where the rarest word stands: `doc_ids` (ascending), `places` (int64), and `words`, which of the term's words it
    is; and `rows`, in which row of the second rarest word's only candidate that document is, where it has one."""

    doc_ids: NDArray[Any]
    places: NDArray[np.int64]
    words: NDArray[np.intp]
    rows: NDArray[np.intp] | None


def _lead(rarest: Sequence[_Candidate], second: Sequence[_Candidate] | None, count: int) -> _Lead:
    """The rarest word in documents, of a segment of so many, that have the second rarest. Which surface it has is left
    open where it has one candidate."""
    leads = [_in_common(candidate, second, count) for candidate in rarest]
    if len(leads) == 1:
        return leads[0]
    written_so = [candidate.are_written_so(lead.words) for candidate, lead in zip(rarest, leads, strict=True)]
    columns = [
        (lead.doc_ids[chosen], lead.places[chosen], lead.words[chosen])
        for lead, chosen in zip(leads, written_so, strict=True)
    ]
    doc_ids, places, words = map(np.concatenate, zip(*columns, strict=True))
    order = np.lexsort((places, doc_ids))
    return _Lead(doc_ids[order], places[order], words[order], None)


def _in_common(candidate: _Candidate, others: Sequence[_Candidate] | None, count: int) -> _Lead:
    """Where a term stands in documents that have any of the others too."""
    posting = candidate.postings.posting
    in_others = [other.postings.rows_of(posting.doc_ids, count) for other in others or ()]
    found = (
        reduce(np.logical_or, [has for _, has in in_others]) if in_others else np.ones(len(posting.doc_ids), np.bool_)
    )
    if posting.term_freqs is None:
        words = owners = found.nonzero()[0]
    else:
        words = found.repeat(posting.term_freqs).nonzero()[0]
        owners = np.arange(len(found)).repeat(posting.term_freqs)[words]
    places = posting.positions_in_order(words).astype(np.int64)
    return _Lead(posting.doc_ids[owners], places, words, in_others[0][0][owners] if len(in_others) == 1 else None)


def _stand_at(
    candidates: Sequence[_Candidate],
    count: int,
    doc_ids: NDArray[Any],
    wanted: NDArray[np.int64],
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


def _stands_in(candidate: _Candidate, rows: NDArray[np.intp], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool[n]: whether a term stands at these places of the documents in these rows of it (ascending)."""
    posting = candidate.postings.posting
    starts, counts = candidate.postings.words_at(rows)
    if posting.rises is not None and (long := posting.rises.are_among(starts, counts)).any():
        words = np.full(len(wanted), -1)
        words[long] = _found_in(posting.positions_at, starts[long], counts[long], wanted[long])
        words[~long] = _words_at(posting, starts[~long], counts[~long], wanted[~long])
    else:
        words = _words_at(posting, starts, counts, wanted)
    stands = words >= 0
    if candidate.surface is not None:
        standing = stands.nonzero()[0]
        stands[standing] = candidate.are_written_so(words[standing])
    return np.asarray(stands)


def _words_at(
    posting: Posting, starts: NDArray[np.int64], counts: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each place that is wanted the word that stands there, -1 for none, of `counts[i]` words from `starts[i]` on;
    in documents whose positions need no more than their lower half."""
    low = posting.low_positions
    assert low is not None
    if len(wanted) <= _FEW:
        return _few_found(low, starts, counts, wanted)
    found = np.where(low[starts] == wanted, starts, -1)  # most words are once in a document
    several = (counts > 1).nonzero()[0]
    of_these = starts[several], counts[several], wanted[several]
    found[several] = _few_found(low, *of_these) if len(several) <= _FEW else _found_in(low.take, *of_these)
    return found


_FEW, _MANY = 24, 1000
"""Places that are looked for one by one; and from how many on it is worth while to make their numbers narrower."""


def _few_found(
    low: NDArray[Any], starts: NDArray[np.int64], counts: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """As `_words_at`, one after the other."""
    found = []
    for start, count, place in zip(starts.tolist(), counts.tolist(), wanted.tolist(), strict=True):
        positions = low[start : start + count].tolist()
        found.append(start + positions.index(place) if place in positions else -1)
    return np.array(found, np.int64)


def _found_in(
    positions_at: Callable[[NDArray[Any]], NDArray[Any]],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> NDArray[np.int64]:
    """As `_words_at`, by a search for all at once; `positions_at` gives the positions of some words."""
    at, last = starts.copy(), starts + counts - 1
    possible: NDArray[np.bool_] | bool = True
    if len(wanted) > _MANY:  # numbers of two types take twice as long to compare
        narrow = positions_at(at[:1]).dtype
        possible = (wanted >= 0) & (wanted <= np.iinfo(narrow).max)
        wanted = wanted.astype(narrow)
    # steps of halving length, each taken where all that it passes over is before the wanted place
    for step in reversed(range(int(counts.max()).bit_length())):
        passes = positions_at(np.minimum(at + ((1 << step) - 1), last)) < wanted
        at += passes * np.int64(1 << step)
    found = np.minimum(at, last)
    return np.where(possible & (positions_at(found) == wanted), found, -1)
