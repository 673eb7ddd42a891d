"""What a web page claims of itself, and which claims are believed.

    page_claims(soup, …)    every claim with its origin, as it stands in the page
    resolve(claims, …)      for each field the first usable value of the most trusted origin

The vocabularies: Highwire Press tags as Google Scholar reads them, schema.org in JSON-LD, Dublin Core (DCMI),
Open Graph, HTML itself. All of it is hostile: values are trimmed and bounded, what is no value is dropped.
"""

import datetime
import html
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from ..report import Claim, Origin, PublicationDate
from ..urls import canonical_url, is_url, join, same_site
from .dates import parse_date

__all__ = ["is_junk_title", "page_claims", "resolve"]

_TITLE_CHARS = 500
_SUMMARY_CHARS = 2000
_NAME_CHARS = 200
_MAX_NAMES = 50  # authors or topics of one report
_EARLIEST_YEAR = 1500  # printed reports are younger; databases write 0001 and 1000 for "unknown"
_JSON_MAX_CHARS = 1_000_000
_JSON_MAX_SCRIPTS = 50
_JSON_MAX_DEPTH = 4
_JSON_MAX_NODES = 1000

_log = logging.getLogger(__name__)

# Titles ----------------------------------------------------------------------------------------------

_JUNK_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|publisher)\b.*|powerpoint[ -]pr[eé]sentation|untitled.{0,30}"
    r"|(?:document|doc|slide|layout|page|sheet|presentation|title|cover)[ _-]?\d{0,5}"
    r"|home ?page|home|index|welcome|no title|\(?null\)?|none|undefined|n/a|template|print"
    r"|404.{0,30}|page not found|loading.{0,5}|just a moment.{0,5}",
    re.I | re.S,
)
_FILE_NAME = re.compile(
    r"[^\n]{0,200}\.(?:pdf|docx?|docm|dotx?|rtf|odt|indd|qxd|qxp|pptx?|xlsx?|html?|aspx?|php|txt|pub|tmp"
    r"|ai|eps|ps|tex|dvi|tiff?|jpe?g|png|cdr|pmd|p65|fm|wpd)",
    re.I,
)
_SEPARATOR = re.compile(r"\s+[|–—·•»«~:/\\-]+\s+|\s*\|\s*|\s*[»«]\s*|:\s+")


def is_junk_title(title: str) -> bool:
    """Whether a title says nothing: a program's default, a file's name, "Home", no letter or digit."""
    text = _line(title)
    if not re.search(r"[^\W_]", text):
        return True
    return bool(_JUNK_TITLE.fullmatch(text) or _FILE_NAME.fullmatch(text))


def _without_site(title: str, sites: Iterable[str], titles: Iterable[str]) -> str:
    """The title without a site's name before or behind it ("Title | Site").

    `sites` are the names the site gives itself; `titles` are headings: what follows one of them is the site's.
    """
    title = _line(title)[: 2 * _TITLE_CHARS]
    known, headings = {_key(site) for site in sites if site}, {_key(heading) for heading in titles if heading}
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    for start, end in cuts:
        if title[start] == ":":  # what follows is more likely a subtitle
            continue
        if _key(title[:start]) in headings:
            return title[:start]
        if _key(title[end:]) in headings:
            return title[end:]
    if cuts and _key(title[cuts[-1][1] :]) in known:
        return title[: cuts[-1][0]]
    if cuts and _key(title[: cuts[0][0]]) in known:
        return title[cuts[0][1] :]
    return title


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


# Which claims are believed ---------------------------------------------------------------------------

_TRUST = {origin: rank for rank, origin in enumerate(Origin)}
# fmt: off
_NOBODY = frozenset({
    "admin", "administrator", "anonymous", "author", "editor", "guest", "n/a", "none", "null", "root", "staff",
    "superuser", "system", "test", "undefined", "unknown", "user", "webmaster", "website",
})
# fmt: on
_ADDRESS = re.compile(r"://|^www\.|\.(?:com|org|net)\b", re.I)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,4})(?:\.[\w-]+)?")
# fmt: off
_THREE_LETTERS = {  # ISO 639-2 codes, of both kinds, where ISO 639-1 has one of two letters
    "ara": "ar", "chi": "zh", "zho": "zh", "cze": "cs", "ces": "cs", "dan": "da", "dut": "nl", "nld": "nl",
    "eng": "en", "fin": "fi", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "gre": "el", "ell": "el",
    "hin": "hi", "hun": "hu", "ita": "it", "jpn": "ja", "kor": "ko", "nor": "no", "pol": "pl", "por": "pt",
    "rum": "ro", "ron": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi",
}
# fmt: on


def resolve(claims: Iterable[Claim], *, today: datetime.date) -> tuple[dict[str, Any], dict[str, Origin]]:
    """The value of each field that somebody claims, and who: the most trusted origin, and of its claims the first.

    Values that cannot be true are passed over: titles that are file names, dates in the future or before 1500.
    """
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    # sorted() is stable: the first claim of an origin stays the first.
    for claim in sorted(claims, key=lambda claim: _TRUST[claim.origin]):
        if claim.field in values or claim.field not in _ACCEPTED:
            continue
        value = _ACCEPTED[claim.field](claim.value, today)
        if value:
            values[claim.field] = value
            origins[claim.field] = claim.origin
    return values, origins


def _title(value: Any, today: datetime.date) -> str:
    text = _shortened(str(value), _TITLE_CHARS)
    return "" if is_junk_title(text) else text


def _summary(value: Any, today: datetime.date) -> str:
    return _shortened(str(value), _SUMMARY_CHARS)


def _name(value: Any, today: datetime.date) -> str:
    return _shortened(str(value), _NAME_CHARS)


def _url(value: Any, today: datetime.date) -> str:
    return str(value).strip()


def _publication_date(value: Any, today: datetime.date) -> PublicationDate | None:
    if not isinstance(value, PublicationDate) or value.year < _EARLIEST_YEAR:
        return None
    return value if value.first_day <= today else None


def _language(value: Any, today: datetime.date) -> str:
    """The BCP 47 tag with a lower-case primary part: en_GB is en-GB, eng is en."""
    match = _LANGUAGE.fullmatch(str(value).strip()[:50])
    if match is None:
        return ""
    primary = _THREE_LETTERS.get(match[1].lower(), match[1].lower())
    subtags = [_subtag(part) for part in re.split("[-_]", match[2])[1:]]
    return "" if primary in {"und", "mul", "zxx"} else "-".join([primary, *subtags])


def _subtag(part: str) -> str:
    """A subtag in its usual case (RFC 5646 §2.1.1): regions GB, scripts Latn."""
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def _authors(value: Any, today: datetime.date) -> tuple[str, ...]:
    names = [name for text in _texts(value) for name in text.split(";")]
    names = [re.sub(r"^by:?\s+", "", _line(name), flags=re.I).strip(" ,") for name in names]
    return _distinct(name for name in names if _names_somebody(name))


def _names_somebody(name: str) -> bool:
    return name.casefold() not in _NOBODY and "@" not in name and not _ADDRESS.search(name)


def _topics(value: Any, today: datetime.date) -> tuple[str, ...]:
    return _distinct(_line(topic) for topic in _texts(value))


_ACCEPTED: Mapping[str, Callable[[Any, datetime.date], Any]] = {
    "title": _title,
    "summary": _summary,
    "authors": _authors,
    "publisher": _name,
    "date": _publication_date,
    "language": _language,
    "topics": _topics,
    "kind": _name,
    "url": _url,
}


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(text) for text in value or ()]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The first fifty names that say something, each once whatever its letter case."""
    found: dict[str, str] = {}
    for name in names:
        if len(found) == _MAX_NAMES:
            break
        if re.search(r"[^\W_]", name) and len(name) <= _NAME_CHARS:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str, max_chars: int) -> str:
    """The text on one line, cut at a word."""
    text = _line(text[: 20 * max_chars])
    if len(text) <= max_chars:
        return text
    cut = text[: max_chars + 1].rpartition(" ")[0]
    return cut or text[:max_chars]


# What a page claims ----------------------------------------------------------------------------------

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
_DCMI_TYPES = frozenset({"text", "collection", "dataset", "image", "interactiveresource", "physicalobject"})

_Meta = Mapping[str, list[str]]


def page_claims(
    soup: BeautifulSoup, *, location: str, headings: Sequence[str] = (), times: Sequence[str] = ()
) -> tuple[Claim, ...]:
    """All that a page says of the report it is about, most trusted first.

    `headings` are the h1 of its main content, `times` the dates of its <time> elements there.
    """
    meta = _meta(soup)
    language = _attribute(soup.html, "lang") or _attribute(soup.html, "xml:lang")
    nodes = list(_json_ld(soup))
    sites = [*meta.get("og:site_name", ()), *meta.get("application-name", ()), *_site_names(nodes)]
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
        self.site_keys = {_key(site) for site in sites}
        self.headings = [heading for heading in headings[:_MAX_NAMES] if _key(heading) not in self.site_keys]

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
            title = _without_site(text, self.affixes, self.headings)
            if title and _key(title) not in self.site_keys:
                yield Claim("title", title, origin)
        elif field != "kind" or _key(text) not in _DCMI_TYPES:  # "Text" says nothing about a report
            yield Claim(field, text, origin)

    def json_ld(self, nodes: Sequence[dict[str, Any]]) -> Iterator[Claim]:
        """The claims of the node that is most a report, then those of lesser ones."""
        by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
        works = [(rank, node) for node in nodes if (rank := _work_rank(node)) is not None]
        seen: set[int] = set()
        for rank, node in sorted(works, key=lambda work: work[0]):
            if rank not in seen:  # a second article of a page is another one that it links to
                seen.add(rank)
                yield from self._of_node(node, by_id)

    def _of_node(self, node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> Iterator[Claim]:
        for key, field in _JSON_LD:
            texts = _strings(node.get(key), by_id)
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
        title = _line(soup.title.get_text()) if soup.title else ""
        # Of several headings the one that the title repeats; pages print their site's name as a heading too.
        for text in [*sorted(self.headings, key=lambda heading: _key(heading) not in _key(title)), title]:
            yield from self.claim(Origin.PAGE, "title", text)
        yield from self.claims(Origin.PAGE, _HTML_META, meta)
        for text in times:
            yield from self.claim(Origin.PAGE, "date", text)
        if language:
            yield Claim("language", language, Origin.PAGE)
        tags = [_line(link.get_text()) for link in soup.find_all("a", rel="tag", limit=_MAX_NAMES)]
        if tags:
            yield Claim("topics", tuple(tags), Origin.PAGE)


def _meta(soup: BeautifulSoup) -> dict[str, list[str]]:
    """The contents of <meta>, by their name or property in lower case."""
    found: dict[str, list[str]] = {}
    for tag in soup.find_all("meta", content=True, limit=2000):
        content = _line(_attribute(tag, "content")[: 10 * _SUMMARY_CHARS])
        names = {_attribute(tag, name).strip().lower() for name in ("name", "property", "itemprop")} - {""}
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


def _attribute(tag: Tag | None, name: str) -> str:
    value = tag.get(name) if tag is not None else None
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _split(text: str) -> list[str]:
    """Keywords, which stand between semicolons or else commas."""
    return text.split(";" if ";" in text else ",")


def _canonical(soup: BeautifulSoup, location: str) -> Iterator[Claim]:
    """The page's own address for itself, if it is one of the same site and not its front page."""
    link = soup.find("link", rel="canonical", href=True)
    if not isinstance(link, Tag) or not is_url(location):
        return
    try:
        url = canonical_url(join(location, _attribute(link, "href")))
        parts = urlsplit(url)
        if same_site(url, location) and (parts.path.strip("/") or parts.query):
            yield Claim("url", url, Origin.PAGE)
    except ValueError:
        _log.debug("%s: its canonical address is none", location)


# JSON-LD ---------------------------------------------------------------------------------------------

_WORKS = (  # best first
    frozenset({"Report", "TechnicalReport", "Book", "Thesis"}),
    frozenset({"ScholarlyArticle", "MedicalScholarlyArticle", "PublicationIssue"}),
    frozenset({"Article", "NewsArticle", "BlogPosting", "TechArticle", "Legislation", "DigitalDocument"}),
    frozenset({"CreativeWork"}),
    frozenset({"WebPage", "ItemPage", "AboutPage"}),
)
_JSON_LD_TYPE = re.compile(r"^\s*application/ld\+json", re.I)
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


def _json_ld(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD, those of lists and of @graph too; broken scripts are passed over."""
    count = 0
    for script in soup.find_all("script", type=_JSON_LD_TYPE, limit=_JSON_MAX_SCRIPTS):
        text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$", "", script.get_text()).strip()
        if len(text) > _JSON_MAX_CHARS:
            _log.info("JSON-LD of %d characters is not read", len(text))
            continue
        try:
            document = json.loads(text.rstrip(";"), strict=False)  # line breaks within strings are common
        except (ValueError, RecursionError) as error:
            _log.info("JSON-LD cannot be read: %s", str(error)[:100])
            continue
        for node in _nodes(document, _JSON_MAX_DEPTH):
            count += 1
            if count > _JSON_MAX_NODES:
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


def _types(node: Mapping[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _work_rank(node: Mapping[str, Any]) -> int | None:
    types = _types(node)
    return next((rank for rank, works in enumerate(_WORKS) if types & works), None)


def _site_names(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    return [name for node in nodes if "WebSite" in _types(node) for name in _strings(node.get("name"), {})]


def _strings(value: Any, by_id: Mapping[str, dict[str, Any]]) -> list[str]:
    """The texts of a property, its @value, or the name of what it refers to; of lists, those of each item."""
    texts = []
    for item in (value if isinstance(value, list) else [value])[: 4 * _MAX_NAMES]:
        if isinstance(item, dict):
            reference = item.get("@id")
            referred = by_id.get(reference, {}) if isinstance(reference, str) else {}
            named = [item[key] for key in ("name", "@value", "alternateName") if key in item]
            item = named[0] if named else referred.get("name")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str | int) and not isinstance(item, bool):
            texts.append(_line(html.unescape(str(item)[: 10 * _SUMMARY_CHARS])))
    return [text for text in texts if text]
