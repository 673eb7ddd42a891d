"""Words met so far, by number: each is folded and stemmed once, however often it occurs."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from .folding import fold
from .stemming import stems
from .words import Words

__all__ = ["Vocabulary"]

_SLOT_BITS = 20
_SLOTS = 1 << _SLOT_BITS
_NONE = np.uint32(0xFFFFFFFF)


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
        self._slot_hash = np.zeros(_SLOTS, np.uint64)
        self._slot_word = np.full(_SLOTS, _NONE, np.uint32)
        self._form_of_word: dict[str | None, NDArray[np.uint32]] = {}
        self._term_of_form = np.zeros(1024, np.uint32)

    def __len__(self) -> int:
        """Words met so far."""
        return len(self._folded)

    def numbers(self, text: str, words: Words) -> NDArray[np.uint32]:
        """The number (uint32[n]) of each word of a text."""
        slots = _slots(words.hashes)
        numbers = np.where(self._slot_hash[slots] == words.hashes, self._slot_word[slots], _NONE)
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
        slots = _slots(hashes)
        free = self._slot_word[slots] == _NONE
        # of two new words for one slot the last one stays: both its columns are of the same word
        self._slot_hash[slots[free]] = hashes[free]
        self._slot_word[slots[free]] = numbers[free]
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


def _slots(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Fibonacci hashing (Knuth, TAOCP 3, 6.4): the upper bits of a product depend on all bits."""
    return (hashes * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _SLOT_BITS)).view(np.int64)
