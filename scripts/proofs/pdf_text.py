"""The text of a PDF by page, as another program than ours reads it."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import shutil
from pathlib import Path

from .process import run
from .proof import SkippedError

__all__ = ["page_texts", "tool"]


def tool() -> str:
    """`pdftotext` (poppler) where it is on the PATH, else `pdfminer.six`. Raises SkippedError where neither is."""
    if shutil.which("pdftotext"):
        return "pdftotext"
    if importlib.util.find_spec("pdfminer"):
        return "pdfminer.six"
    raise SkippedError("install pdftotext (poppler-utils), or the extra `prove` into .venv/")


@functools.cache
def page_texts(path: Path) -> tuple[str, ...]:
    """The text of each page; pages end with a form feed in the output of both programs."""
    if tool() == "pdftotext":
        text = run(["pdftotext", "-enc", "UTF-8", path, "-"], cwd=path.parent).stdout
    else:
        text = importlib.import_module("pdfminer.high_level").extract_text(path)
    return tuple(text.split("\f")[:-1])
