"""growth: the same queries at a tenth of the long documents, at all of them, and at ten times as many words: how much
slower they get, and what memory of its own a searching process takes."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from statistics import median
from time import process_time

from bench.documents import Document, read_documents
from bench.engines.ours import ENGINE
from bench.queries import make_queries, read_queries, write_queries

from reportsearch.search import open_collection

from .long_documents import documents
from .process import clean_environment, run
from .proof import Figure, Proof, Workbench, at_most, below

__all__ = ["PROOF"]

SIZES = (0.1, 1, 10)
KINDS = ("several", "one", "phrase")
QUERIES, RUNS, SEED = 60, 5, 3
SLOWER = 6.0
"""At most so many times slower with ten times the data: what is to be found is ten times as much."""
RSS_ANON_MB = 200
_FRESH = 0.1
"""The share of words that each repetition replaces by words of its own, so that the vocabulary grows as it does in
life (Heaps' law)."""
_WORD = re.compile(r"[a-z]{5,}")


def measure(workbench: Workbench) -> Iterator[Figure]:
    long = documents(workbench)
    stock = long.stock.documents
    tenth = workbench.folder / "growth-queries.json"
    write_queries(make_queries(long.path, stock // 10, QUERIES, SEED), tenth)
    told = {}
    for size in SIZES:
        folder = workbench.folder / f"growth-{size:g}"
        folder.mkdir()
        ENGINE.build(folder, islice(_repeated(long.path), int(stock * size)), 1)
        environment = clean_environment(PYTHONPATH=str(workbench.root / "scripts"))
        told[size] = run(
            [sys.executable, "-P", "-m", "proofs.growth", folder, tenth], cwd=workbench.folder, environment=environment
        ).json
        workbench.note(f"{int(stock * size)} documents: {told[size]}")
    for kind in KINDS:
        for smaller, larger in ((0.1, 1), (1, 10)):
            yield at_most(f"growth-{kind}-{smaller:g}-to-{larger:g}", told[larger][kind] / told[smaller][kind], SLOWER)
    yield below("growth-rss-anon-mb", max(each["rss_anon_mb"] for each in told.values()), RSS_ANON_MB)
    _plot(told, workbench)


def _repeated(path: Path) -> Iterator[Document]:
    """The documents again and again, each time with some words that are nowhere else."""
    yield from read_documents(path)
    for repetition in count(1):
        renaming = _Renaming(repetition)
        for document in read_documents(path):
            text = _WORD.sub(lambda match: renaming[match.group()], document.text)  # noqa: B023  it is used up here
            yield replace(document, id=f"{document.id}-{repetition}", text=text)


class _Renaming(dict[str, str]):
    """Words as one repetition has them."""

    def __init__(self, repetition: int) -> None:
        self._drawn = random.Random(repetition)  # noqa: S311
        self._ending = f"{'abcdefghij'[repetition % 10]}q"

    def __missing__(self, word: str) -> str:
        found = self[word] = word + self._ending if self._drawn.random() < _FRESH else word
        return found


def ask(folder: str, queries: str) -> dict[str, float]:
    """Median milliseconds of a query of each kind with snippets, and the memory of this process's own."""
    with open_collection(folder) as collection:
        costs: dict[str, list[float]] = {kind: [] for kind in KINDS}
        asked = [query for query in read_queries(Path(queries)) if query.kind in KINDS]
        for query in RUNS * asked:
            text = f'"{" ".join(query.words)}"' if query.kind == "phrase" else " ".join(query.words)
            started = process_time()
            collection.search(text, snippets=1, total=False)
            costs[query.kind].append((process_time() - started) * 1000)
        anonymous = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return {kind: round(median(each), 3) for kind, each in costs.items()} | {
        "rss_anon_mb": int(anonymous.group(1)) / 1024 if anonymous else 0.0
    }


def _plot(told: dict[float, dict[str, float]], workbench: Workbench) -> None:
    """A picture of it beside the results of the benchmark, where matplotlib is installed."""
    try:
        from matplotlib.figure import Figure as Drawing  # noqa: PLC0415  the proof does without
    except ImportError:
        return
    drawing = Drawing(figsize=(6, 3.6), layout="constrained")
    axes = drawing.subplots()
    for kind in KINDS:
        axes.plot(SIZES, [told[size][kind] for size in SIZES], marker="o", label=kind)
    slowest = max(told[SIZES[0]][kind] for kind in KINDS)
    axes.plot(SIZES, [slowest * size / SIZES[0] for size in SIZES], linestyle=":", color="grey", label="as the data")
    axes.set(xscale="log", yscale="log", xlabel="data (1 = the long documents)", ylabel="ms of processor time, median")
    axes.legend(frameon=False)
    path = workbench.folder.parent / "reportsearch-growth.png"
    drawing.savefig(path, dpi=100)
    workbench.note(f"drawn in {path}")


PROOF = Proof("growth", "ten times the data: queries get clearly less than ten times slower, in 200 MB", measure)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(ask(*sys.argv[1:])))
