"""What a segment is put together from: batches of new documents, and what is left of older segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .batch import Batch
from .inversion import InvertedField
from .passages import PassageColumns
from .postings import FieldPostings
from .ranges import bounds_of

__all__ = ["BatchPart", "FieldPart", "Part", "postings_between", "without_documents"]


class FieldPart(Protocol):
    """One field of a part. Surfaces are those of the first term, of the second …; `surface_counts` (int64[terms])."""

    @property
    def terms(self) -> Sequence[bytes]: ...
    @property
    def surfaces(self) -> Sequence[bytes]: ...
    @property
    def surface_counts(self) -> NDArray[np.int64]: ...
    @property
    def occurrences(self) -> NDArray[Any]:
        """Words of each term, deleted ones too: what memory is planned by."""

    @property
    def has_positions(self) -> bool: ...

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
        self._inverted = inverted
        self._posting_bounds = bounds_of(inverted.postings.doc_freqs)
        self._word_bounds = bounds_of(inverted.postings.occurrences)

    @property
    def terms(self) -> Sequence[bytes]:
        return self._inverted.terms

    @property
    def surfaces(self) -> Sequence[bytes]:
        return self._inverted.surfaces

    @property
    def surface_counts(self) -> NDArray[np.int64]:
        return self._inverted.postings.surface_counts.astype(np.int64)

    @property
    def occurrences(self) -> NDArray[Any]:
        return self._inverted.postings.occurrences

    @property
    def has_positions(self) -> bool:
        return self._inverted.postings.positions is not None

    def postings(self, first: int, last: int) -> FieldPostings:
        return postings_between(self._inverted.postings, first, last, self._posting_bounds, self._word_bounds)


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


def postings_between(
    postings: FieldPostings,
    first: int,
    last: int,
    posting_bounds: NDArray[np.int64],
    word_bounds: NDArray[np.int64],
) -> FieldPostings:
    """Those of the terms from `first` up to, not including, `last`; the bounds are those of its terms."""
    of_postings = slice(int(posting_bounds[first]), int(posting_bounds[last]))
    of_words = slice(int(word_bounds[first]), int(word_bounds[last]))
    return FieldPostings(
        postings.doc_freqs[first:last],
        postings.occurrences[first:last],
        postings.doc_ids[of_postings],
        postings.term_freqs[of_postings],
        None if postings.positions is None else postings.positions[of_words],
        None if postings.surfaces is None else postings.surfaces[of_words],
        postings.surface_counts[first:last],
    )


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
