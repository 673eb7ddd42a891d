"""What a web page claims of the report it is about: every claim with its origin, as it stands in the page.

The vocabularies: Highwire Press tags as Google Scholar reads them, schema.org in JSON-LD, Dublin Core (DCMI),
Open Graph, HTML itself. Which claims are believed is not known here: that is for metadata.py.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from ...report import Claim, Origin
from ...urls import canonical_url, is_url, join, same_site
from ..dates import parse_date
from ..titles import comparable, without_site
from .json_ld import json_ld_objects, objects_by_id, site_names, strings, works
from .markup import attribute

__all__ = ["page_claims"]

_MAX_METAS = 2000
_META_CHARS = 20_000
_MAX_HEADINGS = 50
_MAX_TAGS = 50

_CITATION = {
    "citation_title": "title",
    "citation_author": "authors",
    "citation_authors": "authors",
    "citation_publication_date": "date",
    "citation_date": "date",
    "citation_online_date": "date",
    "citation_year": "date",
    "citation_publisher": "publisher",
    "citation_technical_report_institution": "publisher",
    "citation_language": "language",
    "citation_keywords": "topics",
    "citation_keyword": "topics",
    "citation_abstract": "summary",
}
_DUBLIN_CORE = {
    "title": "title",
    "creator": "authors",
    "issued": "date",
    "date.issued": "date",
    "date": "date",
    "available": "date",
    "date.available": "date",
    "created": "date",
    "date.created": "date",
    "publisher": "publisher",
    "language": "language",
    "subject": "topics",
    "abstract": "summary",
    "description.abstract": "summary",
    "description": "summary",
    "type": "kind",
}
_OPENGRAPH = {
    "og:title": "title",
    "og:description": "summary",
    "og:site_name": "publisher",
    "article:published_time": "date",
    "article:author": "authors",
    "article:tag": "topics",
    "article:section": "topics",
    "og:locale": "language",
}
_HTML_META = {"description": "summary", "author": "authors"}
_JSON_LD = (
    ("headline", "title"),
    ("name", "title"),
    ("abstract", "summary"),
    ("description", "summary"),
    ("author", "authors"),
    ("creator", "authors"),
    ("publisher", "publisher"),
    ("datePublished", "date"),
    ("inLanguage", "language"),
    ("keywords", "topics"),
    ("about", "topics"),
    ("genre", "kind"),
)
_DCMI_TYPES = frozenset({"text", "collection", "dataset", "image", "interactiveresource", "physicalobject"})

_Meta = Mapping[str, list[str]]

_log = logging.getLogger(__name__)


def page_claims(
    soup: BeautifulSoup, *, location: str, headings: Sequence[str] = (), times: Sequence[str] = ()
) -> tuple[Claim, ...]:
    """All that a page says of the report it is about, most trusted first.

    `headings` are the h1 of its main content, `times` the dates of its <time> elements there.
    """
    meta = _meta(soup)
    language = attribute(soup.html, "lang") or attribute(soup.html, "xml:lang")
    nodes = list(json_ld_objects(soup))
    sites = [*meta.get("og:site_name", ()), *meta.get("application-name", ()), *site_names(nodes)]
    tidy = _Tidy(language or "en", sites, _host_names(location), headings)
    dublin_core = dict(_dublin_core(meta))
    return (
        *tidy.claims(Origin.CITATION, _CITATION, meta),
        *tidy.json_ld(nodes),
        *tidy.claims(Origin.DUBLIN_CORE, _DUBLIN_CORE, dublin_core),
        *tidy.claims(Origin.OPENGRAPH, _OPENGRAPH, meta),
        *tidy.page(soup, meta, language, times),
        *_canonical(soup, location),
    )


class _Tidy:
    """Makes claims of a page's strings: dates read in its language, titles without its site's name."""

    def __init__(self, language: str, sites: Sequence[str], hosts: Sequence[str], headings: Sequence[str]) -> None:
        self.language = language.replace("_", "-")
        self.affixes = [*sites, *hosts]
        self.site_keys = {comparable(site) for site in sites}
        self.headings = [heading for heading in headings[:_MAX_HEADINGS] if comparable(heading) not in self.site_keys]

    def claims(self, origin: Origin, fields: Mapping[str, str], found: _Meta) -> Iterator[Claim]:
        """A claim for each name that was found, in the order of `fields`; lists are one claim for each field."""
        lists: dict[str, list[str]] = {}
        for name, field in fields.items():
            for text in found.get(name, ()):
                if field in ("authors", "topics"):
                    lists.setdefault(field, []).extend(_split(text) if field == "topics" else [text])
                else:
                    yield from self.claim(origin, field, text)
        for field, values in lists.items():
            yield Claim(field, tuple(values), origin)

    def claim(self, origin: Origin, field: str, text: str) -> Iterator[Claim]:
        if field == "date":
            date = parse_date(text, self.language)
            if date is not None:
                yield Claim("date", date, origin)
        elif field == "title":
            title = without_site(text, self.affixes, self.headings)
            if title and comparable(title) not in self.site_keys:
                yield Claim("title", title, origin)
        elif field != "kind" or comparable(text) not in _DCMI_TYPES:  # "Text" says nothing about a report
            yield Claim(field, text, origin)

    def json_ld(self, nodes: Sequence[dict[str, Any]]) -> Iterator[Claim]:
        """The claims of the node that is most a report, then those of lesser ones."""
        by_id = objects_by_id(nodes)
        for node in works(nodes):
            yield from self._of_node(node, by_id)

    def _of_node(self, node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> Iterator[Claim]:
        for key, field in _JSON_LD:
            texts = strings(node.get(key), by_id)
            if not texts:
                continue
            if field == "topics":
                yield Claim(field, tuple(topic for text in texts for topic in _split(text)), Origin.JSON_LD)
            elif field == "authors":
                yield Claim(field, tuple(texts), Origin.JSON_LD)
            else:
                yield from self.claim(Origin.JSON_LD, field, texts[0])

    def page(self, soup: BeautifulSoup, meta: _Meta, language: str, times: Sequence[str]) -> Iterator[Claim]:
        """What HTML itself says: the heading, the title, descriptions, dates, tags."""
        title = " ".join(soup.title.get_text().split()) if soup.title else ""
        # Of several headings the one that the title repeats; pages print their site's name as a heading too.
        for text in [*sorted(self.headings, key=lambda heading: comparable(heading) not in comparable(title)), title]:
            yield from self.claim(Origin.PAGE, "title", text)
        yield from self.claims(Origin.PAGE, _HTML_META, meta)
        for text in times:
            yield from self.claim(Origin.PAGE, "date", text)
        if language:
            yield Claim("language", language, Origin.PAGE)
        tags = [" ".join(link.get_text().split()) for link in soup.find_all("a", rel="tag", limit=_MAX_TAGS)]
        if tags:
            yield Claim("topics", tuple(tags), Origin.PAGE)


def _meta(soup: BeautifulSoup) -> dict[str, list[str]]:
    """The contents of <meta>, by their name or property in lower case."""
    found: dict[str, list[str]] = {}
    for tag in soup.find_all("meta", content=True, limit=_MAX_METAS):
        content = " ".join(attribute(tag, "content")[:_META_CHARS].split())
        names = {attribute(tag, name).strip().lower() for name in ("name", "property", "itemprop")} - {""}
        for name in names if content else ():
            found.setdefault(name[:100], []).append(content)
    return found


def _dublin_core(meta: _Meta) -> Iterator[tuple[str, list[str]]]:
    """The Dublin Core of <meta>: DC.Title, DCTERMS.issued, dc:creator, without the prefix."""
    for name, values in meta.items():
        prefix, _, term = name.replace(":", ".").partition(".")
        if prefix in ("dc", "dcterms"):
            yield term, values


def _host_names(location: str) -> list[str]:
    """What a site may call itself by its host: example.org and example for www.example.org."""
    host = (urlsplit(location).hostname or "").removeprefix("www.")
    return [host, *host.split(".")[-2:-1]]


def _split(text: str) -> list[str]:
    """Keywords, which stand between semicolons or else commas."""
    return text.split(";" if ";" in text else ",")


def _canonical(soup: BeautifulSoup, location: str) -> Iterator[Claim]:
    """The page's own address for itself, if it is one of the same site and not its front page."""
    link = soup.find("link", rel="canonical", href=True)
    if not isinstance(link, Tag) or not is_url(location):
        return
    try:
        url = canonical_url(join(location, attribute(link, "href")))
        parts = urlsplit(url)
        if same_site(url, location) and (parts.path.strip("/") or parts.query):
            yield Claim("url", url, Origin.PAGE)
    except ValueError:
        _log.debug("%s: its canonical address is none", location)
