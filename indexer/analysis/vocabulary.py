"""Words met so far, by number: each is folded and stemmed once, however often it occurs."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from .folding import fold
from .stemming import stems
from .words import Words

__all__ = ["Vocabulary"]

_NONE = np.uint32(0xFFFFFFFF)
_FIRST_SLOT_BITS, _LAST_SLOT_BITS = 14, 20
"""A vocabulary begins small, and has at most 12 MB of slots: words without one are looked up in a dictionary."""
_SPARE_BITS = 4
"""Sixteen slots for a word, so that few words want the same one."""


class _Slots:
    """Where the numbers of words are looked up by their hashes, many at once. A slot holds one word, or none."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._hashes = np.zeros(1 << bits, np.uint64)
        self._words = np.full(1 << bits, _NONE, np.uint32)

    def find(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """The words; _NONE for those that have no slot."""
        slots = self._of(hashes)
        return np.where(self._hashes[slots] == hashes, self._words[slots], _NONE)

    def add(self, hashes: NDArray[np.uint64], words: NDArray[np.uint32]) -> None:
        """Gives slots to distinct words, where those are free.

        A slot is written once: other threads read the two columns one after the other, and a slot that was of one word
        first and of another then would give the number of the one to the hash of the other.
        """
        slots, first = np.unique(self._of(hashes), return_index=True)
        free = self._words[slots] == _NONE
        self._hashes[slots[free]] = hashes[first[free]]
        self._words[slots[free]] = words[first[free]]

    def _of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Fibonacci hashing (Knuth, TAOCP 3, 6.4): the upper bits of a product depend on all bits."""
        return (hashes * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - self.bits)).view(np.int64)


class Vocabulary:
    """Numbers for words, and for the pairs of term and surface that they stand for. Threads may share one.

    A word's *form* is the pair (term, surface); one form may stand for several words (`The`, `the`), and a word has a
    form in each language. Words, forms and terms are numbered in the order in which they are met.

    Tables are read without the lock: what stands in a table stays true, and what is missing in it is looked for again
    under the lock.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        """Of each form."""
        self.surfaces: list[str] = []
        """Of each form."""
        self._lock = threading.Lock()
        self._forms: dict[tuple[str, str], int] = {}
        self._terms: dict[str, int] = {}
        self._words: dict[int, int] = {}  # hash → word
        self._folded: list[str] = []  # of each word
        self._slots = _Slots(_FIRST_SLOT_BITS)
        self._form_of_word: dict[str | None, NDArray[np.uint32]] = {}
        self._term_of_form = np.zeros(1024, np.uint32)

    def __len__(self) -> int:
        """Words met so far."""
        return len(self._folded)

    def numbers(self, text: str, words: Words) -> NDArray[np.uint32]:
        """The number (uint32[n]) of each word of a text."""
        numbers = self._slots.find(words.hashes)
        missing = np.flatnonzero(numbers == _NONE)
        if len(missing):
            found, first, inverse = np.unique(words.hashes[missing], return_index=True, return_inverse=True)
            places = missing[first]
            with self._lock:
                entered = self._enter(text, found, words.starts[places], words.ends[places])
            numbers[missing] = entered[inverse]
        return numbers

    def forms(self, numbers: NDArray[np.uint32], algorithm: str | None) -> NDArray[np.uint32]:
        """The form (uint32[n]) of each of these words, stemmed by that Snowball algorithm."""
        with self._lock:
            table = self._table_for(algorithm)
        forms = table[numbers]
        missing = np.flatnonzero(forms == _NONE)
        if len(missing):
            words = np.unique(numbers[missing])
            with self._lock:
                table = self._table_for(algorithm)
                words = words[table[words] == _NONE]
                fresh = [self._folded[word] for word in words.tolist()]
                table[words] = [
                    self._form(term, surface) for term, surface in zip(stems(fresh, algorithm), fresh, strict=True)
                ]
            forms[missing] = table[numbers[missing]]
        return forms

    def term_numbers(self, forms: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The number of the term (uint32[n]) of each of these forms."""
        return self._term_of_form[forms]

    def rows(self, forms: NDArray[np.int64]) -> list[bytes]:
        """Term and surface of each of these forms, parted by a zero byte; UTF-8."""
        terms, surfaces = self.terms, self.surfaces
        return [f"{terms[form]}\0{surfaces[form]}".encode("utf-8", "surrogatepass") for form in forms.tolist()]

    def _enter(
        self, text: str, hashes: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.uint32]:
        """The numbers of distinct words that the table does not hold; those met for the first time get one."""
        numbers = np.empty(len(hashes), np.uint32)
        known = self._words
        spans = zip(hashes.tolist(), starts.tolist(), ends.tolist(), strict=True)
        for place, (word_hash, start, end) in enumerate(spans):
            number = known.get(word_hash)
            if number is None:
                number = len(self._folded)
                self._folded.append(fold(text[start:end]))
                known[word_hash] = number
            numbers[place] = number
        bits = self._slots.bits
        if bits < _LAST_SLOT_BITS and len(known) > 1 << bits - _SPARE_BITS:
            larger = _Slots(min(bits + 2, _LAST_SLOT_BITS))
            larger.add(np.fromiter(known.keys(), np.uint64, len(known)), np.arange(len(known), dtype=np.uint32))
            self._slots = larger
        else:
            self._slots.add(hashes, numbers)
        return numbers

    def _table_for(self, algorithm: str | None) -> NDArray[np.uint32]:
        """The form of every word in one language where it is known (uint32, at least as long as there are words)."""
        table = self._form_of_word.get(algorithm)
        if table is None or len(table) < len(self._folded):
            grown = np.full(max(1024, 2 * len(self._folded)), _NONE, np.uint32)
            if table is not None:
                grown[: len(table)] = table
            table = self._form_of_word[algorithm] = grown
        return table

    def _form(self, term: str, surface: str) -> int:
        number = self._forms.setdefault((term, surface), len(self.terms))
        if number == len(self.terms):
            if number == len(self._term_of_form):
                self._term_of_form = np.concatenate((self._term_of_form, np.zeros_like(self._term_of_form)))
            self._term_of_form[number] = self._terms.setdefault(term, len(self._terms))
            self.terms.append(term)
            self.surfaces.append(surface)
        return number
