"""Where a page's text is cut into passages: between sentences, else between words, never inside a word."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_CHARS", "TARGET_CHARS", "Edges", "edges_of", "passage_starts"]

MIN_CHARS = 120
TARGET_CHARS = 320
"""Two or three sentences: most passages are a snippet as they are, and are looked through in microseconds."""
MAX_CHARS = 560

_SPACE, _END, _CLOSING, _FULL_WIDTH, _NEWLINE = (np.uint8(1 << bit) for bit in range(5))
_CHARACTERS = {
    " \t\n\r\f\v\u00a0\u2028\u2029\u3000": _SPACE,
    "\n": _NEWLINE,
    ".!?…。！？": _END,
    "\"'”’)]»」』": _CLOSING,
    "。！？": _FULL_WIDTH,  # no space follows these
}


def _kinds() -> NDArray[np.uint8]:
    """What each character of the first plane is to sentences; its last one stands for all of the others."""
    kinds = np.zeros(0x10000, np.uint8)
    for characters, kind in _CHARACTERS.items():
        kinds[list(map(ord, characters))] |= kind
    return kinds


_KINDS = _kinds()


class Edges(NamedTuple):
    """Where sentences (or paragraphs) and lines begin in a text, but for the first of each; ascending."""

    sentences: Sequence[int]
    lines: Sequence[int]


def edges_of(text: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where sentences and lines begin (int64), but for the first of each. An empty line ends a sentence, a line as it
    comes out of a PDF does not."""
    if len(text) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    kinds = _KINDS[np.minimum(text, 0xFFFF)]
    space = kinds & _SPACE
    firsts = np.flatnonzero(space[:-1] > space[1:]) + 1  # behind white space
    last = np.maximum(firsts - 2, 0)  # before it, if it is one character
    newlines = ((kinds[firsts - 1] & _NEWLINE) != 0).astype(np.int64)
    wide = np.flatnonzero(space[last])
    if len(wide):
        gaps = np.concatenate(([0], np.flatnonzero(space[:-1] < space[1:]) + 1))  # where white space begins
        begins = gaps[np.searchsorted(gaps, firsts[wide]) - 1]
        last[wide] = np.maximum(begins - 1, 0)
        all_newlines = np.flatnonzero(kinds & _NEWLINE)
        newlines[wide] = np.searchsorted(all_newlines, firsts[wide]) - np.searchsorted(all_newlines, begins)
    before = kinds[last]
    closed = (before & _CLOSING != 0) & (kinds[np.maximum(last - 1, 0)] & _END != 0)
    sentences = firsts[(newlines > 1) | closed | (before & _END != 0)]
    full = np.flatnonzero(kinds & _FULL_WIDTH) + 1
    if len(full):
        sentences = np.union1d(sentences, full[full < len(text)])
    return sentences, firsts[newlines > 0]


def passage_starts(start: int, end: int, edges: Edges, words: NDArray[np.int64]) -> list[int]:
    """Where the passages of the text from `start` to `end` begin; none where it is empty.

    `words` are where words begin, ascending. A passage is longer than MAX_CHARS only where one word is; words are cut
    only where they overlap, as pairs of characters do, for longer than that.
    """
    if start == end:
        return []
    starts = [start]
    while end - start > MAX_CHARS:
        start = _next_start(start, end, edges, words)
        if start >= end:
            break
        starts.append(start)
    return starts


def _next_start(start: int, end: int, edges: Edges, words: NDArray[np.int64]) -> int:
    """With the last sentence that fits, the first one that still may, the same of lines, or a word."""
    for places in edges:
        after = bisect_right(places, start + TARGET_CHARS)
        if after and places[after - 1] >= start + MIN_CHARS:
            return places[after - 1]
        if after < len(places) and places[after] <= start + MAX_CHARS:
            return places[after]
    return _word_to_cut_at(start, words) or end


def _word_to_cut_at(start: int, words: NDArray[np.int64]) -> int | None:
    """The word to begin the next passage with: the last that fits, else the first that does not; None where there is
    none. One that may share a character with the word before it, as pairs of characters do, only if there is no other.
    """
    edges = np.searchsorted(words, (start, start + TARGET_CHARS, start + MAX_CHARS), "right").tolist()
    first, last, beyond = edges
    for word in chain(range(last - 1, first - 1, -1), range(last, beyond)):
        if not word or words[word] - words[word - 1] > 1:
            return int(words[word])
    cut = last - 1 if last > first else first
    return int(words[cut]) if cut < len(words) else None
