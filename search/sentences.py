"""Where the sentences and clauses of a text end."""

from __future__ import annotations

import re

__all__ = ["clause_ends", "has_end", "is_ended", "sentence_ends"]

_CLOSING = "\"'”’)]"
_STOPS = (".", "!", "?", "…", "。", "！", "？")
# A stop ends a sentence with what closes it, before a capital, digit or opening mark; or an empty line does.
_BEHIND_STOP = rf"[{re.escape(_CLOSING)}]*\s+(?=[\"'“‘(\[]?[^\W_a-zß-öø-ÿ])"
_EMPTY_LINE = r"[ \t]*\n\s*"
_SENTENCE_END = re.compile(rf"[.!?…\n。！？](?:(?<=[.!?…]){_BEHIND_STOP}|(?<=\n){_EMPTY_LINE}|(?<=[。！？]))")
_USUAL_END, _LINE_END = re.compile(rf"\.{_BEHIND_STOP}"), re.compile(rf"\n{_EMPTY_LINE}")
"""One character alone to begin with is found three times as quickly."""
_ANY_END = re.compile(rf"[{''.join(_STOPS)}][{re.escape(_CLOSING)}]*(?:\s|$)")
# a line that goes on with a small letter is only a broken one
_CLAUSE_END = re.compile(r"[,;:–—\n](?:(?<!\n)\s+|(?<=\n)\s*(?![a-zß-öø-ÿ\s]))")


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Where the next sentence begins behind each that ends between two places of a text."""
    if not text.isascii() or "!" in text or "?" in text:
        return _ends(_SENTENCE_END, text, start, end)
    ends = _ends(_USUAL_END, text, start, end)
    if "\n" in text and (of_lines := _ends(_LINE_END, text, start, end)):
        return sorted({*ends, *of_lines})
    return ends


def has_end(text: str, start: int, end: int) -> bool:
    """Whether any sentence ends between two places of a text, whatever the next one begins with."""
    return ". " in text[start:end] or _ANY_END.search(text, start, end) is not None


def clause_ends(text: str, start: int, end: int) -> list[int]:
    """The same of clauses."""
    return _ends(_CLAUSE_END, text, start, end)


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text.rstrip().rstrip(_CLOSING).endswith(_STOPS)


def _ends(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[int]:
    return list(map(re.Match.end, pattern.finditer(text, start, end)))
