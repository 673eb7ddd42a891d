"""Query trees on a Whoosh index, by Whoosh's own searcher and matchers."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from reportsearch.indexer.analysis import fold
from reportsearch.indexer.codec import PAGES, Toc, decode_pages, latest_generation
from reportsearch.indexer.errors import IndexFormatError, NoIndexError
from reportsearch.indexer.report import Page
from reportsearch.indexer.schema import SCHEMA_VERSION, TEXT_FIELDS, to_report
from reportsearch.indexer.whoosh_writer import damaged, open_toc

from ..engine import EngineStatus, Match, Ranking, Request
from .rank import by_coverage, relevance, weighting

__all__ = ["WhooshEngine"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


class WhooshEngine:
    """The index in one folder. A snapshot is kept until a newer commit is there; threads take turns with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._snapshot: WhooshSnapshot | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            self._drop()

    @contextmanager
    def snapshot(self) -> Iterator["WhooshSnapshot"]:
        with self._lock:
            if self._snapshot is None or not self._snapshot.is_current():
                self._drop()
                self._snapshot = self._opened(self._open())
            yield self._snapshot

    def _opened(self, toc: Toc) -> "WhooshSnapshot":
        try:
            return WhooshSnapshot(toc, self._folder)
        except IndexFormatError:
            raise
        except Exception as error:  # a segment that is damaged or missing raises anything at all
            raise damaged(self._folder, error) from error

    def _open(self) -> Toc:
        toc = open_toc(self._folder)
        if toc is None:
            raise NoIndexError(
                f"There is no index in {self._folder} yet. Type `reportsearch update` to make it from the "
                "sources in reports.toml, or `reportsearch add PATH_OR_URL` for a single report."
            )
        return toc

    def _drop(self) -> None:
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None


def _or_damaged(
    method: Callable[Concatenate["WhooshSnapshot", _P], _R],
) -> Callable[Concatenate["WhooshSnapshot", _P], _R]:
    """The method, with IndexFormatError for whatever a damaged file makes Whoosh raise: it reads without checksums."""

    @wraps(method)
    def guarded(self: "WhooshSnapshot", /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return method(self, *args, **kwargs)
        except IndexFormatError:
            raise
        except Exception as error:
            raise damaged(self.folder, error) from error

    return guarded


class WhooshSnapshot:
    """One commit, open."""

    def __init__(self, toc: Toc, folder: Path) -> None:
        self.folder = folder
        self._generation = toc.generation
        reader = FileIndex._reader(FileStorage(str(folder)), toc.schema, list(toc.segments), toc.generation)
        self._searcher: Searcher = Searcher(reader, weighting=weighting())
        self.version = f"{SCHEMA_VERSION}.{toc.generation}"

    def is_current(self) -> bool:
        return latest_generation(self.folder) == self._generation

    def close(self) -> None:
        self._searcher.close()

    @_or_damaged
    def search(self, request: Request) -> Ranking:
        if request.tree == query.NullQuery:
            return Ranking(0, ())
        results = self._searcher.search(
            by_coverage(request.tree),
            limit=request.offset + request.limit,
            filter=_conditions(request.filters),
            mask=_any_of(request.exclude),
        )
        wanted = results.top_n[request.offset : request.offset + request.limit]
        return Ranking(len(results), tuple(self._match(doc_id, score) for score, doc_id in wanted))

    @_or_damaged
    def find(self, identity: str) -> Match | None:
        doc_id = self._searcher.document_number(id=identity)
        return None if doc_id is None else self._match(doc_id, 0.0)

    def _match(self, doc_id: int, score: float) -> Match:
        return Match(doc_id, relevance(score), to_report(self._searcher.stored_fields(doc_id)["record"]))

    @_or_damaged
    def pages(self, doc_id: int) -> tuple[Page, ...]:
        return decode_pages(self._searcher.reader().column_reader(PAGES)[doc_id])

    @_or_damaged
    def idf(self, term: str) -> float:
        doc_freq = max(self._searcher.doc_frequency(field, term) for field in TEXT_FIELDS)
        return math.log1p(self._searcher.doc_count() / max(doc_freq, 1))

    @_or_damaged
    def status(self) -> EngineStatus:
        reader = self._searcher.reader()
        counts = reader.column_reader("page_count")
        size = 0
        for file in self.folder.iterdir():
            with suppress(OSError):
                size += file.stat().st_size
        pages = sum(int(counts[doc_id]) for doc_id in reader.all_doc_ids())
        return EngineStatus("whoosh", reader.doc_count(), pages, self.version, size)


def _conditions(filters: Mapping[str, Sequence[str]]) -> query.Query | None:
    conditions = [_one_of(field, values) for field, values in filters.items() if values]
    return query.And(conditions) if conditions else None


def _any_of(exclude: Mapping[str, Sequence[str]]) -> query.Query | None:
    conditions = [_one_of(field, values) for field, values in exclude.items() if values]
    return query.Or(conditions) if conditions else None


def _one_of(field: str, values: Sequence[str]) -> query.Query:
    return query.Or([query.Term(field, fold(value)) for value in values])
