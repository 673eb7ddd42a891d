"""kill: a writer that is killed at any moment leaves the last commit, and nothing that the next one does not clear."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reportsearch.indexer.codec import (
    IndexWriter,
    SegmentReader,
    check_index,
    create_index,
    index_writer,
    latest_generation,
    read_toc,
)
from reportsearch.indexer.schema import make_schema

from .proof import Figure, Proof, Workbench, at_least, exactly
from .seeded import document, share

__all__ = ["PROOF"]

KILLS = 300
NAMES = [f"d{number}" for number in range(150)]
CHANGED = 30
WORDS = 250
BATCH_CHARS = 8_000
"""So that a commit has several batches, and threads are at work."""
MEMORY_BYTES = 200_000
"""So that it writes several segments."""
LOCK = "MAIN_WRITELOCK"


@dataclass
class Tally:
    """What became of all kills."""

    kills: int = 0
    while_writing: int = 0
    lost_commits: int = 0
    damaged: int = 0
    other_files: int = 0


def measure(workbench: Workbench) -> Iterator[Figure]:
    index_writer.BATCH_CHARS = BATCH_CHARS
    folder = workbench.folder / "kill"
    create_index(folder, make_schema("en"))
    tally, choices = Tally(), random.Random(4)  # noqa: S311
    durations = {workers: _duration(folder, workers) for workers in (1, 2)}
    workbench.detail(f"a commit takes {durations[1]:.2f} s with one thread, {durations[2]:.2f} s with two")
    for number in range(share(KILLS)):
        workers = 1 + number % 2
        _kill_one(folder, workers, choices.uniform(0, 1.3 * durations[workers]), tally)
    workbench.note(f"{tally.while_writing} of {tally.kills} left files that no commit names")
    yield at_least("kill-kills", tally.kills, share(KILLS))
    yield at_least("kill-kills-while-writing", tally.while_writing, tally.kills // 5)
    yield exactly("kill-commits-lost", tally.lost_commits, 0)
    yield exactly("kill-indexes-damaged", tally.damaged, 0)
    yield exactly("kill-folders-with-other-files-after-the-next-commit", tally.other_files, 0)


def _kill_one(folder: Path, workers: int, delay_s: float, tally: Tally) -> None:
    context = multiprocessing.get_context("fork")  # the programs are loaded already
    told, tells = context.Pipe(duplex=False)
    child = context.Process(target=_write_on, args=(folder, workers, tells))
    child.start()
    tells.close()
    acknowledged = told.recv()  # it begins
    time.sleep(delay_s)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    try:
        while told.poll():
            acknowledged = told.recv()
    except EOFError:
        pass
    tally.kills += 1
    _verify(folder, acknowledged, tally)


def _write_on(folder: Path, workers: int, tells: multiprocessing.connection.Connection) -> None:
    """Commits for ever, and says which commit is done."""
    tells.send(latest_generation(folder))
    while True:
        _commit(folder, workers)
        tells.send(latest_generation(folder))


def _commit(folder: Path, workers: int) -> None:
    generation = (latest_generation(folder) or 0) + 1
    writer = IndexWriter(folder, workers=workers, memory_bytes=MEMORY_BYTES)
    for name in _changed(generation):
        writer.delete("id", name)
        writer.add(document(name, generation, WORDS))
    writer.commit()


def _changed(generation: int) -> list[str]:
    """The documents that a commit replaces."""
    return random.Random(generation).sample(NAMES, CHANGED)  # noqa: S311


def _duration(folder: Path, workers: int) -> float:
    started = time.perf_counter()
    _commit(folder, workers)
    return time.perf_counter() - started


def _verify(folder: Path, acknowledged: int, tally: Tally) -> None:
    found = check_index(folder)
    if found is None or found.toc is None or found.damages:
        tally.damaged += 1
        return
    tally.while_writing += bool(found.unnamed)
    generation = found.toc.generation
    if generation < acknowledged or _versions(folder) != _expected(generation):
        tally.lost_commits += 1
    _commit(folder, 1)
    toc = read_toc(folder)
    assert toc is not None
    named = {f"{segment.segment_id()}{extension}" for segment in toc.segments for extension in segment.sizes}
    tally.other_files += {path.name for path in folder.iterdir()} != {*named, f"_MAIN_{toc.generation}.toc", LOCK}
    tally.lost_commits += toc.generation != generation + 1 or _versions(folder) != _expected(generation + 1)


def _expected(generation: int) -> dict[str, int]:
    """Which version of each document there must be after so many commits."""
    return {name: number for number in range(1, generation + 1) for name in _changed(number)}


def _versions(folder: Path) -> dict[str, int]:
    """Which version of each document there is, by what is stored and by its text."""
    toc = read_toc(folder)
    assert toc is not None
    versions: dict[str, int] = {}
    for segment in toc.segments:
        reader = SegmentReader.open(folder, segment.segment_id())
        for doc_id in (~segment.deletions()).nonzero()[0].tolist():
            record = reader.stored(doc_id)["record"]
            if record["id"] in versions or f"v{record['version']}x." not in reader.passages.text(doc_id):
                return {}
            versions[record["id"]] = record["version"]
    return versions


PROOF = Proof("kill", "300 times kill -9 while an index is written, merged and committed (minutes)", measure)
