"""Plain text in any encoding, with and without pages."""

import codecs
import hashlib

import pytest

from reportsearch.indexer.errors import ExtractError
from reportsearch.indexer.extract.encoding import decode
from reportsearch.indexer.extract.plain_text import extract_text
from reportsearch.indexer.report import Claim, Origin

FRENCH = "Les enfants ont été séparés de leur famille à la frontière ; l’État doit protéger les mineurs isolés."
JAPANESE = "子どもの権利に関する報告書。人身取引の被害者は年々増加している。"
CHINESE = "儿童权利报告。人口贩运受害者人数逐年增加。"
RUSSIAN = "Доклад о правах детей. Число жертв торговли людьми растет каждый год."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
    ],
)
@pytest.mark.parametrize("before", ["", "A line in plain ASCII.\n" * 5000], ids=["alone", "after-ascii"])
def test_encodings_are_recognised_by_their_bytes(text: str, encoding: str, before: str) -> None:
    assert decode((before + text).encode(encoding)) == before + text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_wins(mark: bytes, encoding: str) -> None:
    assert decode(mark + FRENCH.encode(encoding), "koi8-r") == FRENCH


def test_a_declared_charset_is_used_where_it_fits() -> None:
    assert decode("Żółć".encode("iso-8859-2"), "ISO-8859-2") == "Żółć"
    assert decode("“quoted”".encode("cp1252"), "iso-8859-1") == "“quoted”"  # as browsers read it
    assert decode(FRENCH.encode(), "iso-8859-1") == FRENCH


@pytest.mark.parametrize("declared", ["klingon", "zlib", "rot13", "idna", "undefined", "a\0b", "", "utf-16"])
def test_a_wrong_charset_is_passed_over(declared: str) -> None:
    assert decode(FRENCH.encode() + b".", declared) == FRENCH + "."


def test_one_wrong_byte_does_not_spoil_a_utf8_file() -> None:
    assert decode(FRENCH.encode() + b"\xe2\x80") == FRENCH + "\N{REPLACEMENT CHARACTER}"


def test_form_feeds_separate_pages() -> None:
    document = extract_text(b"Title\none\f\ftwo\f\n", location="a.txt")
    assert [(page.number, page.text) for page in document.pages] == [(1, "Title\none"), (2, ""), (3, "two")]
    assert document.file.pages == 3


def test_text_without_form_feeds_has_no_page_number() -> None:
    data = b"Child work\n\nIt is traffick-\ning."
    document = extract_text(data, location="notes/a.txt")
    assert [(page.number, page.text) for page in document.pages] == [(None, "Child work\n\nIt is trafficking.")]
    assert document.claims == (Claim("title", "Child work", Origin.PAGE),)
    assert document.file.media_type == "text/plain"
    assert document.file.sha256 == hashlib.sha256(data).hexdigest()
    assert (document.file.location, document.file.size_bytes, document.file.pages) == (
        "notes/a.txt",
        len(data),
        0,
    )


def test_a_long_first_line_is_no_title() -> None:
    assert extract_text(b"word " * 40, location="a.txt").claims == ()


@pytest.mark.parametrize("data", [b" \n\t\n", b"\f\f", b"\x00\x01"])
def test_blanks_are_no_text(data: bytes) -> None:
    with pytest.raises(ExtractError) as caught:
        extract_text(data, location="a.txt")
    assert caught.value.status == "no_text"
