"""`reportsearch init`: start a collection."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from reportsearch.corpus import sample_folder
from reportsearch.indexer.settings import CONFIG_NAME
from reportsearch.indexer.urls import is_url

from .options import checked_places, started_folder

__all__ = ["command"]

_HEAD = """\
# A collection of reports. `reportsearch update` reads the sources below, `reportsearch search WORDS` finds.

[collection]
name = {name}
language = "en"                 # of most reports; decides how words are reduced to their stems
contact = ""                    # an address that is sent to the sites that are read, for when something is wrong
"""

_EXAMPLES = """
# A listing page on the web (or a saved one). Its cards are found by themselves.
# [[source]]
# name = "reports"
# listing = "https://www.example.org/reports"
# base_url = "https://…"        # of a saved listing alone: the address that it was saved from
# item = "article"              # all optional, CSS: one card,
# title = "h3"                  # and within it the title,
# summary = "p"                 # the teaser,
# link = "a:-soup-contains('Read more')"
# date = "time"
# next = "a.next"               # the link to the following page

# A folder of PDFs, saved pages, texts and JSON lines.
# [[source]]
# name = "shelf"
# folder = "papers/"
"""

_LIMITS = """
# What one file may cost; these are the defaults.
# [limits]
# extract_seconds = 120
# extract_memory_mb = 1500
# max_bytes = 200000000
"""


def _checked_folders(ctx: click.Context, parameter: click.Parameter, folders: tuple[str, ...]) -> tuple[str, ...]:
    for folder in filter(is_url, folders):
        raise click.BadParameter(f"{folder!r} is an address: give it with --listing.", ctx, parameter)
    checked_places(ctx, parameter, folders)
    return folders


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--name", help="The collection's name.  [default: the folder's]")
@click.option(
    "--listing",
    "listings",
    multiple=True,
    metavar="URL_OR_FILE",
    callback=checked_places,
    help="A listing page to read (may be repeated).",
)
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="PATH",
    callback=_checked_folders,
    help="A folder of files to read (may be repeated).",
)
@click.option("--sample", is_flag=True, help="Copy the sample collection there instead: ten reports to try things on.")
def command(
    folder: Path | None, name: str | None, listings: tuple[str, ...], folders: tuple[str, ...], sample: bool
) -> None:
    """Start a collection: write a commented reports.toml into FOLDER (default: this one).

    \b
    Examples:
      reportsearch init --listing https://www.example.org/reports
      reportsearch init shelf --folder papers/
      reportsearch init sample --sample
    """
    target = folder or started_folder(None) or Path.cwd()
    path = target / CONFIG_NAME
    if path.exists():
        raise click.UsageError(f"{path} is there already: edit it, or choose another folder.")
    target.mkdir(parents=True, exist_ok=True)
    if sample:
        _copy_sample(target)
    else:
        path.write_text(_configuration(name or target.resolve().name, listings, folders), encoding="utf-8")
    where = "" if target.resolve() == Path.cwd() else f" -C {target}"
    click.echo(
        f"Wrote {path}. " + ("" if listings or folders or sample else "Name a source in it. ") + "Then type:",
        err=True,
    )
    click.echo(f"  reportsearch{where} update", err=True)
    click.echo(f"  reportsearch{where} search WORDS", err=True)


def _copy_sample(target: Path) -> None:
    sample = sample_folder()
    shutil.copy(sample / CONFIG_NAME, target / CONFIG_NAME)
    shutil.copytree(sample / "site", target / "site", dirs_exist_ok=True)


def _configuration(name: str, listings: Iterable[str], folders: Iterable[str]) -> str:
    sources = [("listing", listing) for listing in listings] + [("folder", folder) for folder in folders]
    tables = "".join(f"\n[[source]]\n{kind} = {_quoted(place)}\n" for kind, place in sources)
    return _HEAD.format(name=_quoted(name)) + tables + _EXAMPLES + _LIMITS


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a TOML basic string has JSON's escapes
