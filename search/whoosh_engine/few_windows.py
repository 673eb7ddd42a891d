"""The same as `windows`, of few occurrences: one after the other, without NumPy."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    places, numbers = found.places, found.numbers
    hits = [place >> UPPER for place in places]
    inside = all_inside = passages.at(places)
    if len(set(hits)) == len(hits):
        columns = zip(hits, inside, numbers, strict=True)
        return [
            Window(hit, passage, passage, begin, begin + 1, EACH + worths[number] + AGAIN)
            for begin, (hit, passage, number) in enumerate(columns)
        ]
    if max(lengths) > 1:
        whole = _wholes(found, inside, passages, lengths)
        places, numbers, hits, inside = [[column[each] for each in whole] for column in (places, numbers, hits, inside)]
    pages = passages.page_of
    apart = [place + pages[passage] * WINDOW_WORDS for place, passage in zip(places, inside, strict=True)]
    sums = _Sums(worths)
    windows = []
    behind = 0
    while behind < len(hits):
        first, hit = behind, hits[behind]
        behind = bisect_right(hits, hit, first)
        if len(worths) == 1:
            ranked = _ranked_alike(apart, worths[0], first, behind)
        else:
            ranked = _ranked(apart, numbers, sums, first, behind)
        for _ in range(limit):
            order, begin, last = min(ranked)
            passage, last_passage = inside[begin], inside[last]
            windows.append(
                Window(
                    hit,
                    passage,
                    last_passage,
                    bisect_left(all_inside, passage),
                    bisect_right(all_inside, last_passage),
                    -order,
                )
            )
            if limit == 1 or not (ranked := [each for each in ranked if inside[each[1]] != passage]):
                break
    return windows


def _wholes(found: Occurrences, inside: Sequence[int], passages: OpenPassages, lengths: Sequence[int]) -> list[int]:
    """Which occurrences are worth a window: where a hit has a phrase whole in one passage, its others are not."""
    each = list(zip(found.places, found.numbers, strict=True))
    ends = passages.at([place + lengths[number] - 1 for place, number in each])
    of_hit = [(place >> UPPER, number) for place, number in each]
    has_whole = {pair for pair, first, last in zip(of_hit, inside, ends, strict=True) if first == last}
    return [number for number, pair in enumerate(of_hit) if inside[number] == ends[number] or pair not in has_whole]


def _ranked(
    apart: Sequence[int], numbers: Sequence[int], sums: _Sums, first: int, behind: int
) -> list[tuple[float, int, int]]:
    """For the occurrences of one hit, from `first` up to, not including, `behind`: what the window that begins with it
    is worth, below 0; the occurrence; the last one that adds a word to it. `apart` are their places, with a window of
    words between pages."""
    ranked = []
    for begin in range(first, behind):
        start = apart[begin]
        reach = start + WINDOW_WORDS
        seen, last, at = 1 << numbers[begin], begin, begin + 1
        while at < behind and apart[at] < reach:
            word = 1 << numbers[at]
            if not seen & word:
                seen |= word
                last = at
            at += 1
        worth, idf = sums[seen]
        nearness = NEAR_WORDS / (NEAR_WORDS + apart[last] - start) if last > begin else 0.0
        ranked.append((-(worth + idf * (1 + nearness) + AGAIN * min(at - begin, MOST_AGAIN)), begin, last))
    return ranked


def _ranked_alike(apart: Sequence[int], worth: float, first: int, behind: int) -> list[tuple[float, int, int]]:
    """The same where all are occurrences of one word or phrase."""
    ends = [bisect_left(apart, apart[begin] + WINDOW_WORDS, begin, behind) for begin in range(first, behind)]
    return [
        (-(EACH + worth + AGAIN * min(end - begin, MOST_AGAIN)), begin, begin) for begin, end in enumerate(ends, first)
    ]


class _Sums(dict[int, tuple[float, float]]):
    """What sets of different words are worth, as so many words and by their own worth; a word is a bit of the key."""

    def __init__(self, worths: Sequence[float]) -> None:
        super().__init__()
        self._worths = worths

    def __missing__(self, seen: int) -> tuple[float, float]:
        own = [worth for number, worth in enumerate(self._worths) if seen >> number & 1]
        found = self[seen] = EACH * len(own), sum(own)
        return found
