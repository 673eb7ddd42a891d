"""Query types that are not evaluated on arrays: Whoosh's own matchers, one posting at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from whoosh import fields, query

from reportsearch.indexer.codec import Toc

from .matches import Matches

if TYPE_CHECKING:
    from whoosh.searching import Searcher

__all__ = ["Fallback"]


class Fallback:
    """Whoosh's searchers on the segments of one commit, opened when they are first needed."""

    def __init__(self, folder: Path, toc: Toc) -> None:
        self._folder = folder
        self._toc = toc

    @cached_property
    def _searchers(self) -> Sequence[Searcher]:
        from .whoosh_searchers import searchers_of  # noqa: PLC0415  most searches need nothing of them

        return searchers_of(self._folder, self._toc)

    def matches(self, tree: query.Query) -> list[Matches]:
        """What a query finds in each segment, with Whoosh's scores."""
        from .whoosh_searchers import matches_of  # noqa: PLC0415

        return [matches_of(searcher, tree) for searcher in self._searchers]

    def is_word_field(self, field: str) -> bool:
        """Whether the field's terms are the encoded words themselves; those of numbers and dates are not."""
        return field in self._word_fields

    @cached_property
    def _word_fields(self) -> frozenset[str]:
        kinds = fields.TEXT | fields.KEYWORD | fields.ID
        return frozenset(name for name, kind in self._toc.schema.items() if isinstance(kind, kinds))

    def column(self, number: int, field: str, doc_id: int) -> bytes:
        """What a column of a segment holds for a document."""
        value: bytes = self._searchers[number].reader().column_reader(field)[doc_id]
        return value
