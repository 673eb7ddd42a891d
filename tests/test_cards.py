"""Cards are found in whatever markup a listing has, and nothing else is."""

import time
from collections.abc import Callable
from html import escape

import pytest

from reportsearch.indexer.cards import Card, ListingPage, find_cards
from reportsearch.indexer.errors import SettingsError
from reportsearch.indexer.report import PublicationDate
from reportsearch.indexer.settings import Source

BASE = "https://charity.example/resources/reports"
SOURCE = Source("shelf", listing=BASE)
TITLES = (
    "Better support, better protection: Steps lawyers and guardians can take to better identify and protect "
    "trafficked children",
    "Heading back to harm: A study on trafficked and unaccompanied children going missing from care in the UK",
    "Class Acts? Examining modern slavery legislation across the UK",
    "Time to deliver",
    "UK implementation of the UN Convention on the Rights of the Child",
    "FAQs on child trafficking",
    "Trafficking for Forced Criminal Activities and Begging in Europe",
    "Proposal for a Revised National Referral Mechanism (NRM): For Adults",
    "Proposal for a Revised National Referral Mechanism (NRM): For Children",
    "Modern Slavery, Human Trafficking and Human Exploitation Bill",
)
TEASERS = (
    "Guidance for those who act for a child in court, drawn from interviews in five countries.",
    "How many children vanish from the homes where councils place them, and what could be done.",
    "Four nations, four statutes: a comparison of what the new laws have changed for victims.",
    "What happens to mothers and babies once a victim has been identified.",
    "A yearly look at how government decisions measure up to a treaty.",
    "Short answers for teachers, nurses and anyone who works with the young.",
    "Pickpocketing, cannabis farms and street begging: whom the police see as a criminal.",
    "A new way to recognise grown-up victims and to see them through the first months.",
    "The same, with the youngest in mind, and with local children's services in the lead.",
    "A draft law by those who support survivors, set beside the draft of the ministry.",
)
DATES = tuple(PublicationDate(2018 - n // 2, 1 + n, 10 + n) for n in range(10))
CARDS = tuple(
    Card(title, f"https://charity.example/reports/{n}-report", teaser, date)
    for n, (title, teaser, date) in enumerate(zip(TITLES, TEASERS, DATES, strict=True), 1)
)


def _day(card: Card) -> str:
    assert card.date is not None
    return f"{card.date.first_day:%d %B %Y}"


def _each(template: str) -> Callable[[tuple[Card, ...]], str]:
    """A markup that writes each card by a template, and nothing around them."""

    def write(cards: tuple[Card, ...]) -> str:
        return "\n".join(
            template.format(
                title=escape(card.title), href=card.link, teaser=escape(card.summary), day=_day(card), n=n, even=n % 2
            )
            for n, card in enumerate(cards)
        )

    return write


def _by_year(template: str, wrapper: str) -> Callable[[tuple[Card, ...]], str]:
    def write(cards: tuple[Card, ...]) -> str:
        years: dict[int, list[Card]] = {}
        for card in cards:
            assert card.date is not None
            years.setdefault(card.date.year, []).append(card)
        each = _each(template)
        return "\n".join(wrapper.format(year=year, cards=each(tuple(group))) for year, group in years.items())

    return write


def _within(wrapper: str, write: Callable[[tuple[Card, ...]], str]) -> Callable[[tuple[Card, ...]], str]:
    return lambda cards: wrapper.format(cards=write(cards))


MARKUPS: dict[str, Callable[[tuple[Card, ...]], str]] = {
    "article": _each(
        '<article><h3><a href="{href}">{title}</a></h3><p>{teaser}</p><a href="{href}">Read more</a></article>'
    ),
    "article, only Read more is linked": _each(
        '<article class="teaser"><h2>{title}</h2><p>{teaser}<a href="{href}">Read more</a></p></article>'
    ),
    "list": _within("<ul>{cards}</ul>", _each('<li><h4><a href="{href}">{title}</a></h4><p>{teaser}</p></li>')),
    "list, strong title": _within(
        '<ul class="reports">{cards}</ul>',
        _each('<li><strong>{title}</strong><br>{teaser} <a href="{href}">Download</a></li>'),
    ),
    "list, plain link": _within(
        "<ol>{cards}</ol>", _each('<li><a href="{href}">{title}</a> <span>{teaser}</span></li>')
    ),
    "list of links alone": _within("<ul>{cards}</ul>", _each('<li><a href="{href}">{title}</a></li>')),
    "div grid": _within(
        '<div class="row">{cards}</div>',
        _each(
            '<div class="col-md-4 cell-{n}"><div class="box"><a href="{href}"><img src="c{n}.jpg" alt="Cover"></a>'
            '<div class="inner"><h3><a href="{href}">{title}</a></h3><div>{teaser}</div>'
            '<a class="btn" href="{href}">Read more »</a></div></div></div>'
        ),
    ),
    "div without heading": _each(
        '<div class="views-row views-row-{n}"><div class="field-title"><a href="{href}">{title}</a></div>'
        '<div class="field-body">{teaser}</div><div><a href="{href}">View report</a></div></div>'
    ),
    "table": _within(
        "<table><thead><tr><th>Date</th><th>Title</th><th>About</th></tr></thead><tbody>{cards}</tbody></table>",
        _each('<tr><td>{day}</td><td><a href="{href}">{title}</a></td><td>{teaser}</td></tr>'),
    ),
    "table, link in its own column": _within(
        "<table><tr><th>Report</th><th>About</th><th>Published</th><th>File</th></tr>{cards}</table>",
        _each('<tr><td>{title}</td><td>{teaser}</td><td>{day}</td><td><a href="{href}">PDF</a></td></tr>'),
    ),
    "flat siblings": _each('<h3>{title}</h3><p>{teaser}</p><a href="{href}">Read more</a>'),
    "flat siblings, linked heading": _each('<h3><a href="{href}">{title}</a></h3><p>{teaser}</p>'),
    "flat siblings, date first": _each('<p class="meta">{day}</p><h3><a href="{href}">{title}</a></h3><p>{teaser}</p>'),
    "flat paragraphs, bold titles": _each('<p><b>{title}</b></p><p>{teaser}</p><p><a href="{href}">Read more</a></p>'),
    "whole card is a link": _within(
        '<div class="grid">{cards}</div>',
        _each(
            '<a class="tile" href="{href}"><article><img src="x{n}.png" alt=""><h3>{title}</h3><p>{teaser}</p>'
            "<span>Read more</span></article></a>"
        ),
    ),
    "whole card is a link, in a list": _within(
        "<ul>{cards}</ul>", _each('<li><a href="{href}"><h3>{title}</h3><p>{teaser}</p></a></li>')
    ),
    "definition list": _within("<dl>{cards}</dl>", _each('<dt><a href="{href}">{title}</a></dt><dd>{teaser}</dd>')),
    "topics and authors before the title": _each(
        '<div class="item"><p class="topics"><a href="/topics/children">Children in care</a> '
        '<a href="/topics/law">Law and policy</a></p><p class="byline">By <a href="/people/jo-bloggs">Jo Bloggs</a></p>'
        '<h3><a href="{href}">{title}</a></h3><p>{teaser}</p></div>'
    ),
    "topics and authors before a plain title": _each(
        '<div class="item"><a href="/topics/children">Children in care</a> <a href="/people/jo-bloggs">Jo Bloggs</a> '
        '<a href="{href}">{title}</a><p>{teaser}</p></div>'
    ),
    "date, picture, title, teaser and button": _each(
        '<div class="post-{n} publication"><a href="{href}"><img src="{n}.jpg"></a>'
        '<time datetime="2016-01-02">2 January 2016</time><h2><a href="{href}">{title}</a></h2><p>{teaser}</p>'
        '<a href="{href}">'
        'Read more<span class="sr-only"> about {title}</span></a></div>'
    ),
    "sections by year": _by_year(
        '<li><a href="{href}">{title}</a><p>{teaser}</p></li>', "<section><h2>{year}</h2><ul>{cards}</ul></section>"
    ),
    "headings by year, flat": _by_year(
        '<h3>{title}</h3><p>{teaser}</p><p><a href="{href}">Download PDF</a></p>', "<h2>{year}</h2>{cards}"
    ),
    "cards of several kinds": _each(
        '<div class="card kind-{even}"><header><h3><a href="{href}">{title}</a></h3></header><p>{teaser}</p>'
        '<footer><a href="{href}">Read more</a></footer></div>'
    ),
    "no heading, divs": _each(
        '<div><div>{title}</div><div>{teaser}</div><div><a href="{href}">Read more</a></div></div>'
    ),
    "no heading, paragraphs": _each('<div><p>{title}</p><p>{teaser}</p><a href="{href}">Read more</a></div>'),
    "no heading, Read more ends the teaser": _each(
        '<div><p>{title}</p><p>{teaser}<a href="{href}">Read more</a></p></div>'
    ),
    "no heading, bare text": _within(
        "<ul>{cards}</ul>", _each('<li>{title}<p>{teaser} <a href="{href}">Read more</a></p></li>')
    ),
    "no heading, span": _within(
        "<ul>{cards}</ul>", _each('<li><span>{title}</span><p>{teaser}</p><a href="{href}">Read more</a></li>')
    ),
    "no heading, lines": _each('<div>{title}<br>{teaser}<br><a href="{href}">Read more</a></div>'),
    "no heading, kind and date before the title": _each(
        '<div><div>Report | {day}</div><div>{title}</div><div>{teaser}</div><a href="{href}">Read more</a></div>'
    ),
    "no heading, number and date around the title": _within(
        "<table>{cards}</table>",
        _each(
            '<tr><td>24-{n}</td><td>{title}</td><td>{teaser}</td><td>{day}</td><td><a href="{href}">PDF</a></td></tr>'
        ),
    ),
    "no heading, picture with the title": _each(
        '<div><a href="{href}"><img src="{n}.jpg" alt="{title}"></a><p>{title}</p><p>{teaser}</p>'
        '<a href="{href}">Read more</a></div>'
    ),
    "no heading, whole card is a link": _each(
        '<a class="tile" href="{href}"><div>{title}</div><div>{teaser}</div><div>Read more</div></a>'
    ),
    "details": _each('<details><summary>{title}</summary><p>{teaser}</p><a href="{href}">Read more</a></details>'),
}
"""Ways to write a listing; each must give the same ten cards."""

_MENU = "".join(f'<li><a href="/about/page-{n}">Our work {n}</a></li>' for n in range(30))
_COLUMNS = "".join(
    f"<div><h4>Column {n}</h4><ul>"
    + "".join(f'<li><a href="/info/{n}-{m}">Useful page {m}</a></li>' for m in range(6))
    + "</ul></div>"
    for n in range(4)
)
_MOST_READ = "".join(f'<li><a href="/news/{n}">What we said to the minister last week {n}</a></li>' for n in range(5))
_SHARE = "".join(f'<a href="https://{site}.example/share?u=1">{site}</a>' for site in ("facebook", "twitter", "email"))
_PAGES = '<a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=2">Next</a>'


MARKUPS_OF_SEVERAL: dict[str, Callable[[tuple[Card, ...]], str]] = {
    "flat paragraphs": _each('<p>{title}</p><p>{teaser}</p><p><a href="{href}">Read more</a></p>'),
    "flat paragraphs, Read more ends the teaser": _each('<p>{title}</p><p>{teaser} <a href="{href}">Read more</a></p>'),
    "flat divs and rules": _each('<div>{title}</div><div>{teaser}</div><a href="{href}">Read more</a><hr>'),
    "the teaser is a heading too": _each('<div><h5>{title}</h5><h6>{teaser}</h6><a href="{href}">Read more</a></div>'),
    "no heading, the same kind on each": _each(
        '<div><div>Policy paper</div><div>{title}</div><div>{teaser}</div><a href="{href}">Read more</a></div>'
    ),
}
"""Ways in which only the others tell what is the title of one, or where it begins."""


def _bare(content: str) -> str:
    return f"<html><body>{content}</body></html>"


def _landmarks(content: str) -> str:
    """A page as HTML5 means it."""
    return f"""<!doctype html><html lang="en-GB"><head><title>Reports</title></head><body>
    <div id="cookie-banner"><h2>Cookies</h2><p>We use cookies. <a href="/cookies">How we use cookies here</a></p></div>
    <header><a href="/">Home</a><nav><ul>{_MENU}</ul></nav></header>
    <nav aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li><li><a href="/resources">Resources</a></li></ol></nav>
    <main><h1>Reports</h1><p>All that we have published so far, newest first.</p>{content}
    <nav>{_PAGES}</nav></main>
    <aside><h3>Most read</h3><ul>{_MOST_READ}</ul></aside>
    <footer><div class="share">{_SHARE}</div>{_COLUMNS}<p>© Charity</p></footer></body></html>"""


def _divs(content: str) -> str:
    """A page of divs, told apart by their classes and ids alone."""
    return f"""<html><body class="page has-sidebar"><div class="cookie-notice">Cookies! <a href="/c">Read more</a></div>
    <div id="header"><a href="/"><img src="logo.png"></a><div class="main-menu"><ul>{_MENU}</ul></div></div>
    <div class="breadcrumbs"><a href="/">Home</a> › <a href="/resources">Resources for professionals</a></div>
    <div id="content"><h1>Reports</h1><p>All that we have published so far, newest first.</p>
    <div class="list">{content}</div><div class="pagination">{_PAGES}</div>
    <div class="social-share">{_SHARE}</div></div>
    <div class="sidebar"><h3>Most read</h3><ul>{_MOST_READ}</ul>
    <div class="tag-cloud"><a href="/tag/a">Child protection</a> <a href="/tag/b">Modern slavery</a></div></div>
    <div id="footer">{_COLUMNS}</div></body></html>"""


PAGES = {"bare": _bare, "landmarks": _landmarks, "divs": _divs}


def _find(html: str | bytes, source: Source = SOURCE, base: str = BASE) -> ListingPage:
    return find_cards(html, base, source)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("markup", MARKUPS)
def test_ten_cards_in_any_markup(markup: str, page: str) -> None:
    found = _find(PAGES[page](MARKUPS[markup](CARDS)))
    assert [(card.title, card.link) for card in found.cards] == [(card.title, card.link) for card in CARDS]
    expected = [""] * 10 if markup == "list of links alone" else list(TEASERS)
    assert [card.summary for card in found.cards] == expected


@pytest.mark.parametrize("count", [2, 10])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("markup", MARKUPS_OF_SEVERAL)
def test_cards_that_explain_each_other(markup: str, page: str, count: int) -> None:
    found = _find(PAGES[page](MARKUPS_OF_SEVERAL[markup](CARDS[-count:])))
    assert [(card.title, card.link, card.summary) for card in found.cards] == [
        (card.title, card.link, card.summary) for card in CARDS[-count:]
    ]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("markup", [name for name in MARKUPS if name not in ("list of links alone",)])
def test_a_single_card(markup: str, page: str) -> None:
    found = _find(PAGES[page](MARKUPS[markup](CARDS[3:4])))
    assert [(card.title, card.link, card.summary) for card in found.cards] == [
        (CARDS[3].title, CARDS[3].link, CARDS[3].summary)
    ]


LEADS = {
    "section": '<section><h2>{title}</h2><div><p>{teaser}</p><a href="{href}">Read more</a></div></section>',
    "div, linked heading": '<div><div><h2><a href="{href}">{title}</a></h2></div><p>{teaser}</p></div>',
    "div and a line": '<div><h2>{title}</h2><p>{teaser}</p><a href="{href}">Read on</a></div><p>9 more</p>',
    "div and a heading": '<div><h3>{title}</h3>{teaser}<p><a href="{href}">Read more</a></p></div><h2>All reports</h2>',
}
"""Ways to show the first card larger than the others."""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("others", ["list", "table", "div grid", "article", "no heading, span"])
@pytest.mark.parametrize("lead", LEADS)
def test_first_card_in_a_markup_of_its_own(lead: str, others: str, page: str) -> None:
    found = _find(PAGES[page](_each(LEADS[lead])(CARDS[:1]) + MARKUPS[others](CARDS[1:])))
    assert [(card.title, card.link, card.summary) for card in found.cards] == [
        (card.title, card.link, card.summary) for card in CARDS
    ]


@pytest.mark.parametrize(
    "above",
    [
        '<div><h2>About our reports</h2><p>How we choose our subjects, and who pays.</p><a href="/about/us">More</a>',
        '<div><h2>All reports</h2><p>They may be copied freely, with our name.</p><a href="/reports/feed">Feed</a>',
        '<div><h2>All reports</h2><a href="/reports/all">Read more</a>',
        "<div><h2>Most wanted</h2><p>What others have been looking for lately.</p>"
        '<a href="/reports/1-report">Read more</a>',
        "<div><h2>Our series</h2><p>Some of our reports appear once a year.</p>"
        '<a href="/reports/a">Read more</a> <a href="/reports/b">Read more</a>',
    ],
)
def test_what_stands_above_a_list_may_be_no_card(above: str) -> None:
    found = _find(_landmarks(above + "</div>" + MARKUPS["list"](CARDS)))
    assert [card.title for card in found.cards] == list(TITLES)


def test_a_page_without_cards_has_none() -> None:
    for page in PAGES.values():
        assert _find(page("<p>Nothing has been published yet.</p>")).cards == ()


@pytest.mark.parametrize("html", ["", "no markup", "<", b"\xff\xfe\x00<", "<<<>>><a href=<b<!-- <table><tr>"])
def test_what_is_no_page_has_no_cards(html: str | bytes) -> None:
    assert _find(html) == ListingPage((), None, ())


def test_menu_of_many_levels_is_no_card() -> None:
    menu = "<ul>" + "".join(
        f'<li>{n}<ul><li><a href="/{n}/{m}">Our services</a></li></ul></li>' for n in "abc" for m in "xyz"
    )
    found = _find(f"<div>{menu}</ul></div><div>{MARKUPS['article'](CARDS[:3])}</div>")
    assert [card.title for card in found.cards] == list(TITLES[:3])


@pytest.mark.parametrize(
    "teaser", ["12 May 2016 – {}", "{} Read more", "{}Read more »", "<b>12 May 2016</b> {}", "{} 12 May 2016<br>"]
)
def test_teaser_is_bare(teaser: str) -> None:
    html = f'<article><a href="/r"><h3>A report of ours</h3></a><p>{teaser.format(TEASERS[0])}</p></article>'
    expected = f"{TEASERS[0]} 12 May 2016" if teaser.endswith("<br>") else TEASERS[0]  # in a sentence it may belong
    assert [card.summary for card in _find(html).cards] == [expected]


# dates, topics, authors, files


@pytest.mark.parametrize("markup", ["table", "table, link in its own column", "flat siblings, date first"])
def test_dates_in_words(markup: str) -> None:
    assert [card.date for card in _find(_landmarks(MARKUPS[markup](CARDS))).cards] == list(DATES)


@pytest.mark.parametrize("markup", ["sections by year", "headings by year, flat"])
def test_year_of_the_section(markup: str) -> None:
    found = _find(_landmarks(MARKUPS[markup](CARDS)))
    assert [card.date for card in found.cards] == [PublicationDate(date.year) for date in DATES]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ('<time datetime="2016-11-01T09:00:00Z">Tuesday</time>', PublicationDate(2016, 11, 1)),
        ('<span class="date">2016</span>', PublicationDate(2016)),
        ("<span>Published: November 2016</span>", PublicationDate(2016, 11)),
        ("<p>1st November 2016 | Report</p>", PublicationDate(2016, 11, 1)),
        ("<p>13/11/2016</p>", PublicationDate(2016, 11, 13)),
        ("<p>1 de noviembre de 2016</p>", PublicationDate(2016, 11, 1)),
        ("<p>2016年11月1日</p>", PublicationDate(2016, 11, 1)),
        ('<p class="date">1. listopadu 2016</p>', PublicationDate(2016, 11, 1)),
        ("<p>31 February 2016</p>", None),
        ("<p>Updated last week</p>", None),
    ],
)
def test_how_dates_are_written(written: str, date: PublicationDate | None) -> None:
    html = f'<html lang="cs"><article>{written}<h3><a href="/r">A report of ours</a></h3><p>{TEASERS[0]}</p></article>'
    (card,) = _find(html).cards
    assert card.date == date
    assert card.summary.endswith(TEASERS[0])


@pytest.mark.parametrize(("language", "month"), [("en-GB", 4), ("en-US", 3), ("", 4)])
def test_order_of_day_and_month(language: str, month: int) -> None:
    html = f'<html lang="{language}"><li><a href="/r">A report of ours</a> 03/04/2016</li>'
    (card,) = _find(html).cards
    assert card.date is not None
    assert card.date.month == month


def test_other_dates_of_the_page_tell_the_order() -> None:
    html = '<li><a href="/a">A report of ours</a> 03/04/2016</li><li><a href="/b">Another of ours</a> 12/25/2016</li>'
    assert [str(card.date) for card in _find(html).cards] == ["2016-03-04", "2016-12-25"]


def test_topics_and_authors() -> None:
    for markup in ("topics and authors before the title", "topics and authors before a plain title"):
        for card in _find(_landmarks(MARKUPS[markup](CARDS))).cards:
            assert card.topics == ("Children in care", "Law and policy")[: len(card.topics)] != ()
            assert card.authors == ("Jo Bloggs",)


def test_author_line_without_links() -> None:
    (card,) = _find(f"<article><h3><a href=/r>Title of it</a></h3><p>By Ann Lee and Bo Ek</p><p>{TEASERS[1]}</p>").cards
    assert (card.authors, card.summary) == (("Ann Lee", "Bo Ek"), TEASERS[1])


def test_files_of_a_card() -> None:
    each = '<li><h3><a href="/r/{0}">Report number {0}</a></h3>'
    each += '<a href="/f/{0}.pdf">English</a> <a href="/f/{0}-cy.PDF?v=1">Welsh</a>'
    cards = _find("<ul>" + "".join(each.format(n) for n in range(3))).cards
    assert [card.link for card in cards] == [f"https://charity.example/r/{n}" for n in range(3)]
    assert cards[1].files == ("https://charity.example/f/1.pdf", "https://charity.example/f/1-cy.PDF?v=1")


def test_link_to_a_pdf_is_link_and_file() -> None:
    (card,) = _find('<article><h3>A report of ours</h3><p>Words.</p><a href="a%20b.pdf">Download (PDF, 2 MB)</a>').cards
    assert card.link == "https://charity.example/resources/a%20b.pdf"
    assert card.files == (card.link,)


# links


def test_no_report_twice() -> None:
    twice = _each('<article><h3><a href="{href}">{title}</a></h3><p>{teaser}</p></article>')
    tracked = tuple(Card(card.title, card.link + "?utm_source=x#top", card.summary, card.date) for card in CARDS[:2])
    found = _find(twice(CARDS + tracked))
    assert [card.link for card in found.cards] == [card.link for card in CARDS]


def test_base_element() -> None:
    html = '<base href="/other/"><li><a href="r">A report of ours</a></li>'
    assert _find(html).cards[0].link == "https://charity.example/other/r"


def test_base_element_cannot_point_a_web_page_at_the_disk() -> None:
    for base in ("file:///etc/", "//[broken"):
        html = f'<base href="{base}"><li><a href="r">A report of ours</a>'
        html += '<li><a href="file:///etc/x">The other one</a>'
        assert [card.link for card in _find(html).cards] == ["https://charity.example/resources/r"]


def test_saved_page() -> None:
    found = _find(
        MARKUPS["list"](CARDS[:0]) + '<li><a href="r/a.pdf">A report of ours</a></li>', base="file:///shelf/list.html"
    )
    assert found.cards[0].link == "file:///shelf/r/a.pdf"


def test_links_that_lead_nowhere_are_no_cards() -> None:
    hrefs = ("#top", "mailto:a@b.example", "javascript:void(0)", "tel:123", "", BASE, BASE + "#x", "ftp://x.example/r")
    html = "".join(f'<li><a href="{href}">A report of ours</a></li>' for href in hrefs)
    assert _find(html) == ListingPage((), None, ())


def test_hrefs_that_are_no_url_are_named_once() -> None:
    bad = '<article><h3>{}</h3><p>Teaser of the card.</p><a href="//[site:url-brief]">Read more</a></article>'
    found = _find(
        MARKUPS["article"](CARDS) + bad.format("A card that leads nowhere") * 2 + '<p><a href="http://">x</a>'
    )
    assert len(found.cards) == 10
    assert found.bad_links == ("//[site:url-brief]", "http://")


# selectors


def test_each_selector_replaces_one_guess() -> None:
    html = "<main>" + "".join(
        f'<div class="x"><h3><a href="/wrong/{n}">Section {n}</a></h3><b class="t">Report {n}</b><i>Teaser {n}</i>'
        f'<p>Other text</p><u>May {2000 + n}</u><a href="/right/{n}">Get it</a></div>'
        for n in range(3)
    )
    guessed = _find(html).cards
    assert [card.title for card in guessed] == ["Section 0", "Section 1", "Section 2"]
    source = Source("x", listing=BASE, title=".t", summary="i", link="a:-soup-contains('Get it')", date="u")
    for card, n in zip(_find(html, source).cards, range(3), strict=True):
        expected = (f"Report {n}", f"https://charity.example/right/{n}", f"Teaser {n}", PublicationDate(2000 + n, 5))
        assert (card.title, card.link, card.summary, card.date) == expected
    only_title = Source("x", listing=BASE, title=".t")
    assert [card.title for card in _find(html, only_title).cards] == ["Report 0", "Report 1", "Report 2"]


def test_item_selector_reaches_everywhere() -> None:
    html = '<aside><p class="r"><a href="/a">One</a></p><p class="r"><a href="/b">Two</a></p></aside>' + MARKUPS[
        "article"
    ](CARDS)
    found = _find(html, Source("x", listing=BASE, item="aside .r"))
    assert [(card.title, card.link[-2:]) for card in found.cards] == [("One", "/a"), ("Two", "/b")]


@pytest.mark.parametrize("key", ["item", "title", "summary", "link", "date", "next"])
def test_invalid_selector(key: str) -> None:
    with pytest.raises(SettingsError, match=f"{key} = 'a\\[' is not a CSS selector") as caught:
        _find("<p>", Source("shelf", listing=BASE, **{key: "a["}))
    assert caught.value.key == key


# hostile and broken input


def test_encodings() -> None:
    html = '<li><a href="/r">Kinder in Köln – “verschwunden”</a></li>'
    assert _find(html.encode("cp1252")).cards[0].title == "Kinder in Köln – “verschwunden”"
    assert _find(html.encode()).cards[0].title == "Kinder in Köln – “verschwunden”"
    japanese = '<meta charset="Shift_JIS"><li><a href="/r">子どもの人身取引に関する報告書</a></li>'
    assert _find(japanese.encode("cp932")).cards[0].title == "子どもの人身取引に関する報告書"
    russian = "<li><a href='/r'>Доклад о торговле детьми</a></li>".encode("koi8-r")
    assert find_cards(russian, BASE, SOURCE, charset="koi8-r").cards[0].title == "Доклад о торговле детьми"


def test_broken_markup() -> None:
    each = '<div class=c><h3><a href="/r/{0}">Report number {0}</h3></b><p>Its teaser, number {0}'
    each += '<a href="/r/{0}">Read more</div>'
    found = _find("<html><body><table>" + "".join(each.format(n) for n in range(5)))
    assert [card.title for card in found.cards] == [f"Report number {n}" for n in range(5)]


def test_signs_that_no_parser_takes() -> None:
    assert _find("<?xml version='1.0'?>a\0<p>b\ud800<a href='/x'>One two three</a>").cards[0].title == "One two three"


HOSTILE = {
    "100,000 links": "<ul>" + "".join(f"<li><a href='/x/{n}'>{n} bottles</a> of beer</li>" for n in range(100_000)),
    "5 MB of text": "<p>" + "word " * 1_000_000 + "</p><li><a href='/x'>One two three</a>",
    "nested 10,000 deep": "<div>" * 10_000 + "<a href='/x'>One two three</a>" + "</div>" * 10_000,
    "a link on each level": "".join(f"<div><a href='/x{n}'>One two three</a>" for n in range(5_000)),
    "links never closed": "<a href='/x'>" * 50_000,
    "one link around all": "<a href='/x'>" + "word <b>bold</b> " * 50_000,
    "every element a kind of its own": "".join(
        f"<div class='a{n} title date'><a href='/{n}'>One two {n}</a></div>" for n in range(20_000)
    ),
    "dates in no language": "".join(
        f"<li><a href='/{n}'>One two {n}</a><i class=date>zz {n} 2016</i>" for n in range(5_000)
    ),
    "a pager without end": "<p class=pager>" + "".join(f"<a href='/{n}'>{n}</a>" for n in range(20_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_seconds(name: str) -> None:
    started = time.process_time()
    found = _find(HOSTILE[name])
    assert time.process_time() - started < 20
    assert isinstance(found, ListingPage)
