"""Where sentences and clauses end."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.search.sentences import clause_ends, has_end, is_ended, sentence_ends

AT_ONCE = re.compile(
    r"[.!?…\n。！？](?:(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])|(?<=\n)[ \t]*\n\s*|(?<=[。！？]))"
)
"""All that may end a sentence in one expression, which takes three times as long."""


@pytest.mark.parametrize(
    "parted",
    [
        "It burns. |By day. |And",
        "They cost 3.5 or approx. ten. §",
        '"Why?" |(Nobody knew!) |"So …” |Ça',
        "A title\n \n|the text. \n\n|More\nlines",
        "砖窑。|工人！|她？|",
    ],
)
def test_a_sentence_ends_where_the_next_begins(parted: str) -> None:
    text = parted.replace("|", "")
    edges = [0, *sentence_ends(text, 0, len(text)), len(text)]
    assert "|".join(text[start:end] for start, end in pairwise(edges)) == parted


@given(st.text(alphabet="aA1 .!?\n\t\"')(…。”é", max_size=40), st.integers(0, 10), st.integers(0, 40))
def test_sentences_end_where_one_expression_for_all_would_find_it(text: str, start: int, end: int) -> None:
    assert sentence_ends(text, start, end) == [found.end() for found in AT_ONCE.finditer(text, start, end)]


def test_a_clause_ends_at_a_comma_and_at_a_line_that_is_no_broken_one() -> None:
    text = "By day, by night\nand then; so\nNow"
    assert [text[end:][:3] for end in clause_ends(text, 0, len(text))] == ["by ", "so\n", "Now"]


@pytest.mark.parametrize("text", ["It burns.", 'It "burns." ', "So …”)\n", "砖窑。"])
def test_a_text_is_ended_by_a_stop_and_what_closes_it(text: str) -> None:
    assert is_ended(text)
    assert not is_ended(text + "And")


@pytest.mark.parametrize(
    ("text", "has"),
    [("Dr. who", True), ("burns.”\n", True), ("burns!", True), ("at 3.5 or a.m", False), ("day, by", False)],
)
def test_any_stop_before_a_space_or_at_the_end_counts(text: str, has: bool) -> None:
    assert has_end(text, 0, len(text)) is has
    assert not has_end(text, len(text), len(text))
