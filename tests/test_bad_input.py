"""Bad input, of each kind that there is: it is counted and named with its remedy, all else is indexed and found, and
what was indexed before stays."""

import ctypes
import errno
import json
import lzma
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import Shelf, Site, listing, make_shelf, page, pdf, running
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter

from reportsearch.indexer import run
from reportsearch.indexer.extract.document import extract
from reportsearch.indexer.extract.pool import ExtractionPool
from reportsearch.indexer.extract.raw import Raw
from reportsearch.indexer.gather import Gatherer, Outcome
from reportsearch.indexer.ledger import ReportRow
from reportsearch.indexer.report import Candidate, Document

NOISE = random.Random(7).randbytes(100_000)  # noqa: S311

# files ----------------------------------------------------------------------------------------------------------------


def encrypted(owner_only: bool) -> bytes:
    writer = PdfWriter(PdfReader(BytesIO(pdf("Ocelots are read without a password."))))
    writer.encrypt("" if owner_only else "secret", "owner", algorithm="RC4-128")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def scanned() -> bytes:
    document = FPDF()
    document.add_page()
    document.image(Image.effect_noise((300, 400), 60), x=0, y=0, w=210, h=297)
    return bytes(document.output())


def office() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document>pangolins</w:document>")
    return stream.getvalue()


def damaged() -> bytes:
    return b"%PDF-1.7\n" + NOISE[:5000] + b"\n%%EOF\n"


def web_page(text: str, charset: str, declared: str = "") -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text}</title></head><body><main><p>{text}</p></main></body></html>".encode(
        charset
    )


LONG = pdf(*(f"Guardians and councils, chapter {number}. " * 20 for number in range(12)))
NOTICE = b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>No such page.</p></body></html>"
JAPANESE = "児童福祉、難民支援、人身取引。これは子どもたちについての報告書です。" * 20
FRENCH = "Les élèves déplacés reçoivent très tôt des repères. L’été, ils dînent à l’hôtel. " * 20


@dataclass(frozen=True)
class Bad:
    """A file that cannot be read, or not all of it, and the status that says so."""

    name: str
    content: bytes
    status: str
    former: Callable[[str], bytes] = pdf

    @property
    def word(self) -> str:
        return "former" + self.name.partition(".")[0]


BAD = (
    Bad("half.pdf", LONG[: len(LONG) // 2], "truncated"),
    Bad("header.pdf", LONG[:12], "truncated"),
    Bad("trailer.pdf", LONG[:-300], "truncated"),
    Bad("tail.pdf", LONG[:-20], "truncated"),
    Bad("locked.pdf", encrypted(owner_only=False), "encrypted"),
    Bad("pictures.pdf", scanned(), "scanned"),
    Bad("zero.pdf", b"", "empty"),
    Bad("nothing.html", b"", "empty", lambda text: page("Good", text)),
    Bad("notice.pdf", NOTICE, "error_page"),
    Bad("damaged.pdf", damaged(), "broken"),
    Bad("office.docx", office(), "unsupported", str.encode),
    Bad("archive.zip", office(), "unsupported", str.encode),
    Bad("blank.txt", b" \n\n ", "no_text", str.encode),
)
READ = {
    "owner.pdf": encrypted(owner_only=True),
    "pdf.html": pdf("Cover.", "Axolotls stand on the second page."),
    "shift-jis.html": web_page(JAPANESE, "shift_jis"),
    "shift-jis-declared.html": web_page("人身売買。" + JAPANESE, "shift_jis", "Shift_JIS"),
    "shift-jis.txt": ("児童保護。" + JAPANESE).encode("shift_jis"),
    "windows.html": web_page(FRENCH, "cp1252"),
    "windows.txt": ("Forêt enneigée. " + FRENCH).encode("cp1252"),
    "said-utf-8.html": web_page("Fenêtre brisée. " + FRENCH, "cp1252", "utf-8"),
    "said-latin.html": web_page("Mémoire brûlée, œuvre. " + FRENCH, "utf-8", "iso-8859-1"),
    "no-such-charset.html": web_page("Croûte dorée. " + FRENCH, "utf-8", "x-klingon"),
}


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A shelf of good files, indexed; then bad ones in their places, and the same ones under new names, indexed."""
    shelf = make_shelf(tmp_path_factory.mktemp("replaced") / "shelf")
    for bad in BAD:
        shelf.write(f"papers/{bad.name}", bad.former(f"A good report about {bad.word} and councils."))
    assert shelf.update()["failed"] == 0
    for bad in BAD:
        shelf.write(f"papers/{bad.name}", bad.content)
        shelf.write(f"papers/new/{bad.name}", bad.content)
    for name, content in READ.items():
        shelf.write(f"papers/{name}", content)
    told = shelf.update()
    assert {failure["status"] for failure in told["failures"]} == {bad.status for bad in BAD}
    assert told["changed"] == 0
    return shelf


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_named_and_costs_nothing(replaced: Shelf, bad: Bad) -> None:
    assert {(f"papers/{bad.name}", bad.status), (f"papers/new/{bad.name}", bad.status)} <= replaced.failures()
    assert replaced.found(bad.word) == [f"papers/{bad.name}"]
    assert replaced.found("guardians alone")[0] == "papers/good.txt"


def test_bad_files_that_stay_are_not_read_again_and_still_named(replaced: Shelf) -> None:
    told = replaced.update()
    assert (told["added"], told["changed"], told["removed"], told["pages"], told["committed"]) == (0, 0, 0, 0, False)
    assert told["failed"] == 2 * len(BAD)
    assert len(replaced.failures()) == 2 * len(BAD)


def test_a_pdf_cut_near_its_end_is_read_as_far_as_it_goes(replaced: Shelf) -> None:
    assert "papers/new/tail.pdf" in replaced.found("chapter councils")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("owner.pdf", "ocelots"),
        ("pdf.html", "axolotls"),
        ("shift-jis.html", "難民支援"),
        ("shift-jis-declared.html", "人身売買"),
        ("shift-jis.txt", "児童保護"),
        ("windows.html", "élèves déplacés"),
        ("windows.txt", "forêt enneigée"),
        ("said-utf-8.html", "fenêtre brisée"),
        ("said-latin.html", "mémoire brûlée œuvre"),
        ("no-such-charset.html", "croûte dorée"),
    ],
)
def test_words_are_found_however_the_file_is_made(replaced: Shelf, name: str, words: str) -> None:
    assert f"papers/{name}" in replaced.found(f'"{words}"' if " " not in words else words)
    assert not [location for location, _ in replaced.failures() if location == f"papers/{name}"]


def test_a_pdf_with_the_name_of_a_page_has_pages(replaced: Shelf) -> None:
    (hit,) = replaced.search("axolotls")
    assert hit["hits"][0]["page"] == 2
    assert hit["hits"][0]["link"].endswith("/pdf.html#page=2")


def test_a_command_of_its_own_shows_failures_and_no_traceback(replaced: Shelf) -> None:
    updated = replaced.process("update")
    assert (updated.code, updated.out) == (0, "")
    assert f"{2 * len(BAD)} failed" in updated.err
    listed = replaced.process("failures", "--status", "encrypted")
    assert listed.code == 0
    assert "save a copy without one" in listed.out
    assert replaced.process("search", "formerlocked").out.startswith("1 report")


# size -----------------------------------------------------------------------------------------------------------------


def test_a_pdf_of_500_pages_is_found_by_page(shelf: Shelf) -> None:
    texts = [f"Page {number} speaks of councils." for number in range(1, 501)]
    texts[486] = "Here the quokkas are."
    shelf.write("papers/long.pdf", pdf(*texts))
    told = shelf.update()
    assert (told["added"], told["pages"], told["failed"]) == (2, 500, 0)
    (hit,) = shelf.search("quokkas")
    assert (hit["id"], hit["hits"][0]["page"]) == ("papers/long.pdf", 487)


@pytest.mark.parametrize("name", ["huge.txt", "huge.html"])
def test_one_paragraph_of_ten_megabytes_is_found_by_a_word_in_its_middle(shelf: Shelf, name: str) -> None:
    words = [f"word{number % 5000}" for number in range(1_200_000)]
    words[len(words) // 2] = "quokka"
    text = " ".join(words)
    assert len(text) > 9_900_000
    shelf.write(f"papers/{name}", web_page(text, "utf-8") if name.endswith("html") else text)
    started = time.monotonic()
    assert shelf.update()["failed"] == 0
    (hit,) = shelf.search("quokka")
    assert time.monotonic() - started < 60
    assert "quokka" in hit["plain_excerpt"]
    assert len(hit["plain_excerpt"]) < 1000
    assert shelf.found("guardians") == ["papers/good.txt"]


def test_a_file_over_the_limit_is_read_once_the_limit_is_raised(shelf: Shelf) -> None:
    shelf.limit(max_bytes=1000)
    shelf.write("papers/large.txt", "Wombats dig. " * 200)
    assert shelf.update()["failed"] == 1
    assert shelf.failures() == {("papers/large.txt", "too_large")}
    shelf.limit(max_bytes=100_000)
    assert shelf.update()["added"] == 1
    assert shelf.failures() == set()
    assert shelf.found("wombats") == ["papers/large.txt"]


# names and kinds of files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        b"two words.txt",
        b"it's \"quoted\".txt",
        b"new\nline.txt",
        b"caf\xe9 \xff.txt",
        b"#1 is this 100%41 & more?.txt",
        b"\x1b[31mred.txt",
        b"back\\slash.txt",
        b"-rf.txt",
    ],
)  # fmt: skip
def test_a_file_with_an_odd_name_is_found_shown_and_linked(shelf: Shelf, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(shelf.papers) + b"/" + name))
    try:
        path.write_text("Numbats eat termites.", encoding="utf-8")
    except OSError as error:
        pytest.skip(f"this file system has no such names: {error.strerror}")
    assert shelf.update()["failed"] == 0
    (hit,) = shelf.search("numbats")
    assert hit["hits"][0]["link"] == path.as_uri()
    assert "Numbats eat termites" in shelf.run("show", hit["id"]).out
    assert "Numbats eat termites" in shelf.run("show", str(path)).out
    assert "numbats" in shelf.run("search", "numbats").out.lower()
    path.write_bytes(b"")
    assert {status for _, status in shelf.update()["failures"] and shelf.failures()} == {"empty"}
    assert len(shelf.found("numbats")) == 1
    assert shelf.run("remove", str(path)).code == 0
    assert shelf.found("numbats") == []


def test_links_that_lead_nowhere_and_pipes_are_named_and_nothing_hangs(shelf: Shelf) -> None:
    for name in ("circle", "gone.pdf", "pipe.pdf", "pipe.jsonl"):
        shelf.write(f"papers/{name}", pdf(f"A report formerly at {name}."))
    shelf.write("papers/pipe.jsonl", json.dumps({"title": "A report formerly in a pipe", "text": "Yes."}))
    assert shelf.update()["added"] == 5
    for name in ("circle", "gone.pdf", "pipe.pdf", "pipe.jsonl"):
        (shelf.papers / name).unlink()
    (shelf.papers / "circle").symlink_to("circle")
    (shelf.papers / "gone.pdf").symlink_to("nowhere")
    os.mkfifo(shelf.papers / "pipe.pdf")
    os.mkfifo(shelf.papers / "pipe.jsonl")
    (shelf.papers / "round").symlink_to("..")
    done = shelf.process("update", "--quiet")
    assert (done.code, done.out) == (0, "")
    expected = {(f"papers/{name}", "unreadable") for name in ("circle", "gone.pdf", "pipe.pdf", "pipe.jsonl")}
    assert shelf.failures() == expected
    assert len(shelf.found("formerly")) == 4
    assert shelf.process("add", str(shelf.papers / "pipe.pdf")).code == 0


def test_links_that_lead_out_of_the_folder_are_refused(shelf: Shelf) -> None:
    outside = shelf.folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The secret of numbats.")
    shelf.write("archive/inside.txt", "Quokkas eat leaves.")
    (shelf.papers / "passwd.txt").symlink_to("/etc/passwd")
    (shelf.papers / "folder").symlink_to(outside)
    (shelf.papers / "inside.txt").symlink_to("../archive/inside.txt")
    (shelf.papers / "archive").symlink_to("../archive")
    assert shelf.update()["added"] == 2
    assert shelf.failures() == {("papers/passwd.txt", "outside"), ("papers/folder", "outside")}
    assert shelf.found("quokkas numbats root daemon") == ["papers/inside.txt"]
    (shelf.folder / "linked").symlink_to(outside)
    assert shelf.update(str(shelf.folder / "linked"))["added"] == 1
    assert shelf.found("numbats") == ["linked/secret.txt"]


def test_a_report_whose_file_becomes_a_link_out_of_the_folder_goes(shelf: Shelf) -> None:
    path = shelf.write("papers/numbats.txt", "Numbats eat termites.")
    shelf.update()
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert shelf.update()["removed"] == 1
    assert shelf.found("numbats root daemon") == []


def test_a_folder_with_the_name_of_a_pdf_is_a_folder(shelf: Shelf) -> None:
    shelf.write("papers/folder.pdf/inside.txt", "Numbats eat termites.")
    shelf.write("saved/list.html", listing(["a.html", "b.html"]))
    for name in ("a", "b"):
        shelf.write(f"saved/{name}.html", page("Saved", f"Landing page {name}.", "../papers/folder.pdf"))
    shelf.configure('[[source]]\nfolder = "papers"\n[[source]]\nlisting = "saved/list.html"\n')
    assert shelf.update()["added"] == 4
    assert shelf.found("numbats") == ["papers/folder.pdf/inside.txt"]
    assert shelf.failures() == {("papers/folder.pdf", "unreadable")}
    assert shelf.found("landing") == ["saved/a.html", "saved/b.html"]


def test_a_file_that_vanishes_before_it_is_read_keeps_its_report(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shelf.write("papers/fleeting.txt", "Numbats eat termites.")
    shelf.update()
    gather = Gatherer.gather

    def late(gatherer: Gatherer, candidate: Candidate, known: ReportRow | None) -> Outcome:
        path.unlink(missing_ok=True)
        return gather(gatherer, candidate, known)

    with monkeypatch.context() as patch:
        patch.setattr(Gatherer, "gather", late)
        assert shelf.update()["failed"] == 1
    assert shelf.failures() == {("papers/fleeting.txt", "unreadable")}
    assert shelf.found("numbats") == ["papers/fleeting.txt"]
    assert shelf.update()["removed"] == 1
    assert shelf.failures() == set()


def gives_up_privileges() -> None:
    """In the child: root without the right to read what is closed (capabilities(7); PR_CAPBSET_DROP of prctl(2))."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None, use_errno=True).prctl(24, capability, 0, 0, 0)


@pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="here root may read everything")
def test_a_folder_and_a_file_without_permission_lose_nothing(shelf: Shelf) -> None:
    shelf.write("papers/closed/numbats.txt", "Numbats eat termites.")
    shelf.write("papers/private.txt", "Quokkas eat leaves.")
    shelf.write("papers/deleted.txt", "Quolls eat frogs.")
    assert shelf.update()["added"] == 4
    (shelf.papers / "deleted.txt").unlink()
    closed = (shelf.papers / "closed", shelf.papers / "private.txt")
    for path in closed:
        path.chmod(0o000)
    ran = shelf.process("update", preexec_fn=gives_up_privileges)
    for path in closed:
        path.chmod(0o700)
    assert (ran.code, ran.out) == (0, "")
    assert "2 failed" in ran.err
    assert shelf.failures() == {("papers/closed", "unreadable"), ("papers/private.txt", "unreadable")}
    identities = ["papers/closed/numbats.txt", "papers/deleted.txt", "papers/good.txt", "papers/private.txt"]
    assert shelf.found("numbats quokkas quolls guardians") == identities
    assert (shelf.update()["removed"], shelf.failures()) == (1, set())


# records --------------------------------------------------------------------------------------------------------------

RECORD = {"id": "fine", "title": "Numbats", "text": "Numbats eat termites."}


@pytest.mark.parametrize(
    "line",
    [
        '{"title": "No text"}',
        '{"title": "t", "text": "x", "id": ["7"]}',
        '{"title": "t", "text": "x", "date": 20161101}',
        '{"title": "t", "text": "x", "date": ["2016"]}',
        '{"title": "t", "text": "x", "date": false}',
        '{"title": "t", "text": "x", "authors": {"name": "Ann"}}',
        '{"title": "t", "text": "x", "authors": 0}',
        '{"title": "t", "text": "x", "topics": [7]}',
        '{"title": "t", "text": "x", "url": 7}',
        "{broken",
        "[]",
        '"text"',
        "7",
        "\udcff\udcfe",
        "[" * 100_000,
        '{"pages": [5]}',
        '{"pages": {}}',
        '{"pages": [{"text": "x", "number": Infinity}]}',
        '{"pages": [{"text": "x", "number": -1}]}',
        '{"title": 7}',
        '{"title": "t", "date": "20-01"}',
        '{"title": "t", "authors": 5}',
        '{"other": 1}',
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_broken_line_is_named_by_its_number_and_the_others_are_read(shelf: Shelf, line: str, place: int) -> None:
    before = [RECORD, {"title": "Quokkas", "text": "Quokkas eat leaves."}]
    shelf.configure('[[source]]\nfolder = "records"\n')
    shelf.write("records/r.jsonl", "\n".join(map(json.dumps, before)))
    assert shelf.update()["added"] == 2
    lines = [json.dumps(RECORD), json.dumps({"id": "new", "title": "Quolls", "text": ""})]
    lines.insert(place, line)
    shelf.write("records/r.jsonl", "\n".join(lines).encode("utf-8", "surrogateescape"))
    told = shelf.update()
    assert (told["added"], told["removed"], told["failed"]) == (1, 0, 1)
    assert shelf.failures() == {(f"records/r.jsonl:{place + 1}", "bad_record")}
    assert (shelf.found("numbats"), shelf.found("quolls"), len(shelf.found("quokkas"))) == (["fine"], ["new"], 1)
    lines.remove(line)
    shelf.write("records/r.jsonl", "\n".join(lines))
    assert (shelf.update()["removed"], shelf.failures()) == (1, set())


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (NOTICE, "bad_record"),
        (lzma.compress(NOISE)[:50_000], "bad_record"),
        (lzma.compress(json.dumps(RECORD).encode() * 1000)[:60], "truncated"),
        (b"\xfd7zXZ\x00" + bytes(200), "broken"),
        (b'{"title": "' + b"x" * 2_000_000, "too_large"),
    ],
)
def test_a_file_of_records_that_is_damaged_as_a_whole_costs_none_of_them(
    shelf: Shelf, content: bytes, status: str
) -> None:
    shelf.limit(max_bytes=1_000_000)
    shelf.write("papers/r.jsonl", json.dumps(RECORD))
    assert shelf.update()["added"] == 2
    shelf.write("papers/r.jsonl", content)
    told = shelf.update()
    assert (told["removed"], told["unchanged"]) == (0, 1)
    assert status in {found for _, found in shelf.failures()}
    assert shelf.found("numbats") == ["fine"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//[site:url-brief]", "http://[x", "papers/a.pdf", "file:///a"])
def test_a_record_whose_url_is_no_address_is_named(shelf: Shelf, url: str) -> None:
    line = {"title": "Quokkas", "text": "Quokkas eat leaves.", "url": url}
    shelf.write("papers/r.jsonl", "\n".join(map(json.dumps, [RECORD, line])))
    assert shelf.update()["added"] == 2
    assert shelf.failures() == {("papers/r.jsonl:2", "bad_url")}
    assert shelf.found("numbats quokkas") == ["fine"]


def test_a_record_may_do_without_text_where_it_has_a_summary_or_says_so(shelf: Shelf) -> None:
    lines = [
        {"id": "a", "title": "Numbats", "summary": "They eat termites.", "date": 2016},
        {"id": "b", "title": "Numbats again", "text": "", "pages": None, "authors": None, "date": ""},
        {"id": "c", "title": "More numbats", "pages": [], "date": "2016-11-01T09:00:00Z"},
    ]
    shelf.write("papers/r.jsonl", "\n".join(map(json.dumps, lines)))
    assert (shelf.update()["added"], shelf.failures()) == (4, set())
    assert shelf.found("numbats") == ["a", "b", "c"]


def test_a_second_record_with_the_same_url_is_counted_and_said(shelf: Shelf) -> None:
    lines = [{"title": word, "text": word, "url": "https://example.org/a"} for word in ("Numbats", "Quokkas")]
    shelf.write("papers/r.jsonl", "\n".join(map(json.dumps, lines)))
    done = shelf.run("update", "--dry-run")
    assert "2 added, 1 offered twice" in done.err
    assert shelf.update()["duplicates"] == 1
    assert shelf.found("numbats quokkas") == ["https://example.org/a"]


def test_records_with_identities_that_cannot_be_stored_are_read(shelf: Shelf) -> None:
    lines = [
        '{"id": "half \\ud800", "title": "\\udfff", "text": "Numbats \\ud800 eat termites."}',
        json.dumps({"id": "x" * 100_000, "text": "Quokkas eat leaves."}),
        json.dumps({"id": "nul \0", "text": "Quolls eat frogs."}),
    ]
    shelf.write("papers/r.jsonl", "\n".join(lines))
    assert (shelf.update()["added"], shelf.failures()) == (4, set())
    assert shelf.found("quokkas") == ["papers/r.jsonl:2"]
    assert len(shelf.found("numbats quolls")) == 2


# saved pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ("../../../outside.pdf", "outside"),
        ("file:///etc/passwd", "outside"),
        ("escape.pdf", "outside"),
        ("file://elsewhere/share.pdf", "bad_url"),
        ("file:///nul%00.pdf", "bad_url"),
        ("circle.pdf", "unreadable"),
        ("absent.pdf", "unreadable"),
        ("pipe.pdf", "unreadable"),
    ],
)
def test_a_saved_page_reads_no_file_that_it_should_not(shelf: Shelf, link: str, status: str) -> None:
    (shelf.folder.parent / "outside.pdf").write_bytes(pdf("The secret of numbats."))
    shelf.configure('[[source]]\nlisting = "saved/list.html"\n')
    shelf.write("saved/list.html", listing(["reports/one.html", "reports/two.html"]))
    shelf.write("saved/reports/good.pdf", pdf("Formerly quokkas."))
    (shelf.folder / "saved/reports/escape.pdf").symlink_to("../../../outside.pdf")
    (shelf.folder / "saved/reports/circle.pdf").symlink_to("circle.pdf")
    os.mkfifo(shelf.folder / "saved/reports/pipe.pdf")
    for name in ("one", "two"):
        shelf.write(f"saved/reports/{name}.html", page("Saved", f"Landing page {name}.", "good.pdf", link))
    assert shelf.update()["added"] == 2
    assert {found for _, found in shelf.failures()} == {status}
    assert shelf.found("landing quokkas") == ["saved/reports/one.html", "saved/reports/two.html"]
    assert shelf.found("secret numbats root daemon") == []


@pytest.mark.parametrize("link", ["../../outside.html", "file:///etc/passwd"])
def test_a_card_of_a_saved_listing_leads_to_no_file_outside(shelf: Shelf, link: str) -> None:
    (shelf.folder.parent / "outside.html").write_bytes(page("Outside", "The secret of numbats."))
    shelf.configure('[[source]]\nlisting = "saved/list.html"\n')
    shelf.write("saved/list.html", listing(["one.html", link, "two.html"]))
    for name in ("one", "two"):
        shelf.write(f"saved/{name}.html", page("Saved", f"Landing page {name}."))
    assert shelf.update()["added"] == 2
    assert {found for _, found in shelf.failures()} == {"outside"}
    assert shelf.found("secret numbats root daemon") == []


# listings -------------------------------------------------------------------------------------------------------------


def put_reports(shelf: Shelf, site: Site, **limits: float) -> None:
    """A listing with three cards, their landing pages, and a PDF behind the first; the shelf's source."""
    site.put("/list", listing(["/r/0", "/r/1", "/r/2"]))
    for number in range(3):
        links = ["/r/0.pdf"] if number == 0 else []
        site.put(f"/r/{number}", page(f"Report number {number}", f"Landing page {number} has numbats.", *links))
    site.put("/r/0.pdf", pdf("Cover.", "Quokkas stand on the second page."))
    lines = "\n".join(f"{name} = {value}" for name, value in limits.items())
    shelf.configure(f'[[source]]\nname = "web"\nlisting = "{site.url}/list"\n[limits]\n{lines}\n')


def is_whole(shelf: Shelf, site: Site) -> bool:
    identities = [f"{site.url}/r/{number}" for number in range(3)]
    return shelf.found("numbats") == identities and shelf.found("quokkas") == identities[:1]


def fails_with_500(site: Site) -> None:
    site.put("/list", b"", 500)


def is_down(site: Site) -> None:
    site.shutdown()
    site.server_close()


def is_silent(site: Site) -> None:
    site.silent.add("/list")


def has_no_cards(site: Site) -> None:
    site.put("/list", page("Reports", "We are moving house."))


def is_denied(site: Site) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /\n")


def breaks_robots(site: Site) -> None:
    site.put("/robots.txt", b"", 500)


def leads_to_the_disk(site: Site) -> None:
    site.put("/list", b"", 302, Location="file:///etc/passwd")


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (fails_with_500, "http_error"),
        (is_down, "unreachable"),
        (is_silent, "timeout"),
        (has_no_cards, "no_cards"),
        (is_denied, "robots_denied"),
        (breaks_robots, "robots_denied"),
        (leads_to_the_disk, "bad_url"),
    ],
)
def test_a_listing_that_fails_after_a_good_day_loses_nothing(
    shelf: Shelf, site: Site, spoil: Callable[[Site], None], status: str
) -> None:
    put_reports(shelf, site, read_timeout_s=0.5, connect_timeout_s=2)
    assert (shelf.update()["added"], is_whole(shelf, site)) == (3, True)
    spoil(site)
    told = shelf.update()
    assert (told["removed"], [failure["status"] for failure in told["failures"]]) == (0, [status])
    assert {found for _, found in shelf.failures()} == {status}
    assert is_whole(shelf, site)
    assert shelf.found("root daemon passwd") == []


@pytest.mark.parametrize("live", [True, False])
def test_a_listing_without_cards_is_named_at_once(shelf: Shelf, site: Site, live: bool) -> None:
    put_reports(shelf, site)
    has_no_cards(site)
    where = f"{site.url}/list"
    if not live:
        where = "saved/list.html"
        shelf.write(where, page("Reports", "We are moving house."))
        shelf.configure(f'[[source]]\nlisting = "{where}"\n')
    done = shelf.process("update")
    assert done.code == 3
    assert "1 failed. There is no index yet." in done.err
    assert "named above" in done.err
    assert shelf.failures() == {(where, "no_cards")}
    assert shelf.run("cards", where if live else str(shelf.folder / where)).code == 3


NO_ADDRESS = "//[site:url-brief]"


def test_links_that_are_no_addresses_are_named_and_passed_over(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    shelf.update()
    site.put("/list", listing(["/r/0", NO_ADDRESS, "/r/1", "/r/2"]))
    site.put("/r/0", page("Report number 0", "Landing page 0 has numbats.", NO_ADDRESS, "http://[::1", "/r/0.pdf"))
    told = shelf.update()
    assert {failure["status"] for failure in told["failures"]} == {"bad_url"}
    assert shelf.failures() == {(NO_ADDRESS, "bad_url"), (f"{site.url}/r/0", "bad_url")}
    of_page = [row["message"] for row in rows(shelf) if row["location"] == f"{site.url}/r/0"]
    assert len(of_page) == 2
    assert any(NO_ADDRESS in message for message in of_page)
    assert is_whole(shelf, site)


def rows(shelf: Shelf) -> list[Mapping[str, str]]:
    told: list[Mapping[str, str]] = json.loads(shelf.run("failures", "--format", "json").out)["failures"]
    return told


@dataclass(frozen=True)
class Spoiled:
    """What stands at the place of a landing page or of its PDF one day."""

    name: str
    ending: str
    status: str
    body: bytes = b""
    code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/r/{self.name}{self.ending}"

    @property
    def word(self) -> str:
        return "former" + self.name


SPOILED = (
    Spoiled("missing", "", "http_error", code=404),
    Spoiled("failing", "", "http_error", code=500),
    Spoiled("disk", "", "bad_url", code=302, headers={"Location": "file:///etc/passwd"}),
    Spoiled("circle", "", "http_error", code=302, headers={"Location": "/r/circle"}),
    Spoiled("blank", "", "empty"),
    Spoiled("pdfmissing", ".pdf", "http_error", code=404),
    Spoiled("pdfbusy", ".pdf", "http_error", code=503, headers={"Retry_After": "0"}),
    Spoiled("pdfnotice", ".pdf", "error_page", NOTICE),
    Spoiled("pdfhalf", ".pdf", "truncated", LONG[: len(LONG) // 2]),
    Spoiled("pdftail", ".pdf", "truncated", LONG[:-20]),
    Spoiled("pdfscanned", ".pdf", "scanned", scanned()),
    Spoiled("pdflocked", ".pdf", "encrypted", encrypted(owner_only=False)),
    Spoiled("pdfdisk", ".pdf", "bad_url", code=302, headers={"Location": "file:///etc/passwd"}),
    Spoiled("pdfdenied", ".pdf", "robots_denied"),
)


@dataclass(frozen=True)
class Days:
    """A listing and its shelf: a good day, two bad ones, and a good one; by day, the failures and which PDFs' words
    were found."""

    failures: list[dict[str, str]]
    found: list[set[str]]
    changes: list[int]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    shelf = make_shelf(tmp_path_factory.mktemp("days") / "shelf")
    with pytest.MonkeyPatch.context() as patch, running() as site:
        patch.setenv("NO_PROXY", "*")
        site.put("/list", listing([f"/r/{spoiled.name}" for spoiled in SPOILED]))
        for spoiled in SPOILED:
            site.put(f"/r/{spoiled.name}", page(spoiled.name, "Numbats eat termites.", f"/r/{spoiled.name}.pdf"))
            site.put(f"/r/{spoiled.name}.pdf", pdf(f"The second page of {spoiled.word} has quokkas."))
        shelf.configure(f'[[source]]\nlisting = "{site.url}/list"\n')
        good, results = dict(site.answers), Days([], [], [])
        for day in range(4):
            if day in (1, 2):
                site.put("/robots.txt", b"User-agent: *\nDisallow: /r/pdfdenied.pdf\n")
                for spoiled in SPOILED:
                    site.put(spoiled.path, spoiled.body, spoiled.code, **spoiled.headers)
            else:
                site.answers = dict(good)
            told = shelf.update()
            results.changes.append(told["added"] + told["changed"] + told["removed"])
            results.failures.append({location.removeprefix(site.url): status for location, status in shelf.failures()})
            results.found.append(
                {spoiled.word for spoiled in SPOILED if shelf.found(spoiled.word) == [f"{site.url}/r/{spoiled.name}"]}
            )
            assert shelf.found("root daemon passwd") == []
        yield results


@pytest.mark.parametrize("spoiled", SPOILED, ids=lambda spoiled: spoiled.name)
def test_a_page_or_pdf_that_fails_after_a_good_day_stays_found(days: Days, spoiled: Spoiled) -> None:
    for failures in days.failures[1:3]:  # the second bad day knows the first, and says so still
        assert failures[spoiled.headers.get("Location", spoiled.path).removeprefix("file://")] == spoiled.status
    assert all(spoiled.word in found for found in days.found)


def test_bad_days_change_nothing_and_are_forgotten(days: Days) -> None:
    assert days.changes == [len(SPOILED), 0, 0, 0]
    assert (days.failures[0], days.failures[3]) == ({}, {})
    assert days.failures[1] == days.failures[2]


@pytest.mark.parametrize(
    ("body", "code", "status"), [(b"", 404, "http_error"), (NOTICE, 200, "error_page"), (b"", 200, "empty")]
)
def test_a_pdf_that_was_never_there_leaves_the_landing_page(
    shelf: Shelf, site: Site, body: bytes, code: int, status: str
) -> None:
    put_reports(shelf, site)
    site.put("/r/0.pdf", body, code)
    assert shelf.update()["added"] == 3
    assert shelf.failures() == {(f"{site.url}/r/0.pdf", status)}
    assert len(shelf.found("numbats")) == 3
    site.put("/r/0", page("Report number 0", "Landing page 0 has numbats and quolls.", "/r/0.pdf"))
    assert shelf.update()["changed"] == 1
    assert shelf.found("quolls") == [f"{site.url}/r/0"]


def test_a_pdf_that_is_gone_for_good_is_taken_out(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    shelf.update()
    site.put("/r/0.pdf", b"", 410)
    assert shelf.update()["changed"] == 1
    assert shelf.found("quokkas") == []
    assert shelf.failures() == {(f"{site.url}/r/0.pdf", "http_error")}


def test_a_site_that_takes_too_long_is_named_with_its_limit(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site, total_timeout_s=1)
    site.silent.add("/r/1")
    shelf.update()
    ((message, remedy),) = [(row["message"], row["remedy"]) for row in rows(shelf) if row["status"] == "timeout"]
    assert "total_timeout_s" in message
    assert "[limits]" in remedy
    assert "extract_seconds" not in remedy


def test_a_web_page_leads_to_no_file_of_this_disk(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    site.put("/r/0", page("Report number 0", "Landing page 0 has numbats.", "file:///etc/passwd", "/r/0.pdf"))
    assert shelf.update()["added"] == 3
    assert shelf.failures() == {(f"{site.url}/r/0", "bad_url")}
    assert is_whole(shelf, site)
    assert shelf.found("root daemon passwd") == []


# settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("update",),
        ("search", "guardians"),
        ("status",),
        ("failures",),
        ("show", "papers/good.txt"),
        ("add", __file__),
        ("remove", "papers/good.txt"),
        ("cards", __file__),
    ],
)
def test_settings_that_are_no_toml_stop_each_command_and_name_the_line(
    shelf: Shelf, arguments: tuple[str, ...]
) -> None:
    shelf.configure('[collection]\nname = "shelf"\nlanguage = en"\n')
    ran = shelf.run(*arguments)
    assert (ran.code, ran.out) == (5, "")
    assert str(shelf.folder / "reports.toml") in ran.err
    assert "line 3" in ran.err


def test_settings_that_are_mended_find_the_index_as_it_was(shelf: Shelf) -> None:
    shelf.update()
    settings = (shelf.folder / "reports.toml").read_text()
    shelf.configure("[[source]\n")
    ran = shelf.process("update")
    assert (ran.code, ran.out) == (5, "")
    assert "line 1" in ran.err
    shelf.configure(settings)
    assert shelf.found("guardians") == ["papers/good.txt"]


# the disk -------------------------------------------------------------------------------------------------------------


def much_text() -> str:
    source = random.Random(3)  # noqa: S311
    return " ".join(f"w{source.getrandbits(48):x}" for _ in range(60_000))


@contextmanager
def tiny_disk(folder: Path) -> Iterator[None]:
    """A file system of 600 KB in the folder; skips where this user cannot mount one."""
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_named_and_the_former_index_still_answers(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk"):
        shelf = make_shelf(tmp_path / "disk" / "shelf")
        large = tmp_path / "large"
        large.mkdir()
        shelf.configure(f'[[source]]\nfolder = "papers"\n[[source]]\nfolder = "{large}"\n')
        assert shelf.update()["added"] == 1
        (large / "large.txt").write_text(much_text())
        for ran in (shelf.process("update"), shelf.process("update")):
            assert (ran.code, ran.out) == (1, "")
            assert re.search("No space left|disk is full", ran.err)
            assert re.search("make room", ran.err, re.I)
        assert shelf.found("guardians") == ["papers/good.txt"]
        (large / "large.txt").write_text("Numbats eat termites.")
        assert shelf.update()["added"] == 1
        assert len(shelf.found("guardians numbats")) == 2


def test_a_write_that_fails_is_named_and_the_former_index_still_answers(shelf: Shelf) -> None:
    shelf.update()
    shelf.write("papers/large.txt", much_text())
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (200_000, 200_000))
    ran = shelf.process("update", preexec_fn=limit)
    assert (ran.code, ran.out) == (1, "")
    assert os.strerror(errno.EFBIG) in ran.err
    assert shelf.found("guardians") == ["papers/good.txt"]
    assert shelf.update()["added"] == 1


# processes ------------------------------------------------------------------------------------------------------------

DIES = """
import os, signal, sys
from importlib import import_module
from reportsearch.search.cli import main

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    module, owner, name = sys.argv.pop(1).split(":")
    setattr(getattr(import_module(module), owner), name, die)
    main()
"""


@pytest.mark.parametrize(
    "moment",
    [
        "reportsearch.indexer.codec.index_writer:IndexWriter:_merged",
        "pathlib:Path:replace",  # the table of contents gets its name
        "reportsearch.indexer.ledger:Ledger:save",
    ],
)
def test_a_run_that_is_killed_leaves_an_index_that_answers(shelf: Shelf, tmp_path: Path, moment: str) -> None:
    shelf.update()
    shelf.write("papers/numbats.txt", "Numbats eat termites.")
    script = tmp_path / "dies.py"
    script.write_text(DIES)
    done = subprocess.run(
        [sys.executable, script, moment, "-C", shelf.folder, "update"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert shelf.found("guardians") == ["papers/good.txt"]
    shelf.update()
    assert (shelf.found("guardians"), shelf.found("numbats")) == (["papers/good.txt"], ["papers/numbats.txt"])
    assert shelf.failures() == set()


def test_a_second_run_is_refused_while_the_first_lives_and_not_once_it_is_killed(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    assert shelf.update()["added"] == 3
    site.silent.add("/r/0")
    with shelf.start("update") as first:
        assert site.asked_in_vain.wait(30)
        refused = shelf.process("update")
        assert (refused.code, refused.out) == (75, "")
        assert "Another run is writing" in refused.err
        assert "--lock-wait" in refused.err
        assert is_whole(shelf, site)
        first.kill()
    site.silent.clear()
    assert is_whole(shelf, site)
    assert shelf.update()["unchanged"] == 3


def test_a_run_waits_for_another_when_it_is_told_to(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    site.silent.add("/r/0")
    with shelf.start("update") as first:
        assert site.asked_in_vain.wait(30)
        with shelf.start("update", "--lock-wait", "60") as second:
            site.silent.clear()
            first.kill()
            assert second.wait(60) == 0
    assert is_whole(shelf, site)


def test_a_run_that_is_terminated_ends_at_once_in_silence(shelf: Shelf, site: Site) -> None:
    put_reports(shelf, site)
    assert shelf.update()["added"] == 3
    site.silent.add("/r/0")
    with shelf.start("update", "--force", stderr=subprocess.PIPE) as run:
        assert site.asked_in_vain.wait(30)
        run.terminate()
        try:
            _, said = run.communicate(timeout=20)  # the site would be waited for longer
        finally:
            run.kill()
    assert (run.returncode, said) == (128 + signal.SIGTERM, b"")
    site.silent.clear()
    assert is_whole(shelf, site)
    assert shelf.update()["unchanged"] == 3


ENDLESS = """
import click, threading, time
from reportsearch.search.cli import group

@click.command()
def endless():
    lock = threading.Lock()
    lock.acquire()
    try:
        print("begun", flush=True)
        time.sleep(60)
    finally:
        lock.acquire()

group._GRACE_S = 1
group._COMMANDS = ("endless",)
group._imported = lambda name: endless
group.main(["endless"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no alarm")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_cannot_end_is_ended(number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"begun\n"
        run.send_signal(number)
        try:
            assert run.wait(timeout=20) == 128 + number
        finally:
            run.kill()


def wide_text(megabytes: int) -> str:
    return "Été numbats. " * (megabytes * 1_000_000 // 15)


def test_a_file_that_takes_too_long_is_stopped_and_the_others_are_read(shelf: Shelf) -> None:
    shelf.limit(extract_seconds=2)
    shelf.write("papers/wide.txt", "Formerly numbats.")
    shelf.update()
    shelf.write("papers/wide.txt", wide_text(100))
    shelf.write("papers/zebra.txt", "Quokkas eat leaves.")
    told = shelf.update()
    assert (told["added"], told["changed"], told["failed"]) == (1, 0, 1)
    assert shelf.failures() == {("papers/wide.txt", "timeout")}
    assert shelf.found("formerly quokkas guardians") == ["papers/good.txt", "papers/wide.txt", "papers/zebra.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="macOS keeps no memory limit while text is read")
def test_a_file_that_takes_too_much_memory_is_given_up_and_the_others_are_read(shelf: Shelf) -> None:
    shelf.limit(extract_memory_mb=60)
    shelf.write("papers/wide.txt", "Formerly numbats.")
    shelf.update()
    shelf.write("papers/wide.txt", wide_text(40))
    shelf.write("papers/zebra.pdf", pdf("Quokkas eat leaves."))
    told = shelf.update()
    assert (told["added"], told["changed"], told["failed"]) == (1, 0, 1)
    assert shelf.failures() == {("papers/wide.txt", "out_of_memory")}
    assert shelf.found("formerly quokkas guardians") == ["papers/good.txt", "papers/wide.txt", "papers/zebra.pdf"]


def dies_of_it(raw: Raw, *, native: bool = True) -> Document:
    """In the worker: a parser that crashes on one file. No file is known that crashes the real ones."""
    if raw.location.endswith("deadly.pdf"):
        os.kill(os.getpid(), signal.SIGSEGV)
    return extract(raw, native=native)


def test_a_file_that_crashes_its_worker_is_named_and_the_others_are_read(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("papers/deadly.pdf", pdf("Formerly numbats."))
    shelf.update()
    shelf.write("papers/deadly.pdf", pdf("Numbats that are deadly."))
    shelf.write("papers/zebra.pdf", pdf("Quokkas eat leaves."))
    monkeypatch.setattr(run, "ExtractionPool", partial(ExtractionPool, read=dies_of_it))
    told = shelf.update()
    assert (told["added"], told["changed"], told["failed"]) == (1, 0, 1)
    assert shelf.failures() == {("papers/deadly.pdf", "crashed")}
    assert shelf.found("formerly quokkas guardians") == ["papers/deadly.pdf", "papers/good.txt", "papers/zebra.pdf"]
