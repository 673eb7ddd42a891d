"""From a query to ranked reports with snippets: `open_collection` is the one door."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .collection import Collection, open_collection
    from .results import Hit, Results, Snippet

if __name__ == "search":
    raise ImportError("import reportsearch.search: under its bare name every class would be loaded twice")

__all__ = ["Collection", "Hit", "Results", "Snippet", "open_collection"]

_ROOMS = {
    "Collection": "collection",
    "Hit": "results",
    "Results": "results",
    "Snippet": "results",
    "open_collection": "collection",
}


def __getattr__(name: str) -> Any:
    """What is exported, imported when it is first asked for: the command line passes here, and `--help` needs no index.

    See PEP 562.
    """
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{_ROOMS[name]}", __name__), name)
    return found
