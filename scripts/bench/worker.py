"""Processes of their own for what is measured, so that memory and processor time are those of one engine alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs.process import ProgramFailedError, clean_environment, run

__all__ = ["Cost", "WorkerFailedError", "cold_start", "command", "work"]

_SCRIPTS = Path(__file__).resolve().parent.parent
_MB_PER_MIB = 1.048576


class WorkerFailedError(Exception):
    """A worker did not come to its end; the message ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a worker printed as JSON, and the most memory that it and its children had at one moment."""

    said: Any
    peak_mb: float


def command(module: str, *arguments: str | Path | int) -> list[str]:
    """How a module of this package is run as a program."""
    return [sys.executable, "-P", "-m", f"bench.{module}", *map(str, arguments)]


def work(module: str, *arguments: str | Path | int, cwd: Path) -> Cost:
    """Runs a worker to its end. Raises WorkerFailedError."""
    try:
        finished = run(command(module, *arguments), cwd=cwd, environment=_environment())
        said = json.loads(finished.stdout)
    except (ProgramFailedError, ValueError) as error:
        raise WorkerFailedError(_last_line(str(error))) from error
    # the sum over processes is sampled and can miss a short peak; the largest process is exact
    return Cost(said, max(finished.peak_process_mb, finished.peak_tree_mb or 0.0) * _MB_PER_MIB)


def cold_start(*arguments: str | Path, cwd: Path) -> tuple[float, float]:
    """Processor time and wall clock of a whole process that opens an index and answers once, in ms."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command("cold", *arguments), cwd=cwd, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    with process.stderr:
        complaint = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)  # it waits without asking again and again, unlike `run`
    elapsed_ms = (time.perf_counter() - started) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise WorkerFailedError(_last_line(complaint))
    return (usage.ru_utime + usage.ru_stime) * 1000, elapsed_ms


def _environment() -> dict[str, str]:
    return clean_environment(PYTHONPATH=str(_SCRIPTS))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
