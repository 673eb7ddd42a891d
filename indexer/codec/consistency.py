"""Whether the numbers of a segment agree with each other: bounds ascend and end where they must, no document, page or
surface is spoken of that there is not. For segments whose checksums are right: what is found here was written so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .foreign import foreign_postings
from .lexicon import Lexicon, heads_of
from .passages import Passages
from .postings import FOREIGN, FieldPostings
from .ranges import bounds_of
from .segment import DOCUMENTS, TERMS, ArraySegment
from .segment_reader import SegmentReader

__all__ = ["contradictions"]

STRETCH_WORDS = 2_000_000
Contradiction = tuple[str, str, str]
"""Extension of the file, section, message."""


def contradictions(reader: SegmentReader, segment: ArraySegment) -> Iterator[Contradiction]:
    """What cannot be true at once."""
    try:
        yield from _of_documents(reader, segment.doc_count_all())
        if len(segment.deletions()) != segment.doc_count_all():
            yield DOCUMENTS, "deletions", "The commit's list of deleted documents has another length."
        for field in reader.fields():
            for section, message in _of_terms(reader, field, segment.doc_count_all()):
                yield TERMS, f"{field}:{section}", message
    except KeyError as error:
        yield DOCUMENTS, "table", f"The section {error} is missing."


def _of_documents(reader: SegmentReader, count: int) -> Iterator[Contradiction]:
    container = reader.documents
    if reader.doc_count != count:
        yield DOCUMENTS, "stored_bounds", f"It has {reader.doc_count} documents, and the commit says {count}."
        return
    for name in container.sections:
        if name.startswith(("lengths:", "numbers:")) and len(container.array(name)) != count:
            yield DOCUMENTS, name, f"It has {len(container.array(name))} numbers for {count} documents."
    yield from _bounds(reader, "stored_bounds", count, len(container.bytes("stored")))
    if reader.has_passages:
        yield from _of_passages(reader, reader.passages, count)


def _of_passages(reader: SegmentReader, passages: Passages, count: int) -> Iterator[Contradiction]:
    container = reader.documents
    rows = {
        "doc_pages": ("page_numbers", "page_files", "page_headings", "page_labels"),
        "doc_passages": ("passage_pages", "passage_headings", "passage_positions", "passage_chars"),
        "doc_blocks": ("block_passages",),
    }
    for bounds, columns in rows.items():
        for column in columns:
            yield from _bounds(reader, bounds, count, len(container.array(column)), column)
    yield from _bounds(reader, "heading_bounds", count, len(container.bytes("headings")))
    yield from _bounds(reader, "block_bounds", len(passages.block_passages), len(container.bytes("text")))
    if int(passages.block_passages.sum(dtype=np.int64)) != len(passages.passage_pages):
        yield DOCUMENTS, "block_passages", "The blocks do not hold as many passages as there are."
        return
    pages_of_doc, passages_of_doc = (
        np.diff(bounds.astype(np.int64)) for bounds in (passages.doc_pages, passages.doc_passages)
    )
    pages = np.repeat(pages_of_doc, passages_of_doc.astype(np.int64))
    if (passages.passage_pages >= pages).any():
        yield DOCUMENTS, "passage_pages", "A passage is on a page that its document does not have."


def _bounds(reader: SegmentReader, name: str, count: int, end: int, rows: str = "") -> Iterator[Contradiction]:
    problem = _problem_of_bounds(reader.documents.array(name), count, end)
    if problem:
        yield DOCUMENTS, rows or name, problem


def _problem_of_bounds(bounds: NDArray[np.unsignedinteger], count: int, end: int) -> str:
    """What is wrong with the bounds of `count` runs that must fill `end` places; "" for nothing."""
    if len(bounds) != count + 1:
        return f"There are {len(bounds)} bounds for {count} runs."
    if bounds[0] != 0 or bounds[-1] != end:
        return f"The bounds go from {bounds[0]} to {bounds[-1]}, and there are {end} places."
    return "The bounds do not ascend." if (bounds[1:] < bounds[:-1]).any() else ""


def _of_terms(reader: SegmentReader, field: str, doc_count: int) -> Iterator[tuple[str, str]]:
    lexicon = reader.lexicon(field)
    assert lexicon is not None
    count = len(lexicon)
    sections = {"doc_freqs": lexicon.doc_freqs, "occurrences": lexicon.occurrences, "shapes": lexicon.shapes}
    wrong = [name for name, column in sections.items() if len(column) != count]
    if wrong:
        yield wrong[0], f"It has another length than the {count} terms."
        return
    for name, of, end in (("term_bounds", count, "terms"), ("surface_bounds", count, "surfaces")):
        problem = _problem_of_bounds(
            reader.terms.array(f"{field}:{name}"), of, len(reader.terms.bytes(f"{field}:{end}"))
        )
        if problem:
            yield name, problem
            return
    terms = list(lexicon.terms())
    if any(left >= right for left, right in pairwise(terms)):
        yield "terms", "The terms do not ascend."
    if not np.array_equal(heads_of(terms), reader.terms.array(f"{field}:heads")):
        yield "heads", "They are not those of the terms."
    yield from _of_postings(lexicon, doc_count)


def _of_postings(lexicon: Lexicon, doc_count: int) -> Iterator[tuple[str, str]]:
    lengths = lexicon.occurrences.astype(np.int64) + lexicon.doc_freqs
    ends = np.cumsum(lengths)
    _, surface_counts = lexicon.all_surfaces()
    first = 0
    while first < len(lexicon):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + STRETCH_WORDS, "right")))
        problem = _problem_of_stretch(lexicon, first, last, surface_counts, doc_count)
        if problem:
            yield "postings", problem
            return
        first = last


def _problem_of_stretch(
    lexicon: Lexicon, first: int, last: int, surface_counts: NDArray[np.int64], doc_count: int
) -> str:
    try:
        if (lexicon.shapes[first:last] & FOREIGN).any():
            for number in range(first, last):
                found = foreign_postings(lexicon, number).doc_ids
                if len(found) and (int(found[-1]) >= doc_count or (found[1:] <= found[:-1]).any()):
                    return f"The documents of the term {lexicon.term(number)!r} are no ascending ones of the segment."
            return ""
        postings = lexicon.postings(first, last, surface_counts[first:last])
    except (IndexError, ValueError) as error:
        return f"The postings of the terms {first} to {last} do not lie in the file ({error})."
    return _problem_of_postings(postings, doc_count)


def _problem_of_postings(postings: FieldPostings, doc_count: int) -> str:
    ids, doc_freqs = postings.doc_ids, postings.doc_freqs
    if not doc_freqs.all():
        return "A term is in no document."
    if (ids >= doc_count).any():
        return f"A document {int(ids.max())} is spoken of, and there are {doc_count}."
    rising = ids[1:] > ids[:-1]
    rising[bounds_of(doc_freqs)[1:-1] - 1] = True  # from one term to the next
    if not rising.all():
        return "The documents of a term do not ascend."
    if postings.positions is None or postings.surfaces is None:
        return ""
    words = np.add.reduceat(postings.term_freqs.astype(np.int64), bounds_of(doc_freqs)[:-1])
    if not np.array_equal(words, postings.occurrences):
        return "A term does not occur as often as its documents say."
    if (postings.surfaces >= np.repeat(postings.surface_counts, postings.occurrences)).any():
        return "A word has a surface that its term does not."
    return ""
