"""Parts → the two files of a segment.

NAME.doc   text, block_bounds, columns of `passages`, stored, stored_bounds, lengths:F, numbers:F, dictionary:…
NAME.trm   for each field the sections of `lexicon`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from .compression import Blobs, Dictionaries
from .container import ContainerWriter, WritableFile
from .merging import write_field
from .parts import Part
from .passages import PassageColumns, write_passages
from .ranges import bounds_of, narrowest

__all__ = ["write_documents", "write_segment", "write_terms"]


def write_segment(parts: Sequence[Part], dictionaries: Dictionaries, create: Callable[[str], WritableFile]) -> int:
    """Writes the documents of all parts; how many there are. `create` opens a file by its extension."""
    write_documents(ContainerWriter(create(".doc")), parts, dictionaries)
    write_terms(ContainerWriter(create(".trm")), parts)
    return sum(part.count for part in parts)


def write_documents(writer: ContainerWriter, parts: Sequence[Part], dictionaries: Dictionaries) -> None:
    """The file of what belongs to a document."""
    _write_blobs(writer, "text", "block_bounds", (block for part in parts for block in part.blocks(dictionaries.text)))
    headings = [blob for part in parts for blob in part.headings(dictionaries.text)]
    labels = [label for part in parts for label in part.labels]
    write_passages(writer, PassageColumns.joined([part.passages for part in parts]), labels, Blobs.of(headings))
    stored = (blob for part in parts for blob in part.stored(dictionaries.stored))
    _write_blobs(writer, "stored", "stored_bounds", stored)
    for name in sorted({name for part in parts for name in part.lengths}):
        columns = [part.lengths.get(name, np.zeros(part.count, np.uint8)) for part in parts]
        writer.add(f"lengths:{name}", narrowest(np.concatenate(columns)))
    for name in sorted({name for part in parts for name in part.numbers}):
        columns = [part.numbers.get(name, np.zeros(part.count, np.uint8)) for part in parts]
        writer.add(f"numbers:{name}", narrowest(np.concatenate(columns)))
    writer.add("dictionary:text", dictionaries.text)
    writer.add("dictionary:stored", dictionaries.stored)
    writer.close()


def _write_blobs(writer: ContainerWriter, name: str, bounds_name: str, blobs: Iterable[bytes]) -> None:
    """Byte strings one after another as they come, then where each ends."""
    lengths = []
    writer.begin(name, np.uint8)
    for blob in blobs:
        writer.extend(blob)
        lengths.append(len(blob))
    writer.end()
    writer.add(bounds_name, narrowest(bounds_of(np.array(lengths, np.int64))))


def write_terms(writer: ContainerWriter, parts: Sequence[Part]) -> None:
    """The file of what belongs to a term."""
    firsts = bounds_of(np.array([part.count for part in parts], np.int64)).tolist()
    for field in sorted({field for part in parts for field in part.fields}):
        having = [number for number, part in enumerate(parts) if field in part.fields]
        write_field(writer, field, [parts[number].fields[field] for number in having], [firsts[n] for n in having])
    writer.close()
