"""The codec, as Whoosh asks for it: `whoosh.index.open_dir` opens our segments by it, and Whoosh's writer can write
them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec
from whoosh.filedb.filestore import FileStorage, Storage

from .container import ContainerReader
from .segment import DOCUMENTS, TERMS, ArraySegment
from .segment_reader import SegmentReader
from .whoosh_reader import ArrayPerDocumentReader, ArrayTermsReader, FieldAutomata

__all__ = ["ArrayCodec", "open_segment"]


class ArrayCodec(Codec):  # type: ignore[misc]  # Whoosh is untyped
    """Flat arrays in two mapped files for each segment."""

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> ArrayPerDocumentReader:
        return ArrayPerDocumentReader(open_segment(storage, segment), segment)

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> ArrayTermsReader:
        return ArrayTermsReader(open_segment(storage, segment))

    def automata(self, storage: Storage, segment: ArraySegment) -> FieldAutomata:
        return FieldAutomata()

    def new_segment(self, storage: Storage, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)

    def supports_columns(self) -> bool:
        return True


def open_segment(storage: Storage, segment: Any) -> SegmentReader:
    """The files of a segment: mapped where they are on a disk, else as the storage has them."""
    if isinstance(storage, FileStorage):
        return SegmentReader.open(Path(storage.folder), segment.segment_id())
    readers = []
    for extension in (DOCUMENTS, TERMS):
        name = segment.make_filename(extension)
        with storage.open_file(name) as file:
            readers.append(ContainerReader(memoryview(bytes(file.read())), name))
    return SegmentReader(*readers)
