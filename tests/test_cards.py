"""Cards are found in whatever markup a listing has, and nothing else is."""

import time
from collections.abc import Callable
from html import escape

import pytest

from reportsearch.indexer.errors import SettingsError
from reportsearch.indexer.report import PublicationDate
from reportsearch.indexer.settings import Source
from reportsearch.indexer.sources.cards import Card, ListingPage, find_cards

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
    "list": _within(
        "<ul>{cards}</ul>", _each('<li><h4><a href="{href}">{title}</a></h4><p>{teaser}</p></li>')
    ),
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
    "flat siblings, date first": _each(
        '<p class="meta">{day}</p><h3><a href="{href}">{title}</a></h3><p>{teaser}</p>'
    ),
    "flat paragraphs, bold titles": _each(
        '<p><b>{title}</b></p><p>{teaser}</p><p><a href="{href}">Read more</a></p>'
    ),
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
    "definition list": _within(
        "<dl>{cards}</dl>", _each('<dt><a href="{href}">{title}</a></dt><dd>{teaser}</dd>')
    ),
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
        '<div class="post-{n} publication"><a href="{href}"><img src="{n}.jpg"></a><time datetime="2016-01-02">2 January'
        ' 2016</time><h2><a href="{href}">{title}</a></h2><p>{teaser}</p><a href="{href}">'
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
    <div class="list">{content}</div><div class="pagination">{_PAGES}</div><div class="social-share">{_SHARE}</div></div>
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


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("markup", [name for name in MARKUPS if name not in ("list of links alone",)])
def test_a_single_card(markup: str, page: str) -> None:
    found = _find(PAGES[page](MARKUPS[markup](CARDS[3:4])))
    assert [(card.title, card.link, card.summary) for card in found.cards] == [
        (CARDS[3].title, CARDS[3].link, CARDS[3].summary)
    ]
