"""Extraction in processes of its own: a file that hangs, crashes or eats memory takes none of the others with it.

    parent  ── Raw ──▶  worker: memory limit, no logging of libraries, ends when the parent does
            ◀─ Document or ReadError ──

Time is limited from outside, by killing the worker; memory from inside, by the operating system.
"""

import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ..errors import ExtractError
from ..report import Document
from ..settings import Limits
from .document import Raw, extract

__all__ = ["ExtractionPool"]

_FILES_PER_WORKER = 300  # then it is replaced: what libraries leak stays small
_WATCH_SECONDS = 1.0
_OUT_OF_MEMORY_EXIT = 77
_ATTEMPTS_TO_START = 3

_log = logging.getLogger(__name__)


class ExtractionPool:
    """Worker processes that read files; none is started before the first file.

    Used by several threads at once, each waiting for its own file. As a context manager it ends the workers.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._waiting: set[ProcessFuture] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers at once; a thread that still waits for a file gets CancelledError."""
        with self._lock:
            pool, self._pool = self._pool, None
            waiting = tuple(self._waiting)
        for future in waiting:
            future.cancel()
        if pool is not None:
            _end(pool)

    def extract(self, raw: Raw) -> Document:
        """The document in the file, read by a worker.

        Raises what `document.extract` raises, and ExtractError with the status timeout, out_of_memory or crashed.
        """
        try:
            return self._read(raw, native=True)
        except ProcessExpired as error:
            if error.exitcode == _OUT_OF_MEMORY_EXIT:
                raise _out_of_memory(raw, self._limits) from error
            _log.debug("%s: worker ended with %s, trying again without native code", raw.location, error.exitcode)
        try:
            return self._read(raw, native=False)
        except ProcessExpired as error:
            message = f"The worker that read the file ended twice (exit code {error.exitcode})."
            raise ExtractError("crashed", message, location=raw.location) from error
