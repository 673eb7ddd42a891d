"""versions: what pyproject.toml says is the lowest version of each library works, on the lowest Python."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from .process import run
from .proof import Figure, Proof, Workbench, at_least, exactly

__all__ = ["PROOF"]

PYTHON = "3.11"
TESTS = 100
"""A run that finds fewer has not run the tests."""


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: the lowest versions are installed from the package registry")
    clone = workbench.clone("versions-source")
    folder = workbench.folder / "versions"
    folder.mkdir()
    uv = _uv(folder)
    python = folder / "lowest" / "bin" / "python"
    run([uv, "venv", "--quiet", "--python", PYTHON, "lowest"], cwd=folder)
    lowest = folder / "lowest.txt"
    run([uv, "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--python", python, "--extra", "test",
         "--resolution", "lowest-direct", "--output-file", lowest, clone / "pyproject.toml"], cwd=folder)  # fmt: skip
    workbench.detail(", ".join(lowest.read_text(encoding="utf-8").split()))
    run([uv, "pip", "install", "--quiet", "--python", python, "--requirement", lowest], cwd=folder)
    run([uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", clone], cwd=folder)
    report = folder / "tests.xml"
    tests = run([python, "-m", "pytest", "-q", "-m", "not slow", f"--junitxml={report}"], cwd=clone, check=False)
    if tests.returncode:
        workbench.note(f"pytest exits with {tests.returncode}:\n{tests.output[-3000:]}")
    yield from _figures(report)


def _figures(report: Path) -> Iterator[Figure]:
    suites = list(ElementTree.parse(report).iter("testsuite")) if report.exists() else []  # noqa: S314  pytest's own
    counts = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors")}
    yield at_least("versions-lowest-tests-run", counts["tests"], TESTS)
    yield exactly("versions-lowest-tests-failed", counts["failures"] + counts["errors"], 0)


def _uv(folder: Path) -> Path:
    """uv from the PATH, or else from the registry."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    run([sys.executable, "-m", "venv", "tools"], cwd=folder)
    run([folder / "tools" / "bin" / "pip", "install", "--quiet", "uv"], cwd=folder)
    return folder / "tools" / "bin" / "uv"


PROOF = Proof(
    "versions", "the quick tests with the lowest versions of pyproject.toml, on Python 3.11 (network)", measure
)
