"""Of where the words of a query stand in the found reports, the few lines that show most of them.

More different words are worth more than rarer ones; of equally many, rarer ones, nearer to each other, or a whole
phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec.ranges import first_in_each

from .occurrences import Occurrences
from .opening import UPPER, OpenPassages

__all__ = ["Window", "best_windows"]

_WINDOW_WORDS = 45
"""A snippet shows about so many."""
_EACH = 10.0
"""What each different word is worth besides its own worth: more than that can be."""
_NEAR_WORDS = 4
"""Words between which the worth of standing near each other falls to a half."""
_AGAIN, _MOST_AGAIN = 0.01, 10
"""What each occurrence adds, which is less than anything else does; and how many count."""


class Window(NamedTuple):
    """What may be shown of a hit: passages from `first` up to and including `last`; the occurrences in them begin with
    `begin`, and end before `end`."""

    hit: int
    first: int
    last: int
    begin: int
    end: int
    worth: float


def best_windows(found: Occurrences, passages: OpenPassages, worths: Sequence[float], limit: int) -> list[Window]:
    """The best windows of each hit, at most so many, best first, each beginning in another passage; `worths` are those
    of what is sought. A window ends with its page."""
    inside = passages.begins.searchsorted(found.places, "right") - 1
    hits = found.places >> UPPER
    apart = found.places + passages.pages(hits, inside) * _WINDOW_WORDS
    worth, last = _measured(apart, found.numbers, worths)
    places = np.array(list(_best_of_each(hits, inside, worth, limit)))
    firsts, lasts = inside[places], inside[last[places]]
    columns = (
        hits[places],
        firsts,
        lasts,
        inside.searchsorted(firsts),
        inside.searchsorted(lasts, "right"),
        worth[places],
    )
    return list(map(Window, *(column.tolist() for column in columns)))


def _best_of_each(
    hits: NDArray[np.int64], passages: NDArray[np.intp], worth: NDArray[np.float64], limit: int
) -> Iterator[int]:
    """For each hit (ascending) the occurrences that its best windows begin with, at most so many, best first; of those
    that begin in one passage only the best, of equal ones the first."""
    for first, behind in pairwise([*first_in_each(hits).tolist(), len(hits)]):
        of_hit = worth[first:behind]
        best = int(of_hit.argmax())
        yield first + best
        for _ in range(limit - 1):
            of_hit = np.where(passages[first:behind] == passages[first + best], -1.0, of_hit)
            best = int(of_hit.argmax())
            if of_hit[best] < 0:
                break
            yield first + best


def _measured(
    apart: NDArray[np.int64], numbers: NDArray[np.int64], worths: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """For each occurrence what the window that begins with it is worth (float64[n]), and the last one that adds a word
    to it (intp[n]). `apart` are their places, ascending, with a window of words between pages."""
    every = np.arange(len(apart))
    again = _AGAIN * np.minimum(apart.searchsorted(apart + _WINDOW_WORDS) - every, _MOST_AGAIN)
    if len(worths) == 1:
        return again + (_EACH + worths[0]), every
    behind = np.concatenate((apart, _NEVER))
    sums, lasts = [], []
    at_once = max(1, _MOST_AT_ONCE // len(apart))
    for first in range(0, len(worths), at_once):
        some = worths[first : first + at_once]
        nearest = np.where(numbers == np.arange(first, first + len(some))[:, None], every, len(apart))
        nearest = np.minimum.accumulate(nearest[:, ::-1], axis=1)[:, ::-1]
        inside = behind[nearest] - apart < _WINDOW_WORDS
        of_each = np.array([some, [_EACH] * len(some)])
        sums.append(of_each @ inside.astype(np.float64))
        lasts.append((nearest * inside).max(axis=0))
    (idf, worth), last = reduce(np.add, sums), reduce(np.maximum, lasts)
    nearness = np.where(worth > _EACH, _NEAR_WORDS / (_NEAR_WORDS + apart[last] - apart), 0.0)
    return worth + idf * (1 + nearness) + again, last


_MOST_AT_ONCE = 100_000
_NEVER = np.array([1 << 62])
