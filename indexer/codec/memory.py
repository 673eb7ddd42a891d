"""Documents → a segment that is on no disk: for what is to be searched once, as if our writer had written it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from ..analysis.vocabulary import Vocabulary
from .batch import BATCH_CHARS, Analyst, Batch
from .compression import Dictionaries
from .container import ContainerReader
from .document import IndexDocument
from .parts import BatchPart
from .segment import EXTENSIONS
from .segment_reader import SegmentReader
from .segment_writer import SegmentWriter

__all__ = ["segment_in_memory"]


class _Kept(io.BytesIO):
    """A file whose bytes stay when it is closed."""

    data = b""

    def close(self) -> None:
        self.data = self.getvalue()
        super().close()


def segment_in_memory(documents: Iterable[IndexDocument], name: str) -> SegmentReader:
    """The segment of these documents; `name` is what errors call it."""
    files = {extension: _Kept() for extension in EXTENSIONS}
    dictionaries = Dictionaries()
    writer = SegmentWriter(dictionaries, files.__getitem__)
    for batch in _batches(documents, dictionaries):
        writer.add(BatchPart(batch))
    writer.finish()
    return SegmentReader(
        *(ContainerReader(memoryview(files[extension].data), f"{name}{extension}") for extension in EXTENSIONS)
    )


def _batches(documents: Iterable[IndexDocument], dictionaries: Dictionaries) -> Iterator[Batch]:
    analyst, vocabulary = Analyst(dictionaries), Vocabulary()
    pending: list[IndexDocument] = []
    chars = 0
    for document in documents:
        pending.append(document)
        chars += document.size_chars
        if chars >= BATCH_CHARS:
            yield analyst.batch(pending, vocabulary)
            pending, chars = [], 0
    if pending:
        yield analyst.batch(pending, vocabulary)
