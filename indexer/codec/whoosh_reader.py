"""A segment as Whoosh's readers see it: terms, postings, lengths, columns and stored values, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Automata, FieldCursor, PerDocumentReader, TermsReader
from whoosh.columns import Column, ColumnReader
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.matching import Matcher
from whoosh.reading import TermInfo, TermNotFound

from .column_readers import NumbersReader, PagesReader, SectionFile
from .foreign import foreign_postings, is_foreign
from .lexicon import Lexicon
from .pages import PAGES
from .posting_matcher import ForeignMatcher, PostingMatcher
from .segment import ArraySegment
from .segment_reader import SegmentReader
from .vectors import VectorReader

__all__ = ["ArrayPerDocumentReader", "ArrayTermsReader", "FieldAutomata"]


class ArrayTermsReader(TermsReader):  # type: ignore[misc]  # Whoosh is untyped
    """The terms of a segment. Terms are pairs of field and bytes."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader

    def _number(self, field: str, term: bytes) -> tuple[Lexicon, int]:
        lexicon = self._reader.lexicon(field)
        number = None if lexicon is None else lexicon.find(term)
        if lexicon is None or number is None:
            raise KeyError(f"no term {field}:{term!r}")
        return lexicon, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        lexicon = self._reader.lexicon(term[0])
        return lexicon is not None and lexicon.find(term[1]) is not None

    def indexed_field_names(self) -> list[str]:
        return self._reader.fields()

    def cursor(self, fieldname: str, fieldobj: FieldType) -> ArrayCursor:
        return ArrayCursor(self._reader.lexicon(fieldname), fieldobj, self._info)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in self._reader.fields():
            yield from self._terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """From this term on, through all fields behind this one, as Whoosh's own codec does."""
        yield from self._terms_from(fieldname, prefix)
        for field in self._reader.fields():
            if field > fieldname:
                yield from self._terms_from(field, b"")

    def _terms_from(self, field: str, term: bytes) -> Iterator[tuple[str, bytes]]:
        lexicon = self._reader.lexicon(field)
        if lexicon is not None:
            for found in lexicon.terms(lexicon.lower_bound(term)):
                yield field, found

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for field in self._reader.fields():
            yield from self._items_from(field, b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        yield from self._items_from(fieldname, prefix)
        for field in self._reader.fields():
            if field > fieldname:
                yield from self._items_from(field, b"")

    def _items_from(self, field: str, term: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        lexicon = self._reader.lexicon(field)
        if lexicon is not None:
            first = lexicon.lower_bound(term)
            for number, found in enumerate(lexicon.terms(first), first):
                yield (field, found), self._info(lexicon, number)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Raises KeyError where there is no such term, as all of these do; Whoosh expects it."""
        return self._info(*self._number(fieldname, text))

    def _info(self, lexicon: Lexicon, number: int) -> TermInfo:
        """A new one each time, because Whoosh changes them."""
        doc_ids, weights = self._ids_and_weights(lexicon, number)
        shortest, longest = self._length_range(lexicon, number, doc_ids)
        return TermInfo(
            weight=float(weights.sum(dtype=np.float64)),
            df=len(doc_ids),
            minlength=shortest,
            maxlength=longest,
            maxweight=float(weights.max()),
            minid=int(doc_ids[0]),
            maxid=int(doc_ids[-1]),
        )

    def _length_range(self, lexicon: Lexicon, number: int, doc_ids: NDArray[Any]) -> tuple[int | None, int]:
        """Words of the shortest and of the longest document that has the term."""
        if lexicon.length_ranges:
            shortest, longest = lexicon.length_ranges
            return int(shortest[number]), int(longest[number])
        lengths = self._reader.lengths(lexicon.field)
        if lengths is None:
            return None, 0
        of_docs = lengths[doc_ids]
        return int(of_docs.min()), int(of_docs.max())

    def _ids_and_weights(self, lexicon: Lexicon, number: int) -> tuple[NDArray[Any], NDArray[Any]]:
        if is_foreign(lexicon, number):
            found = foreign_postings(lexicon, number)
            return found.doc_ids, found.weights
        posting = lexicon.posting(number)
        freqs = posting.term_freqs
        return posting.doc_ids, np.ones(len(posting.doc_ids)) if freqs is None else freqs

    def frequency(self, fieldname: str, text: bytes) -> float:
        _, weights = self._ids_and_weights(*self._number(fieldname, text))
        return float(weights.sum(dtype=np.float64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        lexicon, number = self._number(fieldname, text)
        return int(lexicon.doc_freqs[number])

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> Matcher:
        try:
            lexicon, number = self._number(fieldname, text)
        except KeyError as error:
            raise TermNotFound(str(error)) from error
        term = (fieldname, text)
        lengths = self._reader.lengths(fieldname)
        if is_foreign(lexicon, number):
            return ForeignMatcher(foreign_postings(lexicon, number), lengths, format_, term, scorer)
        return PostingMatcher(lexicon.posting(number), lengths, format_, term, scorer)

    def close(self) -> None:
        """Nothing: maps are shared, and go with the last array that lives on them."""


class ArrayCursor(FieldCursor):  # type: ignore[misc]
    """A place in the terms of one field; texts are as the field shows them."""

    def __init__(self, lexicon: Lexicon | None, field: FieldType, info: Callable[[Lexicon, int], TermInfo]) -> None:
        self._lexicon = lexicon
        self._field = field
        self._info = info
        self._number = 0
        self._count = 0 if lexicon is None else len(lexicon)

    def first(self) -> str | None:
        self._number = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        if self._lexicon is not None:
            wanted = term if isinstance(term, bytes) else self._field.to_bytes(term)
            self._number = self._lexicon.lower_bound(wanted)
        return self.text()

    def next(self) -> str | None:
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        if self._lexicon is None or self._number >= self._count:
            return None
        text: str = self._field.from_bytes(self._lexicon.term(self._number))
        return text

    def term_info(self) -> TermInfo | None:
        if self._lexicon is None or self._number >= self._count:
            return None
        return self._info(self._lexicon, self._number)

    def is_valid(self) -> bool:
        return self._number < self._count


class ArrayPerDocumentReader(PerDocumentReader):  # type: ignore[misc]
    """What belongs to the documents of a segment."""

    def __init__(self, reader: SegmentReader, segment: ArraySegment, storage: Storage) -> None:
        self._reader = reader
        self._segment = segment
        self._storage = storage
        self._count = segment.doc_count_all()
        self._vectors_of: dict[str, VectorReader | None] = {}
        self._opened: list[StructFile] = []

    def close(self) -> None:
        """Closes what is not mapped; see `ArrayTermsReader.close`."""
        while self._opened:
            self._opened.pop().close()

    def doc_count(self) -> int:
        return self._count - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        return self._count

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterable[int]:
        return self._segment.deleted_docs()

    def all_doc_ids(self) -> Iterator[int]:
        return iter(np.flatnonzero(~self._segment.deletions()).tolist())

    # Lengths

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._reader.lengths(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        lengths = self._reader.lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._reader.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._reader.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.max())

    # Columns

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        own = fieldname == PAGES and self._reader.has_passages
        kept = own or self._reader.numbers(fieldname) is not None or f"column:{fieldname}" in self._reader.documents
        return kept or self._storage.file_exists(self._segment.column_filename(fieldname))

    def list_columns(self) -> list[str]:
        names = self._reader.documents.sections
        kept = [name.partition(":")[2] for name in names if name.startswith(("numbers:", "column:"))]
        return kept + [PAGES] * self._reader.has_passages

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:
        numbers = self._reader.numbers(fieldname)
        if numbers is not None:
            return NumbersReader(numbers)
        if fieldname == PAGES and self._reader.has_passages:
            return PagesReader(self._reader)
        if f"column:{fieldname}" in self._reader.documents:
            data = self._reader.documents.bytes(f"column:{fieldname}")
            return column.reader(SectionFile(data), 0, len(data), self._count)
        name = self._segment.column_filename(fieldname)
        file = self._storage.open_file(name)
        self._opened.append(file)
        return column.reader(file, 0, self._storage.file_length(name), self._count)

    # Vectors

    def _vectors(self, field: str) -> VectorReader | None:
        if field not in self._vectors_of:
            is_in = VectorReader.is_in(self._reader.documents, field)
            self._vectors_of[field] = VectorReader(self._reader.documents, field) if is_in else None
        return self._vectors_of[field]

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        vectors = self._vectors(fieldname)
        return vectors is not None and vectors.has(docnum)

    def vector(self, docnum: int, fieldname: str, format_: Format) -> Matcher:
        """Raises KeyError where the document has none."""
        vectors = self._vectors(fieldname)
        if vectors is None or not vectors.has(docnum):
            raise KeyError(f"document {docnum} has no vector in the field {fieldname!r}")
        return vectors.matcher(docnum, format_)

    # Stored values

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self._reader.stored(docnum)


class FieldAutomata(Automata):  # type: ignore[misc]
    """Whoosh's own way of finding similar terms: a cursor and an automaton."""
