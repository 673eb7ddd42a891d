"""The best of many documents, without sorting them all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .matches import Matches

__all__ = ["best", "best_of_scores"]


def best(matches: Matches, count: int) -> Matches:
    """The `count` matches with the highest scores, best first; of equal ones, the earlier document."""
    doc_ids, scores = matches.doc_ids, matches.scores
    if matches.are_alike:
        return Matches(doc_ids[:count], scores[:count])
    if len(scores) > count:
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        kept = scores >= least
        doc_ids, scores = doc_ids[kept], scores[kept]
    order = np.argsort(-scores, kind="stable")[:count]
    return Matches(doc_ids[order], scores[order])


def best_of_scores(scores: NDArray[np.float64], count: int, sample: NDArray[np.intp]) -> Matches:
    """The same where `scores` has one for every document of a segment, 0 for none.

    The `count`-th best of a sample is at most the `count`-th best of all, so the others are found by one comparison;
    the sample should be of good documents, such as those with the rarest word."""
    if len(sample) > count:
        least = np.partition(scores[sample], len(sample) - count)[len(sample) - count]
        doc_ids = np.flatnonzero(scores >= max(least, _SMALLEST))
    else:
        doc_ids = np.flatnonzero(scores)
    return best(Matches(doc_ids, scores[doc_ids]), count)


_SMALLEST = np.nextafter(0.0, 1.0)
