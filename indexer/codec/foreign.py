"""Postings in a format that is not ours: what Whoosh's own writer hands over, kept as it comes.

A run of such a term (shape bit 9, see `postings`) is

    doc_ids        df × 1, 2 or 4 bytes (shape bits 0–1), padded to 4
    weights        df × float32
    value_bounds   (df + 1) × uint32
    values         bytes, padded to 4

`values` are what the field's format made of positions, characters or boosts: opaque here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lexicon import Lexicon
from .postings import FOREIGN, POSTING_UNIT
from .ranges import bounds_of

__all__ = ["ForeignPostings", "encode_foreign", "foreign_postings", "is_foreign"]


@dataclass(frozen=True, slots=True)
class ForeignPostings:
    """`doc_ids` (unsigned[df]), `weights` (float32[df]); the value of posting i is
    `values[value_bounds[i]:value_bounds[i + 1]]`."""

    doc_ids: NDArray[Any]
    weights: NDArray[np.float32]
    value_bounds: NDArray[np.uint32]
    values: memoryview

    def value(self, number: int) -> bytes:
        return bytes(self.values[int(self.value_bounds[number]) : int(self.value_bounds[number + 1])])


def is_foreign(lexicon: Lexicon, number: int) -> bool:
    """Whether a term's postings are of this kind."""
    return bool(int(lexicon.shapes[number]) & FOREIGN)


def encode_foreign(doc_ids: Sequence[int], weights: Sequence[float], values: Sequence[bytes]) -> tuple[bytes, int]:
    """The run of bytes of one term, and its shape."""
    ids = np.array(doc_ids, np.uint32)
    code = int(ids[-1] >= 1 << 8) + int(ids[-1] >= 1 << 16) if len(ids) else 0
    bounds = bounds_of(np.fromiter(map(len, values), np.int64, len(values))).astype(np.uint32)
    parts = (
        ids.astype((np.uint8, np.uint16, np.uint32)[code]).tobytes(),
        np.array(weights, np.float32).tobytes(),
        bounds.tobytes(),
        b"".join(values),
    )
    return b"".join(part + bytes(-len(part) % POSTING_UNIT) for part in parts), FOREIGN | code


def foreign_postings(lexicon: Lexicon, number: int) -> ForeignPostings:
    """The postings of one term."""
    data, at = lexicon.run(number)
    count, size = int(lexicon.doc_freqs[number]), 1 << (int(lexicon.shapes[number]) & 3)
    doc_ids = data[at : at + count * size].view((np.uint8, np.uint16, np.uint32)[size >> 1])
    at += (count * size + POSTING_UNIT - 1) // POSTING_UNIT * POSTING_UNIT
    weights = data[at : at + 4 * count].view(np.float32)
    at += 4 * count
    bounds = data[at : at + 4 * (count + 1)].view(np.uint32)
    at += 4 * (count + 1)
    return ForeignPostings(doc_ids, weights, bounds, data[at : at + int(bounds[-1])].data)
