"""JSON lines of ready records: `title`, `text` or `pages`, and any metadata that a report has.

{"title": "…", "text": "…", "url": "…", "date": "2016-11", "authors": ["…"], "publisher": "…"}
{"id": "7", "title": "…", "pages": ["first page", {"text": "second", "label": "ii", "headings": ["…"]}]}

null and "" are as good as nothing. A record without text says so ("text": ""), or has a title and a summary.
"""

import codecs
import json
import lzma
import re
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from ..access import Access
from ..errors import ReadError
from ..extract.cleaning import clean
from ..report import Candidate, Claim, Document, Failure, Origin, Page, PublicationDate, ReportFile
from ..urls import canonical_url, file_uri, storable, why_no_url

__all__ = ["document_of_record", "is_records", "place_of", "read_records", "record_fingerprint"]

_NAMES = (".jsonl", ".ndjson", ".jsonl.xz", ".ndjson.xz")
_XZ_MAGIC = b"\xfd7zXZ\x00"
_FIRST_LINE_BYTES = 50_000_000
_NAMED_LINES = 100  # of those that are no records; the others are counted
_ID_CHARS = 2000
_QUOTED_CHARS = 200
_LINE = "#line="  # RFC 5147
_TEXTS = frozenset({"title", "summary", "publisher", "language", "kind", "url"})
_LISTS = frozenset({"authors", "topics"})
_DATE_TEXT = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:\D.*)?)?)?\Z")  # 20161101 is no year 2016


def _open(path: Path) -> IO[bytes]:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "This is not a regular file")  # opening a named pipe would wait for a writer
    with path.open("rb") as file:
        packed = file.read(len(_XZ_MAGIC)) == _XZ_MAGIC
    return lzma.open(path) if packed else path.open("rb")


def is_records(path: Path) -> bool:
    """Whether the file (plain or xz) has the name of JSON lines, or begins with an object that has a title, a text or
    pages. Raises OSError."""
    if path.name.lower().endswith(_NAMES):
        return True
    try:
        with _open(path) as file:
            start = file.read(1)
            line = start + file.readline(_FIRST_LINE_BYTES) if start == b"{" else b""
    except (lzma.LZMAError, EOFError):
        return True  # nothing else is read out of xz
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and not {"title", "text", "pages"}.isdisjoint(record)


def read_records(path: Path, source: str, access: Access) -> Iterator[Candidate | Failure]:
    """A candidate a line; a line that is no record is a failure, named by its number."""
    name = access.portable(file_uri(path))
    broken = 0
    try:
        for number, line in _lines(path, name, access.settings.limits.max_bytes):
            where = f"{name}:{number}"
            try:
                record = _object(line)
            except (ValueError, TypeError, RecursionError) as error:
                broken += 1
                if broken <= _NAMED_LINES:
                    yield Failure(where, "bad_record", f"The line is not a record: {error}.", source)
                continue
            yield Candidate(_identity(record, where), f"{file_uri(path)}{_LINE}{number}", source, record=record)
    except ReadError as error:
        yield Failure(error.location, error.status, error.message, source)
    if broken > _NAMED_LINES:
        yield Failure(name, "bad_record", f"{broken - _NAMED_LINES} more lines are not records.", source)


def _lines(path: Path, name: str, max_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, each with its number. Raises ReadError where the file cannot be read to its end, or has
    none."""
    number, empty = 0, True
    try:
        with _open(path) as file:
            while line := file.readline(max_bytes + 1):
                number += 1
                if len(line) > max_bytes:
                    message = f"The line has more than {max_bytes} bytes."
                    raise ReadError("too_large", message, location=f"{name}:{number}")
                if line.strip():
                    empty = False
                    yield number, line
    except OSError as error:
        raise ReadError("unreadable", f"Cannot be read: {error.strerror}.", location=name) from error
    except EOFError as error:
        raise ReadError("truncated", f"The packed file breaks off behind line {number}.", location=name) from error
    except lzma.LZMAError as error:
        raise ReadError("broken", f"The packed file is damaged behind line {number}.", location=name) from error
    if empty:
        raise ReadError("empty", "The file has no lines.", location=name)


def place_of(candidate: Candidate, access: Access) -> str:
    """The file and line of a record's candidate, as people name it: `papers/records.jsonl:7`."""
    return f"{access.portable(candidate.location)}:{candidate.location.rpartition(_LINE)[2]}"


def _object(line: bytes) -> Mapping[str, Any]:
    record = json.loads(line.removeprefix(codecs.BOM_UTF8))
    if not isinstance(record, dict):
        raise TypeError("not an object")
    if not isinstance(record.get("id", ""), str | int | None):
        raise TypeError("id is neither text nor a number")
    return record


def _identity(record: Mapping[str, Any], where: str) -> str:
    for key in ("id", "url"):
        value = record.get(key)
        if isinstance(value, (str, int)) and str(value):
            name = storable(str(value))
            try:
                return canonical_url(name)
            except ValueError:
                return name if len(name) <= _ID_CHARS else where
    return where


def record_fingerprint(record: Mapping[str, Any], location: str) -> str:
    """Equal for equal records, whatever the order of their keys. Raises ReadError `bad_record`."""
    try:
        return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    except RecursionError as error:  # the parser may go deeper than the writer
        raise ReadError("bad_record", "The record is nested too deep.", location=location) from error


def document_of_record(record: Mapping[str, Any], location: str) -> Document:
    """The record as if it had been read from a file.

    Raises ReadError: `bad_record` for values of the wrong kind and where there is nothing to read, `bad_url`.
    """
    _refuse_bad_url(record, location)
    try:
        pages = tuple(_pages(record))
        claims = tuple(_claims(record))
    except (TypeError, ValueError) as error:
        raise ReadError("bad_record", f"The record cannot be read: {error}.", location=location) from error
    if not any(page.text.strip() for page in pages) and not _does_without_text(record):
        raise ReadError("bad_record", "The record has no text to be found by.", location=location)
    numbered = sum(page.number is not None for page in pages)
    size = sum(len(page.text.encode("utf-8", "replace")) for page in pages)
    file = ReportFile(location, "application/json", record_fingerprint(record, location), size, numbered)
    return Document(file, pages, claims)


def _refuse_bad_url(record: Mapping[str, Any], location: str) -> None:
    """A record's url is shown as a link: `javascript:` and the like must never be."""
    url = record.get("url")
    if isinstance(url, str) and url and why_no_url(url):
        message = f"The record's url {url[:_QUOTED_CHARS]!r} is no http or https address."
        raise ReadError("bad_url", message, location=location)


def _does_without_text(record: Mapping[str, Any]) -> bool:
    """Whether title and summary are enough, or the record says itself that it has no text."""
    said = any(isinstance(record.get(key), str | list) for key in ("text", "pages"))
    return bool(record.get("title")) and (said or bool(record.get("summary")))


def _pages(record: Mapping[str, Any]) -> Iterator[Page]:
    if record.get("pages") is None:
        text = record.get("text")
        yield Page(None, "" if text is None else _text(text, "text"))
        return
    if not isinstance(record["pages"], list):
        raise TypeError("pages is not a list")
    for number, entry in enumerate(record["pages"], 1):
        page = {"text": entry} if isinstance(entry, str) else entry
        if not isinstance(page, dict):
            raise TypeError(f"page {number} is neither text nor an object")
        headings = tuple(_text(heading, "headings") for heading in page.get("headings", ()))
        label = _text(page.get("label", ""), "label")
        yield Page(_number(page.get("number", number)), _text(page.get("text"), "text"), label, headings)


def _number(value: Any) -> int:
    if isinstance(value, int | str) and 0 < int(value) < 2**31:
        return int(value)
    raise ValueError(f"{value!r} is not the number of a page")


def _claims(record: Mapping[str, Any]) -> Iterator[Claim]:
    for key, value in record.items():
        if value is None or value == "":
            continue
        if key in _TEXTS:
            yield Claim(key, _text(value, key), Origin.RECORD)
        elif key in _LISTS:
            yield Claim(key, _texts(value, key), Origin.RECORD)
        elif key == "date":
            yield Claim(key, _date(value), Origin.RECORD)


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, str | list):
        raise TypeError(f"{key} is neither text nor a list of texts")
    return tuple(_text(each, key) for each in ([value] if isinstance(value, str) else value))


def _date(value: Any) -> PublicationDate:
    """A date as text, or a year as a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError("date is not text")
    text = str(value)
    if not _DATE_TEXT.match(text.strip()):
        raise ValueError(f"{text[:_QUOTED_CHARS]!r} is not a date such as 2016, 2016-11 or 2016-11-01")
    return PublicationDate.parse(text)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{key} is not text")
    return clean(value)
