"""What a member of a group is worth as a card: from 0 for a menu entry to about 2."""

from collections.abc import Sequence

from .anchors import Anchor, Role
from .evidence import Evidence, Span, short_text
from .outline import Outline
from .phrases import CARD_WORDS

__all__ = ["doubt", "link_worth", "member_quality", "says_title"]

_MAX_LINKS = 40  # looked at in one member; a card with more is no card
_MAX_NODES = 200  # before the link of one member


def member_quality(span: Span, evidence: Evidence) -> tuple[float, str]:
    """What one member is worth, from 0 to about 2, and the target of its link."""
    own = evidence.own_links(span)
    if not own:
        return 0.0, ""
    title_worth, chars, target, rivals = _best_title(span, own, evidence)
    prose = evidence.prose[span.end] - evidence.prose[span.start] - chars
    worth = title_worth / (1 + 0.5 * rivals)
    worth += 0.4 * min(1.0, max(0, prose) / 100)
    worth += 0.15 * (evidence.dates[span.end] > evidence.dates[span.start])
    worth += 0.1 * _is_item(evidence.page, span.start)
    worth += 0.1 * any(evidence.anchors[i].role is Role.GENERIC or evidence.anchors[i].is_pdf for i in own[:5])
    others = {evidence.anchors[i].target for i in own if evidence.anchors[i].shared == 1} - {target}
    return worth - min(0.3, 0.02 * len(others)), target


def doubt(span: Span, evidence: Evidence) -> float:
    """What a lone member without a heading loses, up to 0.4: for the text before a link that is its title; where there
    is none, for each line more or less than a title and a teaser."""
    own = evidence.own_links(span)
    if any(says_title(evidence.anchors[place]) for place in own):
        return min(0.4, (evidence.prose[own[0]] - evidence.prose[span.start]) / 250)
    if own[-1] - span.start > _MAX_NODES:
        return 0.4
    return min(0.4, 0.1 * abs(len(list(evidence.page.runs(span.start, own[-1]))) - 2))


def _is_item(page: Outline, place: int) -> bool:
    return page.names[place] in ("article", "li", "tr") or not CARD_WORDS.isdisjoint(page.words_of(place))


def _best_title(span: Span, own: Sequence[int], evidence: Evidence) -> tuple[float, int, str, int]:
    """Worth and length of a member's title, its link's target, and how many other titles stand beside it."""
    titles = evidence.titles_in(span)
    if titles:
        return _title_of_headings(span, titles[:_MAX_LINKS], evidence) or _title_of_links(own, evidence)
    return _title_of_links(own, evidence, prose=evidence.prose[span.end] - evidence.prose[span.start])


def _title_of_headings(span: Span, titles: Sequence[int], evidence: Evidence) -> tuple[float, int, str, int] | None:
    page = evidence.page
    targets: list[str] = []
    first = None
    for title, following in zip(titles, (*titles[1:], span.end), strict=True):
        link = evidence.link_of(title, following)
        if link is not None:
            first = title if first is None else first
            targets.append(evidence.anchors[link].target)
    link = None if targets else evidence.own_links(span)[0]  # above the title, as a picture is
    if link is not None:
        first = titles[0]
        targets.append(evidence.anchors[link].target)
    if first is None:
        return None
    text = short_text(page, first)
    before = evidence.prose[first] - evidence.prose[span.start]
    worth = (0.6, 0.6, 0.8)[min(len(text.split()), 2)] if len(text.split()) < 3 else 1.0
    worth -= _distance(before) + 0.1 * titles.index(first)
    chars = min(len(text), evidence.prose[page.ends[first]] - evidence.prose[first])
    return worth, chars + before, targets[0], len(set(targets)) - 1


def _distance(chars: int) -> float:
    """What text before the title takes off: nothing for a line with date and kind."""
    return min(0.4, max(0, chars - 40) / 250)


def _title_of_links(own: Sequence[int], evidence: Evidence, prose: int = 0) -> tuple[float, int, str, int]:
    anchors = [evidence.anchors[i] for i in own]
    best = max(anchors, key=link_worth)
    worth = link_worth(best)
    rivals = {anchor.target for anchor in anchors if link_worth(anchor) >= 0.8 * worth and anchor.shared < 3}
    if not says_title(best) and prose >= 12:
        return 0.5, 0, best.target, max(0, len(rivals - {best.target}))
    return worth, 0, best.target, len(rivals - {best.target})


def link_worth(anchor: Anchor) -> float:
    """How much a link's text looks like a title, from 0 to 0.75: by its words."""
    if anchor.role is not Role.REPORT:
        return 0.0
    words = len(anchor.text.split())
    if words < 2 and len(anchor.text) > 12 and not anchor.text.isascii():  # scripts without spaces
        words = len(anchor.text) // 4
    return (0.0, 0.1, 0.25, 0.55, 0.65, 0.75)[min(words, 5)]


def says_title(anchor: Anchor) -> bool:
    """Whether a link's text can be a title: three words, as "About us" has not."""
    return link_worth(anchor) >= 0.3
