"""Patterns over a field's terms: prefixes, wildcards, ranges and similar words, as the documents that have one of
them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from reportsearch.indexer.codec import Lexicon
from reportsearch.indexer.codec.container import decoded, encoded

from .segment import SearchedSegment

__all__ = ["expansions"]

_FEW = 24
"""Terms whose postings are read one by one; of more, all at once."""


def expansions(segment: SearchedSegment, tree: query.Query) -> NDArray[np.intp]:
    """The documents (intp[n], ascending, deleted ones too) that have a term that the pattern stands for."""
    lexicon = segment.reader.lexicon(tree.field())
    if lexicon is None:
        return np.empty(0, np.intp)
    found = _numbers(segment, lexicon, tree)
    return np.flatnonzero(_mask(segment, lexicon, found))


def _mask(segment: SearchedSegment, lexicon: Lexicon, numbers: Iterable[int]) -> NDArray[np.bool_]:
    mask = np.zeros(segment.count, np.bool_)
    if isinstance(numbers, range) and len(numbers) > _FEW:
        mask[lexicon.documents(numbers.start, numbers.stop)] = True
        return mask
    for number in numbers:
        mask[lexicon.documents_of(number)] = True
    return mask


def _numbers(segment: SearchedSegment, lexicon: Lexicon, tree: query.Query) -> Iterable[int]:
    """The numbers of the terms."""
    match tree:
        case query.Prefix():
            return lexicon.with_prefix(encoded(tree.text))
        case query.Wildcard():
            return _matching(lexicon, tree.text)
        case query.TermRange():
            return _between(lexicon, tree)
        case query.FuzzyTerm():
            from .similar import similar  # noqa: PLC0415  other searches do not load a library for this

            deletions = segment.deletions(tree.field(), lexicon)
            return similar(lexicon, deletions, tree.text, tree.maxdist, tree.prefixlength)
    raise TypeError(f"{type(tree).__name__} is no pattern")


def _matching(lexicon: Lexicon, pattern: str) -> list[int]:
    fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    numbers = lexicon.with_prefix(encoded(fixed))
    expression = re.compile(fnmatch.translate(pattern))
    terms = lexicon.terms(numbers.start, numbers.stop)
    return [number for number, term in zip(numbers, terms, strict=True) if expression.match(decoded(term))]


def _between(lexicon: Lexicon, tree: query.TermRange) -> range:
    start, end = 0, len(lexicon)
    if tree.start is not None:
        start = lexicon.lower_bound(encoded(tree.start) + b"\0" * tree.startexcl)
    if tree.end is not None:
        end = lexicon.lower_bound(encoded(tree.end) + b"\0" * (not tree.endexcl))
    return range(start, max(start, end))
