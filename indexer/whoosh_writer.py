"""A collection's Whoosh index, written: add, replace, delete, one commit.

This module, `whoosh_index` and the schema are all that knows that reports are kept in a Whoosh index, and that our
codec writes it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader as WhooshSegmentReader

from .codec import ArraySegment, SegmentReader, Toc
from .codec.index_writer import IndexWriter, create_index
from .engine import IndexEntry, ReportWriter
from .errors import SettingsError
from .fields import SCHEMA_VERSION, format_of
from .report import Report
from .schema import make_schema, to_document
from .whoosh_index import open_toc

__all__ = ["WhooshStore"]

DEFAULT_MEMORY_MB = 256
"""What may be kept before it is written as a segment."""


class WhooshStore:
    """The index folder of one collection, for writing."""

    def __init__(self, folder: Path, language: str, *, workers: int = 1, memory_mb: int = DEFAULT_MEMORY_MB) -> None:
        self.folder = folder
        self.language = language
        self.workers = workers
        self.memory_mb = memory_mb

    def version(self) -> str | None:
        toc = self._open()
        if toc is None:
            return None
        for segment in toc.segments:
            if isinstance(segment, ArraySegment):
                SegmentReader.open_locked(self.folder, segment.segment_id())  # is it there, and at its full length?
        return f"{SCHEMA_VERSION}.{toc.generation}"

    def entries(self) -> Iterator[IndexEntry]:
        toc = self._open()
        if toc is not None:
            for record in _records(self.folder, toc):
                yield IndexEntry(record["id"], record["source"], record["content_hash"])

    def writer(self) -> ReportWriter:
        return _Writer(self)

    def open_writer(self) -> IndexWriter:
        """A writer on the index, which is made where there is none."""
        if self._open() is None:
            create_index(self.folder, make_schema(self.language))
        return IndexWriter(self.folder, workers=self.workers, memory_bytes=self.memory_mb << 20)

    def _open(self) -> Toc | None:
        toc = open_toc(self.folder)
        former = None if toc is None else format_of(toc.schema)
        if former is not None and former != format_of(make_schema(self.language)):
            raise SettingsError(
                f"The index in {self.folder} was made for the language {former.partition('_')[2]!r}, and reports.toml "
                f"says {self.language!r}. Set the former one, or move that folder away and type `reportsearch update`.",
                key="collection.language",
            )
        return toc


def _records(folder: Path, toc: Toc) -> Iterator[Mapping[str, Any]]:
    """What is stored of each report that is not deleted."""
    storage = FileStorage(str(folder))
    for segment in toc.segments:
        with WhooshSegmentReader(storage, toc.schema, segment) as reader:
            for stored in reader.all_stored_fields():
                yield stored["record"]


class _Writer:
    """One transaction. The index's writer is opened at the first change, so that a run without one touches no file."""

    def __init__(self, store: WhooshStore) -> None:
        self._store = store
        self._writer: IndexWriter | None = None
        self._outdated: set[str] = set()

    def replace(self, report: Report) -> None:
        self._check(report.id)
        self._open().add(to_document(report, self._store.language))
        self._outdated.add(report.id)

    def delete(self, identity: str) -> None:
        self._check(identity)
        self._open()
        self._outdated.add(identity)

    def commit(self) -> None:
        if self._writer is not None:
            for identity in self._outdated:
                self._writer.delete("id", identity)
            self._writer.commit()
            self._close()

    def cancel(self) -> None:
        try:
            if self._writer is not None:
                self._writer.cancel()
        finally:
            self._close()

    def _check(self, identity: str) -> None:
        if identity in self._outdated:
            raise ValueError(f"{identity!r} was already changed since the last commit")

    def _open(self) -> IndexWriter:
        if self._writer is None:
            self._writer = self._store.open_writer()
        return self._writer

    def _close(self) -> None:
        self._writer = None
        self._outdated = set()
