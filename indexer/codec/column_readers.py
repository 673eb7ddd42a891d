"""Columns of a segment as Whoosh reads them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from numpy.typing import NDArray
from whoosh.columns import ColumnReader
from whoosh.filedb.structfile import BufferFile

from .pages import encode_pages
from .segment_reader import SegmentReader

__all__ = ["NumbersReader", "PagesReader", "SectionFile"]


class SectionFile(BufferFile):  # type: ignore[misc]  # Whoosh is untyped
    """A section as the file that a column's reader expects; copied only where it is read from front to back."""

    def __init__(self, data: memoryview) -> None:
        self._buf = data
        self._name = None
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    @cached_property
    def file(self) -> io.BytesIO:
        return io.BytesIO(self._buf)


class NumbersReader(ColumnReader):  # type: ignore[misc]
    """A column of numbers, over the file itself."""

    def __init__(self, numbers: NDArray[Any]) -> None:
        self._numbers = numbers
        self._reversed = False

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum])

    def sort_key(self, docnum: int) -> int:
        return -self[docnum] if self._reversed else self[docnum]

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers.tolist())

    def load(self) -> list[int]:
        return list(self)

    def set_reverse(self) -> None:
        self._reversed = True


class PagesReader(ColumnReader):  # type: ignore[misc]
    """The texts of documents by page, put together from their passages, as the column that the schema speaks of."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader

    def __len__(self) -> int:
        return self._reader.doc_count

    def __getitem__(self, docnum: int) -> bytes:
        return encode_pages(self._reader.passages.pages(docnum))

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))
