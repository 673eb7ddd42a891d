"""Processor time and wall clock of writing, without what reading the documents takes."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Iterator

from .documents import Document

__all__ = ["Stopwatch"]


class Stopwatch:
    """Runs from when it is made. Processor time is that of all threads, and of children that have ended."""

    def __init__(self) -> None:
        self._reading_cpu_s = self._reading_wall_s = 0.0
        self._wall_s, self._cpu_s = time.perf_counter(), _cpu_s()

    def excluding(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents; the time that it takes to read each is not counted."""
        iterator = iter(documents)
        while True:
            wall_s, cpu_s = time.perf_counter(), time.thread_time()
            document = next(iterator, None)
            self._reading_wall_s += time.perf_counter() - wall_s
            self._reading_cpu_s += time.thread_time() - cpu_s
            if document is None:
                return
            yield document

    def read(self) -> dict[str, float]:
        """`cpu_ms` and `wall_ms` until now."""
        return {
            "cpu_ms": (_cpu_s() - self._cpu_s - self._reading_cpu_s) * 1000,
            "wall_ms": (time.perf_counter() - self._wall_s - self._reading_wall_s) * 1000,
        }


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
