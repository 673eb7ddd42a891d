r"""The terms of a field in order, with what is known of each and where its postings are.

Sections of field `f`, one entry a term unless said otherwise:

    f:terms, f:term_bounds       the terms, ascending (UTF-8), one after the other; n + 1 bounds
    f:heads           uint64     the first eight bytes of each term, the first one highest, missing ones 0
    f:doc_freqs       uint       documents that have it
    f:occurrences     uint       words that it stands for; left out where a field has no positions
    f:shapes          uint16     widths of its postings (see `postings`)
    f:places          uint       where its postings begin, in units of 4 bytes
    f:surface_bounds  uint       n + 1 bounds into
    f:surfaces                   the surfaces of the first term, of the second …, each followed by a line feed; a term
                                 whose only surface it is itself has none here
    f:postings                   the runs of bytes that `places` speaks of
    f:min_lengths, f:max_lengths  uint: words of the shortest and of the longest document that has the term; only where
                                 Whoosh's writer wrote them

`heads` makes finding a term one binary search over numbers: `child` and `children` have the heads
0x6368696c64000000 and 0x6368696c6472656e.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .container import ContainerReader, ContainerWriter
from .postings import POSTING_UNIT, FieldPostings, Posting, decode, decode_documents, documents_at
from .ranges import bounds_of, narrowest

__all__ = ["Lexicon", "head_of", "heads_of", "write_lexicon"]

_HEAD = 8


def heads_of(terms: Sequence[bytes]) -> NDArray[np.uint64]:
    """uint64[n]: the first eight bytes of each term as a number that sorts as the bytes do."""
    padded = b"".join(term[:_HEAD].ljust(_HEAD, b"\0") for term in terms)
    return np.frombuffer(padded, ">u8").astype(np.uint64)


def head_of(term: bytes) -> int:
    """The same of one term."""
    return int.from_bytes(term[:_HEAD].ljust(_HEAD, b"\0"), "big")


def write_lexicon(
    writer: ContainerWriter,
    field: str,
    terms: Sequence[bytes],
    surfaces: Sequence[bytes],
    surface_counts: NDArray[Any],
    doc_freqs: NDArray[Any],
    occurrences: NDArray[Any] | None,
    shapes: NDArray[np.uint16],
    sizes: NDArray[np.int64],
) -> None:
    """All sections of the field but its postings, which are written before."""
    writer.add(f"{field}:terms", b"".join(terms))
    writer.add(f"{field}:term_bounds", narrowest(bounds_of(np.fromiter(map(len, terms), np.int64, len(terms)))))
    writer.add(f"{field}:heads", heads_of(terms))
    writer.add(f"{field}:doc_freqs", narrowest(doc_freqs))
    if occurrences is not None:
        writer.add(f"{field}:occurrences", narrowest(occurrences))
    writer.add(f"{field}:shapes", shapes)
    writer.add(f"{field}:places", narrowest(bounds_of(sizes)[:-1]))
    kept, counts = _without_obvious(terms, surfaces, surface_counts)
    lengths = np.fromiter((len(surface) + 1 for surface in kept), np.int64, len(kept))
    writer.add(f"{field}:surface_bounds", narrowest(bounds_of(lengths)[bounds_of(counts)]))
    writer.add(f"{field}:surfaces", b"".join(surface + b"\n" for surface in kept))


def _without_obvious(
    terms: Sequence[bytes], surfaces: Sequence[bytes], counts: NDArray[Any]
) -> tuple[list[bytes], NDArray[np.int64]]:
    """The surfaces, and how many of each term, without those that are a term's only one and the term itself."""
    kept: list[bytes] = []
    left, first = counts.astype(np.int64), 0
    for number, (term, count) in enumerate(zip(terms, counts.tolist(), strict=True)):
        if count == 1 and surfaces[first] == term:
            left[number] = 0
        else:
            kept.extend(surfaces[first : first + count])
        first += count
    return kept, left


class Lexicon:
    """The terms of one field of a segment, read. Terms are numbered in their order, from 0."""

    def __init__(self, container: ContainerReader, field: str) -> None:
        self.field = field
        self._terms = container.bytes(f"{field}:terms")
        self.term_bounds = container.array(f"{field}:term_bounds")
        # finding one number is faster without NumPy
        self._head_view = container.array(f"{field}:heads").data
        self._bound_view = self.term_bounds.data
        self.doc_freqs = container.array(f"{field}:doc_freqs")
        self.has_positions = f"{field}:occurrences" in container
        self.occurrences = container.array(f"{field}:occurrences") if self.has_positions else self.doc_freqs
        self.shapes = container.array(f"{field}:shapes")
        ranges = [f"{field}:min_lengths", f"{field}:max_lengths"]
        self.length_ranges = [container.array(name) for name in ranges if name in container]
        self._places = container.array(f"{field}:places")
        self._surface_bounds = container.array(f"{field}:surface_bounds")
        self._surfaces = container.bytes(f"{field}:surfaces")
        self._postings = container.array(f"{field}:postings")
        self._data = container.bytes(f"{field}:postings")
        self._views = [each.data for each in (self._places, self.shapes, self.doc_freqs, self.occurrences)]

    def __len__(self) -> int:
        return len(self._head_view)

    def term(self, number: int) -> bytes:
        return bytes(self._terms[self._bound_view[number] : self._bound_view[number + 1]])

    def terms(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The terms from number `first` up to, not including, `last`."""
        bounds = self.term_bounds[first : (len(self) if last is None else last) + 1].tolist()
        for start, end in pairwise(bounds):
            yield bytes(self._terms[start:end])

    def some_terms(self, numbers: Iterable[int]) -> list[bytes]:
        """The terms with these numbers."""
        terms, bounds = self._terms, self._bound_view
        return [bytes(terms[bounds[number] : bounds[number + 1]]) for number in numbers]

    def lower_bound(self, term: bytes) -> int:
        """The number of the first term that is not before this one; `len(self)` where all are."""
        head = head_of(term)
        low = bisect_left(self._head_view, head)
        return self._lower_bound(term, head, low)

    def _lower_bound(self, term: bytes, head: int, low: int) -> int:
        """The same, with the number of the first term whose head is not before this one's."""
        heads = self._head_view
        if low == len(heads) or heads[low] != head or (len(term) < _HEAD and b"\0" not in term):
            return low
        high = bisect_right(heads, head, low)
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes, head: int | None = None) -> int | None:
        """The number of a term, whose `head_of` may be known already; None where the field does not have it."""
        if head is None:
            head = head_of(term)
        heads = self._head_view
        low = bisect_left(heads, head)
        if low == len(heads) or heads[low] != head:
            return None
        if self._terms[self._bound_view[low] : self._bound_view[low + 1]] == term:  # as most often
            return low
        number = self._lower_bound(term, head, low)
        return number if number < len(heads) and self.term(number) == term else None

    def with_prefix(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with these bytes."""
        stripped = prefix.rstrip(b"\xff")
        behind = stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else None
        return range(self.lower_bound(prefix), len(self) if behind is None else self.lower_bound(behind))

    def surfaces(self, number: int) -> list[bytes]:
        """The words, folded, that a term stands for."""
        start, end = int(self._surface_bounds[number]), int(self._surface_bounds[number + 1])
        if start == end:
            return [self.term(number)] if self.has_positions else []
        return bytes(self._surfaces[start : end - 1]).split(b"\n")

    def all_surfaces(self) -> tuple[list[bytes], NDArray[np.int64]]:
        """Those of the first term, of the second …, and how many each has."""
        if not self.has_positions:
            return [], np.zeros(len(self), np.int64)
        data, bounds = bytes(self._surfaces), self._surface_bounds.tolist()
        found: list[bytes] = []
        counts = np.ones(len(self), np.int64)
        for number, (term, start, end) in enumerate(zip(self.terms(), bounds, bounds[1:], strict=False)):
            if start == end:
                found.append(term)
            else:
                of_term = data[start : end - 1].split(b"\n")
                counts[number] = len(of_term)
                found.extend(of_term)
        return found, counts

    def run(self, number: int) -> tuple[NDArray[np.uint8], int]:
        """The bytes of all postings, and where those of one term begin."""
        return self._postings, int(self._places[number]) * POSTING_UNIT

    def posting(self, number: int) -> Posting:
        """The postings of one term."""
        places, shapes, doc_freqs, occurrences = self._views
        return Posting(
            self._data, places[number] * POSTING_UNIT, shapes[number], doc_freqs[number], occurrences[number]
        )

    def documents_of(self, number: int) -> NDArray[Any]:
        """The documents of one term."""
        places, shapes, doc_freqs, _ = self._views
        return documents_at(self._data, places[number] * POSTING_UNIT, shapes[number], doc_freqs[number])

    def documents(self, first: int, last: int) -> NDArray[np.uint32]:
        """The documents of the terms from number `first` up to, not including, `last`, term by term."""
        part = slice(first, last)
        at = self._places[part].astype(np.int64) * POSTING_UNIT
        return decode_documents(self._postings, at, self.shapes[part], self.doc_freqs[part])

    def postings(self, first: int, last: int, surface_counts: NDArray[Any]) -> FieldPostings:
        """Those of the terms from number `first` up to, not including, `last`."""
        part = slice(first, last)
        at = self._places[part].astype(np.int64) * POSTING_UNIT
        return decode(
            self._postings, at, self.shapes[part], self.doc_freqs[part], self.occurrences[part], surface_counts
        )
