"""The fields of a collection's index, and how an index says which ones it has."""

from whoosh.fields import Schema

__all__ = ["FILTER_FIELDS", "FORMAT_PREFIX", "SCHEMA_VERSION", "TEXT_FIELDS", "format_of", "language_of"]

SCHEMA_VERSION = 2
"""Goes up with each change of the fields or of what a term is; an index of another version is not opened."""

TEXT_FIELDS = ("title", "headings", "summary", "body")
FILTER_FIELDS = ("publisher", "author", "year", "language", "topic", "kind", "source")

FORMAT_PREFIX = "reportsearch_format_"
"""Of the name of an empty field, which goes on with version and language."""


def format_of(schema: Schema) -> str | None:
    """What `make_schema` wrote as version and language (`1_en`); None for an index that is not ours."""
    for name in schema.names():
        if name.startswith(FORMAT_PREFIX):
            return str(name.removeprefix(FORMAT_PREFIX))
    return None


def language_of(schema: Schema) -> str:
    """The language that `make_schema` was given. Raises ValueError for the schema of another program."""
    stamp = format_of(schema)
    if stamp is None:
        raise ValueError("this is no schema of reportsearch")
    return stamp.partition("_")[2].replace("_", "-")
