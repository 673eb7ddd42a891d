"""Queries made from the documents themselves, as somebody types them who looks for one; seeded.

Stemmers and lists of stop words differ between engines. So words are content words for all, and what is to be completed
or corrected is a word that no stemmer changes: every engine has it in its index as it stands.
"""

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import Stemmer
from whoosh.lang import stopwords_for_language

from .documents import Document, read_documents

__all__ = ["CLASSES", "Query", "make_queries", "read_queries", "write_queries"]

CLASSES = ("several", "one", "phrase", "prefix", "fuzzy")
SAMPLE = 500
"""Documents that queries are made from."""
MAX_TRIES = 200  # for one query: made-up or tiny collections may lack what a class needs

_CONTENT = re.compile(r"\b[a-z]{4,}\b")
_WORD = re.compile(r"\w+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STOP_WORDS = stopwords_for_language("en") | {
    *("also", "among", "been", "come", "each", "even", "every", "have", "into", "just", "made", "make", "many", "more"),
    *("most", "much", "must", "only", "other", "over", "same", "shall", "should", "since", "some", "such", "than"),
    *("that", "them", "then", "there", "these", "they", "this", "those", "upon", "very", "well", "were", "what"),
    *("when", "where", "which", "while", "will", "with", "within", "without", "would", "your"),
}
_STEMMERS = (Stemmer.Stemmer("english"), Stemmer.Stemmer("porter"))


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought: `words` in lower case, and the year of a document that has them.

    `kind` is one of CLASSES: several words of which any may match, one word, a phrase; one beginning of words; one word
    with one edit.
    """

    kind: str
    words: tuple[str, ...]
    year: int


def write_queries(queries: Iterable[Query], path: Path) -> None:
    path.write_text(json.dumps([asdict(query) for query in queries]), encoding="utf-8")


def read_queries(path: Path) -> list[Query]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Query(row["kind"], tuple(row["words"]), row["year"]) for row in rows]


def make_queries(path: Path, documents: int, count: int, seed: int) -> list[Query]:
    """`count` queries of each class from the file of documents; fewer where the documents do not hold as many."""
    rng = random.Random(seed)  # noqa: S311  queries, not secrets
    chosen = set(rng.sample(range(documents), min(documents, max(SAMPLE, count))))
    sample = [document for number, document in enumerate(read_documents(path)) if number in chosen]
    maker = _Maker(sample, rng)
    return [query for kind in CLASSES for query in maker.queries(kind, count)]


class _Maker:
    def __init__(self, sample: Sequence[Document], rng: random.Random) -> None:
        self._rng = rng
        self._texts = [(document.text.lower(), document.year) for document in sample]
        self._content = [[word for word in _CONTENT.findall(text) if _telling(word)] for text, _ in self._texts]
        self._vocabulary = {word for text, _ in self._texts for word in _WORD.findall(text)}
        self._stems = {stemmer.stemWord(word) for word in self._vocabulary for stemmer in _STEMMERS}

    def queries(self, kind: str, count: int) -> list[Query]:
        made: dict[tuple[str, ...], Query] = {}
        makers = {"several": self._several, "one": self._one, "phrase": self._phrase}
        words_from = (makers | {"prefix": self._prefix, "fuzzy": self._fuzzy})[kind]
        for _ in range(count * MAX_TRIES):
            if len(made) == count:
                break
            number = self._rng.randrange(len(self._texts))
            if self._content[number] and (words := words_from(number)):
                made.setdefault(words, Query(kind, words, self._texts[number][1]))
        return list(made.values())

    def _one(self, number: int) -> tuple[str, ...]:
        """A word, the likelier the more often the document has it."""
        return (self._rng.choice(self._content[number]),)

    def _several(self, number: int) -> tuple[str, ...]:
        wanted = self._rng.randint(2, 4)
        drawn = dict.fromkeys(self._rng.choice(self._content[number]) for _ in range(3 * wanted))
        return tuple(drawn)[:wanted] if len(drawn) > 1 else ()

    def _phrase(self, number: int) -> tuple[str, ...]:
        """Two to four words in a row that begins and ends with a content word."""
        text, _ = self._texts[number]
        inner = self._rng.randint(0, 2)
        pattern = re.compile(rf"(?<!\w)[a-z]{{4,}}(?: [a-z]+){{{inner}}} [a-z]{{4,}}(?!\w)")
        found = pattern.search(text, self._rng.randrange(len(text)))
        words = tuple(found.group().split()) if found else ()
        return words if words and _telling(words[0]) and _telling(words[-1]) else ()

    def _prefix(self, number: int) -> tuple[str, ...]:
        """The first letters of a word, at least three, that are neither word nor stem by themselves."""
        word = self._rng.choice(self._content[number])
        beginning = word[: self._rng.randint(3, max(3, len(word) - 1))]
        return (beginning,) if _unchanged(word) and self._unknown(beginning) and beginning != word else ()

    def _fuzzy(self, number: int) -> tuple[str, ...]:
        """A word with one letter replaced, left out or put in, behind the first."""
        word = self._rng.choice(self._content[number])
        place = self._rng.randrange(1, len(word))
        letter = self._rng.choice(_LETTERS)
        edited = word[:place] + self._rng.choice((letter + word[place + 1 :], word[place + 1 :], letter + word[place:]))
        return (edited,) if _unchanged(word) and _unchanged(edited) and self._unknown(edited) else ()

    def _unknown(self, word: str) -> bool:
        return _telling(word) and not {word, *(stemmer.stemWord(word) for stemmer in _STEMMERS)} & (
            self._vocabulary | self._stems
        )


def _telling(word: str) -> bool:
    return word not in _STOP_WORDS


def _unchanged(word: str) -> bool:
    return all(stemmer.stemWord(word) == word for stemmer in _STEMMERS)
