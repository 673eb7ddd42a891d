"""Phrases on one segment: words that stand one behind the other in a field.

Where the word with the rarest stem stands, the phrase may be. Each other word, rarest first, is looked for at its
distance from there, for all of these places at once, and those where it does not stand go. A place beyond the edges of
a document is no word's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.container import encoded
from reportsearch.indexer.codec.ranges import distinct

from ..nodes import AnyField, PhraseInAnyField
from .places import in_both
from .segment import SearchedSegment
from .term_postings import TermPostings

__all__ = ["phrase_places"]


def phrase_places(segment: SearchedSegment, phrase: PhraseInAnyField) -> Mapping[str, NDArray[np.int64]]:
    """The places (int64[n], ascending; see `places`) where the phrase begins, of each field that has it. It is looked
    for once, for ranking and for snippets."""
    known = segment.phrases.find(phrase.key)
    if known is not None:
        return known
    found = {}
    words = [_candidates(part, segment) for part in phrase.parts]
    for field in words[0] if words else ():
        of_words = [of_fields[field] for of_fields in words if field in of_fields]
        if len(of_words) == len(words):
            places = _found(of_words, segment)
            if len(places):
                found[field] = places
    return segment.phrases.keep(phrase.key, found, sum(map(len, found.values())))


def _candidates(word: AnyField, segment: SearchedSegment) -> Mapping[str, list[_Candidate]]:
    """What can be the word in each field that has it."""
    found: dict[str, list[_Candidate]] = {}
    written = encoded(word.surface)
    for term in word.terms:
        for field, postings in segment.text_postings(term).items():
            surface = None
            if word.exact:
                surfaces = postings.surfaces
                if written not in surfaces:
                    continue
                if len(surfaces) > 1:
                    surface = surfaces.index(written)
            found.setdefault(field, []).append((postings, surface))
    return found


_Candidate = tuple[TermPostings, int | None]
"""A term of a word of the phrase, and the number of the surface that counts (None: every one)."""


def _found(words: Sequence[Sequence[_Candidate]], segment: SearchedSegment) -> NDArray[np.int64]:
    """Where the phrase begins in a field; each word has candidates."""
    occurrences = [sum([postings.posting.occurrences for postings, _ in candidates]) for candidates in words]
    number, *others = sorted(range(len(words)), key=occurrences.__getitem__)
    places = _together([segment.places(*candidate) for candidate in words[number]])
    if len(places) and places[0] < number:  # before the first word of all there are no places
        places = places[places.searchsorted(number) :]
    for other in others:
        if not len(places):
            break
        wanted = places + (other - number)
        places = _together([_standing(candidate, wanted, segment) for candidate in words[other]])
        number = other
    return places - number


def _standing(candidate: _Candidate, wanted: NDArray[np.int64], segment: SearchedSegment) -> NDArray[np.int64]:
    """Those of the wanted places (ascending) at which the word stands."""
    postings, surface = candidate
    places = segment.known_places(postings, surface, len(wanted))
    if places is not None:
        return in_both(wanted, places)
    if len(wanted) <= _FEW and postings.posting.rises is None:
        return np.array(postings.among_few(wanted.tolist(), surface), np.int64)
    return postings.among(wanted, surface, segment.count)


_FEW = 12
"""Places that are looked for one after the other in the time that it takes to look for all at once."""


def _together(places: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """All of these places, each once, ascending."""
    return places[0] if len(places) == 1 else distinct(np.concatenate(places))
