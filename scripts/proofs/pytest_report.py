"""What a run of pytest says of each test, in JUnit's XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["PytestReport", "key_of"]


def key_of(node_id: str) -> str:
    """A test as the XML names it: `tests/test_a.py::TestB::test_c` is `tests.test_a.TestB.test_c`."""
    path, _, names = node_id.partition("::")
    return f"{path.removesuffix('.py').replace('/', '.')}.{names.replace('::', '.')}"


@dataclass(frozen=True, slots=True)
class PytestReport:
    """All tests that were run; why those in `failed` did not pass."""

    passed: frozenset[str]
    failed: Mapping[str, str]

    @property
    def run(self) -> int:
        return len(self.passed) + len(self.failed)

    @classmethod
    def read(cls, path: Path) -> PytestReport:
        """An empty one where there is no such file: pytest ended before it ran a test."""
        passed, failed = set(), {}
        cases = ElementTree.parse(path).iter("testcase") if path.exists() else ()  # noqa: S314  pytest's own
        for case in cases:
            name = f"{case.get('classname')}.{case.get('name')}"
            problem = next((child for child in case if child.tag in ("failure", "error")), None)
            if problem is not None:
                failed[name] = " ".join(str(problem.get("message")).split())
            elif case.find("skipped") is None:
                passed.add(name)
        return cls(frozenset(passed - failed.keys()), failed)
