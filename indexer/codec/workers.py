"""Work for several threads, with its results in the order in which it was given.

Threads, because almost all of what is done for an index is done by NumPy and zstd, which let other threads run:
processes would each learn all words anew, and their arrays would be copied twice on the way back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

__all__ = ["Line", "Workers"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Workers:
    """`count` threads; none where that is 1: then work is done where it is given. Close them."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="indexing") if count > 1 else None

    def submit(self, function: Callable[[_In], _Out], item: _In) -> Future[_Out]:
        if self._pool is not None:
            return self._pool.submit(function, item)
        done: Future[_Out] = Future()
        done.set_result(function(item))
        return done

    def map(self, function: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
        """What the function makes of each, in order; no more of them are made ahead than there are threads."""
        line = Line(self, function)
        for item in items:
            yield from line.give(item)
        yield from line.rest()

    def close(self) -> None:
        """Lets the threads end when they are done with what they are at; what was given besides is not begun."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


class Line(Generic[_In, _Out]):
    """Items that wait for their turn, and what was made of them."""

    def __init__(self, workers: Workers, function: Callable[[_In], _Out]) -> None:
        self._workers = workers
        self._function = function
        self._waiting: deque[Future[_Out]] = deque()

    def give(self, item: _In) -> Iterator[_Out]:
        """Takes one more item; yields what must be taken now, so that no more than one waits for each thread."""
        self._waiting.append(self._workers.submit(self._function, item))
        while len(self._waiting) > (self._workers.count + 1 if self._workers.count > 1 else 0):
            yield self._waiting.popleft().result()

    def rest(self) -> Iterator[_Out]:
        """All that is still to come."""
        while self._waiting:
            yield self._waiting.popleft().result()
