"""Passages → snippets: of each passage the sentences that say it, of all the best. No markup here.

A fragment is a few whole sentences around the marked words. It is worth what its passage is worth to the engine, more
where it reads like prose than like a table, and less where it only repeats the report's title.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from .engine import Mark, Passage
from .results import Span

__all__ = ["MAX_CHARS", "Fragment", "choose"]

TARGET_CHARS = 240
"""About what two lines of a screen hold; a fragment is extended while it is shorter than half of it."""
MAX_CHARS = 360
WINDOW_CHARS = 280
"""What is marked stands in so many at most; the rest is for where a clause begins and ends."""
_TITLE_AGAIN = 0.3  # worth of a passage that holds the report's title
_PROSE = 1.3  # how much more a passage of sentences is worth than a table or a list of contents

# Each begins with the characters that it may begin with, which `re` looks for quickly.
# . ! ? and what closes them, before a capital, digit or opening mark; or an empty line.
_SENTENCE_END = re.compile(
    r"[.!?…\n。！？](?:(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])|(?<=\n)[ \t]*\n\s*|(?<=[。！？]))"
)
# a line that goes on with a small letter is only a broken one
_CLAUSE_END = re.compile(r"[,;:–—\n](?:(?<!\n)\s+|(?<=\n)\s*(?![a-zß-öø-ÿ\s]))")
_ENDS, _CLOSING = (".", "!", "?", "…", "。", "！", "？"), "\"'”’)]"
_BETWEEN = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "-‐‑–"
"""What does not part marks that are shown as one."""
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"\s+")


class Fragment(NamedTuple):
    """A piece of a passage: its text with white space folded, what is to be marked there, and of the passage's own
    marks those that are in it."""

    passage: Passage
    text: str
    marks: tuple[Span, ...]
    inside: Sequence[Mark]

    @property
    def numbers(self) -> frozenset[int]:
        """Which of the query's words and phrases are in it."""
        return frozenset([mark.number for mark in self.inside])

    def worth(self, title: str) -> float:
        """What it is worth below the title of its report."""
        worth = self.passage.worth * (_PROSE if _is_prose(self.text) else 1.0)
        return worth * _TITLE_AGAIN if title and title.casefold() in self.text.casefold() else worth


def choose(passages: Sequence[Passage], *, title: str = "", limit: int = 3) -> tuple[Fragment, ...]:
    """The best fragments, best first, each from another page, those first that show words which the others lack."""
    fragments = [_fragment(passage) for passage in passages if passage.marks]
    if len(fragments) < 2:
        return tuple(fragments[:limit])
    candidates = sorted([(-fragment.worth(title), fragment) for fragment in fragments], key=itemgetter(0))
    chosen: list[Fragment] = []
    covered: frozenset[int] = frozenset()
    while candidates and len(chosen) < limit:
        _, best = next((each for each in candidates if each[1].numbers - covered), candidates[0])
        chosen.append(best)
        covered |= best.numbers
        candidates = [each for each in candidates if each[1] is not best and not _is_like(best, each[1])]
    return tuple(chosen)


def _is_like(one: Fragment, other: Fragment) -> bool:
    """Whether two fragments are from one page of a file, or say the same."""
    page = one.passage.page
    same_page = page is not None and (page, one.passage.file) == (other.passage.page, other.passage.file)
    return same_page or one.text == other.text


def _fragment(passage: Passage) -> Fragment:
    passage = _below_heading(passage)
    start, end, marks = _best_stretch(passage.text, passage.marks)
    text, spans = _folded(passage.text, start, end, marks)
    return Fragment(passage, text, spans, marks)


def _below_heading(passage: Passage) -> Passage:
    """The passage without the heading that it begins with, which is shown above it, if a mark is left."""
    title = passage.heading
    if not title or not passage.text.startswith(title):
        return passage
    behind = passage.text[len(title) :]
    below = behind.lstrip()
    if "\n" not in behind[: len(behind) - len(below)]:  # a sentence that begins with the same words
        return passage
    cut = len(passage.text) - len(below)
    marks = tuple(
        mark._replace(start=mark.start - cut, end=mark.end - cut) for mark in passage.marks if mark.start >= cut
    )
    return passage._replace(text=below, marks=marks) if marks else passage


def _best_stretch(text: str, marks: Sequence[Mark]) -> tuple[int, int, list[Mark]]:
    """The run of sentences, not too long, with the most different words, and the most words of phrases; of equal
    ones the nearest together. Clauses where only they show more of the words."""
    start, end = _unbroken(text, marks)
    if end - start <= MAX_CHARS:
        return start, end, list(marks)
    edges = [start, *_ends(_SENTENCE_END, text, start, end)]
    if edges[-1] != end:
        edges.append(end)
    begins = [mark.start for mark in marks]
    numbers = [mark.number for mark in marks]
    best, best_key = (0, 1, marks), (-1, 0, 0)
    before = -1
    for number, begin in enumerate(begins):
        first = bisect_right(edges, begin) - 1
        if first == before:
            continue
        if best_key[0] > len(begins) - number:
            break  # there are not as many left
        before = first
        last = max(first + 1, bisect_right(edges, edges[first] + MAX_CHARS) - 1)
        behind = bisect_left(begins, edges[last])
        different = len(set(numbers[number:behind])) if edges[last] - edges[first] <= MAX_CHARS else 0
        if different < best_key[0]:
            continue
        key = different, _words_of_phrases(text, marks[number:behind]), begin - begins[behind - 1]
        if key > best_key:
            best_key, best = key, (first, last, marks[number:behind])
    if best_key[0] < len(numbers) and best_key[0] < len(set(numbers)):
        window, different = _fullest(marks)
        if best_key[0] < different:
            return _cut(text, start, end, window, marks)
    first, last, inside = best
    stop = edges[_needed(edges, first, last, inside)]
    return edges[first], stop, [mark for mark in inside if mark.start < stop]


def _words_of_phrases(text: str, marks: Sequence[Mark]) -> int:
    """How many different words of phrases are marked."""
    return len({text[start:end].casefold() for start, end, _, in_phrase in marks if in_phrase})


def _unbroken(text: str, marks: Sequence[Mark]) -> tuple[int, int]:
    """The text without the rest of a sentence that began before it, on another page perhaps, and without the beginning
    of one that goes on behind it; as far as nothing is marked there."""
    start, end = 0, len(text)
    if text.lstrip()[:1].islower():
        before = _ends(_SENTENCE_END, text, 0, marks[0].start) or _ends(_CLAUSE_END, text, 0, marks[0].start)
        start = before[0] if before else 0
    if not _is_ended(text):
        behind = _ends(_SENTENCE_END, text, marks[-1].end, end) or _ends(_CLAUSE_END, text, marks[-1].end, end)
        end = behind[-1] if behind else end
    return start, end


def _is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text.rstrip().rstrip(_CLOSING).endswith(_ENDS)


def _ends(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[int]:
    """Where the next sentence or clause begins behind each that ends between two places."""
    return [found.end() for found in pattern.finditer(text, start, end)]


def _needed(edges: Sequence[int], first: int, last: int, marks: Sequence[Mark]) -> int:
    """The edge at which a stretch may end: behind its last mark, and not much too short."""
    needed = bisect_right(edges, marks[-1].start) if marks else last
    while needed < last and edges[needed] - edges[first] < TARGET_CHARS // 2:
        needed += 1
    return min(needed, last)


def _cut(text: str, start: int, end: int, window: Sequence[Mark], marks: Sequence[Mark]) -> tuple[int, int, list[Mark]]:
    """A window of marks with what is around it, from clause to clause where that fits, else from word to word."""
    left, right = window[0].start, window[-1].end
    longest = MAX_CHARS - len("…  …")
    left = _edge_before(text, max(start, right - longest), left, start)
    right = _edge_after(text, right, min(end, left + longest), end)
    return left, right, [mark for mark in marks if left <= mark.start and mark.end <= right]


def _fullest(marks: Sequence[Mark]) -> tuple[Sequence[Mark], int]:
    """Of the marks those that fit into WINDOW_CHARS with the most different words, and how many these are; of equal
    ones the first."""
    numbers = [mark.number for mark in marks]
    fullest, most, behind = marks[:1], 0, 1
    for first, mark in enumerate(marks):
        if most >= len(marks) - first:
            break
        while behind < len(marks) and marks[behind].end - mark.start <= WINDOW_CHARS:
            behind += 1
        different = len(set(numbers[first:behind]))
        if different > most:
            fullest, most = marks[first:behind], different
    return fullest, most


def _edge_before(text: str, earliest: int, latest: int, start: int) -> int:
    """Where to begin, between two places: with the nearest sentence or clause, else with a word."""
    edges = [*([start] if earliest <= start else []), *_ends(_SENTENCE_END, text, earliest, latest)]
    edges = edges or _ends(_CLAUSE_END, text, earliest, latest)
    if edges:
        return edges[-1]
    space = _SPACES.search(text, max(earliest, latest - 40), latest)
    return space.end() if space else latest


def _edge_after(text: str, earliest: int, latest: int, end: int) -> int:
    """Where to end, between two places: with the furthest sentence or clause, else with a word."""
    if latest >= end:
        return end
    for pattern in (_SENTENCE_END, _CLAUSE_END):
        edges = [found.start() + 1 for found in pattern.finditer(text, earliest, latest)]
        if edges:
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


def _folded(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[str, tuple[Span, ...]]:
    """The stretch with white space folded to single spaces and "…" where it was cut, and the marks moved along."""
    stretch = text[start:end].replace("\n", " ").replace("\t", " ")
    before = "… " if start and _is_cut_before(text, start) else ""
    behind = " …" if end < len(text) and text[end] != "\n" and not _is_ended(stretch) else ""
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


def _joined(marks: Sequence[Mark], text: str) -> list[tuple[int, int]]:
    """Where the marks begin and end; those that overlap, or have at most spaces and hyphens between them, as one."""
    joined: list[tuple[int, int]] = []
    for start, end, _, _ in marks:
        if joined and not text[joined[-1][1] : start].strip(_BETWEEN):
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
