"""What hits say and show, from the index to the snippet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import Collection, open_collection

Open = Callable[..., Collection]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Makes a collection of reports with these texts, r0, r1 and so on, and opens it."""

    def make(*texts: str) -> Collection:
        writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
        for number, text in enumerate(texts):
            writer.replace(Report(f"r{number}", "", f"Report {number}", "", pages=(Page(1, text),)))
        writer.commit()
        return open_collection(tmp_path)

    return make


@pytest.mark.parametrize("space", [" ", "  ", "\n", "\n\n", "\u00a0", "\u3000"])
@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("A child{}carries bricks.", 'child "child"', "A <mark>child</mark> carries bricks."),
        ("A child{}carries bricks.", 'child "child carries"', "A <mark>child carries</mark> bricks."),
        ("Report:{}关于儿童权利。", "儿童权利", "Report: 关于<mark>儿童权利</mark>。"),
    ],
)
def test_a_snippet_says_what_the_text_says(opened: Open, space: str, text: str, query: str, shown: str) -> None:
    with opened(text.format(space)) as collection:
        (hit,) = collection.search(query)
    assert hit.snippets[0].html == shown


def test_an_exact_word_is_shown_behind_many_inflections(opened: Open) -> None:
    with opened("They were trafficked again. " * 201 + "This is trafficking indeed.") as collection:
        (hit,) = collection.search('"trafficking"')
    assert hit.snippets[0].html == "This is <mark>trafficking</mark> indeed."


@pytest.mark.parametrize("first", [300, 520, 690])
@pytest.mark.parametrize("fillers", [99, 100])
def test_of_a_long_pasted_text_what_is_there_is_marked(opened: Open, first: int, fillers: int) -> None:
    pasted = " ".join(f"q{number}z" for number in range(700))
    there = " ".join(f"q{first + number}z" for number in range(4))
    with opened("so " * fillers + f". Here {there} ends now and then.") as collection:
        (hit,) = collection.search(f'"{pasted}"')
    assert hit.snippets[0].html == f"Here <mark>{there}</mark> ends now and then."


def test_all_pages_of_an_answer_to_a_pasted_sentence_are_of_it(opened: Open) -> None:
    sentence = '"zero one two three four nine"'
    with opened(*["one two three four five here."] * 20) as collection:
        pages = [collection.search(sentence, page=page) for page in (1, 2, 3)]
        assert [(page.total, len(page)) for page in pages] == [(20, 10), (20, 10), (20, 0)]
        assert len({hit.id for page in pages for hit in page}) == 20
        assert len(collection.ids(sentence).ids) == 10
        exact = [collection.search('"one two three four five here"', page=page) for page in (2, 3)]
        assert [(page.total, len(page), page.warnings) for page in exact] == [(20, 10, ()), (20, 0, ())]


@pytest.mark.parametrize("snippets", [0, 1, 3])
def test_what_is_missing_is_told_with_and_without_snippets(opened: Open, snippets: int) -> None:
    with opened("Numbats eat termites.", "Quokkas eat leaves.") as collection:
        found = collection.search("numbats leaves", snippets=snippets)
    assert {hit.id: hit.missing for hit in found} == {"r0": ("leaves",), "r1": ("numbats",)}


@pytest.mark.parametrize("snippets", [0, 1, 3])
def test_a_word_of_the_title_alone_and_what_was_quoted_are_not_missing(opened: Open, snippets: int) -> None:
    with opened("S/2022/493 is about kilns that burn.", "Kilns that burn, see S/2022/494.") as collection:
        found = collection.search('report "kilns that burn" S/2022/493 numbats', snippets=snippets)
    assert {hit.id: hit.missing for hit in found} == {"r0": ("numbats",), "r1": ("numbats", "S 2022 493")}


@pytest.mark.parametrize("snippets", [0, 1])
def test_of_a_reference_that_no_report_has_the_whole_is_missing(opened: Open, snippets: int) -> None:
    with opened("S/2022/493/Add.1/Rev.2 comes first.") as collection:
        (hit,) = collection.search("S/2022/493/Add/9/8", snippets=snippets)
    assert hit.missing == ("S 2022 493 Add 9 8",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kilns are heavy.", "Kilns are <mark>heavy</mark>."),
        ("Kiln owners are heavy.", "Kiln owners are <mark>heavy</mark>."),
        ("Kiln \n\n are heavy.", "are <mark>heavy</mark>."),
    ],
)
def test_a_heading_is_not_shown_again_and_nothing_else_is_cut(tmp_path: Path, text: str, shown: str) -> None:
    writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
    writer.replace(Report("r", "", "A title", "", pages=(Page(1, "Kiln\nFirst text.", "", ("Kiln",)), Page(2, text))))
    writer.commit()
    with open_collection(tmp_path) as collection:
        (hit,) = collection.search("heavy")
    assert hit.snippets[0].html == shown


def test_a_title_in_another_language_is_shown(tmp_path: Path) -> None:
    writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
    writer.replace(Report("r", "", "Die Häuser", language="de", pages=(Page(1, "Ein Text."),)))
    writer.commit()
    with open_collection(tmp_path) as collection:
        (hit,) = collection.search("haus")
    assert hit.snippets[0].html == "Die <mark>Häuser</mark>"


def test_an_index_without_reports_finds_none(opened: Open, tmp_path: Path) -> None:
    with opened("Numbats eat termites.") as collection:
        writer = WhooshStore(load_settings(tmp_path).index_folder, "en").writer()
        writer.delete("r0")
        writer.commit()
        for query in ("numbats", "numbats eat", '"numbats eat"', '"numbats eat termites on the tree"'):
            assert (len(collection.search(query)), collection.ids(query).ids) == (0, ())
