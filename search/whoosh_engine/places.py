"""Places: where a word stands, as one number. The upper half is a document, the lower one the number of the word there.

So places ascend as texts do, the one behind a place is one more, and what stands in two lists is found by merging them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .matches import rows_by_search

__all__ = ["LOWER", "UPPER", "in_both"]

UPPER, LOWER = 32, 0xFFFFFFFF
"""A place shifted by UPPER is the document, masked by LOWER the word."""


def in_both(few: NDArray[np.int64], many: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers that are in both lists, each of which ascends and has none twice."""
    if len(many) > _SEARCHED * len(few):
        return np.asarray(few[rows_by_search(many, few)[1]])
    merged = np.concatenate((few, many))
    merged.sort(kind="stable")  # which merges what ascends
    return np.asarray(merged[1:][merged[1:] == merged[:-1]])


_SEARCHED = 16
"""Numbers that are merged in the time that it takes to search for one."""
