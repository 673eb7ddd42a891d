"""Text to terms: the only place that knows what a term is.

A word is a run of letters, digits and underscores; a term is its Snowball stem, in lower case and without accents.
Function words are kept, so that a quoted sentence is found as it stands. Only classes that come with Whoosh take part,
because the analyser is pickled into the index.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer
from whoosh.analysis import CharsetFilter, LowercaseFilter, PyStemmerFilter, RegexTokenizer
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.support.charset import accent_map

__all__ = ["WORD", "analyzer_for", "fold", "snowball_language", "terms"]

WORD = re.compile(r"\w+")

_SNOWBALL_BY_CODE = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


def snowball_language(code: str) -> str | None:
    """The Snowball algorithm for a language code (`en`, `pt-BR`); None where there is none."""
    name = _SNOWBALL_BY_CODE.get(code.partition("-")[0].lower())
    return name if name in Stemmer.algorithms() else None


@lru_cache(maxsize=16)
def analyzer_for(language: str) -> CompositeAnalyzer:
    """The Whoosh analyser for a collection's language; without stemming where Snowball has no rules for it."""
    chain = RegexTokenizer(WORD) | LowercaseFilter() | CharsetFilter(accent_map)
    algorithm = snowball_language(language)
    return chain | PyStemmerFilter(algorithm) if algorithm else chain


@lru_cache(maxsize=500_000)
def _term(word: str, language: str) -> str:
    return next((token.text for token in analyzer_for(language)(word)), "")


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in order, one for each word: what the index holds for it."""
    return [_term(word, language) for word in WORD.findall(text)]


def fold(value: str) -> str:
    """A metadata value as filters compare it: case, accents, compatibility forms and spacing do not count."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())
