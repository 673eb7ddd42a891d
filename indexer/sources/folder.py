"""A folder of PDFs, pages, texts and JSON lines: one report a file, one a line of records."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from ..access import Access
from ..report import Candidate, Failure
from ..settings import CONFIG_NAME, STATE_NAME, Source
from ..urls import file_uri, local_path
from .records import is_records, read_records

__all__ = ["candidates_of_file", "walk"]

logger = logging.getLogger(__name__)

# Companions of saved pages and of collections, never reports; anything else is judged by its bytes.
# fmt: off
_COMPANIONS = frozenset({
    ".avif", ".bmp", ".css", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".json", ".less", ".map", ".mjs", ".mp3",
    ".mp4", ".otf", ".png", ".scss", ".svg", ".tif", ".tiff", ".toml", ".tsv", ".ttf", ".webm", ".webmanifest",
    ".webp", ".woff", ".woff2", ".xml", ".yaml", ".yml",
})
# fmt: on


def walk(source: Source, access: Access) -> Iterator[Candidate | Failure]:
    """The files below the source's folder in the order of their paths; hidden ones and companions are left out.

    A link that leads out of the folder and the collection is a failure; other links to folders are passed over, so
    that no file is read twice. A folder that cannot be read is a failure, told after all else.
    """
    top = local_path(access.locate(source.folder))
    closed: list[OSError] = []
    for path in _files(top, closed):
        if path.is_symlink() and access.leads_outside(path, top):
            where = access.portable(file_uri(path))
            yield Failure(where, "outside", "A link leads out of the folder.", source.name)
        elif path.is_symlink() and path.is_dir():
            logger.debug("%s: a link to a folder is not followed", path)
        else:
            yield from candidates_of_file(path, source.name, access)
    for error in closed:
        place = access.portable(file_uri(Path(error.filename)))
        yield Failure(place, "unreadable", f"The folder cannot be read: {error.strerror}.", source.name)


def candidates_of_file(path: Path, source: str, access: Access) -> Iterator[Candidate | Failure]:
    """One candidate for a file that is a report; one a line where it holds records."""
    location = file_uri(path)
    try:
        records = is_records(path)
    except OSError as error:
        yield Failure(access.portable(location), "unreadable", f"Cannot be opened: {error.strerror}.", source)
        return
    if records:
        yield from read_records(path, source, access)
    else:
        yield Candidate(access.identity(location), location, source)


def _files(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    """All but folders, and links to folders, depth first by name; folders that cannot be read are added to `closed`."""
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != STATE_NAME)
        links = [name for name in folders if Path(parent, name).is_symlink()]  # os.walk does not go into them
        for name in sorted([*names, *links]):
            path = Path(parent, name)
            if not name.startswith(".") and name != CONFIG_NAME and not _is_companion(path):
                yield path


def _is_companion(path: Path) -> bool:
    return path.suffix.lower() in _COMPANIONS
