"""Everything that can go wrong, as one tree.

    ReportSearchError
    ├── SettingsError            reports.toml or an environment variable cannot be used
    ├── CollectionError          the collection is not in a state to do what was asked
    │   ├── NoIndexError         nothing has been indexed yet
    │   ├── NothingToIndexError  no source, or no report in any source
    │   ├── IndexFormatError     the index was written by another version, or is damaged
    │   ├── LockHeldError        another run is writing
    │   └── ReportNotFoundError  no report has that identity
    └── ReadError                one file, page or source could not be read; the others go on
        ├── FetchError           over HTTP or from the disk
        ├── ExtractError         fetched, but no text can be had from it
        └── ListingError         a listing page that gives no cards

A message says what happened, where, and ends with the remedy. A `ReadError` has one of the statuses in
`REMEDIES`, so that failures can be counted and filtered by name.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "REMEDIES",
    "CollectionError",
    "ExtractError",
    "FetchError",
    "IndexFormatError",
    "ListingError",
    "LockHeldError",
    "NoIndexError",
    "NothingToIndexError",
    "ReadError",
    "ReportNotFoundError",
    "ReportSearchError",
    "SettingsError",
]

REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        # what arrived cannot be read
        "empty": "The file has no bytes: download it again, or delete it.",
        "truncated": "The file ends too early: download it again.",
        "broken": "The file is damaged: open it in a viewer and save it anew, or download it again.",
        "encrypted": "The PDF wants a password: save a copy without one (for example with qpdf --decrypt).",
        "scanned": "The pages are pictures without text: add a text layer (for example with ocrmypdf).",
        "error_page": "A web page that reports an error stands where the report should be: download it again.",
        "no_text": "No readable text was found: check that this is the right page or file.",
        "unsupported": "Only PDF, HTML, plain text and JSON lines are read: convert the file to one of them.",
        "bad_record": "Each line must be a JSON object with text or pages, or with title and summary: mend the line.",
        # the limits of a worker process
        "timeout": "It took longer than this limit: raise it under [limits] in reports.toml, or split the file.",
        "too_large": "The file is larger than the limit: raise max_bytes in reports.toml, or split the file.",
        "out_of_memory": "Reading took more memory than the limit: raise extract_memory_mb in reports.toml.",
        "crashed": "The parser crashed on this file: open it in a viewer and save it anew.",
        # getting at it
        "unreadable": "The file or folder cannot be opened: check that it exists and who may read it.",
        "outside": "Only files in the collection, or below the page or folder that leads there, are read: move it.",
        "bad_url": "This is no address that can be fetched: mend it, or tell the publisher of the page.",
        "robots_denied": "The site's robots.txt forbids this address: ask the publisher for permission or a copy.",
        "unreachable": "The site did not answer: try again later, and check the address and the network.",
        "http_error": "The site refused: open the address in a browser; if it works there, try again later.",
        "no_cards": "Look at what is found with `reportsearch cards`, and set `item` in reports.toml.",
        "too_many_pages": "Raise max_pages_of_listing in reports.toml, or name a listing that is shorter.",
        "emptied": "What was indexed is kept: if it is really gone, run `reportsearch update --force`.",
    }
)
"""Each status that a `ReadError` can have, and what a reader can do about it."""


class ReportSearchError(Exception):
    """Anything that this package raises on purpose."""


class SettingsError(ReportSearchError):
    """Settings that cannot be used; `path` is the file, `key` the setting, where they are known."""

    def __init__(self, message: str, *, path: str | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.key = key


class CollectionError(ReportSearchError):
    """The collection is not in a state to do what was asked."""


class NoIndexError(CollectionError):
    """Nothing has been indexed yet."""


class NothingToIndexError(CollectionError):
    """No source is configured, or no report was found in any."""


class IndexFormatError(CollectionError):
    """The index was written by another version, or is damaged; `section` is the part of a file that is, where it is
    known."""

    def __init__(self, message: str, *, section: str = "") -> None:
        super().__init__(message)
        self.section = section


class LockHeldError(CollectionError):
    """Another run is writing to this collection."""


class ReportNotFoundError(CollectionError):
    """No report of the collection has this identity."""


class ReadError(ReportSearchError):
    """One thing that could not be read.

    `location` is its URL or path, `status` a key of `REMEDIES`, `remedy` what to do about it.
    """

    def __init__(self, status: str, message: str, *, location: str) -> None:
        if status not in REMEDIES:
            raise ValueError(f"{status!r} is not a status: add it to REMEDIES, with its remedy")
        super().__init__(status, message, location)
        self.status = status
        self.message = message
        self.location = location

    @property
    def remedy(self) -> str:
        return REMEDIES[self.status]

    def __reduce__(self) -> tuple[object, ...]:  # crosses from the worker processes
        return _rebuild, (type(self), self.status, self.message, self.location)

    def __str__(self) -> str:
        return f"{self.location}: {self.message} {self.remedy}"


class FetchError(ReadError):
    """Not to be had over HTTP or from the disk; `http_status` is the answer's code, where there was one."""

    def __init__(self, status: str, message: str, *, location: str, http_status: int | None = None) -> None:
        super().__init__(status, message, location=location)
        self.http_status = http_status


class ExtractError(ReadError):
    """Fetched, but no text can be had from it."""


class ListingError(ReadError):
    """A listing page that gives no cards."""


def _rebuild(kind: type[ReadError], status: str, message: str, location: str) -> ReadError:
    return kind(status, message, location=location)
