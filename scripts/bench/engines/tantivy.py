"""tantivy by its Python binding: English stems with positions, stored text, its own snippets."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE"]

_HEAP_BYTES = 256_000_000
_FIELDS = ["body"]
_MISSPELT = {"body": (False, 1, True)}  # no prefix, one edit, neighbours swapped count as one
_UNFINISHED = {"body": (True, 0, True)}  # a prefix without edits: much faster here than a regular expression
_PUBLISHERS = {"publishers": {"terms": {"field": "publisher", "size": TOP}}}


class _Tantivy:
    name = "tantivy"
    version = version("tantivy")
    measures = frozenset({"ids", "total", "snippets", "filter", "prefix", "fuzzy", "replace", "cold"})
    classes = frozenset({"several", "one", "phrase", "prefix", "fuzzy"})
    workers = (1, 2)
    heavy = False

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=workers)
        for number, document in enumerate(documents):
            writer.add_document(_entry(document, number))
        writer.commit()
        writer.wait_merging_threads()

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        index = tantivy.Index.open(str(folder))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for number, document in enumerate(documents):
            writer.delete_documents_by_term("id", document.id)
            writer.add_document(_entry(document, number))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> _OpenTantivy:
        return _OpenTantivy(tantivy.Index.open(str(folder)))


class _OpenTantivy:
    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    def typed(self, query: Query) -> str:
        words = " ".join(query.words)
        return f'"{words}"' if query.kind == "phrase" else words

    def close(self) -> None:
        """Nothing: it closes when it is no longer held."""

    def ids(self, text: str) -> Answer:
        return self._numbers(self._index.parse_query(text, _FIELDS), count=False)

    def total(self, text: str) -> Answer:
        return self._numbers(self._index.parse_query(text, _FIELDS), count=True)

    def snippets(self, text: str) -> Answer:
        query = self._index.parse_query(text, _FIELDS)
        found = self._searcher.search(query, TOP, count=False)
        generator = tantivy.SnippetGenerator.create(self._searcher, query, self._index.schema, "body")
        entries = [self._searcher.doc(address) for _, address in found.hits]
        marked = [generator.snippet_from_doc(entry).to_html() for entry in entries]
        return Answer([entry.get_first("id") for entry in entries], marked)

    def filter(self, text: str, year: int) -> Answer:
        query = self._index.parse_query(text, _FIELDS)
        in_year = tantivy.Query.term_query(self._index.schema, "year", year)
        filtered = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(in_year, 0.0))]
        )
        answer = self._numbers(filtered, count=False)
        buckets = self._searcher.aggregate(filtered, _PUBLISHERS)["publishers"]["buckets"]
        return answer._replace(facets={bucket["key"]: bucket["doc_count"] for bucket in buckets})

    def prefix(self, text: str) -> Answer:
        return self._numbers(self._index.parse_query(text, _FIELDS, fuzzy_fields=_UNFINISHED), count=False)

    def fuzzy(self, text: str) -> Answer:
        return self._numbers(self._index.parse_query(text, _FIELDS, fuzzy_fields=_MISSPELT), count=False)

    def _numbers(self, query: tantivy.Query, *, count: bool) -> Answer:
        """Numbers of hits from a column: opening a stored document for its id would cost more than finding it."""
        found = self._searcher.search(query, TOP, count=count)
        numbers = self._searcher.fast_field_values("number", [address for _, address in found.hits])
        return Answer(numbers, total=found.count if count else None)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("number", fast=True)
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("body", stored=True, tokenizer_name="en_stem", index_option="position")
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_text_field("publisher", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _entry(document: Document, number: int) -> tantivy.Document:
    return tantivy.Document(
        id=document.id,
        number=number,
        title=document.title,
        body=document.text,
        year=document.year,
        publisher=document.publisher,
    )


ENGINE = _Tantivy()
