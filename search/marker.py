"""Where the words of a query stand in a text. Made once for a query; inflections count, as in the index."""

import re
from collections import Counter
from dataclasses import dataclass

from reportsearch.indexer.analysis import spans, terms

from .syntax import ParsedQuery

__all__ = ["Marker", "Match"]

MATCHES_PER_TERM = 200
"""More of one term in one text say nothing new."""


@dataclass(frozen=True, slots=True)
class Match:
    """A query term in a text, at characters `start` up to, not including, `end`."""

    start: int
    end: int
    term: str
    in_phrase: bool


class Marker:
    """Finds the words of one query in texts."""

    def __init__(self, parsed: ParsedQuery, language: str) -> None:
        self._language = language
        self._single = frozenset(word.term for word in parsed.words)
        self._phrases = [phrase.terms for phrase in parsed.phrases]
        self._terms = parsed.terms

    def surfaces(self, text: str) -> dict[str, str]:
        """The words of the text that mean a query term, with that term."""
        distinct = list({text[start:end] for start, end in spans(text)})
        found = zip(distinct, terms("\n".join(distinct), self._language), strict=True)
        return {word: term for word, term in found if term in self._terms}

    def matches(self, text: str, surfaces: dict[str, str]) -> list[Match]:
        """Where the query's words stand: single words anywhere, words of a phrase only as that phrase."""
        if not surfaces:
            return []
        in_phrases = self._phrase_words(text, surfaces)
        found: list[Match] = []
        counts: Counter[str] = Counter()
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(surfaces, key=len, reverse=True)))})\b")
        for word in pattern.finditer(text):
            term, in_phrase = surfaces[word.group()], word.start() in in_phrases
            if (in_phrase or term in self._single) and counts[term] < MATCHES_PER_TERM:
                counts[term] += 1
                found.append(Match(word.start(), word.end(), term, in_phrase))
        return found

    def _phrase_words(self, text: str, surfaces: dict[str, str]) -> set[int]:
        """Where the words of whole phrases begin."""
        if not self._phrases:
            return set()
        words = [(start, surfaces.get(text[start:end])) for start, end in spans(text)]
        sequence = [term for _, term in words]
        starts: set[int] = set()
        for phrase in self._phrases:
            wanted = list(phrase)
            for first, term in enumerate(sequence):
                if term == wanted[0] and sequence[first : first + len(wanted)] == wanted:
                    starts.update(start for start, _ in words[first : first + len(wanted)])
        return starts
