"""The searching protocol: what a collection needs of an index, whichever engine keeps it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from whoosh import query

from reportsearch.indexer.report import Page, Report

__all__ = ["EMPTY", "Engine", "EngineStatus", "Match", "Ranking", "Request", "Snapshot"]

EMPTY: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Request:
    """One search: a query tree, filters (OR within a field, AND across), and which part of the ranking is wanted."""

    tree: query.Query
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exclude: Mapping[str, Sequence[str]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Match:
    """One report of the ranking; `doc_id` is good for `pages` as long as its snapshot is open.

    `report` comes without its pages.
    """

    doc_id: int
    score: float
    report: Report


@dataclass(frozen=True, slots=True)
class Ranking:
    """The part asked for, best first, and how many reports match in all."""

    total: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Figures about the index; `size_bytes` on disk."""

    name: str
    reports: int
    pages: int
    version: str
    size_bytes: int


class Snapshot(Protocol):
    """One commit of the index; all answers from it agree."""

    @property
    def version(self) -> str:
        """What changes with each commit."""

    def search(self, request: Request) -> Ranking:
        """The reports that match, ranked."""

    def pages(self, doc_id: int) -> tuple[Page, ...]:
        """The text of a match."""

    def find(self, identity: str) -> Match | None:
        """The report with this identity."""

    def idf(self, term: str) -> float:
        """How telling a term is: ln(1 + reports / reports that have it)."""

    def status(self) -> EngineStatus:
        """Figures about this commit."""


class Engine(Protocol):
    """The index of one collection, for reading."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The newest commit, for as long as the `with` lasts. Raises NoIndexError, IndexFormatError."""

    def close(self) -> None:
        """Gives back what is open."""
