"""What is needed several times: by a query to rank by, to show and to tell what is missing, and its words by others."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """The values last made, at most `capacity` of them, whose sizes add up to `room` at most: all are forgotten when
    there are more, and one that would take more than half of the room is not kept. For any number of threads: each step
    is one operation on a dictionary, and when two keep something at once, room is counted wrong by a value."""

    def __init__(self, capacity: int, room: int = 1 << 62) -> None:
        self._capacity = capacity
        self._room = room
        self._taken = 0
        self._values: dict[Hashable, _T] = {}
        self.find = self._values.get
        """The value of a key; None where it is not kept."""

    def keep(self, key: Hashable, value: _T, size: int = 0) -> _T:
        """Keeps the value, and gives it back."""
        if size * 2 > self._room:
            return value
        values = self._values
        if len(values) >= self._capacity or self._taken + size > self._room:
            values.clear()
            self._taken = 0
        values[key] = value
        self._taken += size
        return value
