"""A document as the index takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..report import Page

__all__ = ["MAX_NUMBER", "IndexDocument"]

MAX_NUMBER = (1 << 32) - 1
"""The largest number that a document can have."""


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One document, as the index takes it.

    `texts` are analysed, word by word, in the document's `language` (a code, `en`); `pages` too, as the field BODY.
    `values` are searched as they are; `numbers` (0 to MAX_NUMBER) and `stored` are only kept.
    """

    language: str
    texts: Mapping[str, str]
    pages: Sequence[Page]
    values: Mapping[str, Sequence[str]]
    numbers: Mapping[str, int]
    stored: Mapping[str, Any]

    @property
    def size_chars(self) -> int:
        """About how much text it has."""
        return sum(len(page.text) for page in self.pages) + sum(map(len, self.texts.values()))
