"""Web pages: bytes to a document, with the main text without menus and footers.

trafilatura finds the main text; where it finds next to nothing, what the page's main element shows is taken. How the
tree is walked, what the page claims and which PDFs are its own is for main_content.py, page_claims.py, pdf_links.py.
"""

import logging
import re
from hashlib import sha256

import trafilatura

from ...errors import ExtractError
from ...report import Document, Page, ReportFile
from ..cleaning import clean
from ..media_type import HTML
from .main_content import MainContent, main_content
from .markup import decoded_markup, parsed
from .page_claims import page_claims
from .pdf_links import pdf_links

__all__ = ["extract_html"]

_PRUNED = [
    "//*[@hidden and not(self::html or self::body or self::main)]",
    "//*[contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')"
    " and not(self::html or self::body or self::main)]",
]
_SHARE_OF_VISIBLE = 0.25  # a main text shorter than this share of what its main element shows has gone wrong
_SHARE_OF_BODY = 0.1  # a whole body has menus that no element names
_TRAFILATURA_MAX_CHARS = 5_000_000  # it takes over a second for each million
_MAX_HEADINGS = 500
_TABLE_RULE = re.compile(r"^\|(?:-+\|)+ ?\n?", re.M)
_TABLE_EDGE = re.compile(r"^\| ?| ?\| ?$", re.M)

_log = logging.getLogger(__name__)


def extract_html(data: bytes, *, location: str, charset: str | None = None) -> Document:
    """The main text of a web page as one page without a number, with its claims and the PDFs it links to.

    `location` is the page's http, https or file URL, `charset` that of the HTTP header. Raises ExtractError (no_text).
    """
    markup = decoded_markup(data, charset)
    soup = parsed(markup)
    content = main_content(soup)
    text = clean(_text(markup, content, location))
    headings = [(level, heading) for level, raw in content.headings[:_MAX_HEADINGS] if (heading := clean(raw))]
    h1 = tuple(heading for level, heading in headings if level == "h1")
    lines = set(text.split("\n"))
    if text and h1 and h1[0] not in lines:  # some main texts begin below their heading
        text = f"{h1[0]}\n{text}"
        lines.add(h1[0])
    if not text:
        raise ExtractError("no_text", "The page has no text.", location=location)
    links, remarks = pdf_links(soup, content, location=location)
    return Document(
        file=ReportFile(location, HTML, sha256(data).hexdigest(), len(data)),
        pages=(Page(None, text, headings=tuple(heading for _, heading in headings if heading in lines)),),
        claims=page_claims(soup, location=location, headings=h1, times=content.times),
        links=links,
        remarks=remarks,
    )


def _text(markup: str, content: MainContent, location: str) -> str:
    """trafilatura's main text, or all that the main element shows where that is nearly nothing."""
    main = ""
    if len(markup) <= _TRAFILATURA_MAX_CHARS:
        try:
            found = trafilatura.extract(
                markup, favor_recall=True, include_comments=False, include_tables=True, prune_xpath=_PRUNED
            )
            main = found or ""
        # Its rules meet trees that they were not written for, and the page's own text is still to be had.
        except Exception as error:  # noqa: BLE001
            _log.info("%s: no main text by trafilatura: %r", location, error)
    share = _SHARE_OF_BODY if content.is_body else _SHARE_OF_VISIBLE
    shown = content.text
    if len(main) < share * len(shown) or not main.strip():
        return shown
    return _TABLE_EDGE.sub("", _TABLE_RULE.sub("", main))  # it draws tables, as Markdown does
