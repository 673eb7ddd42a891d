"""From a query to ranked reports with snippets: `open_collection` is the one door."""

if __name__ == "search":
    raise ImportError("import reportsearch.search: under its bare name every class would be loaded twice")
