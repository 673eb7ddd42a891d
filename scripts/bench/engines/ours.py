"""Our index, through its public doors: the writing protocol, and `open_collection`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from whoosh import query as whoosh_query

from reportsearch.indexer.report import Page, PublicationDate, Report, ReportFile
from reportsearch.indexer.settings import load_settings
from reportsearch.search import Collection, open_collection

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE"]

PAGE_CHARS = 3000
"""Of a page of a printed report."""

_TYPED = {"phrase": '"{}"'}
_BODY = "body"
_FACET = "publisher"


class _Ours:
    name = "ours"
    version = version("reportsearch")
    measures = frozenset({"ids", "total", "snippets", "filter", "prefix", "fuzzy", "replace", "cold"})
    classes = frozenset({"several", "one", "phrase", "prefix", "fuzzy"})
    workers = (1, 2)
    heavy = False

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        (folder / "reports.toml").write_text(f"[limits]\nworkers = {workers}\n", encoding="utf-8")
        self.replace(folder, documents)

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        from reportsearch.indexer.run import store_for  # noqa: PLC0415  a cold search must not pay for what writing loads

        writer = store_for(load_settings(folder)).writer()
        for document in documents:
            writer.replace(_report(document))
        writer.commit()

    def open(self, folder: Path) -> _OpenOurs:
        return _OpenOurs(open_collection(folder))


class _OpenOurs:
    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def typed(self, query: Query) -> str:
        return _TYPED.get(query.kind, "{}").format(" ".join(query.words))

    def close(self) -> None:
        self._collection.close()

    def ids(self, text: str) -> Answer:
        return Answer(list(self._collection.ids(text, limit=TOP, total=False).ids))

    def total(self, text: str) -> Answer:
        found = self._collection.ids(text, limit=TOP)
        return Answer(list(found.ids), total=found.total)

    def snippets(self, text: str) -> Answer:
        results = self._collection.search(text, per_page=TOP, snippets=1, total=False)  # one a hit, as the peers make
        marked = [hit.snippets[0].html if hit.snippets else "" for hit in results]
        return Answer([hit.id for hit in results], marked)

    def filter(self, text: str, year: int) -> Answer:
        found = self._collection.ids(text, filters={"year": [str(year)]}, facets=[_FACET], limit=TOP)
        return Answer(list(found.ids), total=found.total, facets=found.facets[_FACET])

    def prefix(self, text: str) -> Answer:
        return Answer(list(self._collection.ids(whoosh_query.Prefix(_BODY, text), limit=TOP, total=False).ids))

    def fuzzy(self, text: str) -> Answer:
        return Answer(list(self._collection.ids(whoosh_query.FuzzyTerm(_BODY, text), limit=TOP, total=False).ids))


def _report(document: Document) -> Report:
    location = f"https://www.example.org/reports/{document.id}.pdf"
    digest = sha256(f"{document.id} {len(document.text)}".encode()).hexdigest()
    pages = tuple(Page(number, text) for number, text in enumerate(_pages(document.text), 1))
    return Report(
        id=document.id,
        url=location,
        title=document.title,
        publisher=document.publisher,
        date=PublicationDate(document.year),
        pages=pages,
        files=(ReportFile(location, "application/pdf", digest, len(document.text), len(pages)),),
        source="bench",
        content_hash=digest,
    )


def _pages(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        space = text.rfind(" ", start, start + PAGE_CHARS) if len(text) - start > PAGE_CHARS else -1
        end = space + 1 if space >= 0 else min(start + PAGE_CHARS, len(text))
        yield text[start:end]
        start = end


ENGINE = _Ours()
