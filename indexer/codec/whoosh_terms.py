"""Terms and postings, as Whoosh's writer hands them over in order → NAME.trm.

Sections are those of `lexicon`, with postings of any format (see `foreign`)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from whoosh.codec.base import FieldWriter
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage

from .container import ContainerWriter
from .foreign import encode_foreign
from .lexicon import write_lexicon
from .postings import POSTING_UNIT
from .ranges import narrowest
from .segment import TERMS, ArraySegment

__all__ = ["ArrayFieldWriter"]


@dataclass(slots=True)
class _Field:
    """What is known of the terms of a field whose postings are being written."""

    name: str
    terms: list[bytes] = field(default_factory=list)
    doc_freqs: list[int] = field(default_factory=list)
    shapes: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    shortest: list[int] = field(default_factory=list)
    longest: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Term:
    """The postings of one term."""

    text: bytes
    doc_ids: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)


class ArrayFieldWriter(FieldWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Writes the postings of each term as soon as they are there, and what is known of the terms behind them."""

    def __init__(self, storage: Storage, segment: ArraySegment) -> None:
        self._segment = segment
        self._writer = ContainerWriter(segment.create_file(storage, TERMS))
        self._field: _Field | None = None
        self._term: _Term | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        self._field = _Field(fieldname)
        self._writer.begin(f"{fieldname}:postings", np.uint8)

    def start_term(self, text: bytes) -> None:
        self._term = _Term(text)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        assert self._term is not None, "no term was begun"
        self._term.doc_ids.append(docnum)
        self._term.weights.append(weight)
        self._term.values.append(vbytes)
        self._term.lengths.append(length or 0)

    def finish_term(self) -> None:
        assert self._field is not None, "no field was begun"
        assert self._term is not None, "no term was begun"
        term, known = self._term, self._field
        run, shape = encode_foreign(term.doc_ids, term.weights, term.values)
        self._writer.extend(run)
        known.terms.append(term.text)
        known.doc_freqs.append(len(term.doc_ids))
        known.shapes.append(shape)
        known.sizes.append(len(run) // POSTING_UNIT)
        known.shortest.append(min(term.lengths))
        known.longest.append(max(term.lengths))
        self._term = None

    def finish_field(self) -> None:
        assert self._field is not None, "no field was begun"
        known, writer = self._field, self._writer
        writer.end()
        none = np.zeros(len(known.terms), np.int64)
        write_lexicon(
            writer, known.name, known.terms, [], none, np.array(known.doc_freqs, np.uint32), None,
            np.array(known.shapes, np.uint16), np.array(known.sizes, np.int64),
        )  # fmt: skip
        writer.add(f"{known.name}:min_lengths", narrowest(np.array(known.shortest, np.uint32)))
        writer.add(f"{known.name}:max_lengths", narrowest(np.array(known.longest, np.uint32)))
        self._field = None

    def close(self) -> None:
        if self._field is not None:
            self.finish_field()
        self._writer.close()
        self._segment.note_file(TERMS, self._writer.size)
        self.is_closed = True
