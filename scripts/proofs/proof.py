"""What a proof is: figures with bars, measured at a workbench."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Figure", "Proof", "SkippedError", "Workbench", "above", "at_least", "at_most", "below", "exactly"]


class SkippedError(Exception):
    """Something that the proof needs is not there; the message says what to give it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and the bar that it had to reach; it prints as `NAME value bar PASS` or `FAIL`."""

    name: str
    value: float
    bar: str
    passed: bool

    def __str__(self) -> str:
        return f"{self.name} {_number(self.value)} {self.bar} {'PASS' if self.passed else 'FAIL'}"


def above(name: str, value: float, bar: float) -> Figure:
    return Figure(name, value, f">{_number(bar)}", value > bar)


def at_least(name: str, value: float, bar: float) -> Figure:
    return Figure(name, value, f">={_number(bar)}", value >= bar)


def below(name: str, value: float, bar: float) -> Figure:
    return Figure(name, value, f"<{_number(bar)}", value < bar)


def at_most(name: str, value: float, bar: float) -> Figure:
    return Figure(name, value, f"<={_number(bar)}", value <= bar)


def exactly(name: str, value: float, bar: float) -> Figure:
    return Figure(name, value, f"={_number(bar)}", value == bar)


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4g}"


@dataclass(frozen=True)
class Workbench:
    """Where a proof works: the repository, the real collections, and a temporary folder outside of both."""

    root: Path
    folder: Path
    given_data: Path | None = None
    verbose: bool = False

    def data(self, name: str) -> Path:
        """The real collection of this name. Raises SkippedError where it is not there."""
        beside = self.root.parent / "shared" / "data"
        data = self.given_data or (beside if beside.is_dir() else None)
        if data is None:
            raise SkippedError("give --data PATH")
        if not (data / name).exists():
            raise SkippedError(f"give --data PATH with {name} in it ({data} has none)")
        return (data / name).resolve()

    def clone(self, name: str) -> Path:
        """A fresh clone of the repository, in a folder of its own."""
        target = self.folder / name
        if self._git("status", "--porcelain"):
            self.note("the clone holds what is committed, and there are changes that are not")
        self._git("clone", "--quiet", str(self.root), str(target))
        return target

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", self.root, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SkippedError(f"run it in a git checkout ({done.stderr.strip()})")
        return done.stdout

    def note(self, text: str) -> None:
        """Says on stderr what is worth knowing and has no bar."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def detail(self, text: str) -> None:
        """A note for --verbose only."""
        if self.verbose:
            self.note(text)


@dataclass(frozen=True, slots=True)
class Proof:
    """One name of `scripts/prove`; `about` is its line in --list."""

    name: str
    about: str
    measure: Callable[[Workbench], Iterator[Figure]]
