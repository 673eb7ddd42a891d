"""wheel: what is published works by itself, beside an application that has packages of the same names."""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .process import clean_environment, run
from .proof import Figure, Proof, Workbench, at_least, at_most, exactly

__all__ = ["PROOF"]

QUERY = "going missing from care"
TITLE = "Heading back to harm"
FIRST = 3
_OUR_FOLDERS = ("corpus", "indexer", "search")
_HOST = """\
import json
from pathlib import Path

import corpus, indexer, search
from reportsearch.indexer.pipeline import update
from reportsearch.indexer.settings import load_settings
from reportsearch.search import open_collection

if __name__ == "__main__":
    settings = load_settings(Path("shelf"))
    summary = update(settings, settings.sources)
    with open_collection("shelf") as collection:
        titles = [hit.title for hit in collection.search({query!r})]
    own = [package.OWNER for package in (corpus, indexer, search)]
    print(json.dumps({{"titles": titles, "own": own, "unchanged": summary.unchanged}}))
"""


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: what the wheel depends on is installed from the package registry")
    clone = workbench.clone("wheel-source")
    folder = workbench.folder / "wheel"
    python = _environment(folder)
    wheel = _build(python, clone, folder)
    names = zipfile.ZipFile(wheel).namelist()
    yield exactly("wheel-names-outside-reportsearch", len(_strangers(names)), 0)
    pages = _sample_files(clone)
    workbench.note(f"{wheel.name}: {wheel.stat().st_size / 1024:.0f} KB, {len(pages)} files of the sample")
    yield at_least("wheel-sample-files", sum(f"reportsearch/{page}" in names for page in pages), max(1, len(pages)))
    run([python, "-m", "pip", "install", "--quiet", wheel], cwd=folder)
    yield from _in_host_application(python, folder / "host", workbench)


def _environment(folder: Path) -> Path:
    """The Python of a new, empty environment."""
    folder.mkdir()
    run([sys.executable, "-m", "venv", "venv"], cwd=folder)
    return folder / "venv" / "bin" / "python"


def _build(python: Path, clone: Path, folder: Path) -> Path:
    run([python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "dist", clone], cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def _strangers(names: list[str]) -> list[str]:
    """Names that an installation would lay beside `reportsearch`, where they could hide somebody else's."""
    return [name for name in names if not name.startswith("reportsearch/") and ".dist-info/" not in name]


def _sample_files(clone: Path) -> list[str]:
    tracked = run(["git", "ls-files", "corpus/reports.toml", "corpus/site"], cwd=clone).stdout
    return tracked.split("\n")[:-1]


def _in_host_application(python: Path, host: Path, workbench: Workbench) -> Iterator[Figure]:
    """The command line and the library in a folder whose own packages are named as ours are in the repository."""
    for name in _OUR_FOLDERS:
        (host / name).mkdir(parents=True)
        (host / name / "__init__.py").write_text('OWNER = "host"\n', encoding="utf-8")
    (host / "app.py").write_text(_HOST.format(query=QUERY), encoding="utf-8")
    environment = clean_environment(PYTHONPATH=str(host))
    command = python.with_name("reportsearch")
    run([command, "init", "shelf", "--sample"], cwd=host, environment=environment)
    update = run([command, "-C", "shelf", "update", "--format", "json"], cwd=host, environment=environment).json
    search = run([command, "-C", "shelf", "search", "--format", "json", QUERY], cwd=host, environment=environment).json
    library = run([python, "app.py"], cwd=host, environment=environment).json
    workbench.note(f"{update['added']} reports of the sample, {update['failed']} failed")
    yield at_least("wheel-sample-reports", update["added"], 10)
    yield exactly("wheel-sample-failures", update["failed"], 0)
    yield at_most("wheel-rank-on-command-line", _rank([hit["title"] for hit in search["results"]]), FIRST)
    yield at_most("wheel-rank-in-library", _rank(library["titles"]), FIRST)
    yield exactly("wheel-own-packages-of-host", library["own"].count("host"), len(_OUR_FOLDERS))
    yield exactly("wheel-reports-read-again-by-library", update["added"] - library["unchanged"], 0)


def _rank(titles: list[str]) -> int:
    ranks = [rank for rank, title in enumerate(titles, 1) if TITLE.casefold() in title.casefold()]
    return min(ranks, default=len(titles) + FIRST + 1)


PROOF = Proof(
    "wheel", "the wheel in an empty environment, beside a host's own search/, indexer/, corpus/ (network)", measure
)
