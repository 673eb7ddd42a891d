"""Single words on one segment: which documents have them, with what weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .matches import NONE, Matches, added
from .rank import Scoring
from .segment import Averages, SearchedSegment, TermPostings

__all__ = ["exact_freqs", "word_weights"]


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
    total = NONE
    for field, found in _postings(segment, fields, terms):
        doc_ids, freqs = found.doc_ids, found.term_freqs
        if surface is not None:
            doc_ids, freqs = exact_freqs(found, surface.encode("utf-8", "surrogatepass"))
        norms = segment.norms(field, scoring, averages.of(field))
        of_docs = norms[doc_ids] if isinstance(norms, np.ndarray) else norms
        weights = np.broadcast_to(scoring.weights(field, freqs, of_docs), doc_ids.shape)
        doc_ids, weights = segment.kept(doc_ids, weights)
        total = added(total, Matches(doc_ids, weights))
    return total


def _postings(
    segment: SearchedSegment, fields: Sequence[str], terms: Sequence[str]
) -> Iterator[tuple[str, TermPostings]]:
    encoded = [term.encode("utf-8", "surrogatepass") for term in terms]
    for field in fields:
        for term in encoded:
            found = segment.postings(field, term)
            if found is not None:
                yield field, found


def exact_freqs(found: TermPostings, surface: bytes) -> tuple[NDArray[np.intp], NDArray[Any] | float]:
    """The documents in which the term is written so, and how often."""
    if surface not in found.surfaces:
        return np.empty(0, np.intp), 1.0
    if found.posting.surfaces is None:
        return found.doc_ids, found.term_freqs
    written_so = found.posting.surfaces == found.surfaces.index(surface)
    freqs = np.add.reduceat(written_so, found.word_bounds()[:-1], dtype=np.int64)
    having = freqs > 0
    return found.doc_ids[having], freqs[having]
