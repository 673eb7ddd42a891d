"""Whoosh's own searchers on the segments of a commit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from reportsearch.indexer.codec import Toc

from .matches import NONE, Matches

__all__ = ["matches_of", "searchers_of"]


def searchers_of(folder: Path, toc: Toc) -> Sequence[Searcher]:
    """One for each segment."""
    storage = FileStorage(str(folder))
    readers = [SegmentReader(storage, toc.schema, segment) for segment in toc.segments]
    return [Searcher(reader, weighting=BM25F()) for reader in readers]


def matches_of(searcher: Searcher, tree: query.Query) -> Matches:
    """What a query finds in the segment, with Whoosh's scores."""
    try:
        found = searcher.search(tree, limit=None).top_n  # pairs of score and document
    except (TermNotFound, KeyError):
        if {leaf.field() for leaf in tree.leaves()} <= {None, *searcher.schema.names()}:
            raise
        return NONE  # Whoosh fails over a field that the index does not have
    is_deleted = searcher.reader().is_deleted  # Whoosh's Not may find deleted documents
    found = [pair for pair in found if not is_deleted(pair[1])]
    doc_ids = np.array([doc_id for _, doc_id in found], np.intp)
    scores = np.array([score for score, _ in found], np.float64)
    order = np.argsort(doc_ids)
    return Matches(doc_ids[order], scores[order])
