"""Main text, headings, claims and PDF links of web pages: real-looking, badly encoded, hostile."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsearch.indexer.errors import ExtractError
from reportsearch.indexer.extract.html import extract_html
from reportsearch.indexer.report import Document

PAGE = "https://www.shelf.example/reports/harm-at-sea"
STORY = (
    "Inspectors boarded forty vessels in the three harbours of the region and spoke to the crews without their "
    "captains. On nine of the vessels the papers of the crew had been taken away. "
)
REPORT_PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Harm at sea | The Shelf</title>
<meta name="citation_pdf_url" content="/files/harm.pdf">
<script>var tracker = "tracking code";</script><style>p {{ color: red }}</style></head>
<body>
<header id="top"><a href="/">The Shelf</a><a href="/files/annual.pdf">Our annual report</a></header>
<nav><ul><li><a href="/about">About the shelf</a></li></ul></nav>
<main>
<h1>Harm at sea</h1>
<p>Published <time datetime="2019-11-05">5 November 2019</time></p>
<p>{STORY}</p><h2>What <em>was</em> found</h2><p>{STORY}</p>
<p style="display: none">Hidden words of a trap</p><p hidden>More hidden words</p>
<table><tr><th>Harbour</th><th>Vessels</th></tr><tr><td>Northport</td><td>seventeen</td></tr></table>
<h3>What should be done</h3><p>{STORY} Menus &amp; footers are no part of it.</p>
<a href="../files/harm.pdf#page=2">Harm at sea</a>
<a href="/files/summary.PDF?v=2">Summary</a>
<a href="/download/77">Download the report</a>
<a href="/node/12" type="application/pdf">Annex</a>
<a href="https://get.example/reader">Get a PDF reader</a>
<a href="/data.xlsx">Data, as in the PDF</a>
<a href="//[site:url-brief]">Share</a><a href="mailto:a@b.example">PDF by mail</a>
<aside><a href="/files/other.pdf">Another report</a></aside>
</main>
<footer><p>Copyright of the shelf</p><a href="/files/terms.pdf">Terms</a></footer>
</body></html>"""


def read(markup: str | bytes, location: str = PAGE, charset: str | None = None) -> Document:
    return extract_html(markup.encode() if isinstance(markup, str) else markup, location=location, charset=charset)


def text_of(markup: str | bytes, charset: str | None = None) -> str:
    return read(markup, charset=charset).pages[0].text


def test_the_main_text_without_menus_and_footers() -> None:
    document = read(REPORT_PAGE)
    (page,) = document.pages
    assert page.number is None
    assert page.text.count("Inspectors boarded forty vessels") == 3
    assert "Harbour | Vessels\nNorthport | seventeen\n" in page.text
    assert "Menus & footers are no part of it." in page.text
    for stray in ("About the shelf", "Copyright", "tracking code", "color", "idden words"):
        assert stray not in page.text


def test_headings_in_order_and_part_of_the_text() -> None:
    (page,) = read(REPORT_PAGE).pages
    assert page.headings == ("Harm at sea", "What was found", "What should be done")
    assert all(heading in page.text.split("\n") for heading in page.headings)


def test_the_file_is_described() -> None:
    file = read(REPORT_PAGE).file
    assert (file.location, file.media_type, file.size_bytes, file.pages) == (
        PAGE,
        "text/html",
        len(REPORT_PAGE),
        0,
    )
    assert len(file.sha256) == 64


def test_the_pdfs_of_the_page_best_first_and_once() -> None:
    document = read(REPORT_PAGE)
    assert document.links == (
        "https://www.shelf.example/files/harm.pdf",
        "https://www.shelf.example/files/summary.PDF?v=2",
        "https://www.shelf.example/download/77",
        "https://www.shelf.example/node/12",
    )
    (remark,) = document.remarks
    assert (remark.status, remark.location) == ("bad_url", PAGE)
    assert "//[site:url-brief]" in remark.message


def test_an_alternate_comes_after_the_citation_and_before_anchors() -> None:
    head = '<link rel="alternate" type="application/pdf" href="b.pdf"><meta name="citation_pdf_url" content="c.pdf">'
    links = read(f'{head}<p>{STORY}</p><a href="a.pdf">a</a><a href="b.pdf">b</a>').links
    assert [link.rpartition("/")[2] for link in links] == ["c.pdf", "b.pdf", "a.pdf"]


def test_only_pdfs_in_menus_are_none_of_the_page() -> None:
    assert read(f'<main><p>{STORY * 3}</p></main><footer><a href="a.pdf">a</a></footer>').links == ()
    assert read(f'<p>{STORY}</p><div class="site-footer"><a href="a.pdf">a</a></div>').links == ()


def test_base_href_is_respected() -> None:
    page = f'<base href="/files/"><p>{STORY}</p><a href="a.pdf">a</a>'
    assert read(page).links == ("https://www.shelf.example/files/a.pdf",)
    assert read(page.replace("/files/", "//[x")).links == ("https://www.shelf.example/reports/a.pdf",)


def test_a_saved_page_links_to_its_neighbours(tmp_path: Path) -> None:
    page = f'<p>{STORY}</p><a href="a%20b.pdf">a</a><a href="https://x.example/c.pdf">c</a>'
    document = read(page, (tmp_path / "page one.html").as_uri())
    assert document.links == (tmp_path.as_uri() + "/a%20b.pdf", "https://x.example/c.pdf")


def test_a_web_page_does_not_lead_to_local_files() -> None:
    document = read(f'<p>{STORY}</p><a href="file:///etc/secret.pdf">a</a><base href="file:///etc/">')
    assert document.links == ()
    assert [remark.status for remark in document.remarks] == ["bad_url"]


def test_claims_come_with_the_text() -> None:
    claims = {(claim.field, str(claim.value)) for claim in read(REPORT_PAGE).claims}
    assert {("title", "Harm at sea"), ("date", "2019-11-05"), ("language", "en")} <= claims


def test_a_page_in_which_nothing_looks_like_an_article() -> None:
    cells = "".join(f"<tr><td>Case {n}</td><td>Decision of the court number {n}</td></tr>" for n in range(50))
    text = text_of(f"<body><main><form><table>{cells}</table></form></main></body>")
    assert "Case 0" in text and "Decision of the court number 49" in text


# encodings

FRENCH = "<p>Été à l’école : « naïveté » coûte 5 €. " + "Le résumé précède la préface. " * 10
JAPANESE = "<p>これは日本語の報告書です。児童労働に関する調査の結果を示します。" * 5


@pytest.mark.parametrize(
    ("markup", "encoding", "http", "word"),
    [
        (FRENCH, "cp1252", None, "« naïveté » coûte 5 €"),
        (FRENCH, "cp1252", "utf-8", "« naïveté » coûte 5 €"),
        (FRENCH, "cp1252", "iso-8859-1", "« naïveté » coûte 5 €"),
        (FRENCH, "utf-8", "iso-8859-1", "« naïveté » coûte 5 €"),
        (FRENCH, "utf-8", "no-such-charset", "« naïveté » coûte 5 €"),
        (FRENCH, "utf-8-sig", "windows-1252", "« naïveté » coûte 5 €"),
        (FRENCH, "utf-16", None, "« naïveté » coûte 5 €"),
        ('<meta charset="utf-8">' + FRENCH, "cp1252", None, "« naïveté » coûte 5 €"),
        ('<meta charset="utf-16">' + FRENCH, "utf-8", None, "« naïveté » coûte 5 €"),
        (
            '<?xml version="1.0" encoding="windows-1252"?><html><body>' + FRENCH,
            "cp1252",
            None,
            "« naïveté » coûte",
        ),
        (JAPANESE, "shift_jis", "Shift_JIS", "児童労働に関する調査"),
        (JAPANESE, "shift_jis", None, "児童労働に関する調査"),
        ('<meta charset="Shift_JIS">' + JAPANESE, "shift_jis", "utf-8", "児童労働に関する調査"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=euc-jp">' + JAPANESE,
            "euc_jp",
            None,
            "児童労働に関する調査",
        ),
    ],
)
def test_encodings_are_read_right(markup: str, encoding: str, http: str | None, word: str) -> None:
    assert word in text_of(markup.encode(encoding), http)


# hostile pages


@pytest.mark.parametrize(
    "markup",
    [
        "",
        " ",
        "<p>",
        "<script>alert(1)</script>",
        "<!-- only a comment -->",
        "\0\0",
        "<title>Only a title</title>",
        "<frameset><frame src=a><noframes>Frames are needed</noframes></frameset>",
        "<nav>Home</nav>",
        "<noscript>Enable scripts</noscript>",
        "<svg><text>drawn</text></svg>",
        "<div hidden>gone</div>",
    ],
)
def test_a_page_without_text_says_so(markup: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read(markup)
    assert caught.value.status == "no_text"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>" + "word " * 2_000_000, "word word"),
        ("<div>" * 10_000 + "deep inside" + "</div>" * 10_000, "deep inside"),
        ("<b><i><a href=x>" * 5_000 + "deep inside", "deep inside"),
        ("<table><tr><td>" * 3_000 + "deep inside", "deep inside"),
        ("<p>he\0llo &#0; &#xD800; there</p>", "hello"),
        ("<p>broken <b>mark</p>up</i> <<< & &nosuch; <a href=' >", "broken mark"),
        ("<" * 100_000 + "p>words", "words"),
        ('<p style="' + "display :" * 100_000 + '">words', "words"),
        ("".join(f'<p>words<a href="//[{n}">x</a>' for n in range(5_000)), "words"),
        ("<p>" + " \n" * 1_000_000 + "words", "words"),
    ],
    ids=[
        "10 MB",
        "nested",
        "nested links",
        "tables",
        "NUL",
        "broken",
        "angles",
        "style",
        "bad links",
        "blanks",
    ],
)
def test_hostile_pages_are_read_in_seconds(markup: str, words: str) -> None:
    started_s = time.monotonic()
    document = read(markup)
    assert words in document.pages[0].text
    assert len(document.remarks) <= 20
    assert time.monotonic() - started_s < 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<a href='//[x'>",
                "<h1>",
                "<table>",
                "<td>",
                "<!--",
                "-->",
                "<main>",
                "<article>",
                "</main>",
                "<base href=':'>",
                "<time>",
                "<script>",
                "words ",
                "\x00",
                "&#55296;",
                "<svg>",
                "]]>",
            ]
        )
    )
)
def test_any_markup_gives_text_or_says_that_there_is_none(parts: list[str]) -> None:
    try:
        document = read("".join(parts))
    except ExtractError as error:
        assert error.status == "no_text"
    else:
        assert document.pages[0].text
