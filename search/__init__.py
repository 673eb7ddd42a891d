"""From a query to ranked reports with snippets: `open_collection` is the one door."""

from .collection import Collection, open_collection
from .results import Hit, Results, Snippet

if __name__ == "search":
    raise ImportError("import reportsearch.search: under its bare name every class would be loaded twice")

__all__ = ["Collection", "Hit", "Results", "Snippet", "open_collection"]
