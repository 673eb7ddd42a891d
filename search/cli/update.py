"""`reportsearch update`: bring the index to what the sources offer now."""

from dataclasses import replace
from pathlib import Path

import click

from reportsearch.indexer.errors import NothingToIndexError
from reportsearch.indexer.pipeline import update
from reportsearch.indexer.run import RunOptions
from reportsearch.indexer.settings import CONFIG_NAME, Settings, Source
from reportsearch.indexer.urls import is_url, storable, why_no_place

from .options import collection_option, format_option, lock_wait_option, progress_options, settings_for
from .watching import log_to_stderr, refuse_nothing, tell, watching

__all__ = ["command"]


@click.command("update")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@collection_option
@click.option("--force", is_flag=True, help="Read everything again, and let a source that has become empty be empty.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@lock_wait_option
@progress_options
@format_option("table", "json")
def command(
    sources: tuple[str, ...],
    folder: Path | None,
    force: bool,
    dry_run: bool,
    lock_wait_s: float,
    quiet: bool,
    no_progress: bool,
    log_format: str,
    output_format: str,
) -> None:
    """Bring the index to what the sources offer now.

    SOURCE is the name of a [[source]] in reports.toml, a folder, or a listing page (URL or saved file); without one,
    all sources of reports.toml are read. What has not changed is not read again; what a source no longer offers is
    taken out; what fails is counted and named, and costs nothing that was indexed.

    \b
    Examples:
      reportsearch update
      reportsearch update papers/
      reportsearch update https://www.example.org/reports --dry-run
    """
    log_to_stderr(log_format, quiet=quiet)
    settings = settings_for(folder, make=True)
    chosen = _chosen(sources, settings)
    with watching(quiet=quiet, no_progress=no_progress) as progress:
        summary = update(settings, chosen, RunOptions(force, dry_run, lock_wait_s, progress))
    tell(summary, output_format, quiet=quiet, dry_run=dry_run)
    refuse_nothing(summary)


def _chosen(names: tuple[str, ...], settings: Settings) -> list[Source]:
    if not names:
        if not settings.sources:
            raise NothingToIndexError(
                f"{settings.folder / CONFIG_NAME} names no source. Add a [[source]] with `listing = …` or "
                "`folder = …`, or name one: `reportsearch update FOLDER_OR_LISTING`."
            )
        return list(settings.sources)
    by_name = {source.name: source for source in settings.sources}
    return [by_name.get(name) or _unnamed(name, settings) for name in names]


def _unnamed(place: str, settings: Settings) -> Source:
    """A source that reports.toml does not name; one that it does is recognised by its place."""
    if reason := why_no_place(place):
        raise click.BadParameter(f"{reason}.", param_hint="SOURCE")
    if is_url(place):
        source = Source(place, listing=place)
    else:
        path = Path(place).absolute()
        if not path.exists():
            known = ", ".join(source.name for source in settings.sources) or "none"
            raise click.BadParameter(
                f"{place!r} is no source of reports.toml (known: {known}), no folder, no file and no URL.",
                param_hint="SOURCE",
            )
        source = Source(str(path), folder=str(path)) if path.is_dir() else Source(str(path), listing=str(path))
    for known_source in settings.sources:
        place_of_known = known_source.location
        if not is_url(place_of_known):
            place_of_known = str(settings.folder / place_of_known)
        if place_of_known.rstrip("/") == source.location.rstrip("/"):
            return known_source
    return replace(source, name=_portable_name(source.name, settings))


def _portable_name(name: str, settings: Settings) -> str:
    path = Path(name)
    if not is_url(name) and path.is_relative_to(settings.folder):
        name = path.relative_to(settings.folder).as_posix()
    return storable(name)
