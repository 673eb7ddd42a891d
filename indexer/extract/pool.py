"""Extraction in processes of its own: a file that hangs, crashes or eats memory takes none of the others with it.

    parent  ── Raw ──▶  worker: memory limit, no logging of libraries, ends when the parent does
            ◀─ Document or ReadError ──

Time is limited from outside, by killing the worker; memory from inside, by the operating system.
"""

import logging
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from ..errors import ExtractError
from ..report import Document
from ..settings import Limits
from .document import extract
from .raw import Raw
from .worker import OUT_OF_MEMORY_EXIT, prepare_worker

__all__ = ["ExtractionPool"]

_FILES_PER_WORKER = 300  # then it is replaced: what libraries leak stays small
_MEBIBYTE = 1024 * 1024
_GRACE_SECONDS = 60.0  # for starting and killing a worker; pebble keeps the limit itself unless its channel broke
_ATTEMPTS = 3  # at finding a pool that works

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


class ExtractionPool:
    """Worker processes that read files; none is started before the first file.

    For several threads at once, each waiting for its own file. As a context manager it ends the workers. `read` is
    what `extract` runs: a function of a module, with the signature of `document.extract`.
    """

    def __init__(self, limits: Limits, *, read: Callable[..., Document] = extract) -> None:
        self._limits = limits
        self._read = read
        self._slots = threading.BoundedSemaphore(limits.workers)
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._closed = False
        self._waiting: set[Future[Any]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers at once; a thread that still waits for a file gets CancelledError."""
        with self._lock:
            pool, self._pool, self._closed = self._pool, None, True
            waiting = tuple(self._waiting)
        for future in waiting:
            future.cancel()
        if pool is not None:
            _end(pool)

    def extract(self, raw: Raw) -> Document:
        """The document in the file, read by a worker. Raises what `document.extract` and `run` raise."""
        return self.run(self._read, raw)

    def run(self, read: Callable[..., _T], raw: Raw) -> _T:
        """What `read(raw, native=…)`, a function of a module, gives in a worker.

        Raises what it raises, and ExtractError with the status timeout, out_of_memory or crashed. A file that kills
        its worker is read once more, without native code.
        """
        with self._slots:
            try:
                return self._attempt(read, raw, native=True)
            except ProcessExpired as error:
                if error.exitcode == OUT_OF_MEMORY_EXIT:
                    raise _out_of_memory(raw) from error
                _log.debug("%s: its worker died (%s); once more", raw.location, error.exitcode)
            try:
                return self._attempt(read, raw, native=False)
            except ProcessExpired as error:
                message = f"Two workers died reading the file (exit code {error.exitcode})."
                raise ExtractError("crashed", message, location=raw.location) from error

    def _attempt(self, read: Callable[..., _T], raw: Raw, *, native: bool) -> _T:
        for _ in range(_ATTEMPTS):
            pool = self._running_pool()
            try:
                return self._result(pool, read, raw, native)
            except RuntimeError as error:  # BrokenProcessPool, or pebble's word for a pool that takes no more
                _log.debug("the pool of workers broke (%s); a new one is started", error)
                self._discard(pool)
        raise ExtractError("crashed", "The workers die before they read the file.", location=raw.location)

    def _result(self, pool: ProcessPool, read: Callable[..., _T], raw: Raw, native: bool) -> _T:
        limit = self._limits.extract_seconds
        future: Future[_T] = pool.schedule(_run, args=(read, raw, native), timeout=limit)
        with self._lock:
            self._waiting.add(future)
            closed = self._closed
        if closed:
            future.cancel()
        try:
            return future.result(limit + _GRACE_SECONDS)
        except TimeoutError as error:
            if not future.done():
                self._discard(pool)
            message = f"Reading was stopped after {limit:g} s (extract_seconds)."
            raise ExtractError("timeout", message, location=raw.location) from error
        except MemoryError as error:  # while the result was sent
            raise _out_of_memory(raw) from error
        finally:
            with self._lock:
                self._waiting.discard(future)

    def _running_pool(self) -> ProcessPool:
        with self._lock:
            if self._closed:
                raise CancelledError
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._limits.workers,
                    max_tasks=_FILES_PER_WORKER,
                    initializer=prepare_worker,
                    initargs=(self._limits.extract_memory_mb * _MEBIBYTE,),
                    # fork copies locks that other threads hold, and the parent's memory
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool

    def _discard(self, pool: ProcessPool) -> None:
        """Ends a pool that broke, unless another thread has done so already."""
        with self._lock:
            if self._pool is not pool:
                return
            self._pool = None
        _end(pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _run(read: Callable[..., _T], raw: Raw, native: bool) -> _T:
    """In the worker: reads one file."""
    try:
        return read(raw, native=native)
    except MemoryError as error:
        raise _out_of_memory(raw) from error


def _out_of_memory(raw: Raw) -> ExtractError:
    return ExtractError("out_of_memory", "There was not enough memory to read the file.", location=raw.location)
