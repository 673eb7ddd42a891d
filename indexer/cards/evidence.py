"""What a page holds that makes a card: links, headings, lines that stand out, prose and dates, by place."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, pairwise

from .anchors import Anchor
from .dates import is_date
from .outline import BLOCKS, HEADINGS, Outline, squeeze
from .phrases import DATE_WORDS, TITLE_WORDS, is_generic

__all__ = ["Evidence", "Span", "between", "read_evidence", "short_text"]

_MAX_LINKS = 40  # looked at in one member of a group; a card with more is no card
_MAX_TITLE_CHARS = 400


@dataclass(frozen=True, slots=True)
class Span:
    """One member of a group: the nodes `start … end - 1`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page holds that makes a card, by place.

    `headings` are real ones, `titles` other elements that stand out as titles do; both ascend. `prose` and `dates`
    count characters outside of links, and dates, before each node.
    """

    page: Outline
    anchors: Mapping[int, Anchor]
    own: Sequence[int]  # links that can be a card's own, ascending
    headings: Sequence[int]
    titles: Sequence[int]
    prose: Sequence[int]
    dates: Sequence[int]

    def titles_in(self, span: Span) -> Sequence[int]:
        """The headings of a member, else what stands out as a title."""
        for places in (self.headings, self.titles):
            found = between(places, span)
            if found:
                return found
        return ()

    def own_links(self, span: Span) -> Sequence[int]:
        return between(self.own, span)[:_MAX_LINKS]

    def link_of(self, title: int, until: int) -> int | None:
        """The link that a title has in it or around it, else the next one before `until`."""
        around = self.page.links[title]
        if around >= 0 and around in self.anchors:
            return around
        at = bisect_left(self.own, title)
        return self.own[at] if at < len(self.own) and self.own[at] < until else None


def read_evidence(page: Outline, anchors: Mapping[int, Anchor], chosen: Set[int] = frozenset()) -> Evidence:
    """What makes cards on a page; `chosen` are the titles that settings name, and then the only ones."""
    headings = sorted(chosen) if chosen else _headings(page)
    titles = [] if chosen else [i for i in range(len(page.names)) if _stands_out(page, i)]
    return Evidence(
        page=page,
        anchors=anchors,
        own=[place for place, anchor in anchors.items() if anchor.is_own],
        headings=headings,
        titles=titles,
        prose=list(accumulate(_prose_chars(page, anchors), initial=0)),
        dates=list(accumulate((_is_date_node(page, i) for i in range(len(page.names))), initial=0)),
    )


def _headings(page: Outline) -> list[int]:
    """The headings that can be a report's title: not years, not "Read more", not the one <h1> of the page."""
    found = [i for i, name in enumerate(page.names) if name in HEADINGS]
    first = [i for i in found if page.names[i] == "h1"]
    if len(first) == 1 and page.links[first[0]] < 0 and not page.anchors_in(first[0], page.ends[first[0]]):
        found.remove(first[0])
    texts = {i: short_text(page, i) for i in found}
    found = [i for i in found if texts[i] and not is_generic(texts[i]) and not is_date(texts[i])]
    below = _subtitles(page, found, texts)
    return [i for i in found if i not in below]


def _subtitles(page: Outline, headings: Sequence[int], texts: Mapping[int, str]) -> Set[int]:
    """The headings that only go on from the one above them: those of a shape of which each follows a title of its own.

    The sections of a list differ: their headings have several titles below them, and kinds ("Report") recur.
    """
    titles = defaultdict[int, list[int]](list)  # by the shape of what follows them; -1 for what is no title
    for above, below in pairwise((-1, *headings)):
        titles[page.shapes[below]].append(above if above >= 0 and _goes_on(page, above, below) else -1)
    shapes = {
        shape
        for shape, above in titles.items()
        if len(above) > 1 and -1 not in above and len({texts[i] for i in above}) == len(above)
    }
    return {i for i in headings if page.shapes[i] in shapes}


def _goes_on(page: Outline, above: int, below: int) -> bool:
    """Whether a heading without a link stands directly below one of a higher level."""
    return (
        page.names[above] < page.names[below]
        and page.parents[above] == page.parents[below]
        and page.links[below] < 0
        and not page.anchors_in(below, page.ends[below])
        and not any(text.strip() for text in page.texts[page.ends[above] : below])
    )


def _prose_chars(page: Outline, anchors: Mapping[int, Anchor]) -> Iterator[int]:
    """For each node the characters of text outside of links; a link around a whole card is none."""
    for i, text in enumerate(page.texts):
        if not text:
            yield 0
            continue
        link = page.links[i]
        if page.names[page.parents[i]] in ("th", "caption"):
            yield 0
            continue
        yield len(text.strip()) if link < 0 or _is_wrapper(page, link, anchors) else 0


def _is_wrapper(page: Outline, link: int, anchors: Mapping[int, Anchor]) -> bool:
    if page.ends[link] <= link + 2:
        return False
    anchor = anchors.get(link)
    return any(name in BLOCKS for name in page.names[link + 1 : min(page.ends[link], link + 40)]) or (
        anchor is not None and len(anchor.text) > 200
    )


def between(places: Sequence[int], span: Span) -> Sequence[int]:
    return places[bisect_left(places, span.start) : bisect_left(places, span.end)]


def short_text(page: Outline, i: int) -> str:
    end = page.ends[i]
    if end - i > 50:
        return ""
    return page.text(i, end)


def _stands_out(page: Outline, i: int) -> bool:
    """Whether an element that is no heading looks like the title of something."""
    name = page.names[i]
    if name in ("b", "strong"):
        return _is_bold_line(page, i)
    if not name or name in HEADINGS or name in ("a", "body", "html", "table", "tr", "ul", "ol", "article", "section"):
        return False
    tag = page.tags[i]
    if name == "dt" or (tag is not None and tag.get("role") == "heading"):
        return True
    words = page.words_of(i)
    return bool(words) and words[-1] in TITLE_WORDS and 0 < len(short_text(page, i)) < _MAX_TITLE_CHARS


def _is_bold_line(page: Outline, i: int) -> bool:
    """Whether bold text stands on a line of its own, and is no label ("Author:")."""
    text = short_text(page, i)
    if not 3 < len(text) < _MAX_TITLE_CHARS or text.endswith(":") or is_date(text) or is_generic(text):
        return False
    start, end = i, page.ends[i]
    while page.parents[start] >= 0 and page.names[page.parents[start]] not in BLOCKS:
        start = page.parents[start]
        end = page.ends[start]
    return _breaks_before(page, start) and _breaks_after(page, end, page.ends[page.parents[start]])


def _breaks_before(page: Outline, place: int) -> bool:
    for before in range(place - 1, max(-1, place - 20), -1):
        if page.texts[before].strip():
            return page.blocks[before] != page.blocks[place]
        if page.names[before] in BLOCKS:
            return True
    return False


def _breaks_after(page: Outline, after: int, end: int) -> bool:
    while after < end and page.tags[after] is None and not page.texts[after].strip():
        after += 1
    return after >= end or page.names[after] in BLOCKS or page.names[after] == "a"


def _is_date_node(page: Outline, i: int) -> bool:
    if page.names[i] == "time":
        return True
    if page.texts[i]:
        return is_date(squeeze(page.texts[i])) if len(page.texts[i]) < 120 else False
    return page.names[i] in ("span", "div", "p", "td") and not DATE_WORDS.isdisjoint(page.words_of(i))
