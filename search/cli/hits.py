"""Hits as a person reads them: wrapped and coloured on a terminal, one line a snippet in a pipe."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from ..results import Hit, Results, Snippet

__all__ = ["clean_for_terminal", "print_results", "use_color"]

_INDENT = "   "
_MAX_WIDTH = 110


def use_color(choice: str) -> bool:
    """Whether to colour: as said, else as NO_COLOR and FORCE_COLOR say, else where stdout is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def clean_for_terminal(text: str) -> str:
    """The text without control characters: what a page says must not move the cursor or change colours."""
    return "".join(char if char.isprintable() or char == " " else " " for char in text)


def print_results(results: Results, color_choice: str, *, filtered: bool = False) -> None:
    """Prints one page of hits to stdout; remarks about the query go to stderr. `filtered` says that there were filters,
    of which none may have let a report through."""
    color = use_color(color_choice)
    width = min(shutil.get_terminal_size().columns, _MAX_WIDTH) if sys.stdout.isatty() else 0
    for warning in results.warnings:
        click.echo(f"Note: {warning}", err=True)
    click.echo(_head(results, filtered=filtered), color=color)
    first = (results.page - 1) * results.per_page + 1
    for number, hit in enumerate(results, first):
        click.echo("\n" + "\n".join(_hit(number, hit, width)), color=color)
    if results.page < results.pages:
        click.echo(f"\nPage {results.page} of {results.pages}; the next: --page {results.page + 1}", color=color)


def _head(results: Results, *, filtered: bool) -> str:
    query = clean_for_terminal(results.interpreted_as or results.query)
    if not results.total:
        return (
            f"No report that passes the filters has any of: {query}" if filtered else f"No report has any of: {query}"
        )
    if not len(results):
        return f"{results.total} reports for {query}, on {results.pages} pages: there is no page {results.page}"
    return f"{results.total} report{'s' * (results.total != 1)} for {query}  ({results.took_ms:.0f} ms)"


def _hit(number: int, hit: Hit, width: int) -> Iterator[str]:
    title = clean_for_terminal(hit.title)
    yield from _wrapped(f"{number}. ", [(title, {"bold": True, "fg": "cyan"})], width)
    about = (hit.publisher, str(hit.date or ""), hit.url or hit.id)
    yield _INDENT + click.style(" · ".join(clean_for_terminal(part) for part in about if part), dim=True)
    for snippet in hit.snippets:
        yield from _snippet(snippet, width)
    if hit.missing:
        yield _INDENT + click.style("without: " + clean_for_terminal(", ".join(hit.missing)), fg="yellow")


def _snippet(snippet: Snippet, width: int) -> Iterator[str]:
    heading = "" if snippet.text.startswith(snippet.heading) else clean_for_terminal(snippet.heading)
    place = " · ".join(part for part in (snippet.place, heading) if part)
    if width:
        if place:
            yield _INDENT + click.style(place, fg="green")
        yield from _wrapped(_INDENT + "  ", _pieces(snippet), width)
        if snippet.link:
            yield _INDENT + "  " + click.style(snippet.link, fg="blue", dim=True)
    else:
        head = f"{_INDENT}{click.style(place, fg='green')}: " if place else _INDENT
        yield from _wrapped(head, _pieces(snippet), width)
        yield from [f"{_INDENT}  {snippet.link}"] * bool(snippet.link)


def _pieces(snippet: Snippet) -> Iterator[tuple[str, dict[str, Any]]]:
    last = 0
    for mark in snippet.marks:
        yield clean_for_terminal(snippet.text[last : mark.start]), {}
        yield clean_for_terminal(snippet.text[mark.start : mark.end]), {"bold": True, "fg": "red"}
        last = mark.end
    yield clean_for_terminal(snippet.text[last:]), {}


def _wrapped(lead: str, pieces: Iterable[tuple[str, dict[str, Any]]], width: int) -> Iterator[str]:
    """Styled pieces broken between words to `width` columns, each line behind the lead's width; 0 means one line."""
    indent = " " * len(lead)
    line, column = lead, len(lead)
    for text, style in pieces:
        for word in _words(text) if width else [text]:
            if width and column + len(word.rstrip()) > width and column > len(lead):
                yield line.rstrip()
                line, column, word = indent, len(indent), word.lstrip()
            line += click.style(word, **style) if style and word.strip() else word
            column += len(word)
    yield line


def _words(text: str) -> Iterator[str]:
    """The text in words, each with the space behind it."""
    start = 0
    while start < len(text):
        space = text.find(" ", start)
        end = len(text) if space < 0 else space + 1
        yield text[start:end]
        start = end
