"""The text of passages of some documents, out of the blocks that hold it, with where it stands."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.passages import Passages
from reportsearch.indexer.codec.ranges import bounds_of

from ..engine import Mark, Passage

__all__ = ["LOWER", "UPPER", "OpenPassages"]

UPPER, LOWER = 32, 0xFFFFFFFF
"""Two numbers as one: shifted by UPPER it is the upper one, masked by LOWER the lower."""


class OpenPassages:
    """The passages of some documents (ascending), numbered through them from 0.

    `begins` (int64[n]) says with which word each passage begins: its upper half is the number of the document among
    these, its lower half that of the word there.
    """

    def __init__(self, passages: Passages, doc_ids: NDArray[np.intp]) -> None:
        self._passages = passages
        self._doc_ids: list[int] = doc_ids.tolist()
        firsts, behind = passages.doc_passages[doc_ids], passages.doc_passages[doc_ids + 1]
        counts = behind - firsts
        bounds = bounds_of(counts)
        self._bounds: list[int] = bounds.tolist()
        self._first_rows = firsts - bounds[:-1]
        self._rows_before: list[int] = self._first_rows.tolist()
        positions = passages.passage_positions
        rows = zip(firsts.tolist(), behind.tolist(), strict=True)
        words = np.concatenate([positions[first:last] for first, last in rows])
        self.begins = np.arange(len(doc_ids)).repeat(counts) << UPPER | words
        # one number of each is read faster without NumPy
        self._pages, self._chars = passages.passage_pages.data, passages.passage_chars.data
        self._doc_blocks, self._block_passages = passages.doc_blocks.data, passages.block_passages.data
        self._begins: memoryview = self.begins.data
        self._known_blocks: dict[int, tuple[int, list[int]]] = {}

    def first_word(self, passage: int) -> int:
        """The words of its document before a passage."""
        return self._begins[passage] & LOWER

    def between(self, places: NDArray[np.int64], first: int, last: int) -> tuple[int, int]:
        """Which of some places (see `begins`; ascending) are in passages from `first` up to and including `last` of a
        document: the first one, and behind the last one."""
        begins = self._begins
        begin = int(places.searchsorted(begins[first]))
        return begin, int(places.searchsorted(begins[last + 1])) if last + 1 < len(begins) else len(places)

    def pages(self, documents: NDArray[np.int64], passages: NDArray[np.intp]) -> NDArray[np.int64]:
        """The numbers of the pages of their documents that these passages are on, from 0."""
        return self._passages.passage_pages[passages + self._first_rows[documents]].astype(np.int64)

    def text(self, document: int, first: int, last: int) -> str:
        """The text of passages of a document from `first` up to and including `last`."""
        first_block, bounds = self._blocks(document)
        block = bisect_right(bounds, first) - 1
        row = self._rows_before[document]
        chars: list[int] = self._chars[row + bounds[block] : row + last + 1].tolist()
        before = chars[: first - bounds[block]]
        text = self._passages.block(first_block + block)
        while bounds[block + 1] <= last:
            block += 1
            text += self._passages.block(first_block + block)
        return text[sum(before) : sum(chars)]

    def _blocks(self, document: int) -> tuple[int, list[int]]:
        """The first block of a document, and the passages with which its blocks begin and the last one ends."""
        found = self._known_blocks.get(document)
        if found is None:
            doc_id = self._doc_ids[document]
            first, behind = self._doc_blocks[doc_id], self._doc_blocks[doc_id + 1]
            counts = self._block_passages[first:behind].tolist()
            found = first, list(accumulate(counts, initial=self._bounds[document]))
            self._known_blocks[document] = found
        return found

    def is_one_page(self, document: int, first: int, second: int) -> bool:
        """Whether both are passages of one page of this document, by its number among these."""
        if first < self._bounds[document] or second >= self._bounds[document + 1]:
            return False
        row = self._rows_before[document]
        return bool(self._pages[row + first] == self._pages[row + second])

    def passage(self, document: int, first: int, text: str, marks: tuple[Mark, ...], worth: float) -> Passage:
        """What is shown of a document, beginning with passage `first`."""
        place = self._passages.place(self._doc_ids[document], self._rows_before[document] + first)
        return Passage(text, marks, *place, worth)
