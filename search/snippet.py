"""Which passages of a report show that it answers the query: fragment, score, choose. No markup here.

A fragment is one or two whole sentences around matches. It is worth the idf of the distinct query terms in it, and
more where they stand near each other (the shortest stretch that holds them all) or where a whole phrase stands. The
fragments chosen for one report come from different places, each preferred for terms that the others lack.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reportsearch.indexer.analysis import surfaces
from reportsearch.indexer.report import Page

from .marker import Marker, Match
from .results import Span

__all__ = ["Fragment", "choose"]

TARGET_CHARS = 240
"""About what two lines of a screen hold; a fragment is extended while it is shorter than half of it."""
MAX_CHARS = 360
_TITLE_AGAIN = 0.3  # worth of a passage that holds the report's title
_PROSE = 1.3  # how much more a passage of sentences is worth than a table or a list of contents

# After . ! ? and what closes them, before a capital, digit or opening mark; or at an empty line.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])|\n[ \t]*\n\s*|(?<=[。！？])")
_SPACE = re.compile(r"\s+")


_Stretch = tuple[int, int, list[Match]]
"""Characters of a text from and to, and the matches between them."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A passage of one page: its text with white space folded, what is to be marked, and its worth."""

    page: Page
    text: str
    marks: tuple[Span, ...]
    terms: frozenset[str]
    heading: str
    score: float


def choose(
    pages: Sequence[Page], marker: Marker, idf: Callable[[str], float], *, title: str = "", limit: int = 3
) -> tuple[Fragment, ...]:
    """The best fragments of a report, best first; empty where no page has a word of the query.

    A passage that repeats the report's `title` is worth less: the reader sees the title anyway.
    """
    candidates = sorted(_fragments(pages, marker, idf, title), key=lambda fragment: -fragment.score)
    chosen: list[Fragment] = []
    covered: set[str] = set()
    while candidates and len(chosen) < limit:
        best = max(candidates, key=lambda fragment: _gain(fragment, covered, idf))
        chosen.append(best)
        covered |= best.terms
        taken = {(fragment.page.file, fragment.page.number) for fragment in chosen if fragment.page.number is not None}
        candidates = [
            other
            for other in candidates
            if other is not best
            and (other.page.file, other.page.number) not in taken
            and other.text not in {fragment.text for fragment in chosen}
        ]
    return tuple(chosen)


def _gain(fragment: Fragment, covered: set[str], idf: Callable[[str], float]) -> float:
    return fragment.score + sum(idf(term) for term in fragment.terms - covered)


def _fragments(pages: Sequence[Page], marker: Marker, idf: Callable[[str], float], title: str) -> Iterator[Fragment]:
    heading, file = "", -1
    for page in pages:
        if page.file != file:
            heading, file = "", page.file
        matches = marker.matches(page.text, marker.surfaces(page.text))
        if matches:
            headings = _heading_places(page)
            for stretch in _stretches(page.text, matches, headings):
                start, end, inside = _below_heading(stretch, headings)
                above = _heading_at(headings, inside[0].start, heading)
                fragment = _fragment(page, start, end, inside, above, idf)
                repeats = bool(title) and _words_of(title) in _words_of(fragment.text)
                yield replace(fragment, score=fragment.score * _TITLE_AGAIN) if repeats else fragment
        if page.headings:
            heading = page.headings[-1]


def _words_of(text: str) -> str:
    return " ".join(surfaces(text))


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading in the text of a page; one whose words are not found there begins, and ends, where the last one did."""

    start: int
    end: int
    title: str


def _heading_places(page: Page) -> list[_Heading]:
    """The headings that begin on the page, in reading order."""
    places, position = [], 0
    for title in page.headings:
        found = page.text.find(title, position)
        start = found if found >= 0 else position
        position = start + len(title) if found >= 0 else position
        places.append(_Heading(start, position, title))
    return places


def _below_heading(stretch: _Stretch, headings: Sequence[_Heading]) -> _Stretch:
    """The stretch without the heading that it begins with, which is shown above it, if a match is left."""
    start, end, inside = stretch
    for heading in headings:
        below = [match for match in inside if match.start >= heading.end]
        if heading.start <= start < heading.end and below:
            start, inside = heading.end, below
    return start, end, inside


def _heading_at(places: Sequence[_Heading], position: int, before: str) -> str:
    number = bisect_right([place.start for place in places], position)
    return places[number - 1].title if number else before


def _stretches(text: str, matches: Sequence[Match], headings: Sequence[_Heading]) -> Iterator[_Stretch]:
    """Sentences that hold a match, extended to a readable length, each with its matches. A heading is a sentence."""
    around = {edge for heading in headings for edge in (heading.start, heading.end)}
    edges = sorted({0, len(text), *around, *(end.end() for end in _SENTENCE_END.finditer(text))})
    sentences = [(start, end) for start, end in pairwise(edges) if text[start:end].strip()]
    starts = [start for start, _ in sentences]
    done = -1
    for number in sorted({bisect_right(starts, match.start) - 1 for match in matches}):
        if number <= done:
            continue
        start, end = sentences[number]
        done = number
        while (
            done + 1 < len(sentences) and end - start < TARGET_CHARS // 2 and sentences[done + 1][1] - start < MAX_CHARS
        ):
            done += 1
            end = sentences[done][1]
        inside = [match for match in matches if start <= match.start < end]
        yield _cut(text, start, end, inside)


def _cut(text: str, start: int, end: int, inside: list[Match]) -> _Stretch:
    """The stretch, or of a long one the window with the most distinct terms, cut between words."""
    if end - start <= MAX_CHARS:
        return start, end, inside
    first, last = max(
        _windows(inside, MAX_CHARS - 80),
        key=lambda window: len({match.term for match in inside[slice(*window)]}),
    )
    room = (MAX_CHARS - 40 - (inside[last - 1].end - inside[first].start)) // 2
    left = _word_edge(text, max(start, inside[first].start - max(room, 0)), start, inside[first].start)
    right_limit = min(end, inside[last - 1].end + max(room, 0))
    right = text.rfind(" ", inside[last - 1].end, right_limit + 1) if right_limit < end else end
    right = right if right > 0 else right_limit
    return left, right, [match for match in inside if left <= match.start and match.end <= right]


def _windows(inside: Sequence[Match], width: int) -> Iterator[tuple[int, int]]:
    """Slices of matches that fit into `width` characters, one for each first match."""
    last = 0
    for first, match in enumerate(inside):
        last = max(last, first + 1)
        while last < len(inside) and inside[last].end - match.start <= width:
            last += 1
        yield first, last


def _word_edge(text: str, position: int, start: int, limit: int) -> int:
    if position <= start:
        return start
    space = re.compile(r"\s").search(text, position, limit)
    return space.end() if space else position


def _fragment(
    page: Page, start: int, end: int, inside: Sequence[Match], heading: str, idf: Callable[[str], float]
) -> Fragment:
    text, marks = _folded(page.text, start, end, inside)
    found = frozenset(match.term for match in inside)
    whole = sum(idf(term) for term in found)
    near = whole * 20 / (20 + _shortest_span(inside, found)) if len(found) > 1 else 0.0
    phrase = whole if any(match.in_phrase for match in inside) else 0.0
    repeated = 0.05 * min(len(inside), 10)
    worth = (whole + near + phrase + repeated) * (_PROSE if _is_prose(text) else 1.0)
    return Fragment(page, text, tuple(marks), found, heading, worth)


def _is_prose(text: str) -> bool:
    """Whether it reads like sentences, and not like a table, a list of contents or a reference."""
    words = text.split()
    numbers = sum(any(char.isdigit() for char in word) for word in words)
    return text.rstrip()[-1:] in ".!?…。！？”’)" and numbers * 6 <= len(words)


def _shortest_span(inside: Sequence[Match], wanted: Iterable[str]) -> int:
    """Characters between the ends of the shortest stretch that holds every term."""
    missing, counts = len(set(wanted)), dict.fromkeys(wanted, 0)
    shortest, first = inside[-1].end - inside[0].start, 0
    for match in inside:
        missing -= counts[match.term] == 0
        counts[match.term] += 1
        while missing == 0:
            shortest = min(shortest, match.end - inside[first].start)
            counts[inside[first].term] -= 1
            missing += counts[inside[first].term] == 0
            first += 1
    return shortest


def _folded(text: str, start: int, end: int, inside: Sequence[Match]) -> tuple[str, list[Span]]:
    """The stretch with white space folded to single spaces and "…" where it was cut, and the marks moved along."""
    pieces: list[str] = []
    length, last, marks = 0, start, []

    def append(piece: str) -> None:
        nonlocal length
        folded = _SPACE.sub(" ", piece)
        if not length:
            folded = folded.lstrip()
        pieces.append(folded)
        length += len(folded)

    if _is_cut_before(text, start):
        append("… ")
    for match in inside:
        append(text[last : match.start])
        marks.append(Span(length, length + match.end - match.start))
        append(text[match.start : match.end])
        last = match.end
    append(text[last:end].rstrip())
    if (
        end < len(text)
        and not re.search(r"[.!?…。！？][\"'”’)\]]*\s*$", text[start:end])
        and text[end : end + 1] != "\n"
    ):
        append(" …")
    return "".join(pieces), _joined(marks, "".join(pieces))


def _is_cut_before(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return bool(before) and before[-1] not in ".!?…\"'”’)]\n。！？"


def _joined(marks: Sequence[Span], text: str) -> list[Span]:
    """Marks with nothing but spaces or hyphens between them as one."""
    joined: list[Span] = []
    for mark in marks:
        if joined and not text[joined[-1].end : mark.start].strip(" -‐‑–"):
            joined[-1] = Span(joined[-1].start, mark.end)
        else:
            joined.append(mark)
    return joined
