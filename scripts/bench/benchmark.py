"""One benchmark: builds, then queries, then changes, then cold starts. Nothing runs beside what is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .asking import UNABLE, Plan, Told
from .documents import Stock
from .engine import Engine
from .figures import Figure, timed, valued
from .measures import QUERY_MEASURES
from .queries import make_queries, read_queries, write_queries
from .worker import Cost, WorkerFailedError, cold_start, work

__all__ = ["Benchmark", "Options"]

TIMES = 5
"""How often documents are replaced, and processes started."""
SLOW_BUILD_S_PER_MB = 0.25
"""A build that takes more for 1 MB of text is not done a second time, with two workers, unless one is patient."""
CACHED = 0.6
SMALL_BYTES = 50_000_000
SMALL_BUDGET_S, LONG_BUDGET_S = 0.6, 6.0
"""What one engine may take for one measure and class, up to SMALL_BYTES of text and above: a slow one is asked less."""
_QUERY_NAMES = frozenset(measure.name for measure in QUERY_MEASURES)


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured: names of MEASURES; queries a class, runs at most, and what all is drawn by.

    With `patient` slow builds are done with two workers as well.
    """

    measures: tuple[str, ...]
    queries: int
    runs: int
    seed: int
    patient: bool


class Benchmark:
    """The work in one folder, which holds `documents.jsonl`. `failed` is whether an engine could not be measured."""

    def __init__(
        self, folder: Path, stock: Stock, engines: Sequence[Engine], options: Options, note: Callable[[str], None]
    ) -> None:
        self.failed = False
        self._folder = folder
        self._documents = folder / "documents.jsonl"
        self._queries = folder / "queries.json"
        self._stock = stock
        self._engines = engines
        self._options = options
        self._note = note
        self._indexes: dict[str, Path] = {}

    def stages(self) -> Iterator[list[Figure]]:
        """Figures as they come."""
        for engine in self._engines:
            yield self._built(engine)
        if not {*self._options.measures} <= {"build", "size", "memory"}:
            queries = make_queries(self._documents, self._stock.documents, self._options.queries, self._options.seed)
            write_queries(queries, self._queries)
        if _QUERY_NAMES & {*self._options.measures}:
            yield self._asked()
        if "cold" in self._options.measures:  # before replacing, which leaves other indexes than were built
            yield self._started()
        if "replace" in self._options.measures:
            for engine in self._engines:
                yield self._replaced(engine)

    def _built(self, engine: Engine) -> list[Figure]:
        figures: list[Figure] = []
        for workers in engine.workers if "build" in self._options.measures else engine.workers[:1]:
            if figures and not self._options.patient and self._is_slow(figures[0]):
                self._note(f"{engine.name} is not built again with two workers: it is slow, and was not named")
                break
            folder = self._folder / f"{engine.name}-{workers}"
            folder.mkdir()
            cost = self._worked(engine, "build", folder, self._documents, workers)
            if cost is None:
                break
            self._indexes.setdefault(engine.name, folder)
            self._note(f"{engine.name} built by {workers} in {cost.said['wall_ms'] / 1000:.1f} s")
            figures += [
                timed(engine.name, "build", f"cpu-{workers}", [cost.said["cpu_ms"]]),
                timed(engine.name, "build", f"wall-{workers}", [cost.said["wall_ms"]]),
                valued(engine.name, "memory", f"peak-{workers}", cost.peak_mb, "MB"),
            ]
        if built := self._indexes.get(engine.name):
            figures.append(valued(engine.name, "size", "disk", _size_mb(built), "MB"))
        return [figure for figure in figures if figure.measure in self._options.measures]

    def _is_slow(self, build: Figure) -> bool:
        return build.number / 1000 > SLOW_BUILD_S_PER_MB * self._stock.text_bytes / 1e6

    def _asked(self) -> list[Figure]:
        """Figures of all query measures, from one process that asks all engines in turn."""
        plan = self._folder / "plan.json"
        folders = {name: str(folder) for name, folder in self._indexes.items()}
        measures = [name for name in self._options.measures if name in _QUERY_NAMES]
        budget_s = LONG_BUDGET_S if self._stock.text_bytes > SMALL_BYTES else SMALL_BUDGET_S
        Plan(folders, measures, str(self._queries), self._options.runs, budget_s).write(plan)
        try:
            rows = work("asking", plan, cwd=self._folder).said
        except WorkerFailedError as error:
            self._fail(f"no query could be measured: {error}")
            return []
        return [figure for row in rows for figure in self._answers(Told(**row))]

    def _answers(self, told: Told) -> Iterator[Figure]:
        where = f"{told.engine}, {told.measure}, {told.kind}"
        if told.failed == UNABLE:
            self._note(f"{where}: it finds next to nothing, and is left out")
        elif told.failed:
            self._fail(f"{where}: {told.failed}")
        elif told.samples:
            yield timed(told.engine, told.measure, told.kind, told.samples)
            self._tell_of_caches(where, told.samples)
        if told.blanks:
            self._note(f"{where}: {told.blanks} of {told.hits} hits come without a snippet")

    def _tell_of_caches(self, where: str, samples: Sequence[float]) -> None:
        """Says where queries that come again are answered much faster: then runs measure a memory of answers."""
        first, later = samples[: self._options.queries], samples[self._options.queries :]
        if later and median(later) < CACHED * median(first):
            self._note(f"{where}: {median(first):.3g} ms at first, {median(later):.3g} ms again: are answers kept?")

    def _started(self) -> list[Figure]:
        """Cold starts, engines in turn."""
        able = [engine for engine in self._engines if "cold" in engine.measures and engine.name in self._indexes]
        query = read_queries(self._queries)[0]
        costs: dict[str, list[tuple[float, float]]] = {engine.name: [] for engine in able}
        for engine in TIMES * able:
            folder = self._indexes[engine.name]
            opened = engine.open(folder)
            text = opened.typed(query)
            opened.close()
            try:
                costs[engine.name].append(cold_start(engine.name, folder, text, cwd=self._folder))
            except WorkerFailedError as error:
                self._fail(f"{engine.name}, cold: {error}")
        return [
            timed(name, "cold", kind, [each[place] for each in pairs])
            for name, pairs in costs.items()
            for place, kind in enumerate(("cpu", "wall"))
            if pairs
        ]

    def _replaced(self, engine: Engine) -> list[Figure]:
        if "replace" not in engine.measures or engine.name not in self._indexes:
            return []
        times = 1 if engine.heavy else TIMES
        cost = self._worked(engine, "replace", self._indexes[engine.name], self._documents, self._options.seed, times)
        rows = cost.said if cost else []
        return [
            timed(engine.name, "replace", kind, [row[f"{kind}_ms"] for row in rows]) for kind in ("cpu", "wall") if rows
        ]

    def _worked(self, engine: Engine, module: str, *arguments: str | Path | int) -> Cost | None:
        try:
            return work(module, engine.name, *arguments, cwd=self._folder)
        except WorkerFailedError as error:
            self._fail(f"{engine.name}, {module}: {error}")
            return None

    def _fail(self, text: str) -> None:
        self.failed = True
        self._note(text)


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
