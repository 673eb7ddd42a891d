"""Postings as Whoosh's matchers: one posting at a time, in blocks of which the best possible score is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Format, Frequency
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.system import pack_uint

from .foreign import ForeignPostings
from .postings import Posting
from .ranges import bounds_of

__all__ = ["ForeignMatcher", "PostingMatcher"]

BLOCK = 128
"""Postings in a block, as in Whoosh's own codec."""


class _ArrayMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh is untyped
    """Over arrays of document numbers and weights."""

    def __init__(
        self,
        doc_ids: NDArray[Any],
        weights: NDArray[Any],
        lengths: NDArray[Any] | None,
        format_: Format,
        term: tuple[str, bytes],
        scorer: Any,
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._array = doc_ids
        self._ids: list[int] = doc_ids.tolist()
        self._weights: list[float] = weights.astype(np.float64).tolist()
        self._lengths = None if lengths is None else lengths[doc_ids]
        self._block_weights: list[float] = []
        self._block_lengths: list[int] = []
        self._i = 0

    def reset(self) -> None:
        self._i = 0

    def is_active(self) -> bool:
        return self._i < len(self._ids)

    def id(self) -> int:
        return self._ids[self._i]

    def weight(self) -> float:
        return self._weights[self._i]

    def next(self) -> bool:
        if self._i >= len(self._ids):
            raise ReadTooFar
        self._i += 1
        return self._i % BLOCK == 0

    def all_ids(self) -> Any:
        return iter(self._ids[self._i :])

    def skip_to(self, targetid: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        if targetid > self._ids[self._i]:
            self._i = int(np.searchsorted(self._array, targetid))

    # Block quality

    def _prepare_blocks(self) -> None:
        starts = np.arange(0, len(self._ids), BLOCK)
        weights = np.array(self._weights)
        self._block_weights = np.maximum.reduceat(weights, starts).tolist()
        self._block_lengths = (
            [0] * len(starts) if self._lengths is None else np.minimum.reduceat(self._lengths, starts).tolist()
        )

    def block_max_weight(self) -> float:
        if not self._block_weights:
            self._prepare_blocks()
        return self._block_weights[self._i // BLOCK]

    def block_min_length(self) -> int:
        if not self._block_weights:
            self._prepare_blocks()
        return self._block_lengths[self._i // BLOCK]

    def block_max_length(self) -> int:
        block = slice(self._i // BLOCK * BLOCK, (self._i // BLOCK + 1) * BLOCK)
        return 0 if self._lengths is None else int(self._lengths[block].max())

    def block_min_id(self) -> int:
        return self._ids[self._i // BLOCK * BLOCK]

    def block_max_id(self) -> int:
        return self._ids[min((self._i // BLOCK + 1) * BLOCK, len(self._ids)) - 1]

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._i = min((self._i // BLOCK + 1) * BLOCK, len(self._ids))
            skipped += 1
        return skipped


class PostingMatcher(_ArrayMatcher):
    """Our own postings; a value is decoded to positions without having been encoded."""

    def __init__(
        self,
        posting: Posting,
        lengths: NDArray[Any] | None,
        format_: Format,
        term: tuple[str, bytes],
        scorer: Any,
    ) -> None:
        freqs = np.ones(len(posting.doc_ids)) if posting.term_freqs is None else posting.term_freqs
        super().__init__(posting.doc_ids, freqs, lengths, format_, term, scorer)
        self._posting = posting
        self._bounds = bounds_of(freqs)

    def _positions(self) -> list[int]:
        words = np.arange(self._bounds[self._i], self._bounds[self._i + 1])
        found: list[int] = self._posting.positions_at(words).tolist()
        return found

    def value(self) -> bytes:
        if self._posting.low_positions is not None:
            encoded: bytes = self.format.encode(self._positions())
            return encoded
        return pack_uint(int(self.weight())) if isinstance(self.format, Frequency) else b""

    def value_as(self, astype: str) -> Any:
        match astype:
            case "positions" if self._posting.low_positions is not None:
                return self._positions()
            case "frequency":
                return int(self.weight())
            case "weight":
                return self.weight()
        return super().value_as(astype)


class ForeignMatcher(_ArrayMatcher):
    """Postings of a foreign format."""

    def __init__(
        self,
        postings: ForeignPostings,
        lengths: NDArray[Any] | None,
        format_: Format,
        term: tuple[str, bytes],
        scorer: Any,
    ) -> None:
        super().__init__(postings.doc_ids, postings.weights, lengths, format_, term, scorer)
        self._postings = postings

    def value(self) -> bytes:
        return self._postings.value(self._i)
