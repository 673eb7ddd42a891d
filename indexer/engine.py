"""The writing protocol: what a run needs of an index, whichever engine keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from .report import Report

__all__ = ["DryWriter", "IndexEntry", "IndexStore", "ReportWriter"]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One report of an index, as far as a run must know it."""

    id: str
    source: str
    content_hash: str


class ReportWriter(Protocol):
    """Changes that become visible all at once, at `commit`.

    Each identity is replaced or deleted at most once between two commits. Nothing is written, and no lock is taken,
    before the first change.
    """

    def replace(self, report: Report) -> None:
        """Adds the report; one with the same identity goes."""

    def delete(self, identity: str) -> None:
        """Takes the report out; an unknown identity is passed over."""

    def commit(self) -> None:
        """Publishes the changes; afterwards searchers that open the index see them."""

    def cancel(self) -> None:
        """Forgets the changes; the index stays as it was."""


class DryWriter:
    """A writer that writes nothing: for a run that only tells what it would do."""

    def replace(self, report: Report) -> None:
        """Nothing."""

    def delete(self, identity: str) -> None:
        """Nothing."""

    def commit(self) -> None:
        """Nothing."""

    def cancel(self) -> None:
        """Nothing."""


class IndexStore(Protocol):
    """The index of one collection."""

    def version(self) -> str | None:
        """What changes with each commit; None while there is no index. Raises IndexFormatError for a foreign one, and
        where a glance tells that it is damaged: a run of which nothing is new must not end well then."""

    def entries(self) -> Iterator[IndexEntry]:
        """Each report in the index, in no order."""

    def writer(self) -> ReportWriter:
        """A writer; one at a time."""
