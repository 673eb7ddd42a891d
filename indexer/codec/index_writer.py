"""Documents → an index folder: batches, segments, merges, one commit.

Whoosh's lock is held from the first change to the commit. Batches are kept until they fill the memory that is allowed,
and become a segment then; segments are few because similar ones are merged. Until the table of contents is written
nothing of this is seen by anyone, and what a killed process leaves is swept away by the next commit.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader as WhooshSegmentReader
from whoosh.reading import TermNotFound

from ..errors import LockHeldError
from .analysts import Analysts
from .batch import BATCH_CHARS, BATCH_DOCUMENTS, Batch, train_dictionaries
from .commit import sweep, write_toc
from .compression import Dictionaries
from .container import encoded
from .document import MAX_NUMBER, IndexDocument
from .files import DurableFile, sync_folder
from .merge_policy import SegmentSize, choose_merges
from .parts import BatchPart
from .passages import BLOCK_CHARS
from .segment import ArraySegment
from .segment_part import SegmentPart
from .segment_reader import SegmentReader
from .segment_writer import SegmentWriter
from .toc import INDEX_NAME, Toc, read_toc
from .workers import Workers

__all__ = ["IndexWriter", "create_index"]

logger = logging.getLogger(__name__)


def create_index(folder: Path, schema: Schema) -> None:
    """Makes an empty index in the folder, which is made too. An index that is there already goes."""
    folder.mkdir(parents=True, exist_ok=True)
    write_toc(folder, Toc(schema, (), 0))


class IndexWriter:
    """One transaction on an index folder.

    `memory_bytes` limits what is kept before it is written as a segment; besides, the words met take up to 400 MB where
    a collection has two millions of them. `workers` are the threads that analyse. Raises LockHeldError where another
    one writes.

    After an error a writer can only be cancelled: part of what was added is lost. One that has committed or was
    cancelled is at its end. Both raise RuntimeError for anything else.
    """

    def __init__(self, folder: Path, *, workers: int = 1, memory_bytes: int = 256 << 20) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._lock = FileStorage(str(folder)).lock(f"{INDEX_NAME}_WRITELOCK")
        if not self._lock.acquire():
            raise LockHeldError(f"Another program writes to {folder}. Wait until it is done, and try again.")
        try:
            toc = read_toc(folder)
            assert toc is not None, "there is no index"
            self._toc = toc
            sweep(folder, toc)
        except BaseException:
            self._lock.release()
            raise
        self._state = _State.OPEN
        self._workers = Workers(workers)
        self._pending: list[IndexDocument] = []
        self._pending_chars = 0
        self._analysts: Analysts | None = None
        self._dictionaries = Dictionaries()
        self._open_segment: _OpenSegment | None = None
        self._kept_bytes = 0
        self._deletions: dict[str, set[bytes]] = {}
        self._dropped: set[str] = set()
        self._fresh: list[ArraySegment] = []
        self._names = 0

    def add(self, document: IndexDocument) -> None:
        """Adds a document. Raises ValueError for a number that a column cannot hold."""
        for field, number in document.numbers.items():
            if not isinstance(number, int) or not 0 <= number <= MAX_NUMBER:
                raise ValueError(f"{field} is {number!r}; an index keeps whole numbers from 0 to {MAX_NUMBER}")
        self._begin()
        self._pending.append(document)
        self._pending_chars += document.size_chars
        if self._pending_chars >= BATCH_CHARS or len(self._pending) >= BATCH_DOCUMENTS:
            self._give()
        self._state = _State.OPEN

    def delete(self, field: str, value: str) -> None:
        """Deletes the documents of former commits that have this value; those added since the last commit stay."""
        self._begin()
        self._deletions.setdefault(field, set()).add(encoded(value))
        self._state = _State.OPEN

    def drop(self, segment: str) -> None:
        """Leaves a segment of former commits out of the next one, with all its documents; its files are not read."""
        self._begin()
        self._dropped.add(segment)
        self._state = _State.OPEN

    def commit(self) -> None:
        """Publishes what was added and deleted, and gives the lock back.

        Raises OSError on a full disk and the like; then the last commit stands, and the writer must be cancelled.
        """
        self._begin()
        self._give(last=True)
        self._finish_segment()
        former = [self._without_deleted(segment) for segment in self._former()]
        segments = [segment for segment in (*former, *self._fresh) if segment.doc_count()]
        segments = self._merged(segments)
        sync_folder(self._folder)
        toc = Toc(self._toc.schema, tuple(segments), self._toc.generation + 1)
        write_toc(self._folder, toc)
        self._toc = toc
        try:
            sweep(self._folder, toc)
        except OSError as error:  # the commit is done; the next one sweeps again
            logger.warning("files of former commits could not be deleted: %s", error)
        finally:
            self._end()

    def cancel(self) -> None:
        """Forgets all changes and gives the lock back. Does nothing where that was done already."""
        if self._state is _State.ENDED:
            self._release()  # where that was interrupted
            return
        try:
            if self._open_segment is not None:
                self._open_segment.abandon()
            sweep(self._folder, self._toc)
        finally:
            self._end()

    def _begin(self) -> None:
        """A writer counts as failed until it has done what it was asked for: whatever interrupts it."""
        if self._state is not _State.OPEN:
            raise RuntimeError(f"This writer {self._state.value}.")
        self._state = _State.FAILED

    def _end(self) -> None:
        self._state = _State.ENDED  # from here on it touches no file
        try:
            self._release()  # before threads are waited for: they touch none either
        finally:
            self._workers.close()
            self._analysts = None
            self._pending, self._open_segment, self._kept_bytes, self._fresh = [], None, 0, []

    def _release(self) -> None:
        if self._lock.fd is not None:
            with suppress(OSError):  # it was interrupted when it had let go
                self._lock.release()

    def _former(self) -> list[Any]:
        """The segments of the last commit that stay."""
        return [segment for segment in self._toc.segments if segment.segment_id() not in self._dropped]

    def _reader_of(self, segment: ArraySegment) -> SegmentReader:
        return SegmentReader.open_locked(self._folder, segment.segment_id())

    # Documents → segments

    def _give(self, *, last: bool = False) -> None:
        """Hands the pending documents on; with `last`, takes all batches that are still being made."""
        documents, self._pending, self._pending_chars = self._pending, [], 0
        if documents and self._analysts is None:
            self._dictionaries = self._chosen_dictionaries(documents)
            self._analysts = Analysts(self._workers, self._dictionaries)
        if documents and self._analysts is not None:
            for batch in self._analysts.give(documents):
                self._take(batch)
        if last and self._analysts is not None:
            for batch in self._analysts.rest():
                self._take(batch)

    def _take(self, batch: Batch) -> None:
        if self._open_segment is None:
            self._open_segment = _OpenSegment(self._folder, self._next_segment(), self._dictionaries, self._workers)
        self._open_segment.writer.add(BatchPart(batch))
        self._kept_bytes += batch.size_bytes
        if self._kept_bytes >= self._memory_bytes:
            self._finish_segment()

    def _finish_segment(self) -> None:
        if self._open_segment is not None:
            self._fresh.append(self._open_segment.finish())
            self._open_segment, self._kept_bytes = None, 0

    def _next_segment(self) -> ArraySegment:
        self._names += 1
        return ArraySegment(INDEX_NAME, f"{self._toc.generation + 1}s{self._names - 1}")

    def _chosen_dictionaries(self, documents: Sequence[IndexDocument]) -> Dictionaries:
        """Those of the largest segment, so that merging need not compress anew; or new ones."""
        segments = [segment for segment in self._former() if isinstance(segment, ArraySegment)]
        if segments:
            largest = max(segments, key=_size_of)
            reader = self._reader_of(largest)
            if reader.has_passages and reader.dictionaries() != Dictionaries():
                return reader.dictionaries()
        return train_dictionaries(documents, BLOCK_CHARS)

    # Deletions and merges

    def _without_deleted(self, segment: Any) -> Any:
        """The segment of a former commit, less what was deleted; a new object where anything was."""
        if not isinstance(segment, ArraySegment):
            return self._without_deleted_foreign(segment)
        if not self._deletions:
            return segment
        reader = self._reader_of(segment)
        found = [ids for field, values in self._deletions.items() for ids in _documents_with(reader, field, values)]
        if not found:
            return segment
        deleted = segment.deletions()
        deleted[np.concatenate(found)] = True
        return segment.with_deletions(deleted)

    def _without_deleted_foreign(self, segment: Any) -> Any:
        """The same for a segment that another program wrote, through Whoosh."""
        storage = FileStorage(str(self._folder))
        with WhooshSegmentReader(storage, self._toc.schema, segment) as reader:
            for field, values in self._deletions.items():
                for value in values:
                    try:
                        matcher = reader.postings(field, value)
                    except TermNotFound:
                        continue
                    for doc_id in list(matcher.all_ids()):
                        segment.delete_document(doc_id)
        return segment

    def _merged(self, segments: list[ArraySegment]) -> list[ArraySegment]:
        """The segments after as many merges as the policy asks for."""
        while True:
            own = [segment for segment in segments if _is_mergeable(segment, self._folder)]
            merges = choose_merges([_measure(segment) for segment in own])
            if not merges:
                return segments
            for group in merges:
                merging = [own[number] for number in group]
                place = segments.index(merging[0])
                merged = self._merge(merging)
                segments = [segment for segment in segments if segment not in merging]
                segments.insert(place, merged)
            segments = [segment for segment in segments if segment.doc_count()]

    def _merge(self, segments: Sequence[ArraySegment]) -> ArraySegment:
        readers = [self._reader_of(segment) for segment in segments]
        parts = [SegmentPart(reader, segment.deletions()) for reader, segment in zip(readers, segments, strict=True)]
        largest = max(range(len(segments)), key=lambda number: _size_of(segments[number]))
        merged = _OpenSegment(self._folder, self._next_segment(), readers[largest].dictionaries(), self._workers)
        try:
            for part in parts:
                merged.writer.add(part)
            return merged.finish()
        finally:
            merged.abandon()


class _State(Enum):
    OPEN = "is open"
    FAILED = "has failed: cancel it"
    ENDED = "has ended: open another one"


class _OpenSegment:
    """A segment that is being written."""

    def __init__(self, folder: Path, segment: ArraySegment, dictionaries: Dictionaries, workers: Workers) -> None:
        self._folder = folder
        self._segment = segment
        self._files: dict[str, DurableFile] = {}
        try:
            self.writer = SegmentWriter(dictionaries, self._create, workers)
        except BaseException:
            self.abandon()
            raise

    def _create(self, extension: str) -> DurableFile:
        self._files[extension] = DurableFile(self._folder / self._segment.make_filename(extension))
        return self._files[extension]

    def finish(self) -> ArraySegment:
        """The segment, on the disk."""
        self.writer.finish()
        sizes = {extension: file.length for extension, file in self._files.items()}
        self._segment.finish(self.writer.count, sizes)
        return self._segment

    def abandon(self) -> None:
        """Closes what is still open; such files are swept away."""
        for file in self._files.values():
            file.abandon()


def _size_of(segment: ArraySegment) -> int:
    return sum(segment.sizes.values())


def _measure(segment: ArraySegment) -> SegmentSize:
    return SegmentSize(_size_of(segment), segment.deleted_count() / max(1, segment.doc_count_all()))


def _is_mergeable(segment: object, folder: Path) -> bool:
    """Whether it is one of ours, with passages: what another program wrote stays as it is."""
    return isinstance(segment, ArraySegment) and SegmentReader.open(folder, segment.segment_id()).has_passages


def _documents_with(reader: SegmentReader, field: str, values: set[bytes]) -> list[NDArray[np.int64]]:
    lexicon = reader.lexicon(field)
    if lexicon is None:
        return []
    numbers = [number for value in values if (number := lexicon.find(value)) is not None]
    return [lexicon.posting(number).doc_ids.astype(np.int64) for number in numbers]
