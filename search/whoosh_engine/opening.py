"""The text of passages of some documents, out of the blocks that hold it, with where it stands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.passages import Passages
from reportsearch.indexer.codec.ranges import bounds_of

from ..engine import Mark, Passage

__all__ = ["OpenPassages"]


class OpenPassages:
    """The passages of some documents (ascending), numbered through them from 0.

    `bounds` (int64[documents + 1]) says where those of each document begin, and `words` (unsigned[n]) counts the words
    of its document before each.
    """

    def __init__(self, passages: Passages, doc_ids: NDArray[np.intp]) -> None:
        self._passages = passages
        self._doc_ids = doc_ids
        firsts, behind = passages.doc_passages[doc_ids], passages.doc_passages[doc_ids + 1]
        self.bounds = bounds_of(behind - firsts)
        self._first_rows = firsts.astype(np.int64) - self.bounds[:-1]
        positions = passages.passage_positions
        self.words = np.concatenate(
            [positions[slice(*each)] for each in zip(firsts.tolist(), behind.tolist(), strict=True)]
        )
        first_blocks = passages.doc_blocks[doc_ids].tolist()
        counts = passages.block_passages
        ends = passages.doc_blocks[doc_ids + 1].tolist()
        in_blocks = [counts[slice(*each)] for each in zip(first_blocks, ends, strict=True)]
        self._block_bounds = bounds_of(np.concatenate(in_blocks))
        blocks_before = bounds_of(np.array(ends) - first_blocks)[:-1]
        self._first_blocks: list[int] = (np.array(first_blocks) - blocks_before).tolist()

    def pages(self, documents: NDArray[np.int64], passages: NDArray[np.intp]) -> NDArray[np.int64]:
        """The rows of the pages that these passages of these documents are on."""
        rows = passages + self._first_rows[documents]
        first_pages = self._passages.doc_pages[self._doc_ids].astype(np.int64)
        return first_pages[documents] + self._passages.passage_pages[rows]

    def text(self, document: int, first: int, last: int) -> str:
        """The text of passages of a document from `first` up to and including `last`."""
        block = int(self._block_bounds.searchsorted(first, "right")) - 1
        begin, end = self._block_bounds[block : block + 2].tolist()
        number = block + self._first_blocks[document]
        text = self._passages.block(number)
        while end <= last:
            block, number = block + 1, number + 1
            text += self._passages.block(number)
            end = int(self._block_bounds[block + 1])
        row = int(self._first_rows[document])
        chars: list[int] = self._passages.passage_chars[row + begin : row + last + 1].tolist()
        start = sum(chars[: first - begin])
        return text[start : start + sum(chars[first - begin :])]

    def is_one_page(self, document: int, first: int, second: int) -> bool:
        """Whether both are passages of one page of this document, by its number among these."""
        if first < self.bounds[document] or second >= self.bounds[document + 1]:
            return False
        row, pages = self._first_rows[document], self._passages.passage_pages
        return bool(pages[row + first] == pages[row + second])

    def passage(self, document: int, first: int, text: str, marks: tuple[Mark, ...], worth: float) -> Passage:
        """What is shown of a document, beginning with passage `first`."""
        passages, doc_id, row = self._passages, int(self._doc_ids[document]), int(self._first_rows[document]) + first
        page = int(passages.doc_pages[doc_id]) + int(passages.passage_pages[row])
        above = int(passages.passage_headings[row])
        return Passage(
            text,
            marks,
            int(passages.page_numbers[page]) or None,
            passages.label(page),
            int(passages.page_files[page]),
            passages.headings(doc_id)[above - 1] if above else "",
            worth,
        )
