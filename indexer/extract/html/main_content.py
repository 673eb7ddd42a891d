"""What the main element of a page shows: its text by lines, headings, links and times.

Nothing here recurses: the tree is walked with a stack, however deep a hostile page nests. What the links lead to,
and what the text is used for, is not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from .markup import attribute

__all__ = ["MainContent", "main_content"]

# fmt: off
_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "iframe", "frame", "frameset", "noframes", "object", "embed", "svg",
    "math", "head", "select", "option", "button", "textarea", "canvas", "audio", "video", "map", "datalist", "input",
})
_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "caption", "thead", "tbody", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure",
    "figcaption", "address", "form", "fieldset", "details", "summary", "hr", "br", "body", "center",
})
# fmt: on
_CHROME = frozenset({"nav", "footer", "aside"})
_CHROME_ROLES = frozenset({"navigation", "contentinfo", "banner", "complementary", "search"})
_CHROME_NAME = re.compile(
    r"(?:site|page|main|global|top)?[-_]?(?:nav|navbar|navigation|menu|footer|sidebar|masthead|breadcrumbs?)(?:[-_]\d+)?"
    r"|related[-_]?\w{0,20}|cookie[-_]?\w{0,20}",
    re.I,
)
_HEADINGS = ("h1", "h2", "h3")
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_NEVER_HIDDEN = frozenset({"html", "body", "main"})  # pages show themselves by a script (against clickjacking)

_BREAK = "\0"  # where a line ends in the text walked; the page itself has none
_SUBSTANTIAL_CHARS = 200
_MAX_PIECES = 300  # of the text of one link or heading


@dataclass(slots=True)
class MainContent:
    """What one element of the page shows, without what is hidden and what belongs to the site."""

    is_body: bool
    pieces: list[str] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[tuple[Tag, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _lines("".join(self.pieces))


def main_content(soup: BeautifulSoup) -> MainContent:
    """The content of <main>, of the only <article>, or of the whole body."""
    whole = _read(soup.body or soup, is_body=True)
    articles = soup.find_all("article", limit=2)
    for region in (soup.find("main"), soup.find(role="main"), articles[0] if len(articles) == 1 else None):
        if isinstance(region, Tag):
            content = _read(region, is_body=False)
            shown = len(content.text)
            if shown >= _SUBSTANTIAL_CHARS or 2 * shown >= len(whole.text) > 0:
                return content
    return whole


def _read(region: Tag, *, is_body: bool) -> MainContent:
    """One pass over an element. In a body every <header> is the site's; in an article it is the article's."""
    content = MainContent(is_body)
    pieces = content.pieces
    opened: list[int] = []  # where the text of the links, headings and times begins that are open
    for tag, is_end, text in _walk(region, is_body):
        if tag is None:
            pieces.append(text)
            continue
        if tag.name in _BLOCKS:
            pieces.append(_BREAK)
        elif tag.name in ("td", "th"):
            pieces.append(" ")
        if tag.name in _HEADINGS or tag.name in ("a", "time"):
            if is_end:
                start = opened.pop()
                _keep(content, tag, _line("".join(pieces[start : start + _MAX_PIECES])))
            else:
                opened.append(len(pieces))
    return content


def _keep(content: MainContent, tag: Tag, text: str) -> None:
    if tag.name == "a":
        content.anchors.append((tag, text))
    elif tag.name == "time":
        content.times.append(attribute(tag, "datetime") or text)
    elif text:
        content.headings.append((tag.name, text))


def _walk(region: Tag, is_body: bool) -> Iterator[tuple[Tag | None, bool, str]]:
    """(tag, False, "") where a shown element begins, (tag, True, "") where it ends, and (None, False, text)."""
    stack = [(region, iter(region.contents))]
    yield region, False, ""
    while stack:
        tag, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield tag, True, ""
        elif isinstance(child, Tag):
            if not _skipped(child, is_body):
                stack.append((child, iter(child.contents)))
                yield child, False, ""
        elif type(child) in (NavigableString, CData):  # not comments and the like, which are subclasses
            yield None, False, str(child).replace(_BREAK, "")


def _skipped(tag: Tag, is_body: bool) -> bool:
    name = tag.name
    if name in _UNSEEN or name in _CHROME or (is_body and name == "header"):
        return True
    if not tag.attrs or name in _NEVER_HIDDEN:
        return False
    if "hidden" in tag.attrs or _HIDING_STYLE.search(attribute(tag, "style")[:1000]):
        return True
    if attribute(tag, "role").lower() in _CHROME_ROLES:
        return True
    names = [attribute(tag, "id")[:200], *attribute(tag, "class")[:1000].split()]
    return any(_CHROME_NAME.fullmatch(one) for one in names)


def _lines(text: str) -> str:
    """The text with one line for each block, as it is shown: other line breaks are spaces."""
    return "\n".join(line for part in text.split(_BREAK) if (line := " ".join(part.split())))


def _line(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())
