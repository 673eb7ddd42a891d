"""A report's text in passages: small pieces of a page that a snippet is made from, so that no search opens more.

Columns of a segment, all numbered from 0; `doc_*` are bounds (n + 1 numbers) of the rows of each document:

    doc_pages → page_numbers, page_files, page_labels, page_headings     one row a page
    doc_passages → passage_pages, passage_headings,                      one row a passage
                   passage_positions, passage_chars
    doc_blocks → block_passages, block_bounds → text                     one row a compressed block

`passage_pages` counts the pages of the document, `passage_headings` its headings from 1 (0: none is above),
`passage_positions` the words of its body before the passage. Passages part a page's text without a gap: joined, they
are the page. Consecutive passages of a document share a block of about BLOCK_CHARS characters (UTF-8, zstd with the
segment's dictionary); a block holds passages whole. `page_numbers` is 0 for a file without pages. `page_headings`
counts the headings that begin on a page; their texts stand in one compressed block for each document, parted by line
feeds (`headings`, `heading_bounds`). `page_labels` number the distinct `labels`, a list in MessagePack.

A document of two pages "Ann ran. …" (640 characters in two passages) and "Bob" is

    doc_pages 0 2   page_numbers 1 2   doc_passages 0 3   passage_pages 0 0 1   passage_chars 310 330 3
    doc_blocks 0 1   block_passages 3
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..report import Page
from .compression import Blobs, Decompressor
from .container import ContainerReader, ContainerWriter, decoded
from .ranges import bounds_of, narrowest
from .stored import decode_values, encode_values

__all__ = ["BLOCK_CHARS", "BODY", "PassageColumns", "Passages", "Place", "write_passages"]

BODY = "body"
"""The field that the text of pages is indexed in."""

BLOCK_CHARS = 2000
"""Larger ones shrink a little better (4,000: by 3 %), and take longer to open."""


@dataclass(frozen=True, slots=True)
class PassageColumns:
    """The numbers of all passages of some documents, as in the drawing above; `doc_*` are counts here, not bounds."""

    doc_pages: NDArray[np.uint32]
    page_numbers: NDArray[np.uint32]
    page_files: NDArray[np.uint32]
    page_headings: NDArray[np.uint32]
    doc_passages: NDArray[np.uint32]
    passage_pages: NDArray[np.uint32]
    passage_headings: NDArray[np.uint32]
    passage_positions: NDArray[np.uint32]
    passage_chars: NDArray[np.uint32]
    doc_blocks: NDArray[np.uint32]
    block_passages: NDArray[np.uint32]

    @classmethod
    def joined(cls, parts: Sequence[PassageColumns]) -> PassageColumns:
        """Those of all parts, one after the other."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


_COUNTS = ("doc_pages", "doc_passages", "doc_blocks")


def write_passages(writer: ContainerWriter, columns: PassageColumns, labels: Sequence[str], headings: Blobs) -> None:
    """The sections of the drawing, but for `text` and `block_bounds`, which are written as documents come."""
    for field in fields(columns):
        values = getattr(columns, field.name)
        writer.add(field.name, narrowest(bounds_of(values)) if field.name in _COUNTS else narrowest(values))
    distinct = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    writer.add("page_labels", narrowest(np.array([distinct[label] for label in labels], np.uint32)))
    writer.add("labels", encode_values(list(distinct)))
    writer.add("heading_bounds", narrowest(headings.bounds))
    writer.add("headings", bytes(headings.data))


class Place(NamedTuple):
    """Where a passage stands: page, counted from 1 (None where the file has none), its printed number, the file, and
    the heading above it."""

    page: int | None
    label: str
    file: int
    heading: str


class PassageViews(NamedTuple):
    """Columns of which one number is read, which is faster without NumPy."""

    doc_pages: memoryview
    page_numbers: memoryview
    page_files: memoryview
    page_labels: memoryview
    doc_passages: memoryview
    passage_pages: memoryview
    passage_headings: memoryview
    passage_positions: memoryview
    passage_chars: memoryview
    doc_blocks: memoryview
    block_passages: memoryview


class Passages:
    """The passages of a segment, read."""

    def __init__(self, container: ContainerReader, decompressor: Decompressor) -> None:
        for name in (
            *(field.name for field in fields(PassageColumns)),
            "page_labels",
            "block_bounds",
            "heading_bounds",
        ):
            setattr(self, name, container.array(name))
        self.views = PassageViews(*(getattr(self, name).data for name in PassageViews._fields))
        self._block_bounds = self.block_bounds.data
        self._text = container.bytes("text")
        self._headings = container.bytes("headings")
        self._labels: list[str] = decode_values(container.bytes("labels"))
        self._decompressor = decompressor
        self._last = (-1, "")

    doc_pages: NDArray[np.unsignedinteger]
    page_numbers: NDArray[np.unsignedinteger]
    page_files: NDArray[np.unsignedinteger]
    page_headings: NDArray[np.unsignedinteger]
    page_labels: NDArray[np.unsignedinteger]
    doc_passages: NDArray[np.unsignedinteger]
    passage_pages: NDArray[np.unsignedinteger]
    passage_headings: NDArray[np.unsignedinteger]
    passage_positions: NDArray[np.unsignedinteger]
    passage_chars: NDArray[np.unsignedinteger]
    doc_blocks: NDArray[np.unsignedinteger]
    block_passages: NDArray[np.unsignedinteger]
    block_bounds: NDArray[np.unsignedinteger]
    heading_bounds: NDArray[np.unsignedinteger]

    def block(self, number: int) -> str:
        """The text of one block; the last one is kept, because neighbouring passages are asked for together."""
        last, text = self._last
        if last != number:
            bounds = self._block_bounds
            text = decoded(self._decompressor.decompress(self._text[bounds[number] : bounds[number + 1]]))
            self._last = (number, text)
        return text

    def text(self, doc_id: int) -> str:
        """The whole text of a document."""
        first, last = int(self.doc_blocks[doc_id]), int(self.doc_blocks[doc_id + 1])
        return "".join(map(self.block, range(first, last)))

    def headings(self, doc_id: int) -> list[str]:
        """The headings of a document, in reading order."""
        titles = self._headings[int(self.heading_bounds[doc_id]) : int(self.heading_bounds[doc_id + 1])]
        first, last = int(self.doc_pages[doc_id]), int(self.doc_pages[doc_id + 1])
        if not self.page_headings[first:last].any():
            return []
        return decoded(self._decompressor.decompress(titles)).split("\n")

    def pages(self, doc_id: int) -> tuple[Page, ...]:
        """The pages of a document, with their text."""
        first, last = int(self.doc_pages[doc_id]), int(self.doc_pages[doc_id + 1])
        of_doc = slice(int(self.doc_passages[doc_id]), int(self.doc_passages[doc_id + 1]))
        chars = np.bincount(self.passage_pages[of_doc], self.passage_chars[of_doc], last - first).astype(np.int64)
        text, titles, at, title = self.text(doc_id), self.headings(doc_id), 0, 0
        pages = []
        for row, length in zip(range(first, last), chars.tolist(), strict=True):
            begun = int(self.page_headings[row])
            pages.append(
                Page(
                    int(self.page_numbers[row]) or None,
                    text[at : at + length],
                    self.label(row),
                    tuple(titles[title : title + begun]),
                    int(self.page_files[row]),
                )
            )
            at, title = at + length, title + begun
        return tuple(pages)

    def place(self, doc_id: int, passage: int) -> Place:
        """Where a passage of a document stands, by its row."""
        views = self.views
        page, above = views.doc_pages[doc_id] + views.passage_pages[passage], views.passage_headings[passage]
        heading = self.headings(doc_id)[above - 1] if above else ""
        label = self._labels[views.page_labels[page]]
        return Place(views.page_numbers[page] or None, label, views.page_files[page], heading)

    def label(self, page: int) -> str:
        """The printed number of a page, by its row."""
        return self._labels[int(self.page_labels[page])]
