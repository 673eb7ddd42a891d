"""Which claims are believed: for each field the first usable value of the most trusted origin.

Claims come from pages, PDFs and listings alike; how any of them is read is not known here. All of it is hostile:
values are trimmed and bounded, and what is no value is dropped.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..languages import SHORTER_CODES
from ..report import Claim, Origin, PublicationDate
from .titles import is_junk_title

__all__ = ["resolve"]

_TITLE_CHARS = 500
_SUMMARY_CHARS = 2000
_NAME_CHARS = 200
_MAX_NAMES = 50  # authors or topics of one report
_EARLIEST_YEAR = 1500  # printed reports are younger; databases write 0001 and 1000 for "unknown"

_TRUST = {origin: rank for rank, origin in enumerate(Origin)}
# fmt: off
_NOBODY = frozenset({
    "admin", "administrator", "anonymous", "author", "editor", "guest", "n/a", "none", "null", "root", "staff",
    "superuser", "system", "test", "undefined", "unknown", "user", "webmaster", "website",
})
# fmt: on
_ADDRESS = re.compile(r"://|^www\.|\.(?:com|org|net)\b", re.I)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,4})(?:\.[\w-]+)?")


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
    primary = SHORTER_CODES.get(match[1].lower(), match[1].lower())
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
