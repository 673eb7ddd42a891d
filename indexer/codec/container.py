r"""A file of named sections, each with a checksum: what every file of a segment is made of.

    ┌────────────────────────────────────────────────────────────────┐
    │ magic        8 bytes   "\x89RSARR\r\n"                         │  a text conversion would break it
    │ version      u16       1                                       │
    │ reserved     6 bytes   0                                       │
    ├────────────────────────────────────────────────────────────────┤
    │ section      padded with zeros to a multiple of 8 bytes        │
    │ section …                                                      │
    ├────────────────────────────────────────────────────────────────┤
    │ table        for each section: name length u8, name (UTF-8),   │
    │              dtype 4 bytes ("<u2 "), length in bytes u64,      │
    │              checksum u32 (CRC-32 of the section, padding too) │
    ├────────────────────────────────────────────────────────────────┤
    │ table offset u64                                               │
    │ table length u32                                               │
    │ checksum     u32       CRC-32 of the table and the 12 bytes    │
    │                        before this one                         │
    └────────────────────────────────────────────────────────────────┘

Numbers are little-endian. Sections stand one after another in the order of the table, so a section's offset is the sum
of the lengths before it. A file with one section `month` of the three bytes 01 02 03:

    00  89 52 53 41 52 52 0d 0a  01 00 00 00 00 00 00 00   magic, version, reserved
    10  01 02 03 00 00 00 00 00                            section and its padding
    18  05 6d 6f 6e 74 68 7c 75  31 20 03 00 00 00 00 00   "month", "|u1 ", 3 …
    28  00 00 xx xx xx xx                                  … and checksum
    2e  18 00 00 00 00 00 00 00  16 00 00 00 xx xx xx xx   table offset 24, length 22, checksum
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import IndexFormatError

__all__ = [
    "FORMAT_VERSION",
    "REMEDY",
    "ContainerReader",
    "ContainerWriter",
    "Section",
    "WritableFile",
    "decoded",
    "empty_container",
    "encoded",
]

MAGIC = b"\x89RSARR\r\n"
FORMAT_VERSION = 1
_HEADER = struct.Struct("<8sH6x")
_ENTRY = struct.Struct("<4sQI")
_FOOTER = struct.Struct("<QII")
_ALIGNMENT = 8
_CHECK_BYTES = 1 << 20


def encoded(text: str) -> bytes:
    """The bytes of a text in the index: UTF-8. Lone surrogates pass, because names of files are full of surprises."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """The text of these bytes. Raises UnicodeDecodeError for others."""
    return data.decode("utf-8", "surrogatepass")


class WritableFile(Protocol):
    """What a container is written to, front to back."""

    def write(self, data: Any, /) -> object: ...
    def close(self) -> None: ...


class Section(NamedTuple):
    """Where a section lies: `length` bytes at `offset`, without its padding."""

    name: str
    dtype: np.dtype[Any]
    offset: int
    length: int
    checksum: int

    @property
    def padded(self) -> int:
        return self.length + _padding(self.length)


class ContainerWriter:
    """Writes sections one after another; a section may come in pieces."""

    def __init__(self, file: WritableFile) -> None:
        self._file = file
        self._sections: list[Section] = []
        self._open: tuple[str, np.dtype[Any]] | None = None
        self._offset = _HEADER.size
        self._table_length = 0
        self._length = 0
        self._checksum = 0
        file.write(_HEADER.pack(MAGIC, FORMAT_VERSION))

    def add(self, name: str, data: NDArray[Any] | bytes) -> None:
        """A whole section: an array, whose dtype is kept, or bytes."""
        self.begin(name, data.dtype if isinstance(data, np.ndarray) else np.dtype(np.uint8))
        self.extend(data)
        self.end()

    def begin(self, name: str, dtype: np.dtype[Any] | type[Any]) -> None:
        """Starts a section, to which `extend` adds until `end`."""
        assert self._open is None, "a section is open"
        self._open = (name, np.dtype(dtype).newbyteorder("<"))
        self._length = self._checksum = 0

    def extend(self, data: NDArray[Any] | bytes) -> None:
        """The next piece of the open section."""
        if isinstance(data, np.ndarray):
            assert self._open is not None
            data = np.ascontiguousarray(data, self._open[1])
            view = data.reshape(-1).view(np.uint8).data if data.size else memoryview(b"")
        else:
            view = memoryview(data)
        self._write(view)
        self._length += len(view)

    @property
    def length(self) -> int:
        """Bytes of the open section so far."""
        return self._length

    @property
    def size(self) -> int:
        """Bytes of the file so far, table included where it is closed."""
        return self._offset + self._table_length

    def end(self) -> None:
        """Ends the open section."""
        assert self._open is not None
        name, dtype = self._open
        self._write(memoryview(bytes(_padding(self._length))))
        section = Section(name, dtype, self._offset, self._length, self._checksum)
        self._sections.append(section)
        self._offset += section.padded
        self._open = None

    def _write(self, view: memoryview) -> None:
        self._checksum = zlib.crc32(view, self._checksum)
        self._file.write(view)

    def close(self) -> None:
        """Writes the table and closes the file."""
        table = b"".join(_table_entry(section) for section in self._sections)
        head = struct.pack("<QI", self._offset, len(table))
        self._file.write(table)
        self._file.write(head + struct.pack("<I", zlib.crc32(head, zlib.crc32(table))))
        self._table_length = len(table) + _FOOTER.size
        self._file.close()


def _padding(length: int) -> int:
    return -length % _ALIGNMENT


def _table_entry(section: Section) -> bytes:
    name = section.name.encode()
    if len(name) > 255:
        raise ValueError(f"the name of a section has {len(name)} bytes, and 255 are allowed: {section.name[:40]!r}")
    return (
        bytes([len(name)]) + name + _ENTRY.pack(section.dtype.str.encode().ljust(4), section.length, section.checksum)
    )


class ContainerReader:
    """The sections of a file that is in memory or mapped; nothing but the table is looked at before it is asked for.

    Raises IndexFormatError for a file that is shorter than it says, damaged in its table, foreign, or of a later
    version.
    """

    def __init__(self, data: memoryview, name: str) -> None:
        self.name = name
        self._data = data
        self.sections: Mapping[str, Section] = {section.name: section for section in _read_table(data, name)}

    def __contains__(self, name: str) -> bool:
        return name in self.sections

    def array(self, name: str) -> NDArray[Any]:
        """A section as an array over the file itself, read-only."""
        section = self.sections[name]
        return np.frombuffer(self._data, section.dtype, section.length // section.dtype.itemsize, section.offset)

    def bytes(self, name: str) -> memoryview:
        """A section's bytes, not copied."""
        section = self.sections[name]
        return self._data[section.offset : section.offset + section.length]

    def damaged(self) -> Iterator[str]:
        """The names of sections whose checksum does not agree with their bytes."""
        for section in self.sections.values():
            checksum = 0
            end = section.offset + section.padded
            for start in range(section.offset, end, _CHECK_BYTES):
                checksum = zlib.crc32(self._data[start : min(end, start + _CHECK_BYTES)], checksum)
            if checksum != section.checksum:
                yield section.name


def empty_container(name: str) -> ContainerReader:
    """One without sections, for a file that is not there yet."""
    head = struct.pack("<QI", _HEADER.size, 0)
    data = _HEADER.pack(MAGIC, FORMAT_VERSION) + head + struct.pack("<I", zlib.crc32(head))
    return ContainerReader(memoryview(data), name)


def _read_table(data: memoryview, name: str) -> Iterator[Section]:
    if len(data) < _HEADER.size + _FOOTER.size:
        raise IndexFormatError(f"{name} is cut off: it has {len(data)} bytes. {REMEDY}", section="length")
    magic, version = _HEADER.unpack_from(data)
    if magic != MAGIC or any(data[10:16]):
        raise IndexFormatError(
            f"{name} is damaged, or no index file: it begins with {bytes(data[:16])!r}. {REMEDY}", section="header"
        )
    if version != FORMAT_VERSION:
        raise IndexFormatError(
            f"{name} has format {version}, and this version of reportsearch reads {FORMAT_VERSION}. "
            "Use the version that wrote it, or move the index folder away and type `reportsearch update`: all reports "
            "are read again.",
            section="header",
        )
    offset, length, checksum = _FOOTER.unpack_from(data, len(data) - _FOOTER.size)
    if offset + length + _FOOTER.size != len(data):
        raise IndexFormatError(
            f"{name} is cut off or damaged: it has {len(data)} bytes, and its end speaks of "
            f"{offset + length + _FOOTER.size}. {REMEDY}",
            section="table",
        )
    if zlib.crc32(data[offset : offset + length + 12]) != checksum:
        raise IndexFormatError(
            f"{name} is damaged: the checksum of its table of sections is wrong. {REMEDY}", section="table"
        )
    yield from _sections(data[offset : offset + length])


def _sections(table: memoryview) -> Iterator[Section]:
    position, offset = 0, _HEADER.size
    while position < len(table):
        end = position + 1 + table[position]
        dtype, length, checksum = _ENTRY.unpack_from(table, end)
        section = Section(
            str(table[position + 1 : end], "utf-8"), np.dtype(dtype.decode().strip()), offset, length, checksum
        )
        yield section
        offset += section.padded
        position = end + _ENTRY.size


REMEDY = (
    "Type `reportsearch check --repair` and then `reportsearch update`: what is whole is kept. Or move the index "
    "folder away and type `reportsearch update`: all reports are read again."
)
