"""The command line: what is data, what is message, which exit code; every command and option has help."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from reportsearch.corpus import sample_folder
from reportsearch.indexer.settings import load_settings
from reportsearch.search.cli import group

README = Path(__file__).parent.parent / "README.md"
COMMANDS = group.command.list_commands(click.Context(group.command))


def run(*arguments: str) -> Result:
    """One command, in this process."""
    return CliRunner().invoke(group.command, arguments, prog_name="reportsearch")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample collection, indexed."""
    folder = tmp_path_factory.mktemp("sample") / "shelf"
    assert run("init", str(folder), "--sample").exit_code == 0
    result = run("-C", str(folder), "update")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "10 added" in result.stderr
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example_and_each_option_too(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Examples?:\n.*reportsearch {name}", result.stdout)
    loaded = group.command.get_command(click.Context(group.command), name)
    assert loaded is not None
    for parameter in loaded.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def test_the_first_answer_is_the_right_one(sample: Path) -> None:
    result = run("-C", str(sample), "search", "going missing from care")
    assert result.exit_code == 0
    titles = re.findall(r"^\d+\. (.*)$", result.stdout, re.M)
    assert any(title.startswith("Heading back to harm") for title in titles[:3])
    assert re.search(r"p\. \d+ \(PDF page \d+\)", result.stdout)
    assert "\x1b" not in result.stdout


def test_colours_are_there_where_they_are_asked_for(sample: Path) -> None:
    result = run("-C", str(sample), "search", "guardians", "--color", "always")
    assert "\x1b[31m\x1b[1mguardian" in result.stdout.lower()


def test_json_is_the_answer_of_the_interface(sample: Path) -> None:
    result = run("-C", str(sample), "search", '"going missing from care"', "--format", "json", "--per-page", "2")
    answer = json.loads(result.stdout)
    assert {"query", "interpreted_as", "warnings", "did_you_mean", "total", "total_relation", "took_ms"} <= set(answer)
    assert {"index_version", "next", "previous", "facets", "results"} <= set(answer)
    first = answer["results"][0]
    assert {"id", "title", "url", "link", "date", "date_source", "score", "excerpt", "plain_excerpt"} <= set(first)
    assert first["title"].startswith("Heading back to harm")
    assert (first["date"], first["date_source"], first["missing"]) == ("2016-11", "citation", [])
    paged = next(hit for hit in first["hits"] if hit["page"])
    assert paged["link"].endswith(f"#page={paged['page']}")
    assert "<mark>" in paged["excerpt"]
    assert Path(paged["file"]).is_file()
    lines = run("-C", str(sample), "search", '"going missing from care"', "--format", "jsonl").stdout.splitlines()
    assert len(lines) == len({json.loads(line)["id"] for line in lines}) == answer["total"]


def test_filters_hold_and_unknown_ones_are_usage_errors(sample: Path) -> None:
    def ids(*arguments: str) -> set[str]:
        result = run("-C", str(sample), "search", "children", "--format", "json", "--per-page", "50", *arguments)
        return {hit["id"] for hit in json.loads(result.stdout)["results"]}

    everything, of_2014 = ids(), ids("--filter", "year=2014")
    assert set() < of_2014 < everything
    assert ids("--filter", "year=2014", "--filter", "year=2016") > of_2014
    assert ids("--exclude", "year=2014") == everything - of_2014
    assert ids("--filter", "publisher=ecpat uk") == ids("--filter", "publisher=ECPAT UK") != set()
    for wrong in ("colour=red", "year"):
        result = run("-C", str(sample), "search", "children", "--filter", wrong)
        assert result.exit_code == 2
        assert "year" in result.stderr


def test_pages_follow_each_other(sample: Path) -> None:
    def ids(page: int) -> list[str]:
        result = run(
            "-C", str(sample), "search", "children", "--format", "json", "--per-page", "4", "--page", str(page)
        )
        answer = json.loads(result.stdout)
        assert answer["total"] == 9  # the proposal for adults does not speak of children
        return [hit["id"] for hit in answer["results"]]

    assert len({*ids(1), *ids(2), *ids(3)}) == 9
    assert (len(ids(3)), ids(4)) == (1, [])
    assert "there is no page 4" in run("-C", str(sample), "search", "children", "--per-page", "4", "--page", "4").stdout


def test_no_hit_is_no_error(sample: Path) -> None:
    result = run("-C", str(sample), "search", "xylophone", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["total"]) == (0, 0)


def test_show_reads_a_report_with_the_origin_of_each_value(sample: Path) -> None:
    name = "site/reports/heading-back-to-harm.html"
    result = run("-C", str(sample), "show", name)
    assert "[citation]" in result.stdout
    assert "page 8, printed 1" in result.stdout
    report = json.loads(run("-C", str(sample), "show", str(sample / name), "--format", "json", "--page", "8").stdout)
    assert report["origins"]["date"] == "citation"
    assert (report["date_precision"], {page["number"] for page in report["pages"]}) == ("month", {8})
    missing = run("-C", str(sample), "show", "nothing.pdf")
    assert missing.exit_code == 1
    assert "nothing.pdf" in missing.stderr
    no_address = run("-C", str(sample), "show", "http://[x")
    assert no_address.exit_code == 2
    assert "'http://[x' is no web address" in no_address.stderr


def test_status_gives_the_figures_of_the_interface(sample: Path) -> None:
    status = json.loads(run("-C", str(sample), "status", "--format", "json").stdout)
    assert (status["reports"], status["engine"]) == (10, "whoosh")
    assert status["pages"] > 80
    assert status["index_bytes"] > 10_000
    assert status["last_run"]["failed"] == 0
    assert status["index_version"]
    assert "reports" in run("-C", str(sample), "status").stdout


def test_cards_shows_what_a_listing_would_give() -> None:
    page = sample_folder() / "site" / "index.html"
    answer = json.loads(run("cards", str(page), "--base-url", "https://example.org/site/", "--format", "json").stdout)
    assert len(answer["cards"]) == 6
    assert answer["next"] == "https://example.org/site/page-2.html"
    for card in answer["cards"]:
        assert card["title"]
        assert card["link"].startswith("https://example.org/site/reports/")
        assert card["summary"]
    nothing = run("cards", str(sample_folder() / "README.md"))
    assert nothing.exit_code == 3
    assert "selectors" in nothing.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x"], 3, "reportsearch init"),
        (["-C", "nowhere", "search", "x"], 3, "reportsearch init nowhere"),
        (["-C", ".", "search", "x"], 3, "reportsearch update"),
        (["-C", ".", "status"], 3, "reportsearch update"),
        (["-C", ".", "update"], 3, "[[source]]"),
        (["-C", ".", "update", "nothing-there"], 2, "nothing-there"),
        (["-C", ".", "add", "nothing-there"], 2, "nothing-there"),
        (["cards", "nothing-there"], 2, "nothing-there"),
        (["-C", ".", "update", "http://[x"], 2, "'http://[x' is no web address"),
        (["-C", ".", "update", "ftp://example.org/a"], 2, "http or https"),
        (["-C", ".", "add", "http://[x"], 2, "'http://[x' is no web address"),
        (["-C", ".", "show", "http://[x"], 3, "reportsearch update"),
        (["-C", ".", "remove", "~nobody-has-this-name"], 1, "No report is known"),
        (["cards", "http://[x"], 2, "'http://[x' is no web address"),
        (["cards", ".", "--base-url", "http://[x"], 2, "'--base-url'"),
        (["cards", ".", "--base-url", "nonsense"], 2, "http or https"),
        (["cards", "http://127.0.0.1:9/", "--item", "h3["], 2, "not a CSS selector"),
        (["init", "--listing", "http://[x"], 2, "'http://[x' is no web address"),
        (["init", "--listing", "ftp://example.org/a"], 2, "http or https"),
        (["init", "--folder", "http://example.org/a"], 2, "--listing"),
        (["search"], 2, "QUERY"),
        (["serch", "x"], 2, "No such command"),
    ],
)
def test_mistakes_have_their_exit_code_and_say_what_to_do(
    arguments: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "reports.toml").exists()


def test_the_collection_is_found_from_a_folder_below_it(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample / "site" / "reports")
    assert run("search", "guardians").exit_code == 0
    monkeypatch.chdir("/")
    monkeypatch.setenv("REPORTSEARCH_COLLECTION", str(sample))
    assert run("search", "guardians").exit_code == 0


def test_init_writes_a_file_that_loads_and_never_writes_over_one(tmp_path: Path) -> None:
    result = run(
        "init", str(tmp_path), "--name", 'A "name"', "--folder", "papers/", "--listing", "https://example.org/r"
    )
    assert result.exit_code == 0
    written = load_settings(tmp_path, {})
    assert written.name == 'A "name"'
    assert [source.location for source in written.sources] == ["https://example.org/r", "papers/"]
    assert run("init", str(tmp_path)).exit_code == 2


def test_an_empty_folder_is_nothing_to_index(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    result = run("-C", str(tmp_path), "update", str(tmp_path / "papers"))
    assert result.exit_code == 3


def test_a_reader_that_has_seen_enough_is_no_error(sample: Path) -> None:
    program = "from reportsearch.search.cli import main; main()"
    command = (
        f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} -C {shlex.quote(str(sample))} search care | head -1"
    )
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_scripts_find_the_house_when_a_link_leads_to_them(tmp_path: Path) -> None:
    (tmp_path / "run").symlink_to(README.parent / "scripts" / "run")
    done = subprocess.run([tmp_path / "run", "--help"], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "scripts/run [QUERY]" in done.stdout


def test_the_commands_of_the_readme_exist() -> None:
    text = README.read_text(encoding="utf-8")
    documented = set(re.findall(r"^reportsearch (\w+)", text, re.M)) | set(re.findall(r"`(\w+)`(?=[,| ])", text))
    assert documented & set(COMMANDS) == set(COMMANDS)
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "reportsearch":
                loaded = group.command.get_command(click.Context(group.command), words[1])
                assert loaded is not None
                loaded.make_context(words[1], words[2:], resilient_parsing=False)


def test_the_python_of_the_readme_runs(sample: Path, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    shutil.copytree(sample, tmp_path / "corpus")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.stderr == ""
    assert "Heading back to harm" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["search", "children"], ["status"], ["show", "site/reports/time-to-deliver.html"]]
)
def test_a_damaged_index_is_named_with_the_remedy(sample: Path, tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(sample, folder)
    (segment,) = (folder / ".reportsearch" / "index").glob("*.trm")
    data = segment.read_bytes()
    for damage in (data[: len(data) // 3], data[:100] + bytes(len(data) - 100), b"", None):
        if damage is None:
            segment.unlink()
        else:
            segment.write_bytes(damage)
        # a process of its own: Whoosh leaves a file open that it fails to read, which is a warning here
        command = [sys.executable, "-c", "from reportsearch.search.cli import main; main()", "-C", str(folder)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "damaged" in done.stderr or "is empty" in done.stderr
        assert "reportsearch update" in done.stderr
        assert "Traceback" not in done.stderr
