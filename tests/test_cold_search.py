"""What a search imports: the command must not pay for what it does not need."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import whoosh

from reportsearch.indexer import pipeline
from reportsearch.indexer.settings import load_settings

LIBRARIES = {"Stemmer", "click", "msgpack", "numpy", "whoosh", "zstandard"}
"""And no other: no HTTP, no HTML, no PDF, no dates in words, no tables on a terminal, no distances between words."""

ROOMS = [
    "indexer",
    "indexer.analysis",
    "indexer.analysis.characters",
    "indexer.analysis.code_points",
    "indexer.analysis.folding",
    "indexer.analysis.stemming",
    "indexer.analysis.tokens",
    "indexer.analysis.words",
    "indexer.codec",
    "indexer.codec.compression",
    "indexer.codec.container",
    "indexer.codec.lexicon",
    "indexer.codec.pages",
    "indexer.codec.passages",
    "indexer.codec.postings",
    "indexer.codec.ranges",
    "indexer.codec.rises",
    "indexer.codec.segment",
    "indexer.codec.segment_reader",
    "indexer.codec.stored",
    "indexer.codec.toc",
    "indexer.errors",
    "indexer.fields",
    "indexer.languages",
    "indexer.record",
    "indexer.report",
    "indexer.settings",
    "indexer.urls",
    "indexer.whoosh_index",
    "search",
    "search.cli",
    "search.cli.group",
    "search.cli.hits",
    "search.cli.options",
    "search.cli.search",
    "search.collection",
    "search.engine",
    "search.hits",
    "search.marker",
    "search.nodes",
    "search.results",
    "search.sentences",
    "search.snippet",
    "search.syntax",
    "search.whoosh_engine",
    "search.whoosh_engine.engine",
    "search.whoosh_engine.evaluate",
    "search.whoosh_engine.expand",
    "search.whoosh_engine.fallback",
    "search.whoosh_engine.few_windows",
    "search.whoosh_engine.filters",
    "search.whoosh_engine.heap",
    "search.whoosh_engine.locate",
    "search.whoosh_engine.matches",
    "search.whoosh_engine.occurrences",
    "search.whoosh_engine.opening",
    "search.whoosh_engine.phrases",
    "search.whoosh_engine.places",
    "search.whoosh_engine.rank",
    "search.whoosh_engine.recent",
    "search.whoosh_engine.segment",
    "search.whoosh_engine.snapshot",
    "search.whoosh_engine.term_postings",
    "search.whoosh_engine.topk",
    "search.whoosh_engine.values",
    "search.whoosh_engine.window",
    "search.whoosh_engine.windows",
    "search.whoosh_engine.word_list",
    "search.whoosh_engine.word_lists",
    "search.whoosh_engine.words",
]
"""Of our own modules. One that only writing, or only a rare query, needs does not belong here."""

COSTLY = [
    "asyncio",
    "concurrent.futures",
    "email",
    "http.client",
    "importlib.metadata",
    "json",
    "logging",
    "multiprocessing",
    "numpy.ma",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "whoosh.scoring",
    "whoosh.searching",
    "whoosh.writing",
    "xml",
]

PROGRAM = """
import sys
from reportsearch.search.cli import main
try:
    main(sys.argv[1:])
finally:
    print("\\n".join(sys.modules), file=sys.stderr)
"""


OURS = pytest.mark.skipif(whoosh.__version__ < (3,), reason="other distributions of Whoosh load more")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cold")
    records = [
        {"id": f"{number}", "title": f"Report {number}", "text": f"The child number{number} carries bricks in a kiln."}
        for number in range(20)
    ]
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    pipeline.add(load_settings(folder, {}), [str(folder / "records.jsonl")])
    return folder


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that a command of its own process has loaded at its end."""
    done = run(PROGRAM, folder, *arguments)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split("\n"))


def run(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, "-C", str(folder), *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@OURS
def test_a_search_imports_what_it_needs_and_nothing_else(folder: Path) -> None:
    modules = loaded(folder, "search", "child", "bricks", '"a kiln"')
    plain = {name.partition(".")[0] for name in loaded(folder, "--version")}  # what an environment loads anyway
    libraries = {name.partition(".")[0] for name in modules} - plain - sys.stdlib_module_names
    ours = {name.removeprefix("reportsearch.") for name in modules if name.startswith("reportsearch.")}
    assert {name for name in libraries if "cython" not in name} == LIBRARIES - plain
    assert ours == set(ROOMS)
    assert not modules.intersection(COSTLY)


@OURS
@pytest.mark.parametrize("arguments", [["search", "child", "--format", "json"], ["search", "nowhere"]])
def test_other_searches_load_little_more(folder: Path, arguments: list[str]) -> None:
    assert not loaded(folder, *arguments).intersection(COSTLY) - {"json"}


THREADS = """
import sys
from pathlib import Path
from reportsearch.search.cli import main
try:
    main(sys.argv[1:])
finally:
    print(len(list(Path("/proc/self/task").iterdir())), file=sys.stderr)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads of a process are told by Linux alone")
def test_a_search_starts_no_threads(folder: Path) -> None:
    done = run(THREADS, folder, "search", "child")
    assert (done.returncode, done.stderr.split()) == (0, ["1"])


def test_the_version_is_told_without_the_index(folder: Path) -> None:
    assert not {"numpy", "whoosh"} & loaded(folder, "--version")
