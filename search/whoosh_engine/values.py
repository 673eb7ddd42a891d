"""A metadata field by document: which values each has, as numbers, made once from the field's postings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportsearch.indexer.codec import Lexicon
from reportsearch.indexer.codec.container import decoded
from reportsearch.indexer.codec.ranges import bounds_of, concatenated_ranges

__all__ = ["FieldValues"]


@dataclass(frozen=True, slots=True)
class FieldValues:
    """`names` are the values; those of document i are `numbers[bounds[i]:bounds[i + 1]]` (int32)."""

    names: list[str]
    numbers: NDArray[np.int32]
    bounds: NDArray[np.int64]
    is_single: bool

    @classmethod
    def of(cls, lexicon: Lexicon, documents: int) -> FieldValues:
        """Those of a segment of so many documents."""
        postings = lexicon.postings(0, len(lexicon), np.zeros(len(lexicon), np.int64))
        numbers = np.repeat(np.arange(len(lexicon), dtype=np.int32), postings.doc_freqs)
        order = np.argsort(postings.doc_ids, kind="stable")
        counts = np.bincount(postings.doc_ids, minlength=documents)
        names = [decoded(term) for term in lexicon.terms()]
        return cls(names, numbers[order], bounds_of(counts), bool((counts == 1).all()))

    def counts(self, doc_ids: NDArray[np.intp]) -> NDArray[np.intp]:
        """intp[values]: how many of the documents have each."""
        if self.is_single:
            return np.bincount(self.numbers[doc_ids], minlength=len(self.names))
        firsts = self.bounds[doc_ids]
        places = concatenated_ranges(firsts, self.bounds[doc_ids + 1] - firsts)
        return np.bincount(self.numbers[places], minlength=len(self.names))
