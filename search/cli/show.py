"""`reportsearch show`: read one report."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from reportsearch.indexer.errors import ReportNotFoundError
from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.urls import is_url, why_no_url

from ..collection import Collection
from ..whoosh_engine import WhooshEngine
from .options import collection_option, format_option, settings_for

__all__ = ["command"]


@click.command("show")
@click.argument("name", metavar="ID")
@collection_option
@click.option("--page", type=click.IntRange(min=1), help="Only this page (as in #page=).")
@click.option("--no-text", is_flag=True, help="Only what is known about the report.")
@format_option("table", "json")
def command(name: str, folder: Path | None, page: int | None, no_text: bool, output_format: str) -> None:
    """Read one report: what is known about it, where each value came from, and its text by page.

    ID is the identity that `search` prints, a URL or a path.

    \b
    Examples:
      reportsearch show site/reports/heading-back-to-harm.html
      reportsearch show papers/time-to-deliver.pdf --page 4
    """
    settings = settings_for(folder)
    with Collection(settings, WhooshEngine(settings.index_folder)) as collection:
        try:
            report = collection.report(name)
        except ReportNotFoundError:
            if is_url(name) and (reason := why_no_url(name)):
                raise click.BadParameter(f"{reason}.", param_hint="ID") from None
            raise
    pages = [each for each in report.pages if page is None or each.number == page]
    if page is not None and not pages:
        raise click.BadParameter(f"{report.id} has no page {page}.", param_hint="--page")
    if no_text:
        pages = []
    if output_format == "json":
        click.echo(json.dumps(_as_dict(report, pages), ensure_ascii=False, indent=2))
    else:
        for line in (*_metadata(report), *_text(report, pages)):
            click.echo(line)


def _as_dict(report: Report, pages: list[Page]) -> dict[str, Any]:
    return {
        "id": report.id,
        "url": report.url,
        "title": report.title,
        "summary": report.summary,
        "authors": report.authors,
        "publisher": report.publisher,
        "date": str(report.date) if report.date else None,
        "date_precision": report.date.precision if report.date else None,
        "language": report.language,
        "topics": report.topics,
        "kind": report.kind,
        "source": report.source,
        "origins": dict(report.origins),
        "files": [asdict(file) for file in report.files],
        "pages": [asdict(page) for page in pages],
        "content_hash": report.content_hash,
    }


def _metadata(report: Report) -> Iterator[str]:
    values = {
        "title": report.title,
        "summary": report.summary,
        "authors": "; ".join(report.authors),
        "publisher": report.publisher,
        "date": str(report.date) if report.date else "",
        "language": report.language,
        "topics": "; ".join(report.topics),
        "kind": report.kind,
        "url": report.url,
    }
    for field, value in values.items():
        if value:
            origin = report.origins.get(field)
            yield f"{click.style(f'{field:>10}', fg='green')}  {value}" + click.style(
                f"  [{origin}]" if origin else "", dim=True
            )
    for file in report.files:
        scanned = f", {file.scanned_pages} scanned" if file.scanned_pages else ""
        pages = f", {file.pages} pages{scanned}" if file.pages else ""
        yield f"{click.style('      file', fg='green')}  {file.location} ({file.media_type}{pages})"


def _text(report: Report, pages: list[Page]) -> Iterator[str]:
    for page in pages:
        place = report.files[page.file].location if page.file < len(report.files) else report.id
        if page.number is not None:
            label = f", printed {page.label}" if page.label and page.label != str(page.number) else ""
            place += f", page {page.number}{label}"
        yield click.style(f"\n--- {place} ---", fg="green")
        yield page.text
