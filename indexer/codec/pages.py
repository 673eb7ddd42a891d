"""The column `pages`: the text of a document by page, as bytes. Whoosh copies it where it merges segments, so that no
text is lost when another program writes to the index."""

from collections.abc import Iterable

from ..report import Page
from .stored import decode_values, encode_values

__all__ = ["PAGES", "decode_pages", "encode_pages"]

PAGES = "pages"
"""The name of the column."""


def encode_pages(pages: Iterable[Page]) -> bytes:
    """The bytes of these pages."""
    return encode_values([[page.number, page.text, page.label, list(page.headings), page.file] for page in pages])


def decode_pages(data: bytes) -> tuple[Page, ...]:
    """The pages that `encode_pages` made these bytes of."""
    if not data:
        return ()
    rows = decode_values(data)
    return tuple(Page(number, text, label, tuple(titles), file) for number, text, label, titles, file in rows)
