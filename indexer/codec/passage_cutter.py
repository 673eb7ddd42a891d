"""Pages → passages, as columns, labels, blocks and headings (see `passages`)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import pairwise

import numpy as np

from ..report import Page
from .compression import Compressor
from .cutting import passage_starts
from .passages import BLOCK_CHARS, PassageColumns

__all__ = ["PassageCutter"]


class PassageCutter:
    """Takes the pages of one document after another, and gives the columns, labels, blocks and headings of all."""

    def __init__(self, compressor: Compressor) -> None:
        self._compressor = compressor
        self._rows: dict[str, list[int]] = {field.name: [] for field in fields(PassageColumns)}
        self.labels: list[str] = []
        self.blocks: list[bytes] = []
        self.headings: list[bytes] = []

    def add(self, pages: Sequence[Page], starts: Sequence[int], sentences: Sequence[int], words: Sequence[int]) -> None:
        """One document. `starts[i]` is where page i begins in the text in which `sentences` and `words` begin; the
        words are those of all bodies, so the position of a word is its place in that list less that of the first."""
        rows = self._rows
        first_word = bisect_left(words, starts[0]) if pages else 0
        above, pieces = 0, []
        for number, (page, start) in enumerate(zip(pages, starts, strict=True)):
            rows["page_numbers"].append(page.number or 0)
            rows["page_files"].append(page.file)
            rows["page_headings"].append(len(page.headings))
            self.labels.append(page.label)
            for first, end, begun in _passages(page, start, sentences, words):
                rows["passage_pages"].append(number)
                rows["passage_headings"].append(above + begun)
                rows["passage_positions"].append(bisect_left(words, first) - first_word)
                rows["passage_chars"].append(end - first)
                pieces.append(page.text[first - start : end - start])
            above += len(page.headings)
        rows["doc_pages"].append(len(pages))
        rows["doc_passages"].append(len(pieces))
        rows["doc_blocks"].append(self._add_blocks(pieces))
        titles = "\n".join(" ".join(title.split()) for page in pages for title in page.headings)
        self.headings.append(self._compressor.compress(_encoded(titles)))

    def _add_blocks(self, pieces: Sequence[str]) -> int:
        """Compresses passages, a few to a block; how many blocks that makes."""
        before, first, chars = len(self.blocks), 0, 0
        for number, piece in enumerate(pieces, 1):
            chars += len(piece)
            if chars >= BLOCK_CHARS or number == len(pieces):
                self._rows["block_passages"].append(number - first)
                self.blocks.append(self._compressor.compress(_encoded("".join(pieces[first:number]))))
                first, chars = number, 0
        return len(self.blocks) - before

    def columns(self) -> PassageColumns:
        return PassageColumns(**{name: np.array(row, np.uint32) for name, row in self._rows.items()})


def _passages(page: Page, start: int, sentences: Sequence[int], words: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Begin and end of each passage of a page, and how many of its headings begin there or before. A passage ends where
    a heading begins."""
    end = start + len(page.text)
    places = [start + place for place in _heading_places(page)] if page.headings else []
    edges = sorted({start, *(place for place in places if _parts(page.text, place - start)), end})
    for left, right in pairwise(edges):
        begun = bisect_right(places, left)
        for first, last in pairwise([*passage_starts(left, right, sentences, words), right]):
            yield first, last, begun


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


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
