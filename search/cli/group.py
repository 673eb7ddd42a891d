"""The group of commands, and how errors become messages and exit codes."""

import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import click

from reportsearch.indexer.errors import (
    LockHeldError,
    NoIndexError,
    NothingToIndexError,
    ReportSearchError,
    SettingsError,
)

__all__ = ["command", "main"]

_COMMANDS = ("init", "cards", "add", "remove", "update", "search", "show", "failures", "status", "check", "eval")
_EXIT_CODES: tuple[tuple[type[ReportSearchError], int], ...] = (
    (SettingsError, 5),
    (NoIndexError, 3),
    (NothingToIndexError, 3),
    (LockHeldError, 75),
)


class _Commands(click.Group):
    """Imports a command when it is asked for: `search` does not pay for what only `update` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return _imported(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what went wrong on purpose becomes one message and an exit code, never a traceback."""
        try:
            return super().invoke(ctx)
        except ReportSearchError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1))
        except BrokenPipeError:
            # the reader (head, less) has seen enough; Python would complain again when it flushes at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            remedy = (
                "Make room and try again." if error.errno == errno.ENOSPC else "Check the disk and who may write there."
            )
            click.echo(
                f"Error: {error.strerror or error}{where}. What was indexed before is unchanged. {remedy}",
                err=True,
            )
            ctx.exit(1)


def _imported(name: str) -> click.Command:
    """The command of this name.

    What modules consist of lives until the end: no collection of garbage looks at it, now, later or at the end, which
    saves one tenth of a short command's time.
    """
    module = f"reportsearch.search.cli.{name}"
    fresh = module not in sys.modules and gc.isenabled()
    if fresh:
        gc.disable()
    try:
        loaded: click.Command = import_module(module).command
    finally:
        if fresh:
            gc.freeze()
            gc.enable()
    return loaded


@click.group(
    cls=_Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "REPORTSEARCH",
        "max_content_width": 110,
    },
    epilog="Start with `reportsearch init`, then `reportsearch update`, then `reportsearch search WORDS`.",
)
@click.option(
    "-C",
    "--collection",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="REPORTSEARCH_COLLECTION",
    help="The collection's folder.  [default: the nearest reports.toml upward]",
)
@click.version_option(package_name="reportsearch", prog_name="reportsearch")
@click.pass_context
def command(ctx: click.Context, folder: Path | None) -> None:
    """Make a shelf of reports searchable: pages and PDFs in, ranked answers with highlighted snippets and page numbers
    out."""
    ctx.obj = folder


_GRACE_S = 5
"""How long a run that is told to end may take for it."""


def _leave(number: int, frame: FrameType | None) -> None:
    """Ends the run as an error would, and the process in any case. A signal that comes between two steps of a lock can
    leave it held, and the end would wait for it for ever; what was not committed by then is as if it had not begun."""
    signal.signal(number, signal.SIG_DFL)  # the second one ends the process at once
    if hasattr(signal, "alarm"):  # not on Windows
        signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + number))
        signal.alarm(_GRACE_S)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code; a SIGTERM ends it as an interrupt does, with its workers.

    NumPy's threads for linear algebra, of which there is next to none here, are not started: they would take a third of
    a short command's processor time.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where a shell has it ignored
        signal.signal(signal.SIGINT, _leave)
    command.main(args=None if arguments is None else list(arguments), prog_name="reportsearch")
