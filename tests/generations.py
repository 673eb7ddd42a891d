"""A collection that is written anew again and again while it is searched: each commit rewrites all reports with a word
of its own, its generation, so that an answer made of two commits shows it.

`python tests/generations.py threads SECONDS` searches with eight threads beside a process that commits;
`… commits COUNT` looks at every commit with one reader and tells what it holds on to. Both print JSON.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import Collection, Results, open_collection

REPORTS = 30
THREADS = 8
_GENERATION = re.compile(r"generation(\d+)")


def commit(store: WhooshStore, generation: int, reports: int = REPORTS) -> None:
    """Rewrites every report."""
    writer = store.writer()
    word = f"generation{generation}"
    for number in range(reports):
        pages = tuple(Page(page, f"A child of {word} carries bricks, page {page}.\n" * 20) for page in (1, 2))
        writer.replace(
            Report(f"report-{number}", "", f"Kilns of {word}", f"Bricks, {word}", publisher=word, pages=pages)
        )
    writer.commit()


@contextmanager
def committing(folder: Path, *, reports: int = REPORTS) -> Iterator[subprocess.Popen[str]]:
    """A process that commits once for every line that it is sent, and answers with the generation."""
    command = [sys.executable, __file__, "write", str(folder), str(reports)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def write(folder: str, reports: str) -> None:
    store = WhooshStore(load_settings(Path(folder)).index_folder, "en")
    for generation, _ in enumerate(sys.stdin, 1):
        commit(store, generation, int(reports))
        sys.stdout.write(f"{generation}\n")
        sys.stdout.flush()


def once(writer: subprocess.Popen[str]) -> int:
    """One commit."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("\n")
    writer.stdin.flush()
    return int(writer.stdout.readline())


def generations_in(results: Results) -> set[str]:
    """All that an answer says of its commit."""
    said = {
        generation
        for hit in results
        for generation in _GENERATION.findall(f"{hit.title} {hit.summary} {hit.publisher}")
    }
    shown = {found for hit in results for snippet in hit.snippets for found in _GENERATION.findall(snippet.text)}
    counted = {found for value in results.facets.get("publisher", {}) for found in _GENERATION.findall(value)}
    return said | shown | counted


class Watch:
    """What the threads saw."""

    def __init__(self) -> None:
        self.searches = 0
        self.wrong: list[str] = []
        self.generation_of: dict[str, str] = {}
        self._lock = threading.Lock()

    def look(self, results: Results) -> None:
        with self._lock:
            self.searches += 1
            found = generations_in(results)
            if results.total != REPORTS or len(results) != REPORTS:
                self.wrong.append(f"{results.total} reports, {len(results)} of them shown")
            if len(found) != 1 or not all(hit.snippets for hit in results):
                self.wrong.append(f"an answer of generations {sorted(found)}")
            elif self.generation_of.setdefault(results.index_version, min(found)) != min(found):
                self.wrong.append(f"{results.index_version} is generation {found} and another one")

    def fail(self, error: BaseException) -> None:
        with self._lock:
            self.wrong.append(repr(error))


def searching(collection: Collection, watch: Watch, ended: threading.Event, number: int) -> None:
    queries = ("child", "bricks kilns", '"carries bricks"', "child carries bricks page")
    last = 0
    try:
        while not ended.is_set():
            query = queries[number % len(queries)]
            number += 1
            results = collection.search(query, per_page=REPORTS, snippets=1, facets=["publisher"])
            watch.look(results)
            version = int(results.index_version.rpartition(".")[2])
            if version < last:
                raise AssertionError(f"commit {version} after {last}")
            last = version
            text = collection.report(f"report-{number % REPORTS}")
            if len(set(_GENERATION.findall(text.title + "".join(page.text for page in text.pages)))) != 1:
                raise AssertionError("the text of a report is of two commits")
    except BaseException as error:  # noqa: BLE001  whatever a thread dies of is what is looked for
        watch.fail(error)


def threads(seconds: float) -> dict[str, Any]:
    """Eight threads on one collection, while another process commits as fast as it can."""
    watch, ended = Watch(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="generations-") as name, committing(Path(name)) as writer:
        commits = once(writer)
        with open_collection(name) as collection:
            pool = [
                threading.Thread(target=searching, args=(collection, watch, ended, number)) for number in range(THREADS)
            ]
            for thread in pool:
                thread.start()
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and not watch.wrong:
                commits = once(writer)
            ended.set()
            for thread in pool:
                thread.join()
    return {
        "searches": watch.searches, "commits": commits, "seen": len(watch.generation_of), "wrong": watch.wrong[:5]
    }  # fmt: skip


def held() -> dict[str, int]:
    """What this process holds on to: memory of its own, maps of index files, open files (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    anonymous = re.search(r"RssAnon:\s+(\d+) kB", status)
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    return {
        "anonymous_kb": int(anonymous.group(1)) if anonymous else 0,
        "maps": len(re.findall(r"MAIN_\S+", maps)),
        "files": len(list(Path("/proc/self/fd").iterdir())),
    }


def commits(count: int) -> dict[str, Any]:
    """One reader looks at so many commits; what it held after the first tenth, at most after that, and at last."""
    after: list[dict[str, int]] = []
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="generations-") as name, committing(Path(name), reports=3) as writer:
        once(writer)
        with open_collection(name) as collection:
            for number in range(1, count):
                generation = once(writer)
                unseen += generations_in(collection.search("child")) != {str(generation)}
                if number % max(1, count // 20) == 0:
                    after.append(held())
            gc.collect()
            last = held()
    first = after[1]
    most = {name: max(each[name] for each in after[1:]) for name in first}
    return {"commits": count, "unseen": unseen, "first": first, "most": most, "last": last}


if __name__ == "__main__":
    kind, *arguments = sys.argv[1:]
    if kind == "write":
        write(*arguments)
    else:
        made = threads(float(arguments[0])) if kind == "threads" else commits(int(arguments[0]))
        sys.stdout.write(json.dumps(made))
