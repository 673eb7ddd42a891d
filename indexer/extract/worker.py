"""The inside of a worker process: its limits, its silence, its end."""

import logging
import multiprocessing
import os
import re
import resource
import signal
import sys
import threading
import warnings
from multiprocessing.connection import wait
from pathlib import Path

__all__ = ["OUT_OF_MEMORY_EXIT", "prepare_worker"]

OUT_OF_MEMORY_EXIT = 77  # the exit code of a worker that ended itself; not one of a signal or of Python
_WATCH_SECONDS = 0.5
_KIB = 1024


def prepare_worker(memory_bytes: int) -> None:
    """Limits this process to `memory_bytes` beyond what it has now, and ties its life to its parent's."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # native code would not come back for a handler in Python
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # libraries report each flaw of each file; ours come back as errors
    warnings.simplefilter("ignore")
    _limit_memory(memory_bytes)
    threading.Thread(target=_watch, args=(memory_bytes,), name="watch", daemon=True).start()


def _limit_memory(memory_bytes: int) -> None:
    """An allocation beyond the limit fails: MemoryError in Python.

    RLIMIT_DATA counts what is written to (Linux 4.7); RLIMIT_AS also counts libraries and what is only reserved.
    macOS takes the limit and does not keep it, so `_watch` does.
    """
    limit = _data_bytes() + memory_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    except (ValueError, OSError):  # a platform that refuses
        logging.getLogger(__name__).debug("this platform sets no memory limit")


def _data_bytes() -> int:
    """What counts against RLIMIT_DATA already: the interpreter and the libraries."""
    try:
        match = re.search(r"^VmData:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.M)
    except OSError:
        return 0
    return int(match[1]) * _KIB if match else 0


def _watch(memory_bytes: int) -> None:
    """Ends the process when the parent has died, however it died, or when memory runs over on macOS.

    PR_SET_PDEATHSIG would do on Linux alone. The thread runs on while native code holds the main thread, because
    PDFium is called without the interpreter's lock.
    """
    parent = multiprocessing.parent_process()
    sentinels = [parent.sentinel] if parent else []
    before = _peak_bytes()
    while not wait(sentinels, _WATCH_SECONDS):
        if sys.platform == "darwin" and _peak_bytes() > before + memory_bytes:
            os._exit(OUT_OF_MEMORY_EXIT)
    os._exit(1)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS (getrusage(2)), in KiB on Linux
