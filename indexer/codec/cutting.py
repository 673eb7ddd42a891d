"""Where a page's text is cut into passages: between sentences, else between words, never inside a word."""

from bisect import bisect_left, bisect_right
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..analysis import CodePoints
from .ranges import distinct, first_in_each

__all__ = ["MAX_CHARS", "TARGET_CHARS", "Cutter", "Edges", "edges_of"]

MIN_CHARS = 120
TARGET_CHARS = 320
"""Two or three sentences: most passages are a snippet as they are, and are looked through in microseconds."""
MAX_CHARS = 560

_SPACE, _END, _CLOSING, _FULL_WIDTH, _NEWLINE = (1 << bit for bit in range(5))
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
_ASCII_KINDS = _KINDS[:256].tobytes()


class Edges(NamedTuple):
    """Where sentences (or paragraphs) and lines begin in a text, but for the first of each; ascending."""

    sentences: NDArray[np.int64]
    lines: NDArray[np.int64]


def edges_of(text: CodePoints) -> Edges:
    """Where sentences and lines begin. An empty line ends a sentence, a line as it comes out of a PDF does not."""
    kinds = np.frombuffer(bytearray(text.ascii.translate(_ASCII_KINDS) + b"\0"), np.uint8)
    kinds[text.places] = _KINDS[np.minimum(text.beyond, len(_KINDS) - 1)]
    marks = np.flatnonzero(kinds > _SPACE)
    of_marks = kinds[marks]
    newlines = marks[of_marks & _NEWLINE != 0]
    ends = marks[of_marks & _END != 0]
    after = kinds[ends + 1]
    closed = ends[after & _CLOSING != 0] + 1
    closed = closed[kinds[closed + 1] & _SPACE != 0]
    ends = ends[after & _SPACE != 0]
    lines, sentences, quoted = np.split(
        _behind_space(kinds, np.concatenate((newlines, ends + 1, closed + 1))),
        [len(newlines), len(newlines) + len(ends)],
    )
    paragraphs = lines[1:][lines[1:] == lines[:-1]]
    full_width = marks[of_marks & _FULL_WIDTH != 0] + 1
    all_sentences = distinct(np.concatenate((paragraphs, sentences, quoted, full_width)))
    lines = lines[first_in_each(lines)]
    return Edges(all_sentences[all_sentences < len(text)], lines[lines < len(text)])


def _behind_space(kinds: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of these white spaces the first other character behind it. The last character is no white space."""
    behind = places + 1
    wide = np.flatnonzero(kinds[behind] & _SPACE)
    for _ in range(_USUAL_SPACES):
        if not len(wide):
            return behind
        behind[wide] += 1
        wide = wide[kinds[behind[wide]] & _SPACE != 0]
    space = kinds & _SPACE != 0
    firsts = np.flatnonzero(space[:-1] > space[1:]) + 1
    behind[wide] = firsts[np.searchsorted(firsts, behind[wide])]
    return behind


_USUAL_SPACES = 4


class Cutter:
    """Cuts a text into passages. `edges` and `words` are where sentences, lines and words begin in it."""

    def __init__(self, edges: Edges, words: NDArray[np.int64]) -> None:
        self._sentences: list[int] = edges.sentences.tolist()
        self._lines: list[int] = edges.lines.tolist()
        self._words = words
        self._next = _next_sentences(edges.sentences).tolist()

    def starts(self, start: int, end: int) -> list[int]:
        """Where the passages of the text from `start` to `end` begin; none where it is empty.

        A passage is longer than MAX_CHARS only where one word is; words are cut only where they overlap, as pairs of
        characters do, for longer than that.
        """
        if start == end:
            return []
        sentences, following = self._sentences, self._next
        starts = [start]
        sentence = self._sentence_at(start)
        while end - start > MAX_CHARS:
            sentence = following[sentence]
            if sentence >= 0:
                start = sentences[sentence]
            else:
                start = self._next_start(start, end)
                if start >= end:
                    break
                sentence = self._sentence_at(start)
            starts.append(start)
        return starts

    def _sentence_at(self, start: int) -> int:
        """The number of the sentence that begins there; -1 if none does."""
        number = bisect_left(self._sentences, start)
        return number if number < len(self._sentences) and self._sentences[number] == start else -1

    def _next_start(self, start: int, end: int) -> int:
        """With the last sentence that fits, the first one that still may, the same of lines, or a word."""
        for places in (self._sentences, self._lines):
            after = bisect_right(places, start + TARGET_CHARS)
            if after and places[after - 1] >= start + MIN_CHARS:
                return places[after - 1]
            if after < len(places) and places[after] <= start + MAX_CHARS:
                return places[after]
        return _word_to_cut_at(start, self._words) or end


def _next_sentences(sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """For a passage that begins with a sentence, for each of them the one that the next passage begins with; -1 where
    no sentence is near enough. One more number, -1, is for passages that begin with none."""
    if not len(sentences):
        return np.array([-1])
    after = np.searchsorted(sentences, sentences + TARGET_CHARS, "right")
    beyond = np.minimum(after, len(sentences) - 1)
    fits = sentences[after - 1] >= sentences + MIN_CHARS
    may = (after < len(sentences)) & (sentences[beyond] <= sentences + MAX_CHARS)
    return np.append(np.where(fits, after - 1, np.where(may, beyond, -1)), -1)


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
