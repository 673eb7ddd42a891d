"""Options that several commands share, and the collection that they mean."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reportsearch.indexer.errors import NoIndexError
from reportsearch.indexer.settings import CONFIG_NAME, Settings, load_settings
from reportsearch.indexer.urls import why_no_place, why_no_url

from ..collection import find_collection

__all__ = [
    "checked_base_url",
    "checked_places",
    "collection_option",
    "format_option",
    "lock_wait_option",
    "progress_options",
    "settings_for",
    "started_folder",
]

collection_option: Callable[[Any], Any] = click.option(
    "-C",
    "--collection",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The collection's folder.  [default: the nearest reports.toml upward]",
)

lock_wait_option: Callable[[Any], Any] = click.option(
    "--lock-wait",
    "lock_wait_s",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="How long to wait for another run to finish.  [default: not at all]",
)


def format_option(*formats: str) -> Callable[[Any], Any]:
    """`--format`, with the first as default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print.",
    )


def progress_options(function: Any) -> Any:
    """`--quiet`, `--no-progress` and `--log-format`, for long work."""
    for option in (
        click.option(
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            help="Messages as text or JSON.",
        ),
        click.option("--no-progress", is_flag=True, help="No progress bar, even on a terminal."),
        click.option("-q", "--quiet", is_flag=True, help="Only errors."),
    ):
        function = option(function)
    return function


def checked_places(ctx: click.Context, parameter: click.Parameter, places: Any) -> Any:
    """For arguments and options that name addresses or paths: the same, or a usage error for what is neither."""
    for place in (places,) if isinstance(places, str) else places or ():
        if reason := why_no_place(place):
            raise click.BadParameter(f"{reason}.", ctx, parameter)
    return places


def checked_base_url(ctx: click.Context, parameter: click.Parameter, url: str) -> str:
    """For options that name an address: the same, or a usage error for what is none."""
    if url and (reason := why_no_url(url)):
        raise click.BadParameter(f"{reason}.", ctx, parameter)
    return url


def started_folder(folder: Path | None) -> Path | None:
    """The folder given by -C before or behind the command's name; None where it is to be looked for."""
    return folder if folder is not None else click.get_current_context().find_root().obj


def settings_for(folder: Path | None, *, make: bool = False) -> Settings:
    """The settings of the collection that the command means.

    With `make`, a folder given by -C becomes a collection. Raises NoIndexError where there is none.
    """
    given = started_folder(folder)
    if given is not None:
        if not given.is_dir():
            if not make:
                raise NoIndexError(
                    f"There is no folder {given}. Type `reportsearch init {given}` to make a collection."
                )
            given.mkdir(parents=True)
        return load_settings(given)
    found = find_collection(Path.cwd())
    if found is None:
        raise NoIndexError(
            f"There is no {CONFIG_NAME} in this folder or above it. Type `reportsearch init` to start a collection "
            "here, or name one with -C FOLDER."
        )
    return load_settings(found)
