"""The two files of a segment, mapped; every reader of the same segment shares the map.

Nothing is read before it is asked for, and what is read is a view of the file: no map is closed while arrays live on
it."""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import IndexFormatError
from .batch import Dictionaries
from .compression import Compressor, Decompressor
from .container import REMEDY, ContainerReader
from .lexicon import Lexicon
from .parts import without_documents
from .passages import PassageColumns, Passages
from .postings import FieldPostings
from .segment import DOCUMENTS, TERMS
from .stored import decode_values

__all__ = ["SegmentPart", "SegmentReader", "map_file"]


def map_file(path: Path) -> memoryview:
    """A file's bytes, mapped. Raises FileNotFoundError, IndexFormatError for an empty one."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        if not os.fstat(descriptor).st_size:
            raise IndexFormatError(f"{path.name} is empty. {REMEDY}")
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)


class SegmentReader:
    """What a segment holds, deleted documents too. Threads may share it."""

    def __init__(self, documents: ContainerReader, terms: ContainerReader) -> None:
        self.documents = documents
        self.terms = terms
        self._lexicons: dict[str, Lexicon] = {}
        self._local = threading.local()

    @classmethod
    def open(cls, folder: Path, name: str) -> SegmentReader:
        """The segment of this name. Raises FileNotFoundError, IndexFormatError."""
        readers = [
            ContainerReader(map_file(folder / f"{name}{extension}"), f"{name}{extension}")
            for extension in (DOCUMENTS, TERMS)
        ]
        return cls(*readers)

    @property
    def doc_count(self) -> int:
        """Documents, deleted ones too."""
        return len(self.documents.array("stored_bounds")) - 1

    def fields(self) -> list[str]:
        """The searched fields that any document has, ascending."""
        return [name.removesuffix(":terms") for name in self.terms.sections if name.endswith(":terms")]

    def lexicon(self, field: str) -> Lexicon | None:
        """The terms of a field; None where no document has it."""
        found = self._lexicons.get(field)
        if found is None and f"{field}:terms" in self.terms:
            found = self._lexicons[field] = Lexicon(self.terms, field)
        return found

    def lengths(self, field: str) -> NDArray[Any] | None:
        """unsigned[documents]: words of a field; None where no document has it."""
        name = f"lengths:{field}"
        return self.documents.array(name) if name in self.documents else None

    def numbers(self, name: str) -> NDArray[Any] | None:
        """unsigned[documents]: a kept number of each; None where no document has it."""
        name = f"numbers:{name}"
        return self.documents.array(name) if name in self.documents else None

    @property
    def has_passages(self) -> bool:
        """Whether the text of documents is kept as passages (not where another program wrote them)."""
        return "text" in self.documents

    @property
    def passages(self) -> Passages:
        """The passages; an object for each thread, because it decompresses."""
        found = getattr(self._local, "passages", None)
        if found is None:
            decompressor = Decompressor(bytes(self.documents.bytes("dictionary:text")))
            found = self._local.passages = Passages(self.documents, decompressor)
        assert isinstance(found, Passages)
        return found

    def stored(self, doc_id: int) -> dict[str, Any]:
        """What was stored with a document."""
        bounds, blobs = self._stored
        data = blobs[int(bounds[doc_id]) : int(bounds[doc_id + 1])]
        values = decode_values(self._stored_decompressor().decompress(data)) if len(data) else {}
        assert isinstance(values, dict)
        return values

    @cached_property
    def _stored(self) -> tuple[NDArray[Any], memoryview]:
        return self.documents.array("stored_bounds"), self.documents.bytes("stored")

    def _stored_decompressor(self) -> Decompressor:
        found = getattr(self._local, "stored", None)
        if found is None:
            found = self._local.stored = Decompressor(bytes(self.documents.bytes("dictionary:stored")))
        assert isinstance(found, Decompressor)
        return found

    def dictionaries(self) -> Dictionaries:
        return Dictionaries(
            bytes(self.documents.bytes("dictionary:text")), bytes(self.documents.bytes("dictionary:stored"))
        )


class _SegmentField:
    """One field of what is left of a segment."""

    def __init__(self, lexicon: Lexicon, new_ids: NDArray[np.int64] | None) -> None:
        self._lexicon = lexicon
        self._new_ids = new_ids
        self.terms = list(lexicon.terms())
        self.surfaces, self.surface_counts = lexicon.all_surfaces()
        self.occurrences = lexicon.occurrences
        self.has_positions = lexicon.has_positions

    def postings(self, first: int, last: int) -> FieldPostings:
        found = self._lexicon.postings(first, last, self.surface_counts[first:last])
        return found if self._new_ids is None else without_documents(found, self._new_ids)


class SegmentPart:
    """What is left of a segment, for a new one; `deleted` (bool[documents]) stays behind."""

    def __init__(self, reader: SegmentReader, deleted: NDArray[np.bool_]) -> None:
        self._reader = reader
        self._stays = ~deleted
        self.count = int(self._stays.sum())
        new_ids = np.where(self._stays, np.cumsum(self._stays) - 1, -1) if deleted.any() else None
        self._all = new_ids is None
        lexicons = {field: reader.lexicon(field) for field in reader.fields()}
        self.fields = {name: _SegmentField(lexicon, new_ids) for name, lexicon in lexicons.items() if lexicon}
        prefixes = ("lengths:", "numbers:")
        columns = {
            name: reader.documents.array(name)[self._stays]
            for name in reader.documents.sections
            if name.startswith(prefixes)
        }
        self.lengths, self.numbers = (
            {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}
            for prefix in prefixes
        )

    @property
    def passages(self) -> PassageColumns:
        passages = self._reader.passages
        rows = {name: np.diff(getattr(passages, name)) for name in ("doc_pages", "doc_passages", "doc_blocks")}
        stays = {"doc": self._stays} | {
            row: np.repeat(self._stays, rows[f"doc_{row}s"]) for row in ("page", "passage", "block")
        }
        columns = {}
        for name in PassageColumns.__dataclass_fields__:
            values = rows[name] if name in rows else getattr(passages, name)
            columns[name] = values[stays[name.partition("_")[0]]].astype(np.uint32)
        return PassageColumns(**columns)

    @property
    def labels(self) -> list[str]:
        passages = self._reader.passages
        pages = np.repeat(self._stays, np.diff(passages.doc_pages))
        return [passages.label(page) for page in np.flatnonzero(pages).tolist()]

    def blocks(self, dictionary: bytes) -> Iterator[bytes]:
        stays = np.repeat(self._stays, np.diff(self._reader.passages.doc_blocks))
        return self._recompressed("text", "block_bounds", "dictionary:text", stays, dictionary)

    def headings(self, dictionary: bytes) -> Iterator[bytes]:
        return self._recompressed("headings", "heading_bounds", "dictionary:text", self._stays, dictionary)

    def stored(self, dictionary: bytes) -> Iterator[bytes]:
        return self._recompressed("stored", "stored_bounds", "dictionary:stored", self._stays, dictionary)

    def _recompressed(
        self, name: str, bounds_name: str, own_name: str, stays: NDArray[np.bool_], dictionary: bytes
    ) -> Iterator[bytes]:
        """The blobs that stay, compressed with that dictionary; as they are where it is the segment's own."""
        data, bounds = self._reader.documents.bytes(name), self._reader.documents.array(bounds_name).tolist()
        own = bytes(self._reader.documents.bytes(own_name))
        chosen = np.flatnonzero(stays).tolist()
        blobs = (bytes(data[bounds[number] : bounds[number + 1]]) for number in chosen)
        if own == dictionary:
            return blobs
        decompressor, compressor = Decompressor(own), Compressor(dictionary)
        return (compressor.compress(decompressor.decompress(blob)) for blob in blobs)
