"""The repeated structure of a page whose members look most like reports.

A group is either the elements of one shape (all the `<li>` of like lists) or the stretches of siblings that begin with
like elements (each `<h3>` up to the next). Every group is scored by what its members are worth on average, times the
logarithm of their number: ten cards with title, text and link beat thirty menu entries, and one card beats none.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from .anchors import Anchor, Role
from .dates import is_date
from .evidence import Evidence, Span, between, short_text
from .outline import BLOCKS, HEADINGS, Outline
from .phrases import CARD_WORDS

__all__ = ["best_group", "link_worth"]

_MAX_LINKS = 40  # looked at in one member; a card with more is no card
_MAX_KEYS = 8  # ways to cut one row of siblings


def best_group(evidence: Evidence, least_quality: float) -> Sequence[Span]:
    """The members of the best group, in document order, with those of its like elsewhere; empty where none will do."""
    groups = {**_element_groups(evidence), **_sibling_groups(evidence)}
    scored = [group for key, spans in groups.items() if (group := _rate(key, spans, evidence)) is not None]
    scored = [group for group in scored if group.quality >= least_quality]
    if not scored:
        return ()
    best = max(scored, key=lambda group: (round(group.score, 6), _extent(group.spans)))
    return _with_like_groups(best, scored)


_Key: TypeAlias = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class _Group:
    key: _Key  # what its members are, the shape where they are, what begins them
    spans: list[Span]
    quality: float  # of a member on average
    score: float


def _extent(spans: Sequence[Span]) -> int:
    """Of equal groups the one with the larger members, which hold topics and dates too; of single cards the smaller,
    which holds nothing else."""
    size = spans[0].end - spans[0].start
    return size if len(spans) > 1 else -size


def _element_groups(evidence: Evidence) -> dict[_Key, list[Span]]:
    """Elements with a link in them, by shape."""
    page, groups = evidence.page, defaultdict[_Key, list[Span]](list)
    for i, shape in enumerate(page.shapes):
        if shape < 0 or page.links[i] not in (-1, i):
            continue
        at = bisect_left(evidence.own, i)
        if at < len(evidence.own) and evidence.own[at] < page.ends[i]:
            groups["element", shape, page.kinds[i]].append(Span(i, page.ends[i]))
    return groups


def _sibling_groups(evidence: Evidence) -> dict[_Key, list[Span]]:
    """Stretches of siblings, by the shape of their parent and what begins them."""
    page, groups = evidence.page, defaultdict[_Key, list[Span]](list)
    for parent, shape in enumerate(page.shapes):
        if shape < 0 or page.links[parent] >= 0 or not between(evidence.own, Span(parent, page.ends[parent])):
            continue
        children = [child for child in page.children(parent) if page.tags[child] is not None]
        if len(children) < 2:
            continue
        keys = [_sibling_key(page, child) for child in children]
        for key, count in Counter(keys).most_common(_MAX_KEYS):
            if count < len(keys) and (count > 1 or key[:2] in HEADINGS or key.endswith((">b", ">strong"))):
                groups["siblings", shape, key].extend(_stretches(page, children, keys, key, page.ends[parent]))
    return groups


def _sibling_key(page: Outline, child: int) -> str:
    """The child's kind, and the tag that holds all of its text: a `<p>` that is all `<strong>` begins a card."""
    inner = child + 1
    while inner < page.ends[child] and page.tags[inner] is None and not page.texts[inner].strip():
        inner += 1
    if inner < page.ends[child] and page.tags[inner] is not None and page.names[inner] not in BLOCKS:
        rest = page.texts[page.ends[inner] : page.ends[child]]
        if not any(text.strip() for text in rest):
            return f"{page.kinds[child]}>{page.names[inner]}"
    return page.kinds[child]


def _stretches(page: Outline, children: Sequence[int], keys: Sequence[str], key: str, end: int) -> Iterator[Span]:
    """From each child with `key` to the next one, to a heading above its level, or to the end.

    The last is no longer than the longest before it: what follows the last card is none of it.
    """
    level = key[:2] if key[:2] in HEADINGS else "h9"
    bounds = [n for n, other in enumerate(keys) if other == key or (other[:2] in HEADINGS and other[:2] < level)]
    if (first := keys.index(key)) and _is_date_line(page, children[first - 1]):  # then each has its date before it
        bounds = [n - 1 if n and _is_date_line(page, children[n - 1]) else n for n in bounds]
        begins = {n for n in bounds if key in (keys[n], keys[min(n + 1, len(keys) - 1)])}
    else:
        begins = {n for n, other in enumerate(keys) if other == key}
    bounds.append(len(keys))
    pairs = [(one, following) for one, following in pairwise(bounds) if one in begins]
    longest = max((following - one for one, following in pairs[:-1]), default=len(keys))
    for one, following in pairs:
        last = following if (one, following) != pairs[-1] else min(following, one + longest)
        yield Span(children[one], children[last] if last < len(children) else end)


def _is_date_line(page: Outline, place: int) -> bool:
    return (
        page.names[place] not in HEADINGS
        and page.ends[place] - place < 12
        and is_date(page.text(place, page.ends[place]))
    )


def _rate(key: _Key, spans: list[Span], evidence: Evidence) -> _Group | None:
    """A group with what it is worth; None where no member is worth anything."""
    sample = spans[:: -(-len(spans) // _SAMPLE)]
    qualities = [_quality(span, evidence) for span in sample]
    found = [target for _, target in qualities if target]
    if not any(quality > _GOOD for quality, _ in qualities):
        return None
    mean = sum(quality for quality, _ in qualities) / len(sample)
    if len(spans) == 1 and not evidence.titles_in(spans[0]):
        before = evidence.prose[evidence.own_links(spans[0])[0]] - evidence.prose[spans[0].start]
        mean -= min(0.4, before / 250)
    distinct = len(set(found)) / len(found)
    members = len(spans) * len(set(found)) / len(sample)
    return _Group(key, spans, mean, mean * mean * distinct * math.log2(1 + members))


_SAMPLE = 200  # members of a group that are looked at to rate it
_GOOD = 0.3


def _quality(span: Span, evidence: Evidence) -> tuple[float, str]:
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
    if worth < 0.3 and prose >= 12:
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


def _with_like_groups(best: _Group, scored: Sequence[_Group]) -> Sequence[Span]:
    """The group, and the groups elsewhere on the page whose members are of its kind and as good."""
    members = list(best.spans)
    kind, _, beginning = best.key
    if "." not in beginning and beginning != "article":
        return members  # a bare <li> or <a> may be anything
    for other in sorted(scored, key=lambda group: -group.score)[:_MAX_LIKE]:
        same_kind = other is not best and (other.key[0], other.key[2]) == (kind, beginning)
        if same_kind and other.quality >= 0.8 * best.quality and not _overlap(members, other.spans):
            members.extend(other.spans)
    return sorted(members, key=lambda span: span.start)


_MAX_LIKE = 50


def _overlap(some: Sequence[Span], others: Sequence[Span]) -> bool:
    spans = sorted((*some, *others), key=lambda span: span.start)
    return any(one.end > following.start for one, following in pairwise(spans))
