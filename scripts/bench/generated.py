"""Made-up text: words drawn by Zipf's law, as sentences and paragraphs. The same seed gives the same text."""

from collections.abc import Iterator

import numpy as np

from .documents import Document

__all__ = ["made_up"]

VOCABULARY = 60_000
ZIPF_EXPONENT = 1.07  # of English prose (Piantadosi 2014)
_CONSONANTS, _VOWELS = list("bcdfghjklmnprstvz"), list("aeiou")
_WORDS_PER_SENTENCE, _SENTENCES_PER_PARAGRAPH = 19, 6
_CHARS_PER_WORD = 7.0  # with its space, of this vocabulary and exponent


def made_up(chars: int, seed: int) -> Iterator[Document]:
    """Documents without end, of about this many characters each."""
    rng = np.random.default_rng(seed)
    words = _vocabulary(rng)
    chances = 1 / np.arange(1, len(words) + 1) ** ZIPF_EXPONENT
    cumulated = np.cumsum(chances / chances.sum())
    number = 0
    while True:
        number += 1
        drawn = np.searchsorted(cumulated[:-1], rng.random(int(chars / _CHARS_PER_WORD)))
        text = _prose([words[rank] for rank in drawn])
        year, publisher = int(rng.integers(1990, 2025)), f"Publisher {rng.integers(1, 41)}"
        yield Document(f"made-up-{number:06d}", f"Report {number} on {text[:30].lower()}", text, year, publisher)


def _vocabulary(rng: np.random.Generator) -> list[str]:
    """Distinct words of two to five syllables; the frequent ones are the short ones, as in life (Zipf 1935)."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = int(rng.integers(1, 4)) + int(len(words) > VOCABULARY // 100) + int(len(words) > VOCABULARY // 10)
        pairs = zip(rng.choice(_CONSONANTS, syllables), rng.choice(_VOWELS, syllables), strict=True)
        words["".join(consonant + vowel for consonant, vowel in pairs) + str(rng.choice(_CONSONANTS))] = None
    return list(words)


def _prose(words: list[str]) -> str:
    sentences = [
        " ".join(words[first : first + _WORDS_PER_SENTENCE]).capitalize() + "."
        for first in range(0, len(words), _WORDS_PER_SENTENCE)
    ]
    return "\n".join(
        " ".join(sentences[first : first + _SENTENCES_PER_PARAGRAPH])
        for first in range(0, len(sentences), _SENTENCES_PER_PARAGRAPH)
    )
