"""Files that are on the disk when they are said to be: written, flushed, and only then known by their name."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["DurableFile", "sync_folder", "write_durably"]

_BUFFER_BYTES = 1 << 20


class DurableFile:
    """A new file that is on the disk once it is closed. Raises OSError as the system does, on a full disk for
    instance."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.length = 0
        self._file = path.open("wb", buffering=_BUFFER_BYTES)

    def write(self, data: Any, /) -> int:
        written = self._file.write(data)
        self.length += written
        return written

    def close(self) -> None:
        if self._file.closed:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Gives the file back as it is, after a write has failed; nothing where it is closed already."""
        with suppress(OSError):  # what could not be written before cannot be now
            self._file.close()


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file under a name of its own, and gives it its name once it is whole: readers see all of it or none."""
    temporary = path.with_name(f"{path.name}.new")
    file = DurableFile(temporary)
    try:
        file.write(data)
        file.close()
    finally:
        file.abandon()
    temporary.replace(path)
    try:
        sync_folder(path.parent)
    except OSError:
        path.unlink(missing_ok=True)  # it may be gone after a power cut: nobody is to rely on it
        raise


def sync_folder(folder: Path) -> None:
    """Puts the names of the files in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
