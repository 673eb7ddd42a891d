"""The sample collection is whole, marked as a sample, and what its script makes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
SITE = CORPUS / "site"
MARK = "Sample text written for the reportsearch demonstration; this is not the publication of that name."

PAGES = sorted(SITE.rglob("*.html"))
LANDINGS = sorted((SITE / "reports").glob("*.html"))
PDFS = sorted((SITE / "files").glob("*.pdf"))


def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "lxml")


def name_of(path: Path) -> str:
    return path.stem


@pytest.fixture
def pdf(request: pytest.FixtureRequest) -> Iterator[pypdfium2.PdfDocument]:
    with pypdfium2.PdfDocument(request.param) as document:
        yield document


every_pdf = pytest.mark.parametrize("pdf", PDFS, ids=name_of, indirect=True)


def text_by_page(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in document]


def labels(document: pypdfium2.PdfDocument) -> list[str]:
    return [document.get_page_label(number) for number in range(len(document))]


def test_the_two_listing_pages_lead_to_ten_landing_pages() -> None:
    first, second = soup_of(SITE / "index.html"), soup_of(SITE / "page-2.html")
    links = [[card["href"] for card in page.select("article h3 a")] for page in (first, second)]
    assert [len(found) for found in links] == [6, 4]
    assert {SITE / str(href) for href in links[0] + links[1]} == set(LANDINGS)
    following = first.select("a[rel=next], link[rel=next]")
    assert [link["href"] for link in following] == ["page-2.html", "page-2.html"]
    assert not second.select("[rel=next]")


def test_a_card_has_a_title_a_teaser_and_a_second_link_to_the_same_page() -> None:
    cards = [card for name in ("index", "page-2") for card in soup_of(SITE / f"{name}.html").select("article")]
    for card in cards:
        title, more = card.select("h3 a")[0], card.select(".more a")[0]
        assert title["href"] == more["href"]
        assert more.get_text() == "Read more"
        assert len(card.select(".teaser")[0].get_text()) > 60
    assert sum(1 for card in cards if card.select("time")) == 9


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    soup = soup_of(page)
    addresses = [
        str(tag[name])
        for name in ("href", "action")
        for tag in soup.find_all(attrs={name: True})
        if tag.get("rel") != ["schema.DC"]
    ]
    addresses += [str(tag["content"]) for tag in soup.select("meta[name=citation_pdf_url]")]
    assert len(addresses) > 10
    for address in addresses:
        parts = urlsplit(address)
        assert not parts.scheme, address
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        assert target.is_file(), address
        assert target.is_relative_to(SITE.resolve()), address
        if parts.fragment:
            assert soup_of(target).find(id=parts.fragment), address


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_bears_the_mark_a_language_and_one_first_heading(page: Path) -> None:
    soup = soup_of(page)
    assert MARK in soup.get_text()
    assert soup.html is not None and soup.html["lang"] == "en-GB"
    assert len(soup.find_all("h1")) == 1
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_landing_pages_describe_themselves_in_every_way() -> None:
    counts = dict.fromkeys(("citation", "json-ld", "dublin-core", "opengraph", "page"), 0)
    for landing in LANDINGS:
        soup = soup_of(landing)
        ways = {
            "citation": "meta[name=citation_title]",
            "json-ld": 'script[type="application/ld+json"]',
            "dublin-core": 'meta[name="DC.title"]',
            "opengraph": 'meta[property="og:title"]',
        }
        found = [way for way, selector in ways.items() if soup.select(selector)] or ["page"]
        assert len(found) == 1, landing.name
        counts[found[0]] += 1
        for script in soup.select(ways["json-ld"]):
            assert json.loads(script.get_text())["@type"] == "Report"
    assert min(counts.values()) > 0


def test_every_pdf_is_linked_from_a_landing_page_and_one_report_has_two() -> None:
    links = {landing.stem: [a["href"] for a in soup_of(landing).select('a[href$=".pdf"]')] for landing in LANDINGS}
    assert sorted(str(href) for found in links.values() for href in found) == [f"../files/{path.name}" for path in PDFS]
    assert [slug for slug, found in links.items() if len(found) == 2] == ["heading-back-to-harm"]
    without = {slug for slug, found in links.items() if not found}
    assert len(LANDINGS) - len(without) >= 7
    article = soup_of(SITE / "reports" / "faqs-on-child-trafficking.html").select("article")[0]
    assert "faqs-on-child-trafficking" in without and len(article.get_text().split()) > 1000


@every_pdf
def test_a_pdf_has_5_to_30_pages_with_roman_then_arabic_labels(pdf: pypdfium2.PdfDocument) -> None:
    assert 5 <= len(pdf) <= 30
    found = labels(pdf)
    body = found.index("1")
    assert found[:body] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"][:body]
    assert found[body:] == [str(number) for number in range(1, len(pdf) - body + 1)]
    for label, text in zip(found[1:], text_by_page(pdf)[1:], strict=True):
        assert text.split()[-1] == label  # the printed number


@every_pdf
def test_a_pdf_has_an_outline_in_page_order_whose_headings_stand_on_their_pages(
    pdf: pypdfium2.PdfDocument,
) -> None:
    texts = [" ".join(text.split()) for text in text_by_page(pdf)]
    places = []
    for bookmark in pdf.get_toc():
        destination = bookmark.get_dest()
        assert destination is not None
        number = destination.get_index()
        assert number is not None and bookmark.get_title() in texts[number]
        places.append(number)
    assert len(places) > 5
    assert all(one <= other for one, other in pairwise(places))


@every_pdf
def test_a_pdf_says_what_it_is(pdf: pypdfium2.PdfDocument) -> None:
    info = pdf.get_metadata_dict()
    assert info["Title"] and info["Author"] and info["Keywords"]
    assert len(info["Subject"]) > 40  # the teaser
    assert info["Producer"].startswith("fpdf2 ")  # decides below whether bytes can be compared
    first, second = (" ".join(text.split()) for text in text_by_page(pdf)[:2])
    assert MARK in first and MARK in second


def test_pdfs_are_small_and_their_pages_differ() -> None:
    seen: set[str] = set()
    for path in PDFS:
        assert path.stat().st_size < 150_000
        with pypdfium2.PdfDocument(path) as document:
            texts = text_by_page(document)
        assert not seen.intersection(texts)
        seen.update(texts)


def test_the_phrase_of_the_demonstration_stands_on_several_pages() -> None:
    with pypdfium2.PdfDocument(SITE / "files" / "heading-back-to-harm.pdf") as document:
        texts = [" ".join(text.split()).lower() for text in text_by_page(document)]
    assert len(texts) >= 20
    assert sum("going missing from care" in text for text in texts) >= 5


def test_judgements_name_known_queries_and_reports() -> None:
    lines = (CORPUS / "judged" / "queries.jsonl").read_text("utf-8").splitlines()
    queries = {record["id"]: record["text"] for record in map(json.loads, lines)}
    rows = [line.split("\t") for line in (CORPUS / "judged" / "qrels.tsv").read_text("utf-8").splitlines()]
    assert len(queries) == len(lines) == 15
    assert {query for query, _, _ in rows} == set(queries)
    assert all((CORPUS / report).is_file() and grade in {"1", "2", "3"} for _, report, grade in rows)
    assert len({(query, report) for query, report, _ in rows}) == len(rows)


def test_the_script_makes_what_is_committed(tmp_path: Path) -> None:
    """To the byte with the version of fpdf2 that made the PDFs; with another one, the same text on each page."""
    subprocess.run([sys.executable, ROOT / "scripts" / "make_corpus.py", tmp_path], check=True, timeout=120)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {path.relative_to(CORPUS) for path in SITE.rglob("*") if path.is_file()}
    for name in sorted(made):
        if name.suffix == ".pdf" and producer(CORPUS / name) != f"fpdf2 {version('fpdf2')}":
            assert_same_text(tmp_path / name, CORPUS / name)
        else:
            assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), f"{name}: run scripts/make_corpus.py"


def producer(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return str(document.get_metadata_value("Producer"))


def assert_same_text(one: Path, other: Path) -> None:
    with pypdfium2.PdfDocument(one) as first, pypdfium2.PdfDocument(other) as second:
        assert text_by_page(first) == text_by_page(second)
        assert labels(first) == labels(second)
