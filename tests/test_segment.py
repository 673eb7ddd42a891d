"""Arithmetic on the postings of one word: where its words begin in a document, and which documents have several."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportsearch.search.whoosh_engine.matches import rows_in_all
from reportsearch.search.whoosh_engine.segment import TermPostings

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
