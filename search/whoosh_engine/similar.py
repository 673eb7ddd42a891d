"""Similar words: terms that few edits turn into each other, of which the exchange of neighbours is one.

Two words are one edit apart only if they, or words that lack one character of them, are the same. So for one edit the
terms are found by the hashes of all that is left of them when one character is taken out (Mor & Fraenkel, A hash code
method for detecting and correcting spelling errors, 1982); for more, all terms of similar length are compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from reportsearch.indexer.codec import Lexicon
from reportsearch.indexer.codec.container import decoded, encoded
from reportsearch.indexer.codec.ranges import bounds_of, first_in_each

__all__ = ["Deletions", "similar"]

_BASE = np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(int(_BASE), -1, 1 << 64))
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MAX_CHARS = 64
"""No one mistypes longer words; those of the index are data."""


class Deletions(NamedTuple):
    """The hashes of all terms of a field, and of what is left of each without one of its characters: ascending, with
    the number of the term (uint32) beside each."""

    hashes: NDArray[np.uint64]
    numbers: NDArray[np.uint32]

    @classmethod
    def of(cls, lexicon: Lexicon) -> Deletions:
        terms = [decoded(term) for term in lexicon.terms()]
        lengths = np.fromiter(map(len, terms), np.int64, len(terms))
        firsts = bounds_of(lengths)
        characters = _characters("".join(terms))
        order = np.argsort(lengths, kind="stable")
        groups = np.split(order, first_in_each(lengths[order])[1:])
        hashes, numbers = [], []
        for group in groups:
            length = int(lengths[group[0]]) if len(group) else 0
            if not 0 < length <= _MAX_CHARS:
                continue
            left = _hashes(characters[firsts[group][:, np.newaxis] + np.arange(length)])
            hashes.append(left.reshape(-1))
            numbers.append(np.repeat(group, left.shape[1]).astype(np.uint32))
        all_hashes = np.concatenate([np.empty(0, np.uint64), *hashes])
        by_hash = np.argsort(all_hashes)
        return cls(all_hashes[by_hash], np.concatenate([np.empty(0, np.uint32), *numbers])[by_hash])

    def candidates(self, text: str) -> list[int]:
        """The numbers of terms that may be one edit away, and of the term itself."""
        if not 0 < len(text) <= _MAX_CHARS:
            return []
        wanted = _hashes(_characters(text)[np.newaxis])[0]
        firsts = np.searchsorted(self.hashes, wanted).tolist()
        lasts = np.searchsorted(self.hashes, wanted, "right").tolist()
        numbers = [self.numbers[first:last].tolist() for first, last in zip(firsts, lasts, strict=True) if first < last]
        return sorted({number for some in numbers for number in some})


def _characters(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _hashes(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """uint64[n, length + 1] for words of one length, uint64[n, length]: of each whole, and without each character."""
    count, length = words.shape
    powers = np.cumprod(np.full(length, _BASE), dtype=np.uint64)
    keys = (words + np.uint64(1)) * _MIX
    keys ^= keys >> np.uint64(29)
    sums = np.zeros((count, length + 1), np.uint64)
    np.cumsum(keys * powers, axis=1, out=sums[:, 1:])
    left = sums[:, :-1] + (sums[:, -1:] - sums[:, 1:]) * _INVERSE
    return np.concatenate([sums[:, -1:], left], axis=1)


def similar(lexicon: Lexicon, deletions: Deletions, text: str, distance: int, prefix_length: int) -> list[int]:
    """The numbers of the terms within so many edits that begin alike."""
    if distance > 1:
        return _compared(lexicon, text, distance, prefix_length)
    numbers = lexicon.with_prefix(encoded(text[:prefix_length]))
    return [
        number
        for number in deletions.candidates(text)
        if number in numbers and OSA.distance(text, _term(lexicon, number)) <= distance
    ]


def _compared(lexicon: Lexicon, text: str, distance: int, prefix_length: int) -> list[int]:
    numbers = lexicon.with_prefix(encoded(text[:prefix_length]))
    size = len(encoded(text))
    lengths = np.diff(lexicon.term_bounds[numbers.start : numbers.stop + 1].astype(np.int64))
    near = np.flatnonzero(np.abs(lengths - size) <= 4 * distance) + numbers.start
    terms = [_term(lexicon, number) for number in near.tolist()]
    distances = process.cdist([text], terms, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint8)[0]
    found: list[int] = near[distances <= distance].tolist()
    return found


def _term(lexicon: Lexicon, number: int) -> str:
    return decoded(lexicon.term(number))
