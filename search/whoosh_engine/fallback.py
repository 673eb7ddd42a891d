"""Query types that are not evaluated on arrays: Whoosh's own matchers, one posting at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from whoosh import fields, query
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from reportsearch.indexer.codec import Toc

from .matches import Matches

__all__ = ["Fallback"]


class Fallback:
    """Whoosh's searchers on the segments of one commit, opened when they are first needed."""

    def __init__(self, folder: Path, toc: Toc) -> None:
        self._folder = folder
        self._toc = toc

    @cached_property
    def _searchers(self) -> Sequence[Searcher]:
        storage = FileStorage(str(self._folder))
        readers = [SegmentReader(storage, self._toc.schema, segment) for segment in self._toc.segments]
        return [Searcher(reader, weighting=BM25F()) for reader in readers]

    def matches(self, tree: query.Query) -> list[Matches]:
        """What a query finds in each segment, with Whoosh's scores."""
        return [_matches(searcher, tree) for searcher in self._searchers]

    def is_word_field(self, field: str) -> bool:
        """Whether the field's terms are the encoded words themselves; those of numbers and dates are not."""
        kinds = dict(self._toc.schema.items())
        return isinstance(kinds.get(field), fields.TEXT | fields.KEYWORD | fields.ID)

    def column(self, number: int, field: str, doc_id: int) -> bytes:
        """What a column of a segment holds for a document."""
        value: bytes = self._searchers[number].reader().column_reader(field)[doc_id]
        return value


def _matches(searcher: Searcher, tree: query.Query) -> Matches:
    found = searcher.search(tree, limit=None).top_n  # pairs of score and document
    doc_ids = np.array([doc_id for _, doc_id in found], np.intp)
    scores = np.array([score for score, _ in found], np.float64)
    order = np.argsort(doc_ids)
    return Matches(doc_ids[order], scores[order])
