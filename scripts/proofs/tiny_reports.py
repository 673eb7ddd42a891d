"""tiny-reports: a million reports of 200 characters are indexed beside tantivy, with one thread each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from bench.documents import Document, read_documents, write_documents
from bench.engines import MissingLibraryError, load
from bench.worker import work

from .long_documents import documents
from .proof import Figure, Proof, SkippedError, Workbench, at_most
from .seeded import share

__all__ = ["PROOF"]

REPORTS = 1_000_000
CHARS = 200
PEER = "tantivy"
RATIO = 4.0


def measure(workbench: Workbench) -> Iterator[Figure]:
    try:
        load(PEER)
    except MissingLibraryError as error:
        raise SkippedError(str(error)) from error
    path = workbench.folder / "tiny.jsonl"
    stock = write_documents(islice(_pieces(documents(workbench).path), share(REPORTS)), path)
    seconds = {}
    for engine in ("ours", PEER):
        folder = workbench.folder / f"tiny-{engine}"
        folder.mkdir()
        cost = work("build", engine, folder, path, 1, cwd=workbench.folder)
        seconds[engine] = cost.said["cpu_ms"] / 1000
        workbench.note(f"{engine}: {stock.documents:,} reports in {seconds[engine]:.1f} CPU-s, {cost.peak_mb:.0f} MB")
    yield at_most("tiny-reports-cpu-ratio", seconds["ours"] / seconds[PEER], RATIO)


def _pieces(path: Path) -> Iterator[Document]:
    """Pieces of the long documents; of all of them again, from a character further on, until there are enough."""
    for shift in count():
        for document in read_documents(path):
            for start in range(shift, len(document.text) - CHARS, CHARS):
                text = document.text[start : start + CHARS]
                yield replace(document, id=f"{document.id}.{start}", title=text[:30], text=text)


PROOF = Proof("tiny-reports", "a million reports of 200 characters: at most 4 times the CPU of tantivy", measure)
