"""Of where the words of a query stand in the found reports, the few lines that show most of them.

More different words are worth more than rarer ones; of equally many, rarer ones, nearer to each other, or a whole
phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import distinct, first_in_each, lengths_of

from .few_windows import best_windows_of_few
from .matches import rows_by_search
from .occurrences import Occurrences
from .opening import OpenPassages
from .places import LOWER, UPPER
from .window import AGAIN, EACH, MOST_AGAIN, NEAR_WORDS, WINDOW_WORDS, Window

__all__ = ["best_windows"]


def best_windows(
    found: Occurrences, passages: OpenPassages, worths: Sequence[float], lengths: Sequence[int], limit: int
) -> list[Window]:
    """The best windows of each hit, at most so many, best first, each beginning in another passage; `worths` are those
    of what is sought, `lengths` how many words each has. A window ends with its page."""
    if len(found.places) <= _FEW:
        return best_windows_of_few(found, passages, worths, lengths, limit)
    places, numbers = found.arrays
    inside = all_inside = passages.at_each(places)
    if max(lengths) > 1:
        whole = _wholes(found, inside, passages.at_each(places + np.array(lengths)[numbers] - 1))
        places, numbers, inside = places[whole], numbers[whole], inside[whole]
    hits = places >> UPPER
    apart = places + passages.pages(inside) * WINDOW_WORDS
    worth, last = _measured(apart, numbers, worths)
    begins = _best_of_each(hits, inside, worth, limit)
    firsts, lasts = inside.take(begins), inside.take(last.take(begins))
    columns = (
        hits.take(begins),
        firsts,
        lasts,
        all_inside.searchsorted(firsts),
        all_inside.searchsorted(lasts, "right"),
        worth.take(begins),
    )
    return list(map(Window, *(column.tolist() for column in columns)))


def _wholes(found: Occurrences, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool[n]: the occurrences that are worth a window, which begin and end in these passages: where a hit has a phrase
    whole in one passage, its others are not."""
    places, numbers = found.arrays
    of_hit = (places & ~LOWER) | numbers
    whole = begin == end
    _, has_whole = rows_by_search(distinct(of_hit[whole]), of_hit)
    return np.asarray(whole | ~has_whole)


_FEW = 100
"""Occurrences that are looked at one after the other in the time that it takes to look at all at once: within a search,
where NumPy's code has to be fetched again; over and over they would be 30 of one word, 60 of several."""


def _best_of_each(
    hits: NDArray[np.int64], passages: NDArray[np.int64], worth: NDArray[np.float64], limit: int
) -> NDArray[np.intp]:
    """For each hit (ascending) the occurrences that its best windows begin with, at most so many, best first; of those
    that begin in one passage only the best, of equal ones the first."""
    firsts = first_in_each(hits)
    counts = lengths_of(firsts, len(hits))
    are_best = (worth == np.maximum.reduceat(worth, firsts).repeat(counts)).nonzero()[0]
    best = are_best.take(first_in_each(hits.take(are_best)))
    if limit == 1:
        return np.asarray(best)
    ranked: list[int] = []
    for begin, (first, behind) in zip(best.tolist(), pairwise([*firsts.tolist(), len(hits)]), strict=True):
        ranked += _next_best(begin, passages[first:behind], worth[first:behind], first, limit)
    return np.array(ranked)


def _next_best(
    begin: int, passages: NDArray[np.int64], worth: NDArray[np.float64], first: int, limit: int
) -> Iterator[int]:
    """The best occurrence and those that come next, of a hit whose occurrences are numbered from `first` on."""
    yield begin
    for _ in range(limit - 1):
        worth = np.where(passages == passages[begin - first], -1.0, worth)
        begin = first + int(worth.argmax())
        if worth[begin - first] < 0:
            return
        yield begin


def _measured(
    apart: NDArray[np.int64], numbers: NDArray[np.int64], worths: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """For each occurrence what the window that begins with it is worth (float64[n]), and the last one that adds a word
    to it (intp[n]). `apart` are their places, ascending, with a window of words between pages."""
    every = np.arange(len(apart))
    again = AGAIN * np.minimum(apart.searchsorted(apart + WINDOW_WORDS) - every, MOST_AGAIN)
    if len(worths) == 1:
        return again + (EACH + worths[0]), every
    behind = np.concatenate((apart, _NEVER))
    sums, lasts = [], []
    at_once = max(1, _MOST_AT_ONCE // len(apart))
    for first in range(0, len(worths), at_once):
        some = worths[first : first + at_once]
        nearest = np.where(numbers == np.arange(first, first + len(some))[:, None], every, len(apart))
        nearest = np.minimum.accumulate(nearest[:, ::-1], axis=1)[:, ::-1]
        inside = behind.take(nearest) - apart < WINDOW_WORDS
        of_each = np.array([some, [EACH] * len(some)])
        sums.append(of_each @ inside.astype(np.float64))
        lasts.append((nearest * inside).max(axis=0))
    (idf, worth), last = reduce(np.add, sums), reduce(np.maximum, lasts)
    nearness = np.where(worth > EACH, NEAR_WORDS / (NEAR_WORDS + apart.take(last) - apart), 0.0)
    return worth + idf * (1 + nearness) + again, last


_MOST_AT_ONCE = 100_000
_NEVER = np.array([1 << 62])
