"""A collection's Whoosh index, opened: its last commit, or why it cannot be read."""

from pathlib import Path

from .codec import Toc, read_toc
from .errors import IndexFormatError
from .fields import SCHEMA_VERSION, format_of

__all__ = ["damaged", "open_toc"]


def damaged(folder: Path, what: str) -> IndexFormatError:
    """What to tell people whose index cannot be read."""
    return IndexFormatError(
        f"The index in {folder} is damaged ({what}). "
        "Move that folder away and type `reportsearch update`: all reports are read again."
    )


def open_toc(folder: Path) -> Toc | None:
    """The last commit in the folder; None where there is none.

    Raises IndexFormatError for an index that this version cannot read, or that is damaged.
    """
    toc = read_toc(folder)
    if toc is None:
        return None
    stamp = format_of(toc.schema)
    if stamp is None or stamp.partition("_")[0] != str(SCHEMA_VERSION):
        raise IndexFormatError(
            f"The index in {folder} has format {stamp or 'of another program'}, and this version reads "
            f"{SCHEMA_VERSION}. Move that folder away and type `reportsearch update`: all reports are read again."
        )
    return toc
