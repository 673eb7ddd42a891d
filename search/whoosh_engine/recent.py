"""What a query needs several times: ranked by, shown and told what is missing, each word is looked up once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """The values last made, as many as weigh no more than `capacity` together. For any number of threads."""

    def __init__(self, capacity: int, weight: Callable[[_T], int]) -> None:
        self._capacity = capacity
        self._weight = weight
        self._values: OrderedDict[Hashable, _T] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """The value of this key, made if it is not there."""
        with self._lock:
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
                return found
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._total += self._weight(value)
            while self._total > self._capacity and len(self._values) > 1:
                _, gone = self._values.popitem(last=False)
                self._total -= self._weight(gone)
        return value
