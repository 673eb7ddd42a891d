"""The records: dates that know their precision, and the way through the index and back."""

import datetime
import pickle
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer import errors
from reportsearch.indexer.codec import BODY, PAGES, decode_pages, encode_pages
from reportsearch.indexer.record import to_report
from reportsearch.indexer.report import Origin, Page, PublicationDate, Report, ReportFile
from reportsearch.indexer.schema import make_schema, to_document


@pytest.mark.parametrize(
    ("text", "precision", "first_day"),
    [("2016", "year", "2016-01-01"), ("2016-11", "month", "2016-11-01"), ("2016-11-09", "day", "2016-11-09")],
)
def test_a_date_keeps_its_precision(text: str, precision: str, first_day: str) -> None:
    date = PublicationDate.parse(text)
    assert (str(date), date.precision, date.first_day.isoformat()) == (text, precision, first_day)


def test_a_time_behind_a_date_is_passed_over() -> None:
    assert PublicationDate.parse("2016-11-09T10:00:00Z") == PublicationDate(2016, 11, 9)


@pytest.mark.parametrize("text", ["", "soon", "2016-13", "2016-02-30", "0000", "9 November 2016"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PublicationDate.parse(text)


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a month"):
        PublicationDate(2016, None, 1)


@given(st.dates(datetime.date(1, 1, 1)))
def test_any_day_survives_the_way_through_text(day: datetime.date) -> None:
    assert PublicationDate.parse(str(PublicationDate(day.year, day.month, day.day))).first_day == day


REPORT = Report(
    id="papers/a.pdf",
    url="papers/a.pdf",
    title="Títle, with “quotes”",
    summary="A teaser.",
    authors=("Ann Example", "Bo Example, Jr."),
    publisher="ECPAT UK",
    date=PublicationDate(2016, 11),
    language="en-GB",
    topics=("care", "trafficking, children"),
    kind="Report",
    pages=(Page(None, "On the web."), Page(1, "I. Start\ntext", "i", ("I. Start",), 1)),
    files=(ReportFile("papers/a.pdf", "application/pdf", "00ff", 12, 1, 0),),
    source="shelf",
    origins=MappingProxyType({"title": Origin.PDF_INFO, "date": Origin.CARD}),
    content_hash="abc",
)


def test_a_report_survives_the_way_through_the_index() -> None:
    document = to_document(REPORT, "en")
    names = {*document.texts, *document.values, *document.numbers, *document.stored, BODY, PAGES}
    assert names <= set(make_schema("en").names())
    assert to_report(document.stored["record"], decode_pages(encode_pages(document.pages))) == REPORT


def test_filters_hold_folded_values_whole() -> None:
    values = to_document(REPORT, "en").values
    assert values["author"] == ("ann example", "bo example, jr.")
    assert values["publisher"] == ("ecpat uk",)
    assert values["year"] == ("2016",)


def test_each_read_error_has_a_remedy_and_crosses_processes() -> None:
    for status in errors.REMEDIES:
        error = errors.ExtractError(status, "It is so.", location="a.pdf")
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
        assert (type(copy), copy.status, copy.message, copy.location) == (
            errors.ExtractError,
            status,
            "It is so.",
            "a.pdf",
        )
        assert str(copy).endswith(copy.remedy)
    with pytest.raises(ValueError, match="REMEDIES"):
        errors.ReadError("odd", "…", location="x")


def test_the_error_tree_is_the_one_drawn() -> None:
    drawn = [line.split("── ")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "── " in line]
    assert sorted([*drawn, "ReportSearchError", "REMEDIES"]) == sorted(errors.__all__)
