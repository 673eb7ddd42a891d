"""The engines by name: one module each, loaded only when it is wanted, since each needs a library of its own."""

from __future__ import annotations

from importlib import import_module

from ..engine import Engine

__all__ = ["NAMES", "OURS", "MissingLibraryError", "load"]

OURS = "ours"
NAMES = (OURS, "whoosh", "whoosh-fast", "tantivy", "fts5", "bm25s", "xapian")

_PYPI = "pip install {} into the environment that runs this (scripts/bench/run does)"
_REMEDIES = {
    "tantivy": _PYPI.format("tantivy"),
    "bm25s": _PYPI.format("bm25s PyStemmer"),
    "xapian": "on Debian, apt install python3-xapian, and link /usr/lib/python3/dist-packages/xapian into the "
    "environment's site-packages",
    "fts5": "take a Python whose sqlite3 was built with FTS5",
}
_WRITERS = {OURS: "reportsearch.indexer.run"}
"""What an engine needs for writing and not for searching."""


class MissingLibraryError(Exception):
    """What the engine needs is not installed; the message ends with the remedy."""


def load(name: str, *, writing: bool = False) -> Engine:
    """The engine of this name; for `writing` with all that it needs for that, so that no clock counts its imports.

    Raises MissingLibraryError, KeyError for a name that is not in NAMES.
    """
    if name not in NAMES:
        raise KeyError(name)
    try:
        engine: Engine = import_module(f".{name.replace('-', '_')}", __name__).ENGINE
        if writing and name in _WRITERS:
            import_module(_WRITERS[name])
    except ImportError as error:
        remedy = _REMEDIES.get(name, _PYPI.format("the project"))
        raise MissingLibraryError(f"{name} cannot be loaded ({error}): {remedy}.") from error
    return engine
