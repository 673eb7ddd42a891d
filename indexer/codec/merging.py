"""One field of several parts as one: term by term in order, a part's documents behind those of the parts before it.

Nothing is looked at posting by posting. Terms of all parts get a common rank; a stretch of ranks at a time, the arrays
of each part are moved to their places in the arrays of the whole, which are encoded and written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .container import ContainerWriter
from .lexicon import write_lexicon
from .parts import FieldPart
from .postings import Encoded, FieldPostings, encode
from .ranges import bounds_of, concatenated_ranges, distinct, narrowest, within
from .workers import Workers

__all__ = ["write_field"]

STRETCH_WORDS = 500_000
"""Words that a thread merges at a time; about 25 MB of arrays at most."""


@dataclass(frozen=True, slots=True)
class _Common:
    """The terms and surfaces of all parts, in order, and how the terms of each part, which it brings into order too,
    are numbered in the whole."""

    terms: list[bytes]
    surfaces: list[bytes]
    surface_counts: NDArray[np.int64]
    parts: list[_Place]

    @classmethod
    def of(cls, parts: Sequence[FieldPart], firsts: Sequence[int], workers: Workers) -> _Common:
        rows, places = _united(parts)
        if any(part.has_positions for part in parts):
            terms, surfaces, counts = _parted(rows)
        else:
            terms, surfaces, counts = rows, [], np.zeros(len(rows), np.int64)
        row_counts = np.maximum(counts, 1)
        rank_of_row = np.repeat(np.arange(len(terms), dtype=np.int32), row_counts)
        ordinal_of_row = narrowest(within(row_counts))

        def place(number: int) -> _Place:
            part, first_doc = parts[number], firsts[number]
            rows_of = places[id(part.texts)]
            row_bounds = bounds_of(np.maximum(part.surface_counts, 1))
            ranks = rank_of_row[rows_of[part.numbers[row_bounds[:-1]]]]
            if (ranks[1:] < ranks[:-1]).any():
                order = np.argsort(ranks)
                part.arrange(order)
                ranks, row_bounds = ranks[order], bounds_of(np.maximum(part.surface_counts, 1))
            ordinals = ordinal_of_row[rows_of[part.numbers]]
            return _Place(part, first_doc, ranks, row_bounds.astype(np.uint32), ordinals)

        return cls(terms, surfaces, counts, list(workers.map(place, range(len(parts)))))


@dataclass(frozen=True, slots=True)
class _Place:
    """A part in the whole: the number of its first document, and which term, and which surface of it, each of its terms
    and surfaces is; those of term i are from `row_bounds[i]` on."""

    part: FieldPart
    first_doc: int
    ranks: NDArray[Any]
    row_bounds: NDArray[np.uint32]
    ordinals: NDArray[Any]


def _united(parts: Sequence[FieldPart]) -> tuple[list[bytes], dict[int, NDArray[np.int64]]]:
    """All rows that parts have, once, ascending; and for the texts that parts number, by their id, where in there each
    is. Parts that number the same texts are looked up together."""
    sharing: dict[int, list[FieldPart]] = {}
    for part in parts:
        sharing.setdefault(id(part.texts), []).append(part)
    numbers = {key: distinct(np.concatenate([part.numbers for part in group])) for key, group in sharing.items()}
    lists = {key: group[0].texts.rows(numbers[key]) for key, group in sharing.items()}
    united = sorted(set().union(*lists.values()))
    place_of = {row: place for place, row in enumerate(united)}
    places = {}
    for key, rows in lists.items():
        places[key] = np.zeros(int(numbers[key][-1]) + 1 if len(rows) else 0, np.int64)
        places[key][numbers[key]] = np.fromiter(map(place_of.__getitem__, rows), np.int64, len(rows))
    return united, places


def _parted(rows: Sequence[bytes]) -> tuple[list[bytes], list[bytes], NDArray[np.int64]]:
    """Distinct terms, the surfaces of all rows, and how many rows each term has; of rows in order."""
    terms: list[bytes] = []
    surfaces: list[bytes] = []
    firsts = array("I")
    last = None
    for row in rows:
        term, _, surface = row.partition(b"\0")
        if term != last:
            firsts.append(len(surfaces))
            terms.append(term)
            last = term
        surfaces.append(surface)
    edges = np.array([*firsts, len(rows)], np.int64)
    return terms, surfaces, edges[1:] - edges[:-1]


def write_field(
    writer: ContainerWriter, field: str, parts: Sequence[FieldPart], firsts: Sequence[int], workers: Workers
) -> None:
    """Writes postings and lexicon of a field; `firsts[p]` is the number that the first document of part p gets."""
    common = _Common.of(parts, firsts, workers)

    def made(stretch: tuple[int, int]) -> tuple[FieldPostings, Encoded]:
        merged = _merged(common, *stretch)
        return merged, encode(merged)

    writer.begin(f"{field}:postings", np.uint8)
    shapes, sizes, doc_freqs, occurrences = [], [], [], []
    for merged, encoded in workers.map(made, _stretches(common)):
        writer.extend(encoded.data)
        shapes.append(encoded.shapes)
        sizes.append(encoded.sizes)
        doc_freqs.append(merged.doc_freqs)
        occurrences.append(merged.occurrences)
    writer.end()
    none = np.empty(0, np.int64)
    terms, surfaces, counts, columns = _without_empty(
        common, [np.concatenate([none, *column]) for column in (doc_freqs, occurrences, shapes, sizes)]
    )
    has_positions = any(part.has_positions for part in parts)
    write_lexicon(
        writer, field, terms, surfaces, counts, columns[0], columns[1] if has_positions else None,
        columns[2].astype(np.uint16), columns[3],
    )  # fmt: skip


def _stretches(common: _Common) -> Iterator[tuple[int, int]]:
    """Ranges of ranks with about STRETCH_WORDS words each."""
    words = np.zeros(len(common.terms), np.int64)
    for place in common.parts:
        words[place.ranks] += place.part.occurrences
    ends = np.cumsum(words)
    first = 0
    while first < len(ends):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + STRETCH_WORDS, "right")))
        yield first, last
        first = last


@dataclass(frozen=True, slots=True)
class _Slice:
    """What one part has of a stretch: its postings, `ranks` of their terms from the stretch's first, and which surface
    of the whole each of its words is."""

    postings: FieldPostings
    ranks: NDArray[np.int64]
    surfaces: NDArray[np.int64] | None
    first_doc: int


def _merged(common: _Common, first: int, last: int) -> FieldPostings:
    slices = [_slice(place, first, last) for place in common.parts]
    counts = common.surface_counts[first:last].astype(np.uint32)
    count = last - first
    doc_freqs, occurrences = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for piece in slices:
        doc_freqs[piece.ranks] += piece.postings.doc_freqs
        occurrences[piece.ranks] += piece.postings.occurrences
    total, words = int(doc_freqs.sum()), int(occurrences.sum())
    has_positions = any(piece.surfaces is not None for piece in slices)
    doc_ids, term_freqs = np.empty(total, np.uint32), np.empty(total, np.uint32)
    positions = np.empty(words if has_positions else 0, np.uint32)
    surfaces = np.empty_like(positions)
    next_posting, next_word = bounds_of(doc_freqs)[:-1], bounds_of(occurrences)[:-1]
    for piece in slices:
        postings = piece.postings
        places = concatenated_ranges(next_posting[piece.ranks], postings.doc_freqs)
        doc_ids[places] = postings.doc_ids.astype(np.uint32) + np.uint32(piece.first_doc)
        term_freqs[places] = postings.term_freqs
        next_posting[piece.ranks] += postings.doc_freqs
        if piece.surfaces is not None:
            places = concatenated_ranges(next_word[piece.ranks], postings.occurrences)
            positions[places] = np.asarray(postings.positions)
            surfaces[places] = piece.surfaces
            next_word[piece.ranks] += postings.occurrences
    return FieldPostings(
        doc_freqs.astype(np.uint32),
        occurrences.astype(np.uint32),
        doc_ids,
        term_freqs,
        positions if has_positions else None,
        surfaces if has_positions else None,
        counts,
    )


def _slice(place: _Place, first: int, last: int) -> _Slice:
    start, end = np.searchsorted(place.ranks, (first, last)).tolist()
    postings = place.part.postings(start, end)
    surfaces = None
    if postings.surfaces is not None:
        surfaces = place.ordinals[np.repeat(place.row_bounds[start:end], postings.occurrences) + postings.surfaces]
    return _Slice(postings, place.ranks[start:end] - first, surfaces, place.first_doc)


def _without_empty(
    common: _Common, columns: list[NDArray[np.int64]]
) -> tuple[list[bytes], list[bytes], NDArray[np.int64], list[NDArray[np.int64]]]:
    """Terms, surfaces, their counts and the columns, without the terms that no document has any more."""
    stays = columns[0] > 0
    if stays.all():
        return common.terms, common.surfaces, common.surface_counts, columns
    terms = [common.terms[rank] for rank in np.flatnonzero(stays).tolist()]
    kept = np.repeat(stays, common.surface_counts)
    surfaces = [surface for surface, keep in zip(common.surfaces, kept.tolist(), strict=True) if keep]
    return terms, surfaces, common.surface_counts[stays], [column[stays] for column in columns]
