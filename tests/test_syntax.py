"""What a person types, as a query tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query

from reportsearch.search.syntax import MAX_WORDS, ParsedQuery, loosened, parse


def words(parsed: ParsedQuery) -> list[str]:
    return [word.word for word in parsed.words]


def test_words_are_optional_and_each_is_one_node() -> None:
    parsed = parse("bonded brick kilns", "en")
    assert isinstance(parsed.tree, query.Or)
    assert words(parsed) == ["bonded", "brick", "kilns"]
    assert [word.term for word in parsed.words] == ["bond", "brick", "kiln"]


def test_inflections_of_one_word_count_once() -> None:
    assert words(parse("child children's child", "en")) == ["child", "children"]


def test_function_words_count_only_alone_or_in_quotes() -> None:
    assert words(parse("going missing from the care", "en")) == ["going", "missing", "care"]
    assert words(parse("to be or not to be", "en")) == ["to", "be", "or", "not"]
    (phrase,) = parse('"missing from care"', "en").phrases
    assert phrase.words == ("missing", "from", "care")


@pytest.mark.parametrize(
    "quoted", ['"missing from care"', "“missing from care”", "„missing from care“", "«missing from care»"]
)
def test_quoted_words_must_stand_together_whatever_the_quotes(quoted: str) -> None:
    parsed = parse(f"{quoted} children", "en")
    assert isinstance(parsed.tree, query.AndMaybe)
    assert parsed.phrases[0].terms == ("miss", "from", "care")
    assert words(parsed) == ["children"]
    assert parsed.interpreted_as == '"missing from care" children'


def test_hyphens_and_apostrophes_part_words() -> None:
    assert words(parse("child-trafficking Albania's", "en")) == ["child", "trafficking", "Albania"]


def test_the_parts_of_a_reference_belong_together() -> None:
    (phrase,) = parse("S/2022/493", "en").phrases
    assert phrase.terms == ("s", "2022", "493")


def test_accents_and_case_do_not_count() -> None:
    assert parse("CAFÉ", "en").words[0].term == parse("cafe", "en").words[0].term


def test_the_language_decides_about_stems() -> None:
    assert parse("Kinder", "de").words[0].term == parse("Kind", "de").words[0].term
    assert parse("kinder", "xx").words[0].term == "kinder"


def test_an_open_quotation_mark_is_a_warning() -> None:
    parsed = parse('"missing from care', "en")
    assert words(parsed) == ["missing", "care"]
    assert "not closed" in parsed.warnings[0]


def test_a_query_of_many_words_is_cut_with_a_warning() -> None:
    parsed = parse(" ".join(f"word{number}" for number in range(MAX_WORDS * 3)), "en")
    assert len(parsed.words) == MAX_WORDS
    assert str(MAX_WORDS) in parsed.warnings[0]


def test_a_pasted_sentence_is_loosened_into_pieces_and_a_short_phrase_is_not() -> None:
    loose = loosened(parse('"children go missing from care each night"', "en"))
    assert loose is not None
    assert [piece.words for piece in loose.phrases][:2] == [
        ("children", "go", "missing", "from"),
        ("go", "missing", "from", "care"),
    ]
    assert len(loose.phrases) == 4
    assert "exactly" in loose.warnings[-1]
    assert loosened(parse('"missing from care" children', "en")) is None


@pytest.mark.parametrize("nothing", ["", "   ", "!?", '""', "…"])
def test_nothing_typed_asks_for_nothing(nothing: str) -> None:
    assert parse(nothing, "en").tree == query.NullQuery


@given(st.text(max_size=300))
def test_nothing_that_can_be_typed_is_an_error(text: str) -> None:
    parsed = parse(text, "en")
    assert len(parsed.words) <= MAX_WORDS
