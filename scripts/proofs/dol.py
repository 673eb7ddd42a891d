"""The real collection that four proofs share: 145 published country reports as PDFs, indexed once."""

import functools
from dataclasses import dataclass
from pathlib import Path

from .process import Finished, reportsearch
from .proof import Workbench

__all__ = ["REPORTS", "Dol", "indexed"]

REPORTS = 145


@dataclass(frozen=True, slots=True)
class Dol:
    """The collection in `folder`, and what its first update said and cost."""

    folder: Path
    files: tuple[Path, ...]
    update: Finished


@functools.cache
def indexed(workbench: Workbench) -> Dol:
    """The PDFs of DATA/dol_reports/pdf after `init --folder` and one `update`."""
    pdfs = workbench.data("dol_reports/pdf")
    folder = workbench.folder / "dol"
    folder.mkdir()
    reportsearch("init", "--folder", pdfs, cwd=folder)
    update = reportsearch("update", "--format", "json", cwd=folder)
    return Dol(folder, tuple(sorted(pdfs.glob("*.pdf"))), update)
