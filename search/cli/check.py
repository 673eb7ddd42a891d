"""`reportsearch check`: whether the index is whole, and its repair."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reportsearch.indexer.inspection import Inspection, Repair, inspect, repair

from .hits import clean_for_terminal
from .options import collection_option, format_option, lock_wait_option, settings_for

__all__ = ["command"]


@click.command("check")
@click.option(
    "--repair",
    "mend",
    is_flag=True,
    help="Take damaged segments out, index anew what their texts still give, name what is lost, and delete files that "
    "no commit names.",
)
@collection_option
@lock_wait_option
@format_option("table", "json")
@click.pass_context
def command(ctx: click.Context, mend: bool, folder: Path | None, lock_wait_s: float, output_format: str) -> None:
    """Verify each byte of the index: every file of the last commit against its checksums and the others.

    Names file and section of all that is damaged, segments that another program wrote (they are searched, but nothing
    vouches for them), and files that no commit names. Exits with 1 where something is damaged.

    \b
    Examples:
      reportsearch check
      reportsearch check --repair && reportsearch update
      reportsearch check --format json
    """
    settings = settings_for(folder)
    before = inspect(settings)
    done = None
    if mend and (before.found.unnamed or not before.is_whole) and before.found.toc is not None:
        done = repair(settings, lock_wait_s)
    if output_format == "json":
        click.echo(json.dumps(_as_json(before, done), ensure_ascii=False, indent=2))
    else:
        for line in _lines(before, done):
            click.echo(line)
        click.echo(_sentence(before, done), err=True)
    if mend and before.found.toc is None:
        repair(settings, lock_wait_s)  # says why it cannot
    ctx.exit(0 if before.is_whole or (done and inspect(settings).is_whole) else 1)


def _lines(inspection: Inspection, done: Repair | None) -> Iterator[str]:
    found = inspection.found
    for damage in found.damages:
        yield f"{_kind('damaged', 'red')}{damage.file}  {damage.section}  {clean_for_terminal(damage.message)}"
    for name in found.foreign:
        yield f"{_kind('foreign', 'yellow')}{name}  Another program wrote it: it is searched, and cannot be verified."
    if found.toc is not None and not found.toc.has_checksum:
        yield f"{_kind('foreign', 'yellow')}table of contents  Another program wrote it, without a checksum."
    for name in found.unnamed:
        gone = "it is deleted now" if done else "the next commit deletes it, and --repair does"
        yield f"{_kind('unnamed', 'yellow')}{clean_for_terminal(name)}  No commit names it: {gone}."
    if done is not None:
        yield from (f"{_kind('saved', 'green')}{clean_for_terminal(name)}" for name in done.saved)
        yield from (f"{_kind('lost', 'red')}{clean_for_terminal(name)}" for name in done.lost)


def _kind(word: str, colour: str) -> str:
    return click.style(f"{word:9}", fg=colour)


def _sentence(inspection: Inspection, done: Repair | None) -> str:
    found = inspection.found
    size = f"{found.files} files, {found.size_bytes:,} bytes"
    if done is None and inspection.is_whole:
        return f"Index version {inspection.version} is whole: {size}."
    if done is None:
        return (
            f"The index is damaged in {len(found.damages)} places ({size}). `reportsearch check --repair` takes out "
            "what is damaged and says what that costs."
        )
    if not found.damages:
        return f"Index version {inspection.version} is whole: {size}. {len(done.swept)} files were deleted."
    lost = len(done.lost) + done.lost_nameless
    nameless = f" (of {done.lost_nameless} not even the names can be read)" if done.lost_nameless else ""
    return (
        f"Repaired: {len(done.saved)} reports were indexed anew from their text, {lost} are lost{nameless}. "
        "Type `reportsearch update` now: it compares every report with its source, and brings back those that are "
        "still there; `add` those that came by `add`."
    )


def _as_json(inspection: Inspection, done: Repair | None) -> dict[str, Any]:
    found = inspection.found
    return {
        "index_version": inspection.version or None,
        "whole": inspection.is_whole,
        "files": found.files,
        "bytes": found.size_bytes,
        "damaged": [
            {"file": damage.file, "section": damage.section, "message": damage.message} for damage in found.damages
        ],
        "foreign": list(found.foreign),
        "toc_has_checksum": found.toc is not None and found.toc.has_checksum,
        "unnamed": list(found.unnamed),
        "repair": None
        if done is None
        else {
            "saved": list(done.saved),
            "lost": list(done.lost),
            "lost_nameless": done.lost_nameless,
            "swept": list(done.swept),
        },
    }
