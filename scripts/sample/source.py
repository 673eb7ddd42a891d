"""The source of the sample collection: `shelf.toml` and the files in `text/`, as frozen values.

The text files use a few marks of Markdown: `#` opens a chapter, `##` and `###` a section, `- ` and `1. ` an item of a
list, `> ` a quotation, `| a | b |` the row of a table (the first one is its head). `*word*` is italic, `**word**` bold,
`[^1]` points to the footnote `[^1]: text`. A line `=== body ===` ends the front matter, whose pages have roman numbers.
Straight quotation marks and apostrophes become typographic ones.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "MARK",
    "Block",
    "Booklet",
    "Chapter",
    "Design",
    "PdfFile",
    "ReportEntry",
    "Shelf",
    "read_booklet",
    "read_shelf",
]

MARK = "Sample text written for the reportsearch demonstration; this is not the publication of that name."

Kind = Literal["heading", "paragraph", "bullet", "number", "quote", "table", "caption", "source"]

_NOTE = re.compile(r"\[\^(\w+)\]: (.+)")
_ITEM = re.compile(r"(- |\d+\. |> )(.+)")
_BODY = "=== body ==="


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading (`level` 2 or 3), item, caption, or table (`rows`, the head first)."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """`front` is true for what stands before the body: its pages have roman numbers."""

    title: str
    blocks: tuple[Block, ...]
    front: bool = False


@dataclass(frozen=True, slots=True)
class Booklet:
    """One text file; `notes` are its footnotes by their mark."""

    chapters: tuple[Chapter, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Design:
    """How one PDF looks; sizes are in points, the accent is red, green, blue from 0 to 255.

    With `run_on` the chapters of the body follow each other without a new page.
    """

    font: str = "Times"
    size: float = 11.0
    accent: tuple[int, int, int] = (20, 70, 110)
    columns: int = 1
    hyphenate: bool = False
    run_on: bool = True


@dataclass(frozen=True, slots=True)
class PdfFile:
    """One PDF of a report: its file name, the text it is set from, and the words of the link to it."""

    name: str
    text: str
    label: str
    short_title: str
    subtitle: str
    design: Design


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One report of the shelf; `metadata` names the way in which its landing page says what it is."""

    slug: str
    title: str
    teaser: str
    kind: str
    publisher: str
    authors: tuple[str, ...]
    date: str
    shown_date: str
    card_date: str
    metadata: str
    topics: tuple[str, ...]
    files: tuple[PdfFile, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All reports in the order of the listing; the first `first_page` of them stand on its first page."""

    name: str
    first_page: int
    reports: tuple[ReportEntry, ...]


def read_shelf(path: Path) -> Shelf:
    """The shelf that `path` (TOML) describes."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    reports = tuple(_report(table) for table in document["report"])
    return Shelf(document["name"], document["first_page"], reports)


def _report(table: Mapping[str, Any]) -> ReportEntry:
    lists: dict[str, Any] = {"authors": tuple(table["authors"]), "topics": tuple(table["topics"])}
    plain = {key: value for key, value in table.items() if key not in {"authors", "topics", "file"}}
    return ReportEntry(**plain, **lists, files=tuple(_file(entry) for entry in table.get("file", [])))


def _file(table: Mapping[str, Any]) -> PdfFile:
    design = dict(table["design"])
    if "accent" in design:
        design["accent"] = tuple(design["accent"])
    return PdfFile(**{**table, "design": Design(**design)})


def read_booklet(path: Path) -> Booklet:
    """The chapters and footnotes of one text file. Text before the first `#` becomes a chapter without a title."""
    notes: dict[str, str] = {}
    chapters: list[Chapter] = []
    title, blocks = "", list[Block]()
    source = _typographic(path.read_text(encoding="utf-8"))
    front = _BODY in source

    def close() -> None:
        if title or blocks:
            chapters.append(Chapter(title, tuple(blocks), front))
        blocks.clear()

    for lines in _paragraphs(source):
        if note := _NOTE.match(lines[0]):
            notes[note[1]] = " ".join([note[2], *lines[1:]])
        elif lines[0] == _BODY:
            close()
            title, front = "", False
        elif lines[0].startswith("# "):
            close()
            title = lines[0][2:]
        else:
            blocks.extend(_blocks(lines))
    close()
    return Booklet(tuple(chapters), notes)


def _typographic(text: str) -> str:
    """The text with “double” and ‘single’ quotation marks and with apostrophes as printers set them."""
    text = re.sub(r'(?<![^\s(*])"', "“", text).replace('"', "”")
    return re.sub(r"(?<![^\s(*])'", "‘", text).replace("'", "’")


def _paragraphs(source: str) -> Iterator[list[str]]:
    for paragraph in re.split(r"\n\s*\n", source.strip()):
        yield [line.strip() for line in paragraph.splitlines()]


def _blocks(lines: list[str]) -> Iterator[Block]:
    first = lines[0]
    if first.startswith("#"):
        marks, _, text = first.partition(" ")
        yield Block("heading", text, level=len(marks))
    elif first.startswith("|"):
        yield Block("table", rows=tuple(_cells(line) for line in lines))
    elif _ITEM.match(first):
        yield from _items(lines)
    elif first.startswith("Table "):
        yield Block("caption", " ".join(lines))
    elif first.startswith("Source: "):
        yield Block("source", " ".join(lines))
    else:
        yield Block("paragraph", " ".join(lines))


def _items(lines: list[str]) -> Iterator[Block]:
    """Each item of a list; lines without a mark continue the item before."""
    kinds: dict[str, Kind] = {"-": "bullet", ">": "quote"}
    kind, parts = "", list[str]()
    for line in lines:
        if match := _ITEM.match(line):
            if parts:
                yield Block(kinds.get(kind, "number"), " ".join(parts))
            kind, parts = match[1].strip(), [match[2]]
        else:
            parts.append(line)
    yield Block(kinds.get(kind, "number"), " ".join(parts))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
