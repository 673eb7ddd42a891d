"""One commit of a collection's index, open for searching. Threads may share it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from reportsearch.indexer.codec import PAGES, SegmentReader, Toc, decode_pages
from reportsearch.indexer.codec.container import decoded
from reportsearch.indexer.codec.ranges import distinct
from reportsearch.indexer.fields import SCHEMA_VERSION
from reportsearch.indexer.report import Page

from ..engine import Asked, EngineStatus, Identities, Match, Ranking, Reasons, Request
from ..nodes import AnyField, PhraseInAnyField
from .evaluate import Evaluator
from .fallback import Fallback
from .filters import count_values, mask_of
from .locate import Sought, passages_of
from .matches import Matches, either
from .occurrences import Occurrences, occurrences
from .places import UPPER
from .rank import BM25F, Scoring, coverage, full_score, relevance
from .recent import Recent
from .segment import Averages, SearchedSegment
from .topk import best

__all__ = ["WhooshSnapshot"]

_RECENT_PLACES = 1024, 4_000_000
"""Terms whose places are kept; and how many places at most, of 8 bytes each."""
_Ranked = list[tuple[float, int]]
"""What is sorted by (a smaller number comes first), and the document."""


class WhooshSnapshot:
    """All segments of one commit; documents are numbered through them."""

    def __init__(
        self,
        folder: Path,
        toc: Toc,
        readers: Mapping[str, SegmentReader],
        scoring: Scoring | None = None,
    ) -> None:
        self.folder = folder
        self.version = f"{SCHEMA_VERSION}.{toc.generation}"
        self.generation = toc.generation
        self._segments: list[SearchedSegment] = []
        self._firsts: list[int] = []
        places: Recent[NDArray[np.int64]] = Recent(*_RECENT_PLACES)
        first = 0
        for segment in toc.segments:
            self._segments.append(SearchedSegment(segment, readers[segment.segment_id()], first, places))
            self._firsts.append(first)
            first += segment.doc_count_all()
        self._averages = Averages(self._segments)
        self._fallback = Fallback(folder, toc)
        self._evaluator = Evaluator(self._segments, self._averages, scoring or BM25F(), self._fallback)

    # Searching

    def search(self, request: Request) -> Ranking:
        total, ranked, facets = self._answered(request)
        return Ranking(total, self._matches(ranked, request), facets)

    def identities(self, request: Request) -> Identities:
        total, ranked, facets = self._answered(request)
        return Identities(self._identities([doc_id for _, doc_id in ranked[request.offset :]]), total, facets)

    def _identities(self, doc_ids: Sequence[int]) -> tuple[str, ...]:
        if len(self._segments) == 1:
            return tuple(self._segments[0].identities(doc_ids))
        places = [self._place(doc_id) for doc_id in doc_ids]
        return tuple(segment.identities([own_id])[0] for segment, own_id in places)

    def _answered(self, request: Request) -> tuple[int, _Ranked, Mapping[str, Mapping[str, int]]]:
        """How many reports match, the best with what they are sorted by, and the counts of their values."""
        words = _all_meant(request.tree)
        if words and request.sort == "relevance":
            return self._answered_words(words, request)
        all_found = self._found(words) if words else self._evaluator.evaluate(request.tree)
        found = [self._filtered(*pair, request) for pair in zip(self._segments, all_found, strict=True)]
        doc_ids = [matches.doc_ids for matches in found]
        return sum(map(len, found)), self._ranked(found, request), self._counted(doc_ids, request.facets)

    def _found(self, words: Sequence[AnyField]) -> list[Matches]:
        """The matches of a query that is nothing but words."""
        return [
            either([_raised(each, len(words)) for each in of_segment], segment.count)
            for segment, *of_segment in zip(self._segments, *map(self._evaluator.evaluate, words), strict=True)
        ]

    def _answered_words(
        self, words: Sequence[AnyField], request: Request
    ) -> tuple[int, _Ranked, Mapping[str, Mapping[str, int]]]:
        """The same for a query that is nothing but words: one sum over all documents of a segment."""
        count = request.offset + request.limit
        ranked: _Ranked = []
        total, found = 0, []
        lists, telling = self._evaluator.words(words)
        for segment, of_segment in zip(self._segments, lists, strict=True):
            of_segment.filter(mask_of(segment, request.filters, request.exclude))
            ranked += _numbered(segment, of_segment.best(telling, count))
            if request.total or request.facets:
                total += len(of_segment.doc_ids)
                found.append(of_segment.doc_ids)
        ranked.sort()
        return total, ranked[:count], self._counted(found, request.facets)

    def _filtered(self, segment: SearchedSegment, found: Matches, request: Request) -> Matches:
        mask = mask_of(segment, request.filters, request.exclude)
        if mask is None:
            return found
        kept = mask[found.doc_ids]
        return Matches(found.doc_ids[kept], found.scores[kept])

    def _ranked(self, found: Sequence[Matches], request: Request) -> _Ranked:
        """The best of all segments: what is sorted by, and the document."""
        count = request.offset + request.limit
        if request.sort == "title":
            return self._by_title(found)[:count]
        ranked: _Ranked = []
        for segment, matches in zip(self._segments, found, strict=True):
            keyed = _keyed(segment, matches, request.sort)
            ranked += _numbered(segment, best(keyed, count) if len(keyed) > count else keyed)
        ranked.sort()
        return ranked[:count]

    def _by_title(self, found: Sequence[Matches]) -> _Ranked:
        titled = [
            (str(segment.reader.stored(doc_id)["record"]["title"]).casefold(), doc_id + segment.first)
            for segment, matches in zip(self._segments, found, strict=True)
            for doc_id in matches.doc_ids.tolist()
        ]
        return [(float(rank), doc_id) for rank, (_, doc_id) in enumerate(sorted(titled))]

    def _counted(self, found: Sequence[NDArray[np.intp]], facets: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each field its values, the most frequent first, of equal ones in their order."""
        return {field: self._values_of(found, field) for field in facets}

    def _values_of(self, found: Sequence[NDArray[np.intp]], field: str) -> dict[str, int]:
        counted = [count_values(*pair, field) for pair in zip(self._segments, found, strict=True)]
        if len(counted) == 1:
            return counted[0]
        total: Counter[str] = Counter()
        for counts in counted:
            total.update(counts)
        return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))

    def _matches(self, ranked: _Ranked, request: Request) -> tuple[Match, ...]:
        shown = ranked[request.offset :]
        records = self._records([doc_id for _, doc_id in shown])
        if request.sort != "relevance":
            return tuple([Match(doc_id, 0.0, record) for (_, doc_id), record in zip(shown, records, strict=True)])
        full = full_score(len(_all_meant(request.tree)))
        return tuple(
            [
                Match(doc_id, relevance(-key), record, -key >= full)
                for (key, doc_id), record in zip(shown, records, strict=True)
            ]
        )

    def _records(self, doc_ids: Sequence[int]) -> list[Mapping[str, Any]]:
        """What is stored of some reports."""
        if len(self._segments) == 1:
            return [stored["record"] for stored in self._segments[0].reader.stored_of(doc_ids)]
        places = [self._place(doc_id) for doc_id in doc_ids]
        return [segment.reader.stored(own_id)["record"] for segment, own_id in places]

    def _place(self, doc_id: int) -> tuple[SearchedSegment, int]:
        segment = self._segments[bisect_right(self._firsts, doc_id) - 1]
        return segment, doc_id - segment.first

    # What the found reports say

    def reasons(self, matches: Sequence[Match], asked: Asked, limit: int) -> list[Reasons]:
        are_whole = len(asked) < 2 or all(match.has_all for match in matches)
        if are_whole and not limit:
            return [Reasons((), ())] * len(matches)
        sought = [Sought(node, self._worth(node)) for node in asked]
        reasons: dict[int, Reasons] = {}
        for place, doc_ids in self._by_segment(matches):
            segment = self._segments[place]
            found = occurrences(segment, doc_ids, asked)
            passages = passages_of(segment, doc_ids, found, sought, limit)
            missing: Sequence[Sequence[int]] = (
                [()] * len(doc_ids) if are_whole else self._missing(place, doc_ids, found, asked)
            )
            for doc_id, of_hit, lacking in zip(doc_ids.tolist(), passages, missing, strict=True):
                reasons[doc_id + segment.first] = Reasons(of_hit, lacking)
        return [reasons[match.doc_id] for match in matches]

    def _worth(self, node: Any) -> float:
        return self._evaluator.idf(node) if isinstance(node, AnyField) else sum(map(self._evaluator.idf, node.parts))

    def _missing(
        self, place: int, doc_ids: NDArray[np.intp], found: Occurrences, asked: Asked
    ) -> Sequence[Sequence[int]]:
        """For each of these documents the numbers of what it has in no field, of what need not be there."""
        in_text = np.zeros((len(asked), len(doc_ids)), np.bool_)
        places, numbers = found.arrays
        in_text[numbers, places >> UPPER] = True
        missing: list[list[int]] = [[] for _ in doc_ids]
        numbers, hits_without = (~in_text).nonzero()
        for number, of_number in groupby(zip(numbers.tolist(), hits_without.tolist(), strict=True), itemgetter(0)):
            node = asked[number]
            if isinstance(node, PhraseInAnyField) and node.required:
                continue
            hits = [hit for _, hit in of_number]
            having = self._evaluator.have_above_text(node, place, doc_ids[hits])
            for hit, has in zip(hits, having.tolist(), strict=True):
                if not has:
                    missing[hit].append(number)
        return missing

    def _by_segment(self, matches: Sequence[Match]) -> list[tuple[int, NDArray[np.intp]]]:
        """The documents of the matches, ascending, by the place of the segment that they are in."""
        doc_ids = np.array(sorted([match.doc_id for match in matches]), np.intp)
        if len(self._segments) == 1:
            return [(0, doc_ids)]
        places = np.searchsorted(self._firsts, doc_ids, "right") - 1
        return [(place, doc_ids[places == place] - self._firsts[place]) for place in distinct(places).tolist()]

    def pages(self, doc_id: int) -> tuple[Page, ...]:
        segment, own_id = self._place(doc_id)
        if segment.reader.has_passages:
            return segment.reader.passages.pages(own_id)
        return decode_pages(self._fallback.column(self._segments.index(segment), PAGES, own_id))

    # The commit

    def find(self, identity: str) -> Match | None:
        for segment in self._segments:
            found = segment.postings("id", identity)
            if found is not None:
                (lives,) = segment.kept(found.doc_ids)
                if len(lives):
                    doc_id = int(lives[0]) + segment.first
                    return Match(doc_id, 0.0, self._records([doc_id])[0])
        return None

    def languages(self) -> list[str]:
        return self._languages

    @cached_property
    def _languages(self) -> list[str]:
        total: Counter[str] = Counter()
        for segment in self._segments:
            lexicon = segment.reader.lexicon("language")
            if lexicon is not None:
                for term, count in zip(lexicon.terms(), lexicon.doc_freqs.tolist(), strict=True):
                    total[decoded(term)] += count
        return [language for language, _ in total.most_common()]

    def damage(self) -> str:
        """Which section of which file is not as it was written, "" if all are: looked at when something went wrong."""
        for segment in self._segments:
            for container in (segment.reader.documents, segment.reader.terms):
                for section in container.damaged():
                    return f"section {section} of {container.name}"
        return ""

    def status(self) -> EngineStatus:
        pages = 0
        for segment in self._segments:
            counts = segment.reader.numbers("page_count")
            if counts is not None:
                pages += int((counts if segment.live is None else counts[segment.live]).sum(dtype=np.int64))
        size = 0
        for file in self.folder.iterdir():
            with suppress(OSError):
                size += file.stat().st_size
        return EngineStatus("whoosh", self._averages.reports, pages, self.version, size)


def _all_meant(tree: query.Query) -> list[AnyField]:
    """The words of a query that is nothing but words; [] for any other."""
    children = tree.subqueries if type(tree) is query.Or and tree.boost == 1.0 else []
    return list(children) if children and all(type(child) is AnyField for child in children) else []


def _numbered(segment: SearchedSegment, top: Matches) -> _Ranked:
    """The best of a segment, numbered through all of them."""
    return list(zip((-top.scores).tolist(), (top.doc_ids + segment.first).tolist(), strict=True))


def _raised(matches: Matches, words: int) -> Matches:
    """Of a few words all are meant: each that a report has raises it above all that have fewer."""
    return Matches(matches.doc_ids, matches.scores + coverage(words))


def _keyed(segment: SearchedSegment, matches: Matches, sort: str) -> Matches:
    """The matches with what they are sorted by as their score."""
    if sort == "relevance":
        return matches
    dates = segment.reader.numbers("date")
    days = np.zeros(len(matches)) if dates is None else dates[matches.doc_ids].astype(np.float64)
    if sort == "date":
        days = np.where(days > 0, -days, -np.inf)  # reports without a date come last either way
    return Matches(matches.doc_ids, days)
