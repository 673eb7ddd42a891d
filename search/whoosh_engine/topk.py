"""The best of many documents, without sorting them all.

The least of the best is told from a sample first: the `count`-th best of a sample is at most the `count`-th best of
all, so one comparison leaves few to look at more closely. Partitioning all of 20,000 takes ten times as long.
"""

from __future__ import annotations

from math import isqrt

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
    """The same where `scores` has one for every document of a segment, 0 for none. The sample should be of good
    documents, such as those with the rarest word: then hardly any others are left."""
    if len(sample) > count:
        doc_ids = (scores >= max(least_of_best(scores[sample], count), _SMALLEST)).nonzero()[0]
    else:
        doc_ids = scores.nonzero()[0]
    return best(Matches(doc_ids, scores[doc_ids]), count)


def least_of_best(scores: NDArray[np.float64], count: int) -> float:
    """The `count`-th best of at least so many scores."""
    if len(scores) > count + _HANDFUL:
        sample = scores[:: isqrt(len(scores) // count)]  # about as large as what is left
        scores = scores[scores >= _least(sample, count)]
    return _least(scores, count)


def _least(scores: NDArray[np.float64], count: int) -> float:
    copy, place = scores.copy(), len(scores) - count
    copy.partition(place)
    return float(copy[place])


_HANDFUL = 200
"""Documents that are sorted in the time that it takes to look for the least of the best."""
_SMALLEST = np.nextafter(0.0, 1.0)
