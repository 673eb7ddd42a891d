"""Parts → the two files of a segment.

NAME.doc   text, block_bounds, columns of `passages`, stored, stored_bounds, lengths:F, numbers:F, dictionary:…
NAME.trm   for each field the sections of `lexicon`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compression import Blobs, Dictionaries
from .container import ContainerWriter, WritableFile
from .merging import write_field
from .parts import FieldPart, Part
from .passages import PassageColumns, write_passages
from .ranges import bounds_of, narrowest
from .segment import DOCUMENTS, TERMS
from .workers import Workers

__all__ = ["SegmentWriter"]

_BLOCKS_AT_A_TIME = 1000


class SegmentWriter:
    """Writes a segment part by part. What belongs to a document goes to the disk as it comes, but for small columns;
    postings wait in their parts until `finish`. `create` opens a file by its extension."""

    def __init__(
        self, dictionaries: Dictionaries, create: Callable[[str], WritableFile], workers: Workers | None = None
    ) -> None:
        self._dictionaries = dictionaries
        self._create = create
        self._workers = workers or Workers()
        self._documents = ContainerWriter(create(DOCUMENTS))
        self._documents.begin("text", np.uint8)
        self._block_lengths: list[int] = []
        self._columns: list[_DocumentColumns] = []
        self._fields: list[tuple[int, Mapping[str, FieldPart]]] = []
        self.count = 0
        """Documents so far."""

    def add(self, part: Part) -> None:
        """The next documents."""
        blocks = part.blocks(self._dictionaries.text)
        while some := list(islice(blocks, _BLOCKS_AT_A_TIME)):
            self._documents.extend(b"".join(some))
            self._block_lengths += map(len, some)
        self._columns.append(_DocumentColumns.of(part, self._dictionaries))
        self._fields.append((self.count, part.fields))
        self.count += part.count

    def finish(self) -> None:
        """Writes all that is left, and closes the files."""
        self._finish_documents()
        writer = ContainerWriter(self._create(TERMS))
        for field in sorted({field for _, fields in self._fields for field in fields}):
            having = [(first, fields[field]) for first, fields in self._fields if field in fields]
            write_field(writer, field, [part for _, part in having], [first for first, _ in having], self._workers)
        writer.close()

    def _finish_documents(self) -> None:
        writer, columns = self._documents, self._columns
        writer.end()
        writer.add("block_bounds", narrowest(bounds_of(np.array(self._block_lengths, np.int64))))
        labels = [label for each in columns for label in each.labels]
        headings = Blobs.of([blob for each in columns for blob in each.headings])
        write_passages(writer, PassageColumns.joined([each.passages for each in columns]), labels, headings)
        stored = Blobs.of([blob for each in columns for blob in each.stored])
        writer.add("stored", bytes(stored.data))
        writer.add("stored_bounds", narrowest(stored.bounds))
        for prefix, by_name in (
            ("lengths", [each.lengths for each in columns]),
            ("numbers", [each.numbers for each in columns]),
        ):
            for name in sorted({name for names in by_name for name in names}):
                absent = [np.zeros(each.count, np.uint8) for each in columns]
                arrays = [names.get(name, zeros) for names, zeros in zip(by_name, absent, strict=True)]
                writer.add(f"{prefix}:{name}", narrowest(np.concatenate(arrays)))
        writer.add("dictionary:text", self._dictionaries.text)
        writer.add("dictionary:stored", self._dictionaries.stored)
        writer.close()


@dataclass(frozen=True, slots=True)
class _DocumentColumns:
    """What is kept of a part's documents until the file is finished."""

    count: int
    passages: PassageColumns
    labels: Sequence[str]
    headings: Sequence[bytes]
    stored: Sequence[bytes]
    lengths: Mapping[str, NDArray[Any]]
    numbers: Mapping[str, NDArray[Any]]

    @classmethod
    def of(cls, part: Part, dictionaries: Dictionaries) -> _DocumentColumns:
        return cls(
            part.count, part.passages, part.labels, list(part.headings(dictionaries.text)),
            list(part.stored(dictionaries.stored)), part.lengths, part.numbers,
        )  # fmt: skip
