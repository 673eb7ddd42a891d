"""Where in the found reports the words of the query stand, and which passages show it best.

All from numbers: positions say how many of the words stand within a few lines and in which passages, and only the
passages that are chosen are opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.analysis import spans_at

from ..engine import Mark, Passage
from ..nodes import AnyField, PhraseInAnyField
from .occurrences import Occurrences
from .opening import LOWER, OpenPassages
from .segment import SearchedSegment
from .windows import best_windows

__all__ = ["Sought", "passages_of"]

_PHRASE = 2.0
"""How much more a phrase is worth than its words."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*(?:\s|$)")


class Sought(NamedTuple):
    """A word or phrase of the query, with its idf."""

    node: AnyField | PhraseInAnyField
    idf: float

    @property
    def length(self) -> int:
        """Words."""
        return len(self.node.parts) if isinstance(self.node, PhraseInAnyField) else 1

    @property
    def worth(self) -> float:
        return self.idf * (_PHRASE if self.length > 1 else 1.0)


def passages_of(
    segment: SearchedSegment, doc_ids: NDArray[np.intp], found: Occurrences, sought: Sequence[Sought], limit: int
) -> list[list[Passage]]:
    """For each of these documents (ascending) its best passages, at most so many, best first; `found` says where what
    is sought stands there."""
    chosen: list[list[Passage]] = [[] for _ in doc_ids]
    if not segment.reader.has_passages or not len(found.places) or not limit:
        return chosen
    passages = OpenPassages(segment.reader.passages, doc_ids)
    windows = best_windows(found, passages, [each.worth for each in sought], limit)
    positions, numbers = (found.places & LOWER).tolist(), found.numbers.tolist()
    lengths = [each.length for each in sought]
    for hit, first, last, begin, end, worth in windows:
        text, words, of_words = passages.text(hit, first, last), positions[begin:end], numbers[begin:end]
        if max(lengths) > 1:
            words, of_words = _with_all_words(words, of_words, lengths)
        marks = _marks(text, passages.first_word(first), words, of_words, lengths)
        if marks:
            first, text, marks = _whole(passages, hit, first, last, text, marks)
        chosen[hit].append(passages.passage(hit, first, text, marks, worth))
    return chosen


def _with_all_words(
    positions: Sequence[int], numbers: Sequence[int], lengths: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Positions (ascending) and numbers with the other words of what begins there; `lengths` says how many words each
    of the sought has."""
    of_word = {
        position + offset: number
        for position, number in zip(positions, numbers, strict=True)
        for offset in range(lengths[number])
    }
    words = sorted(of_word)
    return words, [of_word[word] for word in words]


def _marks(
    text: str, first: int, positions: Sequence[int], numbers: Sequence[int], lengths: Sequence[int]
) -> tuple[Mark, ...]:
    """Where the words stand in a text whose own first word is number `first`; a phrase may go on behind it."""
    spans = spans_at(text, [position - first for position in positions])
    return tuple(
        [Mark(start, end, number, lengths[number] > 1) for (start, end), number in zip(spans, numbers, strict=False)]
    )


def _whole(
    passages: OpenPassages, hit: int, first: int, last: int, text: str, marks: tuple[Mark, ...]
) -> tuple[int, str, tuple[Mark, ...]]:
    """The passage with which a window begins, its text, and what is to be marked there.

    A passage ends within a sentence where a line does, in texts that came in lines: where something is marked in such a
    sentence, the passage before or behind belongs to it.
    """
    if passages.is_one_page(hit, last, last + 1) and not _SENTENCE_END.search(text, marks[-1].end):
        text += passages.text(hit, last + 1, last + 1)
    has_more_before = text[0].islower() and passages.is_one_page(hit, first - 1, first)
    if has_more_before and not _SENTENCE_END.search(text, 0, marks[0].start):
        first -= 1
        before = passages.text(hit, first, first)
        text = before + text
        marks = tuple([mark._replace(start=mark.start + len(before), end=mark.end + len(before)) for mark in marks])
    return first, text, marks
