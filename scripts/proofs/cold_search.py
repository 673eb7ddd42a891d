"""cold-search: a whole `reportsearch search WORD`, beside a process that only imports what it cannot do without."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from .long_documents import indexed
from .process import ProgramFailedError, clean_environment, program
from .proof import Figure, Proof, Workbench, at_most

__all__ = ["PROOF"]

FLOOR = "import numpy, click, whoosh.index, whoosh.query"
WORD = "disarmament"
PAIRS = 41
RATIO = 1.4


def measure(workbench: Workbench) -> Iterator[Figure]:
    search = [str(program("reportsearch")), "-C", str(indexed(workbench)), "search", WORD]
    floor = [sys.executable, "-c", FLOOR]
    pairs = [(_cost(floor, workbench.folder), _cost(search, workbench.folder)) for _ in range(PAIRS + 1)][1:]
    for place, kind in enumerate(("wall", "cpu")):
        below, ours = (median(pair[who][place] for pair in pairs) for who in (0, 1))
        workbench.note(f"{kind}: {ours * 1000:.0f} ms, only imports {below * 1000:.0f} ms")
        ratio = median(search[place] / floor[place] for floor, search in pairs)
        yield at_most(f"cold-search-{kind}-ratio", ratio, RATIO)


def _cost(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Seconds of a process from its start to its end, by the wall and of processor time."""
    sink = folder / "cold-search.out"
    to_sink = (os.POSIX_SPAWN_OPEN, 1, str(sink), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, clean_environment(), file_actions=[to_sink])
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    if status:
        raise ProgramFailedError(f"{' '.join(command)} exited with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_utime + usage.ru_stime


PROOF = Proof("cold-search", "a whole `reportsearch search` takes at most 1.4 times what its imports take", measure)
