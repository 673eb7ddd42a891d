"""Which passages of a found report are shown: those where the most words stand within a few lines."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import Hit, open_collection
from reportsearch.search.whoosh_engine import windows

FILLER = "The council met on Tuesday and read the minutes of the day before. "
Shown = Callable[..., Hit]


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """The only hit of a query on a report with these pages."""

    def of(query: str, *texts: str, snippets: int = 3) -> Hit:
        pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
        writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
        writer.replace(Report("report", "", "A title", pages=pages))
        writer.commit()
        with open_collection(tmp_path) as collection:
            (hit,) = collection.search(query, snippets=snippets)
        return hit

    return of


def test_more_different_words_come_before_rarer_ones(shown: Shown) -> None:
    text = "Zanzibar zanzibar zanzibar. " + FILLER * 30 + "The kilns of the north. " + FILLER * 30
    hit = shown("zanzibar kilns north", text, "North and kilns, north and kilns. " * 20)
    assert {"kilns", "north"} <= set(hit.snippets[0].text.lower().replace(".", "").replace(",", "").split())


@pytest.mark.parametrize("before", range(0, 12, 2))
def test_words_on_both_sides_of_where_passages_part_are_shown_together(shown: Shown, before: int) -> None:
    text = FILLER * before + "They saw the guardian there. And then the kilns burned. " + FILLER * 12
    best = shown("guardian kilns", text).snippets[0]
    assert "guardian" in best.text
    assert "kilns" in best.text


def test_a_snippet_does_not_go_on_to_another_page(shown: Shown) -> None:
    hit = shown("guardian kilns", FILLER * 3 + "They saw the guardian.", "The kilns burned. " + FILLER * 3)
    assert {(snippet.page, "guardian" in snippet.text, "kilns" in snippet.text) for snippet in hit.snippets} == {
        (1, True, False),
        (2, False, True),
    }


def test_a_text_that_came_in_lines_is_shown_in_sentences(shown: Shown) -> None:
    sentence = "It is known to all of us here\nthat in the north of the land, by\nnight and by day, kilns burn."
    best = shown("kilns", FILLER * 4 + "\n" + sentence + "\n" + FILLER * 4).snippets[0]
    assert sentence.replace("\n", " ") in best.text


def test_every_word_of_a_text_that_came_in_lines_is_marked(shown: Shown) -> None:
    line = "line {} of the kiln text goes on and on with words and more words and no end"
    best = shown("kiln", "\n".join(map(line.format, range(12)))).snippets[0]
    assert best.text.count("kiln") == len(best.marks) > 2


def test_words_are_marked_beyond_the_65536th_of_each_report(tmp_path: Path) -> None:
    text = " ".join(f"w{(number * 7 + 1) % 50}" for number in range(66_000)) + " . " + "alpha beta gamma . " * 6
    writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
    for name in ("one", "two"):
        writer.replace(Report(name, "", "A title", pages=(Page(1, text),)))
    writer.commit()
    with open_collection(tmp_path) as collection:
        for page in (1, 2):
            for query, marked in (("alpha", {"alpha"}), ('"alpha beta"', {"alpha beta"})):
                found = collection.search(query, page=page, per_page=1)
                assert found.total == 2
                best = found.hits[0].snippets[0]
                assert {best.text[start:end] for start, end in best.marks} == marked


@pytest.mark.parametrize("snippets", [1, 3])
def test_a_phrase_is_shown_where_it_stands_on_one_page(shown: Shown, snippets: int) -> None:
    second = "kilns stand here. " + FILLER * 9 + "Old brick kilns burn. " + FILLER * 9
    best = shown('"brick kilns"', FILLER * 9 + "We saw kilns of brick", second, snippets=snippets).snippets[0]
    assert best.page == 2
    assert "<mark>brick kilns</mark>" in best.html


@pytest.mark.parametrize("query", ['zebra "brick kilns"', 'brick "brick kilns"', 'kilns "brick kilns"'])
def test_half_a_phrase_is_shown_only_where_it_is_nowhere_whole(shown: Shown, query: str) -> None:
    first, whole = FILLER * 9 + "Zebra of old brick", "Brick kilns of zebra. "
    assert "<mark>Brick kilns</mark>" in shown(query, first, "kilns stand. " + FILLER * 9 + whole).snippets[0].html
    (best,) = shown(query, first, "kilns stand. " + FILLER * 9 + "A zebra walks.", snippets=1).snippets
    assert "<mark>brick</mark>" in best.html


def test_few_and_many_occurrences_are_looked_at_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = random.Random(7)  # noqa: S311
    vocabulary = [f"w{number}" for number in range(40)]

    def sentence() -> str:
        return " ".join(drawn.choices(vocabulary, k=drawn.randint(3, 25))).capitalize() + ". "

    writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
    for name in map(str, range(60)):
        texts = ["".join(sentence() for _ in range(drawn.randint(0, 30))) for _ in range(drawn.randint(1, 3))]
        pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
        writer.replace(Report(name, "", "A title", pages=pages))
    writer.commit()
    queries = [" ".join(drawn.sample(vocabulary, drawn.randint(1, 4))) for _ in range(60)]
    queries += [f'"{query}" {drawn.choice(vocabulary)}' for query in queries if query.count(" ") == 1]
    asked = [(query, snippets) for query in queries for snippets in (1, 3)]
    with open_collection(tmp_path) as collection:
        answers = []
        for few in (-1, 1 << 30):
            monkeypatch.setattr(windows, "_FEW", few)
            answers.append([collection.search(query, per_page=5, snippets=count).hits for query, count in asked])
    assert any(len(hit.snippets) > 1 for hits in answers[0] for hit in hits)
    assert answers[0] == answers[1]
