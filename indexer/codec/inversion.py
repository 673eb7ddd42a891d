"""Words in reading order → postings by term: one sort.

Words come as they stand in the documents. Each is given the number of its term; sorting number and place, as the upper
and lower half of one 64-bit number, brings the words of a term together and leaves them in reading order. Terms stay
numbers until a segment is finished: what is text about them is looked up once for a segment, not for each batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..analysis.vocabulary import Vocabulary
from .container import encoded
from .postings import FieldPostings
from .ranges import bounds_of, first_in_each, narrowest

__all__ = ["InvertedField", "Rows", "Values", "invert_values", "invert_words"]

_HALF = np.uint64(32)
_LOWER = np.uint64(0xFFFFFFFF)


class Rows(Protocol):
    """The text of numbered rows: a term, or a term and one of its surfaces, parted by a zero byte, which sorts before
    all others. UTF-8."""

    def rows(self, numbers: NDArray[np.int64]) -> list[bytes]: ...


class Values(list[bytes]):
    """Rows in a list."""

    def rows(self, numbers: NDArray[np.int64]) -> list[bytes]:
        return self if len(numbers) == len(self) else [self[number] for number in numbers.tolist()]


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of some documents, inverted. `numbers` are the rows of its first term, of its second …; a term without
    surfaces has one. Terms are distinct, in any order."""

    texts: Rows
    numbers: NDArray[np.uint32]
    postings: FieldPostings


def invert_words(
    doc_ids: NDArray[np.uint32], positions: NDArray[np.uint32], forms: NDArray[np.uint32], vocabulary: Vocabulary
) -> InvertedField:
    """The postings of words given in reading order: of each its document, its number in there, and its form."""
    present = _distinct(forms)
    terms = vocabulary.term_numbers(present)
    order = np.argsort(terms, kind="stable")
    present, terms = present[order], terms[order]
    firsts = first_in_each(terms)
    counts = np.diff(np.append(firsts, len(terms)))
    rank = np.zeros(int(present.max(initial=-1)) + 1, np.uint32)
    ordinal = np.zeros(len(rank), np.min_scalar_type(int(counts.max(initial=1)) - 1))
    rank[present] = np.repeat(np.arange(len(firsts), dtype=np.uint32), counts)
    ordinal[present] = np.arange(len(present)) - np.repeat(firsts, counts)

    keys = rank[forms].astype(np.uint64) << _HALF
    keys |= np.arange(len(forms), dtype=np.uint64)
    keys.sort()
    ranks = (keys >> _HALF).astype(np.uint32)
    keys &= _LOWER
    places = keys.view(np.int64)
    documents = doc_ids[places]
    postings_at = _posting_starts(ranks, documents)
    postings = FieldPostings(
        doc_freqs=np.bincount(ranks[postings_at], minlength=len(firsts)).astype(np.uint32),
        occurrences=np.bincount(ranks, minlength=len(firsts)).astype(np.uint32),
        doc_ids=narrowest(documents[postings_at]),
        term_freqs=narrowest(np.diff(np.append(postings_at, len(places)))),
        positions=narrowest(positions[places]),
        surfaces=ordinal[forms[places]],
        surface_counts=counts.astype(np.uint32),
    )
    return InvertedField(vocabulary, present.astype(np.uint32), postings)


def _posting_starts(ranks: NDArray[np.uint32], documents: NDArray[np.uint32]) -> NDArray[np.int64]:
    if not len(ranks):
        return np.empty(0, np.int64)
    changes = (ranks[1:] != ranks[:-1]) | (documents[1:] != documents[:-1])
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _distinct(forms: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The forms that occur, ascending."""
    if len(forms) and len(forms) > int(forms.max()) // 8:
        return np.flatnonzero(np.bincount(forms))
    return np.unique(forms).astype(np.int64)


def invert_values(values: Iterable[Sequence[str]]) -> InvertedField:
    """The postings of a field of whole values, from those of each document; one that repeats counts once."""
    documents: dict[str, list[int]] = {}
    for doc_id, of_document in enumerate(values):
        for value in of_document:
            found = documents.setdefault(value, [])
            if not found or found[-1] != doc_id:
                found.append(doc_id)
    lists = list(documents.values())
    doc_freqs = np.fromiter(map(len, lists), np.uint32, len(lists))
    doc_ids = np.fromiter(chain.from_iterable(lists), np.uint32, int(bounds_of(doc_freqs)[-1]))
    none = np.zeros(len(lists), np.uint32)
    postings = FieldPostings(doc_freqs, doc_freqs, doc_ids, np.ones(len(doc_ids), np.uint8), None, None, none)
    return InvertedField(Values(map(encoded, documents)), np.arange(len(lists), dtype=np.uint32), postings)
