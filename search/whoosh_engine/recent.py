"""What a query needs several times: ranked by, shown and told what is missing, each word is looked up once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """The values last made, at most `capacity` of them; all are forgotten when there are more. For any number of
    threads: each step is one operation on a dictionary."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[Hashable, _T] = {}

    def find(self, key: Hashable) -> _T | None:
        """The value of this key, if it is kept."""
        return self._values.get(key)

    def keep(self, key: Hashable, value: _T) -> _T:
        """Keeps the value, and gives it back."""
        values = self._values
        if len(values) >= self._capacity:
            values = self._values = {}
        values[key] = value
        return value
