"""The text of passages of some documents, out of the blocks that hold it, with where it stands."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.passages import Passages
from reportsearch.indexer.codec.ranges import bounds_of

from ..engine import Mark, Passage

__all__ = ["OpenPassages"]


_UPPER, _LOWER = np.int64(32), 0xFFFFFFFF


class OpenPassages:
    """The passages of some documents (ascending), numbered through them from 0.

    `bounds` (int64[documents + 1]) says where those of each document begin, and `begins` (int64[n]) with which word
    each passage does: its upper half is the number of the document among these, its lower half that of the word there.
    """

    def __init__(self, passages: Passages, doc_ids: NDArray[np.intp]) -> None:
        self._passages = passages
        self._doc_ids = doc_ids
        firsts, behind = passages.doc_passages[doc_ids], passages.doc_passages[doc_ids + 1]
        self.bounds = bounds_of(behind - firsts)
        self._first_rows: NDArray[np.int64] = firsts.astype(np.int64) - self.bounds[:-1]
        self._rows_before: list[int] = self._first_rows.tolist()
        positions = passages.passage_positions
        words = np.concatenate([positions[slice(*each)] for each in zip(firsts.tolist(), behind.tolist(), strict=True)])
        self.begins = np.arange(len(doc_ids)).repeat(behind - firsts) << _UPPER | words
        first_blocks = passages.doc_blocks[doc_ids].tolist()
        counts = passages.block_passages
        ends = passages.doc_blocks[doc_ids + 1].tolist()
        in_blocks = [counts[slice(*each)] for each in zip(first_blocks, ends, strict=True)]
        self._block_bounds: list[int] = bounds_of(np.concatenate(in_blocks)).tolist()
        blocks_before = bounds_of(np.array(ends) - first_blocks)[:-1]
        self._first_blocks: list[int] = (np.array(first_blocks) - blocks_before).tolist()

    def first_word(self, passage: int) -> int:
        """The words of its document before a passage."""
        return int(self.begins[passage]) & _LOWER

    def pages(self, documents: NDArray[np.int64], passages: NDArray[np.intp]) -> NDArray[np.int64]:
        """The rows of the pages that these passages of these documents are on."""
        rows = passages + self._first_rows[documents]
        first_pages = self._passages.doc_pages[self._doc_ids].astype(np.int64)
        return np.asarray(first_pages[documents] + self._passages.passage_pages[rows])

    def text(self, document: int, first: int, last: int) -> str:
        """The text of passages of a document from `first` up to and including `last`."""
        bounds = self._block_bounds
        block = bisect_right(bounds, first) - 1
        number = block + self._first_blocks[document]
        text, row = self._passages.block(number), self._rows_before[document]
        chars: list[int] = self._passages.passage_chars[row + bounds[block] : row + last + 1].tolist()
        before = chars[: first - bounds[block]]
        while bounds[block + 1] <= last:
            block, number = block + 1, number + 1
            text += self._passages.block(number)
        return text[sum(before) : sum(chars)]

    def is_one_page(self, document: int, first: int, second: int) -> bool:
        """Whether both are passages of one page of this document, by its number among these."""
        if first < self.bounds[document] or second >= self.bounds[document + 1]:
            return False
        row, pages = self._rows_before[document], self._passages.passage_pages
        return bool(pages[row + first] == pages[row + second])

    def passage(self, document: int, first: int, text: str, marks: tuple[Mark, ...], worth: float) -> Passage:
        """What is shown of a document, beginning with passage `first`."""
        row = self._rows_before[document] + first
        return Passage(text, marks, *self._passages.place(int(self._doc_ids[document]), row), worth)
