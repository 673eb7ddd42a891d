"""`reportsearch failures`: what could not be read, why, and what to do."""

import json
from collections import Counter
from pathlib import Path

import click

from reportsearch.indexer.errors import REMEDIES

from ..collection import Collection
from ..whoosh_engine import WhooshEngine
from .hits import clean_for_terminal
from .options import collection_option, format_option, settings_for

__all__ = ["command"]


@click.command("failures")
@collection_option
@click.option("--status", "wanted", type=click.Choice(sorted(REMEDIES)), help="Only failures of this kind.")
@format_option("table", "json")
def command(folder: Path | None, wanted: str | None, output_format: str) -> None:
    """List what could not be read when it was last tried: why, since when, and what to do about it.

    \b
    Examples:
      reportsearch failures
      reportsearch failures --status scanned --format json
    """
    settings = settings_for(folder)
    with Collection(settings, WhooshEngine(settings.index_folder)) as collection:
        rows = [row for row in collection.failures() if wanted in (None, row.failure.status)]
    if output_format == "json":
        failures = [
            {
                "location": row.failure.location,
                "status": row.failure.status,
                "message": row.failure.message,
                "remedy": REMEDIES[row.failure.status],
                "report": row.candidate or None,
                "source": row.failure.source,
                "first_seen": row.first_seen,
                "last_seen": row.last_seen,
                "runs": row.runs,
            }
            for row in rows
        ]
        click.echo(json.dumps({"failures": failures}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{click.style(row.failure.status, fg='red')}  {clean_for_terminal(row.failure.location)}")
        click.echo(f"    {clean_for_terminal(row.failure.message)} {REMEDIES[row.failure.status]}")
        source = clean_for_terminal(row.failure.source)
        click.echo(click.style(f"    source {source}, since {row.first_seen}", dim=True))
    counts = Counter(row.failure.status for row in rows)
    click.echo(
        ", ".join(f"{count} {status}" for status, count in counts.most_common()) or "Nothing failed.",
        err=True,
    )
