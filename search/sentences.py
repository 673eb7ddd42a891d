"""Where the sentences and clauses of a text end."""

from __future__ import annotations

import re

__all__ = ["clause_ends", "is_ended", "sentence_ends"]

_CLOSING = "\"'”’)]"
_STOPS, _FULL_WIDTH_STOPS = (".", "!", "?", "…"), ("。", "！", "？")
# A stop ends a sentence with what closes it, before a capital, digit or opening mark; or an empty line does.
_BEHIND_STOP = rf"[{re.escape(_CLOSING)}]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])"
_SENTENCE_ENDS = [
    (mark, re.compile(re.escape(mark) + behind))
    for marks, behind in ((_STOPS, _BEHIND_STOP), (("\n",), r"[ \t]*\n\s*"), (_FULL_WIDTH_STOPS, ""))
    for mark in marks
]
"""By the one character that each begins with, which `re` looks for quickly."""
_ASCII_SENTENCE_ENDS = [(mark, end) for mark, end in _SENTENCE_ENDS if mark.isascii()]
# a line that goes on with a small letter is only a broken one
_CLAUSE_END = re.compile(r"[,;:–—\n](?:(?<!\n)\s+|(?<=\n)\s*(?![a-zß-öø-ÿ\s]))")


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Where the next sentence begins behind each that ends between two places of a text."""
    ends: list[int] = []
    for mark, pattern in _ASCII_SENTENCE_ENDS if text.isascii() else _SENTENCE_ENDS:
        if mark in text:
            more = [found.end() for found in pattern.finditer(text, start, end)]
            ends = sorted({*ends, *more}) if ends and more else ends or more
    return ends


def clause_ends(text: str, start: int, end: int) -> list[int]:
    """The same of clauses."""
    return [found.end() for found in _CLAUSE_END.finditer(text, start, end)]


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text.rstrip().rstrip(_CLOSING).endswith((*_STOPS, *_FULL_WIDTH_STOPS))
