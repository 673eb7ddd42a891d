"""`open_collection`: the one door by which the command line and host applications search."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from reportsearch.indexer.errors import ReportNotFoundError
from reportsearch.indexer.ledger import FailureRow, Ledger
from reportsearch.indexer.report import Page, Report, ReportFile
from reportsearch.indexer.schema import FILTER_FIELDS
from reportsearch.indexer.settings import CONFIG_NAME, STATE_NAME, Settings, load_settings
from reportsearch.indexer.urls import canonical_url, file_uri, is_url, path_of, storable, why_no_url

from .engine import EMPTY, Engine, Match, Request, Snapshot
from .marker import Marker
from .results import Hit, Results, Snippet, Span
from .snippet import Fragment, choose
from .syntax import ParsedQuery, loosened, parse
from .whoosh_engine import WhooshEngine
from .whoosh_engine.rank import BOOSTS

__all__ = ["Collection", "find_collection", "open_collection"]

MAX_PER_PAGE = 1000


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
        query: str,
        *,
        filters: Mapping[str, Sequence[str]] = EMPTY,
        exclude: Mapping[str, Sequence[str]] = EMPTY,
        page: int = 1,
        per_page: int = 10,
        snippets: bool = True,
    ) -> Results:
        """The reports that answer a query, best first, with the passages that show it.

        `filters` and `exclude` give for each of publisher, author, year, language, topic, kind and source the values of
        which one must, or none may, be the report's. Raises ValueError for an unknown field or a page below 1,
        NoIndexError before anything was indexed.
        """
        _check(filters, exclude, page, per_page)
        started = time.perf_counter()
        parsed = parse(query, self.settings.language, BOOSTS)
        request = Request(parsed.tree, filters, exclude, (page - 1) * per_page, per_page)
        with self._engine.snapshot() as snapshot:
            ranking = snapshot.search(request)
            if not ranking.total and (near := loosened(parsed, BOOSTS)):
                parsed, ranking = near, snapshot.search(replace(request, tree=near.tree))
            builder = _HitBuilder(snapshot, parsed, self.settings)
            hits = tuple(builder.hit(match, snippets=snippets) for match in ranking.matches)
            version = snapshot.version
        took_ms = (time.perf_counter() - started) * 1000
        return Results(
            hits,
            query,
            parsed.interpreted_as,
            ranking.total,
            page,
            per_page,
            took_ms,
            version,
            parsed.warnings,
        )

    def report(self, name: str) -> Report:
        """A report with its text, by identity, URL or path. Raises ReportNotFoundError, NoIndexError."""
        with self._engine.snapshot() as snapshot:
            for identity in self._names(name):
                match = snapshot.find(identity)
                if match is not None:
                    return replace(match.report, pages=snapshot.pages(match.doc_id))
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
        if self._ledger_path.exists():
            with Ledger(self._ledger_path) as ledger:
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
        if not self._ledger_path.exists():
            return []
        with Ledger(self._ledger_path) as ledger:
            return ledger.failures()

    @property
    def _ledger_path(self) -> Path:
        return self.settings.state_folder / "ledger.sqlite"


def _check(
    filters: Mapping[str, Sequence[str]], exclude: Mapping[str, Sequence[str]], page: int, per_page: int
) -> None:
    for field, values in (*filters.items(), *exclude.items()):
        if field not in FILTER_FIELDS:
            raise ValueError(f"{field!r} is not a filter: use one of {', '.join(FILTER_FIELDS)}")
        if isinstance(values, str):
            raise ValueError(f"the values of the filter {field!r} must be a list: write [{values!r}]")
    if page < 1 or not 1 <= per_page <= MAX_PER_PAGE:
        raise ValueError(f"page counts from 1, and per_page from 1 to {MAX_PER_PAGE}")


class _HitBuilder:
    """Matches of one query as hits."""

    def __init__(self, snapshot: Snapshot, parsed: ParsedQuery, settings: Settings) -> None:
        self._snapshot = snapshot
        self._parsed = parsed
        self._settings = settings
        self._marker = Marker(parsed, settings.language)
        self._idf = {term: snapshot.idf(term) for term in parsed.terms}

    def hit(self, match: Match, *, snippets: bool) -> Hit:
        report = match.report
        pages = self._snapshot.pages(match.doc_id) if snippets else ()
        fragments = choose(pages, self._marker, self._idf.__getitem__, title=report.title)
        if snippets and not fragments:
            fragments = self._from_summary(report)
        shown = tuple(self._snippet(fragment, report) for fragment in fragments)
        return Hit(
            id=report.id,
            title=report.title,
            url=report.url,
            link=shown[0].link if shown else _link(self._address(report.url)),
            date=report.date,
            date_source=report.origins.get("date", ""),
            publisher=report.publisher,
            summary=report.summary,
            score=match.score,
            missing=self._missing(report, pages) if snippets else (),
            snippets=shown,
        )

    def _from_summary(self, report: Report) -> tuple[Fragment, ...]:
        """For a report that was found by its title or summary alone."""
        text = report.summary or report.title
        return choose([Page(None, text)], self._marker, self._idf.__getitem__, limit=1)

    def _missing(self, report: Report, pages: Sequence[Page]) -> tuple[str, ...]:
        headings = (heading for page in pages for heading in page.headings)
        texts = (report.title, report.summary, *headings, *(page.text for page in pages))
        present = {term for text in texts for term in self._marker.surfaces(text).values()}
        return tuple(word.word for word in self._parsed.words if word.term not in present)

    def _snippet(self, fragment: Fragment, report: Report) -> Snippet:
        page = fragment.page
        behind = report.files[page.file] if page.file < len(report.files) else None
        file = self._address(behind.location if behind else report.url)
        return Snippet(
            text=fragment.text,
            marks=fragment.marks,
            file=file,
            page=page.number,
            page_label=page.label,
            heading="" if fragment.heading == report.title else fragment.heading,
            link=_link(file) + _anchor(fragment, behind) if file else "",
        )

    def _address(self, location: str) -> str:
        """A URL as it is, a path as one that can be opened from anywhere; "" for a record that has no place."""
        return location if is_url(location) or not location else storable(str(self._settings.folder / location))


def _link(address: str) -> str:
    return address if is_url(address) or not address else file_uri(path_of(address))


def _anchor(fragment: Fragment, file: ReportFile | None) -> str:
    """What makes a link open at the passage: the page of a PDF, or a text fragment (WICG Scroll to Text)."""
    if fragment.page.number is not None:
        return f"#page={fragment.page.number}"
    if not fragment.marks or file is None or file.media_type != "text/html":
        return ""
    return f"#:~:text={_quoted(_around(fragment.text, fragment.marks[0]))}"


def _around(text: str, mark: Span) -> str:
    """The marked words and up to four that follow: enough to be found once on a page."""
    behind = re.match(r"(?:[^\S…]+[^\s…]+){0,4}", text[mark.end :])
    return text[mark.start : mark.end] + (behind.group() if behind else "")


def _quoted(words: str) -> str:
    return quote(words.strip(), safe="").replace("-", "%2D")
