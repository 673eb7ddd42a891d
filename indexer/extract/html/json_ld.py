"""JSON-LD: the schema.org objects of a page, which of them is the work that it is about, and their strings.

What the properties mean for a report is not known here. All of it is hostile: sizes, depths and numbers are bounded.
"""

import html
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

__all__ = ["json_ld_objects", "objects_by_id", "site_names", "strings", "works"]

_SCRIPT_MAX_CHARS = 1_000_000
_MAX_SCRIPTS = 50
_MAX_DEPTH = 4
_MAX_OBJECTS = 1000
_MAX_STRINGS = 200  # of one property
_STRING_CHARS = 20_000
_WORKS = (  # best first
    frozenset({"Report", "TechnicalReport", "Book", "Thesis"}),
    frozenset({"ScholarlyArticle", "MedicalScholarlyArticle", "PublicationIssue"}),
    frozenset({"Article", "NewsArticle", "BlogPosting", "TechArticle", "Legislation", "DigitalDocument"}),
    frozenset({"CreativeWork"}),
    frozenset({"WebPage", "ItemPage", "AboutPage"}),
)
_SCRIPT_TYPE = re.compile(r"^\s*application/ld\+json", re.I)

_log = logging.getLogger(__name__)


def json_ld_objects(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD, those of lists and of @graph too; broken scripts are passed over."""
    count = 0
    for script in soup.find_all("script", type=_SCRIPT_TYPE, limit=_MAX_SCRIPTS):
        text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$", "", script.get_text()).strip()
        if len(text) > _SCRIPT_MAX_CHARS:
            _log.info("JSON-LD of %d characters is not read", len(text))
            continue
        try:
            document = json.loads(text.rstrip(";"), strict=False)  # line breaks within strings are common
        except (ValueError, RecursionError) as error:
            _log.info("JSON-LD cannot be read: %s", str(error)[:100])
            continue
        for node in _nodes(document, _MAX_DEPTH):
            count += 1
            if count > _MAX_OBJECTS:
                return
            yield node


def _nodes(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth - 1)


def objects_by_id(nodes: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The objects that others can refer to, by their @id."""
    return {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}


def works(nodes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The object that is most a report, then lesser ones: of each rank the first.

    A second article of a page is another one that it links to.
    """
    ranked = [(rank, node) for node in nodes if (rank := _work_rank(node)) is not None]
    seen: set[int] = set()
    for rank, node in sorted(ranked, key=lambda work: work[0]):
        if rank not in seen:
            seen.add(rank)
            yield node


def site_names(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the objects that stand for the web site are named."""
    return [name for node in nodes if "WebSite" in _types(node) for name in strings(node.get("name"), {})]


def strings(value: Any, by_id: Mapping[str, dict[str, Any]]) -> list[str]:
    """The texts of a property, its @value, or the name of what it refers to; of lists, those of each item."""
    texts = []
    for item in (value if isinstance(value, list) else [value])[:_MAX_STRINGS]:
        if isinstance(item, dict):
            reference = item.get("@id")
            referred = by_id.get(reference, {}) if isinstance(reference, str) else {}
            named = [item[key] for key in ("name", "@value", "alternateName") if key in item]
            item = named[0] if named else referred.get("name")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str | int) and not isinstance(item, bool):
            texts.append(" ".join(html.unescape(str(item)[:_STRING_CHARS]).split()))
    return [text for text in texts if text]


def _types(node: Mapping[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _work_rank(node: Mapping[str, Any]) -> int | None:
    types = _types(node)
    return next((rank for rank, kinds in enumerate(_WORKS) if types & kinds), None)
