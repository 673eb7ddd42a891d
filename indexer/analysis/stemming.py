"""Stems by language: Snowball, applied to folded words so that `securité` and `securite` meet."""

from functools import lru_cache

import Stemmer
from whoosh.lang import has_stopwords, stopwords_for_language

from .folding import fold

__all__ = ["function_words", "snowball_language", "spoken_language", "stems"]

_SNOWBALL_BY_CODE = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


@lru_cache(maxsize=256)
def snowball_language(code: str) -> str | None:
    """The Snowball algorithm for a language code (`en`, `pt-BR`); None where there is none."""
    name = _SNOWBALL_BY_CODE.get(code.replace("_", "-").partition("-")[0].lower())
    return name if name in Stemmer.algorithms() else None


def spoken_language(code: str, otherwise: str) -> str:
    """The language in which a report's words are stemmed: its own, where there is an algorithm for it."""
    return code if snowball_language(code) else otherwise


def stems(surfaces: list[str], algorithm: str | None) -> list[str]:
    """The stem of each folded word; the word itself where there is no algorithm, or nothing is left of it."""
    if algorithm is None:
        return surfaces
    found = _stemmer(algorithm).stemWords(surfaces)
    return [stem or surface for stem, surface in zip(found, surfaces, strict=True)]


@lru_cache(maxsize=64)
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # no cache of its own: a word is stemmed once


@lru_cache(maxsize=64)
def function_words(language: str) -> frozenset[str]:
    """Words of a language that say nothing by themselves (the, of, from), folded; none where they are not known."""
    code = language.replace("_", "-").partition("-")[0].lower()
    return frozenset(map(fold, stopwords_for_language(code))) if has_stopwords(code) else frozenset()
