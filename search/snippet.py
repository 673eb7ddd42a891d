"""Passages → snippets: of each passage the sentences that say it, of all the best. No markup here.

A fragment is a few whole sentences around the marked words. It is worth what its passage is worth to the engine, more
where it reads like prose than like a table, and less where it only repeats the report's title.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from .engine import Marks, Passage
from .results import Span
from .sentences import clause_ends, is_ended, sentence_ends

__all__ = ["MAX_CHARS", "Fragment", "choose"]

TARGET_CHARS = 240
"""About what two lines of a screen hold; a fragment is extended while it is shorter than half of it."""
MAX_CHARS = 360
WINDOW_CHARS = 280
"""What is marked stands in so many at most; the rest is for where a clause begins and ends."""
_TITLE_AGAIN = 0.3  # worth of a passage that holds the report's title
_PROSE = 1.3  # how much more a passage of sentences is worth than a table or a list of contents

_BETWEEN = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "-‐‑–"
"""What does not part marks that are shown as one."""
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"\s+")


class Fragment(NamedTuple):
    """A piece of a passage: its text with white space folded, what is to be marked there, and which of the query's
    words and phrases that is."""

    passage: Passage
    text: str
    marks: tuple[Span, ...]
    numbers: Sequence[int]

    def worth(self, title: str) -> float:
        """What it is worth below the title of its report."""
        worth = self.passage.worth * (_PROSE if _is_prose(self.text) else 1.0)
        return worth * _TITLE_AGAIN if title and title.casefold() in self.text.casefold() else worth


def choose(
    passages: Sequence[Passage], *, title: str = "", limit: int = 3, first_phrase: float = math.inf
) -> tuple[Fragment, ...]:
    """The best fragments, best first, each from another page, those first that show words which the others lack. From
    `first_phrase` on the query's numbers are those of phrases."""
    fragments = [_fragment(passage, first_phrase) for passage in passages if passage.marks]
    if len(fragments) < 2:
        return tuple(fragments[:limit])
    candidates = sorted([(-fragment.worth(title), fragment) for fragment in fragments], key=itemgetter(0))
    chosen: list[Fragment] = []
    covered: set[int] = set()
    while candidates and len(chosen) < limit:
        _, best = next((each for each in candidates if not covered.issuperset(each[1].numbers)), candidates[0])
        chosen.append(best)
        covered.update(best.numbers)
        candidates = [each for each in candidates if each[1] is not best and not _is_like(best, each[1])]
    return tuple(chosen)


def _is_like(one: Fragment, other: Fragment) -> bool:
    """Whether two fragments are from one page of a file, or say the same."""
    page = one.passage.page
    same_page = page is not None and (page, one.passage.file) == (other.passage.page, other.passage.file)
    return same_page or one.text == other.text


def _fragment(passage: Passage, first_phrase: float) -> Fragment:
    if passage.heading:
        passage = _below_heading(passage)
    text, marks, numbers = passage[:3]
    start, end, first, behind = _best_stretch(text, marks, numbers, first_phrase)
    if behind - first < len(marks):
        marks, numbers = marks[first:behind], numbers[first:behind]
    shown, spans = _folded(text, start, end, marks)
    return Fragment(passage, shown, spans, numbers)


def _below_heading(passage: Passage) -> Passage:
    """The passage without the heading that it begins with, which is shown above it, if a mark is left."""
    title = passage.heading
    if not passage.text.startswith(title):
        return passage
    behind = passage.text[len(title) :]
    below = behind.lstrip()
    if "\n" not in behind[: len(behind) - len(below)]:  # a sentence that begins with the same words
        return passage
    cut = len(passage.text) - len(below)
    marks = [(start - cut, end - cut) for start, end in passage.marks if start >= cut]
    return passage._replace(text=below, marks=marks, numbers=passage.numbers[-len(marks) :]) if marks else passage


def _best_stretch(text: str, marks: Marks, numbers: Sequence[int], first_phrase: float) -> tuple[int, int, int, int]:
    """The run of sentences, not too long, with the most different words, and the most words of phrases; of equal
    ones the nearest together. Clauses where only they show more of the words. Given are where it begins and ends, and
    which marks are in it: the first one, and behind the last one."""
    start, end = _unbroken(text, marks)
    if end - start <= MAX_CHARS:
        return start, end, 0, len(marks)
    edges = [start, *sentence_ends(text, start, end)]
    if edges[-1] != end:
        edges.append(end)
    begins = [begin for begin, _ in marks]
    most, best = -1, (0, 1, 0, len(marks))
    before = -1
    for number, begin in enumerate(begins):
        if most > len(begins) - number:
            break  # there are not as many left
        first = bisect_right(edges, begin) - 1
        if first == before:
            continue
        before = first
        last = max(first + 1, bisect_right(edges, edges[first] + MAX_CHARS) - 1)
        behind = bisect_left(begins, edges[last])
        different = len(set(numbers[number:behind])) if edges[last] - edges[first] <= MAX_CHARS else 0
        if different > most or (
            different == most
            and _rank(text, marks[number:behind], numbers[number:behind], first_phrase)
            > _rank(text, marks[best[2] : best[3]], numbers[best[2] : best[3]], first_phrase)
        ):
            most, best = different, (first, last, number, behind)
    if most < len(numbers) and most < len(set(numbers)):
        window, different = _fullest(marks, numbers)
        if most < different:
            return _cut(text, start, end, window, marks)
    first, last, number, behind = best
    stop = edges[_needed(edges, first, last, begins[behind - 1])]
    return edges[first], stop, number, bisect_left(begins, stop, number, behind)


def _rank(text: str, marks: Marks, numbers: Sequence[int], first_phrase: float) -> tuple[int, int]:
    """What tells stretches with as many different words apart: how many different words of phrases are marked, and how
    near the marks are to each other."""
    of_phrases = [
        text[start:end].casefold()
        for (start, end), number in zip(marks, numbers, strict=True)
        if number >= first_phrase
    ]
    return len(set(of_phrases)), marks[0][0] - marks[-1][0]


def _unbroken(text: str, marks: Marks) -> tuple[int, int]:
    """The text without the rest of a sentence that began before it, on another page perhaps, and without the beginning
    of one that goes on behind it; as far as nothing is marked there."""
    start, end = 0, len(text)
    if text.lstrip()[:1].islower():
        before = sentence_ends(text, 0, marks[0][0]) or clause_ends(text, 0, marks[0][0])
        start = before[0] if before else 0
    if not is_ended(text):
        behind = sentence_ends(text, marks[-1][1], end) or clause_ends(text, marks[-1][1], end)
        end = behind[-1] if behind else end
    return start, end


def _needed(edges: Sequence[int], first: int, last: int, last_mark: int) -> int:
    """The edge at which a stretch may end: behind where its last mark begins, and not much too short."""
    needed = bisect_right(edges, last_mark)
    while needed < last and edges[needed] - edges[first] < TARGET_CHARS // 2:
        needed += 1
    return min(needed, last)


def _cut(text: str, start: int, end: int, window: tuple[int, int], marks: Marks) -> tuple[int, int, int, int]:
    """A window of marks with what is around it, from clause to clause where that fits, else from word to word."""
    (left, _), (_, right) = marks[window[0]], marks[window[1] - 1]
    longest = MAX_CHARS - len("…  …")
    left = _edge_before(text, max(start, right - longest), left, start)
    right = _edge_after(text, right, min(end, left + longest), end)
    return left, right, bisect_left(marks, (left, 0)), bisect_right(marks, right, key=itemgetter(1))


def _fullest(marks: Marks, numbers: Sequence[int]) -> tuple[tuple[int, int], int]:
    """Of the marks those that fit into WINDOW_CHARS with the most different words (the first one, and behind the last
    one), and how many these are; of equal ones the first."""
    fullest, most, behind = (0, 1), 0, 1
    for first, (start, _) in enumerate(marks):
        if most >= len(marks) - first:
            break
        while behind < len(marks) and marks[behind][1] - start <= WINDOW_CHARS:
            behind += 1
        different = len(set(numbers[first:behind]))
        if different > most:
            fullest, most = (first, behind), different
    return fullest, most


def _edge_before(text: str, earliest: int, latest: int, start: int) -> int:
    """Where to begin, between two places: with the nearest sentence or clause, else with a word."""
    edges = [*([start] if earliest <= start else []), *sentence_ends(text, earliest, latest)]
    edges = edges or clause_ends(text, earliest, latest)
    if edges:
        return edges[-1]
    space = _SPACES.search(text, max(earliest, latest - 40), latest)
    return space.end() if space else latest


def _edge_after(text: str, earliest: int, latest: int, end: int) -> int:
    """Where to end, between two places: with the furthest sentence or clause, else with a word."""
    if latest >= end:
        return end
    if edges := sentence_ends(text, earliest, latest) or clause_ends(text, earliest, latest):
        return edges[-1]
    space = text.rfind(" ", earliest, latest + 1)
    return space if space > 0 else latest


def _is_prose(text: str) -> bool:
    """Whether it reads like sentences, and not like a table, a list of contents or a reference."""
    return text[-1:] in ".!?…。！？”’)" and _digits(text) * 3 <= text.count(" ") + 1


def _digits(text: str) -> int:
    if not text.isascii():
        return len(_DIGIT.findall(text))
    return len(text) - len(text.encode("ascii").translate(None, b"0123456789"))


def _folded(text: str, start: int, end: int, marks: Marks) -> tuple[str, tuple[Span, ...]]:
    """The stretch with white space folded to single spaces and "…" where it was cut, and the marks moved along."""
    stretch = text[start:end].replace("\n", " ").replace("\t", " ")
    before = "… " if start and _is_cut_before(text, start) else ""
    behind = " …" if end < len(text) and text[end] != "\n" and not is_ended(stretch) else ""
    spans = _joined(marks, text)
    if stretch.isprintable() and "  " not in stretch:  # as most are: no other white space is printable
        trimmed = stretch.lstrip()
        moved = len(before) - start - (len(stretch) - len(trimmed))
        whole = f"{before}{trimmed.rstrip()}{behind}"
        return whole, tuple([Span(first + moved, last + moved) for first, last in spans])
    whole, last = before, start
    moved_spans: list[Span] = []
    for first, behind_mark in spans:
        piece = _with_single_spaces(text[last:first])
        whole += piece if moved_spans else piece.lstrip()
        marked = _with_single_spaces(text[first:behind_mark])
        moved_spans.append(Span(len(whole), len(whole) + len(marked)))
        whole += marked
        last = behind_mark
    piece = _with_single_spaces(text[last:end].rstrip())
    return whole + (piece if spans else piece.lstrip()) + behind, tuple(moved_spans)


def _with_single_spaces(text: str) -> str:
    folded = text.replace("\n", " ").replace("\t", " ")
    if not folded.isprintable():
        return _SPACES.sub(" ", text)
    while "  " in folded:
        folded = folded.replace("  ", " ")
    return folded


def _is_cut_before(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return bool(before) and before[-1] not in ".!?…\"'”’)]\n。！？"


def _joined(marks: Marks, text: str) -> list[tuple[int, int]]:
    """Where the marks begin and end; those that overlap, or have at most spaces and hyphens between them, as one."""
    joined = []
    first, last = marks[0]
    for start, end in marks[1:]:
        between = text[last:start]
        if between != " " and between.strip(_BETWEEN):
            joined.append((first, last))
            first = start
        last = end
    joined.append((first, last))
    return joined
