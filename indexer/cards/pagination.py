"""The page on which a listing goes on."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from ..urls import canonical_url, is_url, join, same_site
from .outline import squeeze
from .phrases import MORE_WORDS, NEXT_WORDS, PAGE_WORDS, PAGER_WORDS, name_words, word_set

__all__ = ["find_next"]

_ARROWS = word_set("» › > → ► ▶ ⟩ >> ›› ⇒ ➔ ❯ ▸ 》 ≫ chevron_right")
_EDGES = " \t«»‹›<>→←►▶⟩⟨·•|…[]()❯❮"
_PAGE = "(?:page|seite|página|pagina|side|sida|strona)"
_NUMBER = re.compile(rf"{_PAGE}?\s*(\d{{1,5}})", re.IGNORECASE)
_POSITION = re.compile(rf"{_PAGE}\s*(\d{{1,5}})\s*(?:/|of|von|sur|de|di|van|av|af|z)\s*\d{{1,5}}", re.IGNORECASE)
_PAGE_OF_PATH = re.compile(rf"(?:/(?:{_PAGE}|pg?))?[/_-]?\d{{1,5}}/?$", re.IGNORECASE)
_MAX_LABEL_CHARS = 40
_MAX_PAGER_NODES = 400  # a pager is small; what is larger is the page itself
_DAYS = 28
_CURRENT_WORDS = word_set("current active selected on disabled here")


def find_next(soup: BeautifulSoup, base_url: str, *, page_url: str, chosen: Sequence[Tag] | None = None) -> str | None:
    """The URL of the next page; None on the last one, and where there is no pagination.

    In this order: what a selector has `chosen` (and then nothing else), rel=next, the number after the current
    one, a word or an arrow, "Load more". Never another site, and never `page_url` itself.
    """
    links = _Links(base_url, page_url)
    if chosen is not None:
        return links.first(anchor for tag in chosen for anchor in _anchors_of(tag))
    declared = [tag for tag in soup.find_all(["link", "a"], href=True) if _has_rel(tag, "next")]
    labelled = [(tag, label) for tag in soup.find_all("a", href=True) if (label := _label(tag)) is not None]
    return links.first(declared) or _by_number(labelled, links) or _by_word(labelled, links) or _more(labelled, links)


class _Links:
    """Where links lead, as far as that can be a next page."""

    def __init__(self, base_url: str, page_url: str) -> None:
        self._base_url = base_url
        self._page_url = page_url
        self._here = {_key(base_url), _key(page_url)}

    def url(self, tag: Tag) -> str | None:
        href = str(tag.get("href") or "").strip()
        if not href or href.startswith("#") or href.lower().startswith(("javascript:", "mailto:")):
            return None
        try:
            url = join(self._base_url, href)
            return url if self._is_near(url) and _key(url) not in self._here else None
        except ValueError:
            return None

    def first(self, tags: Iterable[Tag]) -> str | None:
        return next((url for tag in tags if (url := self.url(tag)) is not None), None)

    def is_here(self, tag: Tag) -> bool:
        try:
            return _key(join(self._base_url, str(tag.get("href") or ""))) in self._here
        except ValueError:
            return False

    def goes_on(self, tag: Tag) -> bool:
        """Whether a link leads to this listing again, but for what its query or the number that ends its path say."""
        url = self.url(tag)
        return url is not None and _listing(url) == _listing(self._page_url)

    def is_first(self, first: Tag, second: Tag) -> bool:
        """Whether we are on the page that is linked as the first: its address without that which tells the second.

        What tells it is named as pages are (`?page=2`, `/page/2`), or stands in what is named as a pager: other things
        have numbers too.
        """
        one, two = self.url(first), self.url(second)
        if one is None or two is None or not self.goes_on(first) or not self.goes_on(second):
            return False
        if not _parts(self._page_url) <= _parts(one):
            return False  # some other page, with a number of its own
        telling = _parts(two) - _parts(one)
        return _in_pager(second) or any(not PAGE_WORDS.isdisjoint(name_words(part)) for part in telling)

    def _is_near(self, url: str) -> bool:
        if is_url(url):
            return any(is_url(home) and same_site(home, url) for home in (self._page_url, self._base_url))
        return url.startswith("file:") and not is_url(self._page_url) and not is_url(self._base_url)


def _key(url: str) -> str:
    return canonical_url(url) if is_url(url) else url.partition("#")[0]


def _listing(url: str) -> str:
    """A URL without its query and the number that ends its path (`/reports/page/2`)."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{_PAGE_OF_PATH.sub('', parts.path)}".rstrip("/")


def _parts(url: str) -> frozenset[str]:
    """What tells the pages of a listing apart: the parameters of the query, and the number that ends the path."""
    parts = urlsplit(url)
    ending = _PAGE_OF_PATH.search(parts.path)
    return frozenset(filter(None, (*parts.query.split("&"), ending[0] if ending else "")))


def _anchors_of(tag: Tag) -> Iterator[Tag]:
    """The link that a selected element is, has in it, or stands in."""
    if tag.get("href"):
        yield tag
    yield from tag.find_all("a", href=True)
    yield from tag.find_parents("a", href=True)


def _has_rel(tag: Tag, name: str) -> bool:
    rel = tag.get("rel") or ()
    return name in [word.lower() for word in (rel.split() if isinstance(rel, str) else rel)]


def _label(tag: Tag) -> str | None:
    """A link's short text, else what it says to those who cannot see it; None for a long one.

    An arrow that says in words that it leads to the next page has these words for its label.
    """
    if len(tag.contents) > 12:
        return None
    text = tag.get_text(" ")
    if len(text) > 4 * _MAX_LABEL_CHARS:
        return None
    text = squeeze(text).lower()
    if not text.strip(_EDGES):
        hidden = _hidden_label(tag)
        text = hidden if not text or hidden.strip(_EDGES) in NEXT_WORDS else text
    return text if len(text) <= _MAX_LABEL_CHARS else None


def _hidden_label(tag: Tag) -> str:
    image = tag.find("img", alt=True)
    hidden = (tag.get("aria-label"), tag.get("title"), image.get("alt") if isinstance(image, Tag) else None)
    return squeeze(str(next((value for value in hidden if value), ""))).lower()


# by number


def _by_number(labelled: Sequence[tuple[Tag, str]], links: _Links) -> str | None:
    """The link with the number after the current page's, in a row of numbers."""
    numbered = [(tag, int(match[1])) for tag, label in labelled if (match := _NUMBER.fullmatch(label))]
    for tag, number in numbered[:200]:
        if number < 2:
            continue
        pager = _pager_around(tag)
        if pager is None or not _is_next(number, pager, links):
            continue
        url = links.url(tag)
        if url is not None:
            return url
    return None


def _pager_around(tag: Tag) -> Tag | None:
    """The nearest element around a number that has other numbers in it; None for a calendar's or a large one."""
    for depth, parent in enumerate(tag.parents):
        if depth > 4 or parent.name in ("body", "html", "main", "[document]"):
            return None
        if sum(1 for _ in zip(parent.descendants, range(_MAX_PAGER_NODES), strict=False)) >= _MAX_PAGER_NODES:
            return None
        if sum(1 for _ in _numbers(parent)) > 1:
            return parent if not _is_calendar(parent) else None
    return None


def _is_calendar(pager: Tag) -> bool:
    """Whether the numbers are days: they stand in a table of a month."""
    table = pager if pager.name == "table" else pager.find_parent("table")
    return table is not None and len(set(islice((number for _, number in _numbers(table)), 40))) >= _DAYS


def _numbers(pager: Tag) -> Iterator[tuple[NavigableString, int]]:
    for node in pager.descendants:
        if type(node) is not NavigableString:
            continue
        text = node.strip(_EDGES + ",:\n\r\xa0")
        if match := _NUMBER.fullmatch(text) or _POSITION.fullmatch(text):
            yield node, int(match[1])


def _is_next(number: int, pager: Tag, links: _Links) -> bool:
    current = _current(pager, links)
    return current == number - 1 if current is not None else number == 2 and _is_entrance(pager, links)


def _current(pager: Tag, links: _Links) -> int | None:
    """The number of the page that we are on: it is no link, leads here, or is marked."""
    marked: list[int] = []
    for node, number in _numbers(pager):
        anchor = _link_around(node, pager)
        if anchor is None or links.is_here(anchor) or str(anchor["href"]).strip() in ("#", "javascript:void(0)"):
            return number
        if any(_is_marked_current(tag) for tag in _up_to(node, pager)):
            marked.append(number)
    return marked[0] if len(marked) == 1 else None


def _is_entrance(pager: Tag, links: _Links) -> bool:
    """Whether the first pages are links and we came by an address that neither has: that of the listing itself."""
    anchors = {number: _link_around(node, pager) for node, number in _numbers(pager)}
    first, second = anchors.get(1), anchors.get(2)
    return first is not None and second is not None and links.is_first(first, second)


def _link_around(node: NavigableString, pager: Tag) -> Tag | None:
    return next((tag for tag in _up_to(node, pager) if tag.name == "a" and tag.get("href")), None)


def _up_to(node: NavigableString, pager: Tag) -> Iterator[Tag]:
    for parent in node.parents:
        if parent is pager:
            return
        yield parent


def _is_marked_current(tag: Tag) -> bool:
    return tag.get("aria-current") is not None or not _CURRENT_WORDS.isdisjoint(_class_words(tag))


# by word


def _by_word(labelled: Sequence[tuple[Tag, str]], links: _Links) -> str | None:
    tests: tuple[Callable[[Tag, str], bool], ...] = (
        lambda tag, label: label.strip(_EDGES) in NEXT_WORDS and _in_pager(tag),
        lambda tag, label: _says_next(tag) and _in_pager(tag),
        lambda tag, label: label in _ARROWS and _in_pager(tag),
        lambda tag, label: label.strip(_EDGES) in NEXT_WORDS,
    )
    for test in tests:
        url = links.first(tag for tag, label in labelled if test(tag, label))
        if url is not None:
            return url
    return None


def _more(labelled: Sequence[tuple[Tag, str]], links: _Links) -> str | None:
    """Where "Load more" leads, if that is this listing again: on other pages it opens a text, or a section."""
    return links.first(tag for tag, label in labelled if label.strip(_EDGES) in MORE_WORDS and links.goes_on(tag))


def _says_next(tag: Tag) -> bool:
    parent = tag.parent
    words = [*_class_words(tag), *(_class_words(parent) if parent is not None else ())]
    return "next" in words and "last" not in words


def _in_pager(tag: Tag) -> bool:
    """Whether one of the nearest elements around a link is named as pagers are."""
    for depth, parent in enumerate((tag, *tag.parents)):
        if depth > 5 or parent.name in ("body", "html", "[document]"):
            return False
        names = (*_class_words(parent), *name_words(str(parent.get("id") or "")))
        if not PAGER_WORDS.isdisjoint(names):
            return True
    return False


def _class_words(tag: Tag) -> list[str]:
    classes = tag.get("class") or ()
    return name_words(classes if isinstance(classes, str) else " ".join(classes))
