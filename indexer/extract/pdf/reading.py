"""What a PDF library read, before it is cleaned and judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["MAX_PAGES", "PdfPageReading", "PdfReading"]

MAX_PAGES = 20_000  # no report has more; a damaged or hostile page tree claims millions


@dataclass(frozen=True, slots=True)
class PdfPageReading:
    """One page: raw text, printed label, headings that begin here; `failed` where the page could not be opened."""

    text: str = ""
    label: str = ""
    headings: tuple[str, ...] = ()
    scanned: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class PdfReading:
    """All pages up to `MAX_PAGES`, the document information by its keys (Title, CreationDate), the language, and what
    is set largest on the first page."""

    pages: tuple[PdfPageReading, ...]
    info: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    page_count: int = 0
    headline: str = ""

    @property
    def readable(self) -> bool:
        """Whether there is text, or at least a picture of it."""
        return any(page.scanned or page.text.strip() for page in self.pages)
