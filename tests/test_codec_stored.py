"""Stored values: what goes in comes out, of the same type."""

import datetime
from enum import StrEnum
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.codec.pages import decode_pages, encode_pages
from reportsearch.indexer.codec.stored import decode_values, encode_values
from reportsearch.indexer.report import Page

Moment = TypeVar("Moment", datetime.datetime, datetime.time)


def unfolded(moment: Moment) -> Moment:
    """Without `fold`, which ISO 8601 does not say and a moment without a time zone does not need."""
    return moment.replace(fold=0)


plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(st.characters()), st.binary(),
    st.dates(), st.datetimes(timezones=st.one_of(st.none(), st.just(datetime.UTC))).map(unfolded),
    st.times().map(unfolded), st.decimals(allow_nan=False),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4),
        st.sets(st.integers(), max_size=4),
    ),
    max_leaves=12,
)


@given(values)
def test_values_come_back_as_they_were(value: Any) -> None:
    found = decode_values(encode_values(value))
    assert (found, type(found)) == (value, type(value))
    assert repr(found) == repr(value) or isinstance(value, set | dict | list | tuple)


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 2**64, -(2**63) - 1, "x" * 5_000_000, float("inf"), frozenset("a")]
)
def test_large_values_come_back(value: Any) -> None:
    assert decode_values(encode_values({"v": value}))["v"] == value


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("value", [object(), Colour.RED, [Colour.RED], 1j, lambda: None])
def test_what_no_other_program_could_read_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="stored"):
        encode_values(value)


@given(
    st.lists(
        st.builds(
            Page,
            st.one_of(st.none(), st.integers(1)),
            st.text(st.characters()),
            st.text(),
            st.lists(st.text()).map(tuple),
            st.integers(0, 9),
        )
    )
)
def test_pages_come_back_as_they_were(pages: list[Page]) -> None:
    assert decode_pages(encode_pages(pages)) == tuple(pages)
