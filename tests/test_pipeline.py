"""A run: what is offered comes in, what has not changed is left alone, what is gone goes, what fails costs nothing."""

import json
import os
from pathlib import Path

import pytest

from reportsearch.indexer import pipeline
from reportsearch.indexer.errors import LockHeldError, ReportNotFoundError
from reportsearch.indexer.report import Candidate
from reportsearch.indexer.run import Ledger, RunOptions, RunSummary
from reportsearch.indexer.settings import Settings, Source, load_settings
from reportsearch.search import open_collection

SHELF = Source("shelf", folder="papers")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "papers").mkdir()
    return load_settings(tmp_path, {})


def write(settings: Settings, name: str, text: str) -> None:
    (settings.folder / "papers" / name).write_text(text, encoding="utf-8")


def update(settings: Settings, **options: bool) -> RunSummary:
    return pipeline.update(settings, [SHELF], RunOptions(**options))


def found(settings: Settings, query: str) -> list[str]:
    with open_collection(settings.folder) as collection:
        return [hit.id for hit in collection.search(query)]


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_files_come_in_change_and_go(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    write(settings, "two.txt", "Carpet looms.")
    first = update(settings)
    assert (first.added, first.changed, first.removed) == (2, 0, 0)
    assert found(settings, "kilns") == ["papers/one.txt"]

    write(settings, "one.txt", "Brick kilns and quarries.")
    (settings.folder / "papers" / "two.txt").unlink()
    write(settings, "three.txt", "Tea estates.")
    second = update(settings)
    assert (second.added, second.changed, second.removed) == (1, 1, 1)
    assert found(settings, "quarries kilns") == ["papers/one.txt"]
    assert found(settings, "looms") == []


def test_an_unchanged_shelf_changes_no_file_of_the_index(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    update(settings)
    before = state_of(settings.index_folder)
    again = update(settings)
    assert (again.unchanged, again.committed) == (1, False)
    assert state_of(settings.index_folder) == before


def test_a_file_that_was_only_touched_is_read_and_not_written(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    update(settings)
    before = state_of(settings.index_folder)
    os.utime(settings.folder / "papers" / "one.txt", (1, 1))
    again = update(settings)
    assert (again.unchanged, again.changed) == (1, 0)
    assert state_of(settings.index_folder) == before


def test_a_dry_run_counts_and_writes_nothing(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    would = update(settings, dry_run=True)
    assert (would.added, would.committed) == (1, False)
    assert not settings.index_folder.exists()
    assert update(settings).added == 1


def test_a_lost_index_is_made_again(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    update(settings)
    for path in settings.index_folder.iterdir():
        path.unlink()
    assert update(settings).added == 1
    assert found(settings, "kilns") == ["papers/one.txt"]


def test_a_lost_ledger_costs_reading_and_no_report(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    write(settings, "two.txt", "Carpet looms.")
    update(settings)
    (settings.state_folder / "ledger.sqlite").unlink()
    (settings.folder / "papers" / "two.txt").unlink()
    again = update(settings)
    assert (again.added, again.unchanged, again.removed) == (0, 1, 1)
    assert found(settings, "looms") == []


def test_a_run_that_died_before_the_ledger_was_saved_is_repeated(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings, "one.txt", "Brick kilns.")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Ledger, "save", dies)
        update(settings)
    assert found(settings, "kilns") == ["papers/one.txt"]
    assert update(settings).unchanged == 1
    assert found(settings, "kilns") == ["papers/one.txt"]


def test_a_source_that_is_suddenly_empty_loses_nothing(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    update(settings)
    (settings.folder / "papers" / "one.txt").unlink()
    again = update(settings)
    assert (again.removed, [failure.status for failure in again.failures]) == (0, ["emptied"])
    assert found(settings, "kilns") == ["papers/one.txt"]
    assert update(settings, force=True).removed == 1
    assert found(settings, "kilns") == []


def test_one_source_does_not_take_out_what_another_brought(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    extra = settings.folder / "extra.txt"
    extra.write_text("Carpet looms.", encoding="utf-8")
    pipeline.add(settings, [str(extra)])
    update(settings)
    assert found(settings, "looms") == ["extra.txt"]
    assert pipeline.update(settings, [Source("other", folder="nowhere")]).removed == 0
    assert found(settings, "kilns") == ["papers/one.txt"]


def test_remove_takes_out_by_identity_or_path(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    write(settings, "two.txt", "Carpet looms.")
    update(settings)
    with pytest.raises(ReportNotFoundError, match=r"nothing\.txt"):
        pipeline.remove(settings, ["papers/one.txt", "nothing.txt"])
    assert found(settings, "kilns") == ["papers/one.txt"]
    summary = pipeline.remove(settings, ["papers/one.txt", str(settings.folder / "papers" / "two.txt")])
    assert summary.removed == 2
    assert found(settings, "kilns looms") == []


def test_records_come_in_with_their_metadata_and_pages(settings: Settings) -> None:
    record = {
        "id": "S/2022/493",
        "title": "On kilns",
        "date": "2022-06",
        "authors": ["Ann Example"],
        "pages": ["Foreword.", {"text": "Brick kilns.", "label": "1", "headings": ["Brick kilns."]}],
    }
    lines = [json.dumps(record), json.dumps({"title": "On looms", "text": "Carpets.", "url": "HTTP://Example.org/l#x"})]
    write(settings, "records.jsonl", "\n".join(lines))
    assert update(settings).added == 2
    assert update(settings).unchanged == 2
    with open_collection(settings.folder) as collection:
        (hit,) = collection.search("kilns", filters={"author": ["ANN EXAMPLE"], "year": ["2022"]})
        assert (hit.id, str(hit.date), hit.snippets[0].page, hit.snippets[0].page_label) == (
            "S/2022/493",
            "2022-06",
            2,
            "1",
        )
        (hit,) = collection.search("carpets")
        assert (hit.id, hit.title) == ("http://example.org/l", "On looms")
        assert collection.status()["pages"] == 2


def test_the_same_record_twice_is_one_report(settings: Settings) -> None:
    line = json.dumps({"id": "a", "title": "Kilns", "text": "Brick."})
    write(settings, "records.jsonl", f"{line}\n{line}\n")
    summary = update(settings)
    assert (summary.added, summary.duplicates) == (1, 1)


def test_the_index_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    answers = []
    for workers in ("1", "4"):
        folder = tmp_path / workers
        (folder / "papers").mkdir(parents=True)
        settings = load_settings(folder, {"REPORTSEARCH_WORKERS": workers})
        for number in range(12):
            write(settings, f"{number:02}.txt", "Brick kilns. " * (number % 3 + 1))
        update(settings)
        answers.append(found(settings, "brick"))
    assert answers[0] == answers[1]
    assert len(answers[0]) == 10


def test_two_runs_at_once_are_refused(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")

    class Watcher:
        refusals = 0

        def found(self, candidate: Candidate) -> None:
            with pytest.raises(LockHeldError, match="Another run"):
                update(settings)
            self.refusals += 1

        def done(self, candidate: Candidate) -> None:
            pass

    watcher = Watcher()
    pipeline.update(settings, [SHELF], RunOptions(progress=watcher))
    assert watcher.refusals == 1


def test_a_search_that_is_open_sees_the_next_commit(settings: Settings) -> None:
    write(settings, "one.txt", "Brick kilns.")
    update(settings)
    with open_collection(settings.folder) as collection:
        first = collection.search("brick")
        write(settings, "two.txt", "More brick.")
        update(settings)
        second = collection.search("brick")
    assert (len(first), len(second)) == (1, 2)
    assert first.index_version != second.index_version
