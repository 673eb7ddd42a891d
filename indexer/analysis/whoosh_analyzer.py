"""The analyser that stands in an index for programs that open it with Whoosh alone."""

from functools import lru_cache

from whoosh.analysis import CharsetFilter, LowercaseFilter, PyStemmerFilter, RegexTokenizer
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.support.charset import accent_map

from .stemming import snowball_language

__all__ = ["analyzer_for"]


@lru_cache(maxsize=16)
def analyzer_for(language: str) -> CompositeAnalyzer:
    """A Whoosh analyser that makes the same terms of usual texts: for programs that open the index with Whoosh alone.

    Only classes that come with Whoosh take part, because it is pickled into the index.
    """
    chain = RegexTokenizer(r"[^\W_]+") | LowercaseFilter() | CharsetFilter(accent_map)
    algorithm = snowball_language(language)
    return chain | PyStemmerFilter(algorithm) if algorithm else chain
