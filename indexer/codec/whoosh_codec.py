"""The codec, as Whoosh asks for it: `whoosh.index.open_dir` opens our segments by it, and Whoosh's writer can write
them."""

from __future__ import annotations

from pathlib import Path

from whoosh.codec.base import Codec
from whoosh.filedb.filestore import FileStorage, Storage

from .container import ContainerReader, empty_container
from .segment import DOCUMENTS, TERMS, ArraySegment
from .segment_reader import SegmentReader, map_file
from .whoosh_documents import ArrayPerDocumentWriter
from .whoosh_reader import ArrayPerDocumentReader, ArrayTermsReader, FieldAutomata
from .whoosh_terms import ArrayFieldWriter

__all__ = ["ArrayCodec", "open_segment"]


class ArrayCodec(Codec):  # type: ignore[misc]  # Whoosh is untyped
    """Flat arrays in two mapped files for each segment."""

    def per_document_writer(self, storage: Storage, segment: ArraySegment) -> ArrayPerDocumentWriter:
        return ArrayPerDocumentWriter(storage, segment)

    def field_writer(self, storage: Storage, segment: ArraySegment) -> ArrayFieldWriter:
        return ArrayFieldWriter(storage, segment)

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> ArrayPerDocumentReader:
        return ArrayPerDocumentReader(open_documents(storage, segment), segment, storage)

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> ArrayTermsReader:
        return ArrayTermsReader(open_segment(storage, segment))

    def automata(self, storage: Storage, segment: ArraySegment) -> FieldAutomata:
        return FieldAutomata()

    def new_segment(self, storage: Storage, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)

    def supports_columns(self) -> bool:
        return True

    @classmethod
    def column_filename(cls, segment: ArraySegment, fieldname: str) -> str:
        """Where `whoosh.sorting.add_sortable` writes a column."""
        return segment.column_filename(fieldname)


def open_segment(storage: Storage, segment: ArraySegment) -> SegmentReader:
    """The terms of a segment, and its documents where they are written already."""
    terms = _container(storage, segment.make_filename(TERMS))
    name = segment.make_filename(DOCUMENTS)
    return SegmentReader(_container(storage, name) if storage.file_exists(name) else empty_container(name), terms)


def open_documents(storage: Storage, segment: ArraySegment) -> SegmentReader:
    """The documents of a segment alone, whose terms may not be written yet."""
    documents = _container(storage, segment.make_filename(DOCUMENTS))
    return SegmentReader(documents, empty_container(segment.make_filename(TERMS)))


def _container(storage: Storage, name: str) -> ContainerReader:
    """A file: mapped where it is on a disk, else as the storage has it."""
    if isinstance(storage, FileStorage):
        return ContainerReader(map_file(Path(storage.folder) / name), name)
    with storage.open_file(name) as file:
        return ContainerReader(memoryview(bytes(file.read())), name)
