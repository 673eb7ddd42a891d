"""Plain text: decoded, cleaned, and cut into pages where form feeds stand."""

from hashlib import sha256

from ..errors import ExtractError
from ..report import Claim, Document, Origin, Page, ReportFile
from .cleaning import clean_pages
from .encoding import decode
from .media_type import TEXT

__all__ = ["extract_text"]

_TITLE_CHARS = 150
_FORM_FEED = "\f"


def extract_text(data: bytes, *, location: str, charset: str | None = None) -> Document:
    """The text by page (RFC 2046 and print spoolers end pages with a form feed); the first line is a title if short.

    Raises ExtractError (no_text) where nothing but blanks is left.
    """
    texts = clean_pages(decode(data, charset).rstrip().split(_FORM_FEED))
    if not any(texts):
        raise ExtractError("no_text", "The file has nothing but blanks.", location=location)
    paged = len(texts) > 1
    pages = tuple(Page(number if paged else None, text) for number, text in enumerate(texts, 1))
    file = ReportFile(location, TEXT, sha256(data).hexdigest(), len(data), pages=len(pages) if paged else 0)
    return Document(file, pages, claims=_title(texts))


def _title(texts: list[str]) -> tuple[Claim, ...]:
    first_line = next(text for text in texts if text).partition("\n")[0]
    return (Claim("title", first_line, Origin.PAGE),) if len(first_line) <= _TITLE_CHARS else ()
