"""Whoosh as it comes: stored text is analysed again for each snippet, the first 32 KiB of it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.highlight import Fragmenter
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.qparser import FuzzyTermPlugin, OrGroup, QueryParser
from whoosh.query import Term
from whoosh.searching import Results
from whoosh.sorting import Count, FieldFacet

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE", "Whoosh"]

_MEMORY_MB = 256  # as our own writer gives it
_TYPED = {"phrase": '"{}"', "prefix": "{}*", "fuzzy": "{}~"}


class Whoosh:
    """Stock Whoosh; `body` and `fragmenter` are what its faster setting changes (None: Whoosh's own)."""

    name = "whoosh"
    version = version("whoosh3")
    measures = frozenset({"ids", "total", "snippets", "filter", "prefix", "fuzzy", "replace", "cold"})
    classes = frozenset({"several", "one", "phrase", "prefix", "fuzzy"})
    workers: tuple[int, ...] = (1, 2)
    heavy = True
    fragmenter: Fragmenter | None = None

    def body(self) -> TEXT:
        return TEXT(stored=True, analyzer=StemmingAnalyzer())

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        schema = Schema(
            id=ID(stored=True, unique=True), title=STORED(), body=self.body(), year=ID(), publisher=ID(sortable=True)
        )
        writer = create_in(str(folder), schema).writer(procs=workers, limitmb=_MEMORY_MB)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit()

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        writer = open_dir(str(folder)).writer(limitmb=_MEMORY_MB)
        for document in documents:
            writer.update_document(**_fields(document))
        writer.commit()

    def open(self, folder: Path) -> _OpenWhoosh:
        return _OpenWhoosh(open_dir(str(folder)), self.fragmenter)


class _OpenWhoosh:
    def __init__(self, index: FileIndex, fragmenter: Fragmenter | None) -> None:
        self._searcher = index.searcher()
        self._parser = QueryParser("body", index.schema, group=OrGroup)
        self._parser.add_plugin(FuzzyTermPlugin())
        self._fragmenter = fragmenter

    def typed(self, query: Query) -> str:
        return _TYPED.get(query.kind, "{}").format(" ".join(query.words))

    def close(self) -> None:
        self._searcher.close()

    def ids(self, text: str) -> Answer:
        return Answer([hit["id"] for hit in self._search(text)])

    def total(self, text: str) -> Answer:
        results = self._search(text)
        return Answer([hit["id"] for hit in results], total=len(results))

    def snippets(self, text: str) -> Answer:
        if self._fragmenter is None:
            results = self._search(text)
        else:
            results = self._searcher.search(
                self._parser.parse(text), limit=TOP, terms=True
            )  # PinpointFragmenter asks for it
            results.fragmenter = self._fragmenter
        return Answer([hit["id"] for hit in results], [hit.highlights("body") for hit in results])

    def filter(self, text: str, year: int) -> Answer:
        facet = FieldFacet("publisher", maptype=Count)
        results = self._searcher.search(
            self._parser.parse(text), limit=TOP, filter=Term("year", str(year)), groupedby={"publisher": facet}
        )
        return Answer([hit["id"] for hit in results], facets=results.groups("publisher"))

    prefix = ids
    fuzzy = ids

    def _search(self, text: str) -> Results:
        return self._searcher.search(self._parser.parse(text), limit=TOP)


def _fields(document: Document) -> dict[str, str]:
    return {
        "id": document.id,
        "title": document.title,
        "body": document.text,
        "year": str(document.year),
        "publisher": document.publisher,
    }


ENGINE = Whoosh()
