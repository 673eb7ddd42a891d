"""`reportsearch status`: figures about the collection."""

import json
from pathlib import Path

import click

from ..collection import Collection
from ..whoosh_engine import WhooshEngine
from .options import collection_option, format_option, settings_for

__all__ = ["command"]


@click.command("status")
@collection_option
@format_option("table", "json")
def command(folder: Path | None, output_format: str) -> None:
    """Say what is indexed: reports, pages, size, version of the index, and how the last run went.

    \b
    Example:
      reportsearch status --format json
    """
    settings = settings_for(folder)
    with Collection(settings, WhooshEngine(settings.index_folder)) as collection:
        status = collection.status()
    if output_format == "json":
        click.echo(json.dumps(status, ensure_ascii=False, indent=2))
        return
    for field, value in status.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {each}" for key, each in value.items())
        elif isinstance(value, list):
            value = ", ".join(value)
        elif field == "index_bytes":
            value = f"{value:,}"
        if value not in ("", None):
            click.echo(f"{click.style(f'{field:>13}', fg='green')}  {value}")
