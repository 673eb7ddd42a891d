"""One measured figure, and how a file of them looks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .errors import UsageError

__all__ = ["Figure", "merged", "read_figures", "timed", "valued", "write_figures"]

_KEYS = ("engine", "measure", "class", "median_ms", "p95_ms", "n")


@dataclass(frozen=True, slots=True)
class Figure:
    """A time (`median_ms` of `n` samples, `p95_ms` from twenty on), or a `value` with its `unit`."""

    engine: str
    measure: str
    kind: str
    median_ms: float | None
    p95_ms: float | None
    n: int
    value: float | None = None
    unit: str = ""

    @property
    def number(self) -> float:
        """What is compared: milliseconds, or the value."""
        number = self.median_ms if self.median_ms is not None else self.value
        assert number is not None
        return number

    def to_row(self) -> dict[str, Any]:
        numbers = [None if ms is None else round(ms, 4) for ms in (self.median_ms, self.p95_ms)]
        row = dict(zip(_KEYS, (self.engine, self.measure, self.kind, *numbers, self.n), strict=True))
        return row if self.value is None else row | {"value": round(self.value, 2), "unit": self.unit}


def timed(engine: str, measure: str, kind: str, samples_ms: Sequence[float]) -> Figure:
    """Median and 95th percentile (nearest rank) of samples, at least one."""
    ordered = sorted(samples_ms)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1] if len(ordered) >= 20 else None
    return Figure(engine, measure, kind, median(ordered), p95, len(ordered))


def valued(engine: str, measure: str, kind: str, value: float, unit: str) -> Figure:
    return Figure(engine, measure, kind, None, None, 1, value, unit)


def write_figures(figures: Iterable[Figure], path: Path) -> None:
    """A JSON list, one row a line. Raises UsageError where it cannot be written."""
    rows = ",\n ".join(json.dumps(figure.to_row()) for figure in figures)
    try:
        path.write_text(f"[{rows}]\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): give --json a file in a folder of yours."
        ) from error


def read_figures(path: Path) -> list[Figure]:
    """What `write_figures` wrote. Raises UsageError for anything else."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Figure(*(row[key] for key in _KEYS), row.get("value"), row.get("unit", "")) for row in rows]
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}): give --results files that --json wrote."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} holds no figures ({error!r}): give --results files that --json wrote.") from error


def merged(lists: Iterable[Iterable[Figure]]) -> list[Figure]:
    """All figures; of two for the same engine, measure and class the later one."""
    return list({(figure.engine, figure.measure, figure.kind): figure for each in lists for figure in each}.values())
