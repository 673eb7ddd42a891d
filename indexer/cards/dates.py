"""Dates as cards write them: "12 November 2016", "Nov. 2016", "11/12/2016", "2016年11月1日".

Only what stands there is believed: a date is as exact as its words, and needs a year.
"""

import re

from ..extract.dates import parse_date
from ..report import PublicationDate

__all__ = ["DateReader", "find_date", "is_date", "is_day_first", "without_date", "without_leading_date"]

# Each month in English, French, German, Spanish, Portuguese, Italian, Dutch, Swedish, Danish and Polish; any beginning
# of three letters or more stands for it.
_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january januari januar janvier jänner enero janeiro gennaio januari styczeń stycznia",
        "february februari februar février fevrier febrero fevereiro febbraio februari luty lutego",
        "march mars märz maerz mrz marzo março maart marts marzec marca",
        "april aprili avril abril aprile kwiecień kwietnia",
        "may mai mayo maio maggio mei maj maja",
        "june juni juin junio junho giugno czerwiec czerwca",
        "july juli juillet julio julho luglio lipiec lipca",
        "august augustus augusti août aout agosto sierpień sierpnia",
        "september septembre septiembre setiembre setembro settembre wrzesień września",
        "october oktober octobre octubre outubro ottobre październik października",
        "november novembre noviembre novembro listopad listopada",
        "december dezember décembre decembre diciembre dezembro dicembre grudzień grudnia",
    )
)
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<month_number>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        r"(?<!\d)(?P<first>\d\d?)[-/.](?P<second>\d\d?)[-/.](?P<any_year>\d{4}|\d\d)(?!\d)",
        rf"(?<!\d){_YEAR}\s?年\s?(?P<month_number>\d\d?)\s?月(?:\s?(?P<day>\d\d?)\s?日)?",
        rf"(?<!\d){_DAY}\s?[- ]?(?:of |de |d’|d')?{_MONTH},?[- ]?(?:de |del )?{_YEAR}(?!\d)",
        rf"\b{_MONTH}[ -]?{_DAY},? ?{_YEAR}(?!\d)",
        rf"\b{_MONTH},? ?(?:de |del )?{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}-(?P<month_number>\d\d)(?!\d)",
    )
)
_ONLY_YEAR = re.compile(rf"(?<![\d/.-]){_YEAR}(?![\d/.-])")
_AROUND = re.compile(
    r"(?:published|posted|publication|released?|updated|last|issued|filed|date|on|le|am|el|em|il|op|at|from|new|"
    r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"publié|publiée|veröffentlicht|publicado|pubblicato|gepubliceerd|\d\d?:\d\d(?::\d\d)?|am|pm|gmt|utc|[t\W_])*",
    re.IGNORECASE,
)
_UNKNOWN_WORD = re.compile(r"[^\W\d_]{2}")
_MAY_BE_DATE = re.compile(r"(?:1[6-9]|20)\d\d|\d[-/.]\d")
_MAX_CHARS = 80


def find_date(text: str, *, day_first: bool = True) -> PublicationDate | None:
    """The first date with at least a month and a year in a text; None where there is none."""
    found = _search(text, day_first)
    return found[0] if found else None


def is_date(text: str) -> bool:
    """Whether a text is nothing but a date, perhaps with a label ("Published: 12 November 2016") or a time."""
    if len(text) > _MAX_CHARS or not _MAY_BE_DATE.search(text):
        return False
    found = _search(text, True)
    if found is None:
        year = _ONLY_YEAR.search(text)
        return year is not None and _is_bare(text, year)
    return _is_bare(text, found[1])


def without_leading_date(text: str) -> str:
    """A text without the date that it begins with and a dash, bar or colon after that ("12 May 2016 – Words")."""
    found = _search(text[:_MAX_CHARS], True)
    if found is None or found[1].start() > 0:
        return text
    rest = text[found[1].end() :].lstrip()
    return rest[1:].lstrip() if rest[:1] and rest[0] in "-–—|:·•" else text


def without_date(text: str) -> str:
    """A short text without the date in it ("Report | 12 May 2016"); prose is left as it is."""
    found = _search(text, True) if len(text) <= _MAX_CHARS else None
    return text if found is None else f"{text[: found[1].start()]} {text[found[1].end() :]}"


def is_day_first(texts: list[str], language: str) -> bool:
    """Whether 11/12/2016 is the eleventh of December: by the page's other dates, else by its language."""
    for text in texts:
        match = _PATTERNS[1].search(text)
        if match and int(match["first"]) > 12 >= int(match["second"]):
            return True
        if match and int(match["second"]) > 12 >= int(match["first"]):
            return False
    return language.lower() != "en-us"


class DateReader:
    """Reads the dates of one page; `day_first` is what 11/12/2016 means there, `language` a BCP 47 tag."""

    def __init__(self, *, day_first: bool = True, language: str = "en") -> None:
        self.day_first = day_first
        self._language = language or "en"
        self._questions_left = 200  # words in other languages take milliseconds each

    def find(self, text: str) -> PublicationDate | None:
        """The first date with at least a month and a year in a text; None where there is none."""
        return find_date(text, day_first=self.day_first)

    def read(self, text: str) -> PublicationDate | None:
        """The date in a text that is known to be one, in any language; a bare year counts."""
        text = text[:_MAX_CHARS]
        year = _ONLY_YEAR.search(text)
        found = self.find(text)
        if found is not None or year is None:
            return found
        if _UNKNOWN_WORD.search(text) and self._questions_left:
            self._questions_left -= 1
            found = parse_date(text, self._language)
        return found or PublicationDate(int(year["year"]))


def _search(text: str, day_first: bool) -> tuple[PublicationDate, re.Match[str]] | None:
    if not _MAY_BE_DATE.search(text):
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            try:
                date = _date_of(match.groupdict(), day_first)
            except ValueError:
                return None  # 31 February 2016 is not February 2016
            if date is not None:
                return date, match
    return None


def _date_of(parts: dict[str, str | None], day_first: bool) -> PublicationDate | None:
    """The date of a match; None where a word is no month ("12 reports 2016"). Raises ValueError for no such day."""
    if first := parts.get("first"):
        return _from_numbers(int(first), int(parts["second"] or 0), parts["any_year"] or "", day_first)
    name = parts.get("month")
    month = _month_number(name) if name else int(parts["month_number"] or 0)
    day = parts.get("day")
    return None if month is None else PublicationDate(int(parts["year"] or 0), month, int(day) if day else None)


def _from_numbers(first: int, second: int, year: str, day_first: bool) -> PublicationDate:
    if first > 12:
        day_first = True
    elif second > 12:
        day_first = False
    day, month = (first, second) if day_first else (second, first)
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)  # as POSIX strptime
    if not 1600 <= full_year < 2100:
        raise ValueError(year)
    return PublicationDate(full_year, month, day)


def _month_number(name: str) -> int | None:
    name = name.lower()
    for number, names in enumerate(_MONTHS, 1):
        if any(full.startswith(name) for full in names):
            return number
    return None


def _is_bare(text: str, match: re.Match[str]) -> bool:
    return _AROUND.fullmatch(text[: match.start()] + " " + text[match.end() :]) is not None
