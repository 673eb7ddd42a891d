"""PDFs: text by page, headings from the outline, claims from the document information and the first page.

PDFium reads first; pypdf reads what PDFium cannot open, or finds no text in.
"""

import datetime
import logging
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from ...errors import ExtractError
from ...report import Claim, Document, Failure, Origin, Page, ReportFile
from ..cleaning import clean, clean_pages
from ..media_type import PDF
from .by_pdfium import read_with_pdfium
from .by_pypdf import read_with_pypdf
from .info import info_claims
from .reading import PdfPageReading, PdfReading

__all__ = ["extract_pdf"]

_END_MARK = b"%%EOF"  # ISO 32000-1, 7.5.5
_END_BYTES = 2048  # some programs write padding behind the mark
_LABEL_CHARS = 32
_HEADING = re.compile(r"(?!_)(?=.{0,299}[^\W\d_]).{1,300}\Z")  # not the marks that Word leaves: _GoBack, _ENREF_1
_PAGES_NAMED = 10

_log = logging.getLogger(__name__)


def extract_pdf(data: bytes, *, location: str, native: bool = True) -> Document:
    """The text of every page, numbered from 1 as `#page=` does, and what the PDF claims of itself.

    `native=False` leaves PDFium out: it crashed on this file. Raises ExtractError (encrypted, truncated, broken,
    no_text). Pages that are pictures, pages that cannot be read and a missing end are remarks.
    """
    reading = _read(data, location, native)
    texts = clean_pages([page.text for page in reading.pages])
    if not any(texts) and not any(page.scanned for page in reading.pages):
        raise _nothing(data, location, damaged=any(page.failed for page in reading.pages))
    pages = tuple(
        Page(number, text, _label(page), _headings(page))
        for number, (page, text) in enumerate(zip(reading.pages, texts, strict=True), 1)
    )
    file = ReportFile(
        location,
        PDF,
        sha256(data).hexdigest(),
        len(data),
        pages=len(pages),
        scanned_pages=sum(page.scanned for page in reading.pages),
    )
    claims = info_claims(reading.info, reading.language, today=datetime.date.today())
    if reading.headline:
        claims = (*claims, Claim("title", reading.headline, Origin.HEADLINE))
    return Document(file, pages, claims, remarks=tuple(_remarks(data, reading, location)))


def _read(data: bytes, location: str, native: bool) -> PdfReading:
    """The first reading in which there is something to read, or else the first that succeeded at all."""
    readers = (read_with_pdfium, read_with_pypdf) if native else (read_with_pypdf,)
    opened: list[PdfReading] = []
    for reader in readers:
        try:
            reading = reader(data, location=location)
        except ExtractError as error:
            if error.status == "encrypted":
                raise
            _log.debug("%s", error)
            continue
        if reading.readable:
            return reading
        opened.append(reading)
    if opened:
        return opened[0]
    raise _nothing(data, location, damaged=True)


def _is_truncated(data: bytes) -> bool:
    return _END_MARK not in data.rstrip(b"\0\t\r\n ")[-_END_BYTES:]


def _nothing(data: bytes, location: str, *, damaged: bool) -> ExtractError:
    if _is_truncated(data):
        return ExtractError("truncated", "The PDF has no end, and no page of it can be read.", location=location)
    if damaged:
        return ExtractError("broken", "No page of the PDF can be read.", location=location)
    return ExtractError("no_text", "The PDF has neither text nor pictures of it.", location=location)


def _label(page: PdfPageReading) -> str:
    label = clean(page.label)
    return label if len(label) <= _LABEL_CHARS else ""


def _headings(page: PdfPageReading) -> tuple[str, ...]:
    headings = (" ".join(clean(heading).split()) for heading in page.headings)
    return tuple(dict.fromkeys(heading for heading in headings if _HEADING.match(heading)))


def _remarks(data: bytes, reading: PdfReading, location: str) -> Iterator[Failure]:
    """What was met on the way and did not keep the rest from being read."""
    count = len(reading.pages)
    scanned = [number for number, page in enumerate(reading.pages, 1) if page.scanned]
    failed = [number for number, page in enumerate(reading.pages, 1) if page.failed]
    if scanned:
        yield Failure(location, "scanned", f"Pictures without text: {_named(scanned, count)}.")
    if failed:
        yield Failure(location, "broken", f"Pages that cannot be read: {_named(failed, count)}.")
    if reading.page_count > count:
        yield Failure(location, "too_large", f"Only the first {count} of {reading.page_count} pages were read.")
    if _is_truncated(data):
        yield Failure(location, "truncated", f"The PDF has no end mark; pages found before it breaks off: {count}.")


def _named(numbers: Sequence[int], count: int) -> str:
    """Such as "page 3 of 40", "pages 1, 2 of 40" or "all 40 pages"."""
    if len(numbers) == count:
        return f"all {count} pages" if count > 1 else "the only page"
    named = ", ".join(map(str, numbers[:_PAGES_NAMED]))
    more = f" and {len(numbers) - _PAGES_NAMED} more" if len(numbers) > _PAGES_NAMED else ""
    return f"page{'s' * (len(numbers) > 1)} {named}{more} of {count}"
