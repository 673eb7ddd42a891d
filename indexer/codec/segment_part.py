"""What is left of a segment, as a part of a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from .compression import Compressor, Decompressor
from .inversion import Values
from .lexicon import Lexicon
from .parts import without_documents
from .passages import PassageColumns
from .postings import FieldPostings
from .segment_reader import SegmentReader

__all__ = ["SegmentPart"]

_BLOBS_AT_A_TIME = 1000


class _SegmentField:
    """One field of what is left of a segment."""

    def __init__(self, lexicon: Lexicon, new_ids: NDArray[np.int64] | None) -> None:
        self._lexicon = lexicon
        self._new_ids = new_ids
        terms = list(lexicon.terms())
        surfaces, self.surface_counts = lexicon.all_surfaces()
        self.texts = Values(_rows(terms, surfaces, self.surface_counts) if lexicon.has_positions else terms)
        self.numbers = np.arange(len(self.texts))
        self.occurrences = lexicon.occurrences
        self.has_positions = lexicon.has_positions

    def arrange(self, order: NDArray[np.int64]) -> None:
        raise NotImplementedError("terms of a segment are in order")

    def postings(self, first: int, last: int) -> FieldPostings:
        found = self._lexicon.postings(first, last, self.surface_counts[first:last])
        return found if self._new_ids is None else without_documents(found, self._new_ids)


def _rows(terms: Sequence[bytes], surfaces: Sequence[bytes], counts: NDArray[np.int64]) -> Iterator[bytes]:
    """Each surface behind its term and a zero byte."""
    of_surface = np.repeat(np.array(terms, object), counts).tolist()
    return (b"%b\0%b" % pair for pair in zip(of_surface, surfaces, strict=True))


class SegmentPart:
    """What is left of a segment, for a new one; `deleted` (bool[documents]) stays behind."""

    def __init__(self, reader: SegmentReader, deleted: NDArray[np.bool_]) -> None:
        self._reader = reader
        self._stays = ~deleted
        self.count = int(self._stays.sum())
        new_ids = np.where(self._stays, np.cumsum(self._stays) - 1, -1) if deleted.any() else None
        self._all = new_ids is None
        lexicons = {field: reader.lexicon(field) for field in reader.fields()}
        self.fields = {name: _SegmentField(lexicon, new_ids) for name, lexicon in lexicons.items() if lexicon}
        prefixes = ("lengths:", "numbers:")
        columns = {
            name: reader.documents.array(name)[self._stays]
            for name in reader.documents.sections
            if name.startswith(prefixes)
        }
        self.lengths, self.numbers = (
            {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}
            for prefix in prefixes
        )

    @property
    def passages(self) -> PassageColumns:
        passages = self._reader.passages
        rows = {name: np.diff(getattr(passages, name)) for name in ("doc_pages", "doc_passages", "doc_blocks")}
        stays = {"doc": self._stays} | {
            row: np.repeat(self._stays, rows[f"doc_{row}s"]) for row in ("page", "passage", "block")
        }
        columns = {}
        for name in PassageColumns.__dataclass_fields__:
            values = rows[name] if name in rows else getattr(passages, name)
            columns[name] = values[stays[name.partition("_")[0]]].astype(np.uint32)
        return PassageColumns(**columns)

    @property
    def labels(self) -> list[str]:
        passages = self._reader.passages
        pages = np.repeat(self._stays, np.diff(passages.doc_pages))
        return [passages.label(page) for page in np.flatnonzero(pages).tolist()]

    def blocks(self, dictionary: bytes) -> Iterator[bytes]:
        stays = np.repeat(self._stays, np.diff(self._reader.passages.doc_blocks))
        return self._recompressed("text", "block_bounds", "dictionary:text", stays, dictionary)

    def headings(self, dictionary: bytes) -> Iterator[bytes]:
        return self._recompressed("headings", "heading_bounds", "dictionary:text", self._stays, dictionary)

    def stored(self, dictionary: bytes) -> Iterator[bytes]:
        return self._recompressed("stored", "stored_bounds", "dictionary:stored", self._stays, dictionary)

    def _recompressed(
        self, name: str, bounds_name: str, own_name: str, stays: NDArray[np.bool_], dictionary: bytes
    ) -> Iterator[bytes]:
        """The blobs that stay, compressed with that dictionary; as they are where it is the segment's own."""
        data, bounds = self._reader.documents.bytes(name), self._reader.documents.array(bounds_name).tolist()
        own = bytes(self._reader.documents.bytes(own_name))
        chosen = np.flatnonzero(stays).tolist()
        blobs = (bytes(data[bounds[number] : bounds[number + 1]]) for number in chosen)
        if own == dictionary:
            yield from blobs
            return
        decompressor, compressor = Decompressor(own), Compressor(dictionary)
        texts = map(decompressor.decompress, blobs)
        while some := list(islice(texts, _BLOBS_AT_A_TIME)):
            yield from compressor.compress(some)
