"""Addresses: one canonical form for one report."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.urls import (
    canonical_url,
    file_uri,
    is_url,
    join,
    local_path,
    same_site,
    why_no_place,
    why_no_url,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://WWW.Example.ORG:443/a?b=1#page=3", "https://www.example.org/a?b=1"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/x y", "http://example.org:8080/x%20y"),
        ("https://example.org/r?utm_source=mail&id=7&fbclid=abc", "https://example.org/r?id=7"),
        ("https://example.org/r?b=2&a=1", "https://example.org/r?b=2&a=1"),
        ("https://bücher.example/å", "https://xn--bcher-kva.example/%C3%A5"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
    ],
)
def test_canonical_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "refused", ["ftp://example.org/", "javascript:alert(1)", "mailto:a@b.c", "/path", "", "http://"]
)
def test_what_is_no_address_is_refused(refused: str) -> None:
    with pytest.raises(ValueError, match="not an http"):
        canonical_url(refused)


def test_hrefs_that_urllib_refuses_are_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"netloc|NFKC|IPv6|Invalid"):
        join("http://example.org/", "//[site:url-brief]")
    with pytest.raises(ValueError, match=r"[Pp]ort"):
        join("http://example.org/", "http://example.org:port/")


@given(st.text())
def test_any_href_gives_an_address_or_a_value_error(href: str) -> None:
    try:
        joined = join("https://example.org/reports/", href)
    except ValueError:
        return
    assert isinstance(joined, str)


def test_hrefs_are_joined_as_browsers_do() -> None:
    assert join("https://example.org/a/b", " ../c\n.pdf ") == "https://example.org/c.pdf"


def test_a_path_survives_the_way_through_a_uri(tmp_path: Path) -> None:
    path = tmp_path / "Côte d'Ivoire #1 100%.pdf"
    assert local_path(file_uri(path)) == path
    assert local_path(file_uri(path) + "#page=3") == path


@pytest.mark.parametrize("text", ["https://example.org/a", "HTTP://Example.org", "http://[::1]:80/"])
def test_addresses_are_no_mistake(text: str) -> None:
    assert why_no_url(text) == why_no_place(text) == ""


@pytest.mark.parametrize("text", ["http://[x", "http://", "https://example.org:port/", "http://a..b\u3002\u2488/"])
def test_addresses_that_cannot_be_one_are_named_with_the_remedy(text: str) -> None:
    assert why_no_url(text) == why_no_place(text) != ""
    assert repr(text) in why_no_url(text)


def test_a_place_is_an_address_or_a_path() -> None:
    assert [why_no_place(text) for text in ("papers/", "C://papers", "/tmp/a:b", "~/a")] == [""] * 4  # noqa: S108
    assert "http or https" in why_no_place("ftp://example.org/a")
    assert "http or https" in why_no_place("file:///etc/passwd")
    assert "NUL" in why_no_place("papers/\0")
    assert "http or https" in why_no_url("nonsense")


def test_sites_and_schemes() -> None:
    assert same_site("https://www.example.org/a", "http://example.org/b")
    assert not same_site("https://example.org/", "https://example.com/")
    assert not same_site("file:///a", "file:///b")
    assert is_url("HTTP://x/")
    assert not is_url("papers/http://x")
    with pytest.raises(ValueError, match="local file"):
        local_path("file://elsewhere/share/x.pdf")
