"""The repeated structure of a page whose members look most like reports.

A group is either the elements of one shape (all the `<li>` of like lists) or the stretches of siblings that begin with
like elements (each `<h3>` up to the next) or end with "Read more". Every group is scored by what its members are worth
on average, times the logarithm of their number: ten cards with title, text and link beat thirty menu entries, and one
card beats none.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from .anchors import Role
from .dates import is_date
from .evidence import Evidence, Span, between, short_text
from .lead import lead_card
from .outline import BLOCKS, HEADINGS, Outline
from .phrases import is_generic
from .rating import doubt, member_quality

__all__ = ["best_group"]

_MAX_KEYS = 8  # ways to cut one row of siblings


def best_group(evidence: Evidence, least_quality: float) -> Sequence[Span]:
    """The members of the best group, in document order, with those of its like elsewhere and the one that leads them.

    Empty where no group will do.
    """
    groups = {**_element_groups(evidence), **_sibling_groups(evidence), **_closed_groups(evidence)}
    scored = [group for key, spans in groups.items() if (group := _rate(key, spans, evidence)) is not None]
    scored = [group for group in scored if group.quality >= least_quality]
    if not scored:
        return ()
    best = max(scored, key=lambda group: (round(group.score, 6), _extent(group.spans)))
    members = _with_like_groups(best, scored)
    lead = lead_card(evidence, members, best.quality)
    return members if lead is None else (lead, *members)


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
    for parent, children in _rows(evidence):
        keys = [_sibling_key(page, child) for child in children]
        calls = {key for key, child in zip(keys, children, strict=True) if _is_call(evidence, child)}
        for key, count in Counter(keys).most_common(_MAX_KEYS):
            if key in calls:
                continue  # "Read more" begins no card
            if count < len(keys) and (count > 1 or key[:2] in HEADINGS or key.endswith((">b", ">strong"))):
                stretches = _stretches(page, children, keys, key, page.ends[parent])
                groups["siblings", page.shapes[parent], key].extend(stretches)
    return groups


def _rows(evidence: Evidence) -> Iterator[tuple[int, Sequence[int]]]:
    """The elements with links and two children or more, and these children."""
    page = evidence.page
    for parent, shape in enumerate(page.shapes):
        if shape < 0 or page.links[parent] >= 0 or not between(evidence.own, Span(parent, page.ends[parent])):
            continue
        children = [child for child in page.children(parent) if page.tags[child] is not None]
        if len(children) > 1:
            yield parent, children


def _is_call(evidence: Evidence, place: int) -> bool:
    """Whether an element says "Read more" and no more."""
    links = evidence.page.anchors_in(place, evidence.page.ends[place])
    return len(links) == 1 and _is_spoken_call(evidence, links[0]) and is_generic(short_text(evidence.page, place))


def _is_spoken_call(evidence: Evidence, link: int) -> bool:
    anchor = evidence.anchors.get(link)
    return anchor is not None and anchor.role is Role.GENERIC and anchor.text != ""


def _closed_groups(evidence: Evidence) -> dict[_Key, list[Span]]:
    """Stretches of siblings that end with "Read more", by the shape of their parent, where nothing marks titles."""
    page, groups = evidence.page, defaultdict[_Key, list[Span]](list)
    for parent, children in _rows(evidence):
        children = [child for child in children if page.ends[child] > child + 1]  # rules and breaks are of no card
        ends = [n for n, child in enumerate(children) if _closes(evidence, child)]
        spans = list(_closed(page, children, ends)) if 1 < len(ends) < len(children) else []
        if spans and not any(evidence.titles_in(span) for span in spans):
            groups["closed", page.shapes[parent], page.kinds[children[ends[0]]]].extend(spans)
    return groups


def _closes(evidence: Evidence, child: int) -> bool:
    """Whether the last link in an element says "Read more", and nothing follows it there."""
    page = evidence.page
    links = page.anchors_in(child, page.ends[child])
    if not links or not _is_spoken_call(evidence, links[-1]):
        return False
    return not any(text.strip() for text in page.texts[page.ends[links[-1]] : page.ends[child]])


def _closed(page: Outline, children: Sequence[int], ends: Sequence[int]) -> Iterator[Span]:
    """From after each of `ends`, or after a heading, to the next one.

    The first is no longer than most others: what stands before the first card is none of it.
    """
    begins = [0, *(end + 1 for end in ends[:-1])]
    usual = Counter(end + 1 - begin for begin, end in zip(begins[1:], ends[1:], strict=True)).most_common(1)[0][0]
    begins[0] = max(0, ends[0] + 1 - usual)
    for begin, end in zip(begins, ends, strict=True):
        above = [n for n in range(begin, end) if page.names[children[n]] in HEADINGS]
        yield Span(children[above[-1] + 1 if above else begin], page.ends[children[end]])


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
    qualities = [member_quality(span, evidence) for span in sample]
    found = [target for _, target in qualities if target]
    if not any(quality > _GOOD for quality, _ in qualities):
        return None
    mean = sum(quality for quality, _ in qualities) / len(sample)
    if len(spans) == 1 and not evidence.titles_in(spans[0]):
        mean -= doubt(spans[0], evidence)
    distinct = len(set(found)) / len(found)
    members = len(spans) * len(set(found)) / len(sample)
    return _Group(key, spans, mean, mean * mean * distinct * math.log2(1 + members))


_SAMPLE = 200  # members of a group that are looked at to rate it
_GOOD = 0.3


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
