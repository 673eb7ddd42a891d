"""The records that cross walls: what a source offers, what a file says, and the report made of both.

All are frozen. Text is NFC; strings that are unknown are empty, not None. Within a run a location is a URI (http,
https or file); in what is kept, Report and Failure, it is portable: a URL, or a path relative to the collection's
folder with `/` between its parts (absolute where it lies outside of it).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

__all__ = [
    "Candidate",
    "Claim",
    "Document",
    "Failure",
    "Origin",
    "Page",
    "PublicationDate",
    "Report",
    "ReportFile",
]

_REDUCED_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class Origin(StrEnum):
    """Where a metadata value came from, most trusted first."""

    RECORD = "record"  # a ready record in JSON lines
    CITATION = "citation"  # <meta name="citation_*"> (Highwire Press, as Google Scholar reads it)
    JSON_LD = "json-ld"  # schema.org
    DUBLIN_CORE = "dublin-core"
    OPENGRAPH = "opengraph"
    PAGE = "page"  # headings, <time>, <html lang>, text of the page
    PDF_INFO = "pdf-info"  # the PDF's document information
    CARD = "card"  # the listing that led to the report
    HEADLINE = "headline"  # what is set largest on the PDF's first page
    PATH = "path"  # the file's name
    SETTINGS = "settings"  # reports.toml


@dataclass(frozen=True, slots=True, order=True)
class PublicationDate:
    """A date that knows how exact it is: a year, a month or a day (ISO 8601 reduced precision)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        datetime.date(self.year, self.month or 1, self.day or 1)  # ValueError where there is no such day

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> PublicationDate:
        """The date in `2016`, `2016-11` or `2016-11-01` (a time behind it is passed over).

        Raises ValueError for anything else.
        """
        match = _REDUCED_DATE.match(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a date such as 2016, 2016-11 or 2016-11-01")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        return cls(year, month, day)

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def first_day(self) -> datetime.date:
        """The earliest day that it can mean; what dates are ordered by."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        return self.first_day.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One metadata value and who says so.

    `field` is one of title, summary, publisher, language, kind, url (str), authors, topics (tuple[str, ...]),
    date (PublicationDate).
    """

    field: str
    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one file of a report.

    `number` counts the pages of the file from 1, as `#page=` does, and is None where the file has no pages (HTML);
    `label` is the printed number ("iv", "37"), "" where it is not known or there are no pages.
    `headings` are those that begin on this page, in reading order; they are part of `text` as well.
    `file` says which of the report's files, from 0.
    """

    number: int | None
    text: str
    label: str = ""
    headings: tuple[str, ...] = ()
    file: int = 0


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file behind a report; `scanned_pages` counts the pages that are pictures without text."""

    location: str
    media_type: str
    sha256: str
    size_bytes: int
    pages: int = 0
    scanned_pages: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What was read out of one file: its text by page, what it claims of itself, and what it links to.

    `links` are absolute URLs of the report's own files (PDFs) as they stand in a landing page, best first; `remarks`
    are the non-fatal failures met on the way (a scanned PDF, a link that is no URL).
    """

    file: ReportFile
    pages: tuple[Page, ...]
    claims: tuple[Claim, ...] = ()
    links: tuple[str, ...] = ()
    remarks: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that a source offers: where it is, and what the source says of it.

    `identity` tells two candidates apart; `location` is where the page or file is read. `files` are the files that
    the card itself links to; with `follow` the files that its page links to belong to the report as well. `record` is
    a ready record (an object of JSON lines) that needs no reading.
    """

    identity: str
    location: str
    source: str
    claims: tuple[Claim, ...] = ()
    files: tuple[str, ...] = ()
    follow: bool = False
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Card, landing page and files as one record: what is indexed, found, shown and cited.

    `id` is the canonical URL, or the path within the collection; `url` is where people read the report, "" for a ready
    record that does not say.
    `origins` names for each metadata field that has a value where it came from.
    `content_hash` is a SHA-256 over all that is indexed: equal hashes, equal records.
    """

    id: str
    url: str
    title: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    date: PublicationDate | None = None
    language: str = ""
    topics: tuple[str, ...] = ()
    kind: str = ""
    pages: tuple[Page, ...] = ()
    files: tuple[ReportFile, ...] = ()
    source: str = ""
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be read; `status` is a key of `errors.REMEDIES`."""

    location: str
    status: str
    message: str
    source: str = ""
