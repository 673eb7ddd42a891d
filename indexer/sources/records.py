"""JSON lines of ready records: `title`, `text` or `pages`, and any metadata that a report has.

{"title": "…", "text": "…", "url": "…", "date": "2016-11", "authors": ["…"], "publisher": "…"}
{"id": "7", "title": "…", "pages": ["first page", {"text": "second", "label": "ii", "headings": ["…"]}]}
"""

import json
import lzma
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from ..access import Access
from ..errors import ReadError
from ..extract.cleaning import clean
from ..report import Candidate, Claim, Document, Failure, Origin, Page, PublicationDate, ReportFile
from ..urls import canonical_url, file_uri

__all__ = ["document_of_record", "is_records", "read_records", "record_fingerprint"]

_XZ_MAGIC = b"\xfd7zXZ\x00"
_TEXTS = {
    "title": "title",
    "summary": "summary",
    "publisher": "publisher",
    "language": "language",
    "kind": "kind",
}
_LISTS = {"authors": "authors", "topics": "topics"}


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(len(_XZ_MAGIC)) == _XZ_MAGIC
    return lzma.open(path) if packed else path.open("rb")


def is_records(path: Path) -> bool:
    """Whether the file (plain or xz) begins with a JSON object that has a title, a text or pages."""
    try:
        with _open(path) as file:
            first = file.read(1)
            if first != b"{":
                return False
            line = first + file.readline(50_000_000)
        record = json.loads(line)
    except (ValueError, RecursionError, lzma.LZMAError, EOFError):
        return False
    return isinstance(record, dict) and not {"title", "text", "pages"}.isdisjoint(record)


def read_records(path: Path, source: str, access: Access) -> Iterator[Candidate | Failure]:
    """A candidate a line; a line that is no record is a failure, named by its number."""
    name = access.portable(file_uri(path))
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            where = f"{name}:{number}"
            try:
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise TypeError("not an object")
                yield Candidate(_identity(record, where), file_uri(path), source, record=record)
            except (ValueError, TypeError, RecursionError) as error:
                yield Failure(where, "bad_record", f"The line is not a record: {error}.", source)


def _identity(record: Mapping[str, Any], where: str) -> str:
    for key in ("id", "url"):
        value = record.get(key)
        if isinstance(value, (str, int)) and str(value):
            try:
                return canonical_url(str(value))
            except ValueError:
                return str(value)
    return where


def record_fingerprint(record: Mapping[str, Any]) -> str:
    """Equal for equal records, whatever the order of their keys."""
    return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def document_of_record(record: Mapping[str, Any], location: str) -> Document:
    """The record as if it had been read from a file. Raises ReadError `bad_record` for values of the wrong kind."""
    try:
        pages = tuple(_pages(record))
        claims = tuple(_claims(record))
    except (TypeError, ValueError, KeyError) as error:
        raise ReadError("bad_record", f"The record cannot be read: {error}.", location=location) from error
    if not any(page.text.strip() for page in pages) and not record.get("title"):
        raise ReadError("bad_record", "The record has neither a title nor a text.", location=location)
    numbered = sum(page.number is not None for page in pages)
    size = sum(len(page.text.encode("utf-8", "replace")) for page in pages)
    file = ReportFile(location, "application/json", record_fingerprint(record), size, numbered)
    return Document(file, pages, claims)


def _pages(record: Mapping[str, Any]) -> Iterator[Page]:
    if "pages" not in record:
        yield Page(None, _text(record.get("text", ""), "text"))
        return
    if not isinstance(record["pages"], list):
        raise TypeError("pages is not a list")
    for number, entry in enumerate(record["pages"], 1):
        page = {"text": entry} if isinstance(entry, str) else entry
        headings = tuple(_text(heading, "headings") for heading in page.get("headings", ()))
        label = _text(page.get("label", ""), "label")
        yield Page(int(page.get("number", number)), _text(page["text"], "text"), label, headings)


def _claims(record: Mapping[str, Any]) -> Iterator[Claim]:
    for key, field in _TEXTS.items():
        if record.get(key):
            yield Claim(field, _text(record[key], key), Origin.RECORD)
    for key, field in _LISTS.items():
        if record.get(key):
            values = [record[key]] if isinstance(record[key], str) else record[key]
            yield Claim(field, tuple(_text(value, key) for value in values), Origin.RECORD)
    if record.get("url"):
        yield Claim("url", _text(record["url"], "url"), Origin.RECORD)
    if record.get("date"):
        yield Claim("date", PublicationDate.parse(str(record["date"])), Origin.RECORD)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{key} is not text")
    return clean(value)
