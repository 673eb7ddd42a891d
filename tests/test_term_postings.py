"""Arithmetic on the postings of one word: where its words stand, and which documents have several."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportsearch.indexer.codec.postings import FieldPostings, Posting, encode
from reportsearch.search.whoosh_engine import term_postings
from reportsearch.search.whoosh_engine.matches import rows_in_all
from reportsearch.search.whoosh_engine.places import in_both
from reportsearch.search.whoosh_engine.term_postings import TermPostings

RANDOM = np.random.default_rng(5)


def postings(freqs: NDArray[Any] | None, count: int) -> TermPostings:
    """Those of a term in the first `count` documents."""
    posting = SimpleNamespace(doc_ids=np.arange(count, dtype=np.uint32), term_freqs=freqs)
    lexicon: Any = SimpleNamespace(posting=lambda number: posting)
    return TermPostings(lexicon, 0)


@pytest.mark.parametrize("documents", [1, 7, 300, 15_999, 16_000, 40_000])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, None])
def test_words_begin_where_those_of_earlier_documents_end(documents: int, dtype: type[Any] | None) -> None:
    freqs = None if dtype is None else RANDOM.integers(1, 5, documents).astype(dtype)
    counts = np.ones(documents, np.int64) if freqs is None else freqs.astype(np.int64)
    begins = counts.cumsum() - counts
    asked = [[], [0], [documents - 1], [0, 0, documents // 2, documents // 2], range(documents)]
    asked += [np.sort(RANDOM.integers(0, documents, size)) for size in (3, 20, 200, documents // 2)]
    kept = postings(freqs, documents)
    for some in (*asked, *asked):  # again, with what was kept
        rows = np.array(some, np.intp)
        for term in (kept, postings(freqs, documents)):
            starts, found = term.words_at(rows)
            assert starts.tolist() == begins[rows].tolist()
            assert found.tolist() == counts[rows].tolist()


@pytest.mark.parametrize(
    "sizes", [(0, 5), (5, 5), (3, 900), (900, 3), (40, 41, 42), (2, 700, 900), (900, 800, 700, 600)]
)
def test_documents_of_all_lists_are_found_in_each(sizes: tuple[int, ...]) -> None:
    for _ in range(20):
        lists = [np.sort(RANDOM.choice(1000, size, replace=False)) for size in sizes]
        common = sorted(set.intersection(*({*doc_ids.tolist()} for doc_ids in lists)))
        rows = rows_in_all(lists, 1000)
        assert [doc_ids[of_list].tolist() for doc_ids, of_list in zip(lists, rows, strict=True)] == [common] * len(
            lists
        )


def drawn_term(documents: int, words: int, surfaces: int, longest: int) -> tuple[TermPostings, dict[int, int]]:
    """A term with so many words in some of the documents, the last of them of `longest` words; and the surface that
    stands at each of its places."""
    doc_ids = np.sort(RANDOM.integers(0, documents, words))
    positions = RANDOM.integers(0, np.where(doc_ids == doc_ids[-1], longest, 100))
    places = {int(place): int(RANDOM.integers(surfaces)) for place in np.unique(doc_ids << 32 | positions)}
    of_words = np.array(list(places))
    having, freqs = np.unique(of_words >> 32, return_counts=True)
    field = FieldPostings(
        np.array([len(having)], np.uint32),
        np.array([len(places)], np.uint32),
        having.astype(np.uint32),
        freqs.astype(np.uint32),
        (of_words & 0xFFFFFFFF).astype(np.uint32),
        np.array(list(places.values()), np.uint32),
        np.array([surfaces], np.uint32),
    )
    encoded = encode(field)
    posting = Posting(encoded.data.data, 0, int(encoded.shapes[0]), len(having), len(places))
    lexicon: Any = SimpleNamespace(posting=lambda number: posting)
    return TermPostings(lexicon, 0), places


@pytest.mark.parametrize("longest", [100, 1000, 70_000, 400_000])
@pytest.mark.parametrize("surfaces", [1, 2, 3, 9, 100, 300])
@pytest.mark.parametrize("words", [1, 40, 3000, 60_000])
def test_words_stand_where_they_were_written(
    words: int, surfaces: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = max(4, words // 2)
    term, places = drawn_term(documents, words, surfaces, longest)
    least = min(places.values())
    for surface in [None] if surfaces == 1 else [None, least, surfaces + 1]:
        standing = [place for place, written in places.items() if surface in (None, written)]
        assert term.places(surface).tolist() == standing
        drawn = RANDOM.integers(-1, documents + 1, 200) << 32 | RANDOM.integers(0, longest, 200)
        some = RANDOM.choice(list(places), 60)
        for wanted in (drawn[:3], some[:5], np.concatenate((drawn, some)), np.array([-1, 0, 1 << 32])):
            wanted = np.unique(wanted)
            found = sorted({*standing}.intersection(wanted.tolist()))
            for most in (0, term_postings._LOOKED_AT):
                with monkeypatch.context() as patched:
                    patched.setattr(term_postings, "_LOOKED_AT", most)
                    assert term.among(wanted, surface, documents + 1).tolist() == found
            if term.posting.rises is None:
                assert term.among_few(wanted.tolist(), surface) == found


@pytest.mark.parametrize("sizes", [(0, 0), (0, 9), (9, 0), (1, 500), (500, 1), (300, 400), (20, 400)])
def test_what_is_in_two_lists_is_found(sizes: tuple[int, int]) -> None:
    one, other = (np.sort(RANDOM.choice(1000, size, replace=False)) for size in sizes)
    assert in_both(one, other).tolist() == sorted({*one.tolist()} & {*other.tolist()})
