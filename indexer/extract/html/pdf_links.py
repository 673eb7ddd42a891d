"""The PDFs that belong to a page: where it says so of itself, and behind the links of its main content.

Whether they can be fetched, and what is in them, is not known here.
"""

import re
from urllib.parse import urldefrag, urlsplit

from bs4 import BeautifulSoup, Tag

from ...report import Failure
from ...urls import canonical_url, is_url, join
from .main_content import MainContent
from .markup import attribute

__all__ = ["pdf_links"]

_MAX_LINKS = 200
_MAX_REMARKS = 20
_PDF_PATH = re.compile(r"\.pdf$", re.I)
_PDF_TEXT = re.compile(
    r"\bpdf\b|\b(?:download|read|view)\s+(?:the\s+|this\s+|our\s+)?(?:full\s+)?(?:report|publication|paper|study|document)\b"
    r"|\bfull\s+report\b|\bt[ée]l[ée]charger\s+le\s+rapport\b|\bbericht\s+herunterladen\b|\bdescargar\s+(?:el\s+)?informe\b",
    re.I,
)
_READER_TEXT = re.compile(r"\b(?:acrobat|reader|viewer|plug-?in)\b", re.I)
_OTHER_PATH = re.compile(
    r"\.(?:html?|docx?|xlsx?|pptx?|csv|zip|epub|mobi|jpe?g|png|gif|svg|mp[34]|txt|xml|json|rtf|odt|ics)$",
    re.I,
)


def pdf_links(
    soup: BeautifulSoup, content: MainContent, *, location: str
) -> tuple[tuple[str, ...], tuple[Failure, ...]]:
    """The addresses of the PDFs, each once and best first, and a remark on each link that has none."""
    links = _Links(location, _base(soup, location))
    links.collect(soup, content)
    return tuple(links.found.values()), tuple(links.remarks.values())


class _Links:
    """Collects the PDFs that belong to a page, each once, best first; what is no address becomes a remark."""

    def __init__(self, location: str, base: str) -> None:
        self.location = location
        self.base = base
        self.found: dict[str, str] = {}
        self.remarks: dict[str, Failure] = {}

    def collect(self, soup: BeautifulSoup, content: MainContent) -> None:
        for tag in soup.find_all("meta", attrs={"name": re.compile("^citation_pdf_url$", re.I)}, limit=_MAX_LINKS):
            self.add(attribute(tag, "content"))
        for tag in soup.find_all("link", rel="alternate", href=True, limit=1000):
            if attribute(tag, "type").partition(";")[0].strip().lower() == "application/pdf":
                self.add(attribute(tag, "href"))
        for tag, text in content.anchors:
            href = attribute(tag, "href")
            url = self.absolute(href) if href.strip() else None
            if url is not None and _is_pdf_link(tag, text, url):
                self.add(href)

    def add(self, href: str) -> None:
        url = self.absolute(href)
        if not url or len(self.found) >= _MAX_LINKS:
            return
        url = urldefrag(url).url
        if url in (self.location, self.base):
            return
        if is_url(url):
            self.found.setdefault(canonical_url(url), url)
        elif url.startswith("file:") and is_url(self.location):
            self.remark(href, "a web page links to a local file")
        elif url.startswith("file:"):
            self.found.setdefault(url, url)

    def absolute(self, href: str) -> str | None:
        """The address that a link means; None, with a remark, where it means none."""
        try:
            url = join(self.base, href)
            if is_url(url):
                canonical_url(url)
        except ValueError as error:
            self.remark(href, str(error))
            return None
        return url

    def remark(self, href: str, reason: str) -> None:
        if len(self.remarks) < _MAX_REMARKS:
            shown = " ".join(href.split())[:200]
            message = f"The link {shown!r} cannot be followed: {reason[:200]}."
            self.remarks.setdefault(shown, Failure(self.location, "bad_url", message))


def _base(soup: BeautifulSoup, location: str) -> str:
    """What relative links start from: <base href>, or the page itself."""
    base = soup.find("base", href=True)
    if isinstance(base, Tag):
        try:
            joined = join(location, attribute(base, "href"))
        except ValueError:
            return location
        if is_url(joined) or urlsplit(joined).scheme == urlsplit(location).scheme:
            return joined
    return location


def _is_pdf_link(tag: Tag, text: str, url: str) -> bool:
    path = urlsplit(url).path
    if _PDF_PATH.search(path) or attribute(tag, "type").lower().startswith("application/pdf"):
        return True
    said = f"{text} {attribute(tag, 'title')} {attribute(tag, 'aria-label')}"[:500]
    if _OTHER_PATH.search(path) or _READER_TEXT.search(said):
        return False
    return bool(_PDF_TEXT.search(said))
