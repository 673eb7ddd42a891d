"""Postings: encoded, decoded, one or many terms at a time, in every width."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsearch.indexer.codec.postings import Encoded, FieldPostings, Posting, decode, encode
from reportsearch.indexer.codec.ranges import bounds_of

Word = tuple[int, int]  # position, surface
Term = tuple[int, dict[int, list[Word]]]  # how many surfaces it has, its words by document

LARGEST = (0, 1, 255, 256, 65_535, 65_536, 70_000, 131_072, 1 << 20, (1 << 32) - 1)


def field_of(terms: list[Term], *, has_positions: bool = True) -> FieldPostings:
    """The same postings as flat arrays."""
    postings = [words for _, documents in terms for _, words in sorted(documents.items())]
    words = [word for of_document in postings for word in of_document]
    doc_freqs = np.array([len(documents) for _, documents in terms], np.uint32)
    counts = np.array([sum(map(len, documents.values())) for _, documents in terms], np.uint32)
    return FieldPostings(
        doc_freqs,
        counts if has_positions else doc_freqs,
        np.array([doc_id for _, documents in terms for doc_id in sorted(documents)], np.uint32),
        np.array([len(of_document) for of_document in postings], np.uint32),
        np.array([position for position, _ in words], np.uint32) if has_positions else None,
        np.array([surface for _, surface in words], np.uint32) if has_positions else None,
        np.array([surfaces for surfaces, _ in terms], np.uint32),
    )


def assert_same(found: FieldPostings, wanted: FieldPostings) -> None:
    for name in FieldPostings._fields:
        left, right = getattr(found, name), getattr(wanted, name)
        assert (left is None) == (right is None), name
        if left is not None:
            assert left.tolist() == right.tolist(), name


def check(field: FieldPostings) -> Encoded:
    """Encodes and decodes all terms at once, a stretch of them, and each by itself."""
    encoded = encode(field)
    assert len(encoded.data) == 4 * int(encoded.sizes.sum())
    at = bounds_of(encoded.sizes)[:-1] * 4
    numbers = (encoded.shapes, field.doc_freqs, field.occurrences, field.surface_counts)
    assert_same(decode(encoded.data, at, *numbers), field)
    last = decode(encoded.data, at[1:], *(column[1:] for column in numbers))
    assert last.doc_ids.tolist() == field.doc_ids[int(field.doc_freqs[:1].sum()) :].tolist()
    postings, words = bounds_of(field.doc_freqs), bounds_of(field.occurrences)
    for term, shape in enumerate(encoded.shapes.tolist()):
        one = Posting(encoded.data.data, int(at[term]), shape, int(field.doc_freqs[term]), int(field.occurrences[term]))
        of_postings = slice(int(postings[term]), int(postings[term + 1]))
        of_words = slice(int(words[term]), int(words[term + 1]))
        assert one.doc_ids.tolist() == field.doc_ids[of_postings].tolist()
        freqs = field.term_freqs[of_postings].tolist()
        assert (one.term_freqs.tolist() if one.term_freqs is not None else [1] * len(freqs)) == freqs
        positions = one.positions()
        assert (positions is None) == (field.positions is None)
        if field.positions is not None and field.surfaces is not None and positions is not None:
            expected = field.positions[of_words]
            assert positions.tolist() == expected.tolist()
            some = np.arange(0, len(expected), 3)
            assert one.positions_at(some).tolist() == expected[some].tolist()
            assert one.positions_in_order(some).tolist() == expected[some].tolist()
            assert (one.surface_bits == 0) == (int(field.surface_counts[term]) == 1)
            surfaces = field.surfaces[of_words]
            if one.surface_bits:
                assert one.surfaces_at(np.arange(len(expected))).tolist() == surfaces.tolist()
                assert one.surfaces_at(some).tolist() == surfaces[some].tolist()
                assert one.surfaces().tolist() == surfaces.tolist()
                assert one.few_surfaces_at(some.tolist()) == surfaces[some].tolist()
            else:
                assert not surfaces.any()
    return encoded


@st.composite
def a_term(draw: st.DrawFn) -> Term:
    surfaces = draw(st.one_of(st.integers(1, 300), st.sampled_from([1, 2, 3, 4, 5, 16, 17, 256, 257, 300])))
    highest = draw(st.sampled_from(LARGEST))
    documents = draw(st.sets(st.integers(0, draw(st.sampled_from(LARGEST))), min_size=1, max_size=6))
    words = st.lists(st.integers(0, highest), min_size=1, max_size=8, unique=True).map(sorted)
    return surfaces, {
        doc_id: [(position, draw(st.integers(0, surfaces - 1))) for position in draw(words)] for doc_id in documents
    }


@settings(max_examples=300, deadline=None)
@given(st.lists(a_term(), min_size=1, max_size=6))
def test_postings_come_back_as_they_were(terms: list[Term]) -> None:
    check(field_of(terms))


@settings(deadline=None)
@given(st.lists(st.sets(st.integers(0, 1 << 18), min_size=1, max_size=8), max_size=6))
def test_values_without_positions_come_back_as_they_were(terms: list[set[int]]) -> None:
    check(field_of([(0, {doc_id: [(0, 0)] for doc_id in term}) for term in terms], has_positions=False))


@pytest.mark.parametrize("surfaces", [1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 300])
def test_every_number_of_surfaces(surfaces: int) -> None:
    words = [(position, position % surfaces) for position in range(700)]
    encoded = check(field_of([(surfaces, {3: words}), (1, {0: [(0, 0)]}), (surfaces, {7: words[:1]})]))
    bits = {1: 0, 2: 1, 3: 2, 4: 2}.get(surfaces, 4 if surfaces <= 16 else 8 if surfaces <= 256 else 16)
    assert [0, *(1 << n for n in range(5))][int(encoded.shapes[0]) >> 6 & 7] == bits


@pytest.mark.parametrize("largest", LARGEST)
def test_every_width_of_document_numbers_and_frequencies(largest: int) -> None:
    often = min(largest, 70_000) or 1
    check(field_of([(2, {0: [(n, n % 2) for n in range(often)], largest or 1: [(0, 1)]})]))


def long_document(positions: range | list[int]) -> list[Word]:
    return [(position, position % 2) for position in positions]


@pytest.mark.parametrize(
    "documents",
    [
        {0: long_document(range(0, 200_000, 7))},
        {0: long_document(range(65_530, 65_542)), 1: long_document(range(40))},
        {0: long_document(range(70_000, 70_100)), 1: long_document(range(131_000, 131_100)), 5: long_document([5])},
        {number: long_document(range(60_000, 140_000, 999)) for number in range(9)},
        {0: long_document([*range(100), 1 << 20])},
        {0: long_document(range((1 << 32) - 50, 1 << 32))},
    ],
)
def test_words_beyond_65536_keep_their_place(documents: dict[int, list[Word]]) -> None:
    encoded = check(field_of([(2, {0: [(1, 0)]}), (2, documents), (2, {3: [(9, 1)]})]))
    words = sum(map(len, documents.values()))
    assert len(encoded.data) < words * 4 + len(documents) * 6 + 300


def test_rises_are_there_only_where_they_pay() -> None:
    rising = 1 << 10
    assert encode(field_of([(1, {0: long_document(range(65_000, 66_000))})])).shapes[0] & rising
    assert not encode(field_of([(1, {0: [(70_000, 0)]})])).shapes[0] & rising


def test_the_worked_example_of_the_module_holds() -> None:
    encoded = check(field_of([(2, {3: [(5, 0), (9, 1)], 700: [(260, 0)]})]))
    assert encoded.data.tobytes().hex(" ") == "03 00 bc 02 02 01 00 00 05 00 09 00 04 01 00 00 02 00 00 00"
    assert encoded.shapes.tolist() == [1 | 1 << 2 | 2 << 4 | 1 << 6] == [0x65]


def test_no_term_is_no_byte() -> None:
    assert encode(field_of([])).data.tobytes() == b""
