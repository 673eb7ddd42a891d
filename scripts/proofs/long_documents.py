"""The long documents that proofs of searching share: speeches by country and four sessions, indexed once."""

import functools
from dataclasses import dataclass
from pathlib import Path

from bench.documents import Stock, read_documents, write_documents
from bench.engines import MissingLibraryError, load
from bench.source import Source, documents_of

from .proof import SkippedError, Workbench

__all__ = ["LongDocuments", "documents", "indexed"]

SEED = 1


@dataclass(frozen=True, slots=True)
class LongDocuments:
    """Documents as the benchmark has them, one a line of `path`."""

    path: Path
    stock: Stock


@functools.cache
def documents(workbench: Workbench) -> LongDocuments:
    """The speeches of DATA/ungdc.jsonl.xz as documents of about 73 KB."""
    path = workbench.folder / "long.jsonl"
    source = Source(workbench.data("ungdc.jsonl.xz"), None, passages=False, seed=SEED)
    return LongDocuments(path, write_documents(documents_of(source), path))


@functools.cache
def indexed(workbench: Workbench, engine: str = "ours") -> Path:
    """The folder of an engine's index of them. Raises SkippedError where its library is not installed."""
    try:
        loaded = load(engine)
    except MissingLibraryError as error:
        raise SkippedError(str(error)) from error
    path = documents(workbench).path
    folder = workbench.folder / f"long-{engine}"
    folder.mkdir()
    loaded.build(folder, read_documents(path), 1)
    return folder
