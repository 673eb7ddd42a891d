"""Words in reading order → postings by term: one sort.

Words come as they stand in the documents. Each is given the rank of its term in the lexicon; sorting rank and place, as
the upper and lower half of one 64-bit number, brings the words of a term together and leaves them in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.vocabulary import Vocabulary
from .container import encoded
from .postings import FieldPostings
from .ranges import bounds_of, first_in_each, narrowest

__all__ = ["InvertedField", "Lines", "invert_values", "invert_words"]

_HALF = np.uint64(32)
_LOWER = np.uint64(0xFFFFFFFF)


class Lines(Sequence[bytes]):
    """Words as one byte string: a fifth of the memory, as long as nobody asks for them. None has a line feed in it."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._joined = b"\n".join(words)
        self._count = len(words)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._split())

    def __getitem__(self, index: Any) -> Any:
        return self._split()[index]

    def _split(self) -> list[bytes]:
        return self._joined.split(b"\n") if self._count else []


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of some documents, inverted. `terms` are distinct and ascending (UTF-8); `surfaces` are those of the
    first term, of the second …, ascending within one."""

    terms: Sequence[bytes]
    surfaces: Sequence[bytes]
    postings: FieldPostings


def invert_words(
    doc_ids: NDArray[np.uint32], positions: NDArray[np.uint32], forms: NDArray[np.uint32], vocabulary: Vocabulary
) -> InvertedField:
    """The postings of words given in reading order: of each its document, its number in there, and its form."""
    lexicon = _Lexicon.of(forms, vocabulary)
    order = lexicon.rank[forms].astype(np.uint64) << _HALF | np.arange(len(forms), dtype=np.uint64)
    order.sort()
    ranks = (order >> _HALF).astype(np.uint32)
    places = (order & _LOWER).astype(np.int64)
    documents = doc_ids[places]
    firsts = _posting_starts(ranks, documents)
    term_count = len(lexicon.terms)
    postings = FieldPostings(
        doc_freqs=np.bincount(ranks[firsts], minlength=term_count).astype(np.uint32),
        occurrences=np.bincount(ranks, minlength=term_count).astype(np.uint32),
        doc_ids=narrowest(documents[firsts]),
        term_freqs=narrowest(np.diff(np.append(firsts, len(places)))),
        positions=narrowest(positions[places]),
        surfaces=narrowest(lexicon.ordinal)[forms[places]],
        surface_counts=lexicon.surface_counts,
    )
    return InvertedField(Lines(lexicon.terms), Lines(lexicon.surfaces), postings)


def _posting_starts(ranks: NDArray[np.uint32], documents: NDArray[np.uint32]) -> NDArray[np.int64]:
    if not len(ranks):
        return np.empty(0, np.int64)
    changes = (ranks[1:] != ranks[:-1]) | (documents[1:] != documents[:-1])
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Terms and surfaces in order; for each form `rank` of its term and `ordinal` of its surface within the term."""

    terms: list[bytes]
    surfaces: list[bytes]
    surface_counts: NDArray[np.uint32]
    rank: NDArray[np.uint32]
    ordinal: NDArray[np.uint16]

    @classmethod
    def of(cls, forms: NDArray[np.uint32], vocabulary: Vocabulary) -> _Lexicon:
        present = _distinct(forms)
        terms, surfaces = vocabulary.terms, vocabulary.surfaces
        rows = sorted([f"{terms[form]}\0{surfaces[form]}\0{form}" for form in present.tolist()])
        columns = [row.split("\0") for row in rows]
        ordered = np.array([int(column[2]) for column in columns], np.int64)
        of_term = np.array([column[0] for column in columns], object)
        firsts = first_in_each(of_term)
        counts = np.diff(np.append(firsts, len(columns)))
        size = int(present[-1]) + 1 if len(present) else 0
        rank, ordinal = np.zeros(size, np.uint32), np.zeros(size, np.uint16)
        rank[ordered] = np.repeat(np.arange(len(firsts)), counts)
        ordinal[ordered] = np.arange(len(columns)) - np.repeat(firsts, counts)
        return cls(
            [encoded(columns[first][0]) for first in firsts.tolist()],
            [encoded(column[1]) for column in columns],
            counts.astype(np.uint32),
            rank,
            ordinal,
        )


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
    ordered = sorted(documents)  # as UTF-8 sorts
    terms = [encoded(term) for term in ordered]
    lists = [documents[term] for term in ordered]
    doc_freqs = np.fromiter(map(len, lists), np.uint32, len(lists))
    doc_ids = np.fromiter(chain.from_iterable(lists), np.uint32, int(bounds_of(doc_freqs)[-1]))
    none = np.zeros(len(terms), np.uint32)
    return InvertedField(
        terms, [], FieldPostings(doc_freqs, doc_freqs, doc_ids, np.ones(len(doc_ids), np.uint32), None, None, none)
    )
