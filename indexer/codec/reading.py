"""Texts of some documents, read word by word: for each word its document, its number in there, and its form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..analysis import CodePoints, words_of
from ..analysis.vocabulary import Vocabulary
from .cutting import Edges, edges_of
from .ranges import bounds_of

__all__ = ["ReadTexts", "read_texts"]

CHUNK_CHARS = 1 << 19
"""What is looked at in one go: its arrays stay in the processor's cache, more or less."""
_PARTING = "\n"
_GAP = re.compile(r"[\s,.;:!?…、。，；：！？]")
_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """All words in reading order. `doc_ids`, `positions` and `forms` are uint32[words]; `starts` and `edges`
    are the characters at which words, sentences and lines begin in the texts joined with one character between them,
    where text i begins at `text_starts[i]`; `lengths` (uint32[texts]) counts the words of each."""

    doc_ids: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    forms: NDArray[np.uint32]
    lengths: NDArray[np.uint32]
    starts: NDArray[np.int64]
    edges: Edges
    text_starts: NDArray[np.int64]


def read_texts(
    texts: Sequence[str], algorithms: Sequence[str | None], vocabulary: Vocabulary, *, edges: bool = False
) -> ReadTexts:
    """The words of each text, stemmed by its Snowball algorithm; its sentences and lines only with `edges`."""
    text_starts = bounds_of(np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts)))
    starts, numbers, of_chunks = [], [], []
    for offset, chunk in _chunks(_PARTING.join(texts)):
        code_points = CodePoints.of(chunk)
        words = words_of(code_points)
        starts.append(words.starts + offset)
        numbers.append(vocabulary.numbers(chunk, words))
        if edges:
            of_chunks.append([places + offset for places in edges_of(code_points)])
    all_starts, all_numbers = _joined(starts, np.int64), _joined(numbers, np.uint32)
    before = np.searchsorted(all_starts, text_starts).astype(np.uint32)
    lengths = before[1:] - before[:-1]
    doc_ids = np.repeat(np.arange(len(texts), dtype=np.uint32), lengths)
    return ReadTexts(
        doc_ids,
        np.arange(len(doc_ids), dtype=np.uint32) - np.repeat(before[:-1], lengths),
        _forms(all_numbers, doc_ids, algorithms, vocabulary),
        lengths,
        all_starts,
        Edges(*(_joined([each[part] for each in of_chunks], np.int64) for part in range(len(Edges._fields)))),
        text_starts[:-1],
    )


def _joined(arrays: Sequence[NDArray[_T]], dtype: type[_T]) -> NDArray[_T]:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)


def _forms(
    numbers: NDArray[np.uint32], doc_ids: NDArray[np.uint32], algorithms: Sequence[str | None], vocabulary: Vocabulary
) -> NDArray[np.uint32]:
    distinct = list(dict.fromkeys(algorithms))
    if len(distinct) == 1:
        return vocabulary.forms(numbers, distinct[0])
    forms = np.zeros(len(numbers), np.uint32)
    of_text = np.array([distinct.index(algorithm) for algorithm in algorithms], np.uint32)
    for number, algorithm in enumerate(distinct):
        chosen = of_text[doc_ids] == number
        forms[chosen] = vocabulary.forms(numbers[chosen], algorithm)
    return forms


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of about CHUNK_CHARS, each with where it begins; no word and no pair is cut."""
    start = 0
    while start < len(text):
        end = start + CHUNK_CHARS
        if end < len(text):
            space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = space if space > start else _next_gap(text, end)
        yield start, text[start:end]
        start = end


def _next_gap(text: str, start: int) -> int:
    """The next white space or mark between clauses from `start` on; the end of the text where there is none."""
    found = _GAP.search(text, start)
    return found.start() if found else len(text)
