"""What kind of file it is, by its bytes: names and declared types are often wrong."""

import codecs
import re

__all__ = ["HTML", "OTHER", "PDF", "TEXT", "sniff"]

PDF = "application/pdf"
HTML = "text/html"
TEXT = "text/plain"
OTHER = "application/octet-stream"

_HEADER_BYTES = 1024  # readers look for %PDF- in the first 1024 bytes (ISO 32000-1, annex H.3, note 13)
_SNIFFED_BYTES = 8192
_PDF_OBJECT = re.compile(rb"\d{1,10}\s{1,4}\d{1,5}\s{1,4}obj")

# As browsers do (WHATWG MIME Sniffing, 7.1), and the elements that came later.
_TAGS = (
    "!doctype html|html|head|body|title|meta|link|script|style|iframe|base|div|main|article|section|header|nav|h[1-6]"
    "|p|br|hr|table|ul|ol|dl|pre|blockquote|form|a|b|font|img|span|center"
)
_HTML_START = re.compile(rf"<({_TAGS})([\s/>]|\Z)".encode(), re.I)
_HTML_WITHIN = re.compile(rb"^[ \t]*<(!doctype html|html)[\s>]", re.I | re.M)  # behind a warning of the server
_XML = re.compile(rb"<(\?xml|svg|rss|feed)[\s>]", re.I)
_MARKUP_OF_PRINTERS = (b"{\\rtf", b"%!PS")  # printable, but nothing to read

_WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BINARY = bytes({*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})  # WHATWG MIME Sniffing, 3
_BINARY_TOLERATED = 0.002  # a stray control character makes no text a picture


def sniff(data: bytes) -> str:
    """`PDF`, `HTML`, `TEXT`, or `OTHER` for anything that is not read (archives, pictures, office files)."""
    head = _narrow(data[:_SNIFFED_BYTES])
    if _is_pdf(head):
        return PDF
    if _is_html(head):
        return HTML
    start = head.lstrip()
    if _XML.match(start) or start.startswith(_MARKUP_OF_PRINTERS):
        return OTHER
    binary = len(head) - len(head.translate(None, _BINARY))
    return TEXT if head and binary <= len(head) * _BINARY_TOLERATED else OTHER


def _is_html(head: bytes) -> bool:
    start = head.lstrip()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
    while start.startswith(b"<!--"):
        _, end, start = start.partition(b"-->")
        start = start.lstrip()
        if not end:  # the comment goes on behind what is looked at
            return True
    return bool(_HTML_START.match(start) or _HTML_WITHIN.search(head[:_HEADER_BYTES]))


def _narrow(head: bytes) -> bytes:
    """The bytes without a byte order mark, and UTF-16 as UTF-8."""
    for mark, encoding in _WIDE_MARKS.items():
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _is_pdf(head: bytes) -> bool:
    """Whether a PDF begins here, at once or behind what a server or a mail program put before it."""
    header = head[:_HEADER_BYTES].find(b"%PDF-")
    if header <= 0:
        return header == 0
    return not _is_html(head[:header]) and bool(_PDF_OBJECT.search(head, header))
