"""A query that is nothing but words, on one segment: where each word is, and which documents are the best.

Of a few words all are meant, and each that a document has raises it above all that have fewer. So where enough
documents have all of them, no other one need be scored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.container import encoded
from reportsearch.indexer.codec.ranges import distinct
from reportsearch.indexer.fields import TEXT_FIELDS

from ..nodes import AnyField
from .matches import NONE, Matches, in_all
from .rank import Scoring, coverage
from .segment import Averages, SearchedSegment
from .topk import best, best_of_scores
from .words import word_weights

__all__ = ["WordLists"]

_MUCH_COMMON = 4
"""What it costs to score a document that has all words, in documents looked through for those that do."""
_SPARSE = 40
"""Documents of a segment for each that has a word, from which on those with a word are sorted, not counted."""


class _WordList:
    """The living documents that have a word (intp[n], ascending), and what its weights there are made from."""

    __slots__ = ("doc_ids", "field", "freqs", "norms", "scoring")

    def __init__(
        self,
        doc_ids: NDArray[np.intp],
        freqs: NDArray[Any] | float,
        field: str = "",
        norms: NDArray[np.float64] | float = 1.0,
        scoring: Scoring | None = None,
    ) -> None:
        """Without a scoring, `freqs` are the weights."""
        self.doc_ids = doc_ids
        self.freqs = freqs
        self.field = field
        self.norms = norms
        self.scoring = scoring

    def __len__(self) -> int:
        return len(self.doc_ids)

    def is_like(self, other: _WordList) -> bool:
        """Whether the weights of both are made in the same way from what each document has."""
        both_have = isinstance(self.freqs, np.ndarray) and isinstance(other.freqs, np.ndarray)
        return both_have and self.norms is other.norms and self.scoring is other.scoring

    def only(self, mask: NDArray[np.bool_]) -> _WordList:
        """Those that a mask over all documents lets through."""
        rows = mask[self.doc_ids].nonzero()[0]
        freqs = self.freqs[rows] if isinstance(self.freqs, np.ndarray) else self.freqs
        return _WordList(self.doc_ids[rows], freqs, self.field, self.norms, self.scoring)

    def among(self, doc_ids: NDArray[np.intp], count: int) -> _WordList:
        """Some of the documents, all of which have the word; of a segment of so many."""
        if not isinstance(self.freqs, np.ndarray):
            return _WordList(doc_ids, self.freqs, self.field, self.norms, self.scoring)
        if len(doc_ids) * 8 < len(self.doc_ids):
            rows = self.doc_ids.searchsorted(doc_ids)
        else:
            table = np.empty(count, np.intp)
            table[self.doc_ids] = np.arange(len(self.doc_ids))
            rows = table[doc_ids]
        return _WordList(doc_ids, self.freqs.take(rows), self.field, self.norms, self.scoring)

    def weights(self) -> NDArray[np.float64]:
        """The weight of the word in each document."""
        if self.scoring is None:
            return np.asarray(self.freqs)
        norms = self.norms.take(self.doc_ids) if isinstance(self.norms, np.ndarray) else self.norms
        weights = self.scoring.weights(self.field, self.freqs, norms)
        return weights if weights.ndim else np.full(len(self.doc_ids), weights)


class WordLists:
    """Several words in the searched fields of one segment."""

    def __init__(
        self, segment: SearchedSegment, words: Sequence[AnyField], scoring: Scoring, averages: Averages
    ) -> None:
        self._count = segment.count
        self._scoring = scoring
        self._lists = [_list_of(segment, word, scoring, averages) for word in words]
        self.counts = list(map(len, self._lists))
        """Living documents that have each word."""
        self._covered = coverage(len(words))

    def filter(self, mask: NDArray[np.bool_] | None) -> None:
        """Leaves out what a mask (bool[documents]) does not let through; `counts` stay as they are."""
        if mask is not None:
            self._lists = [each.only(mask) for each in self._lists]

    @cached_property
    def doc_ids(self) -> NDArray[np.intp]:
        """The documents that have any of the words."""
        if len(self._lists) == 1:
            return self._lists[0].doc_ids
        having = np.zeros(self._count, np.bool_)
        for each in self._lists:
            having[each.doc_ids] = True
        return having.nonzero()[0]

    def best(self, telling: Sequence[float], count: int) -> Matches:
        """The best documents, so many; `telling` is each word's idf."""
        if len(self._lists) == 1:
            (words,) = self._lists
            return best(Matches(words.doc_ids, self._scoring.scores(words.weights(), telling[0])), count)
        if self._covered and self._are_few_common():
            common = in_all([each.doc_ids for each in self._lists], self._count)
            if len(common) >= count:
                return self._best_of(common, telling, count)
        return self._best_of_all(telling, count)

    def _are_few_common(self) -> bool:
        """Whether it may be cheaper to look for the documents that have all words than to score all that have any."""
        expected, postings = float(self._count), 0
        for each in self._lists:
            expected *= len(each) / self._count
            postings += len(each)
        return expected * len(self._lists) * _MUCH_COMMON < postings

    def _best_of(self, doc_ids: NDArray[np.intp], telling: Sequence[float], count: int) -> Matches:
        """The best of documents that have all words."""
        scores = np.zeros(len(doc_ids))
        for each, word_idf in zip(self._lists, telling, strict=True):
            scores += self._scoring.scores(each.among(doc_ids, self._count).weights(), word_idf) + self._covered
        return best(Matches(doc_ids, scores), count)

    def _best_of_all(self, telling: Sequence[float], count: int) -> Matches:
        doc_ids = np.concatenate([each.doc_ids for each in self._lists])
        if not len(doc_ids):
            return NONE
        lengths = list(map(len, self._lists))
        scores = self._scoring.scores(self._weights(doc_ids), np.array(telling).repeat(lengths))
        if self._covered:
            scores += self._covered
        if len(doc_ids) * _SPARSE < self._count:
            having = distinct(doc_ids)
            return best(Matches(having, _sums(having.searchsorted(doc_ids), scores, len(having))), count)
        return best_of_scores(_sums(doc_ids, scores, self._count), count, self._rarest(count))

    def _weights(self, doc_ids: NDArray[np.intp]) -> NDArray[np.float64]:
        """All weights, one word after the other; `doc_ids` are those of all lists."""
        first = self._lists[0]
        if all(map(first.is_like, self._lists)):
            freqs = np.concatenate([each.freqs for each in self._lists])
            return _WordList(doc_ids, freqs, first.field, first.norms, first.scoring).weights()
        return np.concatenate([each.weights() for each in self._lists])

    def _rarest(self, least: int) -> NDArray[np.intp]:
        """The documents of the word that has the fewest, of those that have more than `least`; none where none has."""
        lists = [each.doc_ids for each in self._lists if len(each) > least]
        return min(lists, key=len) if lists else NONE.doc_ids


def _sums(numbers: NDArray[np.intp], scores: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    sums: NDArray[Any] = np.bincount(numbers, scores, count)
    return sums


def _list_of(segment: SearchedSegment, word: AnyField, scoring: Scoring, averages: Averages) -> _WordList:
    found = [each for term in word.terms for each in segment.text_postings(encoded(term)).items()]
    if not found:
        return _WordList(NONE.doc_ids, NONE.scores)
    if len(found) > 1 or word.exact:
        surface = word.surface if word.exact else None
        matches = word_weights(segment, TEXT_FIELDS, word.terms, surface, scoring, averages)
        return _WordList(matches.doc_ids, matches.scores)
    ((field, postings),) = found  # as with most words: one term, in the text alone
    freqs = postings.term_freqs
    words = _WordList(postings.doc_ids, freqs, field, segment.norms(field, scoring, averages), scoring)
    return words if segment.live is None else words.only(segment.live)
