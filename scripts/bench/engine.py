"""What a benchmark needs of an engine, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # a cold start loads this module, and must not pay for what it does not use
    from .documents import Document
    from .queries import Query

__all__ = ["TOP", "Answer", "Engine", "OpenIndex"]

TOP = 10
"""Hits of an answer."""


class Answer(NamedTuple):
    """One answer: who was found, best first; with what the measure asks for beside.

    `ids` are whatever the engine gives cheapest to tell documents apart; `marked` is one string a hit, "" where the
    engine found nothing to show; `total` and `facets` count all matches.
    """

    ids: Sequence[str | int]
    marked: Sequence[str] = ()
    total: int | None = None
    facets: Mapping[str, int] | None = None


class Engine(Protocol):
    """One way to keep documents and find them again.

    `measures` are names of MEASURES in `measures`; `classes` those of the query classes that it can answer. `workers`
    are the numbers of processes or threads that its build can use. A `heavy` one takes minutes for 200 MB of text.
    """

    name: str
    version: str
    measures: frozenset[str]
    classes: frozenset[str]
    workers: tuple[int, ...]
    heavy: bool

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        """Makes the index in a folder that is there and empty; it can be searched afterwards."""

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        """Puts these documents in the place of those of the same id, and commits."""

    def open(self, folder: Path) -> OpenIndex:
        """The index, for searching."""


class OpenIndex(Protocol):
    """An open index. For each query measure that its engine offers it has the method of that name as well:

    ids(text), total(text), snippets(text), prefix(text), fuzzy(text) and filter(text, year); each gives an Answer of at
    most TOP hits.
    """

    def typed(self, query: Query) -> str:
        """The query as people type it for this engine."""

    def close(self) -> None:
        """Gives back what is open."""
