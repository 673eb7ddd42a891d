"""dol-update: every PDF of a real collection is indexed, at a known cost."""

from collections.abc import Iterator

import pypdfium2

from .dol import REPORTS, indexed
from .process import reportsearch
from .proof import Figure, Proof, Workbench, above, below, exactly

__all__ = ["PROOF"]

PAGES_PER_CPU_SECOND = 60
PEAK_MEMORY_MB = 1500


def measure(workbench: Workbench) -> Iterator[Figure]:
    dol = indexed(workbench)
    status = reportsearch("status", "--format", "json", cwd=dol.folder).json
    pages = sum(len(pypdfium2.PdfDocument(path)) for path in dol.files)
    workbench.note(
        f"{len(dol.files)} PDFs, {pages} pages: {dol.update.seconds:.1f} s, {dol.update.cpu_seconds:.1f} CPU-seconds; "
        f"index {status['index_bytes'] / 1e6:.1f} MB; largest process {dol.update.peak_process_mb:.0f} MB"
    )
    for failure in dol.update.json["failures"]:
        workbench.note(f"{failure['status']}: {failure['location']}: {failure['message']}")
    yield exactly("dol-reports-indexed", status["reports"], REPORTS)
    yield exactly("dol-reports-failed", dol.update.json["failed"], 0)
    yield above("dol-pages-per-cpu-second", pages / dol.update.cpu_seconds, PAGES_PER_CPU_SECOND)
    if dol.update.peak_tree_mb is None:
        workbench.note("without /proc there is no sum over the processes: this is the largest of them")
        yield below("dol-peak-memory-process-mb", dol.update.peak_process_mb, PEAK_MEMORY_MB)
    else:
        yield below("dol-peak-memory-tree-mb", dol.update.peak_tree_mb, PEAK_MEMORY_MB)


PROOF = Proof("dol-update", "145 real PDFs are indexed: none fails, pages per CPU-second, peak memory", measure)
