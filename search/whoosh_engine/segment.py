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
from reportsearch.indexer.fields import TEXT_FIELDS

from .rank import Scoring
from .recent import Recent
from .term_postings import TermPostings
from .values import FieldValues

if TYPE_CHECKING:
    from .similar import Deletions

__all__ = ["Averages", "SearchedSegment"]

_RECENT_TERMS = 1024, 4_000_000
"""Those asked for last, of which a segment's postings are kept; and how many postings at most, of which each may take
16 bytes."""
_RECENT_PHRASES = 32, 1_000_000
"""Those of a query, until it is answered; and how many places at most, of 8 bytes each."""
_SOON_TOLD, _FOR_EACH = 5000, 8
"""Words whose places are told in the time that it takes to begin to look for some in their documents, and to look for
one."""


class SearchedSegment:
    """A segment, its deletions, and where its documents stand among those of all segments (`first`)."""

    def __init__(self, segment: Any, reader: SegmentReader, first: int, places: Recent[NDArray[np.int64]]) -> None:
        self.reader = reader
        self.first = first
        self.count: int = segment.doc_count_all()
        self.live_count: int = segment.doc_count()
        self.live: NDArray[np.bool_] | None = ~_deletions(segment) if segment.has_deletions() else None
        """bool[documents]; None where none is deleted."""
        self._recent: Recent[Mapping[str, TermPostings]] = Recent(*_RECENT_TERMS)
        self._places = places
        self.phrases: Recent[Mapping[str, NDArray[np.int64]]] = Recent(*_RECENT_PHRASES)
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
        """A term's postings in each searched field of which a document has it; kept for a while."""
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

    def places(self, postings: TermPostings, surface: int | None) -> NDArray[np.int64]:
        """Where a term's words stand in its field; see `TermPostings.places`. They are kept for a while: words come
        again, on the next page, with another filter, or in another query."""
        key = self._key_of_places(postings, surface)
        found = self._places.find(key)
        if found is None:
            found = postings.places(surface)
            self._places.keep(key, found, len(found))
        return found

    def known_places(self, postings: TermPostings, surface: int | None, wanted: int) -> NDArray[np.int64] | None:
        """The same, if they are kept or soon told; None where so many wanted ones are found more quickly without."""
        if postings.posting.occurrences <= _SOON_TOLD + _FOR_EACH * wanted:
            return self.places(postings, surface)
        return self._places.find(self._key_of_places(postings, surface))

    def _key_of_places(self, postings: TermPostings, surface: int | None) -> tuple[int, str, int, int | None]:
        return self.first, postings.lexicon.field, postings.number, surface

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
