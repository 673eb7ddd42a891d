"""Cleaned text: words whole, letters composed, nothing that cannot be read."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.extract.cleaning import clean, clean_pages


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("child traffick-\ning is", "child trafficking is"),
        ("child traffick-\r\ning is", "child trafficking is"),
        ("child traffick\x02ing is", "child trafficking is"),  # what PDFium writes
        ("child traffick\ufffeing is", "child trafficking is"),
        ("child traffick\xad\ning is", "child trafficking is"),
        ("UK-\nBased", "UK-Based"),
        ("UK-\nbased", "UK-based"),
        ("2016-\n17", "2016-17"),
        ("COVID-\n19", "COVID-19"),
        ("short-\nand long-term", "short- and long-term"),
        ("a multi-stake-\nholder plan", "a multi-stake-holder plan"),
        ("https://example.org/a-report\x02on-work", "https://example.org/a-report-on-work"),
        ("- one\n- two", "- one\n- two"),
        ("the report- \nwhich", "the report-\nwhich"),
    ],
)
def test_words_cut_at_a_line_end_are_joined(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_the_document_decides_between_a_word_and_a_compound() -> None:
    assert clean("anti-\ntrafficking. An anti-trafficking law.").startswith("anti-trafficking.")
    assert clean("TRAF-\nFICKING. On trafficking.").startswith("TRAFFICKING.")
    assert clean("donor\x02funded: what a donor has funded").startswith("donor-funded:")
    assert clean("child-\nlabour: child-care, forced labour").startswith("child-labour:")
    assert clean("child-\nlabour: forced child\u2010labour").startswith("child-labour:")
    assert clean("inter-\nnational: inter-agency, a national plan").startswith("international:")
    assert clean("traffick-\ning: a traffick in kings").startswith("trafficking:")
    assert clean_pages(["an anti-\ntrafficking law", "the anti-trafficking law"])[0] == "an anti-trafficking law"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("ﬁnal oﬀer, ﬂow, eﬃcient, baﬄe", "final offer, flow, efficient, baffle"),
        ("x² ½ ㎏ ™", "x² ½ ㎏ ™"),
        ("cafe\u0301", "café"),
        ("so\xadft zero\u200bwidth \ufeffmark", "soft zerowidth mark"),
        ("bell\x07 null\0 lone \ud800 \udfff end \uffff", "bell null lone end"),
        ("a\u202eb", "ab"),
        ("\uf0b7 item", "item"),
        ("one\xa0two\tthree   four\u3000five", "one two three four five"),
        ("one\r\ntwo\rthree\u2028four\ffive", "one\ntwo\nthree\nfour\nfive"),
        ("one \n \n\n \n two", "one\n\ntwo"),
    ],
)
def test_what_cannot_be_read_is_gone(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष", "👩\u200d🔬", "ភាសា\u200bខ្មែរ"])
def test_joiners_stay_where_the_script_needs_them(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFC", word)


def test_joiners_go_where_no_script_needs_them() -> None:
    assert clean("traf\u200cfick\u200ding") == "trafficking"


@given(st.text(st.characters(), max_size=200))
def test_any_text_comes_out_readable(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "")} & {"Cc", "Cs", "Co"}
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert "\n\n\n" not in cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    "paragraph",
    [
        "the quick brown fox jumps over it “again” ",
        "a",
        "a-\n",
        "word-\nother ",
        "a\u0316\u0301",
        "\u0316\u0301",
        "-   ",
        "/a-",
        "\u200b\u200c",
        " \n",
    ],
)
def test_time_grows_with_the_text_alone(paragraph: str) -> None:
    def seconds(size: int) -> float:
        text = paragraph * (size // len(paragraph))
        begun = time.process_time()
        clean(text)
        return time.process_time() - begun

    # A quadratic step would take 400 times as long for 20 times the text; the constant is for a busy machine.
    assert seconds(2_000_000) < 60 * seconds(100_000) + 2
