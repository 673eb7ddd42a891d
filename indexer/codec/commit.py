"""A commit: the table of contents that makes it (see `toc`), written, and what no table names any more, swept away."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from .files import write_durably
from .toc import INDEX_NAME, MAGIC, TRAILER, Toc, toc_path

__all__ = ["sweep", "write_toc"]

_INDEX_FILE = re.compile(rf"_?{INDEX_NAME}_[0-9A-Za-z_.]+|.*\.toc\..*|.*\.new|{INDEX_NAME}\.tmp.*")
_LOCK = f"{INDEX_NAME}_WRITELOCK"


def write_toc(folder: Path, toc: Toc) -> None:
    """Makes this the last commit. Raises OSError, and then the one before is still the last."""
    storage = RamStorage()
    TOC(toc.schema, list(toc.segments), toc.generation).write(storage, INDEX_NAME)
    with storage.open_file(TOC._filename(INDEX_NAME, toc.generation)) as file:
        body = bytes(file.read())
    write_durably(toc_path(folder, toc.generation), body + TRAILER.pack(MAGIC, zlib.crc32(body), len(body)))


def sweep(folder: Path, toc: Toc) -> list[str]:
    """Deletes the files of the index that this commit does not name; the names of those that went."""
    named = tuple(f"{segment.segment_id()}." for segment in toc.segments)
    gone = []
    for path in folder.iterdir():
        name = path.name
        if not _INDEX_FILE.fullmatch(name) or name in (_LOCK, toc_path(folder, toc.generation).name):
            continue
        if not name.startswith(named) or name.endswith(".new"):
            path.unlink(missing_ok=True)
            gone.append(name)
    return gone
