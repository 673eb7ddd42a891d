"""Pages → passages, as columns, labels, blocks and headings (see `passages`)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..report import Page
from .container import encoded
from .cutting import Cutter
from .passages import BLOCK_CHARS, PassageColumns
from .ranges import bounds_of, within

__all__ = ["CutPassages", "PassageCutter"]


class PassageCutter:
    """Takes the pages of one document after another, and cuts them all.

    `cutter` cuts the text that all bodies make, joined by one character a page; `words` are where words begin in it.
    """

    def __init__(self, cutter: Cutter, words: NDArray[np.int64]) -> None:
        self._cutter = cutter
        self._words = words
        self._documents: list[Sequence[Page]] = []
        self._doc_starts: list[int] = []
        self._page_ends: list[int] = []
        self._page_passages: list[int] = []
        self._page_above: list[int] = []
        """The heading under which a page begins."""
        self._begun: list[tuple[int, list[int]]] = []
        """Where headings begin on a page, its first passage and the heading of each."""
        self._starts: list[int] = []
        """Of passages."""

    def add(self, pages: Sequence[Page], start: int) -> None:
        """One document, whose first page begins at `start`."""
        self._documents.append(pages)
        self._doc_starts.append(start)
        above, earlier = 0, 0  # headings so far, and of earlier files: those end with their file
        for number, page in enumerate(pages):
            if number and page.file != pages[number - 1].file:
                earlier = above
            end = start + len(page.text)
            starts = self._cutter.starts(start, end) if not page.headings else self._under_headings(page, start)
            if page.headings:
                places = [start + place for place in _heading_places(page)]
                headings = [above + bisect_right(places, first) for first in starts]
                self._begun.append((len(self._starts), [each if each > earlier else 0 for each in headings]))
            self._page_above.append(above if above > earlier else 0)
            self._page_passages.append(len(starts))
            self._page_ends.append(end)
            self._starts += starts
            above += len(page.headings)
            start = end + 1

    def _under_headings(self, page: Page, start: int) -> list[int]:
        """Where the passages of a page begin, one of which ends where a heading begins."""
        cuts = {start + place for place in _heading_places(page) if _parts(page.text, place)}
        edges = sorted({start, *cuts, start + len(page.text)})
        return [first for left, right in pairwise(edges) for first in self._cutter.starts(left, right)]

    def passages(self) -> CutPassages:
        """All passages, as columns and as texts."""
        pages = list(chain.from_iterable(self._documents))
        of_page = np.array(self._page_passages, np.int64)
        of_doc = np.array(list(map(len, self._documents)), np.int64)
        page_bounds, doc_bounds = bounds_of(of_page), bounds_of(of_doc)
        doc_passages = np.diff(page_bounds[doc_bounds])
        starts = np.array(self._starts, np.int64)
        ends = np.append(starts[1:], 0)
        filled = of_page > 0
        ends[page_bounds[1:][filled] - 1] = np.array(self._page_ends, np.int64)[filled]
        headings = np.repeat(np.array(self._page_above, np.int64), of_page)
        for first, begun in self._begun:
            headings[first : first + len(begun)] = begun
        positions = np.searchsorted(self._words, starts)
        positions -= np.repeat(np.searchsorted(self._words, self._doc_starts), doc_passages)
        blocks, doc_blocks, block_passages = self._blocks(ends - starts, doc_passages)
        columns = PassageColumns(
            doc_pages=_uint32(of_doc),
            page_numbers=_uint32([page.number or 0 for page in pages]),
            page_files=_uint32([page.file for page in pages]),
            page_headings=_uint32([len(page.headings) for page in pages]),
            doc_passages=_uint32(doc_passages),
            passage_pages=_uint32(np.repeat(within(of_doc), of_page)),
            passage_headings=_uint32(headings),
            passage_positions=_uint32(positions),
            passage_chars=_uint32(ends - starts),
            doc_blocks=_uint32(doc_blocks),
            block_passages=_uint32(block_passages),
        )
        titles = [
            "\n".join(" ".join(title.split()) for page in each for title in page.headings) for each in self._documents
        ]
        return CutPassages(columns, [page.label for page in pages], blocks, list(map(encoded, titles)))

    def _blocks(
        self, lengths: NDArray[np.int64], doc_passages: NDArray[np.int64]
    ) -> tuple[list[bytes], list[int], list[int]]:
        """Passages put together, a few to a block; how many blocks a document has, and how many passages a block."""
        blocks: list[bytes] = []
        doc_blocks: list[int] = []
        block_passages: list[int] = []
        ends: list[int] = bounds_of(lengths)[1:].tolist()
        first = before = 0
        for pages, behind in zip(self._documents, np.cumsum(doc_passages).tolist(), strict=True):
            text = pages[0].text if len(pages) == 1 else "".join([page.text for page in pages])
            known, start = len(blocks), before
            while first < behind:
                last = min(bisect_left(ends, start + BLOCK_CHARS, first, behind), behind - 1)
                end = ends[last]
                blocks.append(encoded(text[start - before : end - before]))
                block_passages.append(last + 1 - first)
                start, first = end, last + 1
            doc_blocks.append(len(blocks) - known)
            before = start
        return blocks, doc_blocks, block_passages


class CutPassages(NamedTuple):
    """The passages of some documents: their numbers, and the texts that go with these. `labels` has one for each page,
    `blocks` the text of some passages each, `headings` those of a document each, parted by line feeds."""

    columns: PassageColumns
    labels: list[str]
    blocks: list[bytes]
    headings: list[bytes]


def _uint32(numbers: NDArray[Any] | Sequence[int]) -> NDArray[np.uint32]:
    return np.asarray(numbers).astype(np.uint32)


def _parts(text: str, place: int) -> bool:
    """Whether the text can be cut there without cutting a word."""
    return place == 0 or text[place - 1].isspace()


def _heading_places(page: Page) -> list[int]:
    """Where the headings begin in the text of a page; one whose words are not found there, where the last one ended."""
    places, position = [], 0
    for title in page.headings:
        found = page.text.find(title, position)
        places.append(found if found >= 0 else position)
        position = found + len(title) if found >= 0 else position
    return places
