"""Types told by bytes, as WHATWG MIME Sniffing and ISO 32000-1 say."""

import time

import pytest

from reportsearch.indexer.extract.media_type import HTML, OTHER, PDF, TEXT, sniff


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n", PDF),
        (b"\r\n\r\n%PDF-1.7\n1 0 obj\n<<>>", PDF),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n12 0 obj", PDF),
        (b"x" * 1024 + b"%PDF-1.4\n1 0 obj", TEXT),
        (b"An essay on %PDF-1.4 headers.", TEXT),
        (b"<!doctype html><p>%PDF-1.4 1 0 obj", HTML),
        (b"<html>", HTML),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML>", HTML),
        (b"<?xml version='1.0'?>\n<!-- a --> <!-- b -->\n<html xmlns=''>", HTML),
        ("\ufeff<html>".encode("utf-16-le"), HTML),
        (b"Warning: deprecated in x.php<br />\n<!DOCTYPE html>", HTML),
        (b"<article>A fragment</article>", HTML),
        (b"<5 years of age", TEXT),
        (b"Plain words.", TEXT),
        (b"one bell \x07 in a text" + b"." * 1000, TEXT),
        ("子どもの権利".encode("shift_jis"), TEXT),
        ("子どもの権利".encode("iso2022_jp"), TEXT),
        ("\ufeffwide".encode("utf-16-be"), TEXT),
        (b"  \n", TEXT),
        (b"", OTHER),
        (b"PK\x03\x04\x14\x00\x06\x00word/document.xml", OTHER),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", OTHER),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", OTHER),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16, OTHER),
        (b"{\\rtf1\\ansi text}", OTHER),
        (b"<?xml version='1.0'?><rss></rss>", OTHER),
        (b"<svg xmlns=''></svg>", OTHER),
    ],
)
def test_types_are_told_by_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


@pytest.mark.parametrize("piece", [b"<!--", b"<!-- -->", b"<?xml ", b" \n", b" %PDF-", b"1 ", b" %PDF-1 "])
def test_no_bytes_take_long(piece: bytes) -> None:
    begun = time.process_time()
    sniff(piece * 1_000_000)
    assert time.process_time() - begun < 1
