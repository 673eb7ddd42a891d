"""Where a page's text is cut into passages: between sentences, else between words, never inside a word."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_CHARS", "TARGET_CHARS", "passage_starts", "sentence_starts"]

MIN_CHARS = 200
TARGET_CHARS = 480
"""About four sentences: small enough to be looked through in microseconds, large enough to hold any snippet."""
MAX_CHARS = 800

_ENDS = np.array(sorted(map(ord, ".!?…。！？")), np.uint32)
_CLOSING = np.array(sorted(map(ord, "\"'”’)]»」』")), np.uint32)
_SPACES = np.array(sorted(map(ord, " \t\n\r\f\v\u00a0\u2028\u2029\u3000")), np.uint32)
_NEWLINE = ord("\n")
_FULL_WIDTH = np.array(sorted(map(ord, "。！？")), np.uint32)  # no space follows these
_TABLE = 0x3100  # all of the above but the full-width marks lie below


def _table(members: NDArray[np.uint32]) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, np.bool_)
    table[members] = True
    return table


_IS_SPACE, _IS_END, _IS_CLOSING, _IS_FULL_WIDTH = map(_table, (_SPACES, _ENDS, _CLOSING, _FULL_WIDTH))


def sentence_starts(text: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The characters with which a sentence or a line begins, but for the first."""
    narrow = np.minimum(text, 0xFFFF)
    space = _IS_SPACE[narrow]
    firsts = np.flatnonzero(space[:-1] & ~space[1:]) + 1 if len(text) else np.empty(0, np.int64)
    gaps = np.flatnonzero(~space[:-1] & space[1:]) + 1 if len(text) else firsts  # where white space begins
    before = gaps[np.maximum(np.searchsorted(gaps, firsts) - 1, 0)] if len(gaps) else firsts
    last = np.maximum(before - 1, 0)
    ended = _IS_END[narrow[last]] | (_IS_CLOSING[narrow[last]] & _IS_END[narrow[np.maximum(last - 1, 0)]])
    lines = np.cumsum(text == _NEWLINE)
    ended |= lines[firsts - 1] > lines[last]
    full = np.flatnonzero(_IS_FULL_WIDTH[narrow]) + 1
    starts = firsts[ended]
    return np.union1d(starts, full[full < len(text)]) if len(full) else starts


def passage_starts(start: int, end: int, sentences: Sequence[int], words: Sequence[int]) -> list[int]:
    """Where the passages of the text from `start` to `end` begin; none where it is empty.

    `sentences` and `words` are where these begin, ascending. A passage is longer than MAX_CHARS only where one word is;
    words are cut only where they overlap, as pairs of characters do, for longer than that.
    """
    if start == end:
        return []
    starts = [start]
    while end - start > MAX_CHARS:
        start = _next_start(start, end, sentences, words)
        if start >= end:
            break
        starts.append(start)
    return starts


def _next_start(start: int, end: int, sentences: Sequence[int], words: Sequence[int]) -> int:
    target, limit = start + TARGET_CHARS, start + MAX_CHARS
    after = bisect_right(sentences, target)
    if after and sentences[after - 1] >= start + MIN_CHARS:
        return sentences[after - 1]
    if after < len(sentences) and sentences[after] <= limit:
        return sentences[after]
    first, last = bisect_left(words, start + 1), bisect_right(words, target)
    for word in chain(range(last - 1, first - 1, -1), range(last, bisect_right(words, limit))):
        if not word or words[word] - words[word - 1] > 1:  # else it may share a character with the one before it
            return words[word]
    cut = last - 1 if last > first else first
    return words[cut] if cut < len(words) else end
