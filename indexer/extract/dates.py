"""Publication dates as pages and people write them, with their precision.

Never a guess: a date without a year, with a year of two digits, or relative to today ("yesterday") is none.
"""

import re

from dateparser.date import DateDataParser

from ..report import PublicationDate

__all__ = ["parse_date"]

_MAX_CHARS = 80
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>[12]\d{3})"
_DAY = r"(?P<day>[0-3]?\d)"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = r"(?:(?:\s*[T,|]|\s+at|\s+-)?\s*\d\d?[:.h]\d\d.{0,30})?"
_LABEL = re.compile(
    r"^\W*(?:(?:first\s+)?(?:published|posted|released|issued)(?:\s+(?:on|in))?|(?:publication|release)?\s*date)"
    r"\s*[:\-–]?\s*(?=\w)",
    re.I,
)
_FORMS = tuple(
    re.compile(form + _TIME, re.I | re.ASCII)
    for form in (
        _YEAR,
        rf"{_YEAR}[-/.](?P<month>\d\d?)",
        rf"{_YEAR}[-/.](?P<month>\d\d?)[-/.]{_DAY}",
        rf"{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)",
        rf"(?P<month>[01]?\d)[-/.]{_YEAR}",
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?(?:\s+of)?[\s\-./]*{_MONTH}[\s,\-./]*{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?\s*,?\s*{_YEAR}",
        rf"{_MONTH}[\s,\-/]*{_YEAR}",
        rf"{_YEAR}[\s,\-/]*{_MONTH}(?:[\s\-/]*{_DAY})?",
    )
)
_NUMERIC = re.compile(rf"(?P<one>\d\d?)([-/.])(?P<two>\d\d?)\2{_YEAR}{_TIME}", re.I | re.ASCII)
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_RANGE = re.compile(r"\d{4}\s*[-–—/]\s*\d{4}")

# No relative times, no time stamps; a year and a month must be there. Years alone are read above.
_STRICT = {
    "PARSERS": ["absolute-time"],
    "REQUIRE_PARTS": ["month", "year"],
    "PREFER_DAY_OF_MONTH": "first",
    "RETURN_AS_TIMEZONE_AWARE": False,
}


def parse_date(text: str, language: str = "en") -> PublicationDate | None:
    """The date that the whole of a short text gives ("1 November 2016", "2016-11", "novembre 2016"), or None.

    `language` is a BCP 47 tag. Of 01/11/2016 the day comes first, except in en-US; where only one order gives a
    date (11/25/2016), it is taken. A weekday before and a time behind are passed over, the time zone too: the
    date is as it was written.
    """
    text = " ".join(text[: _MAX_CHARS * 2].split())
    text = _LABEL.sub("", text)[: _MAX_CHARS + 1]
    if len(text) > _MAX_CHARS or _RANGE.fullmatch(text):
        return None
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _from_parts(match.groupdict())
    match = _NUMERIC.fullmatch(text)
    if match is not None:
        return _from_numbers(int(match["year"]), int(match["one"]), int(match["two"]), language)
    worded = _HAS_YEAR.search(text) and _HAS_LETTER.search(text)
    return _in_words(text, language) if worded else None


def _from_parts(parts: dict[str, str | None]) -> PublicationDate | None:
    name, month, day = parts.get("name"), parts.get("month"), parts.get("day")
    if name:
        number: int | None = _MONTHS.index(name[:3].lower()) + 1
    else:
        number = int(month) if month else None
    return _date(int(parts["year"] or 0), number, int(day) if day else None)


def _from_numbers(year: int, one: int, two: int, language: str) -> PublicationDate | None:
    if language.lower() == "en-us":
        one, two = two, one
    return _date(year, two, one) or _date(year, one, two)


def _date(year: int, month: int | None, day: int | None) -> PublicationDate | None:
    try:
        return PublicationDate(year, month, day)
    except ValueError:  # 31 November
        return None


def _in_words(text: str, language: str) -> PublicationDate | None:
    """What dateparser reads, in the language or else in English."""
    primary = language.partition("-")[0].lower()
    for languages in ([primary], ["en"]):
        try:
            found = DateDataParser(languages=languages, settings=_STRICT).get_date_data(text)
        except (
            ValueError,
            TypeError,
            OverflowError,
        ):  # a language that it does not know; a number out of range
            continue
        if found.date_obj is not None and found.period in ("day", "month", "time"):
            day = None if found.period == "month" else found.date_obj.day
            return _date(found.date_obj.year, found.date_obj.month, day)
    return None
