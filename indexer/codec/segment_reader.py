"""The two files of a segment, mapped; every reader of the same segment shares the map.

Nothing is read before it is asked for, and what is read is a view of the file: no map is closed while arrays live on
it."""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..errors import IndexFormatError
from .compression import Decompressor, Dictionaries
from .container import REMEDY, ContainerReader
from .lexicon import Lexicon
from .passages import Passages
from .segment import DOCUMENTS, TERMS
from .stored import decode_values

__all__ = ["SegmentReader", "map_file"]


def map_file(path: Path) -> memoryview:
    """A file's bytes, mapped. Raises FileNotFoundError, IndexFormatError for an empty one."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        if not os.fstat(descriptor).st_size:
            raise IndexFormatError(f"{path.name} is empty. {REMEDY}", section="length")
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)


class SegmentReader:
    """What a segment holds, deleted documents too. Threads may share it."""

    def __init__(self, documents: ContainerReader, terms: ContainerReader) -> None:
        self.documents = documents
        self.terms = terms
        self._lexicons: dict[str, Lexicon | None] = {}
        self._local = threading.local()

    @classmethod
    def open(cls, folder: Path, name: str) -> SegmentReader:
        """The segment of this name. Raises FileNotFoundError, IndexFormatError."""
        readers = [
            ContainerReader(map_file(folder / f"{name}{extension}"), f"{name}{extension}")
            for extension in (DOCUMENTS, TERMS)
        ]
        return cls(*readers)

    @classmethod
    def open_locked(cls, folder: Path, name: str) -> SegmentReader:
        """The same for who holds the lock: no one takes files away then, and one that is missing is damage. Raises
        IndexFormatError."""
        try:
            return cls.open(folder, name)
        except FileNotFoundError as error:
            raise IndexFormatError(f"{error.filename} is missing. {REMEDY}", section="file") from error

    @property
    def doc_count(self) -> int:
        """Documents, deleted ones too."""
        return len(self.documents.array("stored_bounds")) - 1

    def fields(self) -> list[str]:
        """The searched fields that any document has, ascending."""
        return [name.removesuffix(":terms") for name in self.terms.sections if name.endswith(":terms")]

    def lexicon(self, field: str) -> Lexicon | None:
        """The terms of a field; None where no document has it."""
        try:
            return self._lexicons[field]
        except KeyError:
            found = Lexicon(self.terms, field) if f"{field}:terms" in self.terms else None
            self._lexicons[field] = found
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
        (values,) = self.stored_of((doc_id,))
        return values

    def stored_of(self, doc_ids: Iterable[int]) -> list[dict[str, Any]]:
        """The same of several."""
        bounds, blobs = self._stored
        decompress = self._stored_decompressor().decompress
        found = []
        for doc_id in doc_ids:
            data = decompress(blobs[bounds[doc_id] : bounds[doc_id + 1]])
            found.append(decode_values(data) if data else {})
        return found

    @cached_property
    def _stored(self) -> tuple[memoryview, memoryview]:
        return self.documents.array("stored_bounds").data, self.documents.bytes("stored")

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
