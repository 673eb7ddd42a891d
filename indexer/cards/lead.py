"""The card that stands before the others in a markup of its own: the newest report, shown large."""

from collections.abc import Sequence, Set
from urllib.parse import urlsplit

from .anchors import Role
from .evidence import Evidence, Span, between
from .outline import HEADINGS
from .rating import member_quality

__all__ = ["lead_card"]

_LEAST_SHARE = 0.8  # of the quality of the other cards
_LINE_CHARS = 60  # "12 reports, newest first" may stand between the first card and the others
_TEASER_CHARS = 40
_SAMPLE = 50  # cards that are looked at to tell where they lead


def lead_card(evidence: Evidence, members: Sequence[Span], quality: float) -> Span | None:
    """What stands directly before the members, where it is a card as good as they are, of one report of their kind."""
    span = _before(evidence, members[0].start) if len(members) > 1 else None
    if span is None or not _is_complete(evidence, span) or not _leads_like(evidence, span, members[:_SAMPLE]):
        return None
    return span if member_quality(span, evidence)[0] >= _LEAST_SHARE * quality else None


def _before(evidence: Evidence, place: int) -> Span | None:
    """The nearest element with more than a line or a heading that ends before a place, beside it or what it is in."""
    page = evidence.page
    while page.parents[place] >= 0:
        parent = page.parents[place]
        for child in reversed([child for child in page.children(parent) if child < place]):
            span = Span(child, page.ends[child])
            if not _is_line(evidence, span):
                return span if page.tags[child] is not None else None
        place = parent
    return None


def _is_line(evidence: Evidence, span: Span) -> bool:
    """Whether a node has no link and little text, or is a heading without a link."""
    if evidence.own_links(span):
        return False
    chars = evidence.prose[span.end] - evidence.prose[span.start]
    return evidence.page.names[span.start] in HEADINGS or chars <= _LINE_CHARS


def _is_complete(evidence: Evidence, span: Span) -> bool:
    """Whether there are a heading, a teaser and, in the heading or as "Read more", a link.

    With less it is the list's own heading, with a feed or a form beside it.
    """
    page, headings = evidence.page, between(evidence.headings, span)
    if not headings or evidence.prose[span.end] - evidence.prose[page.ends[headings[0]]] < _TEASER_CHARS:
        return False
    if evidence.link_of(headings[0], page.ends[headings[0]]) is not None:
        return True
    return any(evidence.anchors[place].role is Role.GENERIC for place in evidence.own_links(span))


def _leads_like(evidence: Evidence, span: Span, members: Sequence[Span]) -> bool:
    """Whether a card leads to one page (or file), which lies where the members lead and is none of theirs."""
    anchors = [evidence.anchors[place] for place in evidence.own_links(span)]
    targets = {anchor.target for anchor in anchors if not anchor.is_pdf} or {anchor.target for anchor in anchors}
    others = {evidence.anchors[place].target for member in members for place in evidence.own_links(member)}
    return len(targets) == 1 and targets.isdisjoint(others) and not _shelves(targets).isdisjoint(_shelves(others))


def _shelves(urls: Set[str]) -> Set[tuple[str, str]]:
    return {_shelf(url) for url in urls}


def _shelf(url: str) -> tuple[str, str]:
    """The host of a URL and the first folder of its path: reports of a kind lie together, "About us" elsewhere."""
    parts = urlsplit(url)
    folder, _, name = parts.path.lstrip("/").partition("/")
    return parts.netloc, folder if name else ""
