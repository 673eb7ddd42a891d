"""Some documents, turned into arrays: what threads make, and a segment is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis import snowball_language
from ..analysis.vocabulary import Vocabulary
from .compression import Compressor, Dictionaries, train
from .container import encoded
from .cutting import Cutter
from .document import IndexDocument
from .inversion import InvertedField, invert_values, invert_words
from .passage_cutter import PassageCutter
from .passages import BODY, PassageColumns
from .reading import read_texts
from .stored import encode_values

__all__ = ["BATCH_CHARS", "BATCH_DOCUMENTS", "Analyst", "Batch", "train_dictionaries"]

BATCH_CHARS = 3_000_000
"""Text that is analysed and inverted in one go: half a million words, a seventh of a second. Several threads hold one
each, and another that is finished; larger ones only take more memory."""
BATCH_DOCUMENTS = 4096
"""Of small documents fewer characters: each is many objects, which Python's collector looks through again and again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents as arrays; they are numbered from 0. `lengths` count words; blocks, headings and stored values are
    compressed, `stored` one for each document."""

    count: int
    fields: Mapping[str, InvertedField]
    lengths: Mapping[str, NDArray[np.uint32]]
    numbers: Mapping[str, NDArray[np.uint32]]
    passages: PassageColumns
    labels: Sequence[str]
    blocks: Sequence[bytes]
    headings: Sequence[bytes]
    stored: Sequence[bytes]
    size_bytes: int = field(compare=False)


_BYTES_OF_TERM = 12
"""What a term takes besides in a batch: three numbers."""


class Analyst:
    """Makes batches. Not for two threads at once; several may share a vocabulary."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._text = Compressor(dictionaries.text)
        self._stored = Compressor(dictionaries.stored)

    def batch(self, documents: Sequence[IndexDocument], vocabulary: Vocabulary) -> Batch:
        """These documents as arrays, in which the vocabulary's forms stand for words."""
        algorithms = [snowball_language(document.language) for document in documents]
        fields: dict[str, InvertedField] = {}
        lengths: dict[str, NDArray[np.uint32]] = {}
        for name in _names(document.texts for document in documents):
            texts = [document.texts.get(name, "") for document in documents]
            read = read_texts(texts, algorithms, vocabulary)
            lengths[name] = read.lengths
            fields[name] = invert_words(read.doc_ids, read.positions, read.forms, vocabulary)
        bodies = ["\n".join(page.text for page in document.pages) for document in documents]
        read = read_texts(bodies, algorithms, vocabulary, edges=True)
        del bodies  # as large as the batch, and passages are cut from pages
        lengths[BODY] = read.lengths
        fields[BODY] = invert_words(read.doc_ids, read.positions, read.forms, vocabulary)
        cutter, text_starts = PassageCutter(Cutter(read.edges, read.starts), read.starts), read.text_starts.tolist()
        del read
        for document, start in zip(documents, text_starts, strict=True):
            cutter.add(document.pages, start)
        cut = cutter.passages()
        for name in _names(document.values for document in documents):
            fields[name] = invert_values([document.values.get(name, ()) for document in documents])
        stored = self._stored.compress([encode_values(dict(document.stored)) for document in documents])
        numbers = {
            name: np.array([document.numbers.get(name, 0) for document in documents], np.uint32)
            for name in _names(document.numbers for document in documents)
        }
        return Batch(
            len(documents), fields, lengths, numbers, cut.columns, cut.labels, self._text.compress(cut.blocks),
            self._text.compress(cut.headings), stored, _size(fields, cut.labels, stored),
        )  # fmt: skip


def _names(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of all, each once, in order."""
    return sorted({name for mapping in mappings for name in mapping})


def _size(fields: Mapping[str, InvertedField], labels: Sequence[str], stored: Sequence[bytes]) -> int:
    """About what a batch takes in memory until its segment is finished: all but the text."""
    total = sum(map(len, stored)) + 60 * (2 * len(stored) + len(labels))
    for inverted in fields.values():
        postings = inverted.postings
        arrays = (postings.doc_ids, postings.term_freqs, postings.positions, postings.surfaces)
        total += sum(array.nbytes for array in arrays if array is not None)
        total += inverted.numbers.nbytes + _BYTES_OF_TERM * len(postings.doc_freqs)
    return total


def train_dictionaries(documents: Sequence[IndexDocument], chars: int) -> Dictionaries:
    """Dictionaries for documents like these; `chars` is how long the pieces of text will be."""
    pieces = (
        encoded(page.text[start : start + chars])
        for document in documents
        for page in document.pages
        for start in range(0, len(page.text), chars)
    )
    return Dictionaries(train(pieces), train(encode_values(dict(document.stored)) for document in documents))
