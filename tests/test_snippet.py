"""Snippets: the passages that show why, marked at whole words."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.report import Page
from reportsearch.search.marker import Marker
from reportsearch.search.results import Snippet
from reportsearch.search.snippet import MAX_CHARS, Fragment, choose
from reportsearch.search.syntax import parse

FILLER = "The council met on Tuesday and read the minutes. "


def fragments(query: str, *pages: Page, limit: int = 3) -> tuple[Fragment, ...]:
    return choose(pages, Marker(parse(query, "en"), "en"), lambda _term: 1.0, limit=limit)


def marked(fragment: Fragment) -> list[str]:
    return [fragment.text[mark.start : mark.end] for mark in fragment.marks]


def paged(*texts: str) -> Sequence[Page]:
    return [Page(number, text) for number, text in enumerate(texts, 1)]


def test_the_passage_with_all_the_words_comes_first() -> None:
    pages = paged(
        FILLER * 5 + "Care is costly.", FILLER * 5 + "Children go missing from care each night. " + FILLER * 5
    )
    best, *_ = fragments("missing care", *pages)
    assert best.page.number == 2
    assert marked(best) == ["missing", "care"]
    assert best.text.startswith("Children go missing")


def test_inflections_are_marked_and_parts_of_words_are_not() -> None:
    (best,) = fragments(
        "traffick children", Page(1, "Trafficked children were careful; childhood and childminders differ.")
    )
    assert marked(best) == ["Trafficked children"]


def test_words_of_a_phrase_are_marked_only_as_that_phrase() -> None:
    (best,) = fragments('"missing from care"', Page(1, "Care is missing. He went missing from care from home."))
    assert marked(best) == ["missing from care"]


def test_a_phrase_is_found_across_line_ends() -> None:
    (best,) = fragments('"missing from care"', Page(1, "They went missing\nfrom   care."))
    assert marked(best) == ["missing from care"]


def test_snippets_come_from_different_pages() -> None:
    found = fragments("care", *paged("Care one. " + FILLER * 20 + "Care two.", "Care three.", "Nothing.", "Care four."))
    assert sorted(fragment.page.number or 0 for fragment in found) == [1, 2, 4]


def test_a_long_sentence_is_cut_between_words_around_the_match() -> None:
    text = "word " * 400 + "guardianship " + "word " * 400
    (best,) = fragments("guardianship", Page(1, text))
    assert len(best.text) <= MAX_CHARS
    assert best.text.startswith("… word")
    assert best.text.endswith("word …")
    assert marked(best) == ["guardianship"]


def test_the_heading_is_the_last_one_before_the_passage() -> None:
    pages = (
        Page(1, "1 Care\nCare begins. " + FILLER * 9 + "2 Home\nAll guardians.", headings=("1 Care", "2 Home")),
        Page(2, "More guardians."),
    )
    first, second = fragments("guardians", *pages)
    assert (first.heading, second.heading) == ("2 Home", "2 Home")
    assert fragments("begins", *pages)[0].heading == "1 Care"


def test_nothing_is_shown_where_no_word_stands() -> None:
    assert fragments("kilns", Page(1, "Carpets only.")) == ()


def test_html_is_escaped_and_marked() -> None:
    (best,) = fragments("alert", Page(1, 'Call <script>alert("x")</script> & wait.'))
    snippet = Snippet(best.text, best.marks, "", 1, "", "", "")
    assert snippet.html == "Call &lt;script&gt;<mark>alert</mark>(&quot;x&quot;)&lt;/script&gt; &amp; wait."


def test_pages_are_named_as_people_cite_them() -> None:
    def place(page: int | None, label: str) -> str:
        return Snippet("", (), "", page, label, "", "").place

    assert (place(37, ""), place(37, "37"), place(41, "37"), place(None, "")) == (
        "p. 37", "p. 37", "p. 37 (PDF page 41)", "",
    )  # fmt: skip


@given(st.text(alphabet="ab .\n-?é", max_size=600))
def test_marks_always_hold_a_word_of_the_query(text: str) -> None:
    for fragment in fragments("a ab", Page(1, text)):
        assert fragment.marks
        for word in marked(fragment):
            assert set(word) <= set("ab- ")
