"""Documents → an index folder: batches, segments, merges, one commit.

Whoosh's lock is held from the first change to the commit. Batches are kept until they fill the memory that is allowed,
and become a segment then; segments are few because similar ones are merged. Until the table of contents is written
nothing of this is seen by anyone, and what a killed process leaves is swept away by the next commit.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
from .batch import Batch, Dictionaries, IndexDocument, train_dictionaries
from .files import DurableFile, sync_folder
from .merge_policy import SegmentSize, choose_merges
from .parts import BatchPart, Part
from .passages import BLOCK_CHARS
from .segment import ArraySegment
from .segment_reader import SegmentPart, SegmentReader
from .segment_writer import write_segment
from .toc import INDEX_NAME, Toc, read_toc, sweep, write_toc

__all__ = ["IndexWriter", "create_index"]

logger = logging.getLogger(__name__)

BATCH_CHARS = 12_000_000
"""Text that is analysed and inverted in one go: about two million words, half a second."""


def create_index(folder: Path, schema: Schema) -> None:
    """Makes an empty index in the folder, which is made too. An index that is there already goes."""
    folder.mkdir(parents=True, exist_ok=True)
    write_toc(folder, Toc(schema, (), 0))


class IndexWriter:
    """One transaction on an index folder.

    `memory_bytes` limits what is kept before it is written as a segment; `workers` are the processes that analyse.
    Raises LockHeldError where another one writes.
    """

    def __init__(self, folder: Path, *, workers: int = 1, memory_bytes: int = 256 << 20) -> None:
        self._folder = folder
        self._workers = workers
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
        self._pending: list[IndexDocument] = []
        self._pending_chars = 0
        self._analysts: Analysts | None = None
        self._dictionaries = Dictionaries()
        self._batches: list[Batch] = []
        self._deletions: dict[str, set[bytes]] = {}
        self._fresh: list[ArraySegment] = []
        self._names = 0

    def add(self, document: IndexDocument) -> None:
        """Adds a document."""
        self._pending.append(document)
        self._pending_chars += document.size_chars
        if self._pending_chars >= BATCH_CHARS:
            self._give()

    def delete(self, field: str, value: str) -> None:
        """Deletes the documents of former commits that have this value; those added since the last commit stay."""
        self._deletions.setdefault(field, set()).add(value.encode("utf-8", "surrogatepass"))

    def commit(self) -> None:
        """Publishes what was added and deleted, and gives the lock back.

        Raises OSError on a full disk and the like; then the last commit stands, and the writer must be cancelled.
        """
        self._give(last=True)
        self._write_batches()
        former = [self._without_deleted(segment) for segment in self._toc.segments]
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
        self._end()

    def cancel(self) -> None:
        """Forgets all changes and gives the lock back."""
        try:
            sweep(self._folder, self._toc)
        finally:
            self._end()

    def _end(self) -> None:
        if self._analysts is not None:
            self._analysts.close()
            self._analysts = None
        self._pending, self._batches, self._fresh = [], [], []
        self._lock.release()

    # Documents → segments

    def _give(self, *, last: bool = False) -> None:
        """Hands the pending documents on; with `last`, takes all batches that are still being made."""
        documents, self._pending, self._pending_chars = self._pending, [], 0
        if documents and self._analysts is None:
            self._dictionaries = self._chosen_dictionaries(documents)
            self._analysts = Analysts(self._workers, self._dictionaries)
            self._take(self._analysts.batch_here(documents))  # a small job is done before a process has started
        elif documents and self._analysts is not None:
            for batch in self._analysts.give(documents):
                self._take(batch)
        if last and self._analysts is not None:
            for batch in self._analysts.rest():
                self._take(batch)

    def _take(self, batch: Batch) -> None:
        self._batches.append(batch)
        if sum(batch.size_bytes for batch in self._batches) >= self._memory_bytes:
            self._write_batches()

    def _write_batches(self) -> None:
        if self._batches:
            parts = [BatchPart(batch) for batch in self._batches]
            self._batches = []
            self._fresh.append(self._write(parts, self._dictionaries))

    def _chosen_dictionaries(self, documents: Sequence[IndexDocument]) -> Dictionaries:
        """Those of the largest segment, so that merging need not compress anew; or new ones."""
        segments = [segment for segment in self._toc.segments if isinstance(segment, ArraySegment)]
        if segments:
            largest = max(segments, key=_size_of)
            reader = SegmentReader.open(self._folder, largest.segment_id())
            if reader.has_passages and reader.dictionaries() != Dictionaries():
                return reader.dictionaries()
        return train_dictionaries(documents, BLOCK_CHARS)

    def _write(self, parts: Sequence[Part], dictionaries: Dictionaries) -> ArraySegment:
        segment = ArraySegment(INDEX_NAME, f"{self._toc.generation + 1}s{self._names}")
        self._names += 1
        files: dict[str, DurableFile] = {}

        def create(extension: str) -> DurableFile:
            files[extension] = DurableFile(self._folder / segment.make_filename(extension))
            return files[extension]

        count = write_segment(parts, dictionaries, create)
        segment.finish(count, {extension: file.length for extension, file in files.items()})
        return segment

    # Deletions and merges

    def _without_deleted(self, segment: Any) -> Any:
        """The segment of a former commit, less what was deleted; a new object where anything was."""
        if not isinstance(segment, ArraySegment):
            return self._without_deleted_foreign(segment)
        if not self._deletions:
            return segment
        reader = SegmentReader.open(self._folder, segment.segment_id())
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
        readers = [SegmentReader.open(self._folder, segment.segment_id()) for segment in segments]
        parts = [SegmentPart(reader, segment.deletions()) for reader, segment in zip(readers, segments, strict=True)]
        largest = max(range(len(segments)), key=lambda number: _size_of(segments[number]))
        return self._write(parts, readers[largest].dictionaries())


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
