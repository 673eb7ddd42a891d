"""One word on one segment: the documents that have it, and what its weights there are made from. No weight is made
before it is asked for: of many documents only a few are worth it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.fields import TEXT_FIELDS

from ..nodes import AnyField
from .matches import NONE
from .rank import Scoring, weights_of
from .segment import Averages, SearchedSegment
from .words import word_weights

__all__ = ["WordList", "list_of"]


class WordList:
    """The living documents that have a word (intp[n], ascending). Their weights are made from term frequencies in one
    field and its norms; without a scoring, `freqs` are the weights themselves."""

    __slots__ = ("doc_ids", "field", "freqs", "norms", "scoring")

    def __init__(
        self,
        doc_ids: NDArray[np.intp],
        freqs: NDArray[Any] | float,
        field: str = "",
        norms: NDArray[np.float64] | float = 1.0,
        scoring: Scoring | None = None,
    ) -> None:
        self.doc_ids = doc_ids
        self.freqs = freqs
        self.field = field
        self.norms = norms
        self.scoring = scoring

    def __len__(self) -> int:
        return len(self.doc_ids)

    def is_like(self, other: WordList) -> bool:
        """Whether the weights of both are made in the same way from what each document has."""
        both_have = isinstance(self.freqs, np.ndarray) and isinstance(other.freqs, np.ndarray)
        return both_have and self.norms is other.norms and self.scoring is other.scoring

    def at(self, rows: NDArray[np.intp], doc_ids: NDArray[np.intp]) -> WordList:
        """The documents in some rows of the list, which are these."""
        freqs = self.freqs.take(rows) if isinstance(self.freqs, np.ndarray) else self.freqs
        return WordList(doc_ids, freqs, self.field, self.norms, self.scoring)

    def only(self, mask: NDArray[np.bool_]) -> WordList:
        """Those that a mask over all documents lets through."""
        rows = mask[self.doc_ids].nonzero()[0]
        return self.at(rows, self.doc_ids[rows])

    def weights(self) -> NDArray[np.float64]:
        """The weight of the word in each document."""
        if self.scoring is None:
            return np.asarray(self.freqs)
        return weights_of(self.scoring, self.field, self.doc_ids, self.freqs, self.norms)


def list_of(segment: SearchedSegment, word: AnyField, scoring: Scoring, averages: Averages) -> WordList:
    """The list of a word in all searched fields."""
    found = [each for term in word.terms for each in segment.text_postings(term).items()]
    if not found:
        return WordList(NONE.doc_ids, NONE.scores)
    if len(found) > 1 or word.exact:
        surface = word.surface if word.exact else None
        matches = word_weights(segment, TEXT_FIELDS, word.terms, surface, scoring, averages)
        return WordList(matches.doc_ids, matches.scores)
    ((field, postings),) = found  # as with most words: one term, in the text alone
    norms = segment.norms(field, scoring, averages)
    words = WordList(postings.doc_ids, postings.term_freqs, field, norms, scoring)
    return words if segment.live is None else words.only(segment.live)
