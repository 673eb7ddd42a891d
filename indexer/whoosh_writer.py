"""A collection's Whoosh index, written: add, replace, delete, one commit.

This module and the schema are all that knows how the index is written; nothing else has to change for another codec.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files
from whoosh.writing import LockError, SegmentWriter

from .engine import IndexEntry, ReportWriter
from .errors import IndexFormatError, LockHeldError
from .report import Report
from .schema import SCHEMA_VERSION, format_of, make_schema, to_document

__all__ = ["WhooshStore", "damaged", "open_index"]

_MEMORY_MB = 256  # what Whoosh may buffer before it sorts to disk


def damaged(folder: Path, error: Exception) -> IndexFormatError:
    """What to tell people whose index cannot be read."""
    return IndexFormatError(
        f"The index in {folder} is damaged ({type(error).__name__}: {error}). "
        "Move that folder away and type `reportsearch update`: all reports are read again."
    )


def open_index(folder: Path) -> FileIndex | None:
    """The Whoosh index in the folder; None where there is none.

    Raises IndexFormatError for an index that this version cannot read, or that is damaged.
    """
    try:
        index = whoosh_index.open_dir(str(folder))
    except (EmptyIndexError, FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:  # Whoosh unpickles the table of contents: damage there raises anything at all
        raise damaged(folder, error) from error
    stamp = format_of(index.schema)
    if stamp is None or stamp.partition("_")[0] != str(SCHEMA_VERSION):
        index.close()
        raise IndexFormatError(
            f"The index in {folder} has format {stamp or 'of another program'}, and this version reads "
            f"{SCHEMA_VERSION}. Move that folder away and type `reportsearch update`: all reports are read again."
        )
    return index


class WhooshStore:
    """The index folder of one collection, for writing."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.language = language

    def version(self) -> str | None:
        index = self._open()
        if index is None:
            return None
        with closing(index):
            return f"{SCHEMA_VERSION}.{index.latest_generation()}"

    def entries(self) -> Iterator[IndexEntry]:
        index = self._open()
        if index is None:
            return
        with closing(index), index.reader() as reader:
            for stored in reader.all_stored_fields():
                record = json.loads(stored["record"])
                yield IndexEntry(record["id"], record["source"], record["content_hash"])

    def writer(self) -> ReportWriter:
        return _Writer(self)

    def _open(self) -> FileIndex | None:
        index = open_index(self.folder)
        if index is not None and format_of(index.schema) != format_of(make_schema(self.language)):
            index.close()
            raise IndexFormatError(
                f"The index in {self.folder} was made for another language than {self.language!r}. Set the former "
                "language in reports.toml, or move that folder away and type `reportsearch update`."
            )
        return index

    def open_or_create(self) -> FileIndex:
        index = self._open()
        if index is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            index = whoosh_index.create_in(str(self.folder), make_schema(self.language))
        return index


class _Writer:
    """One transaction. Whoosh's writer is opened at the first change, so that a run without one touches no file."""

    def __init__(self, store: WhooshStore) -> None:
        self._store = store
        self._index: FileIndex | None = None
        self._writer: SegmentWriter | None = None
        self._outdated: set[str] = set()

    def replace(self, report: Report) -> None:
        self._outdate(report.id)
        self._open().add_document(**to_document(report))

    def delete(self, identity: str) -> None:
        self._outdate(identity)
        self._open()

    def commit(self) -> None:
        if self._writer is None:
            return
        with self._writer.searcher() as searcher:  # only former segments: what this run added is not seen
            for identity in self._outdated:
                self._writer.delete_by_term("id", identity, searcher=searcher)
        self._writer.commit()
        self._close()

    def cancel(self) -> None:
        try:
            if self._writer is not None and not self._writer.is_closed:  # as it is after a commit that failed
                self._writer.cancel()
        finally:
            self._sweep()
            self._close()

    def _sweep(self) -> None:
        """Deletes the files of the segment that was not finished, which Whoosh leaves behind until the next commit."""
        if self._index is not None:
            storage, name = self._index.storage, self._index.indexname
            toc = TOC.read(storage, name)
            clean_files(storage, name, toc.generation, toc.segments)

    def _outdate(self, identity: str) -> None:
        if identity in self._outdated:
            raise ValueError(f"{identity!r} was already changed since the last commit")
        self._outdated.add(identity)

    def _open(self) -> SegmentWriter:
        if self._writer is None:
            self._index = self._store.open_or_create()
            try:
                self._writer = self._index.writer(limitmb=_MEMORY_MB)
            except LockError as error:
                raise LockHeldError(
                    f"Another program writes to {self._store.folder}. Wait until it is done, and try again."
                ) from error
        return self._writer

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index = self._writer = None
        self._outdated = set()
