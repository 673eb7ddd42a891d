"""What a person typed, as a query tree: words and quoted phrases.

Every word is optional and all are preferred; a phrase must stand in the report. Nothing that can be typed is an error:
what cannot be understood is passed over with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whoosh import query
from whoosh.lang import has_stopwords, stopwords_for_language

from reportsearch.indexer.analysis import spans, terms
from reportsearch.indexer.schema import TEXT_FIELDS

__all__ = ["AnyField", "ParsedQuery", "PhraseInAnyField", "loosened", "parse"]

MAX_WORDS = 64
"""Words of a query that count; more only cost time."""

SENTENCE_WORDS = 6
"""From this length on a phrase is taken for a pasted sentence, which may not stand in the report letter by letter."""
PIECE_WORDS = 4
"""Words in a row that a pasted sentence must still have in common with the report."""

_QUOTES = re.compile('[“”„‟«»"]')
_PIECE = re.compile(r'"([^"]*)"|"?([^"\s]+)')


class AnyField(query.Or):  # type: ignore[misc]  # whoosh.query is untyped
    """One word in any of the searched fields; `word` is as typed, `term` as indexed."""

    def __init__(self, word: str, term: str, boosts: Sequence[float]) -> None:
        super().__init__(
            [query.Term(field, term, boost=boost) for field, boost in zip(TEXT_FIELDS, boosts, strict=True)]
        )
        self.word = word
        self.term = term


class PhraseInAnyField(query.Or):  # type: ignore[misc]
    """Consecutive words in one of the searched fields; `words` as typed, `terms` as indexed."""

    def __init__(self, words: Sequence[str], sequence: Sequence[str], boosts: Sequence[float]) -> None:
        super().__init__(
            [query.Phrase(field, list(sequence), boost=boost) for field, boost in zip(TEXT_FIELDS, boosts, strict=True)]
        )
        self.words = tuple(words)
        self.terms = tuple(sequence)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query tree, and what of the typed text went into it.

    `words` and `phrases` are what snippets mark and what a hit can lack; `interpreted_as` is the query in plain words.
    """

    tree: query.Query
    words: tuple[AnyField, ...]
    phrases: tuple[PhraseInAnyField, ...]
    interpreted_as: str
    warnings: tuple[str, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """All terms, those of phrases included."""
        single = {word.term for word in self.words}
        return frozenset(single.union(*(phrase.terms for phrase in self.phrases)))


def parse(text: str, language: str, boosts: Sequence[float] = (1.0, 1.0, 1.0, 1.0)) -> ParsedQuery:
    """The tree for what a person typed; `boosts` weigh title, headings, summary and body.

    Function words (the, of, from) count only inside quotes, or where there is nothing else.
    """
    warnings = []
    text = _QUOTES.sub('"', text)
    if text.count('"') % 2:
        warnings.append(
            "A quotation mark is not closed: what follows it is searched as words, as if it were not there."
        )
    typed, phrases = _pieces(text, language)
    if len(typed) > MAX_WORDS:
        warnings.append(f"Only the first {MAX_WORDS} words are searched.")
    pairs = _content_words(typed[:MAX_WORDS], language, keep_all=not phrases)
    words = tuple(AnyField(word, term, boosts) for word, term in pairs)
    sought = tuple(PhraseInAnyField(*phrase, boosts) for phrase in phrases[:MAX_WORDS])
    interpreted_as = " ".join([*(f'"{" ".join(p.words)}"' for p in sought), *(w.word for w in words)])
    return ParsedQuery(_tree(words, sought), words, sought, interpreted_as, tuple(warnings))


def loosened(parsed: ParsedQuery, boosts: Sequence[float] = (1.0, 1.0, 1.0, 1.0)) -> ParsedQuery | None:
    """The query with each long phrase cut into overlapping pieces of four words, of which any may match.

    For sentences pasted from a viewer, which runs columns, footers and hyphens into them. None where no phrase is long.
    """
    if not any(len(phrase.words) >= SENTENCE_WORDS for phrase in parsed.phrases):
        return None
    pieces = tuple(piece for phrase in parsed.phrases for piece in _overlapping(phrase, boosts))
    tree = query.Or([*pieces, *parsed.words])
    warning = "No report has the quoted words exactly as they stand: shown is what comes nearest."
    return ParsedQuery(tree, parsed.words, pieces, parsed.interpreted_as, (*parsed.warnings, warning))


def _overlapping(phrase: PhraseInAnyField, boosts: Sequence[float]) -> Iterator[PhraseInAnyField]:
    if len(phrase.words) < SENTENCE_WORDS:
        yield phrase
        return
    for first in range(len(phrase.words) - PIECE_WORDS + 1):
        piece = slice(first, first + PIECE_WORDS)
        yield PhraseInAnyField(phrase.words[piece], phrase.terms[piece], boosts)


def _pieces(text: str, language: str) -> tuple[list[tuple[str, str]], list[tuple[list[str], list[str]]]]:
    """Single words with their terms, and phrases of two words and more."""
    words: list[tuple[str, str]] = []
    phrases: list[tuple[list[str], list[str]]] = []
    for quoted, bare in _PIECE.findall(text):
        piece = quoted or bare
        typed = [piece[start:end] for start, end in spans(piece)]
        sequence = terms(piece, language)
        if len(typed) > 1 and (
            quoted or any(map(str.isdecimal, typed))
        ):  # of a reference (S/2022/493) all belongs together
            phrases.append((typed, sequence))
        else:
            words.extend(zip(typed, sequence, strict=True))
    return words, phrases


def _content_words(pairs: Sequence[tuple[str, str]], language: str, *, keep_all: bool) -> Iterator[tuple[str, str]]:
    """Each term once, without function words unless there is nothing else."""
    code = language.partition("-")[0]
    stop_words = stopwords_for_language(code) if has_stopwords(code) else frozenset()
    content = [pair for pair in pairs if pair[0].lower() not in stop_words]
    if not content and keep_all:
        content = list(pairs)
    by_term: dict[str, str] = {}
    for word, term in content:
        by_term.setdefault(term, word)
    for term, word in by_term.items():
        yield word, term


def _tree(words: Sequence[AnyField], phrases: Sequence[PhraseInAnyField]) -> query.Query:
    optional = query.Or(list(words)) if words else None
    required = query.And(list(phrases)) if phrases else None
    if required is None:
        return optional or query.NullQuery
    return query.AndMaybe(required, optional) if optional else required
