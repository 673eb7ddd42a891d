"""A text as numbers, one byte a character: most characters are ASCII, and what is done to all must not pay for all."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CodePoints"]

_NONE = np.empty(0, np.int64), np.empty(0, np.uint32)
_FIRST_BEYOND = 128


class CodePoints(NamedTuple):
    """The characters of a text. `ascii` has one byte for each; 0 stands for those beyond ASCII, which are at `places`
    (int64, ascending) and have the numbers `beyond` (uint32). Lone surrogates pass."""

    ascii: bytes
    places: NDArray[np.int64]
    beyond: NDArray[np.uint32]

    @classmethod
    def of(cls, text: str) -> "CodePoints":
        if text.isascii():
            return cls(text.encode("ascii"), *_NONE)
        numbers = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        places = np.flatnonzero(numbers >= _FIRST_BEYOND)
        low = numbers.astype(np.uint8)
        low[places] = 0
        return cls(low.tobytes(), places, numbers[places])

    def __len__(self) -> int:
        return len(self.ascii)
