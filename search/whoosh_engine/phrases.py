"""Phrases on one segment: words that stand one behind the other in a field.

Each word of a document becomes one number, its document above and its place, less its place in the phrase, below. Where
the phrase stands, all of its words have the same number, so a phrase is an intersection of sorted arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import concatenated_ranges

from .matches import places_in
from .segment import SearchedSegment, TermPostings

__all__ = ["PhraseWord", "phrase_places"]

_DOCUMENT = np.int64(32)
_PLACE = np.int64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class PhraseWord:
    """One word of a phrase: its terms (one for each language), and how it must be written; None for any inflection."""

    terms: tuple[bytes, ...]
    surface: bytes | None


def phrase_places(
    segment: SearchedSegment, field: str, words: Sequence[PhraseWord], within: NDArray[np.intp] | None = None
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Where the phrase begins: documents (intp[n], ascending), and the number of its first word in each.

    With `within`, only these documents (ascending) are looked at.
    """
    candidates = [_candidates(segment, field, word) for word in words]
    if not all(candidates):
        return np.empty(0, np.intp), np.empty(0, np.int64)
    doc_ids = _common_documents(candidates, within)
    order = sorted(range(len(words)), key=lambda place: sum(len(found.doc_ids) for found, _ in candidates[place]))
    keys: NDArray[np.int64] | None = None
    for place in order:
        found_keys = np.concatenate(
            [_keys(found, ordinal, doc_ids, len(words) - place) for found, ordinal in candidates[place]]
        )
        if len(candidates[place]) > 1:
            found_keys.sort()
        keys = found_keys if keys is None else keys[_is_in(keys, found_keys)]
        if not len(keys):
            break
    assert keys is not None
    return doc_ids[keys >> _DOCUMENT], (keys & _PLACE) - len(words)


def _candidates(segment: SearchedSegment, field: str, word: PhraseWord) -> list[tuple[TermPostings, int | None]]:
    """The postings of each of a word's terms, and which surface of it counts (None: every one)."""
    candidates: list[tuple[TermPostings, int | None]] = []
    for term in word.terms:
        found = segment.postings(field, term)
        if found is None or (word.surface is not None and word.surface not in found.surfaces):
            continue
        every = word.surface is None or found.posting.surfaces is None
        candidates.append((found, None if every else found.surfaces.index(word.surface or b"")))
    return candidates


def _common_documents(
    candidates: Sequence[Sequence[tuple[TermPostings, int | None]]], within: NDArray[np.intp] | None
) -> NDArray[np.intp]:
    """The documents that have all words."""
    lists = [
        found[0][0].doc_ids if len(found) == 1 else np.unique(np.concatenate([each.doc_ids for each, _ in found]))
        for found in candidates
    ]
    lists.sort(key=len)
    common = lists[0] if within is None else within
    for doc_ids in lists if within is not None else lists[1:]:
        _, found = places_in(doc_ids, common)
        common = common[found]
    return common


def _keys(found: TermPostings, ordinal: int | None, doc_ids: NDArray[np.intp], shift: int) -> NDArray[np.int64]:
    """int64[n], ascending: each of the term's words in these documents, by number of document and place + shift."""
    places, has = places_in(found.doc_ids, doc_ids)
    bounds = found.word_bounds()
    rows = places[has]
    counts = bounds[rows + 1] - bounds[rows]
    words = concatenated_ranges(bounds[rows], counts)
    documents = np.repeat(np.flatnonzero(has), counts)
    if ordinal is not None and found.posting.surfaces is not None:
        written_so = found.posting.surfaces[words] == ordinal
        words, documents = words[written_so], documents[written_so]
    return (documents << _DOCUMENT) + (found.posting.positions_at(words).astype(np.int64) + shift)


def _is_in(keys: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which keys are among the others, which are ascending."""
    if not len(others):
        return np.zeros(len(keys), np.bool_)
    places = np.minimum(np.searchsorted(others, keys), len(others) - 1)
    return np.equal(others[places], keys)
