"""Searching while others commit: every answer is from one commit, the newest one that was there."""

import sys
from pathlib import Path

import pytest
from generations import REPORTS, THREADS, commit, commits, generations_in, threads

from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import open_collection
from reportsearch.search.engine import Request
from reportsearch.search.syntax import parse
from reportsearch.search.whoosh_engine import WhooshEngine


@pytest.fixture
def store(tmp_path: Path) -> WhooshStore:
    return WhooshStore(load_settings(tmp_path).index_folder, "en")


@pytest.mark.slow
def test_no_answer_of_eight_threads_mixes_commits() -> None:
    seen = threads(3.0)
    assert seen["wrong"] == []
    assert seen["searches"] > THREADS
    assert seen["seen"] > 3


def test_a_commit_is_seen_without_opening_the_collection_again(store: WhooshStore, tmp_path: Path) -> None:
    commit(store, 1)
    with open_collection(tmp_path) as collection:
        for generation in range(2, 6):
            assert generations_in(collection.search("child")) == {str(generation - 1)}
            commit(store, generation)
        assert generations_in(collection.search("child")) == {"5"}


def test_an_old_snapshot_finishes_although_its_files_are_gone(store: WhooshStore) -> None:
    commit(store, 1)
    engine = WhooshEngine(store.folder)
    tree = parse("child bricks", "en").tree
    with engine.snapshot() as old:
        before = {path.name for path in store.folder.iterdir()}
        for generation in range(2, 8):
            commit(store, generation)
        assert not any(name.endswith(".trm") for name in before & {path.name for path in store.folder.iterdir()})
        ranking = old.search(Request(tree, limit=REPORTS))
        passages = [why.passages for why in old.reasons(ranking.matches, parse("child bricks", "en").words, 1)]
        assert {match.record["title"] for match in ranking.matches} == {"Kilns of generation1"}
        assert all("generation1 " in passage.text for of_match in passages for passage in of_match)
        assert all("generation1 " in page.text for page in old.pages(ranking.matches[0].doc_id))
    with engine.snapshot() as new:
        assert {match.record["title"] for match in new.search(Request(tree)).matches} == {"Kilns of generation7"}


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds on to is read from /proc")
def test_a_reader_of_many_commits_holds_on_to_none_of_them() -> None:
    seen = commits(100)
    assert seen["unseen"] == 0
    assert seen["most"]["maps"] == seen["first"]["maps"]
    assert seen["most"]["files"] == seen["first"]["files"]
    assert seen["last"]["anonymous_kb"] < seen["first"]["anonymous_kb"] + 3000
