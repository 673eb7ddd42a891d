"""What a person sees of a run: a progress bar on a terminal, then what happened and what failed."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reportsearch.indexer.errors import REMEDIES, NothingToIndexError
from reportsearch.indexer.report import Candidate, Failure
from reportsearch.indexer.run import RunSummary

from .hits import clean_for_terminal

__all__ = ["Bar", "log_to_stderr", "refuse_nothing", "tell", "watching"]

_SHOWN_FAILURES = 10


class Bar:
    """A progress bar that grows with what the sources offer, and names the report that was read last."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("Reading", total=0, name="")
        self._total = 0

    def found(self, candidate: Candidate) -> None:
        self._total += 1
        self._progress.update(self._task, total=self._total)

    def done(self, candidate: Candidate) -> None:
        self._progress.update(self._task, advance=1, name=clean_for_terminal(candidate.identity[-50:]))


class _JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(fields, ensure_ascii=False)


def log_to_stderr(log_format: str, *, quiet: bool) -> None:
    """Sends our messages to stderr, and those of libraries only from errors on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if log_format == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("reportsearch").setLevel(
        logging.ERROR if quiet else logging.INFO if log_format == "json" else logging.WARNING
    )


@contextmanager
def watching(*, quiet: bool, no_progress: bool) -> Iterator[Bar | None]:
    """A progress bar on stderr, where that is a terminal; else None."""
    if quiet or no_progress or not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)


def tell(summary: RunSummary, output_format: str, *, quiet: bool, dry_run: bool = False) -> None:
    """Says what a run did: on stderr for people, on stdout as JSON."""
    if output_format == "json":
        failures = [_failure(failure) for failure in summary.failures]
        counts: dict[str, Any] = {
            **summary.counts(),
            "committed": summary.committed,
            "index_version": summary.index_version,
        }
        click.echo(json.dumps({**counts, "failures": failures}, ensure_ascii=False, indent=2))
        return
    if not quiet:
        click.echo(_sentence(summary, dry_run=dry_run), err=True)
    for failure in summary.failures[:_SHOWN_FAILURES]:
        where, what = clean_for_terminal(failure.location), clean_for_terminal(failure.message)
        click.echo(f"  {failure.status}: {where}: {what} {REMEDIES[failure.status]}", err=True)
    if len(summary.failures) > _SHOWN_FAILURES:
        rest = len(summary.failures) - _SHOWN_FAILURES
        click.echo(f"  and {rest} more: `reportsearch failures` lists them all.", err=True)


def refuse_nothing(summary: RunSummary) -> None:
    """Raises NothingToIndexError where there was no index before the run, and would be none after it."""
    if summary.index_version is not None or summary.added:
        return
    if summary.failures:
        raise NothingToIndexError("Nothing could be read. What failed is named above, each with what to do.")
    raise NothingToIndexError(
        "The sources hold no report. `reportsearch cards LISTING` shows what a listing gives; in a folder PDF, "
        "HTML, plain text and JSON lines are read."
    )


def _failure(failure: Failure) -> dict[str, str]:
    return {
        "location": failure.location,
        "status": failure.status,
        "message": failure.message,
        "remedy": REMEDIES[failure.status],
        "source": failure.source,
    }


def _sentence(summary: RunSummary, *, dry_run: bool) -> str:
    counts = summary.counts()
    parts = [f"{counts[name]} {name}" for name in ("added", "changed", "removed") if counts[name]]
    parts += [f"{counts['unchanged']} unchanged"] if counts["unchanged"] else []
    parts += [f"{counts['duplicates']} offered twice"] if counts["duplicates"] else []
    parts += [f"{counts['failed']} failed"] if counts["failed"] else []
    pages = f" ({counts['pages']} pages read)" if counts["pages"] else ""
    what = ", ".join(parts) or "no report found"
    if dry_run:
        return f"Would be: {what}{pages}. Nothing was written (--dry-run)."
    if summary.index_version is None:
        return f"Nothing was indexed: {what}. There is no index yet."
    if not summary.committed:
        return f"Nothing to write: {what}. The index is as it was."
    return f"Done: {what}{pages}. Index version {summary.index_version}."
