"""`reportsearch search`: ranked reports with highlighted snippets."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import click

from ..collection import Collection
from ..whoosh_engine import WhooshEngine
from .hits import print_results
from .options import collection_option, format_option, settings_for

__all__ = ["command"]


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="QUERY")
@collection_option
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only reports with this value (may be repeated).",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only reports without this value (may be repeated).",
)
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True, help="Which page of hits.")
@click.option("--per-page", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits on a page.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours: on a terminal, or as said.",
)
@format_option("table", "json", "jsonl")
def command(
    words: tuple[str, ...],
    folder: Path | None,
    filters: tuple[str, ...],
    exclude: tuple[str, ...],
    page: int,
    per_page: int,
    color: str,
    output_format: str,
) -> None:
    """Search the reports: the best first, each with the passages that show why, and their pages.

    Words may be in any form (guardian, guardians'); of two or three, reports with more of them come first. "Quoted
    words" must stand together. Fields for --filter and --exclude: publisher, author, year, language, topic, kind,
    source; a field given twice means either value.

    \b
    Examples:
      reportsearch search going missing from care
      reportsearch search '"national referral mechanism" children' --filter year=2014
      reportsearch search guardians --filter "publisher=ECPAT UK" --format json
    """
    settings = settings_for(folder)
    with Collection(settings, WhooshEngine(settings.index_folder)) as collection:
        try:
            results = collection.search(
                " ".join(words),
                filters=_values(filters),
                exclude=_values(exclude),
                page=page,
                per_page=per_page,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if output_format == "table":
        print_results(results, color, filtered=bool(filters or exclude))
        return
    import json  # noqa: PLC0415  a search for people to read does not load it

    if output_format == "json":
        click.echo(json.dumps(results.to_dict(), ensure_ascii=False, indent=2))
    else:
        for hit in results:
            click.echo(json.dumps(hit.to_dict(), ensure_ascii=False))


def _values(pairs: Iterable[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair!r} is no filter: write FIELD=VALUE, such as year=2016.")
        values[field.strip()].append(value)
    return values
