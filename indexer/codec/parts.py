"""What a segment is put together from: batches of new documents, and what is left of older segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .batch import Batch
from .inversion import InvertedField, Rows
from .passages import PassageColumns
from .postings import FieldPostings
from .ranges import bounds_of, concatenated_ranges

__all__ = ["BatchPart", "FieldPart", "Part", "without_documents"]


class FieldPart(Protocol):
    """One field of a part. `numbers` (integers) are the rows, in `texts`, of the surfaces of the first term, of the
    second …, or of the terms where `surface_counts` (integers[terms]) is 0. Terms are distinct, in any order."""

    @property
    def texts(self) -> Rows: ...
    @property
    def numbers(self) -> NDArray[Any]: ...
    @property
    def surface_counts(self) -> NDArray[Any]: ...
    @property
    def occurrences(self) -> NDArray[Any]:
        """Words of each term, deleted ones too: what memory is planned by."""

    @property
    def has_positions(self) -> bool: ...

    def arrange(self, order: NDArray[np.int64]) -> None:
        """Brings the terms into another order."""

    def postings(self, first: int, last: int) -> FieldPostings:
        """Those of the terms from `first` up to, not including, `last`; documents numbered as the part does."""


class Part(Protocol):
    """Documents numbered from 0 to `count` - 1, none of them deleted."""

    @property
    def count(self) -> int: ...
    @property
    def fields(self) -> Mapping[str, FieldPart]: ...
    @property
    def lengths(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def numbers(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def passages(self) -> PassageColumns: ...
    @property
    def labels(self) -> Sequence[str]: ...

    def blocks(self, dictionary: bytes) -> Iterator[bytes]:
        """The compressed blocks of text, in order, compressed with that dictionary."""

    def headings(self, dictionary: bytes) -> Iterator[bytes]:
        """The compressed headings of each document."""

    def stored(self, dictionary: bytes) -> Iterator[bytes]:
        """The compressed stored values of each document."""


class _BatchField:
    """One inverted field of a batch."""

    def __init__(self, inverted: InvertedField) -> None:
        self.texts = inverted.texts
        self.numbers = inverted.numbers
        self._postings = inverted.postings
        self._bounds: tuple[NDArray[np.uint32], NDArray[np.uint32]] | None = None

    @property
    def surface_counts(self) -> NDArray[Any]:
        return self._postings.surface_counts

    @property
    def occurrences(self) -> NDArray[Any]:
        return self._postings.occurrences

    @property
    def has_positions(self) -> bool:
        return self._postings.positions is not None

    def arrange(self, order: NDArray[np.int64]) -> None:
        former = self._postings
        rows = np.maximum(former.surface_counts, 1)
        self.numbers = self.numbers[concatenated_ranges(bounds_of(rows)[order], rows[order])]
        doc_freqs, occurrences = former.doc_freqs[order], former.occurrences[order]
        places = concatenated_ranges(bounds_of(former.doc_freqs)[order], doc_freqs)
        positions = surfaces = None
        if former.positions is not None and former.surfaces is not None:
            words = concatenated_ranges(bounds_of(former.occurrences)[order], occurrences)
            positions, surfaces = former.positions[words], former.surfaces[words]
        self._postings = FieldPostings(
            doc_freqs, occurrences, former.doc_ids[places], former.term_freqs[places], positions, surfaces,
            former.surface_counts[order],
        )  # fmt: skip
        self._bounds = None

    def postings(self, first: int, last: int) -> FieldPostings:
        every = self._postings
        if self._bounds is None:
            self._bounds = (
                bounds_of(every.doc_freqs).astype(np.uint32), bounds_of(every.occurrences).astype(np.uint32),
            )  # fmt: skip
        of_postings, of_words = (slice(int(bounds[first]), int(bounds[last])) for bounds in self._bounds)
        return FieldPostings(
            every.doc_freqs[first:last],
            every.occurrences[first:last],
            every.doc_ids[of_postings],
            every.term_freqs[of_postings],
            None if every.positions is None else every.positions[of_words],
            None if every.surfaces is None else every.surfaces[of_words],
            every.surface_counts[first:last],
        )


class BatchPart:
    """A batch, whose texts are compressed already."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.count = batch.count
        self.fields = {name: _BatchField(inverted) for name, inverted in batch.fields.items()}
        self.lengths = batch.lengths
        self.numbers = batch.numbers
        self.passages = batch.passages
        self.labels = batch.labels

    def blocks(self, dictionary: bytes) -> Iterator[bytes]:
        return iter(self._batch.blocks)

    def headings(self, dictionary: bytes) -> Iterator[bytes]:
        return iter(self._batch.headings)

    def stored(self, dictionary: bytes) -> Iterator[bytes]:
        return iter(self._batch.stored)


def without_documents(postings: FieldPostings, new_ids: NDArray[np.int64]) -> FieldPostings:
    """The postings of the documents that stay. `new_ids` (int64[documents]) numbers them anew; -1 is one that goes."""
    ids = new_ids[postings.doc_ids]
    stays = ids >= 0
    terms = np.repeat(np.arange(len(postings.doc_freqs)), postings.doc_freqs)
    freqs = postings.term_freqs
    count = len(postings.doc_freqs)
    doc_freqs = np.bincount(terms[stays], minlength=count).astype(np.uint32)
    kept = postings._replace(doc_freqs=doc_freqs, occurrences=doc_freqs, doc_ids=ids[stays], term_freqs=freqs[stays])
    if postings.positions is None or postings.surfaces is None:
        return kept
    words = np.repeat(stays, freqs)
    return kept._replace(
        occurrences=np.bincount(terms[stays], freqs[stays], count).astype(np.uint32),
        positions=postings.positions[words],
        surfaces=postings.surfaces[words],
    )
