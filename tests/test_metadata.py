"""Claims of a page by vocabulary, which of them are believed, and dates as they are written."""

import datetime
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.extract.dates import parse_date
from reportsearch.indexer.extract.html.page_claims import page_claims
from reportsearch.indexer.extract.metadata import resolve
from reportsearch.indexer.extract.titles import is_junk_title
from reportsearch.indexer.report import Claim, Origin, PublicationDate

TODAY = datetime.date(2024, 6, 1)
PAGE = "https://www.shelf.example/reports/one"


def claimed(head: str, body: str = "<p>text", headings: tuple[str, ...] = (), **others: Any) -> tuple[Claim, ...]:
    lang = others.pop("lang", "")
    soup = BeautifulSoup(f"<html {lang}><head>{head}</head><body>{body}</body></html>", "lxml")
    return page_claims(soup, location=others.pop("location", PAGE), headings=headings, **others)


def believed(head: str, body: str = "<p>text", headings: tuple[str, ...] = (), **others: Any) -> dict[str, Any]:
    return resolve(claimed(head, body, headings, **others), today=TODAY)[0]


def meta(**values: str) -> str:
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in values.items())


def json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


# each vocabulary


def test_highwire_tags() -> None:
    head = meta(
        citation_title="Harm at sea",
        citation_online_date="2020/01/05",
        citation_publication_date="2019/11",
        citation_technical_report_institution="Institute of Fish",
        citation_language="eng",
        citation_keywords="fishing; labour, forced",
    )
    head += '<meta name="Citation_Author" content="Ada Lee"><meta name="citation_author" content="Bo Ek">'
    assert believed(head) == {
        "title": "Harm at sea",
        "date": PublicationDate(2019, 11),
        "publisher": "Institute of Fish",
        "language": "en",
        "topics": ("fishing", "labour, forced"),
        "authors": ("Ada Lee", "Bo Ek"),
    }
    assert {claim.origin for claim in claimed(head)} == {Origin.CITATION}


def test_json_ld_of_a_report() -> None:
    report = {
        "@type": ["Report", "Thing"],
        "headline": "Harm &amp; hope",
        "author": [{"@type": "Person", "name": "Ada Lee"}, "Bo Ek", {"name": ["Cy Oh"]}],
        "publisher": {"@type": "Organization", "name": "Institute"},
        "datePublished": "2019-11-05T10:00:00+01:00",
        "inLanguage": {"@type": "Language", "name": "en-gb"},
        "keywords": "fish, sea",
        "description": "What was found.",
        "genre": "Annual report",
    }
    assert believed(json_ld(report)) == {
        "title": "Harm & hope",
        "authors": ("Ada Lee", "Bo Ek", "Cy Oh"),
        "publisher": "Institute",
        "date": PublicationDate(2019, 11, 5),
        "language": "en-GB",
        "topics": ("fish", "sea"),
        "summary": "What was found.",
        "kind": "Annual report",
    }


def test_json_ld_as_a_graph_with_references() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "The Shelf"},
            {"@type": "WebPage", "name": "Harm at sea - The Shelf", "datePublished": "2019-11-05"},
            {
                "@type": "Article",
                "headline": "Harm at sea",
                "author": {"@id": "#ada"},
                "publisher": {"@id": "#org"},
            },
            {"@type": "Article", "headline": "Another one", "author": "Somebody Else", "genre": "Blog"},
            {"@type": "Person", "@id": "#ada", "name": "Ada Lee"},
            {"@type": "Organization", "@id": "#org", "name": "Institute"},
        ]
    }
    values = believed(json_ld(graph))
    assert (values["title"], values["authors"], values["publisher"]) == (
        "Harm at sea",
        ("Ada Lee",),
        "Institute",
    )
    assert values["date"] == PublicationDate(2019, 11, 5)
    assert "kind" not in values


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 100_000,
        '{"@type":"Report","name":' + "9" * 10_000 + "}",
        '{"@type":"Report","name":[[["x"]]],"author":{"name":{"name":1}},"keywords":7,"about":null}',
        '{"@type":{"a":1},"@id":[1],"@graph":3}',
        '"Report"',
        "x" * 1_000_001,
        '{"@graph":' * 500 + "{}" + "}" * 500,
    ],
)
def test_hostile_json_ld_is_no_end(script: str) -> None:
    values = believed(f'<title>Harm at sea</title><script type="application/ld+json">{script}</script>')
    assert values["title"] == "Harm at sea"


def test_json_ld_as_it_is_found() -> None:
    script = '<!-- {"@type": "http://schema.org/Report", "name": "Line\nbreak"}; -->'
    assert believed(f'<script type="application/ld+json; charset=utf-8">{script}</script>')["title"] == "Line break"


def test_dublin_core_in_any_letter_case() -> None:
    head = (
        '<meta name="DC.Title" content="Harm at sea"><meta name="dcterms.issued" content="2019">'
        '<meta name="DC.Creator" content="Lee, Ada; Ek, Bo"><meta name="dc:Language" content="FR_fr">'
        '<meta name="DCTERMS.modified" content="2023-01-01"><meta name="DC.type" content="Text">'
        '<meta name="DC.Subject" content="fish"><meta name="DC.Subject" content="Fish, sea">'
    )
    values, origins = resolve(claimed(head), today=TODAY)
    assert values == {
        "title": "Harm at sea",
        "date": PublicationDate(2019),
        "authors": ("Lee, Ada", "Ek, Bo"),
        "language": "fr-FR",
        "topics": ("fish", "sea"),
    }
    assert set(origins.values()) == {Origin.DUBLIN_CORE}


def test_open_graph() -> None:
    head = "".join(
        f'<meta property="{name}" content="{value}">'
        for name, value in {
            "og:title": "Harm at sea | The Shelf",
            "og:site_name": "The Shelf",
            "og:description": "What was found.",
            "og:locale": "en_GB",
            "article:published_time": "2019-11-05T00:00:00Z",
            "article:author": "https://www.facebook.example/shelf",
            "article:section": "Fish",
        }.items()
    )
    assert believed(head) == {
        "title": "Harm at sea",
        "publisher": "The Shelf",
        "summary": "What was found.",
        "language": "en-GB",
        "date": PublicationDate(2019, 11, 5),
        "topics": ("Fish",),
    }


def test_the_page_itself() -> None:
    values, origins = resolve(
        claimed(
            '<title>Harm at sea – The Shelf</title><meta name="description" content=" What  was found. ">'
            '<meta name="author" content="by Ada Lee"><link rel="canonical" href="/reports/one?utm_source=x">',
            '<a rel="tag" href="/t/fish">Fish</a>',
            ("The Shelf's reports", "Harm at sea"),
            times=("tomorrow", "5 novembre 2019"),
            lang='lang="fr"',
        ),
        today=TODAY,
    )
    assert values == {
        "title": "Harm at sea",
        "summary": "What was found.",
        "authors": ("Ada Lee",),
        "url": PAGE,
        "topics": ("Fish",),
        "date": PublicationDate(2019, 11, 5),
        "language": "fr",
    }
    assert set(origins.values()) == {Origin.PAGE}


@pytest.mark.parametrize(
    ("title", "head", "headings", "expected"),
    [
        ("Harm - Site", meta(**{"og:site_name": "Site"}), (), "Harm"),
        ("Site: Harm", meta(**{"og:site_name": "Site"}), (), "Harm"),
        ("Harm | Section | Site", "", ("Harm",), "Harm"),
        ("Harm | shelf.example", "", (), "Harm"),
        ("Harm | Shelf", "", (), "Harm"),
        ("Harm - part two", "", (), "Harm - part two"),
        ("Self-harm: a study", meta(**{"og:site_name": "Site"}), (), "Self-harm: a study"),
        ("Site", meta(**{"og:site_name": "Site"}), (), None),
    ],
)
def test_the_site_is_cut_off_its_titles(title: str, head: str, headings: tuple[str, ...], expected: str | None) -> None:
    values = believed(f'{head}<meta property="og:title" content="{title}">', headings=headings)
    assert values.get("title") == expected


@pytest.mark.parametrize("href", ["/", "https://other.example/a", "//[site:url-brief]", "javascript:x", ""])
def test_a_canonical_address_elsewhere_is_no_claim(href: str) -> None:
    found = claimed(f'<link rel="canonical" href="{href}">')
    assert [claim.value for claim in found if claim.field == "url"] in ([], [PAGE])
    assert href == "" or not any(claim.field == "url" for claim in found)


# which claims are believed


def test_the_most_trusted_origin_wins_and_its_first_usable_claim() -> None:
    claims = [
        Claim("title", "From the card", Origin.CARD),
        Claim("title", "Microsoft Word - harm.doc", Origin.CITATION),
        Claim("title", "First heading", Origin.PAGE),
        Claim("title", "Second heading", Origin.PAGE),
        Claim("language", "de", Origin.SETTINGS),
        Claim("language", "en", Origin.CARD),
        Claim("language", "french", Origin.RECORD),
        Claim("colour", "red", Origin.RECORD),
    ]
    values, origins = resolve(claims, today=TODAY)
    assert values == {"title": "First heading", "language": "en"}
    assert origins == {"title": Origin.PAGE, "language": Origin.CARD}


@pytest.mark.parametrize("date", [PublicationDate(2024, 6, 2), PublicationDate(2025), PublicationDate(1499), "2020"])
def test_impossible_dates_are_passed_over(date: object) -> None:
    good = Claim("date", PublicationDate(2024), Origin.PAGE)
    values, _ = resolve([Claim("date", date, Origin.CITATION), good], today=TODAY)
    assert values["date"] == good.value


def test_values_are_bounded() -> None:
    words = "word " * 10_000
    values, _ = resolve(
        [
            Claim("title", words, Origin.PAGE),
            Claim("summary", words, Origin.PAGE),
            Claim("publisher", "x" * 10_000, Origin.PAGE),
            Claim("authors", tuple(f"A{n}" for n in range(100)), Origin.PAGE),
            Claim("topics", ("Fish", "fish ", "", "-", "x" * 500, "Sea"), Origin.PAGE),
        ],
        today=TODAY,
    )
    assert len(values["title"]) <= 500 and values["title"].endswith("word")
    assert 1990 < len(values["summary"]) <= 2000 and values["summary"].endswith("word")
    assert len(values["publisher"]) == 200
    assert len(values["authors"]) == 50
    assert values["topics"] == ("Fish", "Sea")


def test_nobody_is_no_author() -> None:
    names = ("admin", "https://example.org/a", "www.example.org", "a@example.org", "By: Ada Lee", "ada lee")
    assert resolve([Claim("authors", names, Origin.PAGE)], today=TODAY)[0]["authors"] == ("Ada Lee",)


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en_GB", "en-GB"), ("EN", "en"), ("eng", "en"), ("zh-hans-cn", "zh-Hans-CN"), ("pt_BR.UTF-8", "pt-BR")],
)
def test_languages_are_bcp_47(written: str, tag: str) -> None:
    assert resolve([Claim("language", written, Origin.PAGE)], today=TODAY)[0] == {"language": tag}


@pytest.mark.parametrize("written", ["", "english", "und", "en gb", "x" * 100, "-"])
def test_what_is_no_language_is_none(written: str) -> None:
    assert resolve([Claim("language", written, Origin.PAGE)], today=TODAY)[0] == {}


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "---",
        "Untitled",
        "untitled-1",
        "Microsoft Word - Annual report.doc",
        "report_final.pdf",
        "My final report v3.docx",
        "Home",
        "HOME PAGE",
        "index.html",
        "Document1",
        "Slide 1",
        "(null)",
        "PDF.pdf",
    ],
)
def test_junk_titles(title: str) -> None:
    assert is_junk_title(title)


@pytest.mark.parametrize(
    "title",
    ["Home truths", "Untitled lives: children without papers in the cities of the coast", "1984", "Слово"],
)
def test_titles_that_say_something(title: str) -> None:
    assert not is_junk_title(title)


# dates


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("2016", "en", "2016"),
        ("2016-11", "en", "2016-11"),
        ("2016-11-01", "en", "2016-11-01"),
        ("2016/11/01", "en", "2016-11-01"),
        ("20161101", "en", "2016-11-01"),
        ("2016-11-01T23:30:00-05:00", "en", "2016-11-01"),
        ("2016-11-01 10:00:00.123 UTC", "en", "2016-11-01"),
        ("1 November 2016", "en", "2016-11-01"),
        ("Tuesday 1st of November, 2016", "en", "2016-11-01"),
        ("Tue, 01 Nov 2016 10:00:00 GMT", "en", "2016-11-01"),
        ("Nov. 1, 2016", "en", "2016-11-01"),
        ("November 2016", "en", "2016-11"),
        ("Sept 2016", "en", "2016-09"),
        ("Published: 1 November 2016", "en", "2016-11-01"),
        ("Published on November 1, 2016 at 10:30", "en", "2016-11-01"),
        ("01/11/2016", "en", "2016-11-01"),
        ("01/11/2016", "en-US", "2016-01-11"),
        ("11/25/2016", "en", "2016-11-25"),
        ("1.11.2016", "de", "2016-11-01"),
        ("1. März 2016", "de", "2016-03-01"),
        ("1er novembre 2016", "fr", "2016-11-01"),
        ("novembre 2016", "fr", "2016-11"),
        ("3 de mayo de 2018", "es-MX", "2018-05-03"),
        ("2016年11月1日", "ja", "2016-11-01"),
        ("٣ مايو ٢٠٢٠", "ar", "2020-05-03"),
        ("November 2016", "fr", "2016-11"),
    ],
)
def test_dates_keep_their_precision(text: str, language: str, date: str) -> None:
    assert str(parse_date(text, language)) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3 days ago",
        "1 November",
        "November",
        "01/11/16",
        "31/11/2016",
        "2016-13-01",
        "2016-2017",
        "2015–16",
        "Spring 2016",
        "Q3 2016",
        "Annual report 2016",
        "page 12 of 2016",
        "0000",
        "PT2H",
        "9" * 100_000,
        "November 2016 – March 2017",
        "last year 2016",
        "5 May 20166",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_in_an_unknown_language_is_none() -> None:
    assert parse_date("5 maart 2018", "xx-nonsense") is None


@given(
    st.dates(datetime.date(1500, 1, 1), datetime.date(2100, 1, 1)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%F"]),
)
def test_every_day_is_read_back(day: datetime.date, form: str) -> None:
    assert str(parse_date(day.strftime(form))) == day.isoformat()


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or isinstance(found, PublicationDate)
