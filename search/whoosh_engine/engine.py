"""The engine: one index folder, of which a new commit is seen by the next search.

A snapshot is never closed while someone reads it: threads share the newest one, those that began with an older one
finish with it, and its maps go with the last array that lives on them. Commits share the maps of the segments that they
share."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from reportsearch.indexer.codec import DOCUMENTS, ArraySegment, SegmentReader, Toc, latest_generation, toc_path
from reportsearch.indexer.errors import IndexFormatError, NoIndexError, ReportSearchError
from reportsearch.indexer.whoosh_index import damaged, open_toc

from .heap import keep_freed_memory
from .rank import Scoring
from .snapshot import WhooshSnapshot

__all__ = ["WhooshEngine"]

_SETTLED_NS = 100_000_000
"""A folder that changed less than this ago may change again without getting a later time."""
_ATTEMPTS = 10
FileIdentity = tuple[int, int, int]
"""Device, inode and time of the last change (ns)."""
_NO_FILE: FileIdentity = (0, 0, 0)


class _Reading:
    """A snapshot for as long as a `with` lasts. What goes wrong there because of damage is said to be that: a damaged
    section can make anything go wrong, and checksums are looked at only then."""

    __slots__ = ("_snapshot",)

    def __init__(self, snapshot: WhooshSnapshot) -> None:
        self._snapshot = snapshot

    def __enter__(self) -> WhooshSnapshot:
        return self._snapshot

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, ReportSearchError | NotImplementedError):
            return
        if section := self._snapshot.damage():
            raise damaged(self._snapshot.folder, section) from error


class WhooshEngine:
    """The index in one folder, for any number of threads."""

    def __init__(self, folder: Path, scoring: Scoring | None = None) -> None:
        self._folder = folder
        self._scoring = scoring
        self._lock = threading.Lock()
        self._snapshot: WhooshSnapshot | None = None
        self._changed_ns = -1
        self._opened_commit: tuple[int, FileIdentity] | None = None
        self._readers: WeakValueDictionary[tuple[str, FileIdentity], SegmentReader] = WeakValueDictionary()

    def close(self) -> None:
        """Forgets the snapshot; searches under way finish."""
        with self._lock:
            self._snapshot = None
            self._changed_ns = -1

    def snapshot(self) -> _Reading:
        return _Reading(self._newest())

    def _newest(self) -> WhooshSnapshot:
        snapshot = self._snapshot
        if snapshot is not None and self._folder_time() == self._changed_ns:
            return snapshot
        with self._lock:
            changed_ns = self._folder_time()  # before the look at the folder: what comes after it is seen next time
            commit = self._commit()
            if self._snapshot is None or commit != self._opened_commit:
                keep_freed_memory()
                self._snapshot = self._opened()
                self._opened_commit = commit if commit and commit[0] == self._snapshot.generation else None
            settled = time.time_ns() - changed_ns > _SETTLED_NS
            self._changed_ns = changed_ns if settled else -1
            return self._snapshot

    def _folder_time(self) -> int:
        try:
            return os.stat(self._folder).st_mtime_ns  # noqa: PTH116  for each search, and Path's own is slower
        except OSError:
            return -2

    def _commit(self) -> tuple[int, FileIdentity] | None:
        """The last commit, told apart also from one of the same number in an index that stood here before."""
        generation = latest_generation(self._folder)
        try:
            return None if generation is None else (generation, _identity(toc_path(self._folder, generation)))
        except FileNotFoundError:
            return None

    def _opened(self) -> WhooshSnapshot:
        for attempt in range(_ATTEMPTS):
            toc = self._toc()
            try:
                readers = {segment.segment_id(): self._reader(toc, segment) for segment in toc.segments}
                return WhooshSnapshot(self._folder, toc, readers, self._scoring)
            except IndexFormatError:
                raise
            except FileNotFoundError as error:  # a commit took the files away just now, or someone else for good
                if attempt == _ATTEMPTS - 1 or latest_generation(self._folder) == toc.generation:
                    raise damaged(self._folder, f"{type(error).__name__}: {error}") from error
            except Exception as error:  # a damaged table of contents may name anything at all
                raise damaged(self._folder, f"{type(error).__name__}: {error}") from error
        raise AssertionError("unreachable")

    def _toc(self) -> Toc:
        toc = open_toc(self._folder)
        if toc is None or toc.generation == 0:  # a first run that was killed had made it, and committed nothing yet
            raise NoIndexError(
                f"There is no index in {self._folder} yet. Type `reportsearch update` to make it from the "
                "sources in reports.toml, or `reportsearch add PATH_OR_URL` for a single report."
            )
        return toc

    def _reader(self, toc: Toc, segment: Any) -> SegmentReader:
        name = segment.segment_id()  # an index anew begins with the same names; those of other programs are random
        own = isinstance(segment, ArraySegment)
        key = (name, _identity(self._folder / f"{name}{DOCUMENTS}") if own else _NO_FILE)
        reader = self._readers.get(key)
        if reader is None:
            reader = SegmentReader.open(self._folder, name) if own else None
            if reader is None or not reader.has_passages:
                reader = _adopted(self._folder, toc, segment)
            self._readers[key] = reader
        return reader


def _adopted(folder: Path, toc: Toc, segment: Any) -> SegmentReader:
    """A segment that another program wrote, as ours."""
    from reportsearch.indexer.adoption import open_as_ours  # noqa: PLC0415  it loads all that writing needs

    return open_as_ours(folder, toc, segment)


def _identity(path: Path) -> FileIdentity:
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_mtime_ns
