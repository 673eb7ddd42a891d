"""Batches made by several threads, taken in the order in which their documents were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..analysis.vocabulary import Vocabulary
from .batch import Analyst, Batch
from .compression import Dictionaries
from .document import IndexDocument
from .workers import Line, Workers

__all__ = ["Analysts"]

_MAX_WORDS = 2_000_000
"""Distinct words that a vocabulary may hold before it is begun anew; about 400 MB."""


class Analysts:
    """Makes batches; keeps the words that were met, for all threads."""

    def __init__(self, workers: Workers, dictionaries: Dictionaries) -> None:
        self._dictionaries = dictionaries
        self._vocabulary = Vocabulary()
        self._idle: list[Analyst] = []
        self._line = Line(workers, self._batch)

    def give(self, documents: Sequence[IndexDocument]) -> Iterator[Batch]:
        """Takes documents to make a batch of; yields the batches of earlier ones that must be taken now."""
        if len(self._vocabulary) > _MAX_WORDS:
            self._vocabulary = Vocabulary()
        return self._line.give(documents)

    def rest(self) -> Iterator[Batch]:
        """The batches that are still to come."""
        return self._line.rest()

    def _batch(self, documents: Sequence[IndexDocument]) -> Batch:
        try:
            analyst = self._idle.pop()
        except IndexError:  # there are no more of them than threads
            analyst = Analyst(self._dictionaries)
        batch = analyst.batch(documents, self._vocabulary)
        self._idle.append(analyst)
        return batch
