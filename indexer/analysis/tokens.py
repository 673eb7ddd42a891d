"""Small texts, such as queries, word by word."""

from functools import lru_cache

from .folding import fold
from .stemming import snowball_language, stems
from .words import spans

__all__ = ["surfaces", "term_of", "terms"]


def surfaces(text: str) -> list[str]:
    """The words of a text in order, folded."""
    return [fold(text[start:end]) for start, end in spans(text)]


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in order, one for each word: what the index of a report in this language holds for it."""
    algorithm = snowball_language(language)
    return [_term(surface, algorithm) for surface in surfaces(text)]


def term_of(surface: str, language: str) -> str:
    """The term of a folded word in a language."""
    return _term(surface, snowball_language(language))


@lru_cache(maxsize=100_000)
def _term(surface: str, algorithm: str | None) -> str:
    return stems([surface], algorithm)[0]
