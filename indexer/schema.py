"""The Whoosh schema, and a report as one of its documents.

Searched: title, headings, summary, body. Filtered: publisher, author, year, language, topic, kind, source (folded
values, one term each). Kept: `record`, the report without its text; `pages`, its text by page, in a compressed column
of its own, so that listing reports does not open their text.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from whoosh.columns import CompressedBytesColumn, NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from .analysis import analyzer_for, fold
from .report import Origin, Page, PublicationDate, Report, ReportFile

__all__ = [
    "FILTER_FIELDS",
    "SCHEMA_VERSION",
    "TEXT_FIELDS",
    "format_of",
    "make_schema",
    "to_document",
    "to_pages",
    "to_report",
]

SCHEMA_VERSION = 1
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


def to_document(report: Report) -> dict[str, Any]:
    """The report as keyword arguments of Whoosh's `add_document`."""
    years = [f"{report.date.year:04d}"] if report.date else []
    return {
        "id": report.id,
        "title": report.title,
        "headings": "\n".join(heading for page in report.pages for heading in page.headings),
        "summary": report.summary,
        "body": "\n".join(page.text for page in report.pages),
        "publisher": _folded([report.publisher]),
        "author": _folded(report.authors),
        "year": years,
        "language": _folded([report.language]),
        "topic": _folded(report.topics),
        "kind": _folded([report.kind]),
        "source": _folded([report.source]),
        "date": report.date.first_day.toordinal() if report.date else 0,
        "page_count": sum(page.number is not None for page in report.pages),
        "record": _record(report),
        "pages": _pages(report.pages),
    }


def _folded(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(folded for value in values if (folded := fold(value))))


def _record(report: Report) -> str:
    """The report without its pages, as JSON."""
    record: dict[str, Any] = {
        field.name: getattr(report, field.name) for field in fields(Report) if field.name != "pages"
    }
    record["date"] = str(report.date) if report.date else None
    record["origins"] = dict(report.origins)
    record["files"] = [
        [file.location, file.media_type, file.sha256, file.size_bytes, file.pages, file.scanned_pages]
        for file in report.files
    ]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _pages(pages: Iterable[Page]) -> bytes:
    rows = [[page.number, page.text, page.label, page.headings, page.file] for page in pages]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def to_pages(stored: bytes) -> tuple[Page, ...]:
    """The pages that `to_document` put into the column."""
    return tuple(
        Page(number, text, label, tuple(headings), file)
        for number, text, label, headings, file in json.loads(stored or b"[]")
    )


def to_report(record: str, pages: tuple[Page, ...] = ()) -> Report:
    """The report that `to_document` stored; its pages only where they are given."""
    values = json.loads(record)
    values["date"] = PublicationDate.parse(values["date"]) if values["date"] else None
    values["origins"] = MappingProxyType({name: Origin(origin) for name, origin in values["origins"].items()})
    values["files"] = tuple(ReportFile(*row) for row in values["files"])
    for name in ("authors", "topics"):
        values[name] = tuple(values[name])
    return Report(**values, pages=pages)
