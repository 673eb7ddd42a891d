"""What belongs to a document, as Whoosh's writer hands it over: stored values, lengths, columns, vectors → NAME.doc.

Sections are those of our own writer (`stored`, `stored_bounds`, `lengths:F`, `dictionary:stored`), without passages,
and besides:

    column:F    what the column's own writer wrote, for any column of Whoosh
    vector:F:…  see `vectors`
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from whoosh.codec.base import PerDocumentWriter
from whoosh.columns import Column, ColumnWriter
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile

from .compression import Blobs, Compressor
from .container import ContainerWriter
from .ranges import narrowest
from .segment import DOCUMENTS, ArraySegment
from .stored import encode_values
from .vectors import VectorEntry, VectorWriter

__all__ = ["ArrayPerDocumentWriter"]


@dataclass(slots=True)
class _Document:
    """One that is not finished: nothing of it is kept if it is cancelled."""

    number: int
    stored: dict[str, Any] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    columns: list[tuple[str, Column, Any]] = field(default_factory=list)
    vectors: list[tuple[str, list[VectorEntry]]] = field(default_factory=list)


class _ColumnBuffer:
    """One column of Whoosh, written to memory."""

    def __init__(self, column: Column) -> None:
        self._buffer = io.BytesIO()
        self.writer: ColumnWriter = column.writer(StructFile(self._buffer))

    def finished(self, doc_count: int) -> bytes:
        self.writer.finish(doc_count)
        return self._buffer.getvalue()


class ArrayPerDocumentWriter(PerDocumentWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Keeps what it is given in memory, and writes the file when it is closed."""

    def __init__(self, storage: Storage, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._document: _Document | None = None
        self._compressor = Compressor()
        self._stored: list[bytes] = []
        self._lengths: dict[str, dict[int, int]] = {}
        self._columns: dict[str, _ColumnBuffer] = {}
        self._vectors: dict[str, VectorWriter] = {}
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begins a document; one that was begun and not finished is forgotten."""
        if docnum != len(self._stored):
            raise ValueError(f"document {docnum} was begun, and {len(self._stored)} is the next")
        self._document = _Document(docnum)

    def _current(self) -> _Document:
        if self._document is None:
            raise ValueError("no document was begun")
        return self._document

    def add_field(self, fieldname: str, fieldobj: FieldType, value: Any, length: int | None) -> None:
        """Raises TypeError for a stored value that no program but its own could read."""
        document = self._current()
        if value is not None:
            try:
                encode_values(value)
            except (TypeError, ValueError, OverflowError) as error:
                raise TypeError(f"the field {fieldname!r} of document {document.number}: {error}") from error
            document.stored[fieldname] = value
        if length:
            document.lengths[fieldname] = length

    def add_column_value(self, fieldname: str, columnobj: Column, value: Any) -> None:
        self._current().columns.append((fieldname, columnobj, value))

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: Iterable[VectorEntry]) -> None:
        self._current().vectors.append((fieldname, list(items)))

    def finish_doc(self) -> None:
        document = self._current()
        for name, length in document.lengths.items():
            self._lengths.setdefault(name, {})[document.number] = length
        for name, column, value in document.columns:
            if name not in self._columns:
                self._columns[name] = _ColumnBuffer(column)
            self._columns[name].writer.add(document.number, value)
        for name, entries in document.vectors:
            if entries:
                self._vectors.setdefault(name, VectorWriter()).add(document.number, entries)
        self._stored += self._compressor.compress([encode_values(document.stored) if document.stored else b""])
        self._document = None

    def cancel_doc(self) -> None:
        self._document = None

    def close(self) -> None:
        """Writes the file. A document that was not finished is not in it."""
        count = len(self._stored)
        file = self._segment.create_file(self._storage, DOCUMENTS)
        writer = ContainerWriter(file)
        blobs = Blobs.of(self._stored)
        writer.add("stored", bytes(blobs.data))
        writer.add("stored_bounds", narrowest(blobs.bounds))
        for name, of_docs in sorted(self._lengths.items()):
            lengths = np.zeros(count, np.uint32)
            lengths[list(of_docs)] = list(of_docs.values())
            writer.add(f"lengths:{name}", narrowest(lengths))
        for name, column in sorted(self._columns.items()):
            writer.add(f"column:{name}", column.finished(count))
        for name, vectors in sorted(self._vectors.items()):
            vectors.write(writer, name, count)
        writer.add("dictionary:stored", self._compressor.dictionary)
        writer.close()
        self._segment.note_file(DOCUMENTS, writer.size)
        self.is_closed = True
