"""Xapian: stems beside surface words with positions, text as document data, its own snippets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import xapian

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE"]

_ID_SLOT, _PUBLISHER_SLOT = 0, 1
_UNIQUE, _YEAR = "Q", "Y"  # prefixes of terms, as Omega names them
_SNIPPET_BYTES = 200
_FLAGS = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_WILDCARD
_TYPED = {"phrase": '"{}"', "prefix": "{}*"}


class _Xapian:
    name = "xapian"
    version = xapian.version_string()
    measures = frozenset({"ids", "total", "snippets", "filter", "prefix", "replace", "cold"})
    classes = frozenset({"several", "one", "phrase", "prefix"})
    workers = (1,)
    heavy = False

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OPEN)
        generator = _generator()
        for document in documents:
            database.add_document(_entry(document, generator))
        database.commit()
        database.close()

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        database = xapian.WritableDatabase(str(folder), xapian.DB_OPEN)
        generator = _generator()
        for document in documents:
            database.replace_document(_UNIQUE + document.id, _entry(document, generator))
        database.commit()
        database.close()

    def open(self, folder: Path) -> _OpenXapian:
        return _OpenXapian(xapian.Database(str(folder)))


class _OpenXapian:
    def __init__(self, database: xapian.Database) -> None:
        self._database = database
        self._stemmer = xapian.Stem("en")
        self._parser = xapian.QueryParser()
        self._parser.set_stemmer(self._stemmer)
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
        self._parser.set_database(database)

    def typed(self, query: Query) -> str:
        return _TYPED.get(query.kind, "{}").format(" ".join(query.words))

    def close(self) -> None:
        self._database.close()

    def ids(self, text: str) -> Answer:
        return Answer(_ids(self._enquire(self._parse(text)).get_mset(0, TOP)))

    def total(self, text: str) -> Answer:
        found = self._enquire(self._parse(text)).get_mset(0, TOP, self._database.get_doccount())
        return Answer(_ids(found), total=found.get_matches_estimated())  # exact, since all were to be looked at

    def snippets(self, text: str) -> Answer:
        found = self._enquire(self._parse(text)).get_mset(0, TOP)
        marked = [
            found.snippet(
                match.document.get_data(), _SNIPPET_BYTES, self._stemmer,
                xapian.MSet.SNIPPET_BACKGROUND_MODEL | xapian.MSet.SNIPPET_EXHAUSTIVE, "<mark>", "</mark>", "…",
            ).decode(errors="replace")
            for match in found
        ]  # fmt: skip
        return Answer(_ids(found), marked)

    def filter(self, text: str, year: int) -> Answer:
        in_year = xapian.Query(f"{_YEAR}{year}")
        enquire = self._enquire(xapian.Query(xapian.Query.OP_FILTER, self._parse(text), in_year))
        publishers = xapian.ValueCountMatchSpy(_PUBLISHER_SLOT)
        enquire.add_matchspy(publishers)
        found = enquire.get_mset(0, TOP, self._database.get_doccount())
        return Answer(_ids(found), facets={value.term.decode(): value.termfreq for value in publishers.values()})

    prefix = ids

    def _parse(self, text: str) -> xapian.Query:
        return self._parser.parse_query(text, _FLAGS)

    def _enquire(self, query: xapian.Query) -> xapian.Enquire:
        enquire = xapian.Enquire(self._database)
        enquire.set_query(query)
        return enquire


def _ids(found: xapian.MSet) -> list[int]:
    """Xapian's own numbers: the cheapest that it gives."""
    return [match.docid for match in found]


def _generator() -> xapian.TermGenerator:
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("en"))
    return generator


def _entry(document: Document, generator: xapian.TermGenerator) -> xapian.Document:
    entry = xapian.Document()
    generator.set_document(entry)
    generator.index_text(document.text)
    entry.set_data(document.text)
    entry.add_value(_ID_SLOT, document.id)
    entry.add_value(_PUBLISHER_SLOT, document.publisher)
    entry.add_boolean_term(_UNIQUE + document.id)
    entry.add_boolean_term(f"{_YEAR}{document.year}")
    return entry


ENGINE = _Xapian()
