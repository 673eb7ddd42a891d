"""What the index keeps of a report besides its text, in plain values, and the report made of it again."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from .report import Origin, Page, PublicationDate, Report, ReportFile

__all__ = ["record_of", "to_report"]


_NAMES = tuple(field.name for field in fields(Report) if field.name != "pages")


def record_of(report: Report) -> dict[str, Any]:
    """The report without its pages, in plain values."""
    record: dict[str, Any] = {name: getattr(report, name) for name in _NAMES}
    record["date"] = str(report.date) if report.date else None
    record["origins"] = {name: str(origin) for name, origin in report.origins.items()}
    record["files"] = [
        [file.location, file.media_type, file.sha256, file.size_bytes, file.pages, file.scanned_pages]
        for file in report.files
    ]
    record["authors"], record["topics"] = list(report.authors), list(report.topics)
    return record


def to_report(record: Mapping[str, Any], pages: tuple[Page, ...] = ()) -> Report:
    """The report that this is the record of; its pages only where they are given."""
    values = dict(record)
    values["date"] = PublicationDate.parse(values["date"]) if values["date"] else None
    values["origins"] = MappingProxyType({name: Origin(origin) for name, origin in values["origins"].items()})
    values["files"] = tuple(ReportFile(*row) for row in values["files"])
    for name in ("authors", "topics"):
        values[name] = tuple(values[name])
    return Report(**values, pages=pages)
