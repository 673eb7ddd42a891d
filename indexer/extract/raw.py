"""One file to be read: where it is, and its bytes."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ..errors import ExtractError, FetchError

__all__ = ["Raw", "load"]


@dataclass(frozen=True, slots=True)
class Raw:
    """One file to be read, from the disk or from memory.

    `declared_type` and `charset` are what the HTTP header says; `data` is used where both it and `path` are given.
    """

    location: str
    path: Path | None = None
    data: bytes | None = None
    declared_type: str = ""
    charset: str | None = None
    max_bytes: int = 200_000_000

    def __post_init__(self) -> None:
        if self.path is None and self.data is None:
            raise ValueError("neither a path nor data to read from")


def load(raw: Raw) -> bytes:
    """The bytes. Raises FetchError `unreadable`, ExtractError `empty` or `too_large`."""
    data = raw.data if raw.data is not None else _file_bytes(raw)
    if not data:
        raise ExtractError("empty", "The file has no bytes.", location=raw.location)
    if len(data) > raw.max_bytes:
        raise _too_large(len(data), raw)
    return data


def _file_bytes(raw: Raw) -> bytes:
    """The whole of a regular file, or one byte more than is allowed."""
    assert raw.path is not None
    try:
        with open(raw.path, "rb", opener=_open_at_once) as file:  # Path.open takes no opener
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FetchError("unreadable", "This is not a regular file.", location=raw.location)
            if status.st_size > raw.max_bytes:
                raise _too_large(status.st_size, raw)
            return file.read(min(status.st_size, raw.max_bytes) + 1)  # memory is taken for all that is asked for
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise FetchError("unreadable", f"The file cannot be opened ({reason}).", location=raw.location) from error


def _open_at_once(path: str, flags: int) -> int:
    """The descriptor; opening a named pipe would wait for a writer otherwise. To regular files it is all the same."""
    return os.open(path, flags | os.O_NONBLOCK)


def _too_large(size_bytes: int, raw: Raw) -> ExtractError:
    message = f"The file has {size_bytes} bytes, and {raw.max_bytes} are allowed."
    return ExtractError("too_large", message, location=raw.location)
