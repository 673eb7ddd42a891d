"""SQLite FTS5: Porter stems, its bm25, its snippet(). What is filtered and counted stands in a table beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE"]

_FILE = "fts5.sqlite"
_SNIPPET_TOKENS = 32
_TABLES = """
create table reports(
    number integer primary key, id text unique not null, title text not null, year integer not null, publisher text
);
create virtual table texts using fts5(body, tokenize = 'porter unicode61');
"""
_MATCHES = "from texts join reports on reports.number = texts.rowid where texts match ?"
# by rank, not bm25(): only so does FTS5 sort before it reads texts
_IDS = f"select id {_MATCHES} order by rank limit {TOP}"
_TOTAL = "select count(*) from texts where texts match ?"
_SNIPPETS = (
    f"select id, snippet(texts, 0, '<mark>', '</mark>', '…', {_SNIPPET_TOKENS}) {_MATCHES} order by rank limit {TOP}"
)
_FILTERED = f"select id {_MATCHES} and year = ? order by rank limit {TOP}"
_FACET = f"select publisher, count(*) as n {_MATCHES} and year = ? group by publisher order by n desc"
_JOINED = {"phrase": '"{}"', "prefix": "{}*"}


class _Fts5:
    name = "fts5"
    version = sqlite3.sqlite_version
    measures = frozenset({"ids", "total", "snippets", "filter", "prefix", "replace", "cold"})
    classes = frozenset({"several", "one", "phrase", "prefix"})
    workers = (1,)
    heavy = False

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        with closing(sqlite3.connect(folder / _FILE)) as database, database:
            database.executescript(_TABLES)
            for number, document in enumerate(documents, 1):
                _insert(database, number, document)

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        with closing(sqlite3.connect(folder / _FILE)) as database, database:
            for document in documents:
                (number,) = database.execute("select number from reports where id = ?", (document.id,)).fetchone()
                database.execute("delete from reports where number = ?", (number,))
                database.execute("delete from texts where rowid = ?", (number,))
                _insert(database, number, document)

    def open(self, folder: Path) -> _OpenFts5:
        return _OpenFts5(sqlite3.connect(folder / _FILE))


class _OpenFts5:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def typed(self, query: Query) -> str:
        if query.kind == "several":
            return " OR ".join(f'"{word}"' for word in query.words)
        return _JOINED.get(query.kind, "{}").format(" ".join(query.words))

    def close(self) -> None:
        self._database.close()

    def ids(self, text: str) -> Answer:
        return Answer([row[0] for row in self._database.execute(_IDS, (text,))])

    def total(self, text: str) -> Answer:
        answer = self.ids(text)
        return answer._replace(total=self._database.execute(_TOTAL, (text,)).fetchone()[0])

    def snippets(self, text: str) -> Answer:
        rows = self._database.execute(_SNIPPETS, (text,)).fetchall()
        return Answer([row[0] for row in rows], [row[1] for row in rows])

    def filter(self, text: str, year: int) -> Answer:
        rows = self._database.execute(_FILTERED, (text, year)).fetchall()
        return Answer([row[0] for row in rows], facets=dict(self._database.execute(_FACET, (text, year))))

    prefix = ids


def _insert(database: sqlite3.Connection, number: int, document: Document) -> None:
    database.execute(
        "insert into reports values (?, ?, ?, ?, ?)",
        (number, document.id, document.title, document.year, document.publisher),
    )
    database.execute("insert into texts(rowid, body) values (?, ?)", (number, document.text))


ENGINE = _Fts5()
