"""The best of many documents, without sorting them all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .matches import Matches

__all__ = ["best", "best_of_scores", "least_of_best"]


def best(matches: Matches, count: int) -> Matches:
    """The `count` matches with the highest scores, best first; of equal ones, the earlier document."""
    doc_ids, scores = matches.doc_ids, matches.scores
    if matches.are_alike:
        return Matches(doc_ids[:count], scores[:count])
    if len(scores) > count + _HANDFUL:
        kept = (scores >= least_of_best(scores, count)).nonzero()[0]
        doc_ids, scores = doc_ids[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:count]
    return Matches(doc_ids[order], scores[order])


def best_of_scores(scores: NDArray[np.float64], count: int, sample: NDArray[np.intp]) -> Matches:
    """The same where `scores` has one for every document of a segment, 0 for none.

    The `count`-th best of a sample is at most the `count`-th best of all, so the others are found by one comparison;
    the sample should be of good documents, such as those with the rarest word."""
    if _FEW > len(scores) > count:
        doc_ids = (scores >= max(least_of_best(scores, count), _SMALLEST)).nonzero()[0]
    elif len(sample) > count:
        doc_ids = (scores >= max(least_of_best(scores[sample], count), _SMALLEST)).nonzero()[0]
    else:
        doc_ids = scores.nonzero()[0]
    return best(Matches(doc_ids, scores[doc_ids]), count)


def least_of_best(scores: NDArray[np.float64], count: int) -> float:
    """The `count`-th best of at least so many scores."""
    copy, place = scores.copy(), len(scores) - count
    copy.partition(place)
    return float(copy[place])


_HANDFUL = 50
"""Documents that are sorted in the time that it takes to look for the least of the best."""
_FEW = 20_000
"""Documents up to which it is quicker to look at the scores of all than at a sample, and again at what is left."""


_SMALLEST = np.nextafter(0.0, 1.0)
