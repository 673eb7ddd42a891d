"""The next page: found where there is one, and nowhere else."""

import pytest

from reportsearch.indexer.cards import find_cards
from reportsearch.indexer.settings import Source

BASE = "https://charity.example/reports?page=2"
THIRD = "https://charity.example/reports?page=3"


def _next(html: str, base: str = BASE, selector: str = "") -> str | None:
    return find_cards(f"<html><body>{html}</body></html>", base, Source("shelf", listing=base, next=selector)).next_url


NUMBERS = '<a href="?page=1">1</a> {} <a href="?page=3">3</a> <a href="?page=4">4</a>'


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="next" href="?page=3">',
        '<a rel="nofollow NEXT" href="?page=3">whatever</a><a href="?page=9">Next</a>',
        '<a rel="next" href="#">Next</a><a href="?page=3">Next</a>',
        "<div>" + NUMBERS.format("<span>2</span>") + "</div>",
        "<div>" + NUMBERS.format("2") + "</div>",
        "<div>" + NUMBERS.format('<a href="?page=2">2</a>') + "</div>",
        "<div>" + NUMBERS.format('<a href="/p/2" aria-current="page">2</a>') + "</div>",
        '<ul><li><a href="?page=1">1</a></li><li class="active"><a href="/p/2">2</a></li>'
        '<li><a href="?page=3">3</a></li></ul>',
        '<p>Page: <a href="?page=1">Page 1</a> | <b>Page 2</b> | <a href="?page=3">Page 3</a></p>',
        '<a href="?page=1">Previous</a> <a href="?page=3">Next</a>',
        '<a href="?page=3">Next page »</a>',
        '<a href="?page=3">Older posts</a>',
        '<a href="?page=3">Suivant ›</a>',
        '<a href="?page=3">Nächste Seite</a>',
        '<a href="?page=3">Siguiente</a>',
        '<a href="?page=3">次へ</a>',
        '<a href="?page=3">下一页</a>',
        '<nav class="pagination"><a href="?page=1">«</a><a href="?page=3">»</a></nav>',
        '<div class="pager"><a class="next" href="?page=3"><img src="x.gif"></a></div>',
        '<a href="?page=3" aria-label="Next page"><svg></svg></a>',
        '<a href="?page=3"><img src="x.gif" alt="Next"></a>',
        '<p>Page 2 of 9 <a href="?page=1">1</a> <a href="?page=3">3</a></p>',
        '<a href="?page=3">Load more</a>',
    ],
)
def test_next_page(html: str) -> None:
    assert _next(html) == THIRD


FIRST = "https://charity.example/reports"
SECOND = "https://charity.example/reports?page=2"
PATH_NUMBERS = '<li><a href="/reports{}1">1</a></li><li><a href="/reports{}2">2</a></li>'


@pytest.mark.parametrize(
    "html",
    [
        '<ul class="pager"><li><a href="?page=1">1</a></li><li><a href="?page=2">2</a></li></ul>',
        '<p><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=9">Last</a></p>',
        '<p><a href="/reports">1</a> <a href="?page=2">2</a></p>',
        "<p><b>1</b> <a href='?page=2'>2</a></p>",
        '<div>Page 1 of 2 <a href="?page=2">2</a></div>',
        '<div>Seite 1 von 2: <a href="?page=2">2</a></div>',
        '<a href="?page=2" title="Go to next page">»</a>',
        '<a href="?page=2" aria-label="Next page">›</a>',
        '<a href="?page=2">Load more</a>',
        '<a href="?page=2">Mehr laden …</a>',
        '<a href="/topics">See more</a> <a href="?page=2">Show more reports</a>',
    ],
)
def test_next_of_the_first_page(html: str) -> None:
    assert _next(html, base=FIRST) == SECOND


@pytest.mark.parametrize("between", ["/page/", "/page-", "/p/"])
def test_next_of_the_first_page_by_path(between: str) -> None:
    numbers = PATH_NUMBERS.format(between, between)
    assert _next(f"<ul>{numbers}</ul>", base=FIRST) == f"https://charity.example/reports{between}2"
    assert _next(f"<ul>{numbers}</ul>", base="https://charity.example/reports/page/7") is None


def test_numbers_below_a_page_are_its_pages_where_a_pager_says_so() -> None:
    numbers = PATH_NUMBERS.format("/", "/")
    assert _next(f'<ul class="pagination">{numbers}</ul>', base=FIRST) == "https://charity.example/reports/2"
    assert _next(f"<ul>{numbers}</ul>", base=FIRST) is None


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="?chapter=1">1</a> <a href="?chapter=2">2</a></p>',
        '<p><a href="/news?page=1">1</a> <a href="/news?page=2">2</a></p>',
        '<p><a href="?page=1&amp;sort=a">1</a> <a href="/other?page=2">2</a></p>',
        '<a href="/news" title="Our news">»</a>',
        '<a href="/reports/class-acts">Read more</a> <a href="/news">Show more</a> <a href="#">Load more</a>',
        '<p>Page 2 of 2 <a href="?page=1">1</a></p>',
    ],
)
def test_no_next_of_the_first_page(html: str) -> None:
    assert _next(html, base=FIRST) is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>No links at all.</p>",
        '<a href="/about">About</a> <a href="/reports/next-steps">Next steps for government</a>',
        '<a rel="next" href="https://elsewhere.example/reports?page=3">Next</a>',
        '<a rel="next" href="https://charity.example/reports?page=2#more">Next</a>',
        '<a rel="next" href="//[broken">Next</a>',
        '<a href="#">Next</a> <a href="javascript:next()">Next</a>',
        '<a href="?page=1">Previous</a> <a href="?page=1">1</a> <b>2</b>',
        '<a href="/carousel">›</a>',
        '<ul><li><a href="/2014">2014</a></li><li><a href="/2015">2015</a></li><li><a href="/2016">2016</a></li></ul>',
        "<table>"
        + "".join(
            "<tr>"
            + "".join(f'<td><a href="/day/{n}">{n}</a></td>' for n in range(w, w + 7) if n != 9)
            + "<td>9</td></tr>"
            for w in range(1, 29, 7)
        )
        + "</table>",
        '<a rel="next" href="file:///etc/passwd">Next</a>',
        '<ul class="pager"><li><a href="?p=1">1</a></li><li><a href="?p=2">2</a></li></ul>',
    ],
)
def test_no_next_page(html: str) -> None:
    assert _next(html) is None


def test_selector_alone_decides() -> None:
    html = '<link rel="next" href="?page=9"><p class="more"><a href="?page=3">Show the rest</a></p>'
    assert _next(html, selector=".more") == THIRD
    assert _next(html, selector=".more a") == THIRD
    assert _next(html, selector=".absent") is None


def test_www_is_the_same_site() -> None:
    assert _next('<a rel="next" href="https://www.charity.example/reports?page=3">') == (
        "https://www.charity.example/reports?page=3"
    )


def test_saved_pages() -> None:
    assert _next('<a href="list-2.html">Next</a>', base="file:///shelf/list.html") == "file:///shelf/list-2.html"
    assert _next('<a href="https://charity.example/2">Next</a>', base="file:///shelf/list.html") is None


def test_base_element() -> None:
    assert _next('<base href="https://charity.example/archive/"><a href="3">Next</a>') == (
        "https://charity.example/archive/3"
    )
