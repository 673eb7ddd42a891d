"""How matches are ordered: for short queries by how many of the words a report has, then, and for long ones alone, by
Okapi BM25 in each field, summed over the fields with their boosts.

    score(D, Q) = Σ_fields boost_f · Σ_terms idf_f(t) · tf (k1 + 1) / (tf + k1 (1 - b_f + b_f · length / avg_length))

k1 and b: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009), §3.4 and §3.5.
"""

from whoosh import query
from whoosh.scoring import BM25F

from ..syntax import AnyField

__all__ = ["BOOSTS", "by_coverage", "relevance", "weighting"]

K1 = 1.5
"""How soon a repeated term stops counting; 1.2 to 2.0 is usual, and differs little."""
B = 0.6
"""How much long texts are held back, 0 to 1; long reports say more, so less than the usual .75."""

BOOSTS = (0.7, 0.5, 0.5, 1.0)
"""Of title, headings, summary, body. Below 1: in a sum over fields a short field already counts a word again."""


def weighting() -> BM25F:
    """The scoring model of a searcher."""
    return BM25F(B=B, K1=K1)


COVERAGE_WORDS = 3
"""Up to so many words, all of them are meant: on longer queries strict coverage costs nDCG (.003 at four words)."""
_COVERED = 1000.0  # what each word adds; more than any sum of BM25


def by_coverage(tree: query.Query) -> query.Query:
    """The tree of a short query, such that a report with more of its words comes before any with fewer."""
    words = [node for node in tree.children() if isinstance(node, AnyField)] if isinstance(tree, query.Or) else []
    if not 2 <= len(words) <= COVERAGE_WORDS or len(words) < len(tree.subqueries):
        return tree
    return query.Or([*words, *(query.ConstantScoreQuery(word, _COVERED) for word in words)])


def relevance(score: float) -> float:
    """The score without what the number of words added."""
    return score % _COVERED
