"""What a query needs several times: ranked by, shown and told what is missing, each word is looked up once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """The values last made, at most `capacity` of them. For any number of threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[Hashable, _T] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """The value of this key, made if it is not there."""
        found = self._values.get(key)
        if found is not None:
            return found
        value = make()
        with self._lock:
            if len(self._values) >= self._capacity:
                self._values.pop(next(iter(self._values)))  # the oldest
            self._values[key] = value
        return value
