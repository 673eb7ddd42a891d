"""Pages → passages, as columns, labels, blocks and headings (see `passages`)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import fields
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ..report import Page
from .container import encoded
from .cutting import Cutter
from .passages import BLOCK_CHARS, PassageColumns

__all__ = ["PassageCutter"]


class PassageCutter:
    """Takes the pages of one document after another, and gives the columns, labels, blocks and headings of all.

    `cutter` cuts the text that all bodies make, joined by one character a page; `words` are where words begin in it.
    """

    def __init__(self, cutter: Cutter, words: NDArray[np.int64]) -> None:
        self._cutter = cutter
        self._words = words
        self._rows: dict[str, list[int]] = {field.name: [] for field in fields(PassageColumns)}
        self._starts: list[int] = []  # of passages
        self._doc_starts: list[int] = []
        self.labels: list[str] = []
        self.blocks: list[bytes] = []
        """Texts of some passages each."""
        self.headings: list[bytes] = []
        """Of each document."""

    def add(self, pages: Sequence[Page], start: int) -> None:
        """One document, whose first page begins at `start`."""
        rows, above, earlier = self._rows, 0, 0  # headings so far, and of earlier files: those end with their file
        lengths: list[int] = []
        self._doc_starts.append(start)
        for number, page in enumerate(pages):
            if number and page.file != pages[number - 1].file:
                earlier = above
            rows["page_numbers"].append(page.number or 0)
            rows["page_files"].append(page.file)
            rows["page_headings"].append(len(page.headings))
            self.labels.append(page.label)
            starts, begun = self._cut(page, start)
            self._starts += starts
            rows["passage_pages"] += [number] * len(starts)
            numbers = [above + count for count in begun] if page.headings else [above] * len(starts)
            rows["passage_headings"] += [heading if heading > earlier else 0 for heading in numbers]
            end = start + len(page.text)
            lengths += [last - first for first, last in pairwise([*starts, end])]
            above += len(page.headings)
            start = end + 1
        rows["passage_chars"] += lengths
        rows["doc_pages"].append(len(pages))
        rows["doc_passages"].append(len(lengths))
        rows["doc_blocks"].append(self._add_blocks("".join(page.text for page in pages), lengths))
        titles = "\n".join(" ".join(title.split()) for page in pages for title in page.headings)
        self.headings.append(encoded(titles))

    def _cut(self, page: Page, start: int) -> tuple[list[int], list[int]]:
        """Where the passages of a page begin, and how many of its headings begin there or before. A passage ends where
        a heading begins."""
        end = start + len(page.text)
        if not page.headings:
            return self._cutter.starts(start, end), []
        places = [start + place for place in _heading_places(page)]
        edges = sorted({start, *(place for place in places if _parts(page.text, place - start)), end})
        starts = [first for left, right in pairwise(edges) for first in self._cutter.starts(left, right)]
        return starts, [bisect_right(places, first) for first in starts]

    def _add_blocks(self, text: str, lengths: Sequence[int]) -> int:
        """Puts passages together, a few to a block; how many blocks that makes."""
        ends = list(accumulate(lengths))
        before, start, first = len(self.blocks), 0, 0
        while first < len(ends):
            last = min(bisect_left(ends, start + BLOCK_CHARS), len(ends) - 1)
            self._rows["block_passages"].append(last + 1 - first)
            self.blocks.append(encoded(text[start : ends[last]]))
            start, first = ends[last], last + 1
        return len(self.blocks) - before

    def columns(self) -> PassageColumns:
        """The numbers of all passages."""
        rows = {name: np.array(row, np.uint32) for name, row in self._rows.items()}
        doc_words = np.repeat(np.searchsorted(self._words, self._doc_starts), rows["doc_passages"])
        rows["passage_positions"] = (np.searchsorted(self._words, self._starts) - doc_words).astype(np.uint32)
        return PassageColumns(**rows)


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
