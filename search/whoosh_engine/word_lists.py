"""A query that is nothing but words, on one segment: which documents are the best.

Most documents that have a word need not be scored. Of a few words all are meant, and each that a document has raises it
above all that have fewer: where enough documents have all of them, or all but one, no other can be among the best. Of
more words, the frequent ones cannot raise a document by much: what has none but them, or too little without them, is
left out (MaxScore; Turtle & Flood, Query Evaluation: Strategies and Optimizations, 1995)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import distinct

from ..nodes import AnyField
from .matches import NONE, Matches, rows_in, rows_in_all
from .rank import Scoring, coverage
from .segment import Averages, SearchedSegment
from .topk import best, best_of_scores, least_of_best
from .word_list import WordList, list_of

__all__ = ["WordLists"]

_MUCH_COMMON = 4
"""What it costs to score a document that has all words, in documents looked through for those that do."""
_LIKELY = 2
"""How many times as many documents as expected often have all words of a query: those that are asked together tend to
stand together."""
_FEW, _SPARSE = 256, 40
"""Documents with a word up to which they are sorted, not counted; and documents of a segment for each of them."""
_MANY = 16_384
"""Documents, each as often as it has a word, from which on it is worth while to look for some to leave out."""
_SCORED = 8
"""Documents of a segment whose scores are looked through in the time that it takes to score one."""
_LEFT_OUT = 0.2
"""Of the highest score that is possible, what the words that are left out can have of it: the best have more."""


class WordLists:
    """Several words in the searched fields of one segment."""

    def __init__(
        self, segment: SearchedSegment, words: Sequence[AnyField], scoring: Scoring, averages: Averages
    ) -> None:
        self._count = segment.count
        self._scoring = scoring
        self._lists = [list_of(segment, word, scoring, averages) for word in words]
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
            return self._best_with_word(self._lists[0], telling[0], count)
        found, postings = None, sum(map(len, self._lists))
        if self._covered and postings + self._count // _SCORED >= _MANY:
            found = self._best_with_most(telling, count)
        elif not self._covered and postings >= _MANY:
            found = self._best_with_telling(telling, count)
        return self._best_of_all(telling, count) if found is None else found

    def _best_with_word(self, words: WordList, telling: float, count: int) -> Matches:
        """The best for a single word. Scores are made of the highest weights alone where all others must have lower
        ones, which a huge weight, or one below 0, does not let them."""
        doc_ids, weights = words.doc_ids, words.weights()
        if telling > 0 and len(doc_ids) > max(count, _SCORED_AT_ONCE):
            limit = np.asarray(least_of_best(weights, count) * _NEARLY)
            rows = (weights >= limit).nonzero()[0]
            found = best(Matches(doc_ids[rows], self._scoring.scores(weights[rows], telling)), count)
            if len(found) == count and self._scoring.scores(limit, telling) < found.scores[-1] * _ROUNDED:
                return found
        return best(Matches(doc_ids, self._scoring.scores(weights, telling)), count)

    def _best_with_most(self, telling: Sequence[float], count: int) -> Matches | None:
        """The best, where enough documents have all words, or else all but one; None where there is no telling, or
        where it is cheaper to score all."""
        expected = self._expected_with_all()
        if expected * len(self._lists) * _MUCH_COMMON >= sum(map(len, self._lists)):
            return None
        if (expected * _LIKELY >= count or len(self._lists) == 2) and (found := self._best_with_all(telling, count)):
            return found
        if len(self._lists) == 2:
            return None
        doc_ids = self._with_most(len(self._lists) - 1)
        return self._best_of(doc_ids, telling, count) if len(doc_ids) >= count else None

    def _expected_with_all(self) -> float:
        """How many documents would have all words if these had nothing to do with each other."""
        expected = float(self._count)
        for each in self._lists:
            expected *= len(each) / self._count
        return expected

    def _best_with_all(self, telling: Sequence[float], count: int) -> Matches | None:
        """The best, where enough documents have all words; else None."""
        rows = rows_in_all([each.doc_ids for each in self._lists], self._count)
        if len(rows[0]) < count:
            return None
        doc_ids = self._lists[0].doc_ids[rows[0]]
        having = [each.at(of_each, doc_ids) for each, of_each in zip(self._lists, rows, strict=True)]
        _, scores = self._scored(having, telling)
        return best(Matches(doc_ids, scores.reshape(len(having), -1).sum(axis=0)), count)

    def _with_most(self, least: int) -> NDArray[np.intp]:
        """The documents that have so many of the words, or more."""
        if sum(map(len, self._lists)) * _SPARSE < self._count:  # no need to look at all documents
            doc_ids = np.sort(np.concatenate([each.doc_ids for each in self._lists]), kind="stable")
            behind = doc_ids[least - 1 :]
            return distinct(behind[behind == doc_ids[: len(behind)]])
        words = np.zeros(self._count, np.uint8)
        for each in self._lists:
            words[each.doc_ids] += 1
        return np.asarray((words >= least).nonzero()[0])

    def _best_with_telling(self, telling: Sequence[float], count: int) -> Matches | None:
        """The best, of the documents that the frequent words could raise among them; None where that may be any
        document, or where it is cheaper to score all."""
        if min(telling) <= 0:
            return None
        limits = list(map(self._scoring.limit, telling))
        left, rest = set(), 0.0
        for number in sorted(range(len(limits)), key=limits.__getitem__):
            if rest + limits[number] > _LEFT_OUT * sum(limits):
                break
            left.add(number)
            rest += limits[number]
        numbers = [number for number in range(len(limits)) if number not in left]
        kept = [self._lists[number] for number in numbers]
        sample = _rarest(kept, count)
        if sum(len(self._lists[number]) for number in left) < sum(map(len, kept)):
            return None
        if not len(sample):
            return None
        doc_ids, scores = self._scored(kept, [telling[number] for number in numbers])
        sums = _sums(doc_ids, scores, self._count)
        least = least_of_best(sums[sample], count)
        if least <= rest:
            return None
        promising = distinct(doc_ids[sums[doc_ids] >= (least - rest) * _ROUNDED])
        return self._best_of(promising, telling, count)

    def _best_of(self, doc_ids: NDArray[np.intp], telling: Sequence[float], count: int) -> Matches:
        """The best of some documents."""
        lists, places = [], []
        for each in self._lists:
            rows, has = rows_in(each.doc_ids, doc_ids, self._count)
            having = has.nonzero()[0]
            lists.append(each.at(rows[having], doc_ids[having]))
            places.append(having)
        _, scores = self._scored(lists, telling)
        return best(Matches(doc_ids, _sums(np.concatenate(places), scores, len(doc_ids))), count)

    def _best_of_all(self, telling: Sequence[float], count: int) -> Matches:
        doc_ids, scores = self._scored(self._lists, telling)
        if not len(doc_ids):
            return NONE
        if len(doc_ids) < max(_FEW, self._count // _SPARSE):
            having = distinct(doc_ids)
            return best(Matches(having, _sums(having.searchsorted(doc_ids), scores, len(having))), count)
        return best_of_scores(_sums(doc_ids, scores, self._count), count, _rarest(self._lists, count))

    def _scored(
        self, lists: Sequence[WordList], telling: Sequence[float]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The documents of some words, one word after the other, and their scores for it."""
        doc_ids = np.concatenate([each.doc_ids for each in lists])
        if all(map(lists[0].is_like, lists)):
            freqs = np.concatenate([each.freqs for each in lists])
            weights = WordList(doc_ids, freqs, lists[0].field, lists[0].norms, lists[0].scoring).weights()
        else:
            weights = np.concatenate([each.weights() for each in lists])
        of_each = np.array(telling).repeat(list(map(len, lists)))
        scores = self._scoring.scores(weights, of_each)
        if self._covered:
            scores += self._covered
        return doc_ids, scores


_ROUNDED = 1 - 1e-9
"""Scores that are made in another way, or of weights in another order, differ by less where they should not at all."""
_SCORED_AT_ONCE = 256
"""Documents with a single word that are scored in the time that it takes to look for the highest weights."""
_NEARLY = 1 - 1e-6
"""Of the least of the highest weights: what is below is scored lower, rounded or not."""


def _rarest(lists: Sequence[WordList], least: int) -> NDArray[np.intp]:
    """The documents of the word that has the fewest, of those that have more than `least`; none where none has."""
    longer = [each.doc_ids for each in lists if len(each) > least]
    return min(longer, key=len) if longer else NONE.doc_ids


def _sums(numbers: NDArray[np.intp], scores: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    sums: NDArray[Any] = np.bincount(numbers, scores, count)
    return sums
