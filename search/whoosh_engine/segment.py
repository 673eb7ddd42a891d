"""One segment of a commit, as searches need it: which documents live, and what is computed from its columns once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec import ArraySegment, Lexicon, SegmentReader
from reportsearch.indexer.codec.container import decoded, encoded
from reportsearch.indexer.codec.lexicon import head_of
from reportsearch.indexer.codec.ranges import bounds_of
from reportsearch.indexer.fields import TEXT_FIELDS

from .matches import places_in, rows_in
from .rank import Scoring
from .recent import Recent
from .values import FieldValues

if TYPE_CHECKING:
    from .phrases import Places
    from .similar import Deletions

__all__ = ["Averages", "SearchedSegment", "TermPostings"]


_RECENT_TERMS = 256, 4_000_000
"""Those of the longest query, whose postings are kept until it is answered; and how many postings at most, of which
each may take 16 bytes."""
_RECENT_PHRASES = 32, 1_000_000
"""Those of a query, until it is answered; and how many places at most, of 16 bytes each."""


class TermPostings:
    """One term's postings in one field, deleted documents too. What not every search needs is made when it is first
    asked for."""

    __slots__ = ("_bounds", "_doc_ids", "_sums", "lexicon", "number", "posting")

    def __init__(self, lexicon: Lexicon, number: int) -> None:
        self.lexicon = lexicon
        self.number = number
        self.posting = lexicon.posting(number)
        self._doc_ids: NDArray[np.intp] | None = None
        self._bounds: NDArray[np.int64] | None = None
        self._sums: memoryview | None = None

    def __len__(self) -> int:
        return len(self.posting.doc_ids)

    @property
    def doc_ids(self) -> NDArray[np.intp]:
        """intp[df], ascending."""
        if self._doc_ids is None:
            self._doc_ids = self.posting.doc_ids.astype(np.intp)
        return self._doc_ids

    @property
    def surfaces(self) -> list[bytes]:
        """The words, folded, that the term stands for."""
        return self.lexicon.surfaces(self.number)

    @property
    def term_freqs(self) -> NDArray[Any] | float:
        """For each document; 1 where it is so for all."""
        freqs = self.posting.term_freqs
        return 1.0 if freqs is None else freqs

    @property
    def word_bounds(self) -> NDArray[np.int64]:
        """int64[df + 1]: which of the term's words stand in each document."""
        if self._bounds is None:
            freqs = self.posting.term_freqs
            self._bounds = np.arange(len(self) + 1) if freqs is None else bounds_of(freqs)
        return self._bounds

    def words_at(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of the term's words stand in some of its documents (ascending): the first one, and how many."""
        freqs = self.posting.term_freqs
        if freqs is None:
            return rows, np.ones(len(rows), np.int64)
        counts = freqs[rows].astype(np.int64)
        if self._bounds is not None or len(freqs) <= len(rows) * 4:
            return self.word_bounds[rows], counts
        if len(freqs) < _SOON:
            return freqs.cumsum(dtype=np.int64)[rows] - counts, counts
        if len(rows) * _OF_ONE < len(freqs):
            return self._few_starts(rows, freqs), counts
        return _starts(rows, freqs), counts

    def _few_starts(self, rows: NDArray[np.intp], freqs: NDArray[Any]) -> NDArray[np.int64]:
        """As `_starts`. Of a word in so many documents others will ask too: sums of blocks are kept for them."""
        if self._sums is None:
            blocks = np.add.reduceat(freqs, np.arange(0, len(freqs), _BLOCK), dtype=np.int64)
            self._sums = bounds_of(blocks).data
        sums, view = self._sums, freqs.data
        starts = [sums[row // _BLOCK] + sum(view[row - row % _BLOCK : row]) for row in rows.tolist()]
        return np.array(starts, np.int64)

    def rows_of(self, wanted: NDArray[np.intp], documents: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """For each wanted document (ascending) its place among the term's, any number where it has none, and whether it
        is there at all; of a segment of so many."""
        doc_ids = self.posting.doc_ids
        if len(wanted) > _FEW or self._doc_ids is not None or documents > 1 << 8 * doc_ids.itemsize:
            return rows_in(self.doc_ids, wanted, documents)
        return places_in(doc_ids, wanted.astype(doc_ids.dtype))  # many are not made larger to look for a few


def _starts(rows: NDArray[np.intp], freqs: NDArray[Any]) -> NDArray[np.int64]:
    """The sum of the frequencies before each row (ascending)."""
    edges = np.concatenate(([0], rows))
    sums = np.add.reduceat(freqs, edges, dtype=np.int64)[:-1]
    sums[edges[1:] == edges[:-1]] = 0  # `reduceat` gives the element where there is nothing to add
    return sums.cumsum()


_BLOCK = 64
_SOON = 16_000
"""Frequencies up to which all of them are added up in the time that any other way takes."""
_OF_ONE = 600
"""Frequencies that are added up in the time that it takes to find the sum before one from those of blocks."""
_FEW = 1000
"""Wanted documents up to which it is not worth while to make all of a term's larger first."""


class SearchedSegment:
    """A segment, its deletions, and where its documents stand among those of all segments (`first`)."""

    def __init__(self, segment: Any, reader: SegmentReader, first: int) -> None:
        self.reader = reader
        self.first = first
        self.count: int = segment.doc_count_all()
        self.live_count: int = segment.doc_count()
        self.live: NDArray[np.bool_] | None = ~_deletions(segment) if segment.has_deletions() else None
        """bool[documents]; None where none is deleted."""
        self._recent: Recent[Mapping[str, TermPostings]] = Recent(*_RECENT_TERMS)
        self.phrases: Recent[Mapping[str, Places]] = Recent(*_RECENT_PHRASES)
        """Where the phrases of a query stand in each field that has them."""
        self._deletions: dict[str, Deletions] = {}
        self._values: dict[str, FieldValues] = {}
        self._norms: dict[str, NDArray[np.float64] | float] = {}

    def field_words(self, field: str) -> int:
        """Words of a field in the documents that live."""
        lengths = self.reader.lengths(field)
        if lengths is None:
            return 0
        return int((lengths if self.live is None else lengths[self.live]).sum(dtype=np.int64))

    def norms(self, field: str, scoring: Scoring, averages: Averages) -> NDArray[np.float64] | float:
        """What the scoring makes of the field's lengths, once."""
        found = self._norms.get(field)
        if found is None:
            found = self._norms[field] = scoring.norms(field, self.reader.lengths(field), averages.of(field))
        return found

    def postings(self, field: str, term: str) -> TermPostings | None:
        """A term's postings; None where no document has it."""
        if field in TEXT_FIELDS:
            return self.text_postings(term).get(field)
        lexicon = self.reader.lexicon(field)
        if lexicon is None or (number := lexicon.find(encoded(term))) is None:
            return None
        return TermPostings(lexicon, number)

    def text_postings(self, term: str) -> Mapping[str, TermPostings]:
        """A term's postings in each searched field of which a document has it; kept until the query is answered."""
        found = self._recent.find(term)
        if found is not None:
            return found
        key = encoded(term)
        head = head_of(key)
        in_fields = {}
        for field, lexicon in self._text_lexicons:
            number = lexicon.find(key, head)
            if number is not None:
                in_fields[field] = TermPostings(lexicon, number)
        return self._recent.keep(term, in_fields, sum(map(len, in_fields.values())))

    @cached_property
    def _text_lexicons(self) -> list[tuple[str, Lexicon]]:
        """Those of the searched fields of which a document has any word."""
        lexicons = [(field, self.reader.lexicon(field)) for field in TEXT_FIELDS]
        return [(field, lexicon) for field, lexicon in lexicons if lexicon]

    def kept(self, doc_ids: NDArray[np.intp], *columns: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """The documents that live, with the same rows of each column."""
        if self.live is None:
            return (doc_ids, *columns)
        lives = self.live[doc_ids]
        return (doc_ids[lives], *(column[lives] for column in columns))

    def values(self, field: str) -> FieldValues | None:
        """The values of a metadata field by document; None where no document has one."""
        found = self._values.get(field)
        lexicon = self.reader.lexicon(field)
        if found is None and lexicon is not None:
            found = self._values[field] = FieldValues.of(lexicon, self.count)
        return found

    def deletions(self, field: str, lexicon: Lexicon) -> Deletions:
        """What is left of a field's terms without one character, for finding similar ones; made once."""
        found = self._deletions.get(field)
        if found is None:
            from .similar import Deletions  # noqa: PLC0415  most searches do without

            found = self._deletions[field] = Deletions.of(lexicon)
        return found

    def identities(self, doc_ids: Sequence[int]) -> list[str]:
        """What these reports are known by."""
        lexicon = self.reader.lexicon("id")
        assert lexicon is not None
        return list(map(decoded, lexicon.some_terms(self._identities[doc_ids].tolist())))

    @cached_property
    def _identities(self) -> NDArray[Any]:
        """For each document the number of its identity in the lexicon."""
        lexicon = self.reader.lexicon("id")
        numbers = np.zeros(self.count, np.uint32)
        if lexicon is not None:
            postings = lexicon.postings(0, len(lexicon), np.zeros(len(lexicon), np.int64))
            numbers[postings.doc_ids] = np.repeat(np.arange(len(lexicon)), postings.doc_freqs)
        return numbers

    def has_field(self, field: str) -> NDArray[np.bool_]:
        """bool[documents]: which ones have any word or value of a field."""
        lengths, values = self.reader.lengths(field), self.values(field)
        if lengths is not None:
            return np.asarray(lengths > 0)
        return np.zeros(self.count, np.bool_) if values is None else np.diff(values.bounds) > 0

    @cached_property
    def all_doc_ids(self) -> NDArray[np.intp]:
        """The documents that live."""
        return np.arange(self.count) if self.live is None else np.flatnonzero(self.live)


def _deletions(segment: Any) -> NDArray[np.bool_]:
    """bool[documents]: which ones are deleted, in a segment of any program."""
    if isinstance(segment, ArraySegment):
        return segment.deletions()
    deleted = np.zeros(segment.doc_count_all(), np.bool_)
    deleted[list(segment.deleted_docs())] = True
    return deleted


class Averages:
    """The mean length of each field over the reports of all segments."""

    def __init__(self, segments: list[SearchedSegment]) -> None:
        self._segments = segments
        self._averages: dict[str, float] = {}
        self.reports = sum(segment.live_count for segment in segments)

    def of(self, field: str) -> float:
        found = self._averages.get(field)
        if found is None:
            words = sum(segment.field_words(field) for segment in self._segments)
            found = self._averages[field] = words / max(1, self.reports)
        return found
