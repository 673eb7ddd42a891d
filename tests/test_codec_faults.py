"""What an index survives: failing writes at every moment, texts of any size and kind, folders that are not as they
were left."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from brute_force import assert_same, contents_of, read_arrays
from conftest import Shelf
from test_codec_index import assert_whole, files_of, seeded, write
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in

from reportsearch.indexer import schema
from reportsearch.indexer.codec import IndexDocument, IndexWriter, files, latest_generation
from reportsearch.indexer.errors import IndexFormatError
from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.schema import to_document
from reportsearch.search import open_collection

# failing writes -------------------------------------------------------------------------------------------------------


class Disk:
    """A disk on which the `number`-th thing that is asked of it fails, and all that follow where it is `full`."""

    def __init__(self, number: int, code: int, *, full: bool) -> None:
        self.number, self.code, self.full = number, code, full
        self.asked = 0

    @property
    def failed(self) -> bool:
        return self.asked >= self.number

    def guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.asked += 1
            if self.asked == self.number or (self.full and self.failed):
                raise OSError(self.code, os.strerror(self.code))
            return function(*arguments, **options)

        return call

    @contextmanager
    def in_place(self) -> Iterator[None]:
        with (
            patch.object(files.DurableFile, "write", self.guarded(files.DurableFile.write)),
            patch.object(files.os, "fsync", self.guarded(os.fsync)),  # of files and folders
            patch.object(Path, "replace", self.guarded(Path.replace)),
        ):
            yield


@pytest.mark.slow
@pytest.mark.parametrize(("code", "full"), [(errno.ENOSPC, True), (errno.EIO, False)])
def test_a_disk_that_fails_at_any_moment_leaves_the_last_commit(tmp_path: Path, code: int, full: bool) -> None:
    """Also while segments are merged: the commit in question is the fourth one."""
    for number in range(3):
        write(tmp_path, seeded(number, 4, words=20, names=[f"{number}-{n}" for n in range(4)]))
    before, stored = files_of(tmp_path), read_arrays(tmp_path).stored
    moments = 0
    while True:
        moments += 1
        disk = Disk(moments, code, full=full)
        writer = IndexWriter(tmp_path)
        for each in seeded(9, 4, words=20, names=["0-0", "new", "newer", "newest"]):
            writer.add(each)
        writer.delete("id", "0-0")
        with disk.in_place():
            try:
                writer.commit()
            except OSError as error:
                assert error.errno == code
                writer.cancel()
            else:
                assert not disk.failed
                break
        assert files_of(tmp_path) == before
    assert moments > 50
    assert set(read_arrays(tmp_path).stored) == set(stored) | {"new", "newer", "newest"}
    assert latest_generation(tmp_path) == 4
    assert_whole(tmp_path)


@pytest.mark.parametrize("number", [1, 2, 30, 60, -3, -2, -1])
def test_a_run_on_a_failing_disk_says_so_and_exits_with_1(shelf: Shelf, number: int) -> None:
    assert shelf.update()["added"] == 1
    index = shelf.folder / ".reportsearch" / "index"
    before = files_of(index)
    shelf.write("papers/numbats.txt", "Numbats eat termites.")
    if number < 0:  # from the end: the table of contents, its name, the folder
        counting = Disk(10**9, 0, full=False)
        copy = shelf.folder.parent / "copy"
        shutil.copytree(shelf.folder, copy)
        with counting.in_place():
            Shelf(copy).update()
        number += counting.asked + 1
    with Disk(number, errno.ENOSPC, full=True).in_place():
        ran = shelf.run("update")
    assert (ran.code, ran.out) == (1, "")
    assert "No space left" in ran.err
    assert "What was indexed before is unchanged. Make room" in ran.err
    assert files_of(index) == before
    assert shelf.found("guardians numbats") == ["papers/good.txt"]
    assert shelf.update()["added"] == 1
    assert shelf.found("numbats") == ["papers/numbats.txt"]
    assert shelf.run("check").code == 0


def test_a_table_of_contents_whose_folder_is_not_synced_is_no_commit(tmp_path: Path) -> None:
    write(tmp_path, seeded(1, 2))
    before = read_arrays(tmp_path)
    real = files.sync_folder

    def fails_at_last(folder: Path) -> None:
        if latest_generation(folder) == 2:
            raise OSError(errno.EIO, "Input/output error")
        real(folder)

    writer = IndexWriter(tmp_path)
    writer.delete("id", "d0")
    with patch.object(files, "sync_folder", fails_at_last), pytest.raises(OSError, match="Input/output"):
        writer.commit()
    assert latest_generation(tmp_path) == 1
    writer.cancel()
    assert_same(read_arrays(tmp_path), before)
    assert_whole(tmp_path)


def test_a_sweep_that_is_cut_short_leaves_a_whole_commit(tmp_path: Path) -> None:
    """Files of a commit that failed go after its table of contents."""
    write(tmp_path, seeded(1, 2))
    older = files_of(tmp_path)
    write(tmp_path, seeded(2, 2))
    for name, data in older.items():
        (tmp_path / name).write_bytes(data)  # as if the second commit had been taken back and not swept yet
    real, gone = Path.unlink, []

    def unlink(path: Path, missing_ok: bool = False) -> None:
        gone.append(path.name)
        real(path, missing_ok=missing_ok)

    (tmp_path / "_MAIN_2.toc").rename(tmp_path / "kept")
    writer = IndexWriter(tmp_path)
    (tmp_path / "kept").rename(tmp_path / "_MAIN_2.toc")
    (tmp_path / "MAIN_2s0.doc").write_bytes(b"")
    with patch.object(Path, "unlink", unlink):
        writer.cancel()
    assert gone[0] == "_MAIN_2.toc"
    assert set(files_of(tmp_path)) == set(older)


# texts ----------------------------------------------------------------------------------------------------------------


def report_of(text: str, name: str = "one") -> IndexDocument:
    return IndexDocument("en", {}, [Page(None, text)] if text else [], {"id": [name]}, {}, {"record": {}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Guardians look after children. " * 160_000,  # 5 million characters
        "w" * 1_000_000,
        "é" * 1_000_000 + " end",
        " ".join(f"w{number:x}" for number in range(100_000)),
        "\ud800\udfff\udc00 guardian\ud800s",
        "\0\x01\uffff\U0010ffff",
        "\u0301" * 5000,
    ],
    ids=["nothing", "a space", "5 million", "1 MB", "1 MB wide", "100,000 words", "surrogates", "controls", "marks"],
)
def test_any_text_is_indexed_and_comes_back(tmp_path: Path, text: str) -> None:
    documents = [report_of(text), report_of("Guardians.", "two")]
    write(tmp_path, documents)
    assert_same(read_arrays(tmp_path), contents_of(documents))
    assert_whole(tmp_path)


ANY = "a\ud800\0\n\t \u0301é児\U0001f600\u202e\ufeff"


def test_any_unicode_in_any_field_of_a_report_is_indexed_and_comes_back(tmp_path: Path) -> None:
    report = Report(
        id=f"id{ANY}", url=f"url{ANY}", title=f"title {ANY}", summary=f"summary {ANY}", authors=(f"author{ANY}", ANY),
        publisher=ANY, language=ANY, topics=(ANY,), kind=ANY, source=ANY, content_hash=ANY,
        pages=(Page(1, f"text {ANY} text", ANY, (ANY, "", ANY)), Page(None, "", ANY, ("",), 3)),
    )  # fmt: skip
    document = to_document(report, "en")
    for _ in range(5):  # merged, too
        write(tmp_path, [document])
    assert_same(read_arrays(tmp_path), contents_of([document]))
    assert_whole(tmp_path)


# folders --------------------------------------------------------------------------------------------------------------

REMEDY = "reportsearch update"


def index_of(shelf: Shelf) -> Path:
    return shelf.folder / ".reportsearch" / "index"


def assert_refused(
    shelf: Shelf, *said: str, commands: tuple[str, ...] = ("search", "status", "check", "update")
) -> None:
    """Each command says what is wrong and what to do, and exits with 1."""
    shelf.write("papers/new.txt", "Quokkas eat leaves.")
    arguments = {"search": ["search", "guardians"], "show": ["show", "papers/good.txt"]}
    for command in commands:
        ran = shelf.run(*arguments.get(command, [command]))
        assert ran.code == 1, (command, ran)
        for words in said:
            assert words in ran.err + ran.out, (command, ran)


@pytest.mark.parametrize("extension", [".doc", ".trm"])
def test_a_file_that_is_shorter_than_it_says_is_named_with_the_remedy(shelf: Shelf, extension: str) -> None:
    shelf.update()
    (path,) = index_of(shelf).glob(f"*{extension}")
    data = path.read_bytes()
    for length in (0, 1, 15, len(data) // 3, len(data) // 2, len(data) - 8, len(data) - 1):
        path.write_bytes(data[:length])
        assert_refused(shelf, path.name, commands=("search", "show", "status", "check"))
        assert_refused(shelf, REMEDY, commands=("search", "show", "status"))
    path.unlink()
    assert_refused(shelf, path.name, commands=("search", "show", "status", "check"))
    path.write_bytes(data)
    assert shelf.run("check").code == 0


def test_an_update_of_an_index_with_a_missing_file_says_what_to_do(shelf: Shelf) -> None:
    shelf.update()
    (path,) = index_of(shelf).glob("*.trm")
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert_refused(shelf, path.name, REMEDY, commands=("update",))
    path.unlink()
    assert_refused(shelf, path.name, "missing", REMEDY, commands=("update",))
    shelf.write("papers/good.txt", "Guardians do more.")
    assert_refused(shelf, path.name, "missing", REMEDY, commands=("update",))


@pytest.mark.parametrize("length", [0, 1, 16, 100, 2000, -17, -1])
def test_a_table_of_contents_that_is_cut_off_is_named_with_the_remedy(shelf: Shelf, length: int) -> None:
    shelf.update()
    (path,) = index_of(shelf).glob("*.toc")
    data = path.read_bytes()
    path.write_bytes(data[:length])
    assert_refused(shelf, path.name, REMEDY)


@pytest.mark.parametrize("extension", [".doc", ".trm"])
def test_a_file_of_a_later_format_is_named_with_the_remedy(shelf: Shelf, extension: str) -> None:
    shelf.update()
    (path,) = index_of(shelf).glob(f"*{extension}")
    data = bytearray(path.read_bytes())
    data[8] += 1
    path.write_bytes(data)
    assert_refused(shelf, "has format 2", REMEDY, commands=("search", "show", "status", "check"))


def test_an_index_of_a_later_schema_is_refused_with_the_remedy(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shelf.folder, shelf.folder.parent / "newer")
    newer = Shelf(shelf.folder.parent / "newer")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    write(index_of(newer), [to_document(Report("one", "", "Guardians"), "en")])
    monkeypatch.undo()
    assert_refused(newer, f"has format {schema.SCHEMA_VERSION + 1}", "Move that folder away", REMEDY)


def test_an_index_of_another_program_is_refused_with_the_remedy(shelf: Shelf) -> None:
    index_of(shelf).mkdir(parents=True)
    index = create_in(str(index_of(shelf)), Schema(id=ID(stored=True), body=TEXT))
    writer = index.writer()
    writer.add_document(id="one", body="guardians")
    writer.commit()
    before = files_of(index_of(shelf))
    assert_refused(shelf, "of another program", REMEDY)
    assert files_of(index_of(shelf)) == before


def test_a_folder_that_was_copied_in_half_is_refused_with_the_remedy(shelf: Shelf) -> None:
    shelf.update()
    index = index_of(shelf)
    whole = files_of(index)
    for number in range(len(whole)):
        shutil.rmtree(index)
        index.mkdir()
        for name, data in list(whole.items())[:number]:
            (index / name).write_bytes(data)
        ran = shelf.run("search", "guardians")
        has_toc = any(name.endswith(".toc") for name in files_of(index))
        assert ran.code == (1 if has_toc else 3)
        assert REMEDY in ran.err


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as nobody may write to it. Root may, unless the file system is read-only."""
    if os.geteuid():
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
        try:
            yield
        finally:
            for path in (folder, *folder.rglob("*")):
                path.chmod(path.stat().st_mode | 0o200)
        return
    mount = shutil.which("mount")
    made = mount and not subprocess.run([mount, "--bind", folder, folder], capture_output=True, check=False).returncode
    if not made:
        pytest.skip("root may write everywhere, and cannot mount anything here")
    try:
        done = subprocess.run([str(mount), "-o", "remount,bind,ro", folder], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("root may write everywhere, and cannot mount read-only here")
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_read_only_index_is_searched_and_checked_and_not_written(shelf: Shelf) -> None:
    shelf.update()
    shelf.write("papers/new.txt", "Quokkas eat leaves.")
    with read_only(index_of(shelf)):
        assert shelf.found("guardians") == ["papers/good.txt"]
        assert shelf.run("check").code == 0
        ran = shelf.process("update")
        assert (ran.code, ran.out) == (1, "")
        assert "What was indexed before is unchanged. Check the disk and who may write there." in ran.err
    assert shelf.update()["added"] == 1


def test_a_read_only_collection_is_searched(shelf: Shelf) -> None:
    shelf.update()
    with read_only(shelf.folder):
        assert shelf.found("guardians") == ["papers/good.txt"]
        for command in ("status", "check"):
            assert shelf.process(command).code == 0
        assert shelf.process("update").code == 1


def test_a_writer_that_meets_a_damaged_segment_stops_before_anything_is_written(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, seeded(number, 2, names=[f"{number}a", f"{number}b"]))
    path = tmp_path / "MAIN_2s0.trm"
    path.write_bytes(path.read_bytes()[:-100])
    before = files_of(tmp_path)
    writer = IndexWriter(tmp_path)
    writer.add(report_of("Guardians."))
    with pytest.raises(IndexFormatError, match=r"MAIN_2s0\.trm.*reportsearch update"):
        writer.commit()
    writer.cancel()
    assert files_of(tmp_path) == before


def test_an_index_that_is_made_anew_in_a_folder_is_seen_by_those_who_had_the_former_one_open(shelf: Shelf) -> None:
    """Segments and commits of both have the same names."""
    with open_collection(shelf.folder) as collection:
        shelf.update()
        assert [hit.id for hit in collection.search("guardians")] == ["papers/good.txt"]
        index_of(shelf).rename(shelf.folder / "away")
        (shelf.papers / "good.txt").write_text("Numbats eat termites.")
        shelf.update()
        assert [hit.id for hit in collection.search("numbats")] == ["papers/good.txt"]
        assert collection.search("guardians").total == 0
