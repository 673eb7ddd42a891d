"""Where the words of a query stand in a text that is no passage of the index: a title, a summary."""

from __future__ import annotations

from collections.abc import Sequence

from reportsearch.indexer.analysis import spans, terms

from .engine import Passage
from .nodes import AnyField, PhraseInAnyField

__all__ = ["Marker"]


class Marker:
    """Finds the words and phrases of one query in texts; inflections count as in the index."""

    def __init__(self, asked: Sequence[AnyField | PhraseInAnyField], language: str) -> None:
        self._language = language
        self._sequences = [
            [frozenset(part.terms) for part in (node.parts if isinstance(node, PhraseInAnyField) else [node])]
            for node in asked
        ]

    def passage(self, text: str) -> Passage:
        """The text with what is to be marked."""
        places = spans(text)
        found = terms(text, self._language)
        marks: dict[tuple[int, int], int] = {}
        for number, sequence in enumerate(self._sequences):
            length = len(sequence)
            for first in range(len(found) - length + 1):
                if all(term in wanted for term, wanted in zip(found[first:], sequence, strict=False)):
                    marks |= dict.fromkeys(places[first : first + length], number)
        in_order = sorted(marks)
        return Passage(text, in_order, [marks[mark] for mark in in_order])
