"""Snippets: the passages that show why, marked at whole words."""

from hypothesis import given
from hypothesis import strategies as st

from reportsearch.search.marker import Marker
from reportsearch.search.results import Snippet
from reportsearch.search.snippet import MAX_CHARS, Fragment, choose
from reportsearch.search.syntax import parse

FILLER = "The council met on Tuesday and read the minutes. "


def fragments(query: str, *texts: str, limit: int = 3, title: str = "") -> tuple[Fragment, ...]:
    """Of passages that stand on pages 1, 2, …"""
    parsed = parse(query, "en")
    marker = Marker([*parsed.words, *parsed.phrases], "en")
    passages = []
    for page, text in enumerate(texts, 1):
        passage = marker.passage(text)
        passages.append(passage._replace(page=page, worth=len(set(passage.numbers))))
    return choose(passages, limit=limit, title=title, first_phrase=len(parsed.words))


def marked(fragment: Fragment) -> list[str]:
    return [fragment.text[mark.start : mark.end] for mark in fragment.marks]


def test_the_passage_with_all_the_words_comes_first() -> None:
    best, *_ = fragments(
        "missing care",
        FILLER * 5 + "Care is costly.",
        FILLER * 7 + "Children go missing from care each night. " + FILLER * 5,
    )
    assert best.passage.page == 2
    assert marked(best) == ["missing", "care"]
    assert best.text.startswith("Children go missing")


def test_inflections_are_marked_and_parts_of_words_are_not() -> None:
    (best,) = fragments("traffick children", "Trafficked children were careful; childhood and childminders differ.")
    assert marked(best) == ["Trafficked children"]


def test_words_of_a_phrase_are_marked_only_as_that_phrase() -> None:
    (best,) = fragments('"missing from care"', "Care is missing. He went missing from care from home.")
    assert marked(best) == ["missing from care"]


def test_a_phrase_is_found_across_line_ends() -> None:
    (best,) = fragments('"missing from care"', "They went missing\nfrom   care.")
    assert marked(best) == ["missing from care"]


def test_a_phrase_across_sentences_is_shown_whole() -> None:
    (best,) = fragments('"a kiln in town"', FILLER * 6 + "They own a kiln. In town and out, bricks burn. " + FILLER * 6)
    assert marked(best) == ["a kiln", "In town"]


def test_snippets_come_from_different_pages() -> None:
    found = fragments("care", "Care one. " + FILLER * 20 + "Care two.", "Care three.", "Nothing.", "Care four.")
    assert sorted(fragment.passage.page or 0 for fragment in found) == [1, 2, 4]


def test_a_long_sentence_is_cut_between_words_around_the_match() -> None:
    text = "word " * 400 + "guardianship " + "word " * 400
    (best,) = fragments("guardianship", text)
    assert len(best.text) <= MAX_CHARS
    assert best.text.startswith("… word")
    assert best.text.endswith("word …")
    assert marked(best) == ["guardianship"]


def test_the_rest_of_a_sentence_that_began_on_another_page_is_left_out() -> None:
    (best,) = fragments("kilns", "of bricks by night and day. " + FILLER * 2 + "Kilns burn. " + FILLER + "Then the")
    assert best.text == (FILLER * 2 + "Kilns burn. " + FILLER).strip()


def test_a_match_in_a_broken_sentence_is_shown_from_a_clause_on() -> None:
    (best,) = fragments("kilns", "which is why, as was said, kilns burn by day, by night and")
    assert best.text == "… as was said, kilns burn by day, …"


def test_clauses_are_shown_where_whole_sentences_would_show_fewer_words() -> None:
    before, behind = "said the council to all who would hear it, " * 9, ", as the minutes of that day say" * 12
    (best,) = fragments("guardian kilns", f"It was {before}the guardian came. Then the kilns burned{behind}.")
    assert marked(best) == ["guardian", "kilns"]
    assert best.text.startswith("… ")
    assert best.text.removeprefix("… ").startswith(("said", "the guardian"))
    assert best.text.endswith("say, …")
    assert len(best.text) <= MAX_CHARS


def test_a_line_that_goes_on_with_a_small_letter_is_no_end() -> None:
    text = "word " * 50 + "and so on\nand on the kilns burn\nby day " + "word " * 50
    (best,) = fragments("kilns", text)
    assert not best.text.startswith("… and on")


def test_a_passage_that_repeats_the_title_comes_after_one_that_says_more() -> None:
    first, second = fragments("kilns", "Brick Kilns of the North", "Kilns burn day and night.", title="Brick kilns")
    assert (first.passage.page, second.passage.page) == (2, 1)


def test_prose_comes_before_a_table() -> None:
    first, _ = fragments("kilns", "Kilns 12 450 11 2016 3,400", "Kilns burn day and night.")
    assert first.passage.page == 2


def test_nothing_is_shown_where_no_word_stands() -> None:
    assert fragments("kilns", "Carpets only.") == ()


def test_html_is_escaped_and_marked() -> None:
    (best,) = fragments("alert", 'Call <script>alert("x")</script> & wait.')
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
    for fragment in fragments("a ab", text):
        assert fragment.marks
        for word in marked(fragment):
            assert set(word) <= set("ab- ")


def test_a_heading_that_is_shown_above_is_not_said_again() -> None:
    marker = Marker(parse("guardians", "en").words, "en")
    text = "2 Guardians\nAll guardians come."
    (best,) = choose([marker.passage(text)._replace(heading="2 Guardians")])
    assert (best.text, marked(best)) == ("All guardians come.", ["guardians"])
