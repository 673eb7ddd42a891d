"""An HTML page as arrays in document order, without its furniture: what the search for cards runs over.

Node `i` and all that is in it are `i … ends[i] - 1`, so the text, links and headings of any part of the page are a
slice. Nothing here recurses: pages may be nested ten thousand deep.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from .phrases import CARD_WORDS, FURNITURE, FURNITURE_PAIRS, name_words, word_set

__all__ = ["BLOCKS", "HEADINGS", "Outline", "Run", "outline", "squeeze"]

BLOCKS = word_set(
    """address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul"""
)
HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
_UNREAD = word_set("script style noscript template svg iframe object canvas select option button head")
_FURNITURE_TAGS = word_set("nav aside dialog menu")
_FURNITURE_ROLES = word_set(
    "navigation contentinfo banner search complementary menu menubar dialog alertdialog toolbar"
)
_NEVER_FURNITURE = word_set("html body main article h1 h2 h3 h4 h5 h6 tbody tr td th")
_WITHIN_CARDS = word_set("article section li main tr dd")  # their header and footer are their own
_LAYOUT_WORDS = word_set("no has with without is layout hide")  # <div class="no-sidebar"> holds the content
_MAX_SHARE = 0.6  # of the page's text in what is called furniture: then the name is wrong
_PASSING_STATE = re.compile(r"^(odd|even|first|last|active|current|is-.*|has-.*|js-.*|clearfix|.*\d.*)$", re.I)
_CLASSLESS = word_set("article li tr td dt dd h1 h2 h3 h4 h5 h6 tbody body main")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\xad]")


def squeeze(text: str) -> str:
    """Text on one line: NFC, single spaces, nothing invisible."""
    text = _INVISIBLE.sub("", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True, slots=True)
class Run:
    """Text that stands in one block without a break, and the text nodes it is made of."""

    block: int
    nodes: tuple[int, ...]


@dataclass(slots=True)
class Outline:
    """`tags[i]` is None for a text node and `texts[i]` empty for an element.

    `links[i]` is the innermost <a href> around node i (itself included), or -1; `shapes[i]` is equal for elements on
    like paths from the root (same tags and main classes).
    """

    tags: list[Tag | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    shapes: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  # tag and main class
    anchors: list[int] = field(default_factory=list)  # the <a href>, ascending
    places: dict[int, int] = field(default_factory=dict)  # id(tag) → i

    def children(self, parent: int) -> Iterator[int]:
        child, end = parent + 1, self.ends[parent]
        while child < end:
            yield child
            child = self.ends[child]

    def anchors_in(self, start: int, end: int) -> Sequence[int]:
        return self.anchors[bisect_left(self.anchors, start) : bisect_left(self.anchors, end)]

    def runs(self, start: int, end: int, without: frozenset[int] = frozenset()) -> Iterator[Run]:
        """The runs of text in a slice, passing over whole elements that are named in `without`."""
        nodes: list[int] = []
        block = -1
        i = start
        while i < end:
            if i in without:
                i = self.ends[i]
                continue
            breaks = self.names[i] in BLOCKS or (self.blocks[i] != block and bool(self.texts[i]))
            if breaks and nodes:
                yield Run(block, tuple(nodes))
                nodes = []
            if self.texts[i]:
                block = self.blocks[i]
                nodes.append(i)
            i += 1
        if nodes:
            yield Run(block, tuple(nodes))

    def text(self, start: int, end: int) -> str:
        """The text of a slice on one line."""
        parts = ("".join(self.texts[node] for node in run.nodes) for run in self.runs(start, end))
        return squeeze(" ".join(parts))

    def classes(self, i: int) -> Sequence[str]:
        tag = self.tags[i]
        return () if tag is None else _classes(tag)

    def words_of(self, i: int) -> list[str]:
        """The words of an element's classes."""
        return name_words(" ".join(self.classes(i)))


def outline(soup: BeautifulSoup, *, with_furniture: bool = False) -> Outline:
    """The page in arrays; menus, sidebars, footers and their like are left out unless `with_furniture`."""
    raw = _walk(soup)
    skipped = _skipped(raw, with_furniture=with_furniture)
    return _compact(raw, skipped)


@dataclass(slots=True)
class _Raw:
    nodes: list[Tag | NavigableString]
    parents: list[int]
    ends: list[int]
    chars: list[int]  # of text before each node; one longer than nodes
    class_counts: Counter[str]


def _walk(soup: BeautifulSoup) -> _Raw:
    raw = _Raw([], [], [], [0], Counter())
    places: dict[int, int] = {}
    for node in soup.descendants:
        if isinstance(node, Tag):
            places[id(node)] = len(raw.nodes)
            raw.class_counts.update(set(_classes(node)))
            chars = 0
        elif type(node) is NavigableString:
            chars = len(node.strip())
        else:  # comments, scripts, declarations
            continue
        raw.parents.append(places.get(id(node.parent), -1))
        raw.chars.append(raw.chars[-1] + chars)
        raw.nodes.append(node)
    raw.ends = list(range(1, len(raw.nodes) + 1))
    for i in range(len(raw.nodes) - 1, -1, -1):
        parent = raw.parents[i]
        if parent >= 0 and raw.ends[parent] < raw.ends[i]:
            raw.ends[parent] = raw.ends[i]
    return raw


def _skipped(raw: _Raw, *, with_furniture: bool) -> bytearray:
    """One byte for each node: 1 where it or what it stands in is not read."""
    skipped = bytearray(len(raw.nodes))
    in_card = bytearray(len(raw.nodes))
    total = max(1, raw.chars[-1])
    for i, node in enumerate(raw.nodes):
        parent = raw.parents[i]
        if parent >= 0 and skipped[parent]:
            skipped[i] = 1
        elif isinstance(node, Tag):
            in_card[i] = (parent >= 0 and in_card[parent]) or node.name in _WITHIN_CARDS or _is_card(node)
            if node.name in _UNREAD:
                skipped[i] = 1
            elif not with_furniture and _is_furniture(node, in_card=bool(in_card[i])):
                skipped[i] = raw.chars[raw.ends[i]] - raw.chars[i] <= _MAX_SHARE * total
    return skipped


def _is_card(tag: Tag) -> bool:
    return tag.name == "div" and any(name.lower() in CARD_WORDS for name in _classes(tag))


def _is_furniture(tag: Tag, *, in_card: bool) -> bool:
    if tag.name in _NEVER_FURNITURE:
        return False
    if tag.name in _FURNITURE_TAGS or tag.get("role") in _FURNITURE_ROLES:
        return True
    if tag.name in ("header", "footer"):
        return not in_card
    for name in (*_classes(tag), str(tag.get("id") or "")):
        words = name_words(name) if name else []
        if not words or not _LAYOUT_WORDS.isdisjoint(words):
            continue
        pairs = pairwise(words)
        if not FURNITURE.isdisjoint(words) or any("-".join(pair) in FURNITURE_PAIRS for pair in pairs):
            return True
        if words == ["header"] and not in_card:
            return True
    return False


def _compact(raw: _Raw, skipped: bytearray) -> Outline:
    page = Outline()
    new_places: list[int] = []  # by old place
    shape_of: dict[tuple[int, str], int] = {}
    for i, node in enumerate(raw.nodes):
        new_places.append(len(page.tags))
        if skipped[i]:
            continue
        old_parent = raw.parents[i]
        parent = new_places[old_parent] if old_parent >= 0 else -1
        _append(page, node, parent, raw.class_counts, shape_of)
    new_places.append(len(page.tags))
    page.ends = [new_places[raw.ends[i]] for i in range(len(raw.nodes)) if not skipped[i]]
    return page


def _append(
    page: Outline,
    node: Tag | NavigableString,
    parent: int,
    class_counts: Counter[str],
    shape_of: dict[tuple[int, str], int],
) -> None:
    place = len(page.tags)
    tag = node if isinstance(node, Tag) else None
    page.tags.append(tag)
    page.names.append(tag.name if tag is not None else "")
    page.texts.append("" if isinstance(node, Tag) else str(node))
    page.parents.append(parent)
    kind = _kind(tag, class_counts) if tag is not None else ""
    page.kinds.append(kind)
    page.blocks.append(_inherited(page.blocks, parent) if tag is None or tag.name not in BLOCKS else place)
    is_anchor = tag is not None and tag.name == "a" and bool(tag.get("href"))
    page.links.append(place if is_anchor else _inherited(page.links, parent))
    shape = page.shapes[parent] if parent >= 0 else -1
    page.shapes.append(shape_of.setdefault((shape, kind), len(shape_of)) if tag is not None else -1)
    if tag is not None:
        page.places[id(tag)] = place
    if is_anchor:
        page.anchors.append(place)


def _inherited(values: list[int], parent: int) -> int:
    return values[parent] if parent >= 0 else -1


def _classes(tag: Tag) -> Sequence[str]:
    classes = tag.attrs.get("class")
    return classes if isinstance(classes, list) else (str(classes).split() if classes else ())


def _kind(tag: Tag, class_counts: Counter[str]) -> str:
    """The tag with that of its classes which most elements of the page have: cards of several topics stay one kind."""
    if tag.name in _CLASSLESS:
        return tag.name
    named = [name for name in _classes(tag) if class_counts[name] > 1 and not _PASSING_STATE.match(name)]
    return f"{tag.name}.{max(named, key=lambda name: class_counts[name])}" if named else tag.name
