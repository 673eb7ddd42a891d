"""Searches over small collections: what is found, filtered, counted and sorted."""

import json
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from whoosh import query

from reportsearch.indexer import pipeline
from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import Collection, open_collection
from reportsearch.search.whoosh_engine import word_lists

RECORDS = [
    {"id": "kilns", "title": "Brick kilns", "text": "A child carries bricks. They were trafficked.", "date": "2014"},
    {"id": "looms", "title": "Looms", "text": "A child weaves; child-trafficking is a crime.", "date": "2016-05"},
    {"id": "care", "title": "Missing", "text": "Going missing from care. Section 45, S/2022/493.", "date": "2016-01"},
    {"id": "ja", "title": "報告", "text": "児童の権利に関する報告書。", "language": "ja"},
    {"id": "th", "title": "รายงาน", "text": "สิทธิเด็กในประเทศไทย", "language": "th"},
    {"id": "de", "title": "Bericht", "text": "Die Kinder der Häuser.", "language": "de", "publisher": "Amt"},
    {"id": "fr", "title": "Rapport", "text": "Les enfants déplacés.", "language": "fr", "publisher": "Amt"},
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("records")
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, RECORDS)), encoding="utf-8")
    pipeline.add(load_settings(folder, {}), [str(folder / "records.jsonl")])
    with open_collection(folder) as opened:
        yield opened


def found(collection: Collection, query: str, **options: object) -> list[str]:
    return [hit.id for hit in collection.search(query, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("trafficking", {"kilns", "looms"}),  # any inflection
        ('"trafficked"', {"kilns"}),  # as it is written
        ('"trafficking"', {"looms"}),
        ('"child trafficking"', {"looms"}),  # a hyphen only parts words
        ("child-trafficking", {"kilns", "looms"}),
        ('"section 45"', {"care"}),
        ("S/2022/493", {"care"}),
        ("S/2022/494", set()),
        ("権利", {"ja"}),
        ("報告書", {"ja"}),
        ("เด็ก", {"th"}),
        ("Kind", {"de"}),  # stemmed as German, because the report is
        ("hauser", {"de"}),
        ("deplace", {"fr"}),
        ("child’s", {"kilns", "looms"}),
    ],
)
def test_words_are_found_as_people_write_them(collection: Collection, query: str, ids: set[str]) -> None:
    assert set(found(collection, query)) == ids


@pytest.mark.parametrize("query", ["child", "child bricks", '"missing from care"', "a b c child bricks loom"])
def test_a_filter_that_no_report_passes_leaves_none(collection: Collection, query: str) -> None:
    results = collection.search(query, filters={"year": ["1999"]}, per_page=1)
    assert (results.total, len(results)) == (0, 0)


def test_filters_are_or_within_a_field_and_and_across(collection: Collection) -> None:
    assert found(collection, "child missing", filters={"year": ["2014", "2016"]}, exclude={"year": ["2014"]}) == [
        "care",
        "looms",
    ]
    assert found(collection, "kinder enfants", filters={"publisher": ["AMT"], "language": ["fr"]}) == ["fr"]


def test_values_are_counted_over_all_that_match(collection: Collection) -> None:
    results = collection.search("child missing", facets=["year", "publisher"], per_page=1)
    assert results.total == 3
    assert results.facets == {"year": {"2016": 2, "2014": 1}, "publisher": {}}


def test_reports_are_sorted_by_date_and_title(collection: Collection) -> None:
    assert found(collection, "child missing", sort="-date") == ["looms", "care", "kilns"]
    assert found(collection, "child missing", sort="date") == ["kilns", "care", "looms"]
    assert found(collection, "child missing", sort="title") == ["kilns", "looms", "care"]


def test_without_a_total_the_reports_are_the_same(collection: Collection) -> None:
    assert found(collection, "child missing", total=False) == found(collection, "child missing")


def test_pages_of_hits_follow_each_other(collection: Collection) -> None:
    pages = [found(collection, "child missing", page=page, per_page=2) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert pages[0] + pages[1] == found(collection, "child missing")


def test_a_hit_names_what_it_lacks_and_marks_what_it_has(collection: Collection) -> None:
    first, *_ = collection.search("bricks guardians")
    assert (first.id, first.missing) == ("kilns", ("guardians",))
    (snippet,) = first.snippets
    assert [snippet.text[mark.start : mark.end] for mark in snippet.marks] == ["bricks"]


@pytest.mark.parametrize("options", [{"sort": "size"}, {"facets": ["size"]}, {"filters": {"size": ["1"]}}, {"page": 0}])
def test_what_cannot_be_asked_is_said(collection: Collection, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"size|page"):
        collection.search("child", **options)  # type: ignore[arg-type]


def test_a_reference_that_no_report_has_takes_no_words_away(collection: Collection) -> None:
    first, *_ = collection.search("bricks S/2022/999")
    assert (first.id, first.missing) == ("kilns", ("S 2022 999",))
    assert found(collection, "S/2022/493 bricks")[:1] in (["care"], ["kilns"])


@pytest.mark.parametrize(
    "options", [{"filters": {"year": [2016]}}, {"exclude": {"year": [None]}}, {"per_page": 2.5}, {"page": "1"}]
)
def test_a_callers_mistake_is_no_damage(collection: Collection, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be texts|whole numbers"):
        collection.search("child", **options)  # type: ignore[arg-type]


def test_a_query_is_a_text_or_a_tree(collection: Collection) -> None:
    assert collection.ids(query.Prefix("body", "brick")).ids == ("kilns",)
    assert collection.ids(query.FuzzyTerm("body", "bricj")).ids == ("kilns",)
    with pytest.raises(TypeError, match="query"):
        collection.search(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("few", [0, 256])
def test_reports_that_score_alike_are_on_one_page_each(tmp_path: Path, few: int) -> None:
    # of these two, which stand at the edge of a page, the weights differ in the last bit and the scores do not
    texts = ["kiln " + "word " * 90, *["kiln " * 5] * 9, "kiln " * 4 + "word " * 380, *["kiln " + "word " * 398] * 20]
    words, rest = 10 * 1000 - sum(text.count(" ") for text in texts), 1000 - len(texts)
    texts += ["word " * (words // rest + (number < words % rest)) for number in range(rest)]
    writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
    for number, text in enumerate(texts):
        writer.replace(Report(f"{number:04}", "", "t", pages=(Page(1, text),)))
    writer.commit()
    with patch.object(word_lists, "_SCORED_AT_ONCE", few), open_collection(tmp_path) as collection:
        pages = [[hit.id for hit in collection.search("kiln", page=page, snippets=0)] for page in (1, 2)]
    assert not set(pages[0]) & set(pages[1])
    assert {f"{number:04}" for number in range(11)} <= {*pages[0], *pages[1]}
