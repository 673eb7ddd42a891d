"""Collections under test: real files, a real site on loopback, and the command line as people call it."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fpdf import FPDF

from reportsearch.indexer.errors import REMEDIES
from reportsearch.search.cli import group

COMMAND = (sys.executable, "-c", "from reportsearch.search.cli import main; main()")
"""The command line as a process of its own; arguments go behind it."""


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and output."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shelf:
    """A collection in a folder of its own; its source is the folder `papers`, unless `configure` says otherwise."""

    folder: Path

    @property
    def papers(self) -> Path:
        return self.folder / "papers"

    def configure(self, settings: str) -> None:
        (self.folder / "reports.toml").write_text(settings, encoding="utf-8")

    def limit(self, **limits: float) -> None:
        """`papers` as the source, with these limits."""
        lines = "\n".join(f"{name} = {value}" for name, value in limits.items())
        self.configure(f'[[source]]\nname = "papers"\nfolder = "papers"\n\n[limits]\n{lines}\n')

    def write(self, name: str, content: bytes | str) -> Path:
        """A file below the collection's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *arguments: str) -> Ran:
        """One command, in this process; anything that it raises fails the test."""
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        try:
            result = CliRunner().invoke(
                group.command, ["-C", str(self.folder), *arguments], prog_name="reportsearch", catch_exceptions=False
            )
        finally:
            root.handlers[:] = handlers  # the command sends messages to a stream that is closed now
            root.setLevel(level)
        return checked(Ran(result.exit_code, result.stdout, result.stderr))

    def process(self, *arguments: str, **options: Any) -> Ran:
        """One command, as a process of its own."""
        done = subprocess.run(
            [*COMMAND, "-C", str(self.folder), *arguments], capture_output=True, check=False, timeout=120, **options
        )
        return checked(Ran(done.returncode, done.stdout.decode(), done.stderr.decode()))

    def start(self, *arguments: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """One command, left running."""
        return subprocess.Popen(
            [*COMMAND, "-C", str(self.folder), *arguments], stdout=subprocess.DEVNULL, stderr=stderr
        )

    def update(self, *arguments: str) -> dict[str, Any]:
        """A run that must end well, as its counts and failures."""
        ran = self.run("update", "--format", "json", *arguments)
        assert ran.code == 0, ran.err
        told: dict[str, Any] = json.loads(ran.out)
        assert told["failed"] == len(told["failures"])
        return told

    def search(self, query: str) -> list[dict[str, Any]]:
        """The hits, best first."""
        ran = self.run("search", "--format", "json", "--per-page", "100", query)
        assert ran.code == 0, ran.err
        results: list[dict[str, Any]] = json.loads(ran.out)["results"]
        return results

    def found(self, query: str) -> list[str]:
        """The identities of the hits, sorted."""
        return sorted(hit["id"] for hit in self.search(query))

    def failures(self) -> set[tuple[str, str]]:
        """(location, status) of what failed, as `failures` lists it for people and as JSON, each with its remedy."""
        told = self.run("failures", "--format", "json")
        shown = self.run("failures")
        assert (told.code, shown.code) == (0, 0)
        rows = json.loads(told.out)["failures"]
        for row in rows:
            assert row["remedy"] == REMEDIES[row["status"]]
            assert row["remedy"] in shown.out
            assert f"{row['status']}  {_shown(row['location'])}\n" in shown.out
        return {(row["location"], row["status"]) for row in rows}


def _shown(text: str) -> str:
    """A text as it is shown on a terminal: without control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


def checked(ran: Ran) -> Ran:
    """The same, if it shows nothing of our inside."""
    for text in (ran.out, ran.err):
        assert "Traceback" not in text, text
        assert "\x1b" not in text
    return ran


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A collection with one good report: papers/good.txt, which speaks of guardians."""
    monkeypatch.setenv("NO_PROXY", "*")
    return make_shelf(tmp_path / "shelf")


def make_shelf(folder: Path) -> Shelf:
    """See the fixture `shelf`."""
    made = Shelf(folder)
    made.write("papers/good.txt", "What guardians do.\n\nGuardians look after children who are alone.")
    made.limit(workers=2)
    return made


def pdf(*pages: str, **options: Any) -> bytes:
    """A PDF with these pages; `options` are attributes of fpdf2's document."""
    document = FPDF()
    document.set_font("Helvetica", size=12)
    for name, value in options.items():
        setattr(document, name, value)
    for text in pages:
        document.add_page()
        document.multi_cell(0, 8, text)
    return bytes(document.output())


def page(title: str, text: str, *links: str) -> bytes:
    """A web page with a main text, and a link "Download the report (PDF)" to each of `links`."""
    anchors = "".join(f'<p><a href="{link}">Download the report (PDF)</a></p>' for link in links)
    prose = f"{text} Councils, charities and the police look after children in care, and say how it could be better. "
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{prose * 5}</p>{anchors}</main></body></html>"
    ).encode()


def listing(links: Sequence[str]) -> bytes:
    """A listing with a card for each of these links."""
    cards = "".join(
        f'<article><h3><a href="{link}">Report number {number} about children on the move</a></h3>'
        f"<p>What report {number} says about the people who look after them.</p>"
        f'<a href="{link}">Read more</a></article>'
        for number, link in enumerate(links)
    )
    return f'<!doctype html><html lang="en"><head><title>Reports</title></head><main>{cards}</main></html>'.encode()


@dataclass
class Answer:
    """What a site says at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Site(ThreadingHTTPServer):
    """A site on loopback: answers by path; requests for a path in `silent` wait until the test is over."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.silent: set[str] = set()
        self.asked_in_vain = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """What stands at a path from now on; the address of it."""
        self.answers[path] = Answer(body, status, headers)
        return self.url + path

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients that were killed


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path in self.server.silent:
            self.server.asked_in_vain.set()
            self.server.over.wait(60)
            return
        answer = self.server.answers.get(self.path, Answer(b"There is nothing here.", 404))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Site]:
    """A site without robots.txt and without pages."""
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """See `running`."""
    monkeypatch.setenv("NO_PROXY", "*")
    with running() as one:
        yield one
