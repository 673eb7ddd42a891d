"""The text of passages of some documents, out of the blocks that hold it, with where it stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.passages import Passages, Place
from reportsearch.indexer.codec.ranges import bounds_of

from .places import LOWER, UPPER

__all__ = ["OpenPassages"]


class OpenPassages:
    """The passages of some documents (ascending). A document is known by its number among these, a passage by its row
    in the segment."""

    def __init__(self, passages: Passages, doc_ids: NDArray[np.intp]) -> None:
        self._passages = passages
        self._doc_ids: list[int] = doc_ids.tolist()
        views = passages.views
        bounds = views.doc_passages
        self._firsts = [bounds[doc_id] for doc_id in self._doc_ids]
        self._behind = [bounds[doc_id + 1] for doc_id in self._doc_ids]
        self._positions, self._chars = views.passage_positions, views.passage_chars
        self.page_of = views.passage_pages
        """The number of the page of its document that each passage is on, from 0."""
        self._doc_blocks, self._block_passages = views.doc_blocks, views.block_passages
        self._known_blocks: dict[int, list[int]] = {}

    def at(self, place: int) -> int:
        """In which passage a place is: of the document in the upper half, of the word there in the lower one."""
        document = place >> UPPER
        return bisect_right(self._positions, place & LOWER, self._firsts[document], self._behind[document]) - 1

    def at_each(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same of many places."""
        firsts = np.array(self._firsts)
        counts = np.array(self._behind) - firsts
        positions = self._passages.passage_positions
        words = [positions[first:last] for first, last in zip(self._firsts, self._behind, strict=True)]
        begins = np.arange(len(firsts)).repeat(counts) << UPPER | np.concatenate(words)
        rows = begins.searchsorted(places, "right")
        rows += (firsts - bounds_of(counts)[:-1] - 1).take(places >> UPPER)
        return rows

    def begin(self, document: int, passage: int) -> int:
        """The place (see `at`) at which a passage of a document begins."""
        return document << UPPER | self._positions[passage]

    def between(self, places: Sequence[int], document: int, first: int, last: int) -> tuple[int, int]:
        """Which of some places (see `at`; ascending) are in passages from `first` up to and including `last` of a
        document: the first one, and behind the last one."""
        stop = self.begin(document, last + 1) if last + 1 < self._behind[document] else document + 1 << UPPER
        return bisect_left(places, self.begin(document, first)), bisect_left(places, stop)

    def apart(self, document: int, places: Sequence[int], words: int) -> Sequence[int]:
        """Places (see `at`) of one document, moved along so that so many words more are between two pages."""
        pages = self.page_of
        if pages[self._firsts[document]] == pages[self._behind[document] - 1]:
            return places
        return [place + pages[self.at(place)] * words for place in places]

    def pages(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of the pages of their documents that these passages are on, from 0."""
        return self._passages.passage_pages.take(passages).astype(np.int64)

    def text(self, document: int, first: int, last: int) -> str:
        """The text of passages of a document from `first` up to and including `last`."""
        doc_id, begin = self._doc_ids[document], self._firsts[document]
        block = self._doc_blocks[doc_id]
        if self._doc_blocks[doc_id + 1] - block > 1:
            block, begin = self._block_of(document, first)
        text = self._passages.block(block)
        chars = self._chars
        start = sum(chars[begin:first]) if begin < first else 0
        end = start + (chars[first] if first == last else sum(chars[first : last + 1]))
        while len(text) < end:
            block += 1
            text += self._passages.block(block)
        return text[start:end]

    def _block_of(self, document: int, passage: int) -> tuple[int, int]:
        """The block of a document that holds a passage, and the passage that the block begins with."""
        doc_id = self._doc_ids[document]
        first, behind = self._doc_blocks[doc_id], self._doc_blocks[doc_id + 1]
        bounds = self._known_blocks.get(document)
        if bounds is None:
            counts = self._block_passages[first:behind].tolist()
            bounds = self._known_blocks[document] = list(accumulate(counts, initial=self._firsts[document]))
        number = bisect_right(bounds, passage) - 1
        return first + number, bounds[number]

    def is_one_page(self, document: int, first: int, second: int) -> bool:
        """Whether both are passages of one page of this document."""
        if first < self._firsts[document] or second >= self._behind[document]:
            return False
        return bool(self.page_of[first] == self.page_of[second])

    def place(self, document: int, passage: int) -> Place:
        """Where a passage of a document stands."""
        return self._passages.place(self._doc_ids[document], passage)
