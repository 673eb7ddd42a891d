"""Workers that hang, die or run out of memory, and a parent that dies: the other files are read all the same."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest

from reportsearch.indexer.errors import ExtractError, FetchError
from reportsearch.indexer.extract.document import extract
from reportsearch.indexer.extract.pool import ExtractionPool
from reportsearch.indexer.extract.raw import Raw
from reportsearch.indexer.extract.worker import OUT_OF_MEMORY_EXIT
from reportsearch.indexer.report import Document
from reportsearch.indexer.settings import Limits

WORDS = Raw("words.txt", data=b"Words.")
HANGS = Raw("hangs.txt", data=b"hangs")
A_PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
  /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length 39 >> stream
BT /F1 12 Tf 72 700 Td (words) Tj ET
endstream endobj
trailer << /Root 1 0 R >>
startxref
0
%%EOF
"""
MEBIBYTE = 1024 * 1024


def misbehave(raw: Raw, *, native: bool = True) -> Document:
    """In the worker: reads, unless the name of the file says what goes wrong."""
    match raw.location.removesuffix(".txt"):
        case "hangs":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # as native code does that never comes back
            time.sleep(600)
        case "dies":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "dies-in-native-code" if native:
            os.kill(os.getpid(), signal.SIGKILL)
        case "eats":
            pieces = [bytes(MEBIBYTE) for _ in range(4096)]
            raise AssertionError(f"{len(pieces)} MiB without a limit")
        case "gives-up":
            os._exit(OUT_OF_MEMORY_EXIT)
    return extract(raw, native=native)


def workers() -> list[int]:
    return [process.pid for process in multiprocessing.active_children() if process.pid is not None]


def status(read: Callable[[], object]) -> str:
    with pytest.raises(ExtractError) as caught:
        read()
    return caught.value.status


def test_no_process_is_started_before_the_first_file() -> None:
    with ExtractionPool(Limits()) as pool:
        assert workers() == []
        pool.extract(WORDS)
        assert len(workers()) == Limits().workers
    assert workers() == []


def test_documents_and_errors_come_back_as_they_are(tmp_path: Path) -> None:
    with ExtractionPool(Limits(workers=1)) as pool:
        raw = Raw("report.pdf", data=A_PDF)
        assert pool.extract(raw) == extract(raw)
        with pytest.raises(FetchError) as caught:
            pool.extract(Raw("absent.pdf", path=tmp_path / "absent.pdf"))
        assert (caught.value.status, caught.value.location) == ("unreadable", "absent.pdf")
        assert status(lambda: pool.extract(Raw("empty.pdf", data=b""))) == "empty"


def test_many_threads_share_it() -> None:
    with ExtractionPool(Limits()) as pool, ThreadPoolExecutor(8) as threads:
        raws = [Raw(f"{number}.txt", data=b"number %d" % number) for number in range(40)]
        documents = list(threads.map(pool.extract, raws))
    assert [document.pages[0].text for document in documents] == [f"number {number}" for number in range(40)]


def test_a_file_that_hangs_is_stopped() -> None:
    with (
        ExtractionPool(Limits(extract_seconds=1.0), read=misbehave) as pool,
        ThreadPoolExecutor(2) as threads,
    ):
        begun = time.monotonic()
        hanging = threads.submit(pool.extract, HANGS)
        assert pool.extract(WORDS).pages[0].text == "Words."  # beside it
        assert status(hanging.result) == "timeout"
        assert time.monotonic() - begun < 30
        assert pool.extract(WORDS).pages[0].text == "Words."  # and after it


def test_a_file_that_kills_its_worker_has_crashed() -> None:
    with ExtractionPool(Limits(workers=1), read=misbehave) as pool:
        assert status(lambda: pool.extract(Raw("dies.txt", data=b"x"))) == "crashed"
        assert pool.extract(WORDS).pages[0].text == "Words."


def test_a_file_that_crashes_native_code_is_read_without() -> None:
    with ExtractionPool(Limits(workers=1), read=misbehave) as pool:
        assert pool.extract(Raw("dies-in-native-code.txt", data=A_PDF)).pages[0].text == "words"


def test_workers_killed_while_idle_are_replaced() -> None:
    with ExtractionPool(Limits()) as pool:
        pool.extract(WORDS)
        for _ in range(3):
            for pid in workers():
                os.kill(pid, signal.SIGKILL)
            assert pool.extract(WORDS).pages[0].text == "Words."


@pytest.mark.skipif(sys.platform != "linux", reason="macOS keeps no memory limit; a watch ends the worker there")
def test_memory_is_limited() -> None:
    with ExtractionPool(Limits(workers=1, extract_memory_mb=100), read=misbehave) as pool:
        assert status(lambda: pool.extract(Raw("eats.txt", data=b"x"))) == "out_of_memory"
        assert pool.extract(WORDS).pages[0].text == "Words."


def test_a_worker_that_ends_itself_for_memory_is_out_of_memory() -> None:
    with ExtractionPool(Limits(workers=1), read=misbehave) as pool:
        assert status(lambda: pool.extract(Raw("gives-up.txt", data=b"x"))) == "out_of_memory"


def test_closing_ends_a_wait() -> None:
    pool = ExtractionPool(Limits(), read=misbehave)
    with ThreadPoolExecutor(1) as threads:
        pool.extract(WORDS)
        waiting = threads.submit(pool.extract, HANGS)
        while not waiting.running():
            time.sleep(0)  # gives way to the thread that starts it
        pool.close()
        with pytest.raises(CancelledError):
            waiting.result(30)
    assert workers() == []
    with pytest.raises(CancelledError):
        pool.extract(WORDS)


PARENT = """
import sys
import test_pool
from reportsearch.indexer.extract.pool import ExtractionPool
from reportsearch.indexer.settings import Limits

if __name__ == "__main__":
    pool = ExtractionPool(Limits(), read=test_pool.misbehave)
    pool.extract(test_pool.WORDS)
    print("started", flush=True)
    pool.extract(test_pool.HANGS)
"""


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    search_path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": search_path}
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        parent.kill()
        # The workers hold the other end of the pipe: it closes when the last of them has ended.
        assert parent.communicate(timeout=30) == (b"", None)
