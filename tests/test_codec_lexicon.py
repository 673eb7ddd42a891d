"""Finding terms: as in a sorted list."""

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec_container import Memory

from reportsearch.indexer.codec.container import ContainerReader, ContainerWriter
from reportsearch.indexer.codec.lexicon import Lexicon, heads_of, write_lexicon

# terms that share their first eight bytes, with zero bytes, and any Unicode
terms = st.one_of(
    st.binary(max_size=12),
    st.builds(bytes.__add__, st.sampled_from([b"children", b"childre", b"\0" * 8, b"\xff" * 9]), st.binary(max_size=3)),
    st.lists(st.sampled_from([b"\0", b"a", b"\xff"]), max_size=12).map(b"".join),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


def lexicon_of(wanted: list[bytes], surfaces: list[list[bytes]] | None = None) -> Lexicon:
    """A lexicon of these terms; of a field without positions unless surfaces are given."""
    file = Memory()
    writer = ContainerWriter(file)
    writer.add("f:postings", b"")
    counts = np.array([len(each) for each in surfaces or [[]] * len(wanted)], np.int64)
    ones = np.ones(len(wanted), np.int64)
    flat = [surface for each in surfaces or [] for surface in each]
    occurrences = None if surfaces is None else ones
    write_lexicon(writer, "f", wanted, flat, counts, ones, occurrences, ones.astype(np.uint16), 0 * ones)
    writer.close()
    return Lexicon(ContainerReader(memoryview(bytes(file.data)), "a.trm"), "f")


@settings(max_examples=300, deadline=None)
@given(st.sets(terms, max_size=40), st.lists(terms, max_size=20))
def test_terms_are_found_as_in_a_sorted_list(known: set[bytes], asked: list[bytes]) -> None:
    ordered = sorted(known)
    lexicon = lexicon_of(ordered)
    assert len(lexicon) == len(ordered)
    assert list(lexicon.terms()) == ordered
    assert list(lexicon.terms(1, 3)) == ordered[1:3]
    prefixes = [term[:length] for term in ordered[:10] for length in range(len(term) + 1)]
    for term in [*ordered, *asked, *prefixes, b"", b"\xff" * 10]:
        place = bisect_left(ordered, term)
        assert lexicon.lower_bound(term) == place
        assert lexicon.find(term) == (place if term in known else None)
        found = [ordered[number] for number in lexicon.with_prefix(term)]
        assert found == [each for each in ordered if each.startswith(term)]


words = st.text(st.characters(exclude_characters="\0\n"), max_size=5).map(
    lambda word: word.encode("utf-8", "surrogatepass")
)


@settings(deadline=None)
@given(st.dictionaries(words, st.sets(words, min_size=1, max_size=5), max_size=10))
def test_surfaces_come_back_as_they_were(forms: dict[bytes, set[bytes]]) -> None:
    ordered = sorted(forms)
    surfaces = [sorted(forms[term]) for term in ordered]
    lexicon = lexicon_of(ordered, surfaces)
    assert [lexicon.surfaces(number) for number in range(len(ordered))] == surfaces
    flat, counts = lexicon.all_surfaces()
    assert flat == [surface for each in surfaces for surface in each]
    assert counts.tolist() == [len(each) for each in surfaces]


def test_a_field_of_values_has_no_surfaces() -> None:
    lexicon = lexicon_of([b"", b"a", b"b\0"])
    assert not lexicon.has_positions
    assert lexicon.surfaces(1) == []
    assert lexicon.all_surfaces()[0] == []


@pytest.mark.parametrize(("term", "head"), [(b"child", 0x6368696C64000000), (b"children", 0x6368696C6472656E)])
def test_the_worked_example_of_the_module_holds(term: bytes, head: int) -> None:
    assert heads_of([term]).tolist() == [head]
    assert heads_of([term + b"\xff\xff\xff\xff"])[0] >= head
