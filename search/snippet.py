"""Passages → snippets: of each passage the sentences that say it, of all the best. No markup here.

A fragment is a few whole sentences around the marked words. It is worth what its passage is worth to the engine, more
where it reads like prose than like a table, and less where it only repeats the report's title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .engine import Mark, Passage
from .results import Span

__all__ = ["MAX_CHARS", "Fragment", "choose"]

TARGET_CHARS = 240
"""About what two lines of a screen hold; a fragment is extended while it is shorter than half of it."""
MAX_CHARS = 360
_TITLE_AGAIN = 0.3  # worth of a passage that holds the report's title
_PROSE = 1.3  # how much more a passage of sentences is worth than a table or a list of contents

# . ! ? and what closes them, before a capital, digit or opening mark; or an empty line.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])|\n[ \t]*\n\s*|[。！？]")
_CLAUSE_END = re.compile(r"[,;:–—]\s+|\n\s*")
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*\s*$")
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"\s+")


class Fragment(NamedTuple):
    """A piece of a passage: its text with white space folded, what is to be marked, and its worth.

    `numbers` says which of the query's words and phrases are in it.
    """

    passage: Passage
    text: str
    marks: tuple[Span, ...]
    numbers: frozenset[int]
    worth: float


def choose(passages: Sequence[Passage], *, title: str = "", limit: int = 3) -> tuple[Fragment, ...]:
    """The best fragments, best first, each from another page, those first that show words which the others lack."""
    candidates = [_fragment(passage, title) for passage in passages if passage.marks]
    candidates.sort(key=lambda fragment: -fragment.worth)
    chosen: list[Fragment] = []
    while candidates and len(chosen) < limit:
        covered = frozenset().union(*(fragment.numbers for fragment in chosen)) if chosen else frozenset()
        best = max(candidates, key=lambda fragment: (len(fragment.numbers - covered) > 0, fragment.worth))
        chosen.append(best)
        candidates = [other for other in candidates if other is not best and not _is_like(best, other)]
    return tuple(chosen)


def _is_like(one: Fragment, other: Fragment) -> bool:
    """Whether two fragments are from one page of a file, or say the same."""
    page = one.passage.page
    same_page = page is not None and (page, one.passage.file) == (other.passage.page, other.passage.file)
    return same_page or one.text == other.text


def _fragment(passage: Passage, title: str) -> Fragment:
    start, end, marks = _best_stretch(passage.text, passage.marks)
    text, spans = _folded(passage.text, start, end, marks)
    worth = passage.worth * (_PROSE if _is_prose(text) else 1.0)
    if title and title.casefold() in text.casefold():
        worth *= _TITLE_AGAIN
    return Fragment(passage, text, spans, frozenset(mark.number for mark in marks), worth)


def _best_stretch(text: str, marks: Sequence[Mark]) -> tuple[int, int, list[Mark]]:
    """The run of sentences, not too long, with the most different words; of equal ones the nearest together."""
    if len(text) <= MAX_CHARS:
        return 0, len(text), list(marks)
    edges = [0, *(end.end() for end in _SENTENCE_END.finditer(text) if end.end() < len(text)), len(text)]
    best, best_key = (0, len(text), list(marks)), (-1, 0)
    for first in sorted({bisect_right(edges, mark.start) - 1 for mark in marks}):
        start = edges[first]
        last = first + 1
        while last < len(edges) - 1 and edges[last + 1] - start <= MAX_CHARS:
            last += 1
        inside = [mark for mark in marks if start <= mark.start < edges[last]]
        numbers = len({mark.number for mark in inside})
        key = (numbers, -_spread(inside))
        if key > best_key:
            end = edges[_needed(edges, first, last, inside)]
            best_key, best = key, (start, end, [mark for mark in inside if mark.start < end])
    start, end, inside = best
    return (start, end, inside) if end - start <= MAX_CHARS else _cut(text, start, end, inside)


def _spread(marks: Sequence[Mark]) -> int:
    return marks[-1].start - marks[0].start if marks else 0


def _needed(edges: Sequence[int], first: int, last: int, marks: Sequence[Mark]) -> int:
    """The edge at which a stretch may end: behind its last mark, and not much too short."""
    needed = bisect_right(edges, marks[-1].start) if marks else last
    while needed < last and edges[needed] - edges[first] < TARGET_CHARS // 2:
        needed += 1
    return min(needed, last)


def _cut(text: str, start: int, end: int, marks: list[Mark]) -> tuple[int, int, list[Mark]]:
    """Of a long sentence the window with the most different words, from clause to clause where that fits."""
    first, last = max(
        _windows(marks, MAX_CHARS - 80), key=lambda window: len({m.number for m in marks[slice(*window)]})
    )
    left, right = marks[first].start, marks[last - 1].end
    room = max((MAX_CHARS - 40 - (right - left)) // 2, 0)
    left = _edge_before(text, max(start, left - room), left, start)
    right = _edge_after(text, right, min(end, right + room), end)
    return left, right, [mark for mark in marks if left <= mark.start and mark.end <= right]


def _windows(marks: Sequence[Mark], width: int) -> Iterator[tuple[int, int]]:
    """Slices of marks that fit into `width` characters, one for each first mark."""
    last = 0
    for first, mark in enumerate(marks):
        last = max(last, first + 1)
        while last < len(marks) and marks[last].end - mark.start <= width:
            last += 1
        yield first, last


def _edge_before(text: str, earliest: int, latest: int, start: int) -> int:
    """Where to begin, between two places: with a clause, else with a word."""
    if earliest <= start:
        return start
    clause = _CLAUSE_END.search(text, earliest, latest)
    if clause and clause.end() <= latest:
        return clause.end()
    space = _SPACES.search(text, earliest, latest)
    return space.end() if space else earliest


def _edge_after(text: str, earliest: int, latest: int, end: int) -> int:
    """Where to end, between two places: with a clause, else with a word."""
    if latest >= end:
        return end
    clauses = [clause.start() + 1 for clause in _CLAUSE_END.finditer(text, earliest, latest)]
    if clauses:
        return clauses[-1]
    space = text.rfind(" ", earliest, latest + 1)
    return space if space > 0 else latest


def _is_prose(text: str) -> bool:
    """Whether it reads like sentences, and not like a table, a list of contents or a reference."""
    words = text.count(" ") + 1
    return text[-1:] in ".!?…。！？”’)" and len(_DIGIT.findall(text)) * 3 <= words


def _folded(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[str, tuple[Span, ...]]:
    """The stretch with white space folded to single spaces and "…" where it was cut, and the marks moved along."""
    pieces = ["… "] if _is_cut_before(text, start) else []
    length, last = sum(map(len, pieces)), start
    spans: list[Span] = []
    for edge, mark in (*((mark.start, mark) for mark in marks), (end, None)):
        piece = _with_single_spaces(text[last:edge] if mark else text[last:edge].rstrip())
        piece = piece.lstrip() if length == sum(map(len, pieces[:1])) and not spans else piece
        pieces.append(piece)
        length += len(piece)
        if mark is not None:
            spans.append(Span(length, length + mark.end - mark.start))
            pieces.append(text[mark.start : mark.end])
            length += mark.end - mark.start
            last = mark.end
    if end < len(text) and not _ENDED.search(text[start:end]) and text[end : end + 1] != "\n":
        pieces.append(" …")
    whole = "".join(pieces)
    return whole, tuple(_joined(spans, whole))


def _with_single_spaces(text: str) -> str:
    plain = text.isprintable() and "  " not in text  # as most are: a line feed is not printable
    return text if plain else _SPACES.sub(" ", text)


def _is_cut_before(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return bool(before) and before[-1] not in ".!?…\"'”’)]\n。！？"


def _joined(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """Marks that touch, or have nothing but spaces or hyphens between them, as one."""
    if not spans:
        return
    current = spans[0]
    for following in spans[1:]:
        if not text[current.end : following.start].strip(" -‐‑–"):
            current = Span(current.start, max(current.end, following.end))
        else:
            yield current
            current = following
    yield current
