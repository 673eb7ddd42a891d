"""Queries of nothing but words: what need not be scored changes no answer."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from whoosh import query

from reportsearch.indexer.report import Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import Collection, Results, open_collection
from reportsearch.search.engine import Request
from reportsearch.search.nodes import AnyField
from reportsearch.search.whoosh_engine import WhooshEngine, word_lists
from reportsearch.search.whoosh_engine.rank import BM25F, COVERED, Scoring, SummedBM25
from reportsearch.search.whoosh_engine.word_lists import WordLists

REPORTS, WORDS = 900, [f"w{number}x" for number in range(60)]
PUBLISHERS = ("Numbat Trust", "Quokka Institute")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Words as frequent as in texts, some in titles; two segments, with deletions."""
    folder = tmp_path_factory.mktemp("zipf")
    drawn = random.Random(4)  # noqa: S311
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    store = WhooshStore(load_settings(folder).index_folder, "en")
    for first, behind in ((0, REPORTS), (REPORTS - 40, REPORTS + 60)):
        writer = store.writer()
        for number in range(first, behind):
            summary = " ".join(drawn.choices(WORDS, weights, k=drawn.randrange(3, 40)))
            title = " ".join(drawn.choices(WORDS, weights, k=2))
            writer.replace(Report(f"r{number}", "", title, summary, publisher=drawn.choice(PUBLISHERS)))
        writer.commit()
    with open_collection(folder) as opened:
        yield opened


@contextmanager
def eager() -> Iterator[list[str]]:
    """Leaves out what can be left out, however small the collection; gives which ways were taken."""
    ways = []

    def noted(name: str) -> Any:
        method = getattr(WordLists, name)

        def call(self: WordLists, *arguments: object) -> object:
            found = method(self, *arguments)
            ways.append(f"{name} {'all' if found is None else 'some'}")
            return found

        return patch.object(WordLists, name, call)

    with (
        patch.object(word_lists, "_MANY", 0),
        patch.object(word_lists, "_MUCH_COMMON", 0),
        patch.object(word_lists, "_LEFT_OUT", 0.4),
        noted("_best_with_most"),
        noted("_best_with_telling"),
    ):
        yield ways


@contextmanager
def thorough() -> Iterator[None]:
    """Scores every report that has any of the words."""
    with patch.multiple(WordLists, _best_with_most=lambda *_: None, _best_with_telling=lambda *_: None):
        yield


def seen(results: Results) -> tuple[int, list[tuple[str, float, tuple[str, ...]]]]:
    return results.total, [(hit.id, hit.score, hit.missing) for hit in results]


@pytest.mark.parametrize("sparse", [1, 40, 1 << 40])
def test_what_is_left_out_is_not_among_the_best(
    collection: Collection, sparse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_lists, "_SPARSE", sparse)
    drawn = random.Random(sparse)  # noqa: S311
    with eager() as ways:
        for _ in range(300):
            asked = " ".join(drawn.sample(WORDS, drawn.randrange(2, 7)))
            filters = {"publisher": [PUBLISHERS[0]]} if drawn.random() < 0.3 else {}
            pages = [(1, drawn.choice((1, 3, 10))), (drawn.choice((2, 5)), 10)]
            for page, per_page in pages:
                found = collection.search(asked, filters=filters, page=page, per_page=per_page, snippets=0)
                with thorough():
                    wanted = collection.search(asked, filters=filters, page=page, per_page=per_page, snippets=0)
                assert seen(found) == seen(wanted), asked
    counts = {way: ways.count(way) for way in sorted(set(ways))}
    assert set(counts) == {
        f"{name} {how}" for name in ("_best_with_most", "_best_with_telling") for how in ("all", "some")
    }
    assert min(counts.values()) > 50, counts


SCORINGS = (BM25F(), BM25F(k1=1e-9), BM25F(k1=0.0), BM25F(boosts={"summary": -1e-3}), SummedBM25())


@pytest.mark.parametrize("scoring", SCORINGS)
@pytest.mark.parametrize("boost", [1.0, 1e-322, 0.0, -1.0])
def test_each_report_with_a_word_is_on_one_page(
    collection: Collection, boost: float, scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_lists, "_SCORED_AT_ONCE", 0)
    word = AnyField(WORDS[3], WORDS[3], [WORDS[3]])
    word.boost = boost
    with WhooshEngine(collection.settings.index_folder, scoring).snapshot() as snapshot:
        pages = [snapshot.search(Request(query.Or([word]), offset=offset)) for offset in range(0, REPORTS, 10)]
    found = [match.doc_id for page in pages for match in page.matches]
    assert len(found) == len(set(found)) == pages[0].total > 300
    scores = [match.score for page in pages for match in page.matches]
    assert max(scores) > COVERED / 2 or scores == sorted(scores, reverse=True)  # below 0 is told from there downwards


def test_what_a_report_lacks_is_told(collection: Collection) -> None:
    for words in (2, 3, 4):
        for hit in collection.search(" ".join(WORDS[5 : 5 + words]), per_page=50):
            text = f"{hit.title} {hit.summary}".split()
            assert set(hit.missing) == set(WORDS[5 : 5 + words]) - set(text)
