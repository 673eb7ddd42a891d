"""Environments of their own for the project, made with uv."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .process import run

__all__ = ["INSTALL", "LOWEST_PYTHON", "make_environment", "uv"]

LOWEST_PYTHON = "3.11"
INSTALL = ("pip", "install", "--quiet", "--compile-bytecode")
"""What follows uv's name. pip compiles too; else the first import does, with a compiler's memory and warnings."""


def uv(folder: Path) -> Path:
    """uv from the PATH, or else from the registry, into that folder."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    program = folder / "tools" / "bin" / "uv"
    if not program.exists():
        run([sys.executable, "-m", "venv", "tools"], cwd=folder)
        run([folder / "tools" / "bin" / "pip", "install", "--quiet", "uv"], cwd=folder)
    return program


def make_environment(folder: Path, name: str, clone: Path, whoosh: str) -> Path:
    """The Python of a new environment with the project and its tests, and this distribution of Whoosh in place of any
    other (`Whoosh==2.7.4`)."""
    program, python = uv(folder), folder / name / "bin" / "python"
    install = [program, *INSTALL, "--python", python]
    run([program, "venv", "--quiet", "--python", LOWEST_PYTHON, name], cwd=folder)
    run([*install, "--editable", f"{clone}[test]"], cwd=folder)
    run([program, "pip", "uninstall", "--quiet", "--python", python, "whoosh3"], cwd=folder)
    run([*install, whoosh], cwd=folder)
    return python
