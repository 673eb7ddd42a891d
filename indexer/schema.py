"""The Whoosh schema, and a report as one of its documents.

Searched: title, headings, summary, body. Filtered: publisher, author, year, language, topic, kind, source (folded
values, one term each). Kept: `record`, the report without its text; `pages`, its text by page, which our codec keeps in
passages. Only classes that come with Whoosh take part, so that Whoosh alone opens the index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from whoosh.columns import CompressedBytesColumn, NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from .analysis import analyzer_for, fold, snowball_language
from .codec import IndexDocument
from .report import Origin, Page, PublicationDate, Report, ReportFile

__all__ = [
    "FILTER_FIELDS",
    "SCHEMA_VERSION",
    "TEXT_FIELDS",
    "format_of",
    "language_of",
    "make_schema",
    "to_document",
    "to_report",
]

SCHEMA_VERSION = 2
"""Goes up with each change of the fields or of what a term is; an index of another version is not opened."""

TEXT_FIELDS = ("title", "headings", "summary", "body")
FILTER_FIELDS = ("publisher", "author", "year", "language", "topic", "kind", "source")

_FORMAT_PREFIX = "reportsearch_format_"


def make_schema(language: str) -> Schema:
    """The schema of a collection in this language; its version stands in it as the name of an empty field."""
    analyzer = analyzer_for(language)
    searched = {name: TEXT(analyzer=analyzer, phrase=True) for name in TEXT_FIELDS}
    filtered = {name: KEYWORD() for name in FILTER_FIELDS}
    schema = Schema(
        id=ID(unique=True),
        date=COLUMN(NumericColumn("I")),  # days since 0001-01-01, 0 where there is none
        page_count=COLUMN(NumericColumn("I")),
        record=STORED(),
        pages=COLUMN(CompressedBytesColumn()),
        **searched,
        **filtered,
    )
    schema.add(f"{_FORMAT_PREFIX}{SCHEMA_VERSION}_{language.replace('-', '_')}", STORED())
    return schema


def format_of(schema: Schema) -> str | None:
    """What `make_schema` wrote as version and language (`1_en`); None for an index that is not ours."""
    for name in schema.names():
        if name.startswith(_FORMAT_PREFIX):
            return str(name.removeprefix(_FORMAT_PREFIX))
    return None


def language_of(schema: Schema) -> str:
    """The language that `make_schema` was given. Raises ValueError for the schema of another program."""
    stamp = format_of(schema)
    if stamp is None:
        raise ValueError("this is no schema of reportsearch")
    return stamp.partition("_")[2].replace("_", "-")


def to_document(report: Report, language: str) -> IndexDocument:
    """The report as the index takes it; one that names no language that can be stemmed is in the collection's."""
    spoken = report.language if snowball_language(report.language) else language
    return IndexDocument(
        language=spoken,
        texts={
            "title": report.title,
            "headings": "\n".join(heading for page in report.pages for heading in page.headings),
            "summary": report.summary,
        },
        pages=report.pages,
        values={
            "id": [report.id],
            "publisher": _folded([report.publisher]),
            "author": _folded(report.authors),
            "year": [f"{report.date.year:04d}"] if report.date else [],
            "language": _folded([report.language]),
            "topic": _folded(report.topics),
            "kind": _folded([report.kind]),
            "source": _folded([report.source]),
        },
        numbers={
            "date": report.date.first_day.toordinal() if report.date else 0,
            "page_count": sum(page.number is not None for page in report.pages),
        },
        stored={"record": _record(report)},
    )


def _folded(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(folded for value in values if (folded := fold(value))))


def _record(report: Report) -> dict[str, Any]:
    """The report without its pages, in plain values."""
    record: dict[str, Any] = {
        field.name: getattr(report, field.name) for field in fields(Report) if field.name != "pages"
    }
    record["date"] = str(report.date) if report.date else None
    record["origins"] = {name: str(origin) for name, origin in report.origins.items()}
    record["files"] = [
        [file.location, file.media_type, file.sha256, file.size_bytes, file.pages, file.scanned_pages]
        for file in report.files
    ]
    record["authors"], record["topics"] = list(report.authors), list(report.topics)
    return record


def to_report(record: Mapping[str, Any], pages: tuple[Page, ...] = ()) -> Report:
    """The report that `to_document` stored; its pages only where they are given."""
    values = dict(record)
    values["date"] = PublicationDate.parse(values["date"]) if values["date"] else None
    values["origins"] = MappingProxyType({name: Origin(origin) for name, origin in values["origins"].items()})
    values["files"] = tuple(ReportFile(*row) for row in values["files"])
    for name in ("authors", "topics"):
        values[name] = tuple(values[name])
    return Report(**values, pages=pages)
