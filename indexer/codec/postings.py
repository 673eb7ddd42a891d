"""Postings: in which documents each term of a field occurs, how often, where, and in which surface.

In memory a field's postings are five flat arrays (`FieldPostings`). On disk each term has a run of bytes of its own, so
that reading one term touches one place:

    ┌──────────────┬──────────────┬────────────────┬──────────────┬─────────────────┐
    │ doc_ids      │ term_freqs   │ positions      │ surfaces     │ rises (if any)  │   each padded to a multiple
    │ df × 1, 2, 4 │ df × 0…4     │ cf × 0, 1, 2, 4│ cf × 0…16 bit│ n, n × u32, u32 │   of 4 bytes
    └──────────────┴──────────────┴────────────────┴──────────────┴─────────────────┘

Widths are chosen for each term and stand in its `shape` (uint16):

    bits 0–1   bytes of a doc_id:     0 → 1, 1 → 2, 2 → 4
    bits 2–3   bytes of a term_freq:  0 → all are 1, none is stored; else 2^(n-1)
    bits 4–5   bytes of a position:   0 → none is stored; else 2^(n-1)
    bits 6–8   bits of a surface:     0 → the term has one surface; else 2^(n-1)
    bit  9     a foreign format: float32 weights and opaque values take the place of all but doc_ids (see `foreign`)
    bit  10    rises follow

A document of more than 65,536 words would double the positions of every term that it has. So its positions keep their
lower 16 bits, and a term's *rises* say of which of its words the upper half is one more: n, n first words and n words
behind the last, counted from the term's first word. Rises overlap where the upper half is more than 1.

A term in documents 3 (at words 5 and 9) and 700 (at word 260), in surfaces 0, 1, 0, has shape
1 | 1<<2 | 2<<4 | 1<<6 = 0x65 and the bytes

    03 00 bc 02   02 01 00 00   05 00 09 00 04 01 00 00   02 00 00 00
    doc_ids       term_freqs    positions                 surfaces, lowest bit first

`positions` are word numbers within the field of a document, ascending; `surfaces` number the words that the term stands
for, in the order of the lexicon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ranges import bounds_of, concatenated_ranges, max_of_each, within
from .rises import Rises, rises_of

__all__ = ["FOREIGN", "POSTING_UNIT", "Encoded", "FieldPostings", "Posting", "decode", "documents_at", "encode"]

POSTING_UNIT = 4
"""Bytes; runs begin at multiples of it, and are addressed in it."""

FOREIGN = 1 << 9
_RISING = 1 << 10
Buffer = memoryview | NDArray[np.uint8]
_UINTS: tuple[Any, ...] = (np.uint8, np.uint16, np.uint32)


class FieldPostings(NamedTuple):
    """The postings of consecutive terms of one field.

    `doc_freqs` and `occurrences` (uint32[terms]) count postings and words of each term; `doc_ids` and `term_freqs`
    (unsigned[postings]) go term by term, ascending within one; `positions` and `surfaces` (unsigned[words]) posting by
    posting. `surface_counts` (uint32[terms]) is how many surfaces each has. A field without positions has neither of
    them, and `occurrences` are its `doc_freqs`.
    """

    doc_freqs: NDArray[np.uint32]
    occurrences: NDArray[np.uint32]
    doc_ids: NDArray[Any]
    term_freqs: NDArray[Any]
    positions: NDArray[Any] | None
    surfaces: NDArray[Any] | None
    surface_counts: NDArray[np.uint32]


class Encoded(NamedTuple):
    """Runs of bytes of consecutive terms; `sizes` in POSTING_UNIT, `shapes` uint16[terms]."""

    data: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    shapes: NDArray[np.uint16]


class Posting:
    """One term's postings, over the file itself; see `FieldPostings`. `data` are the bytes of a file, of which the
    term's run begins at `at`.

    `term_freqs` is None where all are 1. `low_positions` lack what `rises` add. `surface_bits` is the width of the
    numbers in `packed_surfaces`; 0 where the term has one surface. What many searches do not need is looked for when it
    is asked for.
    """

    __slots__ = (
        "_at",
        "_data",
        "_low_positions",
        "_packed_surfaces",
        "_rises",
        "_shape",
        "doc_ids",
        "occurrences",
        "term_freqs",
    )

    def __init__(self, data: memoryview, at: int, shape: int, doc_freq: int, occurrences: int) -> None:
        width = 1 << (shape & 3)
        self.doc_ids = _view(data, at, doc_freq, width)
        at += _padded_one(doc_freq * width)
        width = _power_one(shape >> 2 & 3)
        self.term_freqs = _view(data, at, doc_freq, width) if width else None
        self._at = at + _padded_one(doc_freq * width)
        self._data, self._shape, self.occurrences = data, shape, occurrences
        self._low_positions: NDArray[Any] | None = None
        self._packed_surfaces: NDArray[np.uint8] | None = None
        self._rises: Rises | None = None

    @property
    def low_positions(self) -> NDArray[Any] | None:
        if self._low_positions is None and (width := self._position_bytes):
            self._low_positions = _view(self._data, self._at, self.occurrences, width)
        return self._low_positions

    @property
    def surface_bits(self) -> int:
        return _power_one(self._shape >> 6 & 7)

    @property
    def packed_surfaces(self) -> NDArray[np.uint8]:
        if self._packed_surfaces is None:
            self._packed_surfaces = _view(self._data, self._surfaces_at, self._surface_bytes, 1)
        return self._packed_surfaces

    @property
    def rises(self) -> Rises | None:
        if self._rises is None and self._shape & _RISING:
            self._rises = _rises(self._data, self._surfaces_at + _padded_one(self._surface_bytes))
        return self._rises

    @property
    def _position_bytes(self) -> int:
        return _power_one(self._shape >> 4 & 3)

    @property
    def _surfaces_at(self) -> int:
        return self._at + _padded_one(self.occurrences * self._position_bytes)

    @property
    def _surface_bytes(self) -> int:
        return (self.occurrences * self.surface_bits + 7) // 8

    def surfaces(self) -> NDArray[Any]:
        """The surface of each word, of a term that has several."""
        bits = self.surface_bits
        if bits >= 8:
            return self.packed_surfaces.view(_UINTS[bits >> 4])
        return _UNPACKED[bits][self.packed_surfaces].view(np.uint8)[: self.occurrences]

    def surfaces_at(self, words: NDArray[Any]) -> NDArray[Any]:
        """The surfaces of some words, counted from the term's first one."""
        bits = self.surface_bits
        if bits >= 8:
            return np.asarray(self.packed_surfaces.view(_UINTS[bits >> 4])[words])
        places = words * bits
        return np.asarray(self.packed_surfaces[places >> 3] >> (places & 7) & ((1 << bits) - 1))

    def few_surfaces_at(self, words: Sequence[int]) -> list[int]:
        """The same of a few words, faster."""
        bits, data = self.surface_bits, self.packed_surfaces.data
        if bits > 8:
            return [data[2 * word] | data[2 * word + 1] << 8 for word in words]
        return [data[word * bits >> 3] >> (word * bits & 7) & ((1 << bits) - 1) for word in words]

    def positions(self) -> NDArray[Any] | None:
        """The position of each word."""
        if self.low_positions is None or self.rises is None:
            return self.low_positions
        return self.positions_in_order(np.arange(len(self.low_positions)))

    def positions_at(self, words: NDArray[Any]) -> NDArray[np.uint32]:
        """The positions of some words, counted from the term's first one."""
        assert self.low_positions is not None
        low = self.low_positions[words].astype(np.uint32)
        return low if self.rises is None else np.asarray(low + self.rises.at(words))

    def positions_in_order(self, words: NDArray[Any]) -> NDArray[Any]:
        """The same for many ascending words, faster, in the narrowest type that holds them."""
        assert self.low_positions is not None
        low = self.low_positions[words]
        return low if self.rises is None else np.asarray(low + self.rises.at_ascending(words))


class _Layout(NamedTuple):
    """Widths and places of the parts of each term's run, all int64[terms]."""

    doc_bytes: NDArray[np.int64]
    freq_bytes: NDArray[np.int64]
    position_bytes: NDArray[np.int64]
    surface_bits: NDArray[np.int64]
    freqs_at: NDArray[np.int64]
    positions_at: NDArray[np.int64]
    surfaces_at: NDArray[np.int64]
    size: NDArray[np.int64]
    """Without rises."""

    @classmethod
    def of(cls, shapes: NDArray[Any], doc_freqs: NDArray[Any], occurrences: NDArray[Any]) -> _Layout:
        """`*_at` and `size` are in bytes, from the beginning of the run."""
        shapes, df, cf = shapes.astype(np.int64), doc_freqs.astype(np.int64), occurrences.astype(np.int64)
        doc_bytes = 1 << (shapes & 3)
        freq_bytes, position_bytes = _power(shapes >> 2 & 3), _power(shapes >> 4 & 3)
        surface_bits = _power(shapes >> 6 & 7)
        freqs_at = _padded(df * doc_bytes)
        positions_at = freqs_at + _padded(df * freq_bytes)
        surfaces_at = positions_at + _padded(cf * position_bytes)
        size = surfaces_at + _padded((cf * surface_bits + 7) // 8)
        return cls(doc_bytes, freq_bytes, position_bytes, surface_bits, freqs_at, positions_at, surfaces_at, size)


def _power(code: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for 0, 2^(code - 1) for all others."""
    return np.where(code == 0, 0, 1 << np.maximum(code - 1, 0))


def _padded(length: NDArray[np.int64]) -> NDArray[np.int64]:
    return (length + POSTING_UNIT - 1) // POSTING_UNIT * POSTING_UNIT


def _bytes_code(largest: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1 or 2 where 1, 2 or 4 bytes hold a number."""
    return (largest >= 1 << 8).astype(np.int64) + (largest >= 1 << 16)


def encode(postings: FieldPostings) -> Encoded:
    """The runs of bytes of these terms."""
    df, cf = postings.doc_freqs, postings.occurrences
    most = max_of_each(postings.term_freqs, df)
    codes = _bytes_code(max_of_each(postings.doc_ids, df))
    codes |= np.where(most > 1, _bytes_code(most) + 1, 0) << 2
    rises, rise_counts = None, np.zeros(len(df), np.int64)
    if postings.positions is not None:
        position_codes = _bytes_code(max_of_each(postings.positions, cf)) + 1
        rises, rise_counts = rises_of(postings.positions, cf, position_codes == _WIDEST)
        position_codes[rise_counts > 0] -= 1
        codes |= position_codes << 4
        counts = postings.surface_counts.astype(np.int64)
        codes |= sum(counts > limit for limit in (1, 2, 4, 16, 256)).astype(np.int64) << 6  # type: ignore[union-attr]
        codes |= np.where(rise_counts > 0, _RISING, 0)
    layout = _Layout.of(codes, df, cf)
    sizes = layout.size + np.where(rise_counts > 0, POSTING_UNIT * (1 + 2 * rise_counts), 0)
    starts = bounds_of(sizes)
    data = np.zeros(int(starts[-1]), np.uint8)
    at = starts[:-1]
    _scatter(data, at, df, layout.doc_bytes, postings.doc_ids)
    _scatter(data, at + layout.freqs_at, df, layout.freq_bytes, postings.term_freqs)
    if postings.positions is not None and postings.surfaces is not None:
        _scatter(data, at + layout.positions_at, cf, layout.position_bytes, postings.positions)
        _scatter_bits(data, at + layout.surfaces_at, cf, layout.surface_bits, postings.surfaces)
    if rises is not None:
        _scatter_rises(data.view(np.uint32), (at + layout.size) // POSTING_UNIT, rise_counts, rises)
    return Encoded(data, sizes // POSTING_UNIT, codes.astype(np.uint16))


_WIDEST = 3  # the code of positions of four bytes


def _scatter_rises(data: NDArray[np.uint32], at: NDArray[np.int64], counts: NDArray[np.int64], rises: Rises) -> None:
    rising = counts > 0
    data[at[rising]] = counts[rising]
    data[concatenated_ranges(at + 1, counts)] = rises.firsts
    data[concatenated_ranges(at + 1 + counts, counts)] = rises.lasts


def _scatter(
    data: NDArray[np.uint8], at: NDArray[np.int64], counts: NDArray[Any], width: NDArray[np.int64], values: NDArray[Any]
) -> None:
    """Writes `counts[i]` of the values as numbers of `width[i]` bytes from `at[i]` on; none where the width is 0."""
    for dtype in _UINTS:
        size = np.dtype(dtype).itemsize
        of_size = width == size
        if not of_size.any():
            continue
        places = concatenated_ranges(at[of_size] // size, counts[of_size])
        chosen = values if of_size.all() else values[np.repeat(of_size, counts)]
        data.view(dtype)[places] = chosen.astype(dtype, copy=False)  # of what rises only the lower half


def _scatter_bits(
    data: NDArray[np.uint8], at: NDArray[np.int64], counts: NDArray[Any], bits: NDArray[np.int64], values: NDArray[Any]
) -> None:
    """As `_scatter`, for numbers of 1, 2, 4, 8 or 16 bits."""
    for size in (1, 2, 4):
        of_size = np.flatnonzero(bits == size)
        if not len(of_size):
            continue
        in_byte = 8 // size
        bytes_of_each = (counts[of_size].astype(np.int64) + in_byte - 1) // in_byte
        slots = np.zeros(int(bytes_of_each.sum()) * in_byte, np.uint8)
        starts = bounds_of(bytes_of_each)[:-1] * in_byte
        slots[concatenated_ranges(starts, counts[of_size])] = values[np.repeat(bits == size, counts)]
        packed = (slots.reshape(-1, in_byte) << _shifts(size)).sum(axis=1, dtype=np.uint8)
        data[concatenated_ranges(at[of_size], bytes_of_each)] = packed
    _scatter(data, at, counts, np.where(bits >= 8, bits // 8, 0), values)


def _shifts(bits: int) -> NDArray[np.uint8]:
    return np.arange(0, 8, bits, dtype=np.uint8)


def _unpacked(bits: int) -> NDArray[Any]:
    """For each byte the numbers of so many bits that it holds, a byte each, together as one number."""
    numbers = np.arange(256, dtype=np.uint8)[:, None] >> _shifts(bits) & ((1 << bits) - 1)
    return np.ascontiguousarray(numbers).view(f"u{8 // bits}").ravel()


_UNPACKED = {bits: _unpacked(bits) for bits in (1, 2, 4)}


def decode(data: NDArray[np.uint8], at: NDArray[np.int64], shapes: NDArray[Any], doc_freqs: NDArray[Any],
           occurrences: NDArray[Any], surface_counts: NDArray[Any]) -> FieldPostings:  # fmt: skip
    """The postings of some terms, whose runs begin at the bytes `at` of the data."""
    layout = _Layout.of(shapes, doc_freqs, occurrences)
    doc_ids = _gather(data, at, doc_freqs, layout.doc_bytes, np.uint32(0))
    term_freqs = _gather(data, at + layout.freqs_at, doc_freqs, layout.freq_bytes, np.uint32(1))
    positions = surfaces = None
    if layout.position_bytes.any():
        positions = _gather(data, at + layout.positions_at, occurrences, layout.position_bytes, np.uint32(0))
        surfaces = _gather_bits(data, at + layout.surfaces_at, occurrences, layout.surface_bits)
        firsts = bounds_of(occurrences)
        for term in np.flatnonzero(shapes & _RISING).tolist():
            rises = _rises(data, int(at[term] + layout.size[term]))
            rises.add_to(positions[firsts[term] : firsts[term + 1]])
    return FieldPostings(
        doc_freqs.astype(np.uint32), occurrences.astype(np.uint32), doc_ids, term_freqs, positions, surfaces,
        surface_counts.astype(np.uint32),
    )  # fmt: skip


def decode_documents(
    data: NDArray[np.uint8], at: NDArray[np.int64], shapes: NDArray[Any], doc_freqs: NDArray[Any]
) -> NDArray[np.uint32]:
    """The documents of some terms, one term after the other; see `decode`."""
    return _gather(data, at, doc_freqs, 1 << (shapes.astype(np.int64) & 3), np.uint32(0))


def documents_at(data: Buffer, at: int, shape: int, doc_freq: int) -> NDArray[Any]:
    """The documents of a term whose run begins at byte `at`."""
    return _view(data, at, doc_freq, 1 << (shape & 3))


def _rises(data: Buffer, at: int) -> Rises:
    count = int(_view(data, at, 1, POSTING_UNIT)[0])
    both = _view(data, at + POSTING_UNIT, 2 * count, POSTING_UNIT)
    return Rises(both[:count], both[count:])


def _gather(
    data: NDArray[np.uint8], at: NDArray[np.int64], counts: NDArray[Any], width: NDArray[np.int64], absent: np.uint32
) -> NDArray[np.uint32]:
    """The inverse of `_scatter`; `absent` where the width is 0."""
    values = np.full(int(counts.sum(dtype=np.int64)), absent, np.uint32)
    for dtype in _UINTS:
        size = np.dtype(dtype).itemsize
        of_size = width == size
        if not of_size.any():
            continue
        usable = len(data) // size * size
        found = data[:usable].view(dtype)[concatenated_ranges(at[of_size] // size, counts[of_size])]
        values[np.repeat(of_size, counts)] = found
    return values


def _gather_bits(
    data: NDArray[np.uint8], at: NDArray[np.int64], counts: NDArray[Any], bits: NDArray[np.int64]
) -> NDArray[np.uint32]:
    values = _gather(data, at, counts, np.where(bits >= 8, bits // 8, 0), np.uint32(0))
    for size in (1, 2, 4):
        of_size = bits == size
        if not of_size.any():
            continue
        places = within(counts[of_size])
        each = np.repeat(at[of_size], counts[of_size]) + places // (8 // size)
        values[np.repeat(of_size, counts)] = data[each] >> (places % (8 // size) * size) & ((1 << size) - 1)
    return values


def _power_one(code: int) -> int:
    return 1 << code - 1 if code else 0


def _padded_one(length: int) -> int:
    return (length + POSTING_UNIT - 1) // POSTING_UNIT * POSTING_UNIT


def _view(data: Buffer, at: int, count: int, size: int) -> NDArray[Any]:
    return np.frombuffer(data, _UINTS[size >> 1], count, at) if count else np.empty(0, _UINTS[size >> 1])
