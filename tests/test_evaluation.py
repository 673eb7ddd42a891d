"""The figures of a ranking: against values worked out by hand, and floors on the sample's judged queries."""

import json
import math
from pathlib import Path

import pytest

from reportsearch.corpus import sample_folder
from reportsearch.indexer import pipeline
from reportsearch.indexer.errors import CollectionError
from reportsearch.indexer.settings import load_settings
from reportsearch.search import open_collection
from reportsearch.search.evaluation import Judged, compare, evaluate, read_run, score, write_run

QRELS = {"q1": {"a": 2, "b": 1, "c": 0}, "q2": {"d": 1}, "nothing relevant": {"a": 0}}


def test_figures_are_those_worked_out_by_hand() -> None:
    figures = score(QRELS, {"q1": ["c", "a", "x", "b"], "q2": []})
    ideal = 2 + 1 / math.log2(3)
    got = 2 / math.log2(3) + 1 / math.log2(5)
    assert figures.queries == 2
    assert figures.ndcg_at_10 == pytest.approx(got / ideal / 2)
    assert figures.map == pytest.approx((1 / 2 + 2 / 4) / 2 / 2)
    assert figures.recall_at_100 == pytest.approx(0.5)


def test_a_document_that_is_listed_twice_counts_once() -> None:
    assert score(QRELS, {"q2": ["d", "d"]}).map == score(QRELS, {"q2": ["d"]}).map


def test_a_run_survives_the_way_through_a_file_and_names_with_spaces_do(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {"q 1": ["El Salvador", "b"]})
    line = (tmp_path / "run").read_text(encoding="utf-8").splitlines()[0]
    assert line.split() == ["q%201", "Q0", "El%20Salvador", "1", "2", "reportsearch"]
    assert read_run(tmp_path / "run") == {"q%201": ["El%20Salvador", "b"]}
    (tmp_path / "run").write_text("not a run", encoding="utf-8")
    with pytest.raises(CollectionError, match="TREC"):
        read_run(tmp_path / "run")


def test_equal_rankings_differ_by_nothing_and_a_worse_one_by_something() -> None:
    qrels = {f"q {number}": {"El Salvador": 1} for number in range(20)}
    good = score(qrels, {query: ["El Salvador"] for query in qrels})
    encoded = {query.replace(" ", "%20"): ["El%20Salvador"] for query in qrels}
    same = compare(qrels, good, encoded)
    assert (same.difference, same.p_value) == (0.0, 1.0)
    worse = compare(qrels, good, {query: ["x", *ranked] for query, ranked in encoded.items()})
    assert worse.difference > 0.3
    assert worse.p_value < 0.01


def test_a_judged_collection_is_indexed_asked_and_judged(tmp_path: Path) -> None:
    documents = [
        {"id": "El Salvador", "title": "Kilns", "text": "Brick kilns."},
        {"id": "b", "title": "", "text": "Looms."},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(
        '{"id": "q", "text": "brick"}\n{"id": "r", "text": "looms"}', encoding="utf-8"
    )
    (tmp_path / "qrels.tsv").write_text("q\tEl Salvador\t1\nr\tb\t1\n", encoding="utf-8")
    figures = evaluate(Judged.read(tmp_path))
    assert (figures.queries, figures.ndcg_at_10, figures.map, figures.recall_at_100) == (2, 1.0, 1.0, 1.0)
    assert figures.run["q"] == ["El Salvador"]
    (tmp_path / "qrels.tsv").write_text("q El Salvador 1\n", encoding="utf-8")
    with pytest.raises(CollectionError, match=r"qrels\.tsv"):
        Judged.read(tmp_path)


def test_a_report_with_all_of_two_words_comes_before_one_that_repeats_one(tmp_path: Path) -> None:
    records = [
        {"id": "one", "title": "Brick", "text": "brick " * 50},
        {"id": "both", "title": "Works", "text": "word " * 300 + "brick kiln"},
        *({"id": f"n{number}", "title": "x", "text": "brick"} for number in range(5)),
    ]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    pipeline.add(load_settings(tmp_path, {}), [str(tmp_path / "r.jsonl")])
    with open_collection(tmp_path) as collection:
        first, second, *_ = collection.search("brick kiln")
        assert (first.id, first.missing) == ("both", ())
        assert second.missing == ("kiln",)
        assert 0 < first.score < 100


def test_the_sample_is_ranked_as_its_judges_would(tmp_path: Path) -> None:
    """Measured .877 and .750; the floors leave room for half a query of fifteen. Lowering them is a decision."""
    sample = sample_folder()
    (tmp_path / "site").symlink_to(sample / "site")
    settings = load_settings(tmp_path, {})
    pipeline.update(settings, load_settings(sample, {}).sources)
    judged = [line.split("\t") for line in (sample / "judged" / "qrels.tsv").read_text("utf-8").splitlines()]
    qrels: dict[str, dict[str, int]] = {}
    for query, document, grade in judged:
        qrels.setdefault(query, {})[document] = int(grade)
    queries = [json.loads(line) for line in (sample / "judged" / "queries.jsonl").read_text("utf-8").splitlines()]
    with open_collection(tmp_path) as collection:
        run = {row["id"]: [hit.id for hit in collection.search(row["text"])] for row in queries}
    figures = score(qrels, run)
    assert figures.queries == 15
    assert figures.ndcg_at_10 > 0.84
    assert figures.map > 0.71
