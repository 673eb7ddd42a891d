"""A worker: asks all engines in turn, a few queries at a time, in one process; prints the time of each answer.

python -m bench.asking PLAN    with PLAN a file that `Plan.write` wrote
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .engine import Answer, OpenIndex
from .engines import load
from .measures import QUERY_MEASURES
from .queries import Query, read_queries

__all__ = ["UNABLE", "Plan", "Told"]

UNABLE = "finds nothing"
TURN = 10
"""Queries that an engine is asked before the next one takes its turn. Turns make engines share what the machine goes
through; shorter ones would time the caches that a slow engine has emptied, and not the quick one that follows it."""
FEWEST = 40
"""Queries that an engine is asked however slow it is."""
PROBES = 20
"""Queries asked beforehand: they warm what is read, and show whether an engine can do the measure."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask whom: `folders` of indexes by engine, names of measures, a file of queries, how many runs at most.

    An engine that took `budget_s` of processor time for a measure and class is asked no more; the queries stand in a
    random order, so that those before are as good as any.
    """

    folders: dict[str, str]
    measures: list[str]
    queries: str
    runs: int
    budget_s: float

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Plan:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(slots=True)
class Told:
    """What is known of one engine for one measure and class; times in ms of processor time.

    `hits` and `blanks` count hits and those of them without a snippet; `failed` says why it was given up.
    """

    engine: str
    measure: str
    kind: str
    samples: list[float] = field(default_factory=list)
    hits: int = 0
    blanks: int = 0
    failed: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Contender:
    """An engine that takes part: how it is asked, and each query in its own words."""

    told: Told
    ask: Callable[[Query, str], Answer]
    typed: list[str]


def main(path: str) -> None:
    plan = Plan.read(Path(path))
    by_class: dict[str, list[Query]] = {}
    for query in read_queries(Path(plan.queries)):
        by_class.setdefault(query.kind, []).append(query)
    engines = {name: (load(name), load(name).open(Path(folder))) for name, folder in plan.folders.items()}
    told: list[Told] = []
    for measure in QUERY_MEASURES:
        for kind in measure.classes if measure.name in plan.measures else ():
            queries = by_class.get(kind, [])
            able = [
                _Contender(
                    Told(name, measure.name, kind), _asking(index, measure.name), list(map(index.typed, queries))
                )
                for name, (engine, index) in engines.items()
                if measure.name in engine.measures and kind in engine.classes
            ]
            told += _compare(able, queries, plan)
    print(json.dumps([asdict(each) for each in told]))


def _asking(index: OpenIndex, measure: str) -> Callable[[Query, str], Answer]:
    method: Callable[..., Answer] = getattr(index, measure)
    if measure == "filter":
        return lambda query, text: method(text, query.year)
    return lambda _, text: method(text)


def _compare(contenders: list[_Contender], queries: list[Query], plan: Plan) -> Iterator[Told]:
    """Each contender's times; who begins goes round, so that nobody always comes first."""
    taking_part = [contender for contender in contenders if _able(contender, queries)]
    for round_, first in enumerate(range(0, plan.runs * len(queries), TURN)):
        turn = range(first, min(first + TURN, plan.runs * len(queries)))
        ready = [one for one in taking_part if first < FEWEST or one.told.seconds < plan.budget_s]
        shift = round_ % max(len(ready), 1)
        for contender in (*ready[shift:], *ready[:shift]):
            for asked in turn:
                _ask(contender, queries, asked % len(queries))
    return (contender.told for contender in contenders)


def _able(contender: _Contender, queries: list[Query]) -> bool:
    """Whether it finds something for most of the first queries; each was made from a document that has it."""
    pairs = list(zip(queries, contender.typed, strict=True))[:PROBES]
    try:
        found = sum(bool(contender.ask(query, text).ids) for query, text in pairs)
    except Exception as error:  # noqa: BLE001  an engine's own; the others are measured all the same
        contender.told.failed = f"{type(error).__name__}: {error}"
        return False
    if 2 * found < len(pairs):
        contender.told.failed = UNABLE
    return not contender.told.failed


def _ask(contender: _Contender, queries: list[Query], number: int) -> None:
    told, query, text = contender.told, queries[number], contender.typed[number]
    if told.failed:
        return
    started = time.process_time_ns()
    try:
        answer = contender.ask(query, text)
    except Exception as error:  # noqa: BLE001  see above
        told.failed = f"{type(error).__name__}: {error} (asked for {text!r})"
        return
    elapsed_ms = (time.process_time_ns() - started) / 1e6
    told.samples.append(elapsed_ms)
    told.seconds += elapsed_ms / 1000
    told.hits += len(answer.ids)
    told.blanks += sum(not marked for marked in answer.marked)


if __name__ == "__main__":
    main(*sys.argv[1:])
