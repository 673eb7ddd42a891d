"""Programs run as a user runs them, with what they cost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

__all__ = ["Finished", "ProgramFailedError", "clean_environment", "program", "reportsearch", "run"]

TIMEOUT_S = 1800.0
POLL_S = 0.05
_MIB = 1024 * 1024
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of ru_maxrss: getrusage(2) of each system
_UNWANTED = ("PYTHON", "REPORTSEARCH_", "VIRTUAL_ENV")
_ROOM_FOR_ERROR = 3000


class ProgramFailedError(Exception):
    """A program that had to succeed did not; the message ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program said and cost, with all processes that it started and waited for.

    `peak_process_mb` is the largest single process; `peak_tree_mb` the largest sum over all processes at one moment
    (resident memory, so that shared pages count in each), None where there is no /proc.
    """

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    cpu_seconds: float
    peak_process_mb: float
    peak_tree_mb: float | None

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment without what would change how Python or reportsearch behave, and with these changes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_UNWANTED)}
    return kept | changes


def program(name: str) -> Path:
    """A program of the environment that runs this."""
    return Path(sys.executable).with_name(name)


def reportsearch(*arguments: str | Path, cwd: Path) -> Finished:
    """The command line, run in a folder."""
    return run([program("reportsearch"), *arguments], cwd=cwd)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    check: bool = True,
    timeout_s: float = TIMEOUT_S,
) -> Finished:
    """The program's end. Raises ProgramFailedError where it takes too long, or `check` and it does not exit with 0."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        started = time.perf_counter()
        # a session of its own, by which its processes are known whoever their parent is by then
        process = subprocess.Popen(
            command, cwd=cwd, env=environment or clean_environment(), stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=stderr, start_new_session=True,
        )  # fmt: skip
        status, usage, peak_tree = _wait(process, started + timeout_s)
        finished = Finished(
            returncode=-signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status),
            stdout=_text(stdout),
            stderr=_text(stderr),
            seconds=time.perf_counter() - started,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_process_mb=usage.ru_maxrss * _MAXRSS_UNIT / _MIB,
            peak_tree_mb=peak_tree / _MIB if peak_tree else None,
        )
    if status is None or (check and finished.returncode):
        why = f"took longer than {timeout_s:.0f} s" if status is None else f"exited with {finished.returncode}"
        shown = " ".join(map(str, command))
        raise ProgramFailedError(f"{shown} {why}:\n{finished.output.strip()[-_ROOM_FOR_ERROR:]}")
    return finished


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[int | None, Any, int]:
    """Exit status (None where it had to be killed), resource usage, and bytes of the tree at their most."""
    peak, killed = 0, False
    try:
        while True:
            # the usage of the process and of all that it waited for, as getrusage(RUSAGE_CHILDREN) would sum it up
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return None if killed else status, usage, peak
            peak = max(peak, _resident_bytes(process.pid))
            if time.perf_counter() > deadline and not killed:
                os.killpg(process.pid, signal.SIGKILL)
                killed = True
            time.sleep(POLL_S)
    except BaseException:  # Ctrl-C does not reach another session by itself
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        raise


def _resident_bytes(session: int) -> int:
    """Resident memory of all processes of a session: fields 6 and 24 of /proc/PID/stat (proc(5))."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # ended in between
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")
