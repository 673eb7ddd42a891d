"""The terms of single documents, for fields with a `vector`: what Whoosh's writer hands over, kept as it comes.

Sections of field `f` in the file of documents:

    vector:f:entries                                 uint, documents + 1: bounds of each one's entries
    vector:f:terms,  vector:f:term_bounds            the terms (UTF-8), and n + 1 bounds
    vector:f:weights                                 float32
    vector:f:values, vector:f:value_bounds           what the vector's format made of positions and the like

Two documents, of which the second has "ann" twice and "bob" once, have the entries 0 0 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from whoosh.formats import Format
from whoosh.matching import ListMatcher, Matcher

from .compression import Blobs
from .container import ContainerReader, ContainerWriter, encoded
from .ranges import bounds_of, narrowest

__all__ = ["VectorEntry", "VectorReader", "VectorWriter"]

VectorEntry = tuple[str, float, bytes]
"""Term, weight, value."""


class VectorWriter:
    """The vectors of one field, document by document."""

    def __init__(self) -> None:
        self._owners: list[int] = []
        self._terms: list[bytes] = []
        self._weights: list[float] = []
        self._values: list[bytes] = []

    def add(self, doc_id: int, entries: Iterable[VectorEntry]) -> None:
        """The entries of a document; numbers ascend from call to call."""
        for term, weight, value in entries:
            self._owners.append(doc_id)
            self._terms.append(encoded(term))
            self._weights.append(weight)
            self._values.append(value)

    def write(self, writer: ContainerWriter, field: str, doc_count: int) -> None:
        counts = np.bincount(np.array(self._owners, np.int64), minlength=doc_count)
        writer.add(f"vector:{field}:entries", narrowest(bounds_of(counts)))
        for name, texts in (("term", self._terms), ("value", self._values)):
            blobs = Blobs.of(texts)
            writer.add(f"vector:{field}:{name}s", bytes(blobs.data))
            writer.add(f"vector:{field}:{name}_bounds", narrowest(blobs.bounds))
        writer.add(f"vector:{field}:weights", np.array(self._weights, np.float32))


class VectorReader:
    """The vectors of one field, read."""

    def __init__(self, container: ContainerReader, field: str) -> None:
        self._entries = container.array(f"vector:{field}:entries")
        self._terms, self._values = (
            Blobs(container.bytes(f"vector:{field}:{name}s"), container.array(f"vector:{field}:{name}_bounds"))
            for name in ("term", "value")
        )
        self._weights = container.array(f"vector:{field}:weights")

    @staticmethod
    def is_in(container: ContainerReader, field: str) -> bool:
        return f"vector:{field}:entries" in container

    def _of(self, doc_id: int) -> range:
        return range(int(self._entries[doc_id]), int(self._entries[doc_id + 1]))

    def has(self, doc_id: int) -> bool:
        """Whether the document has any entry."""
        return bool(self._of(doc_id))

    def matcher(self, doc_id: int, format_: Format) -> Matcher:
        """The document's entries, as Whoosh reads them; ids are terms."""
        entries = self._of(doc_id)
        terms: Sequence[str] = [str(self._terms[entry], "utf-8", "surrogatepass") for entry in entries]
        weights = self._weights[entries.start : entries.stop].tolist()
        return ListMatcher(terms, weights, [bytes(self._values[entry]) for entry in entries], format_)
