"""What a PDF claims of itself in its document information (ISO 32000-1, 14.3.3); much of it is a program's default."""

import datetime
import re
from collections.abc import Iterator, Mapping

from ...report import Claim, Origin, PublicationDate
from ..cleaning import clean
from ..titles import is_junk_title

__all__ = ["info_claims"]

_TITLE_CHARS = 300
_NAME_CHARS = 120
_SUMMARY_CHARS = 2000
_MAX_NAMES = 50
_EARLIEST_YEAR = 1900

_PROGRAM_TITLE = re.compile(
    r"power ?point[- ]pr\w+|pr[eé]sentation power ?point|presentaci[oó]n de power ?point"
    r"|apresenta[cç][aã]o do power ?point|(binder|blank|template|draft|final|report|print job)[\s_-]*\d{0,4}",
    re.I,
)
_PATH = re.compile(r"https?://\S*|file:.*|[a-z]:\\.*|.*\\[^\s\\]+\\.*", re.I | re.S)
_FILE_STEM = re.compile(r"[^\s_]*_\S*|[A-Za-z]{0,3}[\d.-]+", re.ASCII)  # report_v3, 2016-113, tmp: names of files
_LETTER = re.compile(r"[^\W\d_]")

_NO_AUTHOR = re.compile(
    r"(windows|microsoft( office)?|office|pc|mac|default|registered|standard)?[ _-]?user|admin(istrator)?|\W*"
    r"|author|unknown|anonymous|owner|guest|root|default|none|n/a|home|office|laptop|pc|hp|dell|lenovo|acer|asus|toshiba",
    re.I,
)
_LOGIN = re.compile(r"[a-z0-9._@\\-]+", re.ASCII)  # jsmith, guidi-claudia-i, j.smith@example.org
_PERSON = re.compile(r"[^\W\d_a-z][\w.'’-]*(\s+[^\W\d_a-z][\w.'’-]*){1,3}")
_AND = re.compile(r"\s+(?:and|&)\s+", re.I)
_SENTENCE_WORDS = 6
_DATE = re.compile(r"\s*(?:D:)?(\d{4})-?(\d\d)?-?(\d\d)?", re.ASCII)  # ISO 32000-1, 7.9.4, or ISO 8601; no time
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8}){0,4})", re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx"})  # ISO 639-2: undetermined, several, no language


def info_claims(info: Mapping[str, str], language: str, *, today: datetime.date) -> tuple[Claim, ...]:
    """The usable values of Title, Author, Subject, Keywords, CreationDate and of the catalogue's /Lang.

    A date after tomorrow (time zones) or before 1900 is none.
    """
    values = {
        "title": _title(info.get("Title", "")),
        "authors": tuple(_authors(info.get("Author", "")))[:_MAX_NAMES],
        "summary": _summary(info.get("Subject", "")),
        "topics": _topics(info.get("Keywords", "")),
        "date": _date(info.get("CreationDate", ""), today),
        "language": _language(language),
    }
    return tuple(Claim(field, value, Origin.PDF_INFO) for field, value in values.items() if value)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _title(text: str) -> str:
    title = _line(text)
    shortest = 3 if title.isascii() else 2
    if not shortest <= len(title) <= _TITLE_CHARS or not _LETTER.search(title) or is_junk_title(title):
        return ""
    junk = any(pattern.fullmatch(title) for pattern in (_PROGRAM_TITLE, _PATH, _FILE_STEM))
    return "" if junk else title


def _authors(text: str) -> Iterator[str]:
    for entry in re.split(r"[;\n|]", clean(text[: _NAME_CHARS * _MAX_NAMES])):
        for name in _names(_line(entry)):
            if len(name) <= _NAME_CHARS and not _NO_AUTHOR.fullmatch(name) and not _LOGIN.fullmatch(name):
                yield name


def _names(entry: str) -> list[str]:
    """The persons of "Jane Doe, John Roe and Mary Poe"; "Ministry of Justice and Home Affairs" is one author."""
    parts = [part.strip() for comma in entry.split(",") for part in _AND.split(comma)]
    return parts if all(_PERSON.fullmatch(part) for part in parts) else [entry]


def _summary(text: str) -> str:
    """A subject that is a sentence: most are a word or two for a filing system."""
    summary = _line(text[: 2 * _SUMMARY_CHARS])
    ends = summary.rstrip("\"'”’)").endswith((".", "!", "?"))
    sentence = ends and summary.count(" ") >= _SENTENCE_WORDS - 1
    return summary if sentence and len(summary) <= _SUMMARY_CHARS else ""


def _topics(text: str) -> tuple[str, ...]:
    text = clean(text[: _NAME_CHARS * _MAX_NAMES])
    separator = r"[;\n]" if ";" in text else r"[,\n]"
    topics = (_line(topic).strip("\"'“” ") for topic in re.split(separator, text))
    usable = (topic for topic in topics if len(topic) <= _NAME_CHARS and _LETTER.search(topic))
    return tuple(dict.fromkeys(usable))[:_MAX_NAMES]


def _date(text: str, today: datetime.date) -> PublicationDate | None:
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date = PublicationDate(year or 0, month, day)
    except ValueError:
        return None
    tomorrow = today + datetime.timedelta(days=1)
    return date if date.year >= _EARLIEST_YEAR and date.first_day <= tomorrow else None


def _language(text: str) -> str:
    match = _LANGUAGE.fullmatch(text.strip().replace("_", "-"))
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return ""
    return match[1].lower() + match[2]
