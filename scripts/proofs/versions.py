"""versions: what pyproject.toml says is the lowest version of each library works, on the lowest Python."""

from collections.abc import Iterator

from .environments import INSTALL, LOWEST_PYTHON, uv
from .process import run
from .proof import Figure, Proof, Workbench, at_least, exactly
from .pytest_report import PytestReport

__all__ = ["PROOF"]

TESTS = 100
"""A run that finds fewer has not run the tests."""


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: the lowest versions are installed from the package registry")
    clone = workbench.clone("versions-source")
    folder = workbench.folder / "versions"
    folder.mkdir()
    program = uv(folder)
    python = folder / "lowest" / "bin" / "python"
    run([program, "venv", "--quiet", "--python", LOWEST_PYTHON, "lowest"], cwd=folder)
    lowest = folder / "lowest.txt"
    run([program, "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--python", python, "--extra", "test",
         "--resolution", "lowest-direct", "--output-file", lowest, clone / "pyproject.toml"], cwd=folder)  # fmt: skip
    workbench.detail(", ".join(lowest.read_text(encoding="utf-8").split()))
    run([program, *INSTALL, "--python", python, "--requirement", lowest], cwd=folder)
    run([program, *INSTALL, "--python", python, "--no-deps", "--editable", clone], cwd=folder)
    report = folder / "tests.xml"
    tests = run([python, "-m", "pytest", "-q", "-m", "not slow", f"--junitxml={report}"], cwd=clone, check=False)
    if tests.returncode:
        workbench.note(f"pytest exits with {tests.returncode}:\n{tests.output[-3000:]}")
    read = PytestReport.read(report)
    yield at_least("versions-lowest-tests-run", read.run, TESTS)
    yield exactly("versions-lowest-tests-failed", len(read.failed), 0)


PROOF = Proof(
    "versions", "the quick tests with the lowest versions of pyproject.toml, on Python 3.11 (network)", measure
)
