"""`open_collection`: the one door by which the command line and host applications search."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from whoosh.query import Query

from reportsearch.indexer.errors import ReportNotFoundError
from reportsearch.indexer.fields import FILTER_FIELDS
from reportsearch.indexer.record import to_report
from reportsearch.indexer.report import Report
from reportsearch.indexer.settings import CONFIG_NAME, STATE_NAME, Settings, load_settings
from reportsearch.indexer.urls import canonical_url, is_url, storable, why_no_url

from .engine import EMPTY, Engine, Identities, Request, Snapshot
from .hits import HitBuilder
from .results import Results
from .syntax import ParsedQuery, loosened, parse
from .whoosh_engine import WhooshEngine

if TYPE_CHECKING:
    from reportsearch.indexer.ledger import FailureRow, Ledger

__all__ = ["Collection", "find_collection", "open_collection"]

MAX_PER_PAGE = 1000
SNIPPETS = 3
"""How many a report has, unless asked for otherwise."""
SORTS = ("relevance", "-date", "date", "title")


def find_collection(start: Path) -> Path | None:
    """The nearest folder, from `start` upward, that holds a `reports.toml` or an index; None where there is none."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).exists() or (folder / STATE_NAME).is_dir():
            return folder
    return None


def open_collection(folder: str | os.PathLike[str] = ".") -> Collection:
    """The collection in a folder, for searching; close it, or use it in a `with`.

    Raises SettingsError for a `reports.toml` that cannot be used. The index itself is opened by the first search.
    """
    settings = load_settings(Path(folder))
    return Collection(settings, WhooshEngine(settings.index_folder))


class Collection:
    """An open collection. New commits are seen without opening it again; threads may share it."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back what is open."""
        self._engine.close()

    def search(
        self,
        query: str | Query,
        *,
        filters: Mapping[str, Sequence[str]] = EMPTY,
        exclude: Mapping[str, Sequence[str]] = EMPTY,
        facets: Sequence[str] = (),
        sort: str = "relevance",
        page: int = 1,
        per_page: int = 10,
        snippets: bool | int = True,
        total: bool = True,
    ) -> Results:
        """The reports that answer a query, best first, with the passages that show it.

        A query is what a person types, or a tree of Whoosh's query objects; of a tree no snippets are made.

        `filters` and `exclude` give for each of publisher, author, year, language, topic, kind and source the values of
        which one must, or none may, be the report's; `facets` names such fields whose values are to be counted. `sort`
        is relevance, date, -date or title; `snippets` how many a report has at most (True: 3). With `total` False the
        reports need not be counted, and 0 is said. Raises ValueError for an unknown field or order or a page below 1,
        NoIndexError before anything was indexed.
        """
        _check(filters, exclude, facets, sort, page, per_page)
        started = time.perf_counter()
        with self._engine.snapshot() as snapshot:
            parsed = self._parsed(query, snapshot)
            request = Request(parsed.tree, filters, exclude, facets, sort, (page - 1) * per_page, per_page, total)
            ranking = snapshot.search(request)
            if not ranking.matches and (near := loosened(parsed)) and not _finds_any(snapshot, request):
                parsed, ranking = near, snapshot.search(request._replace(tree=near.tree))
            hits = HitBuilder(snapshot, parsed, self.settings).hits(ranking.matches, _count(snippets))
            version = snapshot.version
        took_ms = (time.perf_counter() - started) * 1000
        return Results(
            hits,
            str(query),
            parsed.interpreted_as,
            ranking.total,
            page,
            per_page,
            took_ms,
            version,
            parsed.warnings,
            ranking.facets,
        )

    def ids(
        self,
        query: str | Query,
        *,
        filters: Mapping[str, Sequence[str]] = EMPTY,
        exclude: Mapping[str, Sequence[str]] = EMPTY,
        facets: Sequence[str] = (),
        limit: int = 10,
        total: bool = True,
    ) -> Identities:
        """The identities of the best reports, and nothing else of them: for programs that keep their own records.

        Parameters and errors as for `search`.
        """
        _check(filters, exclude, facets, SORTS[0], 1, limit)
        with self._engine.snapshot() as snapshot:
            parsed = self._parsed(query, snapshot)
            request = Request(parsed.tree, filters, exclude, facets, limit=limit, total=total)
            found = snapshot.identities(request)
            if not found.ids and (near := loosened(parsed)):
                found = snapshot.identities(request._replace(tree=near.tree))
            return found

    def _parsed(self, query: str | Query, snapshot: Snapshot) -> ParsedQuery:
        if not isinstance(query, str | Query):
            raise TypeError(f"a query is what a person types, or one of Whoosh's query objects, not {query!r}")
        if isinstance(query, Query):
            return ParsedQuery(query, (), (), str(query))
        return parse(query, self.settings.language, snapshot.languages())

    def report(self, name: str) -> Report:
        """A report with its text, by identity, URL or path. Raises ReportNotFoundError, NoIndexError."""
        with self._engine.snapshot() as snapshot:
            for identity in self._names(name):
                match = snapshot.find(identity)
                if match is not None:
                    return to_report(match.record, snapshot.pages(match.doc_id))
        raise ReportNotFoundError(f"No report is known as {name!r}. `reportsearch search` prints the identities.")

    def _names(self, name: str) -> list[str]:
        if is_url(name):
            return [storable(name)] if why_no_url(name) else [storable(name), canonical_url(name)]
        path = Path(os.path.abspath(name))  # noqa: PTH100  a link's own name counts
        inside = (
            [path.relative_to(self.settings.folder).as_posix()] if path.is_relative_to(self.settings.folder) else []
        )
        return [storable(each) for each in (name, *inside, path.as_posix())]

    def status(self) -> dict[str, Any]:
        """Figures about the collection: reports, pages, index_version, index_bytes, engine, last_run and more."""
        with self._engine.snapshot() as snapshot:
            status = snapshot.status()
        last_run, failures = None, 0
        if ledger := self._ledger():
            with ledger:
                last_run, failures = ledger.last_run(), len(ledger.failures())
        return {
            "name": self.settings.name,
            "folder": storable(str(self.settings.folder)),
            "reports": status.reports,
            "pages": status.pages,
            "index_version": status.version,
            "index_bytes": status.size_bytes,
            "engine": status.name,
            "language": self.settings.language,
            "sources": [source.name for source in self.settings.sources],
            "failures": failures,
            "last_run": last_run,
        }

    def failures(self) -> list[FailureRow]:
        """What could not be read when it was last tried, newest first. Raises CollectionError for a broken ledger."""
        ledger = self._ledger()
        if ledger is None:
            return []
        with ledger:
            return ledger.failures()

    def _ledger(self) -> Ledger | None:
        """What earlier runs saw; None before the first one."""
        from reportsearch.indexer.ledger import Ledger  # noqa: PLC0415  a search does not load SQLite

        path = self.settings.state_folder / "ledger.sqlite"
        return Ledger(path) if path.exists() else None


def _finds_any(snapshot: Snapshot, request: Request) -> bool:
    """Whether a request of which a page was empty finds anything before that page."""
    return request.offset > 0 and bool(snapshot.identities(request._replace(offset=0, limit=1, facets=())).ids)


def _count(snippets: bool | int) -> int:
    return SNIPPETS if snippets is True else int(snippets)


def _check(
    filters: Mapping[str, Sequence[str]],
    exclude: Mapping[str, Sequence[str]],
    facets: Sequence[str],
    sort: str,
    page: int,
    per_page: int,
) -> None:
    for field in (*filters, *exclude, *facets):
        if field not in FILTER_FIELDS:
            raise ValueError(f"{field!r} is not a filter: use one of {', '.join(FILTER_FIELDS)}")
    for field, values in (*filters.items(), *exclude.items()):
        if isinstance(values, str):
            raise ValueError(f"the values of the filter {field!r} must be a list: write [{values!r}]")
        for value in values:
            if not isinstance(value, str):
                raise ValueError(f"the values of the filter {field!r} must be texts: write {str(value)!r}")
    if sort not in SORTS:
        raise ValueError(f"{sort!r} is not an order: use one of {', '.join(SORTS)}")
    if not isinstance(page, int) or not isinstance(per_page, int) or page < 1 or not 1 <= per_page <= MAX_PER_PAGE:
        raise ValueError(f"page counts from 1, and per_page from 1 to {MAX_PER_PAGE}, both in whole numbers")
