"""One file read: by what its bytes are, never by its name."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from ..errors import ExtractError, ReadError
from ..report import Document
from ..urls import is_url
from .html import extract_html
from .media_type import HTML, PDF, TEXT, sniff
from .pdf import extract_pdf
from .plain_text import extract_text
from .raw import Raw, load

__all__ = ["extract"]

_Reader = Callable[..., Document]

_QUOTED_CHARS = 80
_ERROR_PAGE_CHARS = 600  # a page with less text than this, where a PDF should be, is not the report
_DOUBTFUL_CHARS = 5000  # up to this length, a title with one of the words below is believed
_ERROR_TITLE = re.compile(
    r"\b(40[0-9]|410|50[0-4]|not found|no longer (available|exists?)|does(n.t| not) exist|errors?|denied|forbidden"
    r"|unauthori[sz]ed|log ?in|sign ?in|sorry|oops|unavailable|maintenance|expired|captcha|are you (a )?(human|robot)"
    r"|just a moment|access to this|moved|removed)\b",
    re.I,
)
_CERTAIN_TITLE = re.compile(r"\b(404|(page|file|document) not found|access denied|403 forbidden)\b", re.I)


def extract(raw: Raw, *, native: bool = True) -> Document:
    """The document in the file. Raises FetchError (unreadable) and ExtractError (any other status).

    `native=False` keeps away from native code that crashed on this file.
    """
    try:
        return _extract(raw, native)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # the parsers raise anything on hostile input; the other files must go on
        message = f"The parser failed ({type(error).__name__}: {str(error)[:_QUOTED_CHARS]})."
        raise ExtractError("broken", message, location=raw.location) from error


def _extract(raw: Raw, native: bool) -> Document:
    data = load(raw)
    media_type = sniff(data)
    if media_type == PDF:
        return extract_pdf(data, location=raw.location, native=native)
    if media_type not in (HTML, TEXT):
        raise ExtractError("unsupported", "The bytes are of no type that is read.", location=raw.location)
    read = extract_html if media_type == HTML else extract_text
    if not _should_be_pdf(raw):
        return read(data, location=raw.location, charset=raw.charset)
    return _unless_error_page(read, data, raw)


def _should_be_pdf(raw: Raw) -> bool:
    name = urlsplit(raw.location).path if is_url(raw.location) else raw.location
    return name.lower().endswith(".pdf") or raw.declared_type.lower().startswith((PDF, "application/x-pdf"))


def _unless_error_page(read: _Reader, data: bytes, raw: Raw) -> Document:
    """What stands where a PDF should be; raises ExtractError (error_page) for the notice of a server."""
    try:
        document = read(data, location=raw.location, charset=raw.charset)
    except ExtractError as error:
        raise _error_page(raw, "") from error
    text = "\n".join(page.text for page in document.pages)
    titles = [claim.value for claim in document.claims if claim.field == "title"]
    titles += [heading for page in document.pages for heading in page.headings]
    if len(text) < _ERROR_PAGE_CHARS or any(_CERTAIN_TITLE.search(title) for title in titles):
        raise _error_page(raw, titles[0] if titles else text)
    if len(text) < _DOUBTFUL_CHARS and any(_ERROR_TITLE.search(title) for title in titles):
        raise _error_page(raw, titles[0])
    return document


def _error_page(raw: Raw, notice: str) -> ExtractError:
    quoted = f": {notice[:_QUOTED_CHARS]!r}" if notice else ""
    return ExtractError("error_page", f"A web page stands where a PDF should be{quoted}.", location=raw.location)
