"""The best of many, without sorting them all: the same as sorting them all."""

from collections.abc import Callable
from math import isqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from reportsearch.search.whoosh_engine.matches import Matches
from reportsearch.search.whoosh_engine.topk import best, best_of_scores, least_of_best

Scores = NDArray[np.float64]
RNG = np.random.default_rng(11)


def alternating(count: int) -> Scores:
    """Of the best ten a sample sees all, or none."""
    scores = np.zeros(count)
    scores[:: max(2, isqrt(count // 10))] = 7.0
    return scores + RNG.random(count)


SHAPES: dict[str, Callable[[int], Scores]] = {
    "drawn": lambda count: RNG.gamma(2.0, 1.0, count),
    "few different": lambda count: RNG.integers(0, 4, count).astype(np.float64),
    "all alike": lambda count: np.full(count, 2.5),
    "ascending": lambda count: np.arange(count, dtype=np.float64),
    "descending": lambda count: np.arange(count, 0, -1, dtype=np.float64),
    "seldom": lambda count: RNG.random(count) * (RNG.random(count) < 0.01),
    "alternating": alternating,
    "the other way": lambda count: -alternating(count) + 100,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1, 10, 11, 209, 211, 1000, 30_000])
@pytest.mark.parametrize("count", [1, 10, 250])
def test_the_best_are_those_that_sorting_finds(shape: str, size: int, count: int) -> None:
    scores = SHAPES[shape](size)
    doc_ids = np.arange(size) * 3 + 1
    expected = np.lexsort((np.arange(size), -scores))[:count]
    found = best(Matches(doc_ids, scores), count)
    assert found.doc_ids.tolist() == doc_ids[expected].tolist()
    assert found.scores.tolist() == scores[expected].tolist()
    if size >= count:
        assert least_of_best(scores, count) == scores[expected[-1]]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sample", [0, 10, 400])
@pytest.mark.parametrize("size", [400, 5000, 30_000])
def test_scores_of_all_documents_give_those_above_nothing(shape: str, size: int, sample: int) -> None:
    scores = SHAPES[shape](size)
    order = np.lexsort((np.arange(size), -scores))
    expected = [doc_id for doc_id in order.tolist() if scores[doc_id] > 0][:10]
    found = best_of_scores(scores, 10, RNG.choice(size, sample, replace=False))
    assert found.doc_ids.tolist() == expected


def test_reports_without_a_date_are_ranked_too() -> None:
    scores = np.full(5000, -np.inf)
    scores[[17, 4000]] = -3.0, -2.0
    assert best(Matches(np.arange(5000), scores), 4).doc_ids.tolist() == [4000, 17, 0, 1]
