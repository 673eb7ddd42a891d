"""A PDF read with PDFium: fast, in native code, and able to repair most damaged files."""

import ctypes
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from itertools import islice

import pypdfium2
from pypdfium2 import PdfiumError
from pypdfium2 import raw as pdfium

from ...errors import ExtractError
from .headline import Letter, headline
from .reading import MAX_PAGES, PdfPageReading, PdfReading

__all__ = ["read_with_pdfium"]

_INFO_KEYS = ("Title", "Author", "Subject", "Keywords", "CreationDate")
_MAX_HEADINGS = 5000
_MAX_OUTLINE_DEPTH = 10
_LANGUAGE_CHARS = 64

_SCANNED_CHARS = 30  # a page with fewer characters than this, such as a stamp or a page number …
_SCANNED_AREA = 0.5  # … and with pictures over this share of it, is a scan
_MAX_PICTURES = 1000
_FORM_DEPTH = 3
_HEADLINE_CHARS = 1500


def read_with_pdfium(data: bytes, *, location: str) -> PdfReading:
    """Every page as PDFium reads it. Raises ExtractError (encrypted, broken).

    A PDF that only its owner's password protects opens without one.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ExtractError("encrypted", "The PDF is encrypted.", location=location) from error
        raise ExtractError("broken", "PDFium cannot open the file.", location=location) from error
    try:
        headings = _headings(pdf)
        pages = tuple(_page(pdf, index, tuple(headings.get(index, ()))) for index in range(min(len(pdf), MAX_PAGES)))
        info = {key: _text(pdf.get_metadata_value, key) for key in _INFO_KEYS}
        return PdfReading(pages, info, _language(pdf), len(pdf), headline(_letters(pdf)))
    finally:
        pdf.close()


def _page(pdf: pypdfium2.PdfDocument, index: int, headings: tuple[str, ...]) -> PdfPageReading:
    label = _text(pdf.get_page_label, index)
    try:
        page = pdf.get_page(index)
    except PdfiumError:
        return PdfPageReading(label=label, headings=headings, failed=True)
    try:
        text = _page_text(page)
        scanned = len("".join(text.split())) < _SCANNED_CHARS and _picture_share(page) >= _SCANNED_AREA
        return PdfPageReading(text, label, headings, scanned)
    except PdfiumError:
        return PdfPageReading(label=label, headings=headings, failed=True)
    finally:
        page.close()  # a page keeps its fonts and pictures in memory until then


def _page_text(page: pypdfium2.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        return str(textpage.get_text_bounded())  # what lies outside of the page is not read
    finally:
        textpage.close()


def _letters(pdf: pypdfium2.PdfDocument) -> list[Letter]:
    """The first characters of the first page, each with its size; none where that page cannot be read."""
    try:
        with closing(pdf.get_page(0)) as page, closing(page.get_textpage()) as textpage:
            height = page.get_height() or 1.0
            count = min(textpage.count_chars(), _HEADLINE_CHARS)
            return [_letter(textpage, index, height) for index in range(count)]
    except PdfiumError:
        return []


def _letter(textpage: pypdfium2.PdfTextPage, index: int, page_height: float) -> Letter:
    code = pdfium.FPDFText_GetUnicode(textpage, index)
    # The box of the font, not of the glyph: as high for an a as for a T. The size of the font itself says nothing
    # where the page is scaled.
    _, bottom, _, top = textpage.get_charbox(index, loose=True)
    return Letter(chr(min(code, sys.maxunicode)), round(top - bottom, 1), top / page_height)


def _picture_share(page: pypdfium2.PdfPage) -> float:
    """The share of the page's area that its pictures cover; overlapping ones count twice."""
    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH)
    area = 0.0
    for picture in islice(pictures, _MAX_PICTURES):
        left, bottom, right, top = picture.get_bounds()
        area += abs(right - left) * abs(top - bottom)
    return area / (width * height) if width * height > 0 else 0.0


def _headings(pdf: pypdfium2.PdfDocument) -> dict[int, list[str]]:
    """The titles of the outline by the index of the page where they begin."""
    found: dict[int, list[str]] = defaultdict(list)
    for bookmark in islice(pdf.get_toc(max_depth=_MAX_OUTLINE_DEPTH), _MAX_HEADINGS):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        if index is not None:
            found[index].append(_text(bookmark.get_title))
    return found


def _language(pdf: pypdfium2.PdfDocument) -> str:
    """The catalogue's /Lang (ISO 32000-1, 14.9.2)."""
    buffer = (ctypes.c_ushort * _LANGUAGE_CHARS)()
    size_bytes = pdfium.FPDFCatalog_GetLanguage(pdf, buffer, ctypes.sizeof(buffer))
    if size_bytes > ctypes.sizeof(buffer):  # then nothing was written
        return ""
    return bytes(buffer)[:size_bytes].decode("utf-16-le", "ignore").rstrip("\0")


def _text(read: Callable[..., str], *arguments: object) -> str:
    """What `read` gives, or "" where the string in the file is no text."""
    try:
        return read(*arguments)
    except UnicodeDecodeError:
        return ""
