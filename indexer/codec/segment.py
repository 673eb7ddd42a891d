"""What the table of contents keeps of a segment: its name, sizes and deletions. Whoosh pickles it by module path, so
the path of this module and the attributes of the class are part of the format; their values are int, str and bytes
alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment

if TYPE_CHECKING:
    from .whoosh_codec import ArrayCodec

__all__ = ["DOCUMENTS", "EXTENSIONS", "TERMS", "ArraySegment"]

DOCUMENTS, TERMS = ".doc", ".trm"
"""Extensions of the two files: what belongs to a document, and what to a term."""
EXTENSIONS = (DOCUMENTS, TERMS)


class ArraySegment(Segment):  # type: ignore[misc]  # Whoosh is untyped
    """Documents numbered from 0, some of them deleted."""

    def __init__(self, indexname: str, segid: str | None = None) -> None:
        super().__init__(indexname)
        if segid is not None:
            self.segid = segid
        self._doc_count = 0
        self._deleted = b""  # one bit a document, zlib; b"" where none is
        self._deleted_count = 0
        self._sizes: dict[str, int] = {}

    def codec(self) -> ArrayCodec:
        from .whoosh_codec import ArrayCodec  # noqa: PLC0415  Whoosh asks the segment for the codec that reads it

        return ArrayCodec()

    def should_assemble(self) -> bool:
        return False

    def with_deletions(self, deleted: NDArray[np.bool_]) -> ArraySegment:
        """The same segment with these documents deleted (bool[documents])."""
        other = ArraySegment(self.indexname, self.segid)
        other.__dict__.update(self.__dict__)
        other._set_deleted(deleted)
        return other

    def deletions(self) -> NDArray[np.bool_]:
        """bool[documents]: which ones are deleted. A copy."""
        if not self._deleted:
            return np.zeros(self._doc_count, np.bool_)
        packed = np.frombuffer(zlib.decompress(self._deleted), np.uint8)
        return np.unpackbits(packed, count=self._doc_count).astype(np.bool_)

    def _set_deleted(self, deleted: NDArray[np.bool_]) -> None:
        self._deleted_count = int(deleted.sum())
        self._deleted = zlib.compress(np.packbits(deleted).tobytes(), 1) if self._deleted_count else b""

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each of its files, by extension."""
        return self._sizes

    def finish(self, doc_count: int, sizes: dict[str, int]) -> None:
        """Says what was written."""
        self._doc_count = doc_count
        self._sizes = sizes

    def note_file(self, extension: str, size_bytes: int) -> None:
        """Says that one of its files was written."""
        self._sizes = self._sizes | {extension: size_bytes}

    # What Whoosh asks of a segment.

    def set_doc_count(self, doccount: int) -> None:
        self._doc_count = doccount

    def doc_count_all(self) -> int:
        return self._doc_count

    def deleted_count(self) -> int:
        return self._deleted_count

    def deleted_docs(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.deletions()).tolist()) if self._deleted else iter(())

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        deleted = self.deletions()
        deleted[docnum] = delete
        self._set_deleted(deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Also of a number behind the last one: Whoosh asks for that, and it is not deleted."""
        return bool(self._deleted) and docnum < self._doc_count and bool(self.deletions()[docnum])

    def column_filename(self, field: str) -> str:
        """The file of a column that was added when the segment was written already, as Whoosh names it."""
        name: str = self.make_filename(f".{field}.col")
        return name

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__
