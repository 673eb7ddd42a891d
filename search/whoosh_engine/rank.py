"""How matches are scored: Okapi BM25 in each field, summed over the fields with their boosts.

    score(D, Q) = Σ_fields boost_f · Σ_terms idf_f(t) · tf (k1 + 1) / (tf + k1 (1 - b_f + b_f · length / avg_length))

k1 and b: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009), §3.4 and §3.5.
"""

from whoosh.scoring import BM25F

__all__ = ["BOOSTS", "weighting"]

K1 = 1.5
"""How soon a repeated term stops counting; 1.2 to 2.0 is usual, and differs little."""
B = 0.6
"""How much long texts are held back, 0 to 1; long reports say more, so less than the usual .75."""

BOOSTS = (0.7, 0.5, 0.5, 1.0)
"""Of title, headings, summary, body. Below 1: in a sum over fields a short field already counts a word again."""


def weighting() -> BM25F:
    """The scoring model of a searcher."""
    return BM25F(B=B, K1=K1)
