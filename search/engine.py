"""The searching protocol: what a collection needs of an index, whichever engine keeps it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from whoosh import query

from reportsearch.indexer.report import Page

from .nodes import AnyField, PhraseInAnyField

__all__ = [
    "EMPTY",
    "Asked",
    "Engine",
    "EngineStatus",
    "Identities",
    "Marks",
    "Match",
    "Passage",
    "Ranking",
    "Reasons",
    "Request",
    "Snapshot",
]

EMPTY: Mapping[str, Any] = MappingProxyType({})


class Request(NamedTuple):
    """One search: a query tree, filters (OR within a field, AND across), and which part of the ranking is wanted.

    `facets` are the fields whose values are to be counted; `sort` is relevance, date, -date or title. Without `total`
    an engine need not count what it does not show.
    """

    tree: query.Query
    filters: Mapping[str, Sequence[str]] = EMPTY
    exclude: Mapping[str, Sequence[str]] = EMPTY
    facets: Sequence[str] = ()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 10
    total: bool = True


class Match(NamedTuple):
    """One report of the ranking; `doc_id` is good for its snapshot alone. `record` is what `record.to_report` takes.
    `has_all` says that it is known to have all that was asked for."""

    doc_id: int
    score: float
    record: Mapping[str, Any]
    has_all: bool = False


class Ranking(NamedTuple):
    """The part asked for, best first, and how many reports match in all; for each facet its values with counts."""

    total: int
    matches: tuple[Match, ...]
    facets: Mapping[str, Mapping[str, int]] = EMPTY


class Identities(NamedTuple):
    """The part asked for, as nothing but what the reports are known by; see `Ranking`."""

    ids: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = EMPTY


Marks = Sequence[tuple[int, int]]
"""Words of a text, in reading order: characters from the first number up to, not including, the second one."""


class Passage(NamedTuple):
    """A piece of a page, cut between sentences where there are any, with what is to be marked.

    `marks` are the words that the query asked for; `numbers` say of each which of the query's words or phrases it is.
    `page` counts from 1, None where the file has no pages; `file` says which of the report's files; `heading` is the
    one that it stands under; a higher `worth` shows better why the report was found."""

    text: str
    marks: Marks
    numbers: Sequence[int]
    page: int | None = None
    label: str = ""
    file: int = 0
    heading: str = ""
    worth: float = 0.0


class Reasons(NamedTuple):
    """Why a report was found: the passages of its text that show it best, best first; and the numbers of those words
    and optional phrases that it lacks."""

    passages: Sequence[Passage]
    missing: Sequence[int]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Figures about the index; `size_bytes` on disk."""

    name: str
    reports: int
    pages: int
    version: str
    size_bytes: int


Asked = Sequence[AnyField | PhraseInAnyField]
"""The words and phrases of a query."""


class Snapshot(Protocol):
    """One commit of the index; all answers from it agree."""

    @property
    def version(self) -> str:
        """What changes with each commit."""

    def languages(self) -> Sequence[str]:
        """The languages that reports are in, as codes, the most frequent first."""

    def search(self, request: Request) -> Ranking:
        """The reports that match, ranked."""

    def identities(self, request: Request) -> Identities:
        """The same, but of each report only what it is known by."""

    def reasons(self, matches: Sequence[Match], asked: Asked, limit: int) -> Sequence[Reasons]:
        """Why each match was found, with so many passages at most."""

    def pages(self, doc_id: int) -> tuple[Page, ...]:
        """The text of a match."""

    def find(self, identity: str) -> Match | None:
        """The report with this identity."""

    def status(self) -> EngineStatus:
        """Figures about this commit."""


class Engine(Protocol):
    """The index of one collection, for reading."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The newest commit, for as long as the `with` lasts. Raises NoIndexError, IndexFormatError."""

    def close(self) -> None:
        """Gives back what is open."""
