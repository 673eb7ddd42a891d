"""The index as a whole, held against one of plain dictionaries: commits, updates, deletions, merges, workers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from brute_force import assert_same, assert_whoosh_says_the_same, contents_of, identity_of, read_arrays
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reportsearch.indexer import whoosh_writer
from reportsearch.indexer.codec import (
    IndexDocument,
    IndexWriter,
    batch,
    check_index,
    create_index,
    index_writer,
    merging,
    read_toc,
)
from reportsearch.indexer.codec.workers import Workers
from reportsearch.indexer.errors import LockHeldError
from reportsearch.indexer.fields import FILTER_FIELDS
from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.schema import make_schema
from reportsearch.indexer.whoosh_writer import WhooshStore

_WORDS = """
guardian Guardians GUARDIAN guardián child children's children care caring missing traffic trafficking kiln the a of
S/2022/493 45 児童福祉 เด็ก enfants enfant sécurité SECURITE e\u0301te\u0301 \u1d2d \u0301 x² — … \ud800 \u02bcs
"""
WORDS = _WORDS.split()
NAMES = [f"papers/{number}.pdf" for number in range(9)] + ["é\ud800", "児童"]

prose = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.text(st.characters(), max_size=40),
    st.just(""),
)
pages = st.lists(
    st.builds(
        Page, st.one_of(st.none(), st.integers(1, 400)), prose, st.sampled_from(["", "iv", "\0", "7"]),
        st.lists(prose, max_size=2).map(tuple), st.integers(0, 2),
    ),
    max_size=3,
)  # fmt: skip
values = st.lists(
    st.one_of(st.sampled_from(["2016", "ecpat uk", "en"]), st.text(st.characters(), max_size=5)), max_size=3
)


def document(name: str) -> st.SearchStrategy[IndexDocument]:
    return st.builds(
        lambda language, texts, pages, filters, numbers, record: IndexDocument(
            language, texts, pages, {"id": [name], **filters}, numbers, {"record": record}
        ),
        st.sampled_from(["en", "fr", "xx", "de"]),
        st.dictionaries(st.sampled_from(["title", "headings", "summary"]), prose),
        pages,
        st.dictionaries(st.sampled_from(FILTER_FIELDS), values),
        # Whoosh takes a column for the next segment's where one lacks it: every report has these two
        st.fixed_dictionaries(
            {"date": st.integers(0, (1 << 31) - 1), "page_count": st.integers(0, 400)},
            optional={"extra": st.integers(0, (1 << 32) - 1)},
        ),
        st.dictionaries(st.text(max_size=3), st.one_of(st.none(), st.text(st.characters()), st.integers()), max_size=3),
    )


@st.composite
def commit(draw: st.DrawFn) -> tuple[list[IndexDocument], set[str]]:
    """Documents that come or are replaced, and names of which the documents go."""
    added = draw(st.lists(st.sampled_from(NAMES), max_size=5, unique=True))
    gone = draw(st.sets(st.sampled_from(NAMES), max_size=2)) - set(added)
    return [draw(document(name)) for name in added], gone


def write(
    folder: Path, documents: Sequence[IndexDocument], gone: set[str] | frozenset[str] = frozenset(), *,
    memory_bytes: int = 256 << 20, workers: int = 1,
) -> None:  # fmt: skip
    """One commit, as the program makes it."""
    if read_toc(folder) is None:
        create_index(folder, make_schema("en"))
    writer = IndexWriter(folder, workers=workers, memory_bytes=memory_bytes)
    for each in documents:
        writer.add(each)
        writer.delete("id", identity_of(each))
    for name in gone:
        writer.delete("id", name)
    writer.commit()


def assert_whole(folder: Path) -> None:
    """All is as it was written, and nothing else is there."""
    found = check_index(folder)
    assert found is not None
    assert found.damages == ()
    assert found.unnamed == ()


@settings(
    max_examples=50, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # shrinking takes minutes
@given(st.lists(commit(), min_size=1, max_size=7), st.sampled_from([1, 256 << 20]), st.sampled_from([1, 120, 10_000]))
def test_the_index_says_what_one_of_dictionaries_says(
    commits: list[tuple[list[IndexDocument], set[str]]], memory_bytes: int, batch_chars: int
) -> None:
    shelf: dict[str, IndexDocument] = {}
    with TemporaryDirectory() as name, patch.object(index_writer, "BATCH_CHARS", batch_chars):
        folder = Path(name)
        for documents, gone in commits:
            write(folder, documents, gone, memory_bytes=memory_bytes)
            for each in gone:
                shelf.pop(each, None)
            shelf |= {identity_of(each): each for each in documents}
            assert_same(read_arrays(folder), contents_of(shelf.values()))
        assert_whole(folder)
        assert_whoosh_says_the_same(folder, contents_of(shelf.values()))


def seeded(seed: int, count: int, *, words: int = 300, names: Sequence[str] | None = None) -> list[IndexDocument]:
    """Documents that are the same each time."""
    choices = random.Random(seed)  # noqa: S311
    vocabulary = [f"w{number}" for number in range(3000)] + [word for word in WORDS if word != "\ud800"]

    def some(count: int) -> str:
        return " ".join(vocabulary[min(int(choices.paretovariate(0.6)) - 1, len(vocabulary) - 1)] for _ in range(count))

    return [
        IndexDocument(
            choices.choice(["en", "fr"]),
            {"title": some(6), "summary": some(20)},
            [Page(number, some(choices.randrange(words)), str(number)) for number in range(1, 4)],
            {"id": [names[n] if names else f"d{n}"], "year": [str(choices.randrange(1990, 2026))], "topic": [some(1)]},
            {"date": choices.randrange(1 << 20), "page_count": 3},
            {"record": {"title": some(4)}},
        )
        for n in range(count)
    ]


def test_postings_of_many_documents_come_through_merges_in_small_stretches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "STRETCH_WORDS", 500)
    shelf: dict[str, IndexDocument] = {}
    for number in range(9):
        choices = random.Random(number)  # noqa: S311
        names = [f"d{each}" for each in choices.sample(range(400), 90)]
        documents = seeded(number, 90, words=60, names=names)
        write(tmp_path, documents)
        shelf |= {identity_of(each): each for each in documents}
    toc = read_toc(tmp_path)
    assert toc is not None
    assert len(toc.segments) < 9
    assert any(segment.deleted_count() for segment in toc.segments)
    wanted = contents_of(shelf.values())
    assert_same(read_arrays(tmp_path), wanted)
    assert_whoosh_says_the_same(tmp_path, wanted)
    assert_whole(tmp_path)


def files_of(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("memory_bytes", [200_000, 256 << 20])
def test_the_files_do_not_depend_on_the_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory_bytes: int
) -> None:
    monkeypatch.setattr(index_writer, "BATCH_CHARS", 20_000)
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        write(folder, seeded(1, 200), memory_bytes=memory_bytes, workers=workers)
        write(
            folder, seeded(2, 50, names=[f"d{n}" for n in range(0, 200, 4)]), memory_bytes=memory_bytes, workers=workers
        )
    one, two = files_of(tmp_path / "1"), files_of(tmp_path / "2")
    assert list(one) == list(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert_same(read_arrays(tmp_path / "2"), read_arrays(tmp_path / "1"))


def test_a_long_report_keeps_the_places_of_its_words(tmp_path: Path) -> None:
    """More than 65,536 words, before and after a merge."""
    text = " ".join(f"guardian{n % 7} {'kilns' if n % 1000 == 0 else 'the'} w{n % 977}" for n in range(70_000))
    long = IndexDocument("en", {}, [Page(None, text)], {"id": ["long"]}, {}, {"record": {}})
    for number in range(4):
        write(tmp_path, [long] if number == 1 else seeded(number, 2, names=[f"{number}a", f"{number}b"]))
    toc = read_toc(tmp_path)
    assert toc is not None
    assert len(toc.segments) == 1
    found, wanted = read_arrays(tmp_path), contents_of([long])
    for term, documents in wanted.postings["body"].items():
        assert found.postings["body"][term]["long"] == documents["long"]
    assert found.lengths["body"]["long"] == 210_000
    assert found.pages["long"] == (Page(None, text),)


def test_an_identity_that_comes_twice_in_one_commit_stays_twice_and_goes_at_once(tmp_path: Path) -> None:
    first, second = seeded(1, 2, names=["same", "same"])
    create_index(tmp_path, make_schema("en"))
    writer = IndexWriter(tmp_path)
    writer.add(first)
    writer.add(second)
    writer.commit()
    write(tmp_path, [], {"same"})
    assert read_arrays(tmp_path).stored == {}
    assert_whole(tmp_path)


def test_a_commit_of_nothing_and_one_that_deletes_all(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert read_arrays(tmp_path).stored == {}
    write(tmp_path, seeded(1, 3))
    write(tmp_path, [], {"d0", "d1", "d2", "unknown"})
    assert read_arrays(tmp_path).stored == {}
    assert {path.suffix for path in tmp_path.iterdir()} == {"", ".toc"}
    write(tmp_path, seeded(2, 3))
    assert_same(read_arrays(tmp_path), contents_of(seeded(2, 3)))


def test_what_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 3))
    before = files_of(tmp_path)
    with patch.object(index_writer, "BATCH_CHARS", 1):
        writer = IndexWriter(tmp_path, memory_bytes=1)
        for each in seeded(2, 5):
            writer.add(each)
        assert len(files_of(tmp_path)) > len(before)
        with pytest.raises(LockHeldError, match="Another program writes"):
            IndexWriter(tmp_path)
        writer.cancel()
    assert files_of(tmp_path) == before
    write(tmp_path, seeded(3, 3))


def test_what_has_ended_leaves_the_next_writer_alone(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 3))
    ended = IndexWriter(tmp_path)
    ended.commit()
    with patch.object(index_writer, "BATCH_CHARS", 1):
        writer = IndexWriter(tmp_path, memory_bytes=1)
        for each in seeded(2, 3):
            writer.add(each)
        ended.cancel()
        for change in (
            ended.commit,
            lambda: ended.delete("id", "d0"),
            lambda: ended.drop("x"),
            lambda: ended.add(each),
        ):
            with pytest.raises(RuntimeError, match="has ended"):
                change()
        writer.commit()
    writer.cancel()
    assert_whole(tmp_path)


def test_after_an_error_nothing_is_committed(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 3))
    before = read_arrays(tmp_path)
    writer = IndexWriter(tmp_path)
    writer.delete("id", "d0")
    broken = patch.object(batch, "invert_words", side_effect=MemoryError)
    with patch.object(index_writer, "BATCH_CHARS", 1), broken, pytest.raises(MemoryError):
        writer.add(seeded(2, 1)[0])
    with pytest.raises(RuntimeError, match="has failed: cancel it"):
        writer.commit()
    writer.cancel()
    assert_same(read_arrays(tmp_path), before)


def test_a_number_that_no_column_holds_is_refused_by_name(tmp_path: Path) -> None:
    create_index(tmp_path, make_schema("en"))
    writer = IndexWriter(tmp_path)
    for number in (-1, 1 << 32, 1.5, None, "3"):
        with pytest.raises(ValueError, match=f"date is {number!r}; an index keeps whole numbers from 0 to"):
            writer.add(replace(seeded(1, 1)[0], numbers={"date": number}))
    writer.add(seeded(1, 1)[0])
    writer.commit()
    assert len(read_arrays(tmp_path).stored) == 1


@pytest.mark.parametrize("interrupted", ["sweep", "close"])
def test_a_cancel_that_is_interrupted_gives_the_lock_back(tmp_path: Path, interrupted: str) -> None:
    write(tmp_path, seeded(1, 3))
    writer = IndexWriter(tmp_path)
    target = (index_writer, "sweep") if interrupted == "sweep" else (Workers, "close")
    with patch.object(*target, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        writer.cancel()
    write(tmp_path, seeded(2, 3))
    assert_whole(tmp_path)


def test_a_cancel_that_let_the_lock_be_lets_it_go_the_next_time(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 3))
    writer = IndexWriter(tmp_path)
    with patch.object(type(writer._lock), "release", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        writer.cancel()
    with pytest.raises(LockHeldError):
        IndexWriter(tmp_path)
    writer.cancel()
    write(tmp_path, seeded(2, 3))


@pytest.mark.parametrize("interrupted", ["sweep", "write_toc"])
def test_a_commit_that_is_interrupted_at_its_end_is_whole_or_taken_back(tmp_path: Path, interrupted: str) -> None:
    """What stands in the way behind the table of contents may be a disk that has not taken it: that commit goes."""
    write(tmp_path, seeded(1, 3))
    real = getattr(index_writer, interrupted)

    def stop(*arguments: object) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    writer = IndexWriter(tmp_path)
    writer.add(seeded(2, 1, names=["new"])[0])
    with patch.object(index_writer, interrupted, stop), pytest.raises(KeyboardInterrupt):
        writer.commit()
    with pytest.raises(RuntimeError, match="has ended" if interrupted == "sweep" else "has failed"):
        writer.commit()
    writer.cancel()
    assert len(read_arrays(tmp_path).stored) == (4 if interrupted == "sweep" else 3)
    assert_whole(tmp_path)


def test_a_report_that_is_refused_leaves_its_former_version(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path, "en")
    writer = store.writer()
    writer.replace(Report("r", "", "Numbats", "eat termites"))
    writer.commit()
    writer = store.writer()
    with (
        pytest.raises(ValueError, match="year"),
        patch.object(whoosh_writer, "to_document", side_effect=ValueError("year")),
    ):
        writer.replace(Report("r", "", "Quokkas", "eat leaves"))
    writer.replace(Report("s", "", "Okapis", "eat leaves"))
    writer.commit()
    assert sorted(entry.id for entry in store.entries()) == ["r", "s"]


@pytest.mark.slow
def test_a_hundred_commits_of_one_percent_leave_few_segments(tmp_path: Path) -> None:
    """`scripts/prove segments` does the same with more."""
    documents = {identity_of(each): each for each in seeded(0, 300, words=40)}
    write(tmp_path, list(documents.values()))
    fresh = sum(path.stat().st_size for path in tmp_path.iterdir())
    choices = random.Random(5)  # noqa: S311
    for number in range(100):
        names = choices.sample(sorted(documents), 3)
        changed = seeded(1000 + number, 3, words=40, names=names)
        write(tmp_path, changed)
        documents |= {identity_of(each): each for each in changed}
        toc = read_toc(tmp_path)
        assert toc is not None
        assert len(toc.segments) <= 12
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1.6 * fresh
    assert_same(read_arrays(tmp_path), contents_of(documents.values()))
    assert_whole(tmp_path)
