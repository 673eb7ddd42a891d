"""What the links of a page lead to, and which part each plays in a card."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from bs4 import Tag

from ..urls import join
from .outline import HEADINGS, Outline, squeeze
from .phrases import AUTHOR_WORDS, TOPIC_WORDS, is_generic, name_words

__all__ = ["Anchor", "Role", "read_anchors"]

_REPORT_SCHEMES = frozenset({"http", "https", "file"})


class Role(Enum):
    """The part a link plays: only `REPORT` and `GENERIC` ("Read more") can be a card's own link."""

    REPORT = auto()
    GENERIC = auto()
    TOPIC = auto()
    AUTHOR = auto()


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link to elsewhere; `shared` is how many places of the page link to the same target."""

    target: str
    text: str
    role: Role
    is_pdf: bool
    shared: int

    @property
    def is_own(self) -> bool:
        return self.role in (Role.REPORT, Role.GENERIC)


def read_anchors(page: Outline, base_url: str, page_url: str) -> tuple[Mapping[int, Anchor], tuple[str, ...]]:
    """The links of a page that lead elsewhere, by their place, and the hrefs that are no URL."""
    here = {base_url.partition("#")[0], page_url.partition("#")[0]}
    targets: dict[int, str] = {}
    bad: dict[str, None] = {}
    for place in page.anchors:
        tag = page.tags[place]
        href = str(tag["href"]) if tag is not None else ""
        try:
            target = _target(href, base_url)
        except ValueError:
            bad[href] = None
            continue
        if target is not None and target.partition("#")[0] not in here:
            targets[place] = target
    counts = Counter(targets.values())
    anchors = {place: _anchor(page, place, target, counts[target]) for place, target in targets.items()}
    return anchors, tuple(bad)


def _target(href: str, base_url: str) -> str | None:
    """Where a link leads; None for mail, scripts and, from a page of the web, the disk. Raises ValueError."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    scheme = href.partition(":")[0].lower()
    if scheme in ("javascript", "mailto", "tel", "data", "blob", "about"):
        return None
    target = join(base_url, href)
    parts = urlsplit(target)
    if parts.scheme not in _REPORT_SCHEMES:
        return None
    if parts.scheme == "file":
        return target if base_url[:5].lower() == "file:" else None
    if not parts.hostname:
        raise ValueError(f"{href!r} names no host")
    return target


def _anchor(page: Outline, place: int, target: str, shared: int) -> Anchor:
    text = _text(page, place)
    tag = page.tags[place]
    pdf = _is_pdf(target) or (tag is not None and tag.get("type") == "application/pdf")
    if is_generic(text):
        role = Role.GENERIC
    else:
        role = Role.REPORT if tag is None else _role(page, place, tag, "" if pdf else target)
    return Anchor(target, text, role, pdf, shared)


def _is_pdf(url: str) -> bool:
    """Whether a URL says of itself that a PDF is behind it: in its path, or at the end of its query."""
    lowered = url.lower()
    return ".pdf" in lowered and (
        lowered.partition("#")[0].endswith(".pdf") or lowered.partition("?")[0].endswith(".pdf")
    )


def _text(page: Outline, place: int) -> str:
    if page.ends[place] == place + 2:  # one text node, as most links have
        return squeeze(page.texts[place + 1])
    return page.text(place, page.ends[place])


def _role(page: Outline, place: int, tag: Tag, target: str) -> Role:
    rel = tag.get("rel") or ()
    parent = page.parents[place]
    if parent >= 0 and page.names[parent] in HEADINGS:
        return Role.REPORT
    words = set(page.words_of(place))
    if parent >= 0:  # <ul class="card__topics">, but not <li class="card category-abuse">
        words.update(name_words(name)[-1] for name in page.classes(parent) if name_words(name))
    if "author" in rel or not AUTHOR_WORDS.isdisjoint(words) or tag.get("itemprop") == "author":
        return Role.AUTHOR
    if "tag" in rel or not TOPIC_WORDS.isdisjoint(words):
        return Role.TOPIC
    folder = target.partition("?")[0].lower().strip("/").split("/")[-2:-1]  # /topics/trafficking
    if folder and folder[0] in AUTHOR_WORDS:
        return Role.AUTHOR
    return Role.TOPIC if folder and folder[0] in TOPIC_WORDS else Role.REPORT
