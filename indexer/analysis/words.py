"""Where the words of a text are: array operations over all its characters at once.

Word edges are where the kind of character changes. What identifies a word is a number made of its characters, so no
word becomes a string unless it is met for the first time: its ASCII letters in lower case, eight to a number and mixed
into the next; for each of its other characters a number of its own for each place in the word, counted from where it
begins (tabulation hashing; Zobrist 1970):

    hash = mix(… mix(eight[0]) + eight[1] …) + eight[last] + Σ mix(key[c_k] + place[k]) + length·L   mod 2^64

Texts come from strangers. So keys and factors are drawn anew by each process, and mixing is not linear: no one can
write down two words with the same number (Crosby & Wallach 2003). That two of a million words have it by chance is one
in forty million.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .characters import APOSTROPHE, JOINED, LETTER, OTHER, Table, key_of, kind_of
from .code_points import CodePoints

__all__ = ["MAX_WORD_CHARS", "Words", "spans", "spans_at", "words_of"]

MAX_WORD_CHARS = 200
"""Of a longer word the first characters count: it is data of some kind, and no one types it."""

_EIGHT = 8
_MIX_FIRST, _MIX_SECOND, _OF_LENGTH = (int.from_bytes(os.urandom(8)) | 1 for _ in range(3))
_OF_PLACE = np.frombuffer(os.urandom(8 * MAX_WORD_CHARS), np.uint64)
_FOLDED = bytes(byte | 0x20 if chr(byte).isalpha() else byte if chr(byte).isdigit() else 0 for byte in range(128))
_FOLDED += bytes(128)
"""Of each byte of ASCII what it is in a word, letters in lower case; 0 for what is in none."""
_MASKS = np.array([(1 << _EIGHT * count) - 1 for count in range(_EIGHT + 1)], np.uint64)
"""Of eight bytes the first 0, 1, …"""
_PLAIN = re.compile(r"[\x00-\u02bb\u02bd-\u02ff\u2010-\u205f\u20a0-\u20bf]*")
"""Texts in which words are what `re` takes for them: Latin letters, digits, punctuation; without the modifier
letter apostrophe (U+02BC), which is a letter to `re`."""
_PLAIN_WORD = re.compile(rf"([^\W_]{{1,{MAX_WORD_CHARS}}}+)[^\W_]*+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order: characters `starts` up to, not including, `ends` (int64[n]). Words with equal
    `hashes` (uint64[n]) fold to the same one; those that fold to the same one need not have equal ones. The numbers
    mean nothing to another process."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.starts)


@cache
def kind_table() -> Table:
    """One for the process: it only grows, and says the same to everyone."""
    return Table(np.uint8, kind_of)


@cache
def key_table() -> Table:
    return Table(np.uint64, key_of)


def words_of(text: CodePoints) -> Words:
    """The words of a text."""
    of_beyond = kind_table().of(text.beyond)
    folded = bytearray(text.ascii.translate(_FOLDED))
    folded += bytes(MAX_WORD_CHARS + _EIGHT)  # the last words are read beyond their ends
    letters = np.frombuffer(folded, np.uint8, len(text))
    starts, ends = _word_edges(text, letters, of_beyond)
    letters[text.places] = 0
    hashes = _ascii_hashes(folded, starts, ends - starts)
    if len(text.places):
        overlap = bool((of_beyond == JOINED).any())
        hashes += _pair_hashes(text, starts, ends) if overlap else _hashes_beyond(text, of_beyond, starts)
    return Words(starts, ends, hashes)


def _word_edges(
    text: CodePoints, letters: NDArray[np.uint8], kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where words begin and end. `letters` are the folded characters, which are changed: those beyond ASCII become
    their kinds, and the `s` of a possessive goes."""
    letters[text.places] = kinds
    letters[_possessives(text, letters)] = OTHER
    overlap = bool((kinds == JOINED).any())
    starts, ends = _edges_with_pairs(letters, text, kinds) if overlap else _edges(letters != OTHER)
    return starts, np.minimum(ends, starts + MAX_WORD_CHARS)


def _edges(in_word: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of characters that are in words."""
    changes = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    before = [0] if len(in_word) and in_word[0] else []
    behind = [len(in_word)] if len(in_word) and in_word[-1] else []
    edges = np.concatenate((np.array(before, np.int64), changes, np.array(behind, np.int64)))
    return edges[::2], edges[1::2]


def _edges_with_pairs(
    letters: NDArray[np.uint8], text: CodePoints, kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of one kind of character; runs of joined characters as their overlapping pairs."""
    kind = np.where(letters != 0, np.uint8(LETTER), np.uint8(OTHER))
    kind[text.places] = kinds
    changes = np.flatnonzero(kind[1:] != kind[:-1]) + 1
    starts = np.concatenate(([0], changes))
    ends = np.concatenate((changes, [len(kind)]))
    of_run = kind[starts]
    lengths = ends - starts
    counts = np.where(of_run == JOINED, np.maximum(lengths - 1, 1), 1)
    counts[of_run == OTHER] = 0
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    first = np.repeat(starts, counts) + within
    pair = np.minimum(first + 2, np.repeat(ends, counts))
    return first, np.where(np.repeat(of_run, counts) == JOINED, pair, np.repeat(ends, counts))


def _possessives(text: CodePoints, letters: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where an `s` stands that an apostrophe joins to the word before it."""
    found = [(np.frombuffer(text.ascii, np.uint8) == mark).nonzero()[0] for mark in _APOSTROPHES if mark in text.ascii]
    if len(text.places):
        found.append(text.places[_IS_APOSTROPHE[np.minimum(text.beyond, len(_IS_APOSTROPHE) - 1)]])
    marks: NDArray[np.int64] = np.concatenate([_NOWHERE, *found])
    # beyond its edges the text is taken to go on as it is
    marks = marks[letters.take(marks + 1, mode="clip") == ord("s")]
    if not len(marks):
        return marks
    is_end = (marks + 2 >= len(letters)) | ~_are_letters(letters.take(marks + 2, mode="clip"))
    found_at: NDArray[np.int64] = marks[is_end & _are_letters(letters.take(marks - 1, mode="clip"))] + 1
    return found_at


_NOWHERE = np.empty(0, np.int64)
_APOSTROPHES = [mark for mark in map(ord, sorted(APOSTROPHE)) if mark < 128]
_IS_APOSTROPHE = np.zeros(0x10000, np.bool_)
_IS_APOSTROPHE[[*map(ord, APOSTROPHE)]] = True


def _are_letters(letters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((letters != OTHER) & (letters != JOINED))


def _ascii_hashes(folded: bytearray, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What their ASCII characters and their lengths make of words. Any eight bytes of the text are a number."""
    eights = np.ndarray((len(folded) - _EIGHT + 1,), "<u8", folded, strides=(1,))
    hashes = eights[starts] & _MASKS[np.minimum(lengths, _EIGHT)]
    longer = np.flatnonzero(lengths > _EIGHT)
    mixed = hashes[longer]
    for place in range(_EIGHT, MAX_WORD_CHARS, _EIGHT):
        if not len(longer):
            break
        left = lengths[longer] - place
        mixed = _mixed(mixed) + (eights[starts[longer] + place] & _MASKS[np.minimum(left, _EIGHT)])
        hashes[longer] = mixed
        goes_on = (left > _EIGHT).nonzero()[0]
        longer, mixed = longer[goes_on], mixed[goes_on]
    return hashes + lengths.astype(np.uint64) * np.uint64(_OF_LENGTH)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Other numbers, one for each, whose upper half depends on all bits (after Appleby's MurmurHash3, 2011): twice,
    because what differs in the upper bits alone differs only there when it is multiplied once."""
    mixed = numbers >> np.uint64(32)
    mixed ^= numbers
    mixed *= np.uint64(_MIX_FIRST)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_MIX_SECOND)
    return mixed


def _hashes_beyond(text: CodePoints, kinds: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What their characters beyond ASCII make of words that do not overlap."""
    in_word = kinds != OTHER
    places, beyond = text.places[in_word], text.beyond[in_word]
    words = starts.searchsorted(places, "right") - 1
    within = places - starts[words]
    counts = within < MAX_WORD_CHARS
    return _sums_of_places(words[counts], beyond[counts], within[counts], len(starts))


def _pair_hashes(text: CodePoints, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The same of words that may: a character is of two pairs."""
    firsts, lasts = text.places.searchsorted(starts), text.places.searchsorted(ends)
    counts = lasts - firsts
    words = np.arange(len(starts)).repeat(counts)
    chars = np.arange(len(words)) - (counts.cumsum() - counts - firsts).repeat(counts)
    return _sums_of_places(words, text.beyond[chars], text.places[chars] - starts[words], len(starts))


def _sums_of_places(
    words: NDArray[np.int64], chars: NDArray[np.uint32], within: NDArray[np.int64], count: int
) -> NDArray[np.uint64]:
    """For each of so many words the sum of what its characters are at their places; `words` ascend."""
    sums = np.zeros(count, np.uint64)
    firsts = np.flatnonzero(np.diff(words, prepend=-1))
    if len(firsts):
        sums[words[firsts]] = np.add.reduceat(_mixed(key_table().of(chars) + _OF_PLACE[within]), firsts)
    return sums


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end, in characters."""
    if not _PLAIN.fullmatch(text):
        words = words_of(CodePoints.of(text))
        return list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))
    found = [word.span(1) for word in _PLAIN_WORD.finditer(text)]
    if any(map(text.__contains__, APOSTROPHE)):
        found = [span for span in found if not _is_possessive(text, *span)]
    return found


def spans_at(text: str, numbers: Sequence[int], first: int = 0) -> list[tuple[int, int]]:
    """The same for some words of a text, by their numbers, ascending, of which the first word has the number `first`.
    Those that it does not have are left out."""
    if text.isascii():
        return _plain_spans(text.encode(), numbers, first)
    if _IN_LATIN_1.fullmatch(text):
        return _plain_spans(text.replace("’", "'").replace("‘", "'").encode("latin-1", "replace"), numbers, first)
    characters = CodePoints.of(text)
    letters = np.frombuffer(bytearray(characters.ascii.translate(_FOLDED)), np.uint8)
    starts, ends = _word_edges(characters, letters, kind_table().of(characters.beyond))
    chosen = [number - first for number in numbers if number - first < len(starts)]
    return list(zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True))


def _plain_spans(text: bytes, numbers: Sequence[int], first: int) -> list[tuple[int, int]]:
    """Those of a text in Latin-1: what comes before a word is split off in one step."""
    if b"'" in text or b"`" in text or b"\xb4" in text:
        text = _POSSESSIVE.sub(b"  ", text)
    rest = text.translate(_SPACED) + b" "
    length, passed = len(rest), first
    found = []
    for number in numbers:
        words = rest.split(None, number - passed)
        if len(words) <= number - passed:
            break
        rest, passed = words[-1], number
        start, chars = length - len(rest), rest.index(b" ")
        found.append((start, start + (chars if chars < MAX_WORD_CHARS else MAX_WORD_CHARS)))
    return found


_IN_LATIN_1 = re.compile(r"[\x00-\xff\u2010-\u205f\u20a0-\u20bf]*")
"""Texts that beyond Latin-1 have punctuation alone."""
_SPACED = bytes(ord(" ") if kind_of(chr(byte)) == OTHER else byte for byte in range(256))
"""Of each character of Latin-1 itself, or a space where it is in no word."""
_POSSESSIVE = re.compile(rb"['`\xb4](?<=[%b].)[sS](?![%b])" % ((re.escape(_SPACED.replace(b" ", b"")),) * 2))
"""It begins with what is rare, which `re` looks for quickly."""


def _is_possessive(text: str, start: int, end: int) -> bool:
    """Whether this is the `s` that an apostrophe joins to the word before it."""
    return (
        end - start == 1
        and start >= 2
        and text[start] in "sS"
        and text[start - 1] in APOSTROPHE
        and _PLAIN_WORD.match(text, start - 2) is not None
    )
