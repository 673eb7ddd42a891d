"""Whoosh's table of contents, with what it lacks: a checksum, a restricted reader, and an order in which nothing is
lost.

    Whoosh's table of contents (pickled schema and segments)
    "RSTC"   u32 CRC-32 of all before   u64 length of all before      16 bytes that Whoosh does not read

The table is the commit: files of segments are on the disk before it is written, it is on the disk before it gets its
name, and its name before the commit is said to be done. Files that no table names are left over from a commit that was
not finished.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage

from ..errors import IndexFormatError

__all__ = ["INDEX_NAME", "MAGIC", "TOC_NAME", "TRAILER", "Toc", "latest_generation", "read_toc", "toc_path"]

INDEX_NAME = "MAIN"
"""What Whoosh calls an index that is given no name."""

TRAILER = struct.Struct("<4sIQ")
MAGIC = b"RSTC"
TOC_NAME = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")

_ALLOWED_MODULES = (
    "reportsearch.indexer.codec.segment",
    "whoosh.analysis",
    "whoosh.codec",
    "whoosh.columns",
    "whoosh.fields",
    "whoosh.formats",
    "whoosh.support.charset",
    "whoosh.lang",
)
_ALLOWED_NAMES = {
    ("re", "_compile"),
    ("copyreg", "_reconstructor"),
    ("copy_reg", "_reconstructor"),
    ("collections", "defaultdict"),
    ("collections", "OrderedDict"),
    *(
        (module, name)
        for module in ("builtins", "__builtin__")
        for name in ("object", "set", "frozenset", "int", "str", "bytes", "bytearray", "float", "list", "dict", "tuple")
    ),
    ("_codecs", "encode"),
    ("array", "array"),
    ("decimal", "Decimal"),
}


class Toc(NamedTuple):
    """One commit. `has_checksum` is False for one that another program wrote."""

    schema: Schema
    segments: tuple[Any, ...]
    generation: int
    has_checksum: bool = True


def toc_path(folder: Path, generation: int) -> Path:
    return folder / f"_{INDEX_NAME}_{generation}.toc"


def latest_generation(folder: Path) -> int | None:
    """The number of the last commit; None where there is no index."""
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    return max((int(match[1]) for match in map(TOC_NAME.fullmatch, names) if match), default=None)


def read_toc(folder: Path) -> Toc | None:
    """The last commit; None where there is no index. Raises IndexFormatError for one that is damaged or foreign."""
    for _ in range(10):
        generation = latest_generation(folder)
        if generation is None:
            return None
        path = toc_path(folder, generation)
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # a newer commit has just taken its place
            continue
        return _parsed(data, generation, path)
    raise IndexFormatError(f"The table of contents in {folder} does not stay. Try again.")


def _parsed(data: bytes, generation: int, path: Path) -> Toc:
    body, has_checksum = _checked(data, path)
    try:
        schema, segments = _unpickled(body, generation)
    except Exception as error:  # pickle raises anything at all
        raise IndexFormatError(
            f"{path.name} is damaged, or written by a program that this one does not know "
            f"({type(error).__name__}: {error}). {_REMEDY}"
        ) from error
    return Toc(schema, tuple(segments), generation, has_checksum)


def _checked(data: bytes, path: Path) -> tuple[bytes, bool]:
    """Whoosh's part of the table, and whether a checksum vouches for it."""
    if len(data) < TRAILER.size:
        raise IndexFormatError(f"{path.name} is cut off: it has {len(data)} bytes. {_REMEDY}")
    magic, checksum, length = TRAILER.unpack_from(data, len(data) - TRAILER.size)
    if magic == MAGIC and length == len(data) - TRAILER.size:
        body = data[:length]
        if zlib.crc32(body) != checksum:
            raise IndexFormatError(f"{path.name} is damaged: its checksum is wrong. {_REMEDY}")
        return body, True
    return data, False


_REMEDY = "Move the index folder away and type `reportsearch update`: all reports are read again."


def _unpickled(body: bytes, generation: int) -> tuple[Schema, list[Any]]:
    """Schema and segments, of classes that belong in a table of contents and no others."""
    storage = RamStorage()
    with storage.create_file("toc") as file:
        file.write(body)
    stream = storage.open_file("toc")
    for _ in range(3):
        stream.read_varint()
    if stream.read_int() != -12345:
        raise ValueError("the order of bytes is another")
    version = stream.read_int()
    if version != -111:  # of Whoosh 2.5 and all that came after
        raise ValueError(f"it has Whoosh's format {version}")
    for _ in range(3):
        stream.read_varint()
    schema = _Unpickler(io.BytesIO(stream.read_string())).load()
    if stream.read_int() != generation:
        raise ValueError("it says that it is another commit")
    stream.read_int()
    rest = io.BytesIO(body[stream.tell() :])
    segments = _Unpickler(rest).load()
    if rest.read(1):  # the end of one of ours, damaged: another program writes nothing behind the segments
        raise ValueError("its end is not what it should be")
    return schema, segments


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        allowed = (module, name) in _ALLOWED_NAMES
        if allowed or _belongs(module):
            found = super().find_class(module, name)
            if allowed or isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a table of contents")


def _belongs(module: str) -> bool:
    return any(module == allowed or module.startswith(f"{allowed}.") for allowed in _ALLOWED_MODULES)
