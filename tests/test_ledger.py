"""The ledger: what earlier runs saw, kept only when it is saved."""

import sqlite3
from pathlib import Path

import pytest

from reportsearch.indexer.errors import CollectionError
from reportsearch.indexer.ledger import Ledger, Part, ReportRow
from reportsearch.indexer.report import Failure

ROW = ReportRow("a.pdf", "shelf", (Part("a.pdf", "1:2"), Part("b.pdf", "3:4")), "hash")
SCANNED = Failure("a.pdf", "scanned", "12 of 12 pages.", "shelf")


def test_what_is_saved_is_found_again(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.described_version() is None
        ledger.put(ROW, [SCANNED])
        ledger.put_run("2026-01-01T00:00:00+00:00", "1.7", {"added": 1})
        ledger.save()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.reports() == {"a.pdf": ROW}
        assert [row.failure for row in ledger.failures()] == [SCANNED]
        assert ledger.described_version() == "1.7"
        last_run = ledger.last_run()
        assert last_run is not None
        assert (last_run["started"], last_run["added"]) == ("2026-01-01T00:00:00+00:00", 1)


def test_what_is_not_saved_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.put(ROW, [SCANNED])
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.reports() == {}
        assert ledger.failures() == []


def test_a_failure_that_stays_keeps_its_first_day_and_counts_on(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.put(ROW, [SCANNED])
        ledger.put(ROW, [SCANNED])
        (row,) = ledger.failures("a.pdf")
        assert row.runs == 2
        assert row.first_seen <= row.last_seen
        ledger.put(ROW, [])
        assert ledger.failures() == []


def test_failures_of_a_source_are_apart_from_those_of_its_reports(tmp_path: Path) -> None:
    down = Failure("https://example.org/", "unreachable", "No answer.", "web")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.put(ROW, [SCANNED])
        ledger.put_failures("", "web", [down])
        ledger.put_failures("", "shelf", [])
        assert {row.failure.status for row in ledger.failures()} == {"scanned", "unreachable"}
        ledger.remove("a.pdf")
        assert [row.failure for row in ledger.failures()] == [down]


def test_a_damaged_ledger_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"this is not a database, whatever its name says" * 50)
    with pytest.raises(CollectionError, match="move the file away"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:

    with sqlite3.connect(tmp_path / "ledger.sqlite") as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(CollectionError, match="newer version"):
        Ledger(tmp_path / "ledger.sqlite")
