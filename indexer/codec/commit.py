"""A commit: the table of contents that makes it (see `toc`), written, and what no table names any more, swept away."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from .files import write_durably
from .toc import INDEX_NAME, MAGIC, TOC_NAME, TRAILER, Toc, toc_path

__all__ = ["sweep", "unnamed_files", "write_toc"]

_INDEX_FILE = re.compile(rf"_?{INDEX_NAME}_[0-9A-Za-z_.]+|.*\.toc\..*|.*\.new|{INDEX_NAME}\.tmp.*")
_LOCK = f"{INDEX_NAME}_WRITELOCK"


def write_toc(folder: Path, toc: Toc) -> None:
    """Makes this the last commit. Raises OSError, and then the one before is still the last."""
    storage = RamStorage()
    TOC(toc.schema, list(toc.segments), toc.generation).write(storage, INDEX_NAME)
    with storage.open_file(TOC._filename(INDEX_NAME, toc.generation)) as file:
        body = bytes(file.read())
    write_durably(toc_path(folder, toc.generation), body + TRAILER.pack(MAGIC, zlib.crc32(body), len(body)))


def unnamed_files(folder: Path, toc: Toc) -> list[str]:
    """The files of the index that this commit does not name; tables of contents first, the last of them foremost."""
    named = tuple(f"{segment.segment_id()}." for segment in toc.segments)
    kept = (_LOCK, toc_path(folder, toc.generation).name)
    names = [path.name for path in folder.iterdir()]
    unnamed = [
        name
        for name in names
        if _INDEX_FILE.fullmatch(name) and name not in kept and (not name.startswith(named) or name.endswith(".new"))
    ]
    return sorted(unnamed, key=lambda name: (-_generation_of(name), name))


def _generation_of(name: str) -> int:
    match = TOC_NAME.fullmatch(name)
    return int(match[1]) if match else -1


def sweep(folder: Path, toc: Toc) -> list[str]:
    """Deletes the files of the index that this commit does not name; the names of those that went.

    A later table of contents goes before what it names: whenever this is cut short, the last one left is whole.
    """
    gone = unnamed_files(folder, toc)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone
