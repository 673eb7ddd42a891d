"""The cards of a listing page: what each says of its report, and where the listing goes on.

Cards are found by themselves: by the repeated structure whose members look most like reports (`groups`). A selector
of the settings replaces the guess that it names, and no other.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import soupsieve
from bs4 import BeautifulSoup, Tag

from ..errors import SettingsError
from ..extract.html import decoded_markup, parsed
from ..settings import Source
from ..urls import canonical_url, is_url, join
from .anchors import read_anchors
from .dates import DateReader, is_day_first
from .evidence import Evidence, Span, read_evidence
from .groups import best_group
from .outline import Outline, outline
from .pagination import find_next
from .reading import Card, CardReader, Chosen

__all__ = ["Card", "ListingPage", "find_cards"]

logger = logging.getLogger(__name__)

_MAX_CARDS = 20_000  # of one page: some seconds
_SELECTORS = ("item", "title", "summary", "link", "date", "next")
_UNFIT_FOR_XML = re.compile("[\x00\ud800-\udfff]")  # the parser ends the page at a NUL, and cannot encode surrogates
_LEAST_QUALITY = 0.4  # of a group's members on average; menu entries and page numbers are below
_LEAST_QUALITY_IN_FURNITURE = 1.0  # a page that has no cards still has menus


@dataclass(frozen=True, slots=True)
class ListingPage:
    """The cards of one page in its order, the page that follows, and hrefs that are no URL (`//[site:url-brief]`)."""

    cards: tuple[Card, ...]
    next_url: str | None
    bad_links: tuple[str, ...] = ()


def find_cards(html: bytes | str, base_url: str, source: Source, *, charset: str | None = None) -> ListingPage:
    """The cards of a page that was read from `base_url` (http, https or file); `charset` is what HTTP said.

    Raises SettingsError where a selector of the source is no CSS.
    """
    selectors = _compile(source)
    soup = _parse(html if isinstance(html, str) else decoded_markup(html, charset))
    chosen = {key: selector.select(soup) for key, selector in selectors.items()}
    base = _base(soup, base_url)
    next_url = find_next(soup, base, page_url=base_url, chosen=chosen.get("next"))
    cards: tuple[Card, ...] = ()
    bad_links: tuple[str, ...] = ()
    size = -1
    for with_furniture in (True,) if source.item else (False, True):
        page = outline(soup, with_furniture=with_furniture)
        if len(page.names) == size:
            break  # nothing had been left out
        size = len(page.names)
        anchors, bad_links = read_anchors(page, base, base_url)
        places = {key: _places(page, tags) for key, tags in chosen.items()}
        evidence = read_evidence(page, anchors, frozenset(places.get("title", ())))
        least = _LEAST_QUALITY_IN_FURNITURE if with_furniture else _LEAST_QUALITY
        spans = _items(page, places["item"]) if source.item else _guess(evidence, least)
        if with_furniture and not source.item and len(spans) < 2:
            break  # a notice, not a list
        cards = _read(spans, evidence, places, _language(soup))
        if cards:
            break
    return ListingPage(cards, next_url, bad_links)


def _compile(source: Source) -> dict[str, soupsieve.SoupSieve]:
    compiled = {}
    for key in _SELECTORS:
        selector = getattr(source, key)
        if not selector:
            continue
        try:
            compiled[key] = soupsieve.compile(selector)
        except (soupsieve.SelectorSyntaxError, ValueError, TypeError) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise SettingsError(
                f"Source {source.name!r}: {key} = {selector!r} is not a CSS selector ({reason}). "
                f'Write one such as "h3" or "a.title", or leave {key} out so that it is found by itself.',
                key=key,
            ) from error
    return compiled


def _parse(text: str) -> BeautifulSoup:
    return parsed(_UNFIT_FOR_XML.sub("\ufffd", text.removeprefix("\ufeff")) if "<" in text else "")


def _base(soup: BeautifulSoup, page_url: str) -> str:
    """What the links of the page are relative to; a page of the web cannot send them to the disk."""
    tag = soup.find("base", href=True)
    if not isinstance(tag, Tag):
        return page_url
    try:
        base = join(page_url, str(tag["href"]))
    except ValueError:
        return page_url
    return base if is_url(base) or (base.startswith("file:") and not is_url(page_url)) else page_url


def _language(soup: BeautifulSoup) -> str:
    return str(soup.html.get("lang") or "") if soup.html is not None else ""


def _places(page: Outline, tags: Sequence[Tag]) -> list[int]:
    return sorted(page.places[id(tag)] for tag in tags if id(tag) in page.places)


def _items(page: Outline, places: Sequence[int]) -> list[Span]:
    """The selected items, without those within another."""
    spans: list[Span] = []
    for place in places:
        if not spans or place >= spans[-1].end:
            spans.append(Span(place, page.ends[place]))
    return spans


def _guess(evidence: Evidence, least_quality: float) -> Sequence[Span]:
    """The best group within <main>, or else on the whole page."""
    page = evidence.page
    mains = [
        i for i, tag in enumerate(page.tags) if tag is not None and (tag.name == "main" or tag.get("role") == "main")
    ]
    if len(mains) == 1:
        start, end = mains[0], page.ends[mains[0]]
        within = replace(evidence, own=[place for place in evidence.own if start <= place < end])
        spans = best_group(within, least_quality)
        if spans:
            return spans
    return best_group(evidence, least_quality)


def _read(
    spans: Sequence[Span], evidence: Evidence, places: Mapping[str, Sequence[int]], language: str
) -> tuple[Card, ...]:
    chosen = Chosen(*(places.get(key) for key in ("title", "summary", "link", "date")))
    page = evidence.page
    texts = [page.text(span.start, span.end)[:2000] for span in spans[:200]]
    dates = DateReader(day_first=is_day_first(texts, language), language=language)
    if len(spans) > _MAX_CARDS:
        logger.warning("Only the first %d of %d cards are read", _MAX_CARDS, len(spans))
    reader = CardReader(evidence, spans, chosen, dates)
    return tuple(_distinct(card for span in spans[:_MAX_CARDS] if (card := reader.read(span)) is not None))


def _distinct(cards: Iterator[Card]) -> Iterator[Card]:
    """Each report once: of cards with one link, the first; its gaps are filled from the others."""
    first: dict[str, Card] = {}
    for card in cards:
        key = _identity(card.link)
        known = first.get(key)
        first[key] = card if known is None else _filled(known, card)
    yield from first.values()


def _filled(card: Card, other: Card) -> Card:
    return replace(
        card,
        summary=card.summary or other.summary,
        date=card.date or other.date,
        topics=card.topics or other.topics,
        authors=card.authors or other.authors,
        files=tuple(dict.fromkeys((*card.files, *other.files))),
    )


def _identity(link: str) -> str:
    if is_url(link):
        try:
            return canonical_url(link)
        except ValueError:
            return link
    return link.partition("#")[0]
