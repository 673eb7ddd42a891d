"""What earlier runs saw, in one SQLite file: which parts each report was made of, what failed, and the runs.

The index is the truth; the ledger only spares work. It is written after the index's commit, names the index version
that it describes, and is set aside when that version is not the one found: then every report is read again.

    reports(id, source, parts, content_hash)     parts: JSON [[location, fingerprint, text], …], in reading order
    failures(location, candidate, source, status, message, first_seen, last_seen, runs)
    runs(started, finished, index_version, counts)
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from .errors import CollectionError
from .report import Failure

__all__ = ["FailureRow", "Ledger", "Part", "ReportRow", "Yield"]

_LAYOUT = 1
_TABLES = """
create table if not exists reports (
    id text primary key, source text not null, parts text not null, content_hash text not null
) without rowid;
create table if not exists failures (
    location text not null, candidate text not null, source text not null, status text not null,
    message text not null, first_seen text not null, last_seen text not null, runs integer not null,
    primary key (candidate, location, status, message)
) without rowid;
create table if not exists runs (
    started text not null, finished text not null, index_version text not null, counts text not null
);
"""


class Yield(IntEnum):
    """How much of a file's text is in the index."""

    NOTHING = 0
    PART = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One file or page that a report was made of; equal fingerprints, equal bytes."""

    location: str
    fingerprint: str
    text: Yield = Yield.WHOLE


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What a run left of one candidate; `content_hash` is "" where it gave no report."""

    id: str
    source: str
    parts: tuple[Part, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class FailureRow:
    """A failure and since when; `candidate` is the identity it belongs to, "" for a source as a whole."""

    failure: Failure
    candidate: str
    first_seen: str
    last_seen: str
    runs: int


class Ledger:
    """The ledger of one collection, open. Changes are seen by others at `save`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._explained():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            layout = self._db.execute("pragma user_version").fetchone()[0]
            if layout > _LAYOUT:
                self._db.close()
                raise CollectionError(
                    f"{path} was written by a newer version. Upgrade this program, or move the file away: "
                    "the next run then reads every report again."
                )
            if layout < _LAYOUT:
                self._db.executescript(_TABLES)
                self._db.execute(f"pragma user_version = {_LAYOUT}")
            self._db.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()  # what was not saved is rolled back

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise CollectionError(
                f"{self._path} cannot be used ({error}). If the disk is full, make room; else move the file away: "
                "the next run then reads every report again."
            ) from error

    def described_version(self) -> str | None:
        """The index version after the last saved run; None before the first, and while there is no index."""
        row = self._one("select index_version from runs order by rowid desc limit 1")
        return None if row is None else str(row[0]) or None

    def forget_reports(self) -> None:
        """Every report will be read again; failures and runs stay."""
        self._do("delete from reports")

    def reports(self) -> dict[str, ReportRow]:
        """All candidates of earlier runs, by identity."""
        rows = self._all("select id, source, parts, content_hash from reports")
        return {row[0]: ReportRow(row[0], row[1], _parts(row[2]), row[3]) for row in rows}

    def put(self, row: ReportRow, failures: Iterable[Failure]) -> None:
        """What this run saw of a candidate, in place of what was known; its failures likewise."""
        parts = json.dumps([[part.location, part.fingerprint, part.text] for part in row.parts])
        self._do("insert or replace into reports values (?, ?, ?, ?)", row.id, row.source, parts, row.content_hash)
        self.put_failures(row.id, row.source, failures)

    def remove(self, identity: str) -> None:
        """Forgets a candidate and its failures."""
        self._do("delete from reports where id = ?", identity)
        self._do("delete from failures where candidate = ?", identity)

    def put_failures(self, candidate: str, source: str, failures: Iterable[Failure]) -> None:
        """The failures of one candidate (or, with "", of a source as a whole) in place of the known ones.

        One that was there before keeps its first date and counts on.
        """
        known = {
            (row[0], row[1]): (row[2], row[3])
            for row in self._all(
                "select location, status, first_seen, runs from failures where candidate = ? and source = ?",
                candidate,
                source,
            )
        }
        self._do("delete from failures where candidate = ? and source = ?", candidate, source)
        now = _now()
        for failure in failures:
            first_seen, runs = known.get((failure.location, failure.status), (now, 0))
            self._do(
                "insert or replace into failures values (?, ?, ?, ?, ?, ?, ?, ?)",
                failure.location, candidate, source, failure.status, failure.message, first_seen, now, runs + 1,
            )  # fmt: skip

    def failures(self, candidate: str | None = None) -> list[FailureRow]:
        """What failed when it was last tried, newest first; of one candidate where it is given."""
        rows = self._all(
            "select location, status, message, source, candidate, first_seen, last_seen, runs from failures "
            "where ? is null or candidate = ? order by first_seen desc, location",
            candidate,
            candidate,
        )
        return [FailureRow(Failure(*row[:4]), *row[4:]) for row in rows]

    def put_run(self, started: str, index_version: str, counts: dict[str, int]) -> None:
        """A finished run, and the index version that the ledger now describes."""
        self._do("insert into runs values (?, ?, ?, ?)", started, _now(), index_version, json.dumps(counts))

    def last_run(self) -> dict[str, Any] | None:
        """Start, end and counts of the last saved run; None before the first."""
        row = self._one("select started, finished, counts from runs order by rowid desc limit 1")
        return None if row is None else {"started": row[0], "finished": row[1], **json.loads(row[2])}

    def save(self) -> None:
        """Makes the changes last."""
        with self._explained():
            self._db.execute("commit")
            self._db.execute("begin")

    def _do(self, statement: str, *values: Any) -> None:
        with self._explained():
            self._db.execute(statement, values)

    def _one(self, statement: str, *values: Any) -> Any:
        with self._explained():
            return self._db.execute(statement, values).fetchone()

    def _all(self, statement: str, *values: Any) -> list[Any]:
        with self._explained():
            return self._db.execute(statement, values).fetchall()


def _parts(stored: str) -> tuple[Part, ...]:
    return tuple(Part(location, fingerprint, Yield(text)) for location, fingerprint, text in json.loads(stored))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
