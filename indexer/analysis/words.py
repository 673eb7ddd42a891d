"""Where the words of a text are: array operations over all its characters at once.

A text is an array of code points. Word edges are where the kind of character changes; what identifies a word is a
polynomial hash over the keys of its characters, the difference of two prefix sums (Karp & Rabin 1987), so no word
becomes a string unless it is met for the first time:

    hash(i, j) = Σ key[c_k]·B^k (i ≤ k < j) · B^-i   mod 2^64
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from .characters import APOSTROPHE, JOINED, LETTER, OTHER, Characters

__all__ = ["MAX_WORD_CHARS", "Words", "code_points_of", "spans", "spans_at", "words_of"]

MAX_WORD_CHARS = 200
"""Of a longer word the first characters count: it is data of some kind, and no one types it."""

_BASE = 0xD6E8FEB86659FD93  # odd, so it has an inverse modulo 2^64
_INVERSE = pow(_BASE, -1, 1 << 64)
_LENGTH = 0x9E3779B97F4A7C15  # mixes the length in: leading characters with key 0 would else not count
_PLAIN = re.compile(r"[\x00-\u02bb\u02bd-\u02ff\u2010-\u205f\u20a0-\u20bf]*")
"""Texts in which words are what `re` takes for them: Latin letters, digits, punctuation; without the modifier
letter apostrophe (U+02BC), which is a letter to `re`."""
_PLAIN_WORD = re.compile(rf"([^\W_]{{1,{MAX_WORD_CHARS}}}+)[^\W_]*+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order: characters `starts` up to, not including, `ends` (int64[n]); `hashes` (uint64[n])
    are equal for words that fold to the same characters one by one."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.starts)


@cache
def characters() -> Characters:
    """The tables, one for the process: they only grow, and say the same to everyone."""
    return Characters()


@cache
def _powers(bits: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """B^k and B^-k for k below 2^bits."""
    count = 1 << bits
    factors = np.full(count, _BASE, np.uint64)
    inverses = np.full(count, _INVERSE, np.uint64)
    factors[0] = inverses[0] = 1
    return np.cumprod(factors), np.cumprod(inverses)


def code_points_of(text: str) -> NDArray[np.uint32]:
    """The characters of a text as numbers. Lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def words_of(text: NDArray[np.uint32]) -> Words:
    """The words of a text given as code points."""
    tables = characters()
    tables.cover(text)
    kind = tables.kind[text]
    starts, ends = _edges(kind)
    starts, ends = _without_possessives(text, kind, starts, ends)
    ends = np.minimum(ends, starts + MAX_WORD_CHARS)
    return Words(starts, ends, _hashes(tables.key[text], starts, ends))


def _edges(kind: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of one kind of character; runs of joined characters as their overlapping pairs."""
    if not len(kind):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    changes = np.flatnonzero(kind[1:] != kind[:-1]) + 1
    starts = np.concatenate(([0], changes))
    ends = np.concatenate((changes, [len(kind)]))
    of_run = kind[starts]
    if not (of_run == JOINED).any():
        words = of_run == LETTER
        return starts[words], ends[words]
    lengths = ends - starts
    counts = np.where(of_run == JOINED, np.maximum(lengths - 1, 1), 1)
    counts[of_run == OTHER] = 0
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    first = np.repeat(starts, counts) + within
    pair = np.minimum(first + 2, np.repeat(ends, counts))
    return first, np.where(np.repeat(of_run, counts) == JOINED, pair, np.repeat(ends, counts))


def _without_possessives(
    text: NDArray[np.uint32], kind: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words but for each `s` that an apostrophe joins to the word before it."""
    single = np.flatnonzero((ends - starts == 1) & (starts >= 2))
    if len(single):
        at = starts[single]
        is_s = (text[at] | 0x20) == ord("s")
        joined = np.isin(text[at - 1], _APOSTROPHES) & (kind[at - 2] == LETTER)
        single = single[is_s & joined]
    if not len(single):
        return starts, ends
    return np.delete(starts, single), np.delete(ends, single)


_APOSTROPHES = np.array(sorted(map(ord, APOSTROPHE)), np.uint32)


def _hashes(keys: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    powers, inverses = _powers(max(16, len(keys).bit_length()))
    sums = np.empty(len(keys) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(keys * powers[: len(keys)], out=sums[1:])
    return (sums[ends] - sums[starts]) * inverses[starts] ^ (ends - starts).astype(np.uint64) * np.uint64(_LENGTH)


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end, in characters."""
    if not _PLAIN.fullmatch(text):
        words = words_of(code_points_of(text))
        return list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))
    found = [word.span(1) for word in _PLAIN_WORD.finditer(text)]
    if any(map(text.__contains__, APOSTROPHE)):
        found = [span for span in found if not _is_possessive(text, *span)]
    return found


def spans_at(text: str, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The same for some words, by their numbers from 0, ascending. Those that the text does not have are left out."""
    if not _PLAIN.fullmatch(text):
        all_spans = spans(text)
        return [all_spans[number] for number in numbers if number < len(all_spans)]
    found, place, passed = [], 0, 0
    for number in numbers:
        before = _words_before(number - passed).match(text, place)
        word = before and _PLAIN_WORD.match(text, before.end())
        if word is None or before is None:
            break
        found.append(word.span(1))
        place, passed = before.end(), number
    return found


@lru_cache(maxsize=1024)
def _words_before(count: int) -> re.Pattern[str]:
    """So many words of a plain text, with what is between and behind them: one pattern is faster than many matches."""
    apostrophes = "".join(sorted(APOSTROPHE))
    return re.compile(rf"[\W_]*+(?:[^\W_]++(?:[{apostrophes}][sS](?![^\W_]))*+[\W_]++){{{count}}}")


def _is_possessive(text: str, start: int, end: int) -> bool:
    """Whether this is the `s` that an apostrophe joins to the word before it."""
    return (
        end - start == 1
        and start >= 2
        and text[start] in "sS"
        and text[start - 1] in APOSTROPHE
        and _PLAIN_WORD.match(text, start - 2) is not None
    )
