"""Figures as a picture: top ten with snippets, and ids alone, one bar for each engine and class."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl

from .engines import NAMES, OURS
from .figures import Figure
from .measures import MEASURES

mpl.use("Agg")  # before pyplot is loaded: there may be no screen
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

__all__ = ["plot"]

_PANELS = (("snippets", "ten hits with highlighted snippets"), ("ids", "ten hits, ids only"))
_COLOURS = {"ours": "#c1121f", "whoosh": "#9d8ec7", "whoosh-fast": "#6f5ba7", "tantivy": "#d9822b",
            "fts5": "#2a6f97", "bm25s": "#8a8f98", "xapian": "#3c8d5a"}  # fmt: skip
_LABELS = {"several": "several words", "one": "one word", "phrase": "phrase"}
_WIDTH_IN, _HEIGHT_IN, _DPI = 8.0, 3.9, 100  # 800 pixels wide


def plot(figures: Iterable[Figure], path: Path) -> None:
    """Writes a PNG of 800 × 390 pixels; times on a logarithmic scale, less is better."""
    figures = list(figures)
    with plt.rc_context({"font.size": 9}):
        drawing, panels = plt.subplots(
            1, len(_PANELS), figsize=(_WIDTH_IN, _HEIGHT_IN), sharey=True, layout="constrained"
        )
        for axes, (measure, title) in zip(panels, _PANELS, strict=True):
            _panel(axes, [figure for figure in figures if figure.measure == measure], measure, title)
        panels[0].set_ylabel("ms of processor time, median")
        engines = {label: bar for axes in panels for bar, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        drawing.legend(engines.values(), engines.keys(), loc="outside lower center", ncols=len(engines), frameon=False)
        drawing.savefig(path, dpi=_DPI)
        plt.close(drawing)


def _panel(axes: Axes, figures: list[Figure], measure: str, title: str) -> None:
    classes = MEASURES[measure].classes
    names = [name for name in NAMES if any(figure.engine == name for figure in figures)]
    numbers = {(figure.engine, figure.kind): figure.number for figure in figures}
    width = 0.84 / max(len(names), 1)
    for place, name in enumerate(names):
        shown = [(at, numbers[name, kind]) for at, kind in enumerate(classes) if (name, kind) in numbers]
        middles = [at + (place - (len(names) - 1) / 2) * width for at, _ in shown]
        bars = axes.bar(middles, [number for _, number in shown], width * 0.92, color=_COLOURS[name], label=name)
        axes.bar_label(
            bars, [_short(number) for _, number in shown], fontsize=7, rotation=90, padding=2,
            fontweight="bold" if name == OURS else "normal",
        )  # fmt: skip
    axes.set_title(title, fontsize=10)
    axes.set_yscale("log")
    axes.margins(y=0.18)  # for the numbers above the bars
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(range(len(classes)), [_LABELS[kind] for kind in classes])
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="x", length=0)


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"
