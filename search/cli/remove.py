"""`reportsearch remove`: take reports out of the index."""

from pathlib import Path

import click

from reportsearch.indexer.pipeline import remove
from reportsearch.indexer.run import RunOptions
from reportsearch.indexer.urls import is_url

from .options import collection_option, format_option, lock_wait_option, settings_for
from .watching import tell

__all__ = ["command"]


@click.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="ID_OR_URL...")
@collection_option
@lock_wait_option
@click.option("-q", "--quiet", is_flag=True, help="Only errors.")
@format_option("table", "json")
def command(names: tuple[str, ...], folder: Path | None, lock_wait_s: float, quiet: bool, output_format: str) -> None:
    """Take reports out of the index, each named by its identity, URL or path.

    A report that a source still offers comes back with the next `update`.

    \b
    Example:
      reportsearch remove papers/draft.pdf https://www.example.org/reports/old
    """
    settings = settings_for(folder)
    meant = [name if is_url(name) or not Path(name).exists() else str(Path(name).absolute()) for name in names]
    tell(remove(settings, meant, RunOptions(lock_wait_s=lock_wait_s)), output_format, quiet=quiet)
