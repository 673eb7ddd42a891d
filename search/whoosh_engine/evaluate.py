"""A query tree on all segments of a commit: which documents match, with which scores.

Words and phrases are evaluated on arrays, and so are and, or, not, prefixes, wildcards, similar words and ranges over
them. Any other query is left to Whoosh's own matchers, which find the same documents more slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from reportsearch.indexer.codec.ranges import first_in_each, lengths_of
from reportsearch.indexer.fields import TEXT_FIELDS

from ..nodes import AnyField, PhraseInAnyField
from .expand import expansions
from .fallback import Fallback
from .matches import NONE, Matches, alike, both, either, rows_by_search, without
from .phrases import phrase_places
from .places import UPPER
from .rank import Scoring, idf, weights_of
from .recent import Recent
from .segment import Averages, SearchedSegment
from .word_lists import WordLists
from .words import documents_with, have_word_above_text, word_weights

__all__ = ["Evaluator"]

_BySegment = list[Matches]
_RECENT_WORDS = 64, 1_000_000
"""Those of the longest query, whose matches are kept until it is answered; and how many matches at most, of 16 bytes
each."""
_KNOWN_IDFS = 4096
"""Of words; a commit's do not change."""


class Evaluator:
    """Evaluates query trees on one commit."""

    def __init__(
        self, segments: Sequence[SearchedSegment], averages: Averages, scoring: Scoring, fallback: Fallback
    ) -> None:
        self._segments = segments
        self._averages = averages
        self._scoring = scoring
        self._fallback = fallback
        self._recent: Recent[_BySegment] = Recent(*_RECENT_WORDS)
        self._idfs: Recent[float] = Recent(_KNOWN_IDFS)

    def evaluate(self, tree: query.Query) -> _BySegment:
        """The matches of a tree, for each segment."""
        handler = self._handler(tree)
        found = self._fallback.matches(tree) if handler is None else handler(tree)
        boost = getattr(tree, "boost", 1.0)  # ConstantScoreQuery has none
        return found if boost == 1.0 or handler is None else [_times(each, boost) for each in found]

    def _handler(self, tree: query.Query) -> Callable[[query.Query], _BySegment] | None:
        """What evaluates a node of exactly this class; of a subclass that is not known, Whoosh knows better."""
        name = _HANDLERS.get(type(tree))
        if name is None or (name in ("_expanded", "_term") and not self._is_plain(tree)):
            return None
        handler: Callable[[query.Query], _BySegment] = getattr(self, name)
        return handler

    def _is_plain(self, tree: query.Query) -> bool:
        """Whether the terms of its field are words as they are, in segments that are all our own."""
        return self._fallback.is_word_field(tree.field())

    # Leaves

    def word(self, word: AnyField) -> _BySegment:
        """The reports that have a word."""
        return self._scored(self.weights(word))

    def weights(self, word: AnyField) -> _BySegment:
        """The reports that have a word, with weights in place of scores. They are kept until the query is answered."""
        found = self._recent.find(word.key)
        if found is not None:
            return found
        found = self._found(*word.key)
        return self._recent.keep(word.key, found, sum(map(len, found)))

    def _found(self, terms: Sequence[str], surface: str | None) -> _BySegment:
        return [
            word_weights(segment, TEXT_FIELDS, terms, surface, self._scoring, self._averages)
            for segment in self._segments
        ]

    def words(self, words: Sequence[AnyField]) -> tuple[list[WordLists], list[float]]:
        """For each segment where the words are, and how telling each is."""
        lists = [WordLists(segment, words, self._scoring, self._averages) for segment in self._segments]
        having = [sum([each.counts[number] for each in lists]) for number in range(len(words))]
        telling = [idf(self._averages.reports, count) for count in having]
        for word, of_word in zip(words, telling, strict=True):
            if not word.exact:
                self._idfs.keep(word.terms, of_word)
        return lists, [word.boost * of_word for word, of_word in zip(words, telling, strict=True)]

    def have_above_text(self, node: query.Query, place: int, doc_ids: NDArray[np.intp]) -> NDArray[np.bool_]:
        """bool[n]: which of these reports of the segment at a place, none of which has a word or phrase in its text,
        have it above that: in the title, headings or summary."""
        if type(node) is AnyField and not node.exact:
            return have_word_above_text(self._segments[place], node.terms, doc_ids)
        found = self.weights(node) if type(node) is AnyField else self.evaluate(node)
        return rows_by_search(found[place].doc_ids, doc_ids)[1]

    def phrase(self, phrase: PhraseInAnyField) -> _BySegment:
        """The reports that have a phrase, as if it were one word, as telling as all of its words together."""
        found = [self._phrase_weights(segment, phrase) for segment in self._segments]
        telling = sum(map(self.idf, phrase.parts))
        return [Matches(each.doc_ids, self._scoring.scores(each.scores, telling)) for each in found]

    def _phrase_weights(self, segment: SearchedSegment, phrase: PhraseInAnyField) -> Matches:
        weighted = []
        for field, places in phrase_places(segment, phrase).items():
            doc_ids, freqs = _counted(places)
            norms = segment.norms(field, self._scoring, self._averages)
            weights = weights_of(self._scoring, field, doc_ids, freqs, norms)
            weighted.append(Matches(*segment.kept(doc_ids, weights)))
        return either(weighted, segment.count)

    def idf(self, word: AnyField) -> float:
        """How telling a word is, in any inflection."""
        known = self._idfs.find(word.terms)
        return self._idfs.keep(word.terms, self._idf(word)) if known is None else known

    def _idf(self, word: AnyField) -> float:
        having = sum(documents_with(segment, word.terms) for segment in self._segments)
        return idf(self._averages.reports, having)

    def _term(self, term: query.Term) -> _BySegment:
        return self._scored(
            [
                word_weights(segment, [term.fieldname], [term.text], None, self._scoring, self._averages)
                for segment in self._segments
            ]
        )

    def _scored(self, weighted: Sequence[Matches]) -> _BySegment:
        telling = idf(self._averages.reports, sum(map(len, weighted)))
        return [Matches(each.doc_ids, self._scoring.scores(each.scores, telling)) for each in weighted]

    def _every(self, tree: query.Every) -> _BySegment:
        """All reports, or those that have any word of a field; all alike."""
        found = []
        for segment in self._segments:
            doc_ids = segment.all_doc_ids
            if tree.fieldname is not None:
                doc_ids = doc_ids[segment.has_field(tree.fieldname)[doc_ids]]
            found.append(alike(doc_ids))
        return found

    def _expanded(self, tree: query.Query) -> _BySegment:
        """The reports that have any of the words that a pattern stands for; all alike."""
        found = []
        for segment in self._segments:
            doc_ids = expansions(segment, tree)
            (lives,) = segment.kept(doc_ids)
            found.append(alike(lives))
        return found

    # Trees

    def _or(self, tree: query.Or) -> _BySegment:
        children = [self.evaluate(child) for child in tree.subqueries]
        return [
            either(of_segment, segment.count)
            for segment, of_segment in zip(self._segments, _by_segment(children, self._segments), strict=True)
        ]

    def _and(self, tree: query.And) -> _BySegment:
        if not tree.subqueries:
            return [NONE] * len(self._segments)
        wanted = [child for child in tree.subqueries if not isinstance(child, query.Not)]
        barred = [child.query for child in tree.subqueries if isinstance(child, query.Not)]
        children = [self.evaluate(child) for child in wanted] or [self._every(query.Every())]
        found = [reduce(both, sorted(each, key=len)) for each in _by_segment(children, self._segments)]
        for child in barred:
            found = [without(*pair) for pair in zip(found, self.evaluate(child), strict=True)]
        return found

    def _and_maybe(self, tree: query.AndMaybe) -> _BySegment:
        pairs = zip(self.evaluate(tree.a), self.evaluate(tree.b), strict=True)
        return [_with_bonus(required, optional) for required, optional in pairs]

    def _and_not(self, tree: query.AndNot) -> _BySegment:
        return [without(*pair) for pair in zip(self.evaluate(tree.a), self.evaluate(tree.b), strict=True)]

    def _not(self, tree: query.Not) -> _BySegment:
        return [without(*pair) for pair in zip(self._every(query.Every()), self.evaluate(tree.query), strict=True)]

    def _require(self, tree: query.Require) -> _BySegment:
        pairs = zip(self.evaluate(tree.a), self.evaluate(tree.b), strict=True)
        return [both(scored, Matches(other.doc_ids, np.zeros(len(other)))) for scored, other in pairs]

    def _nothing(self, _: query.Query) -> _BySegment:
        return [NONE] * len(self._segments)

    def _constant(self, tree: query.ConstantScoreQuery) -> _BySegment:
        return [Matches(each.doc_ids, np.full(len(each), float(tree.score))) for each in self.evaluate(tree.child)]


_HANDLERS: dict[type, str] = {
    type(query.NullQuery): "_nothing",
    AnyField: "word",
    PhraseInAnyField: "phrase",
    query.Or: "_or",
    query.And: "_and",
    query.AndMaybe: "_and_maybe",
    query.AndNot: "_and_not",
    query.Not: "_not",
    query.Require: "_require",
    query.Every: "_every",
    query.ConstantScoreQuery: "_constant",
    query.Term: "_term",
    query.Prefix: "_expanded",
    query.Wildcard: "_expanded",
    query.FuzzyTerm: "_expanded",
    query.TermRange: "_expanded",
}


def _counted(places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64] | float]:
    """The documents of some places (ascending), and how many each has; 1 where each has one."""
    if len(places) <= _FEW:
        few = [place >> UPPER for place in places.tolist()]
        if len(set(few)) == len(few):
            return np.array(few, np.intp), 1.0
    doc_ids = places >> UPPER
    firsts = first_in_each(doc_ids)
    return doc_ids[firsts], lengths_of(firsts, len(doc_ids))


_FEW = 12
"""Places that are told apart one by one in the time that it takes to count all at once."""


def _times(matches: Matches, boost: float) -> Matches:
    return Matches(matches.doc_ids, matches.scores * boost)


def _by_segment(children: Sequence[_BySegment], segments: Sequence[SearchedSegment]) -> list[list[Matches]]:
    return [[child[number] for child in children] for number in range(len(segments))]


def _with_bonus(required: Matches, optional: Matches) -> Matches:
    """The required documents, their scores higher by what the optional ones have."""
    rows, found = rows_by_search(optional.doc_ids, required.doc_ids)
    scores = required.scores.copy()
    scores[found] += optional.scores[rows[found]]
    return Matches(required.doc_ids, scores)
