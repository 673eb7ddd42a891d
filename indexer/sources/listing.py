"""A listing: its cards, page after page, as candidates."""

import logging
from collections.abc import Iterator
from pathlib import Path

from ..access import Access
from ..cards import Card, ListingPage, find_cards
from ..errors import FetchError, ListingError
from ..report import Candidate, Claim, Failure, Origin
from ..settings import Source
from ..urls import canonical_url, is_url

__all__ = ["follow", "read_listing"]

logger = logging.getLogger(__name__)


def follow(source: Source, access: Access) -> Iterator[Candidate | Failure]:
    """The cards of a listing and of the pages that follow it, each link once.

    Raises ListingError `no_cards` where the first page has none, and FetchError where a page cannot be read: then the
    cards of the pages before it have been given, and those behind it may still be there.
    """
    location: str | None = access.locate(source.listing)
    seen_pages: set[str] = set()
    seen_cards: set[str] = set()
    referrer: str | None = None
    while location is not None and len(seen_pages) < access.settings.limits.max_pages_of_listing:
        seen_pages.add(_page_key(location))
        page, final = read_listing(location, source, access, referrer=referrer)
        fresh = list(_candidates(page, final, source, access, seen_cards))
        logger.debug("%s: %d cards, next %s", final, len(fresh), page.next_url)
        if not page.cards and referrer is None:
            raise ListingError("no_cards", "No cards were found on this page.", location=access.portable(final))
        yield from fresh
        if not fresh:
            return  # a page that brings nothing new: sites that answer any page number do this for ever
        following = page.next_url
        location = None if following is None or _page_key(following) in seen_pages else following
        referrer = final


def read_listing(
    location: str, source: Source, access: Access, *, referrer: str | None = None, base_url: str | None = None
) -> tuple[ListingPage, str]:
    """The cards of one page, and where it was found in the end. `base_url` is what its links are relative to."""
    opened = access.open(location, referrer=referrer)
    data = opened.raw.data if opened.raw.data is not None else _read(opened.raw.path, opened.raw.max_bytes, location)
    return find_cards(data, base_url or opened.location, source, charset=opened.raw.charset), opened.location


def _read(path: Path | None, max_bytes: int, location: str) -> bytes:
    assert path is not None
    try:
        if not path.is_file():
            raise FetchError("unreadable", "This is not a file.", location=location)
        if path.stat().st_size > max_bytes:
            raise FetchError("too_large", f"The page has more than {max_bytes} bytes.", location=location)
        return path.read_bytes()
    except OSError as error:
        raise FetchError("unreadable", f"Cannot be opened: {error.strerror}.", location=location) from error


def _candidates(
    page: ListingPage, location: str, source: Source, access: Access, seen: set[str]
) -> Iterator[Candidate | Failure]:
    for href in page.bad_links:
        yield Failure(href[:500], "bad_url", "A link of the listing is no address.", source.name)
    for card in page.cards:
        try:
            access.check(card.link, referrer=location)
            identity = access.identity(card.link)
        except FetchError as error:
            yield Failure(error.location, error.status, error.message, source.name)
            continue
        except ValueError:
            yield Failure(card.link[:500], "bad_url", "A card's link is no http or https address.", source.name)
            continue
        if identity not in seen:
            seen.add(identity)
            yield Candidate(identity, card.link, source.name, tuple(_claims(card)), card.files, follow=True)


def _claims(card: Card) -> Iterator[Claim]:
    for field in ("title", "summary", "date", "topics", "authors"):
        value = getattr(card, field)
        if value:
            yield Claim(field, value, Origin.CARD)


def _page_key(location: str) -> str:
    return canonical_url(location) if is_url(location) else location.partition("#")[0]
