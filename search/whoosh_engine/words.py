"""Single words on one segment: which documents have them, with what weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec import BODY
from reportsearch.indexer.codec.container import encoded

from .matches import Matches, either
from .rank import Scoring, weights_of
from .segment import Averages, SearchedSegment
from .term_postings import TermPostings

__all__ = ["documents_with", "exact_freqs", "have_word_above_text", "word_weights"]


def word_weights(
    segment: SearchedSegment,
    fields: Sequence[str],
    terms: Sequence[str],
    surface: str | None,
    scoring: Scoring,
    averages: Averages,
) -> Matches:
    """The documents that have one of the terms in one of the fields, with the sum of the weights.

    With a `surface`, only the words that are written so count.
    """
    weighted = []
    for field, found in _postings(segment, fields, terms):
        doc_ids, freqs = found.doc_ids, found.term_freqs
        if surface is not None:
            doc_ids, freqs = exact_freqs(found, encoded(surface))
        weights = weights_of(scoring, field, doc_ids, freqs, segment.norms(field, scoring, averages))
        weighted.append(Matches(*segment.kept(doc_ids, weights)))
    return either(weighted, segment.count)


def _postings(
    segment: SearchedSegment, fields: Sequence[str], terms: Sequence[str]
) -> Iterator[tuple[str, TermPostings]]:
    for field in fields:
        for term in terms:
            found = segment.postings(field, term)
            if found is not None:
                yield field, found


def have_word_above_text(
    segment: SearchedSegment, terms: Sequence[str], doc_ids: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """bool[n]: which of these documents (ascending) have one of the terms in any searched field but the body."""
    having = np.zeros(len(doc_ids), np.bool_)
    for term in terms:
        for field, found in segment.text_postings(term).items():
            if field != BODY:
                having |= found.rows_of(doc_ids, segment.count)[1]
    return having


def documents_with(segment: SearchedSegment, terms: Sequence[str]) -> int:
    """How many documents have one of the terms in any searched field."""
    lists = [found for term in terms for found in segment.text_postings(term).values()]
    if len(lists) == 1 and segment.live is None:
        return len(lists[0])
    having = np.zeros(segment.count, np.bool_)
    for found in lists:
        having[found.posting.doc_ids] = True
    return int(np.count_nonzero(having if segment.live is None else having & segment.live))


def exact_freqs(found: TermPostings, surface: bytes) -> tuple[NDArray[np.intp], NDArray[Any] | float]:
    """The documents in which the term is written so, and how often."""
    if surface not in found.surfaces:
        return np.empty(0, np.intp), 1.0
    if not found.posting.surface_bits:
        return found.doc_ids, found.term_freqs
    bounds = found.word_bounds
    written_so = found.posting.surfaces() == found.surfaces.index(surface)
    freqs = np.add.reduceat(written_so, bounds[:-1], dtype=np.int64)
    having = freqs > 0
    return found.doc_ids[having], freqs[having]
