"""Text to terms: the only room that knows what a word is, what a term is, and which words mean the same.

A *word* is a run of letters, digits and marks; in scripts without spaces (Chinese, Japanese, Korean, Thai, Lao, Khmer,
Burmese) it is each two neighbouring characters. Its *surface* is the word folded: without case, accents and
compatibility forms. Its *term* is the surface's Snowball stem in the language of the report. The s of a possessive
(`child's`) is no word, a hyphen or slash only parts words, and function words are kept, so that a quoted sentence is
found as it stands.
"""

from .code_points import CodePoints
from .folding import fold
from .stemming import function_words, snowball_language, spoken_language, stems
from .tokens import surfaces, term_of, terms
from .words import Words, spans, spans_at, words_of

__all__ = [
    "CodePoints",
    "Words",
    "fold",
    "function_words",
    "snowball_language",
    "spans",
    "spans_at",
    "spoken_language",
    "stems",
    "surfaces",
    "term_of",
    "terms",
    "words_of",
]
