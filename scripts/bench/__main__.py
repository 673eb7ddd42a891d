"""The command `scripts/bench/run`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Container
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from .benchmark import Benchmark, Options
from .documents import write_documents
from .engine import Engine
from .engines import NAMES, MissingLibraryError, load
from .errors import UsageError
from .figures import Figure, merged, read_figures, write_figures
from .measures import MEASURES
from .source import Source, documents_of
from .table import markdown, terminal

DONE, FAILED, WRONG = 0, 1, 2
HEAVY_BYTES = 10_000_000
"""From this much text on heavy engines take part only where they are named: they would take half of the time."""
_ALL = "all"


def main() -> int:
    arguments = _arguments()
    try:
        if arguments.list:
            print(_listing())
            return DONE
        if arguments.results:
            figures = merged(map(read_figures, arguments.results))
            print(markdown(figures))
            _plot(figures, arguments.plot)
            return DONE
        return _measure(arguments)
    except UsageError as error:
        print(error, file=sys.stderr)
        return WRONG


def _arguments() -> argparse.Namespace:
    parser = _Parser(
        prog="scripts/bench/run",
        description="Measures our index beside others, on the same documents and queries.",
        epilog="Exit codes: 0 done, 1 an engine failed and is left out, 2 the command is wrong.",
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="JSON lines of id, title, text; also .xz (made up)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="where the figures go, as JSON")
    parser.add_argument("--docs", type=_positive, metavar="N", help="the first N documents only")
    parser.add_argument(
        "--passages", action="store_true", help="texts cut into short documents, of about 700 characters"
    )
    parser.add_argument("--engines", type=_names, metavar="A,B", help="some engines, or `all` (see --list)")
    parser.add_argument("--measures", type=_names, metavar="A,B", help="some measures (see --list)")
    parser.add_argument("--queries", type=_positive, default=200, metavar="N", help="queries of each class (200)")
    parser.add_argument("--runs", type=_positive, default=3, metavar="R", help="how often each is asked, at most (3)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="what queries and made-up text are drawn by (1)"
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw snippets and ids, 800 pixels wide")
    parser.add_argument(
        "--results", type=Path, nargs="+", metavar="OUT", help="print the table of RESULTS.md; no measuring"
    )
    parser.add_argument("--list", action="store_true", help="name engines and measures")
    arguments = parser.parse_args()
    if not arguments.list and not arguments.results and arguments.json is None:
        parser.error("where do the figures go? Give --json OUT, or --list for what can be measured")
    return arguments


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, without the usage above it."""
        self.exit(WRONG, f"{message} (--help shows what there is)\n")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _names(text: str) -> list[str]:
    """Names with commas between them, each once."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _listing() -> str:
    lines = ["engines"]
    for name in NAMES:
        try:
            engine = load(name)
            lines.append(
                f"  {name:12} {engine.version}{', where it is named or texts are few' if engine.heavy else ''}"
            )
        except MissingLibraryError as error:
            lines.append(f"  {name:12} not here: {error}")
    lines += ["measures", *(f"  {measure.name:12} {measure.about}" for measure in MEASURES.values())]
    return "\n".join(lines)


def _measure(arguments: argparse.Namespace) -> int:
    measures = _known(arguments.measures or list(MEASURES), MEASURES, "measure")
    wanted = arguments.engines or [_ALL]
    _known([name for name in wanted if name != _ALL], NAMES, "engine")
    with tempfile.TemporaryDirectory(prefix="reportsearch-bench-") as name:
        folder = Path(name).resolve()
        source = Source(arguments.data, arguments.docs, arguments.passages, arguments.seed)
        stock = write_documents(documents_of(source), folder / "documents.jsonl")
        if not stock.documents:
            raise UsageError(f"{arguments.data} holds no documents: give --data a file of JSON lines.")
        _note(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores")
        _note(f"{stock.documents:,} documents, {stock.text_bytes / 1e6:,.1f} MB of text")
        write_figures([], arguments.json)  # now, not after the work, it shows whether that can be done
        named = arguments.engines is not None
        engines = _engines(wanted, heavy=named or stock.text_bytes < HEAVY_BYTES)
        options = Options(tuple(measures), arguments.queries, arguments.runs, arguments.seed, patient=named)
        bench = Benchmark(folder, stock, engines, options, _note)
        figures: list[Figure] = []
        for stage in bench.stages():
            figures += stage
            write_figures(figures, arguments.json)
    print(terminal(figures))
    _plot(figures, arguments.plot)
    return FAILED if bench.failed else DONE


def _known(names: list[str], known: Container[str], what: str) -> list[str]:
    for name in names:
        if name not in known:
            raise UsageError(f"There is no {what} {name!r}: --list names them all.")
    return names


def _engines(wanted: list[str], *, heavy: bool) -> list[Engine]:
    """Those that were named, or all that are installed. Raises UsageError where a named one is not."""
    engines = []
    for name in NAMES if _ALL in wanted else wanted:
        try:
            engine = load(name)
        except MissingLibraryError as error:
            if name in wanted:
                raise UsageError(str(error)) from error
            _note(f"{name} is left out. {error}")
            continue
        if engine.heavy and not heavy:
            _note(f"{name} is left out: it would take minutes. --engines all, or its name, takes it in.")
            continue
        _note(f"{name} {engine.version}")
        engines.append(engine)
    return engines


def _plot(figures: list[Figure], path: Path | None) -> None:
    if path is None:
        return
    try:
        import_module(".plot", __package__).plot(figures, path)  # only here: it needs matplotlib
    except ImportError as error:
        raise UsageError(f"--plot needs matplotlib ({error}): pip install matplotlib.") from error
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): give --plot a file in a folder of yours."
        ) from error


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
