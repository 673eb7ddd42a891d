"""What each character is to words, as tables over all of Unicode that grow by blocks as texts need them."""

import os
import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .folding import fold_character

__all__ = ["APOSTROPHE", "JOINED", "LETTER", "OTHER", "Table", "key_of", "kind_of"]

OTHER, LETTER, JOINED = 0, 1, 2
"""Between words; in words; in words without spaces between them, which are read two by two."""

APOSTROPHE = frozenset("'’‘ʼ＇`´")

_SCRIPTS_WITHOUT_SPACES = (
    (0x0E01, 0x0E4E),  # Thai, without its digits
    (0x0E81, 0x0ECD),  # Lao
    (0x1000, 0x103F),  # Burmese
    (0x1100, 0x11FF),  # Hangul
    (0x1780, 0x17D3),  # Khmer
    (0x2E80, 0x2FDF),  # Han radicals
    (0x3005, 0x3007),
    (0x3041, 0x30FF),  # kana
    (0x3105, 0x318F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFFDC),  # half-width kana and Hangul
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),  # Han
)
_OF_WORDS = ("L", "M", "N")  # general categories: letters, marks, numbers
_CODE_POINTS = 0x110000
_BLOCK = 256
_FEW = 1000  # characters
_USUAL = 0x2100  # up to general punctuation
_SECRET = int.from_bytes(os.urandom(8))


class Table:
    """A number for each character. Blocks of it are made as texts need them; threads may share it."""

    def __init__(self, dtype: type[np.unsignedinteger[Any]], number_of: Callable[[str], int]) -> None:
        self._values = np.zeros(_CODE_POINTS, dtype)
        self._number_of = number_of
        self._known = np.zeros(_CODE_POINTS // _BLOCK, np.bool_)
        self._usual_known = False
        self._lock = threading.Lock()

    def of(self, code_points: NDArray[np.uint32]) -> NDArray[Any]:
        """Those of these characters."""
        if len(code_points) < _FEW:
            for block in {code_point // _BLOCK for code_point in code_points.tolist()}:
                if not self._known[block]:
                    self._fill(block)
        elif code_points.max() < _USUAL:
            self._fill_usual()
        else:
            seen = np.zeros(len(self._known), np.bool_)
            seen[code_points // _BLOCK] = True
            for block in np.flatnonzero(seen & ~self._known).tolist():
                self._fill(block)
        return self._values[code_points]

    def _fill_usual(self) -> None:
        """Latin, Greek, Cyrillic and punctuation: of many characters, asking which are there would cost more."""
        if not self._usual_known:
            for block in np.flatnonzero(~self._known[: _USUAL // _BLOCK]).tolist():
                self._fill(block)
            self._usual_known = True

    def _fill(self, block: int) -> None:
        first = block * _BLOCK
        with self._lock:
            self._values[first : first + _BLOCK] = [
                self._number_of(chr(code_point)) for code_point in range(first, first + _BLOCK)
            ]
            self._known[block] = True


def kind_of(char: str) -> int:
    """OTHER, LETTER or JOINED."""
    if unicodedata.category(char)[0] not in _OF_WORDS or char in APOSTROPHE:
        return OTHER
    code_point = ord(char)
    return JOINED if any(first <= code_point <= last for first, last in _SCRIPTS_WITHOUT_SPACES) else LETTER


def key_of(char: str) -> int:
    """A random number of 64 bits, the same for characters that fold to the same one.

    SplitMix64 (Steele, Lea & Flood 2014), begun at a place that no one outside of this process knows."""
    mask = (1 << 64) - 1
    mixed = (ord(fold_character(char)) + 1) * 0x9E3779B97F4A7C15 + _SECRET & mask
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & mask
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & mask
    return mixed ^ mixed >> 31
