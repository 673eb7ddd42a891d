"""Web pages: the main text without menus and footers, headings, claims, and the PDFs that belong to the page.

trafilatura finds the main text; where it finds next to nothing, what the page's main element shows is taken. Nothing
here recurses: the tree is walked with a stack, however deep a hostile page nests.
"""

import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urldefrag, urlsplit

import trafilatura
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.element import CData, NavigableString

from ..errors import ExtractError
from ..report import Document, Failure, Page, ReportFile
from ..urls import canonical_url, is_url, join
from .cleaning import clean
from .encoding import decode
from .media_type import HTML
from .metadata import page_claims

__all__ = ["extract_html"]

_UNSEEN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "frame",
        "frameset",
        "noframes",
        "object",
        "embed",
        "svg",
    }
    | {
        "math",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
        "input",
    }
)
_CHROME = frozenset({"nav", "footer", "aside"})
_CHROME_ROLES = frozenset({"navigation", "contentinfo", "banner", "complementary", "search"})
_CHROME_NAME = re.compile(
    r"(?:site|page|main|global|top)?[-_]?(?:nav|navbar|navigation|menu|footer|sidebar|masthead|breadcrumbs?)(?:[-_]\d+)?"
    r"|related[-_]?\w{0,20}|cookie[-_]?\w{0,20}",
    re.I,
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "nav",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
    }
    | {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "figure",
    }
    | {"figcaption", "address", "form", "fieldset", "details", "summary", "hr", "br", "body", "center"}
)
_HEADINGS = ("h1", "h2", "h3")
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_NEVER_HIDDEN = frozenset({"html", "body", "main"})  # pages show themselves by a script (against clickjacking)
_PRUNED = [
    "//*[@hidden and not(self::html or self::body or self::main)]",
    "//*[contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')"
    " and not(self::html or self::body or self::main)]",
]

_BREAK = "\0"  # where a line ends in the text walked; the page itself has none
_SHARE_OF_VISIBLE = 0.25  # a main text shorter than this share of what its main element shows has gone wrong
_SHARE_OF_BODY = 0.1  # a whole body has menus that no element names
_SUBSTANTIAL_CHARS = 200
_TRAFILATURA_MAX_CHARS = 5_000_000  # it takes over a second for each million
_MAX_PIECES = 300  # of the text of one link or heading
_MAX_LINKS = 200
_MAX_HEADINGS = 500
_MAX_REMARKS = 20
_CHARSET_BYTES = 4096  # browsers look at the first 1024; comments and scripts before it are common

_META_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w.:+-]{1,40})""",
    re.I,
)
_TABLE_RULE = re.compile(r"^\|(?:-+\|)+ ?\n?", re.M)
_TABLE_EDGE = re.compile(r"^\| ?| ?\| ?$", re.M)
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

_log = logging.getLogger(__name__)


def extract_html(data: bytes, *, location: str, charset: str | None = None) -> Document:
    """The main text of a web page as one page without a number, with its claims and the PDFs it links to.

    `location` is the page's http, https or file URL, `charset` that of the HTTP header. Raises ExtractError (no_text).
    """
    markup = _markup(data, charset)
    soup = _soup(markup)
    content = _main_content(soup)
    text = clean(_text(markup, content, location))
    headings = [(level, heading) for level, raw in content.headings[:_MAX_HEADINGS] if (heading := clean(raw))]
    h1 = tuple(heading for level, heading in headings if level == "h1")
    lines = set(text.split("\n"))
    if text and h1 and h1[0] not in lines:  # some main texts begin below their heading
        text = f"{h1[0]}\n{text}"
        lines.add(h1[0])
    if not text:
        raise ExtractError("no_text", "The page has no text.", location=location)
    links = _Links(location, _base(soup, location))
    links.collect(soup, content)
    return Document(
        file=ReportFile(location, HTML, sha256(data).hexdigest(), len(data)),
        pages=(Page(None, text, headings=tuple(heading for _, heading in headings if heading in lines)),),
        claims=page_claims(soup, location=location, headings=h1, times=content.times),
        links=tuple(links.found.values()),
        remarks=tuple(links.remarks.values()),
    )


def _markup(data: bytes, charset: str | None) -> str:
    """The decoded page: byte order mark, HTTP, <meta>, the bytes themselves, in this order (decode sees to the rest).

    Without NUL, which ends the page for some parsers, and without the XML declaration, which is wrong once decoded.
    """
    found = _META_CHARSET.search(data[:_CHARSET_BYTES])
    in_page = found[1].decode("ascii", "replace") if found else None
    if in_page and in_page.lower().startswith(("utf-16", "utf-32", "ucs")):
        in_page = None  # it could not have been read as ASCII (WHATWG Encoding Standard)
    if charset and charset.lower().replace("_", "-") in ("utf-8", "utf8") and not _is_utf8(data):
        charset = None
    text = decode(data, charset or in_page).replace("\0", "")
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _soup(markup: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(markup, "lxml")


def _text(markup: str, content: "_Content", location: str) -> str:
    """trafilatura's main text, or all that the main element shows where that is nearly nothing."""
    main = ""
    if len(markup) <= _TRAFILATURA_MAX_CHARS:
        try:
            main = (
                trafilatura.extract(
                    markup,
                    favor_recall=True,
                    include_comments=False,
                    include_tables=True,
                    prune_xpath=_PRUNED,
                )
                or ""
            )
        # Its rules meet trees that they were not written for, and the page's own text is still to be had.
        except Exception as error:  # noqa: BLE001
            _log.info("%s: no main text by trafilatura: %r", location, error)
    share = _SHARE_OF_BODY if content.is_body else _SHARE_OF_VISIBLE
    shown = content.text
    if len(main) < share * len(shown) or not main.strip():
        return shown
    return _TABLE_EDGE.sub("", _TABLE_RULE.sub("", main))  # it draws tables, as Markdown does


# The main content ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Content:
    """What one element of the page shows, without what is hidden and what belongs to the site."""

    is_body: bool
    pieces: list[str] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[tuple[Tag, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _lines("".join(self.pieces))


def _main_content(soup: BeautifulSoup) -> _Content:
    """The content of <main>, of the only <article>, or of the whole body."""
    whole = _read(soup.body or soup, is_body=True)
    articles = soup.find_all("article", limit=2)
    for region in (
        soup.find("main"),
        soup.find(role="main"),
        articles[0] if len(articles) == 1 else None,
    ):
        if isinstance(region, Tag):
            content = _read(region, is_body=False)
            shown = len(content.text)
            if shown >= _SUBSTANTIAL_CHARS or 2 * shown >= len(whole.text) > 0:
                return content
    return whole


def _read(region: Tag, *, is_body: bool) -> _Content:
    """One pass over an element. In a body every <header> is the site's; in an article it is the article's."""
    content = _Content(is_body)
    pieces = content.pieces
    opened: list[int] = []  # where the text of the links, headings and times begins that are open
    for tag, is_end, text in _walk(region, is_body):
        if tag is None:
            pieces.append(text)
            continue
        if tag.name in _BLOCKS:
            pieces.append(_BREAK)
        elif tag.name in ("td", "th"):
            pieces.append(" ")
        if tag.name in _HEADINGS or tag.name in ("a", "time"):
            if is_end:
                start = opened.pop()
                _keep(content, tag, _line("".join(pieces[start : start + _MAX_PIECES])))
            else:
                opened.append(len(pieces))
    return content


def _keep(content: _Content, tag: Tag, text: str) -> None:
    if tag.name == "a":
        content.anchors.append((tag, text))
    elif tag.name == "time":
        content.times.append(_attribute(tag, "datetime") or text)
    elif text:
        content.headings.append((tag.name, text))


def _walk(region: Tag, is_body: bool) -> Iterator[tuple[Tag | None, bool, str]]:
    """(tag, False, "") where a shown element begins, (tag, True, "") where it ends, and (None, False, text)."""
    stack = [(region, iter(region.contents))]
    yield region, False, ""
    while stack:
        tag, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield tag, True, ""
        elif isinstance(child, Tag):
            if not _skipped(child, is_body):
                stack.append((child, iter(child.contents)))
                yield child, False, ""
        elif type(child) in (NavigableString, CData):  # not comments and the like, which are subclasses
            yield None, False, str(child).replace(_BREAK, "")


def _skipped(tag: Tag, is_body: bool) -> bool:
    name = tag.name
    if name in _UNSEEN or name in _CHROME or (is_body and name == "header"):
        return True
    if not tag.attrs or name in _NEVER_HIDDEN:
        return False
    if "hidden" in tag.attrs or _HIDING_STYLE.search(_attribute(tag, "style")[:1000]):
        return True
    if _attribute(tag, "role").lower() in _CHROME_ROLES:
        return True
    names = [_attribute(tag, "id")[:200], *_attribute(tag, "class")[:1000].split()]
    return any(_CHROME_NAME.fullmatch(one) for one in names)


def _lines(text: str) -> str:
    """The text with one line for each block, as it is shown: other line breaks are spaces."""
    return "\n".join(line for part in text.split(_BREAK) if (line := " ".join(part.split())))


def _line(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else str(value or "")


# The PDFs of a page --------------------------------------------------------------------------------------------------


def _base(soup: BeautifulSoup, location: str) -> str:
    """What relative links start from: <base href>, or the page itself."""
    base = soup.find("base", href=True)
    if isinstance(base, Tag):
        try:
            joined = join(location, _attribute(base, "href"))
        except ValueError:
            return location
        if is_url(joined) or urlsplit(joined).scheme == urlsplit(location).scheme:
            return joined
    return location


class _Links:
    """Collects the PDFs that belong to a page, each once, best first; what is no address becomes a remark."""

    def __init__(self, location: str, base: str) -> None:
        self.location = location
        self.base = base
        self.found: dict[str, str] = {}
        self.remarks: dict[str, Failure] = {}

    def collect(self, soup: BeautifulSoup, content: _Content) -> None:
        for tag in soup.find_all("meta", attrs={"name": re.compile("^citation_pdf_url$", re.I)}, limit=_MAX_LINKS):
            self.add(_attribute(tag, "content"))
        for tag in soup.find_all("link", rel="alternate", href=True, limit=1000):
            if _attribute(tag, "type").partition(";")[0].strip().lower() == "application/pdf":
                self.add(_attribute(tag, "href"))
        for tag, text in content.anchors:
            href = _attribute(tag, "href")
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
            shown = _line(href)[:200]
            message = f"The link {shown!r} cannot be followed: {reason[:200]}."
            self.remarks.setdefault(shown, Failure(self.location, "bad_url", message))


def _is_pdf_link(tag: Tag, text: str, url: str) -> bool:
    path = urlsplit(url).path
    if _PDF_PATH.search(path) or _attribute(tag, "type").lower().startswith("application/pdf"):
        return True
    said = f"{text} {_attribute(tag, 'title')} {_attribute(tag, 'aria-label')}"[:500]
    if _OTHER_PATH.search(path) or _READER_TEXT.search(said):
        return False
    return bool(_PDF_TEXT.search(said))
