"""Where the words of a query stand in a text that is no passage of the index: a title, a summary."""

from __future__ import annotations

from collections.abc import Sequence

from reportsearch.indexer.analysis import spans, terms

from .engine import Mark
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

    def marks(self, text: str) -> tuple[Mark, ...]:
        """What is to be marked, in reading order."""
        places = spans(text)
        found = terms(text, self._language)
        marks: dict[int, Mark] = {}
        for number, sequence in enumerate(self._sequences):
            length = len(sequence)
            for first in range(len(found) - length + 1):
                if all(term in wanted for term, wanted in zip(found[first:], sequence, strict=False)):
                    for start, end in places[first : first + length]:
                        marks[start] = Mark(start, end, number, length > 1)
        return tuple(marks[start] for start in sorted(marks))
