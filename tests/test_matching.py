"""Differential tests: the array engine against evaluation by hand, and against Whoosh's own matchers."""

import random
from pathlib import Path

import pytest
import whoosh
from by_hand import Asker, ByHand, Collection, compared, compared_with_whoosh, difference, edits, stem
from whoosh import query

from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.run import store_for
from reportsearch.indexer.settings import load_settings
from reportsearch.search import open_collection
from reportsearch.search.engine import Request
from reportsearch.search.nodes import AnyField, PhraseInAnyField
from reportsearch.search.whoosh_engine import WhooshEngine, phrases, places, segment, snapshot
from reportsearch.search.whoosh_engine.rank import BM25F


@pytest.mark.parametrize("seed", range(4))
def test_documents_scores_and_facets_are_those_found_by_hand(seed: int) -> None:
    answers = list(compared(100, seed))
    assert len(answers) == 100
    assert [(str(request), wrong) for request, wrong in answers if wrong] == []


@pytest.mark.skipif(whoosh.__version__ < (2, 7, 5), reason="its matchers lose documents of Require and of spans")
@pytest.mark.parametrize("seed", range(4))
def test_all_kinds_of_queries_find_the_documents_that_whoosh_finds(seed: int) -> None:
    answers = list(compared_with_whoosh(100, seed))
    assert len(answers) > 60
    assert [(str(tree), wrong) for tree, wrong in answers if wrong] == []


def test_collections_by_hand_are_worth_searching(tmp_path: Path) -> None:
    """Several segments, deletions, queries that find some but not all: else nothing is proven by what is above."""
    drawn = random.Random(3)  # noqa: S311
    found, segments, deleted = [], set(), 0
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        collection = Collection(folder, drawn)
        asker, hand = Asker(drawn), ByHand(collection.sheets, BM25F())
        with WhooshEngine(folder).snapshot() as snapshot:
            segments.add(len(snapshot._segments))
            deleted += sum(segment.count - segment.live_count for segment in snapshot._segments)
        found += [len(hand.answer(asker.request())[0]) / max(1, len(collection.sheets)) for _ in range(50)]
    assert len(segments) > 2
    assert max(segments) > 3
    assert deleted > 5
    assert sum(0 < share < 1 for share in found) > len(found) / 2


def test_a_phrase_is_found_beyond_the_65536th_word(tmp_path: Path) -> None:
    drawn = random.Random(1)  # noqa: S311
    collection = Collection(tmp_path, drawn, long=True)
    engine, hand, asker = WhooshEngine(tmp_path), ByHand(collection.sheets, BM25F()), Asker(drawn)
    for _ in range(20):
        request = Request(asker.phrase())
        assert difference(engine, hand, request) == ""
    longest = max(len(sheet.words["body"]) for sheet in collection.sheets.values())
    assert longest > 1 << 16


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(("told", "few", "searched"), [(-1, 0, 16), (-1, 1000, 16), (5000, 12, 0), (20, 3, 2)])
def test_each_way_to_look_for_words_of_a_phrase_finds_it(
    told: int, few: int, searched: int, long: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Collections by hand are small: what is done with many words is done here with few."""
    monkeypatch.setattr(segment, "_SOON_TOLD", told)
    monkeypatch.setattr(segment, "_FOR_EACH", 0)
    monkeypatch.setattr(phrases, "_FEW", few)
    monkeypatch.setattr(places, "_SEARCHED", searched)
    monkeypatch.setattr(snapshot, "_RECENT_PLACES", (1, 1000))
    drawn = random.Random(told + few)  # noqa: S311
    found = 0
    for number in range(1 if long else 6):
        folder = tmp_path / str(number)
        folder.mkdir()
        collection = Collection(folder, drawn, long=long)
        engine, hand, asker = WhooshEngine(folder), ByHand(collection.sheets, BM25F()), Asker(drawn)
        for _ in range(20):
            request = Request(asker.phrase())
            assert difference(engine, hand, request) == ""
            found += bool(hand.answer(request)[0])
    assert found > 3


def test_a_phrase_does_not_begin_before_the_first_report(tmp_path: Path) -> None:
    """In a segment of 256 reports, where document -1 in one byte is the last one."""
    texts = ["zebra", *["pad of pad"] * 254, "of " * 9000]
    texts[5] = "pad " * 70_000 + "of zebra " + "of pad " * 30
    (tmp_path / "reports.toml").touch()
    writer = store_for(load_settings(tmp_path)).writer()
    for number, text in enumerate(texts):
        writer.replace(Report(f"r{number}", "", "", "", pages=(Page(1, text.strip()),)))
    writer.commit()
    with open_collection(tmp_path) as collection:
        assert collection.ids('"of zebra"') == (("r5",), 1, {})


def test_a_phrase_of_words_with_the_same_stem_twice_is_no_other(tmp_path: Path) -> None:
    collection = Collection(tmp_path, random.Random(5))  # noqa: S311
    hand = ByHand(collection.sheets, BM25F())
    once = [word("child", exact=True), word("kiln", exact=True)]
    twice = [AnyField(each.word, each.surface, each.terms * 2, exact=True) for each in once]
    with WhooshEngine(tmp_path).snapshot() as snapshot:
        found = snapshot.identities(Request(PhraseInAnyField(twice), limit=1000)).ids
        assert set(found) == set(hand.scores(PhraseInAnyField(once)))
        assert snapshot.identities(Request(PhraseInAnyField([]))).ids == ()


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("", "", 0), ("kiln", "klin", 1), ("kiln", "kilns", 1), ("ca", "abc", 3)]
)
def test_no_piece_is_edited_twice_by_hand(one: str, other: str, distance: int) -> None:
    assert edits(one, other) == distance


def word(surface: str, *, exact: bool = False) -> AnyField:
    return AnyField(surface, surface, (stem(surface, "en"),), exact=exact)


@pytest.mark.parametrize(
    "tree",
    [
        query.ConstantScoreQuery(word("child"), 2.0),
        query.Or([query.ConstantScoreQuery(word("child"), 2.0), word("kiln")]),
        query.Not(word("children", exact=True)),
        query.Not(PhraseInAnyField([word("child", exact=True), word("kiln", exact=True)])),
        query.And([]),
        query.Every("title"),
        query.Every("topic"),
        query.Every("absent"),
        query.Prefix("absent", "c"),
        query.Regex("absent", "c.*"),
        query.NumericRange("absent", 1, 2),
        query.DisjunctionMax([query.Not(word("child")), word("kiln")]),
    ],
    ids=lambda tree: type(tree).__name__,
)
def test_a_query_over_what_is_not_there_is_no_damage(tmp_path: Path, tree: query.Query) -> None:
    """Each of these once was taken for a damaged index, or found deleted reports, or too many."""
    collection = Collection(tmp_path, random.Random(11))  # noqa: S311
    hand = ByHand(collection.sheets, BM25F())
    with WhooshEngine(tmp_path).snapshot() as snapshot:
        found = set(snapshot.identities(Request(tree, limit=1000)).ids)
    if getattr(tree, "fieldname", None) == "absent" or isinstance(tree, query.And):
        assert found == set()
    elif isinstance(tree, query.DisjunctionMax):
        assert found == set(hand.scores(query.Or(tree.subqueries)))
    else:
        assert found == set(hand.scores(tree))
