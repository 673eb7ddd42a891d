"""`reportsearch cards`: what a listing page would give, before anything is indexed."""

import json
from pathlib import Path
from typing import Any

import click

from reportsearch.indexer.access import Access
from reportsearch.indexer.cards import Card, ListingPage
from reportsearch.indexer.errors import SettingsError
from reportsearch.indexer.fetch import Fetcher
from reportsearch.indexer.settings import Settings, Source, load_settings
from reportsearch.indexer.sources.listing import check_selectors, read_listing
from reportsearch.indexer.urls import is_url

from ..collection import find_collection
from .hits import clean_for_terminal
from .options import checked_base_url, checked_places, collection_option, format_option, started_folder

__all__ = ["command"]

_SELECTORS = ("item", "title", "summary", "link", "date", "next")


def _selector_options(function: Any) -> Any:
    for name in reversed(_SELECTORS):
        function = click.option(f"--{name}", default="", metavar="CSS", help=f"Try this selector for `{name}`.")(
            function
        )
    return function


@click.command("cards")
@click.argument("place", metavar="URL_OR_FILE", callback=checked_places)
@collection_option
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    callback=checked_base_url,
    help="What the links of a saved page are relative to; base_url in reports.toml.",
)
@_selector_options
@format_option("table", "json")
def command(place: str, folder: Path | None, base_url: str, output_format: str, **selectors: str) -> None:
    """Show the cards that are found on a listing page, and the page that follows it. Nothing is indexed.

    Where cards are missed or wrong, try selectors here, then write them into the [[source]] in reports.toml.

    \b
    Examples:
      reportsearch cards https://www.example.org/reports
      reportsearch cards saved.html --base-url https://www.example.org/reports --format json
      reportsearch cards saved.html --item article --title h3
    """
    if not is_url(place) and not Path(place).exists():
        raise click.BadParameter(
            f"There is no file {place!r}, and it is no http or https address.", param_hint="URL_OR_FILE"
        )
    given = started_folder(folder) or find_collection(Path.cwd())
    settings = load_settings(given or Path.cwd())
    try:
        page = _read(place, settings, base_url, selectors)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    if output_format == "json":
        cards = [_as_dict(card) for card in page.cards]
        click.echo(json.dumps({"cards": cards, "next": page.next_url}, ensure_ascii=False, indent=2))
    else:
        for card in page.cards:
            _print(card)
        if page.next_url:
            click.echo(f"next page: {page.next_url}")
    if not page.cards:
        click.echo("No cards were found on this page. Try selectors: --item CSS, --title CSS, --link CSS.", err=True)
        click.get_current_context().exit(3)


def _read(place: str, settings: Settings, base_url: str, selectors: dict[str, str]) -> ListingPage:
    source = Source("cards", listing=place, **selectors)
    check_selectors(source)
    with Fetcher(contact=settings.contact, limits=settings.limits) as fetcher:
        access = Access(settings, fetcher)
        location = access.locate(place if is_url(place) else str(Path(place).absolute()))
        page, _ = read_listing(location, source, access, base_url=base_url)
    return page


def _as_dict(card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "link": card.link,
        "summary": card.summary,
        "date": str(card.date) if card.date else None,
        "authors": list(card.authors),
        "topics": list(card.topics),
        "files": list(card.files),
    }


def _print(card: Card) -> None:
    click.echo(click.style(clean_for_terminal(card.title), bold=True))
    about = " · ".join(part for part in (str(card.date or ""), ", ".join(card.authors), ", ".join(card.topics)) if part)
    if about:
        click.echo(f"   {clean_for_terminal(about)}")
    if card.summary:
        click.echo(f"   {clean_for_terminal(card.summary)}")
    for link in dict.fromkeys((card.link, *card.files)):
        click.echo("   " + click.style(link, fg="blue"))
