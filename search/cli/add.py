"""`reportsearch add`: single reports, now."""

from pathlib import Path

import click

from reportsearch.indexer.pipeline import add
from reportsearch.indexer.run import RunOptions
from reportsearch.indexer.urls import is_url

from .options import checked_places, collection_option, format_option, lock_wait_option, progress_options, settings_for
from .watching import log_to_stderr, refuse_nothing, tell, watching

__all__ = ["command"]


@click.command("add")
@click.argument("places", nargs=-1, required=True, metavar="PATH_OR_URL...", callback=checked_places)
@collection_option
@lock_wait_option
@progress_options
@format_option("table", "json")
def command(
    places: tuple[str, ...],
    folder: Path | None,
    lock_wait_s: float,
    quiet: bool,
    no_progress: bool,
    log_format: str,
    output_format: str,
) -> None:
    """Add or replace single reports: a web page with its PDFs, a PDF, a folder, or JSON lines.

    JSON lines are ready records with `title`, `text` or `pages`, and where known `url`, `date`, `authors`, `publisher`,
    `language`, `topics`, `summary`, `kind`; of two with one `id` or `url` the first counts. What is added stays until
    `remove`.

    \b
    Examples:
      reportsearch add heading-back-to-harm.pdf
      reportsearch add https://www.example.org/reports/time-to-deliver
      reportsearch add records.jsonl papers/
    """
    log_to_stderr(log_format, quiet=quiet)
    for place in places:
        if not is_url(place) and not Path(place).exists() and not Path(place).is_symlink():
            raise click.BadParameter(f"There is no file or folder {place!r}.", param_hint="PATH_OR_URL")
    settings = settings_for(folder, make=True)
    absolute = [place if is_url(place) else str(Path(place).absolute()) for place in places]
    with watching(quiet=quiet, no_progress=no_progress) as progress:
        summary = add(settings, absolute, RunOptions(force=True, lock_wait_s=lock_wait_s, progress=progress))
    tell(summary, output_format, quiet=quiet)
    refuse_nothing(summary)
