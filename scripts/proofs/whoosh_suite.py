"""whoosh-suite: Whoosh's own tests with our codec as the default, against the same tests on the stock one."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

from .environments import make_environment, uv
from .process import clean_environment, run
from .proof import Figure, Proof, Workbench, at_least, exactly
from .pytest_report import PytestReport, key_of

__all__ = ["PROOF"]

WHOOSH = "whoosh3==3.54.0"
MIN_SHARE = 0.98
MIN_TESTS = 400
"""A run in which fewer tests ask for the default codec has not run the tests."""

_SWITCH = Path(__file__).with_name("codec_switch")
_ROUNDED = "it expects lengths rounded to the 256 steps of the stock codec's byte; ours are exact"
EXCEPTIONS = {
    "tests.test_indexing.test_lengths": _ROUNDED,
    "tests.test_indexing.test_many_lengths": _ROUNDED,
    "tests.test_mpwriter.test_merge_serial": _ROUNDED,
    "tests.test_mpwriter.test_merge_multi": _ROUNDED,
    "tests.test_quality.test_max_field_length": _ROUNDED,
    "tests.test_quality.test_minmax_field_length": _ROUNDED,
    "tests.test_codecs.test_corrupt_postings_block_raises_clear_error": (
        "it damages the stock codec's file of postings (.pst), and ours has another name"
    ),
    "tests.test_codecs.test_tiny_blocks_stored_uncompressed_round_trip": (
        "it counts calls of zlib in the stock codec's module; our postings are arrays, not compressed blocks"
    ),
}
"""Tests of what only the stock codec does, and why they cannot pass."""


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: Whoosh's source distribution comes from the package registry")
    folder = workbench.folder / "whoosh-suite"
    folder.mkdir()
    python = make_environment(folder, "venv", workbench.clone("whoosh-suite-source"), WHOOSH)
    suite = _suite(folder, python)
    reports = {codec: _run(folder, python, suite, codec) for codec in ("stock", "arrays")}
    stock, stock_asking = reports["stock"]
    arrays, arrays_asking = reports["arrays"]
    wanted = stock_asking & stock.passed
    passed = wanted & arrays.passed
    workbench.note(
        f"{stock.run} tests run; {len(stock_asking)} ask for the default codec, "
        f"{len(wanted)} of them pass on the stock one and {len(passed)} of those on ours"
    )
    unexplained = 0
    for test in sorted(wanted - passed):
        reason = EXCEPTIONS.get(test)
        unexplained += reason is None
        workbench.note(f"exception: {test}: {reason or arrays.failed.get(test, 'it was not run')}")
    for test in sorted((stock.passed - stock_asking) & arrays.failed.keys()):
        workbench.note(f"not counted, for it does not ask for the codec: {test}: {arrays.failed[test]}")
    yield at_least("whoosh-suite-tests-counted", len(wanted), MIN_TESTS)
    yield at_least("whoosh-suite-tests-with-our-codec", len(wanted & arrays_asking), len(wanted))
    yield at_least("whoosh-suite-passed-share", len(passed) / max(1, len(wanted)), MIN_SHARE)
    yield exactly("whoosh-suite-unexplained", unexplained, 0)


def _suite(folder: Path, python: Path) -> Path:
    """The unpacked source distribution: its tests are in it, and not in what is installed."""
    run([uv(folder), "pip", "install", "--quiet", "--python", python, "pip"], cwd=folder)  # uv downloads nothing
    download = [python, "-m", "pip", "download", "--quiet", "--no-binary", ":all:", "--no-deps", WHOOSH]
    run(download, cwd=folder)
    (archive,) = folder.glob("whoosh3-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "suite", filter="data")
    (unpacked,) = (folder / "suite").iterdir()
    return unpacked


def _run(folder: Path, python: Path, suite: Path, codec: str) -> tuple[PytestReport, frozenset[str]]:
    """What the tests say on that codec, and which of them asked for it."""
    report, calls = folder / f"{codec}.xml", folder / f"{codec}.calls"
    environment = clean_environment(PYTHONPATH=str(_SWITCH), WHOOSH_SUITE_CODEC=codec, WHOOSH_SUITE_CALLS=str(calls))
    pytest = [python, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "tests"]
    run(pytest, cwd=suite, environment=environment, check=False)
    asking = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
    return PytestReport.read(report), frozenset(map(key_of, asking))


PROOF = Proof("whoosh-suite", "Whoosh's own tests with our codec as the default: 98 % pass (network)", measure)
