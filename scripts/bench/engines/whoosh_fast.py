"""Whoosh at its fastest setting: the places of words are kept, so that nothing is analysed again, nor cut at 32 KiB."""

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import TEXT
from whoosh.highlight import PinpointFragmenter

from .whoosh import Whoosh

__all__ = ["ENGINE"]


class _WhooshFast(Whoosh):
    name = "whoosh-fast"
    heavy = False
    fragmenter = PinpointFragmenter(charlimit=None)

    def body(self) -> TEXT:
        return TEXT(stored=True, chars=True, analyzer=StemmingAnalyzer())


ENGINE = _WhooshFast()
