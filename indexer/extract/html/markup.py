"""The markup of a page: its bytes decoded, its tree, and the attributes of its elements.

What any element means is not known here.
"""

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning

from ..encoding import decode

__all__ = ["attribute", "decoded_markup", "parsed"]

_CHARSET_BYTES = 4096  # browsers look at the first 1024; comments and scripts before it are common
_META_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w.:+-]{1,40})""", re.I
)


def decoded_markup(data: bytes, charset: str | None) -> str:
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


def parsed(markup: str) -> BeautifulSoup:
    """The tree of a page, however broken the page is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # XHTML of old sites, read as browsers read it
        return BeautifulSoup(markup, "lxml")


def attribute(tag: Tag | None, name: str) -> str:
    """The value of an attribute, a list of them (as of class) with spaces between; "" without it or its element."""
    value = tag.get(name) if tag is not None else None
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
