"""The same as `windows`, of few occurrences: one after the other, without NumPy."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from .occurrences import Occurrences
from .opening import OpenPassages
from .places import UPPER
from .window import AGAIN, EACH, MOST_AGAIN, NEAR_WORDS, WINDOW_WORDS, Window

__all__ = ["best_windows_of_few"]


def best_windows_of_few(
    found: Occurrences, passages: OpenPassages, worths: Sequence[float], lengths: Sequence[int], limit: int
) -> list[Window]:
    """See `best_windows`."""
    all_places, all_numbers = found.places, found.numbers
    has_phrases = max(lengths) > 1
    sums = _Sums(worths)
    windows = []
    behind = 0
    while behind < len(all_places):
        first, hit = behind, all_places[behind] >> UPPER
        behind = bisect_left(all_places, hit + 1 << UPPER, first)
        if behind - first == 1:
            passage = passages.at(all_places[first])
            windows.append(Window(hit, passage, passage, first, behind, EACH + worths[all_numbers[first]] + AGAIN))
            continue
        of_hit: _Occurrences = all_places[first:behind], all_numbers[first:behind]
        places, numbers = _wholes(*of_hit, passages, lengths) if has_phrases else of_hit
        apart = passages.apart(hit, places, WINDOW_WORDS)
        worth, lasts = _measured(apart, numbers, sums) if len(worths) > 1 else _measured_alike(apart, EACH + worths[0])
        for _ in range(limit):
            most = max(worth)
            if most == _TAKEN:
                break
            begin = worth.index(most)
            passage, last = passages.at(places[begin]), lasts[begin]
            last_passage = passage if last == begin else passages.at(places[last])
            windows.append(
                Window(hit, passage, last_passage, *passages.between(all_places, hit, passage, last_passage), most)
            )
            if limit > 1:
                taken, free = passages.between(places, hit, passage, passage)
                worth[taken:free] = [_TAKEN] * (free - taken)
    return windows


_TAKEN = -1.0
"""The worth of an occurrence that stands in a passage which is shown; all others are above 0."""
_Occurrences = tuple[Sequence[int], Sequence[int]]
"""Places, and the numbers of what stands there."""


def _wholes(
    places: Sequence[int], numbers: Sequence[int], passages: OpenPassages, lengths: Sequence[int]
) -> _Occurrences:
    """The occurrences of one hit that are worth a window: where it has a phrase whole in one passage, others of it are
    not."""
    each = list(zip(places, numbers, strict=True))
    whole = [passages.at(place) == passages.at(place + lengths[number] - 1) for place, number in each]
    if all(whole):
        return places, numbers
    have_whole = {number for number, is_whole in zip(numbers, whole, strict=True) if is_whole}
    kept = [pair for pair, is_whole in zip(each, whole, strict=True) if is_whole or pair[1] not in have_whole]
    return [place for place, _ in kept], [number for _, number in kept]


def _measured(apart: Sequence[int], numbers: Sequence[int], sums: _Sums) -> tuple[list[float], Sequence[int]]:
    """For each occurrence of one hit what the window that begins with it is worth, and the last one that adds a word to
    it. `apart` are their places, ascending, with a window of words between pages."""
    words = [1 << number for number in numbers]
    behind_all = [*apart, _NEVER]
    worths, lasts = [], []
    for begin, place in enumerate(apart):
        reach = place + WINDOW_WORDS
        seen, last, at = words[begin], begin, begin + 1
        while behind_all[at] < reach:
            if not seen & words[at]:
                seen |= words[at]
                last = at
            at += 1
        worth, idf = sums[seen]
        if last > begin:
            idf *= 1 + NEAR_WORDS / (NEAR_WORDS + apart[last] - place)
        worths.append(worth + idf + AGAIN * min(at - begin, MOST_AGAIN))
        lasts.append(last)
    return worths, lasts


_NEVER = 1 << 62


def _measured_alike(apart: Sequence[int], worth: float) -> tuple[list[float], Sequence[int]]:
    """The same where all are occurrences of one word or phrase, which is worth so much."""
    worths = [
        worth + AGAIN * min(bisect_left(apart, place + WINDOW_WORDS, begin) - begin, MOST_AGAIN)
        for begin, place in enumerate(apart)
    ]
    return worths, range(len(apart))


class _Sums(dict[int, tuple[float, float]]):
    """What sets of different words are worth, as so many words and by their own worth; a word is a bit of the key."""

    def __init__(self, worths: Sequence[float]) -> None:
        super().__init__()
        self._worths = worths

    def __missing__(self, seen: int) -> tuple[float, float]:
        own = [worth for number, worth in enumerate(self._worths) if seen >> number & 1]
        found = self[seen] = EACH * len(own), sum(own)
        return found
