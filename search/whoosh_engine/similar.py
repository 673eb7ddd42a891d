"""Similar words: terms that few edits turn into each other."""

from __future__ import annotations

from itertools import islice

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from reportsearch.indexer.codec import Lexicon

__all__ = ["similar"]


def similar(lexicon: Lexicon, text: str, distance: int, prefix_length: int) -> list[int]:
    """The numbers of the terms within so many edits, of which the exchange of neighbours is one, that begin alike."""
    numbers = lexicon.with_prefix(text[:prefix_length].encode("utf-8", "surrogatepass"))
    size = len(text.encode("utf-8", "surrogatepass"))
    lengths = np.diff(lexicon.term_bounds[numbers.start : numbers.stop + 1].astype(np.int64))
    near = np.flatnonzero(np.abs(lengths - size) <= 4 * distance) + numbers.start
    terms = [lexicon.term(number).decode("utf-8", "surrogatepass") for number in islice(near.tolist(), len(near))]
    distances = process.cdist([text], terms, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint8)[0]
    found: list[int] = near[distances <= distance].tolist()
    return found
