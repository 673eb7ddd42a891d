"""Passages: they are the text, and no word is cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec_container import Memory

from reportsearch.indexer.analysis import CodePoints, spans
from reportsearch.indexer.analysis.vocabulary import Vocabulary
from reportsearch.indexer.codec.batch import Analyst, Dictionaries, IndexDocument
from reportsearch.indexer.codec.compression import Decompressor
from reportsearch.indexer.codec.container import ContainerReader
from reportsearch.indexer.codec.cutting import MAX_CHARS, Cutter, edges_of
from reportsearch.indexer.codec.parts import BatchPart
from reportsearch.indexer.codec.passages import BLOCK_CHARS, Passages
from reportsearch.indexer.codec.reading import CHUNK_CHARS, read_texts
from reportsearch.indexer.codec.segment_writer import SegmentWriter
from reportsearch.indexer.report import Page

CJK = "児童福祉難民支援人身取引これは子どもたちについての報告書です"
THAI = "เด็กที่ถูกค้ามนุษย์ต้องได้รับความคุ้มครอง"
HINDI = "बच्चों की सुरक्षा"
MARKS = "e\u0301te\u0301 n\u0303 q\u0323\u0307 "
SAMPLES = (
    "The child's guardian ran away. ", "“Who?” she said.\n", CJK + "。", CJK, THAI + " ", THAI, HINDI + " ", MARKS,
    "x" * 300 + " ", "S/2022/493, section 45; child-trafficking … ", "\u3000", "a中b文", "\U00020000\U00020001",
    "1,000.5 ", "\n\n", "٣٤ العربية ", "\ud800", "'s ", "o’", "\u0301",
)  # fmt: skip

texts = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(), max_size=200),  # lone surrogates too
    st.lists(st.sampled_from(SAMPLES), max_size=120).map("".join),
    st.builds(lambda sample, times: sample * times, st.sampled_from(SAMPLES), st.integers(1, 100)),
)
pages = st.builds(
    lambda number, text, label, cuts, file: Page(
        number, text, label, tuple(text[cut : cut + 12] for cut in sorted(cuts)), file
    ),
    st.one_of(st.none(), st.integers(1, 70_000)),
    texts,
    st.text(st.characters(), max_size=4),
    st.sets(st.integers(0, 100), max_size=3),
    st.integers(0, 3),
)


def passages_of(documents: list[list[Page]]) -> Passages:
    batch = Analyst(Dictionaries()).batch(
        [IndexDocument("en", {}, each, {}, {}, {}) for each in documents], Vocabulary()
    )
    files = {".doc": Memory(), ".trm": Memory()}
    writer = SegmentWriter(Dictionaries(), files.__getitem__)
    writer.add(BatchPart(batch))
    writer.finish()
    return Passages(ContainerReader(memoryview(bytes(files[".doc"].data)), "a.doc"), Decompressor())


def normal(page: Page) -> Page:
    """As the codec keeps it: white space in headings is a space."""
    titles = tuple(" ".join(title.split()) for title in page.headings)
    return Page(page.number, page.text, page.label, titles, page.file)


def pieces_of(passages: Passages, doc_id: int) -> list[str]:
    """The text of each passage of a document."""
    text, pieces, at = passages.text(doc_id), [], 0
    of_doc = slice(int(passages.doc_passages[doc_id]), int(passages.doc_passages[doc_id + 1]))
    for length in passages.passage_chars[of_doc].tolist():
        pieces.append(text[at : at + length])
        at += length
    assert at == len(text)
    return pieces


def words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def has_long_run(text: str) -> bool:
    """Whether pairs of characters follow each other for longer than a passage may be."""
    starts = [start for start, _ in spans(text)]
    run = 1
    for left, right in pairwise(starts):
        run = run + 1 if right == left + 1 else 1
        if run > MAX_CHARS // 2:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(pages, max_size=4), min_size=1, max_size=3))
def test_passages_are_the_pages(documents: list[list[Page]]) -> None:
    passages = passages_of(documents)
    for doc_id, wanted in enumerate(documents):
        assert passages.pages(doc_id) == tuple(map(normal, wanted))
        assert passages.text(doc_id) == "".join(page.text for page in wanted)
        assert "".join(pieces_of(passages, doc_id)) == passages.text(doc_id)
        assert passages.headings(doc_id) == [title for page in map(normal, wanted) for title in page.headings]


@settings(max_examples=150, deadline=None)
@given(st.lists(pages, min_size=1, max_size=4))
def test_no_word_is_cut_and_each_passage_knows_how_many_words_are_before_it(wanted: list[Page]) -> None:
    passages = passages_of([wanted])
    pieces = pieces_of(passages, 0)
    whole = [word for page in wanted for word in words_of(page.text)]
    if any(has_long_run(page.text) for page in wanted):
        return  # pairs overlap: one has to be cut somewhere
    assert [word for piece in pieces for word in words_of(piece)] == whole
    before = [len(words_of("".join(pieces[:number]))) for number in range(len(pieces))] if len(wanted) == 1 else None
    if before is not None:
        assert passages.passage_positions.tolist() == before


@settings(max_examples=150, deadline=None)
@given(texts)
def test_a_passage_is_longer_than_it_may_be_only_where_one_word_is(text: str) -> None:
    words = spans(text)
    starts = [start for start, _ in words]
    cuts = Cutter(edges_of(CodePoints.of(text)), np.array(starts, np.int64)).starts(0, len(text))
    assert cuts == sorted(set(cuts))
    assert (cuts[:1] == [0]) == bool(text)
    for start, end in pairwise([*cuts, len(text)]):
        if end - start > MAX_CHARS:
            assert not any(start < word <= start + MAX_CHARS for word in starts)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a word of 1 MB", "before " + "w" * 1_000_000 + " after"),
        ("a word of 1 MB in Greek", "πριν " + "λ" * 1_000_000 + " μετά"),
        ("pairs without an end", CJK * 30_000),
        ("pairs with marks", (CJK + "。") * 30_000),
        ("a paragraph of 10 MB", "Guardians look after children who are alone, and councils pay. " * 160_000),
    ],
)
def test_large_texts_are_whole(kind: str, text: str) -> None:
    passages = passages_of([[Page(None, text)]])
    pieces = pieces_of(passages, 0)
    assert passages.pages(0) == (Page(None, text),)
    if kind != "pairs without an end":
        assert [word for piece in pieces for word in words_of(piece)] == words_of(text)
        assert sum(len(piece) > MAX_CHARS for piece in pieces) == ("word" in kind)
    else:
        assert max(map(len, pieces)) <= MAX_CHARS
    words = read_texts([text], [None], Vocabulary())
    assert words.starts.tolist() == [start for start, _ in spans(text)]


def test_a_text_is_read_in_pieces_that_part_no_word() -> None:
    for text in (
        "x" * (CHUNK_CHARS + 10),
        "人" * (CHUNK_CHARS + 10),
        "ab," * CHUNK_CHARS,
        "child's, " * (CHUNK_CHARS // 4),
    ):
        read = read_texts([text, "end"], [None, None], Vocabulary())
        assert read.starts.tolist()[:-1] == [start for start, _ in spans(text)]
        assert read.lengths.tolist() == [len(spans(text)), 1]


def test_the_worked_example_of_the_module_holds() -> None:
    text = ("Ann ran. " + "and ran " * 50)[:308] + ". " + ("Then she " * 50)[:329] + "."
    passages = passages_of([[Page(1, text), Page(2, "Bob")]])
    assert len(text) == 640
    assert passages.doc_pages.tolist() == [0, 2]
    assert passages.page_numbers.tolist() == [1, 2]
    assert passages.doc_passages.tolist() == [0, 3]
    assert passages.passage_pages.tolist() == [0, 0, 1]
    assert passages.passage_chars.tolist() == [310, 330, 3]
    assert passages.doc_blocks.tolist() == [0, 1]
    assert passages.block_passages.tolist() == [3]


def test_a_block_holds_a_few_passages_whole() -> None:
    passages = passages_of([[Page(None, "Guardians look after children. " * 1000)]])
    chars = [len(passages.block(number)) for number in range(len(passages.block_passages))]
    assert max(chars) < BLOCK_CHARS + MAX_CHARS
    assert min(chars[:-1]) >= BLOCK_CHARS


def test_a_passage_begins_where_a_heading_does_and_knows_how_many_are_above() -> None:
    page = Page(1, "Foreword\nWe thank all.\nKilns\nBrick kilns.", "", ("Foreword", "Kilns"))
    passages = passages_of([[page, Page(2, "More.")]])
    assert pieces_of(passages, 0) == ["Foreword\nWe thank all.\n", "Kilns\nBrick kilns.", "More."]
    assert passages.passage_headings.tolist() == [1, 2, 2]
