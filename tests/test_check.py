"""`reportsearch check`: each damage is named with file and section, and a repair says what it costs."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Shelf
from filelock import FileLock
from test_codec_container import Memory
from test_codec_index import seeded, write
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import open_dir

from reportsearch.indexer.codec import ArrayCodec, SegmentReader, check_index, read_toc
from reportsearch.indexer.codec.consistency import contradictions
from reportsearch.indexer.codec.container import ContainerReader, ContainerWriter
from reportsearch.indexer.errors import IndexFormatError
from reportsearch.search import open_collection
from reportsearch.search.hits import HitBuilder


def index_of(shelf: Shelf) -> Path:
    return shelf.folder / ".reportsearch" / "index"


def checked(shelf: Shelf, *arguments: str) -> tuple[int, dict[str, Any]]:
    ran = shelf.run("check", "--format", "json", *arguments)
    told: dict[str, Any] = json.loads(ran.out)
    return ran.code, told


def flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def flip_in(shelf: Shelf, section: str, *, segment: int = -1) -> str:
    """Damages a section of a segment, the newest by default; the file's name."""
    toc = read_toc(index_of(shelf))
    assert toc is not None
    name = toc.segments[segment].segment_id()
    reader = SegmentReader.open(index_of(shelf), name)
    for container in (reader.documents, reader.terms):
        if section in container:
            flip(index_of(shelf) / container.name, container.sections[section].offset * 8 + 3)
            return container.name
    raise AssertionError(f"there is no section {section}")


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """A shelf with two segments, of one report each."""
    shelf.update()
    shelf.write("papers/numbats.txt", "Numbats eat termites.")
    shelf.update()
    return shelf


def test_a_whole_index_is_said_to_be_whole(two: Shelf) -> None:
    code, told = checked(two)
    assert (code, told["whole"], told["damaged"], told["unnamed"], told["foreign"]) == (0, True, [], [], [])
    named = [path for path in index_of(two).iterdir() if path.name != "MAIN_WRITELOCK"]
    assert (told["files"], told["bytes"]) == (len(named), sum(path.stat().st_size for path in named))
    assert told["toc_has_checksum"]
    assert told["repair"] is None
    ran = two.run("check")
    assert (ran.code, ran.out) == (0, "")
    assert f"Index version {told['index_version']} is whole: 5 files" in ran.err


def test_without_an_index_there_is_nothing_to_check(shelf: Shelf) -> None:
    ran = shelf.run("check")
    assert (ran.code, ran.out) == (3, "")
    assert "reportsearch update" in ran.err


@pytest.mark.slow
def test_each_flipped_bit_is_named_with_file_and_section(two: Shelf) -> None:
    """`scripts/prove bit-flips` does it a thousand times."""
    index, choices = index_of(two), random.Random(3)  # noqa: S311
    files = [path for path in sorted(index.iterdir()) if path.name != "MAIN_WRITELOCK"]
    for path in files:
        data = path.read_bytes()
        for bit in choices.sample(range(len(data) * 8), 40):
            flip(path, bit)
            found = check_index(index)
            assert found is not None
            assert [damage.file for damage in found.damages] == [path.name], (path, bit)
            assert found.damages[0].section
            path.write_bytes(data)
    assert checked(two)[0] == 0


def test_damage_is_named_for_people_too(two: Shelf) -> None:
    file = flip_in(two, "body:postings")
    ran = two.run("check")
    assert ran.code == 1
    assert ran.out == f"damaged  {file}  body:postings  Its checksum is wrong.\n"
    assert "check --repair" in ran.err


@pytest.mark.parametrize("section", ["body:postings", "title:terms", "id:heads", "lengths:body", "numbers:date"])
def test_what_can_be_made_anew_from_the_text_is_and_nothing_is_lost(two: Shelf, section: str) -> None:
    flip_in(two, section)
    code, told = checked(two, "--repair")
    assert (code, told["repair"]["saved"], told["repair"]["lost"]) == (0, ["papers/numbats.txt"], [])
    assert [row["section"] for row in told["damaged"]] == [section]
    assert checked(two)[0] == 0
    assert two.found("numbats") == ["papers/numbats.txt"]
    assert two.found("guardians") == ["papers/good.txt"]
    assert two.update()["unchanged"] == 2


@pytest.mark.parametrize("section", ["text", "stored_bounds", "passage_chars", "headings"])
def test_reports_that_are_lost_are_named_and_come_back_with_the_next_update(two: Shelf, section: str) -> None:
    flip_in(two, section)
    ran = two.run("check", "--repair")
    assert ran.code == 0
    assert "lost     papers/numbats.txt\n" in ran.out
    assert "1 are lost. Type `reportsearch update`" in ran.err
    assert two.found("numbats guardians") == ["papers/good.txt"]
    told = two.update()
    assert (told["added"], told["unchanged"]) == (1, 1)
    assert two.found("numbats") == ["papers/numbats.txt"]
    assert checked(two)[0] == 0


@pytest.mark.parametrize(
    ("damage", "lost", "nameless"),
    [
        (lambda doc, trm: doc.unlink(), 1, 0),  # the terms know the names
        (lambda doc, trm: (doc.unlink(), trm.unlink()), 0, 1),
        (lambda doc, trm: (flip(doc, 8 * 20), flip(doc, doc.stat().st_size * 8 - 1), trm.write_bytes(b"")), 0, 1),
        (lambda doc, trm: doc.write_bytes(doc.read_bytes()[:-40]), 1, 0),
    ],
)
def test_of_reports_whose_names_cannot_be_read_the_number_is_said(
    two: Shelf, damage: Callable[[Path, Path], object], lost: int, nameless: int
) -> None:
    toc = read_toc(index_of(two))
    assert toc is not None
    name = toc.segments[-1].segment_id()
    damage(index_of(two) / f"{name}.doc", index_of(two) / f"{name}.trm")
    code, told = checked(two, "--repair")
    assert (code, told["repair"]["saved"]) == (0, [])
    assert (len(told["repair"]["lost"]), told["repair"]["lost_nameless"]) == (lost, nameless)
    assert two.found("numbats guardians") == ["papers/good.txt"]
    assert two.update()["added"] == 1


def test_deleted_reports_are_neither_saved_nor_lost(shelf: Shelf) -> None:
    shelf.write("papers/numbats.txt", "Numbats eat termites.")
    shelf.write("papers/quokkas.txt", "Quokkas eat leaves.")
    shelf.write("papers/zebras.txt", "Zebras eat grass.")
    shelf.write("papers/okapis.txt", "Okapis eat leaves.")
    shelf.update()
    (shelf.papers / "numbats.txt").unlink()
    shelf.update()
    for section, kind in (("body:shapes", "saved"), ("text", "lost")):
        flip_in(shelf, section)
        _, told = checked(shelf, "--repair")
        assert len(told["repair"][kind]) == 4
        assert "papers/numbats.txt" not in told["repair"][kind]


def test_a_damaged_table_of_contents_is_named_and_not_repaired(two: Shelf) -> None:
    (path,) = index_of(two).glob("*.toc")
    flip(path, 999)
    before = {each.name: each.read_bytes() for each in index_of(two).iterdir()}
    for arguments in (["check"], ["check", "--repair"]):
        ran = two.run(*arguments)
        assert ran.code == 1
        assert f"{path.name}  table of contents" in ran.out
    assert "cannot be repaired" in ran.err
    assert "reportsearch update" in ran.err
    assert {each.name: each.read_bytes() for each in index_of(two).iterdir()} == before
    index_of(two).rename(two.folder / "away")
    assert two.update()["added"] == 2


def test_files_that_no_commit_names_are_named_and_swept_on_demand(two: Shelf) -> None:
    names = ["MAIN_7s0.doc", "_MAIN_1.toc", "_MAIN_9.toc.new"]
    for name in names:
        (index_of(two) / name).write_bytes(b"left over")
    (index_of(two) / "notes.txt").write_text("not ours")
    version = checked(two)[1]["index_version"]
    code, told = checked(two)
    assert (code, sorted(told["unnamed"])) == (0, sorted(names))
    assert "MAIN_7s0.doc  No commit names it" in two.run("check").out
    code, told = checked(two, "--repair")
    assert (code, sorted(told["repair"]["swept"])) == (0, sorted(names))
    code, told = checked(two)
    assert (code, told["unnamed"], told["index_version"]) == (0, [], version)
    assert (index_of(two) / "notes.txt").exists()


def test_a_repair_waits_its_turn(two: Shelf) -> None:
    flip_in(two, "text")
    with FileLock(two.folder / ".reportsearch" / "lock"):
        ran = two.process("check", "--repair")
    assert ran.code == 75
    assert "Another run" in ran.err


def test_segments_and_tables_of_another_program_are_named(two: Shelf) -> None:
    """Whoosh's own writer, asked for its own codec, writes a stock segment into our index."""
    writer = open_dir(str(index_of(two))).writer(codec=W3Codec())
    writer.add_document(id="stranger", record={"id": "stranger", "source": "", "content_hash": ""}, body="okapis")
    writer.commit(merge=False)
    code, told = checked(two)
    assert code == 0
    assert not told["toc_has_checksum"]
    assert told["foreign"]
    ran = two.run("check")
    assert "Another program wrote it" in ran.out
    for name in told["foreign"]:
        (index_of(two) / name).unlink()
    code, told = checked(two)
    assert (code, [row["section"] for row in told["damaged"]]) == (1, ["file"])
    code, told = checked(two, "--repair")
    assert (code, told["repair"]["lost_nameless"]) == (0, 1)
    assert checked(two) == (0, {**checked(two)[1], "toc_has_checksum": True, "foreign": []})


def test_of_what_whoosh_wrote_through_our_codec_only_the_names_are_known(two: Shelf) -> None:
    writer = open_dir(str(index_of(two))).writer(codec=ArrayCodec())
    writer.add_document(id="stranger", record={"id": "stranger"}, body="okapis", pages=b"")
    writer.add_document(id="nobody", body="okapis", pages=b"")
    writer.commit(merge=False)
    assert checked(two)[1]["damaged"] == []
    flip_in(two, "body:postings")
    code, told = checked(two, "--repair")
    assert (code, told["repair"]["lost"], told["repair"]["lost_nameless"]) == (0, ["stranger"], 1)
    assert two.found("guardians numbats") == ["papers/good.txt", "papers/numbats.txt"]


# what is written whole and cannot be true -----------------------------------------------------------------------------


def changed(container: ContainerReader, name: str, change: Callable[[Any], Any]) -> ContainerReader:
    """The container with one section changed, checksums and all."""
    file = Memory()
    writer = ContainerWriter(file)
    for section in container.sections.values():
        array = container.array(section.name).copy()
        writer.add(section.name, change(array) if section.name == name else array)
    writer.close()
    return ContainerReader(memoryview(bytes(file.data)), container.name)


def plus(place: int, amount: int) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        array = array.astype(np.int64)
        array[place] += amount
        return array.astype(np.uint32)

    return change


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("stored_bounds", plus(1, 1 << 20)),
        ("stored_bounds", lambda array: array[:-1]),
        ("stored", lambda array: array[:-1]),
        ("lengths:body", lambda array: array[:-1]),
        ("doc_pages", plus(-1, 1)),
        ("page_numbers", lambda array: array[1:]),
        ("page_labels", lambda array: array[1:]),
        ("passage_pages", plus(0, 90)),
        ("doc_blocks", plus(1, 900)),
        ("block_passages", plus(0, 1)),
        ("block_bounds", plus(-1, 1)),
        ("heading_bounds", plus(1, 1 << 20)),
        ("body:term_bounds", plus(1, 1 << 20)),
        ("body:doc_freqs", lambda array: array[1:]),
        ("body:doc_freqs", plus(0, 5)),
        ("body:occurrences", plus(0, 1)),
        ("body:heads", lambda array: array + np.uint64(1)),
        ("body:terms", lambda array: array[::-1]),
        ("body:places", plus(1, 1 << 24)),
        ("body:surface_bounds", plus(-1, 1)),
        ("body:postings", lambda array: array | np.uint8(0x40)),
        ("id:postings", lambda array: array * 0 + np.uint8(200)),
    ],
)
def test_numbers_that_cannot_be_true_are_found(tmp_path: Path, section: str, change: Callable[[Any], Any]) -> None:
    write(tmp_path, seeded(1, 12, words=60))
    toc = read_toc(tmp_path)
    assert toc is not None
    (segment,) = toc.segments
    reader = SegmentReader.open(tmp_path, segment.segment_id())
    assert list(contradictions(reader, segment)) == []
    containers = [changed(container, section, change) for container in (reader.documents, reader.terms)]
    found = list(contradictions(SegmentReader(*containers), segment))
    assert found
    assert all(message for _, _, message in found)


def test_a_section_that_is_missing_is_found(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 3))
    toc = read_toc(tmp_path)
    assert toc is not None
    reader = SegmentReader.open(tmp_path, toc.segments[0].segment_id())
    for name in ("page_files", "body:heads", "stored"):
        file = Memory()
        writer = ContainerWriter(file)
        container = reader.terms if name in reader.terms else reader.documents
        for section in container.sections.values():
            if section.name != name:
                writer.add(section.name, container.array(section.name))
        writer.close()
        lacking = ContainerReader(memoryview(bytes(file.data)), "")
        pair = (reader.documents, lacking) if container is reader.terms else (lacking, reader.terms)
        assert any(name in message for _, _, message in contradictions(SegmentReader(*pair), toc.segments[0]))


def test_a_search_that_stumbles_over_damage_names_it(two: Shelf) -> None:
    file = flip_in(two, "stored")
    with open_collection(two.folder) as collection, pytest.raises(IndexFormatError, match=f"section stored of {file}"):
        for query in ("numbats", "child"):
            collection.search(query)


def test_an_error_of_ours_is_not_called_damage(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HitBuilder, "hits", lambda *_: {}["title"])
    with open_collection(two.folder) as collection, pytest.raises(KeyError, match="title"):
        collection.search("numbats")
