"""Words met so far, by number: each is folded and stemmed once, however often it occurs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .folding import fold
from .stemming import stems
from .words import Words

__all__ = ["Vocabulary"]

_SLOTS = 1 << 20
_NONE = np.uint32(0xFFFFFFFF)


class Vocabulary:
    """Numbers for words, and for the pairs of term and surface that they stand for.

    A word's *form* is the pair (term, surface); one form may stand for several words (`The`, `the`), and a word has a
    form in each language. Forms are numbered in the order in which they are met.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        """Of each form."""
        self.surfaces: list[str] = []
        """Of each form."""
        self._forms: dict[tuple[str, str], int] = {}
        self._words: dict[int, int] = {}  # hash → word
        self._folded: list[str] = []  # of each word
        self._slot_hash = np.zeros(_SLOTS, np.uint64)
        self._slot_word = np.full(_SLOTS, _NONE, np.uint32)
        self._form_of_word: dict[str | None, NDArray[np.uint32]] = {}

    def __len__(self) -> int:
        """Words met so far."""
        return len(self._folded)

    def numbers(self, text: NDArray[np.uint32], words: Words) -> NDArray[np.uint32]:
        """The number (uint32[n]) of each word of a text given as code points."""
        slots = words.hashes & np.uint64(_SLOTS - 1)
        numbers = np.where(self._slot_hash[slots] == words.hashes, self._slot_word[slots], _NONE)
        missing = np.flatnonzero(numbers == _NONE)
        if len(missing):
            found, first, inverse = np.unique(words.hashes[missing], return_index=True, return_inverse=True)
            places = missing[first]
            numbers[missing] = self._enter(text, found, words.starts[places], words.ends[places])[inverse]
        return numbers

    def forms(self, numbers: NDArray[np.uint32], algorithm: str | None) -> NDArray[np.uint32]:
        """The form (uint32[n]) of each of these words, stemmed by that Snowball algorithm."""
        table = self._table_for(algorithm)
        forms = table[numbers]
        missing = np.flatnonzero(forms == _NONE)
        if len(missing):
            words = np.unique(numbers[missing])
            fresh = [self._folded[word] for word in words.tolist()]
            table[words] = [
                self._form(term, surface) for term, surface in zip(stems(fresh, algorithm), fresh, strict=True)
            ]
            forms[missing] = table[numbers[missing]]
        return forms

    def _enter(
        self,
        text: NDArray[np.uint32],
        hashes: NDArray[np.uint64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.uint32]:
        """The numbers of distinct words that the table does not hold; those met for the first time get one."""
        numbers = np.empty(len(hashes), np.uint32)
        known = self._words
        spans = zip(hashes.tolist(), starts.tolist(), ends.tolist(), strict=True)
        for place, (word_hash, start, end) in enumerate(spans):
            number = known.get(word_hash)
            if number is None:
                number = known[word_hash] = len(self._folded)
                self._folded.append(fold(text[start:end].tobytes().decode("utf-32-le", "replace")))
            numbers[place] = number
        slots = hashes & np.uint64(_SLOTS - 1)
        free = self._slot_word[slots] == _NONE
        self._slot_hash[slots[free]] = hashes[free]
        self._slot_word[slots[free]] = numbers[free]
        # of two new words for one slot the last one stays: both its columns are of the same word
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
            self.terms.append(term)
            self.surfaces.append(surface)
        return number
