"""Filters and facets: metadata values as masks over the documents of a segment, and as counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.analysis import fold

from .segment import SearchedSegment

__all__ = ["count_values", "mask_of"]

Filters = Mapping[str, Sequence[str]]


def mask_of(segment: SearchedSegment, filters: Filters, exclude: Filters) -> NDArray[np.bool_] | None:
    """bool[documents]: which ones the filters let through; None where there are no filters."""
    mask: NDArray[np.bool_] | None = None
    for field, values in filters.items():
        if values:
            having = _having(segment, field, values)
            mask = having if mask is None else mask & having
    for field, values in exclude.items():
        if values:
            lacking = ~_having(segment, field, values)
            mask = lacking if mask is None else mask & lacking
    return mask


def _having(segment: SearchedSegment, field: str, values: Sequence[str]) -> NDArray[np.bool_]:
    mask = np.zeros(segment.count, np.bool_)
    for value in values:
        found = segment.postings(field, fold(value))
        if found is not None:
            mask[found.doc_ids] = True
    return mask


def count_values(segment: SearchedSegment, doc_ids: NDArray[np.intp], field: str) -> dict[str, int]:
    """How many of these documents have each value of a field: the most frequent first, of equal ones in their order."""
    values = segment.values(field)
    if values is None:
        return {}
    counts = values.counts(doc_ids)
    having = counts.nonzero()[0]
    order = having[(-counts[having]).argsort(kind="stable")]
    return dict(zip([values.names[number] for number in order.tolist()], counts[order].tolist(), strict=True))
