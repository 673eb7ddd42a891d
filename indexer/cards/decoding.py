"""The characters of an HTML page, by what HTTP or the page itself says of them."""

import re

from ..extract.encoding import decode

__all__ = ["decode_html"]

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:-]{1,40})""",
    re.I,
)
_PRESCAN_BYTES = 4096  # browsers look at 1,024 (HTML standard, 13.2.3.2); pages with long scripts before it exist


def decode_html(html: bytes | str, charset: str | None = None) -> str:
    """The page as text; `charset` is that of the HTTP header, which goes before the page's own declaration."""
    if isinstance(html, str):
        return html.removeprefix("\ufeff")
    return decode(html, charset or _declaration(html))


def _declaration(html: bytes) -> str | None:
    match = _DECLARED.search(html[:_PRESCAN_BYTES])
    if match is None:
        return None
    name = match[1].decode("ascii")
    return "utf-8" if name.lower().startswith("utf-16") else name  # a declaration in ASCII cannot be UTF-16
