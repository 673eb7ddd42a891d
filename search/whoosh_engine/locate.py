"""Where in the found reports the words of the query stand, and which passages show it best.

All from numbers: positions say how many of the words stand within a few lines and in which passages, and only the
passages that are chosen are opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.analysis import spans_at

from ..engine import Marks, Passage
from ..nodes import AnyField, PhraseInAnyField
from ..sentences import has_end
from .occurrences import Occurrences
from .opening import OpenPassages
from .segment import SearchedSegment
from .windows import best_windows

__all__ = ["Sought", "passages_of"]

_PHRASE = 2.0
"""How much more a phrase is worth than its words."""


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
    lengths = [each.length for each in sought]
    marker = _Marker(passages, found, lengths)
    worths = [each.worth for each in sought]
    for hit, first, last, begin, end, worth in best_windows(found, passages, worths, lengths, limit):
        text = passages.text(hit, first, last)
        start, whole, (marks, numbers) = first, text, marker.marked(text, hit, first, begin, end)
        if marks:
            start, stop = _whole(passages, hit, first, last, text, marks)
            if start != first or stop != last:
                whole = passages.text(hit, start, stop)
                marks, numbers = marker.marked(whole, hit, start, *passages.between(found.places, hit, start, stop))
        chosen[hit].append(Passage(whole, marks, numbers, *passages.place(hit, start), worth))
    return chosen


class _Marker:
    """Marks what is sought in passages; `lengths` says how many words each of it has."""

    def __init__(self, passages: OpenPassages, found: Occurrences, lengths: Sequence[int]) -> None:
        self._passages = passages
        self._places = found.places
        self._numbers = found.numbers
        self._lengths = lengths
        self._has_phrases = max(lengths) > 1

    def marked(self, text: str, hit: int, first: int, begin: int, end: int) -> tuple[Marks, Sequence[int]]:
        """The marks in the text of a hit's passages from `first` on, and their numbers (see `Passage`); a phrase may go
        on behind it. The occurrences in them begin with `begin`, and end before `end`."""
        places: Sequence[int] = self._places[begin:end]
        numbers: Sequence[int] = self._numbers[begin:end]
        if self._has_phrases:
            places, numbers = _with_all_words(places, numbers, self._lengths)
        marks = spans_at(text, places, self._passages.begin(hit, first))
        return marks, numbers if len(marks) == len(numbers) else numbers[: len(marks)]


def _with_all_words(
    places: Sequence[int], numbers: Sequence[int], lengths: Sequence[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """Places (ascending) and numbers with the other words of what begins there; `lengths` says how many words each
    of the sought has."""
    if len(places) == 1:  # as most often
        (place,), length = places, lengths[numbers[0]]
        return range(place, place + length), [numbers[0]] * length
    of_word = {
        place + offset: number
        for place, number in zip(places, numbers, strict=True)
        for offset in range(lengths[number])
    }
    words = sorted(of_word)
    return words, [of_word[word] for word in words]


def _whole(passages: OpenPassages, hit: int, first: int, last: int, text: str, marks: Marks) -> tuple[int, int]:
    """The first and the last passage that belong to a window with this text.

    A passage ends within a sentence where a line does, in texts that came in lines: where something is marked in such a
    sentence, the passage before or behind belongs to it.
    """
    goes_on_before = text[0].islower() and passages.is_one_page(hit, first - 1, first)
    if goes_on_before and not has_end(text, 0, marks[0][0]):
        first -= 1
    if passages.is_one_page(hit, last, last + 1) and not has_end(text, marks[-1][1], len(text)):
        last += 1
    return first, last
