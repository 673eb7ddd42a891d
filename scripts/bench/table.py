"""Figures as tables: for the terminal with all there is, for RESULTS.md one row a measure and class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .engines import NAMES, OURS
from .figures import Figure
from .measures import MEASURES

__all__ = ["fastest_peer", "markdown", "terminal"]

_Row = Mapping[str, Figure]


def terminal(figures: Iterable[Figure]) -> str:
    """A line for each figure, with its ratio to the fastest peer's: 2.0 takes twice as long."""
    lines = [("measure", "class", "engine", "median", "p95", "n", "unit", "x fastest peer")]
    for measure, kind, row in _rows(figures):
        peer = fastest_peer(row)
        unit = MEASURES[measure].unit
        for name in sorted(row, key=lambda each: row[each].number):
            figure = row[name]
            p95 = "" if figure.p95_ms is None else _shown(figure.p95_ms, unit)
            ratio = f"{figure.number / peer.number:.2f}" if peer and peer.number else ""
            lines.append((measure, kind, name, _shown(figure.number, unit), p95, str(figure.n), unit, ratio))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_aligned(line, widths) for line in lines)


def markdown(figures: Iterable[Figure]) -> str:
    """The table of RESULTS.md. Its last column says how many times the best peer's figure is as high as ours."""
    rows = list(_rows(figures))
    names = [name for name in NAMES if any(name in row for _, _, row in rows)]
    last = ["fastest peer / ours"] if OURS in names else []
    lines = [["measure", *names, *last], ["---", *["---:"] * (len(names) + len(last))]]
    for measure, kind, row in rows:
        unit = MEASURES[measure].unit
        peer = fastest_peer(row)
        cells = [_shown(row[name].number, unit) if name in row else "–" for name in names]
        if peer and peer is min(row.values(), key=lambda figure: figure.number):
            cells[names.index(peer.engine)] = f"**{cells[names.index(peer.engine)]}**"
        elif OURS in row:
            cells[names.index(OURS)] = f"**{cells[names.index(OURS)]}**"
        ratio = f"{peer.number / row[OURS].number:.2g}" if peer and OURS in row and row[OURS].number else "–"
        lines.append([f"{measure}: {kind}, {unit}", *cells, *([ratio] if last else [])])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def fastest_peer(row: _Row) -> Figure | None:
    """The least figure that is not ours; None where nobody else has one."""
    return min((figure for name, figure in row.items() if name != OURS), key=lambda each: each.number, default=None)


def _rows(figures: Iterable[Figure]) -> Iterable[tuple[str, str, _Row]]:
    """By measure and class, in the order of MEASURES."""
    table: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        table.setdefault((figure.measure, figure.kind), {})[figure.engine] = figure
    for name, measure in MEASURES.items():
        for kind in measure.classes:
            if (name, kind) in table:
                yield name, kind, table[name, kind]


def _shown(number: float, unit: str) -> str:
    """Three digits that count; times are given in ms."""
    scaled = number / 1000 if unit == "s" else number
    return f"{scaled:,.0f}" if scaled >= 100 else f"{scaled:.3g}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) if column < 3 else cell.rjust(width)
             for column, (cell, width) in enumerate(zip(line, widths, strict=True)))  # fmt: skip
    return "  ".join(cells).rstrip()
