"""readers: whoever reads while another process writes sees one whole commit, by our engine and by Whoosh's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from whoosh.index import FileIndex, open_dir
from whoosh.query import Term

from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import open_collection

from .process import ProgramFailedError, clean_environment
from .proof import Figure, Proof, Workbench, at_least, exactly
from .seeded import share

__all__ = ["PROOF"]

SECONDS = 60
REPORTS = 40
SEARCHES_PER_S, COMMITS_PER_S = 2, 0.5
"""What must have happened at least for the proof to be one."""
KINDS = ("engine", "whoosh")


def measure(workbench: Workbench) -> Iterator[Figure]:
    folder = workbench.folder / "readers"
    folder.mkdir()
    seconds = share(SECONDS)
    store = WhooshStore(load_settings(folder).index_folder, "en")
    _commit(store, 1)
    environment = clean_environment(PYTHONPATH=str(workbench.root / "scripts"))
    readers = [
        subprocess.Popen(
            [sys.executable, "-P", "-m", "proofs.readers", kind, str(folder), str(seconds)],
            env=environment, cwd=workbench.folder, stdout=subprocess.PIPE, text=True,
        )
        for kind in KINDS
    ]  # fmt: skip
    commits, deadline = 1, time.monotonic() + seconds + 1
    while time.monotonic() < deadline:
        commits += 1
        _commit(store, commits)
    told = [_told(reader) for reader in readers]
    for kind, each in zip(KINDS, told, strict=True):
        workbench.note(f"{kind}: {each['searches']} searches, {each['commits']} commits seen of {commits}")
        for message in each["wrong"][:3]:
            workbench.note(f"{kind}: {message}")
    yield at_least("readers-commits", commits, int(COMMITS_PER_S * seconds))
    yield at_least("readers-searches", min(each["searches"] for each in told), int(SEARCHES_PER_S * seconds))
    yield at_least("readers-commits-seen", min(each["commits"] for each in told), int(COMMITS_PER_S * seconds) // 2)
    yield exactly("readers-answers-not-of-one-whole-commit", sum(len(each["wrong"]) for each in told), 0)


def _told(reader: subprocess.Popen[str]) -> dict[str, list[str]]:
    out, _ = reader.communicate(timeout=60)
    if reader.returncode:
        raise ProgramFailedError(f"a reader ended with {reader.returncode}")
    told: dict[str, list[str]] = json.loads(out)
    return told


def _commit(store: WhooshStore, number: int) -> None:
    """Replaces most of the reports, and moves the rest to another identity: all say which commit they are of."""
    writer = store.writer()
    for name in range(REPORTS):
        text = f"Guardians of report r{name}x in commit c{number}x. " * 3
        pages = (Page(1, text), Page(2, f"More of commit c{number}x."))
        writer.replace(Report(id=f"r{name}", url="", title=f"Guardians c{number}x", pages=pages))
    writer.commit()


def _by_engine(folder: Path) -> Callable[[], list[str]]:
    """What each report says of its commit, as our own search shows it."""
    collection = open_collection(folder)

    def search() -> list[str]:
        results = collection.search("guardians", per_page=2 * REPORTS)
        return [" ".join([hit.title, *(snippet.text for snippet in hit.snippets)]) for hit in results]

    return search


def _by_whoosh(folder: Path) -> Callable[[], list[str]]:
    """The same by Whoosh alone."""

    def search() -> list[str]:
        index = _opened(str(load_settings(folder).index_folder))
        with index.searcher() as searcher:
            hits = searcher.search(Term("title", "guardian"), limit=2 * REPORTS)
            return [f"{hit['record']['title']} {_page(searcher, hit.docnum)}" for hit in hits]

    return search


def _opened(folder: str) -> FileIndex:
    """Whoosh looks which commit is the last, and opens it; in between a newer one may have taken its place."""
    while True:
        try:
            return open_dir(folder)
        except FileNotFoundError:
            continue


def _page(searcher: object, doc_id: int) -> str:
    found: bytes = searcher.reader().column_reader("pages")[doc_id]  # type: ignore[attr-defined]
    return found.decode("utf-8", "replace")


def read(kind: str, folder: Path, seconds: float) -> dict[str, object]:
    """Searches for so long; what was seen."""
    search = {"engine": _by_engine, "whoosh": _by_whoosh}[kind](folder)
    searches, commits, wrong, last = 0, set[int](), list[str](), 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answers = search()
        except Exception as error:  # noqa: BLE001  any error is what the proof is looking for
            wrong.append(f"{type(error).__name__}: {error}")
            continue
        searches += 1
        said = {int(number) for answer in answers for number in re.findall(r"c(\d+)x", answer)}
        if len(answers) != REPORTS or len(said) != 1 or max(said) < last:
            wrong.append(f"{len(answers)} reports of the commits {sorted(said)} after commit {last}")
        last = max(said, default=last)
        commits |= said
    return {"searches": searches, "commits": len(commits), "wrong": wrong}


PROOF = Proof("readers", "two readers and a writer for a minute: each answer is of one whole commit", measure)

if __name__ == "__main__":
    print(json.dumps(read(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))))
    sys.stdout.flush()
    os._exit(0)
