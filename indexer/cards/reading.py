"""What one card says: title, teaser, link, date, topics, authors and files."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..report import PublicationDate
from .anchors import Role
from .dates import DateReader, is_date
from .evidence import Evidence, Span
from .lines import line, lines, title_line
from .outline import HEADINGS, Outline, squeeze
from .phrases import (
    AUTHOR_WORDS,
    DATE_WORDS,
    SUMMARY_WORDS,
    TOPIC_WORDS,
    is_generic,
    is_label,
    without_lead_in,
)
from .rating import link_worth, says_title
from .tables import Tables

__all__ = ["Card", "CardReader", "Chosen"]

_MAX_TITLE_CHARS = 500
_MAX_SUMMARY_CHARS = 2000
_SHORT_CHARS = 100  # a run of text that is mostly its date
_LEAST_PROSE_CHARS = 20
_MAX_BLOCKS = 40  # looked at in one link
_SAMPLE = 100  # cards that are looked at to tell which of their lines is the title
_BY = re.compile(r"(?:by|par|von|por|di|door|authors?|autor(?:en|es)?|auteurs?)\b[:\s]+(?=\S)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;&]|\band\b|\bund\b|\bet\b|\by\b)\s*")
_NAME = re.compile(r"[^\W\d_][\w.’' -]{1,60}")


@dataclass(frozen=True, slots=True)
class Card:
    """One report as a listing shows it: `link` is absolute and never empty, `files` are the PDFs it links to."""

    title: str
    link: str
    summary: str = ""
    date: PublicationDate | None = None
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The places that the selectors of the settings name; None where there is no selector."""

    title: Sequence[int] | None = None
    summary: Sequence[int] | None = None
    link: Sequence[int] | None = None
    date: Sequence[int] | None = None


class CardReader:
    """Reads the cards of one page."""

    def __init__(self, evidence: Evidence, spans: Sequence[Span], chosen: Chosen, dates: DateReader) -> None:
        self._evidence = evidence
        self._page = evidence.page
        self._chosen = chosen
        self._dates = dates
        self._tables = Tables(evidence.page)
        self._sections = _headings_between(evidence.page, spans)
        self._spans = spans

    def read(self, span: Span) -> Card | None:
        """The card in these nodes; None where it has no title or leads nowhere."""
        title_place = self._title_place(span)
        link = self._link(span, title_place)
        if link is None:
            return None
        anchor = self._evidence.anchors[link]
        if title_place is None and self._is_title(link):
            title_place = link
        marked = self._marked(span)
        title = self._title(span, title_place, link, marked)
        if not title:
            return None
        skipped = frozenset((*marked, *(() if title_place is None else (title_place,))))
        return Card(
            title=title[:_MAX_TITLE_CHARS],
            link=anchor.target,
            summary=self._summary(span, skipped, title)[:_MAX_SUMMARY_CHARS],
            date=self._date(span, title_place),
            topics=self._named(span, Role.TOPIC, TOPIC_WORDS),
            authors=self._authors(span, skipped),
            files=self._files(span),
        )

    # title and link

    def _title_place(self, span: Span) -> int | None:
        chosen = _first_in(self._chosen.title, span)
        if chosen is not None:
            return chosen
        column = self._tables.title_cell(span.start)
        titles = self._evidence.titles_in(span)
        if not titles:
            return column
        for title, following in zip(titles, (*titles[1:], span.end), strict=True):
            if self._evidence.link_of(title, following) is not None:
                return title
        return titles[0]

    def _link(self, span: Span, title: int | None) -> int | None:
        anchors = self._evidence.anchors
        chosen = _first_in(self._chosen.link, span)
        if chosen is not None:
            nearby = [*self._page.anchors_in(chosen, self._page.ends[chosen]), self._page.links[chosen]]
            for place in nearby:
                if place in anchors:
                    return place
        if title is not None:
            link = self._evidence.link_of(title, self._page.ends[title])
            if link is not None:
                return link
        own = self._evidence.own_links(span)
        if not own:
            return None
        if title is not None:
            after = [place for place in own if place > title]
            generic = [place for place in after if anchors[place].role is Role.GENERIC]
            return (generic or after or own)[0]
        return max(own, key=lambda place: (link_worth(anchors[place]), anchors[place].is_pdf, -place))

    def _title(self, span: Span, place: int | None, link: int, marked: frozenset[int]) -> str:
        """The first of these that says something: the title's text, the link's label, the title line, the file."""
        if place is not None:
            text = self._page.text(place, self._page.ends[place])
            text = without_lead_in(text) if is_generic(text) else text
            if text:
                return text
        return self._label(link) or self._unmarked_title(span, link, marked) or self._text_of_target(link)

    def _is_title(self, link: int) -> bool:
        """Whether a link's text is a title: it has the words, and is no whole card of several blocks."""
        anchor = self._evidence.anchors[link]
        return says_title(anchor) and not is_date(anchor.text) and not self._has_blocks(link)

    def _has_blocks(self, place: int) -> bool:
        blocks = (run.block for run in self._page.runs(place, self._page.ends[place]))
        return len(set(islice(blocks, _MAX_BLOCKS))) > 1

    def _unmarked_title(self, span: Span, link: int, marked: frozenset[int]) -> str:
        """The line where the cards of this page have their titles; the longest of a card that has no such line."""
        found = self._lines(span, link, marked)
        at = self._title_line
        return found[at] if at is not None and at < len(found) else max(found, key=len, default="")

    def _lines(self, span: Span, link: int, marked: frozenset[int]) -> list[str]:
        """The lines of a card, or of its link where that says more than "Read more"."""
        if says_title(self._evidence.anchors[link]):
            span = Span(link, self._page.ends[link])
        return [text for text in lines(self._page, span, marked) if not _BY_LINE.fullmatch(text)]

    @cached_property
    def _title_line(self) -> int | None:
        found = []
        for span in self._spans[:_SAMPLE]:
            link = self._link(span, None) if self._title_place(span) is None else None
            if link is not None and not self._is_title(link):
                found.append(self._lines(span, link, self._marked(span)))
        return title_line(found)

    def _label(self, link: int) -> str:
        tag = self._page.tags[link]
        anchor = self._evidence.anchors[link]
        for text in (str(tag.get("aria-label") or ""), str(tag.get("title") or "")) if tag is not None else ():
            label = without_lead_in(squeeze(text))
            if len(label.split()) > 2 and label != anchor.target:
                return label
        return without_lead_in(anchor.text) if anchor.role is Role.GENERIC else ""

    def _text_of_target(self, link: int) -> str:
        anchor = self._evidence.anchors[link]
        if anchor.text and not is_generic(anchor.text):
            return anchor.text
        return squeeze(re.sub(r"[-_+]+", " ", PurePosixPath(unquote(urlsplit(anchor.target).path)).stem))

    # teaser

    def _marked(self, span: Span) -> frozenset[int]:
        """The elements that are something other than teaser: generic links, topics, authors, dates."""
        page, marked = self._page, set[int]()
        for place in page.anchors_in(span.start, span.end):
            anchor = self._evidence.anchors.get(place)
            if anchor is None:
                continue
            if anchor.role is not Role.REPORT and self._is_leaf(place):
                marked.add(place)
        marked.update(place for place in range(span.start, span.end) if self._is_marked(place))
        return frozenset(marked - {span.start})

    def _is_marked(self, place: int) -> bool:
        name = self._page.names[place]
        if name == "time":
            return True
        if not name or name in ("body", "article", "td", "tr", "li", "section"):
            return False
        words = self._page.words_of(place)
        if not words or words[-1] not in DATE_WORDS | TOPIC_WORDS | AUTHOR_WORDS:
            return False
        return self._page.ends[place] - place < 30

    def _is_leaf(self, place: int) -> bool:
        return self._page.ends[place] - place < 20

    def _summary(self, span: Span, skipped: frozenset[int], title: str) -> str:
        chosen = self._chosen.summary
        if chosen is not None:
            places = [place for place in chosen if span.start <= place < span.end]
            return " ".join(self._page.text(place, self._page.ends[place]) for place in places)
        found = self._after_title(span, skipped, title)
        prose = [text for text, is_prose in found if is_prose]
        if sum(map(len, prose)) < _LEAST_PROSE_CHARS:
            prose = [text for text, _ in found]
        return " ".join(dict.fromkeys(prose)).removeprefix(title).strip()

    def _after_title(self, span: Span, skipped: frozenset[int], title: str) -> list[tuple[str, bool]]:
        """The lines that may be teaser, and whether markup says so: those after a title that is a line, if any."""
        found, before = list[tuple[str, bool]](), list[tuple[str, bool]]()
        for run in self._page.runs(span.start, span.end, skipped):
            text = line(self._page, run)
            if text == title and not before:
                before, found = found, []
            elif text and text not in title and not _BY_LINE.fullmatch(text):
                found.append((text, self._is_prose(run.block, span)))
        return found or before

    def _is_prose(self, block: int, span: Span) -> bool:
        while block >= span.start:
            if self._page.names[block] in ("p", "dd") or not SUMMARY_WORDS.isdisjoint(self._page.words_of(block)):
                return True
            block = self._page.parents[block]
        return False

    # the rest

    def _date(self, span: Span, title: int | None) -> PublicationDate | None:
        chosen = self._chosen.date
        if chosen is not None:
            places: Iterator[int] = (place for place in chosen if span.start <= place < span.end)
        else:
            places = self._date_places(span)
        for place in places:
            found = self._date_at(place)
            if found is not None:
                return found
        return None if chosen is not None else self._date_in_lines(span, title) or self._date_of_section(span)

    def _date_places(self, span: Span) -> Iterator[int]:
        page = self._page
        column = self._tables.date_cell(span.start)
        if column is not None:
            yield column
        yield from (i for i in range(span.start, span.end) if page.names[i] == "time")
        for i in range(span.start, span.end):
            words = page.words_of(i) if page.names[i] else ()
            if words and words[-1] in DATE_WORDS and page.ends[i] - i < 30:
                yield i
        yield from (i for i in range(span.start, span.end) if page.texts[i] and is_date(squeeze(page.texts[i])))

    def _date_at(self, place: int) -> PublicationDate | None:
        tag = self._page.tags[place]
        stamp = tag.get("datetime") if tag is not None else None
        if stamp:
            try:
                return PublicationDate.parse(str(stamp))
            except ValueError:
                pass  # the text may say it better
        return self._dates.read(self._page.text(place, self._page.ends[place]))

    def _date_in_lines(self, span: Span, title: int | None) -> PublicationDate | None:
        skipped = frozenset(() if title is None else (title,))
        for run in self._page.runs(span.start, span.end, skipped):
            text = squeeze("".join(self._page.texts[node] for node in run.nodes))
            if len(text) <= _SHORT_CHARS and (found := self._dates.find(text)):
                return found
        return None

    def _date_of_section(self, span: Span) -> PublicationDate | None:
        """The date that the heading above the card gives, as where a list is cut by years."""
        at = bisect_left(self._sections, span.start)
        if at == 0:
            return None
        text = self._page.text(self._sections[at - 1], self._page.ends[self._sections[at - 1]])
        return self._dates.read(text) if is_date(text) else None

    def _named(self, span: Span, role: Role, words: frozenset[str]) -> tuple[str, ...]:
        """The texts of links with a role, and of small elements whose class says the same."""
        page, found = self._page, dict[str, None]()
        for place in page.anchors_in(span.start, span.end):
            anchor = self._evidence.anchors.get(place)
            if anchor is not None and anchor.role is role and anchor.text:
                found[anchor.text] = None
        if found:
            return tuple(found)
        for place in range(span.start + 1, span.end):
            names = page.words_of(place) if page.names[place] else ()
            if names and names[-1] in words and page.ends[place] == place + 2 and page.links[place] < 0:
                text = squeeze(page.texts[place + 1])
                if 1 < len(text) <= 60 and not is_label(text):
                    found[text] = None
        return tuple(found)

    def _authors(self, span: Span, skipped: frozenset[int]) -> tuple[str, ...]:
        named = self._named(span, Role.AUTHOR, AUTHOR_WORDS)
        if named:
            return tuple(dict.fromkeys(_BY.sub("", name, count=1) for name in named))
        for run in self._page.runs(span.start, span.end, skipped):
            text = squeeze("".join(self._page.texts[node] for node in run.nodes))
            if _BY_LINE.fullmatch(text):
                names = _AND.split(_BY.sub("", text, count=1))
                return tuple(name for name in names if _NAME.fullmatch(name))
        return ()

    def _files(self, span: Span) -> tuple[str, ...]:
        page, anchors = self._page, self._evidence.anchors
        places = [*page.anchors_in(span.start, span.end), page.links[span.start]]
        found = (anchors[i].target for i in places if i in anchors and anchors[i].is_pdf)
        return tuple(dict.fromkeys(found))


_BY_LINE = re.compile(r"[Bb]y [A-Z][^.!?:]{2,100}")  # starts a line; sentences end in a full stop


def _headings_between(page: Outline, spans: Sequence[Span]) -> list[int]:
    """The headings and table captions that are in none of the cards, ascending."""
    starts = [span.start for span in spans]
    found = []
    for i, name in enumerate(page.names):
        if name in HEADINGS or name == "caption":
            at = bisect_right(starts, i) - 1
            if at < 0 or spans[at].end <= i:
                found.append(i)
    return found


def _first_in(places: Sequence[int] | None, span: Span) -> int | None:
    return next((place for place in places or () if span.start <= place < span.end), None)
