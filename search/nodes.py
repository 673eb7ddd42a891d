"""The nodes of a query tree that stand for what a person typed: one for each word and for each phrase, over all fields.

Both are of a class of Whoosh's, so that an engine that does not know them still finds the same reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoosh import query

from reportsearch.indexer.fields import TEXT_FIELDS

__all__ = ["AnyField", "PhraseInAnyField"]


class AnyField(query.Or):  # type: ignore[misc]  # whoosh.query is untyped
    """One word in any of the searched fields.

    `word` is as typed, `surface` is it folded; `terms` are its stems, one for each language that reports are in. With
    `exact` only the surface itself counts, no inflection. A node is not changed once it is made.
    """

    boost, minmatch, scale = 1.0, 0, None  # what Whoosh's own sets for each

    def __init__(self, word: str, surface: str, terms: Sequence[str], *, exact: bool = False) -> None:
        self.word = word
        self.surface = surface
        self.terms = tuple(terms if len(terms) < 2 else dict.fromkeys(terms))
        self.exact = exact
        self.key = self.terms, surface if exact else None
        """What tells it from other words: the terms, and the surface where only that counts."""

    @property
    def subqueries(self) -> list[query.Query]:
        """What it means to Whoosh: made when Whoosh asks, because our engine does not."""
        return [query.Term(field, term) for field in TEXT_FIELDS for term in self.terms]

    @property
    def term(self) -> str:
        """The stem in the collection's own language."""
        return self.terms[0]


class PhraseInAnyField(query.Or):  # type: ignore[misc]
    """Consecutive words in one of the searched fields, each as it stands; see `AnyField`.

    A quoted phrase is `required`; the parts of a reference (S/2022/493) only belong together.
    """

    boost, minmatch, scale = 1.0, 0, None

    def __init__(self, words: Sequence[AnyField], *, required: bool = True) -> None:
        self.parts = tuple(words)
        self.required = required
        self.key = tuple([part.key for part in self.parts])

    @property
    def subqueries(self) -> list[query.Query]:
        """See `AnyField`."""
        return [query.Phrase(field, [word.term for word in self.parts]) for field in TEXT_FIELDS]

    @property
    def words(self) -> tuple[str, ...]:
        """As typed."""
        return tuple(part.word for part in self.parts)

    @property
    def terms(self) -> tuple[str, ...]:
        """The stem of each word in the collection's own language."""
        return tuple(part.term for part in self.parts)
