"""From a shelf of reports to an index: sources, fetching, extraction, the report record, writing."""

if __name__ == "indexer":
    raise ImportError("import reportsearch.indexer: under its bare name every class would be loaded twice")
