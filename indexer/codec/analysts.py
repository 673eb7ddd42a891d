"""Batches made by several processes, taken in the order in which they were given."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait

from .batch import Analyst, Batch
from .compression import Dictionaries
from .document import IndexDocument

__all__ = ["Analysts"]


class Analysts:
    """Makes batches in `workers` processes, or in this one where that is 1. Close it."""

    def __init__(self, workers: int, dictionaries: Dictionaries) -> None:
        self._dictionaries = dictionaries
        self._workers = workers
        self._here: Analyst | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[Future[Batch]] = deque()

    def give(self, documents: Sequence[IndexDocument]) -> Iterator[Batch]:
        """Takes documents to make a batch of; yields the batches of earlier ones that must be taken now."""
        if self._workers == 1:
            yield self.batch_here(documents)
            return
        self._waiting.append(self._running_pool().submit(_batch, documents))
        while len(self._waiting) > 2 * self._workers:
            yield self._waiting.popleft().result()

    def batch_here(self, documents: Sequence[IndexDocument]) -> Batch:
        """A batch made in this process."""
        if self._here is None:
            self._here = Analyst(self._dictionaries)
        return self._here.batch(documents)

    def rest(self) -> Iterator[Batch]:
        """The batches that are still to come."""
        while self._waiting:
            yield self._waiting.popleft().result()

    def close(self) -> None:
        """Ends the processes; batches that were not taken are lost."""
        for future in self._waiting:
            future.cancel()
        self._waiting.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _running_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                # a fork would hold the index's lock for as long as it lives, whatever becomes of its parent
                multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(self._dictionaries,),
            )
        return self._pool


_analyst: Analyst | None = None  # of a worker process


def _prepare(dictionaries: Dictionaries) -> None:
    """In a worker, first of all."""
    global _analyst
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _analyst = Analyst(dictionaries)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _batch(documents: Sequence[IndexDocument]) -> Batch:
    assert _analyst is not None
    return _analyst.batch(documents)
