"""whoosh-distributions: the quick tests with each distribution of Whoosh that an application may bring."""

from __future__ import annotations

from collections.abc import Iterator

from .environments import make_environment
from .process import run
from .proof import Figure, Proof, Workbench, at_least, exactly
from .pytest_report import PytestReport

__all__ = ["PROOF"]

DISTRIBUTIONS = {"whoosh3": "whoosh3==3.54.0", "reloaded": "whoosh-reloaded==2.7.5", "2.7.4": "Whoosh==2.7.4"}
MIN_TESTS = 100
"""A run that finds fewer has not run the tests."""


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: the distributions come from the package registry")
    clone = workbench.clone("whoosh-distributions-source")
    folder = workbench.folder / "whoosh-distributions"
    folder.mkdir()
    for name, requirement in DISTRIBUTIONS.items():
        python = make_environment(folder, name, clone, requirement)
        path = folder / f"{name}.xml"
        tests = run(
            [python, "-m", "pytest", "-q", "-m", "not slow", "--numprocesses", "auto", f"--junitxml={path}"],
            cwd=clone, check=False,
        )  # fmt: skip
        report = PytestReport.read(path)
        if tests.returncode:
            workbench.note(f"{requirement}: pytest exits with {tests.returncode}")
        for test, reason in report.failed.items():
            workbench.note(f"{requirement}: {test}: {reason}")
        yield at_least(f"whoosh-distributions-{name}-tests-run", report.run, MIN_TESTS)
        yield exactly(f"whoosh-distributions-{name}-tests-failed", len(report.failed), 0)


PROOF = Proof(
    "whoosh-distributions", "the quick tests with whoosh3, whoosh-reloaded and Whoosh 2.7.4 (network)", measure
)
