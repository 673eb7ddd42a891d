"""A listing: its cards, page after page, as candidates."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from ..access import Access
from ..cards import Card, ListingPage, find_cards
from ..errors import FetchError, ListingError, ReadError, SettingsError
from ..extract.raw import Raw, load
from ..report import Candidate, Claim, Failure, Origin
from ..settings import Source
from ..urls import canonical_url, is_url

__all__ = ["Runner", "check_selectors", "follow", "read_listing"]

logger = logging.getLogger(__name__)

Runner = Callable[[Callable[..., ListingPage], Raw], ListingPage]
"""Who calls a reader on a page: `ExtractionPool.run`, or `in_this_process`."""


def in_this_process(read: Callable[..., ListingPage], raw: Raw) -> ListingPage:
    """The page, read without the guard of a worker: for a person who waits and can interrupt."""
    return read(raw)


def check_selectors(source: Source) -> None:
    """Raises SettingsError where a selector of the source is no CSS: better before anything is fetched than after."""
    find_cards("", "", source)


def follow(source: Source, access: Access, run: Runner) -> Iterator[Candidate | Failure]:
    """The cards of a listing and of the pages that follow it, each link once.

    Raises ListingError `no_cards` where the first page has none, and ReadError where a page cannot be read, or there
    are more than the limit: then the cards of the pages before it have been given, and others may still be there.
    """
    location: str | None = access.locate(source.listing)
    seen_pages: set[str] = set()
    seen_cards: set[str] = set()
    referrer: str | None = None
    while location is not None and len(seen_pages) < access.settings.limits.max_pages_of_listing:
        seen_pages.add(_page_key(location))
        base_url = source.base_url if referrer is None else ""  # the pages that follow have addresses of their own
        page, final = read_listing(location, source, access, run, referrer=referrer, base_url=base_url)
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
    if location is not None:
        message = f"The listing goes on after {len(seen_pages)} pages."
        raise ListingError("too_many_pages", message, location=access.portable(location))


def read_listing(
    location: str,
    source: Source,
    access: Access,
    run: Runner = in_this_process,
    *,
    referrer: str | None = None,
    base_url: str = "",
) -> tuple[ListingPage, str]:
    """The cards of one page, and where it was found in the end.

    `base_url` is what its links are relative to, "" for where it was found.
    """
    opened = access.open(location, referrer=referrer)
    read = partial(_read, source=source, base_url=base_url or opened.location)
    return run(read, opened.raw), opened.location


def _read(raw: Raw, *, source: Source, base_url: str, native: bool = True) -> ListingPage:
    """In a worker: the page's bytes and its cards. `native` is for readers that have a choice; HTML has none."""
    try:
        return find_cards(load(raw), base_url, source, charset=raw.charset)
    except (ReadError, SettingsError, MemoryError):
        raise
    except Exception as error:  # parsers raise anything on hostile input; the other sources must go on
        message = f"The parser failed ({type(error).__name__}: {str(error)[:80]})."
        raise ListingError("broken", message, location=raw.location) from error


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
    """What tells pages of a listing apart. An address that is none is told by fetching it."""
    if is_url(location):
        with suppress(ValueError):
            return canonical_url(location)
    return location.partition("#")[0]
