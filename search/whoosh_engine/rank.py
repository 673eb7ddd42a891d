"""Scoring: how much a report is about a query. BM25F, and Whoosh's sum of BM25 over fields to compare it with.

A scoring gives weights to postings, field by field, and makes one score of their sum:

    BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, §3.6)

        w(t, D) = Σ_fields boost_f · tf_f / (1 - b_f + b_f · length_f / avg_length_f)
        score   = idf(t) · (k1 + 1) · w / (k1 + w)
        idf(t)  = ln(1 + (N - n + ½) / (n + ½))

    sum of BM25

        score   = Σ_fields boost_f · idf(t) · tf_f (k1 + 1) / (tf_f + k1 (1 - b_f + b_f · length_f / avg_length_f))
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.fields import TEXT_FIELDS

__all__ = [
    "BM25F",
    "COVERAGE_WORDS",
    "COVERED",
    "Scoring",
    "SummedBM25",
    "coverage",
    "full_score",
    "idf",
    "relevance",
    "weights_of",
]

K1 = 1.5
"""How soon a repeated term stops counting; 1.2 to 2.0 is usual, and differs little."""

BOOSTS = {"title": 3.0, "headings": 1.0, "summary": 1.0, "body": 1.0}
"""A word of the title counts three times."""
LENGTH_WEIGHTS = {"title": 0.6, "headings": 0.6, "summary": 0.6, "body": 0.6}
"""b: how much long texts are held back, 0 to 1; long reports say more, so less than the usual .75."""

COVERAGE_WORDS = 3
"""Up to so many words, all of them are meant: on longer queries strict coverage costs nDCG (.003 at four words)."""
COVERED = 1000.0
"""What each word adds where all are meant; more than any sum of scores."""

_Floats = NDArray[np.float64]


def idf(reports: int, having: int) -> float:
    """How telling it is that a report has a word, which `having` of all reports have; above 0."""
    return math.log(1 + (reports - having + 0.5) / (having + 0.5))


def coverage(words: int) -> float:
    """What each word that a report has adds to its score, of a query of so many."""
    return COVERED if 2 <= words <= COVERAGE_WORDS else 0.0


def full_score(words: int) -> float:
    """The least score of a report that has all words of a query of so many; infinity where a score does not tell."""
    return words * coverage(words) or math.inf


def weights_of(
    scoring: Scoring, field: str, doc_ids: NDArray[np.intp], freqs: NDArray[Any] | float, norms: _Floats | float
) -> _Floats:
    """The weight of a term in a field of each of these documents (float64[n]); `norms` are those of the segment."""
    weights = scoring.weights(field, freqs, norms.take(doc_ids) if isinstance(norms, np.ndarray) else norms)
    return weights if weights.ndim else np.full(len(doc_ids), weights)


def relevance(score: float) -> float:
    """The score without what the number of words added."""
    return score % COVERED


class Scoring(Protocol):
    """How postings become scores. A larger score is a better match, and 0 is none."""

    def norms(self, field: str, lengths: NDArray[Any] | None, average: float) -> _Floats | float:
        """What `weights` needs of the field's length, for each document (float64[documents]) or for all."""

    def weights(self, field: str, term_freqs: NDArray[Any] | float, norms: _Floats | float) -> _Floats:
        """The weight of each posting of a term in one field; those of several fields are added up."""

    def scores(self, weights: _Floats, word_idf: _Floats | float) -> _Floats:
        """The scores of documents for one word, or each for its own, from their weights."""

    def limit(self, word_idf: float) -> float:
        """What no score for a word exceeds."""


@dataclass(frozen=True, slots=True)
class BM25F:
    """See above. `k1` is at least 0, each b from 0 to 1."""

    k1: float = K1
    boosts: Mapping[str, float] = field(default_factory=lambda: BOOSTS)
    length_weights: Mapping[str, float] = field(default_factory=lambda: LENGTH_WEIGHTS)

    def __post_init__(self) -> None:
        _check(self.k1, self.length_weights)

    def norms(self, field: str, lengths: NDArray[Any] | None, average: float) -> _Floats | float:
        return self.boosts.get(field, 1.0) / _length_norm(self.length_weights.get(field, 0.0), lengths, average)

    def weights(self, field: str, term_freqs: NDArray[Any] | float, norms: _Floats | float) -> _Floats:
        return np.asarray(term_freqs * norms)

    def scores(self, weights: _Floats, word_idf: _Floats | float) -> _Floats:
        return word_idf * (self.k1 + 1) * weights / (weights + self.k1)

    def limit(self, word_idf: float) -> float:
        return word_idf * (self.k1 + 1)


@dataclass(frozen=True, slots=True)
class SummedBM25:
    """See above; what Whoosh calls BM25F."""

    k1: float = 1.2
    boosts: Mapping[str, float] = field(default_factory=dict)
    length_weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self.k1, self.length_weights)

    def norms(self, field: str, lengths: NDArray[Any] | None, average: float) -> _Floats | float:
        return self.k1 * _length_norm(self.length_weights.get(field, 0.75), lengths, average)

    def weights(self, field: str, term_freqs: NDArray[Any] | float, norms: _Floats | float) -> _Floats:
        return np.asarray(self.boosts.get(field, 1.0) * term_freqs * (self.k1 + 1) / (term_freqs + norms))

    def scores(self, weights: _Floats, word_idf: _Floats | float) -> _Floats:
        return weights * word_idf

    def limit(self, word_idf: float) -> float:
        boosts = (self.boosts.get(field, 1.0) for field in TEXT_FIELDS)
        return word_idf * (self.k1 + 1) * sum(boosts)


def _check(k1: float, length_weights: Mapping[str, float]) -> None:
    if k1 < 0:
        raise ValueError(f"k1 is {k1}, and must not be negative")
    for name, b in length_weights.items():
        if not 0 <= b <= 1:
            raise ValueError(f"b of {name} is {b}, and must be from 0 to 1")


def _length_norm(b: float, lengths: NDArray[Any] | None, average: float) -> _Floats | float:
    """1 - b + b · length / avg_length."""
    if lengths is None or not b or not average:
        return 1.0
    return np.asarray(1 - b + b / average * lengths, np.float64)
