"""What a person typed, as a query tree: words and quoted phrases.

Every word is optional and all are preferred; a phrase must stand in the report. Nothing that can be typed is an error:
what cannot be understood is passed over with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from whoosh import query

from reportsearch.indexer.analysis import fold, function_words, spans, term_of

from .nodes import AnyField, PhraseInAnyField

__all__ = ["ParsedQuery", "loosened", "parse"]

MAX_WORDS = 64
"""Words of a query that count; more only cost time."""

SENTENCE_WORDS = 6
"""From this length on a phrase is taken for a pasted sentence, which may not stand in the report letter by letter."""
MOST_PIECES = 1000
"""Of a sentence of more words only the first ones are looked for."""
PIECE_WORDS = 4
"""Words in a row that a pasted sentence must still have in common with the report."""

_LONG = 100  # characters; words that long are cut somewhere
_QUOTES = re.compile('[“”„‟«»"]')
_PIECE = re.compile(r'"([^"]*)"|"?([^"\s]+)')


class ParsedQuery(NamedTuple):
    """A query tree, and what of the typed text went into it.

    `words` and `phrases` are what snippets mark and what a hit can lack; `interpreted_as` is the query in plain words.
    """

    tree: query.Query
    words: tuple[AnyField, ...]
    phrases: tuple[PhraseInAnyField, ...]
    interpreted_as: str
    warnings: tuple[str, ...] = ()


def parse(text: str, language: str, others: Sequence[str] = ()) -> ParsedQuery:
    """The tree for what a person typed in this language, for reports in this one and in `others`.

    Function words (the, of, from) count only inside quotes, or where there is nothing else.
    """
    warnings = []
    if not text.isascii():
        text = _QUOTES.sub('"', text)
    if text.count('"') % 2:
        warnings.append(
            "A quotation mark is not closed: what follows it is searched as words, as if it were not there."
        )
    typed, phrases = _pieces(text, (language, *others))
    if len(typed) > MAX_WORDS:
        warnings.append(f"Only the first {MAX_WORDS} words are searched.")
    words = _content_words(typed[:MAX_WORDS], language, keep_all=not phrases)
    sought = tuple(phrases[:MAX_WORDS])
    interpreted_as = " ".join([*(f'"{" ".join(phrase.words)}"' for phrase in sought), *map(_shown, words)])
    return ParsedQuery(_tree(words, sought), words, sought, interpreted_as, tuple(warnings))


def _shown(word: AnyField) -> str:
    return f'"{word.word}"' if word.exact else word.word


def loosened(parsed: ParsedQuery) -> ParsedQuery | None:
    """The query with each long phrase cut into overlapping pieces of four words, of which any may match.

    For sentences pasted from a viewer, which runs columns, footers and hyphens into them. None where no phrase is long.
    """
    if not any(map(_is_sentence, parsed.phrases)):
        return None
    pieces = tuple(islice((piece for phrase in parsed.phrases for piece in _overlapping(phrase)), MOST_PIECES))
    tree = query.Or([*pieces, *parsed.words])
    warning = "No report has these words exactly as they stand: shown is what comes nearest."
    optional = (phrase for phrase in parsed.phrases if not phrase.required)  # a report may lack it
    cut = [phrase for phrase in optional if not any(phrase is piece for piece in pieces)]
    return ParsedQuery(tree, parsed.words, (*pieces, *cut), parsed.interpreted_as, (*parsed.warnings, warning))


def _is_sentence(phrase: PhraseInAnyField) -> bool:
    return len(phrase.parts) >= SENTENCE_WORDS


def _overlapping(phrase: PhraseInAnyField) -> Iterator[PhraseInAnyField]:
    if not _is_sentence(phrase):
        yield phrase
        return
    for first in range(len(phrase.parts) - PIECE_WORDS + 1):
        yield PhraseInAnyField(phrase.parts[first : first + PIECE_WORDS])  # no one typed it, so no report lacks it


def _pieces(text: str, languages: tuple[str, ...]) -> tuple[list[AnyField], list[PhraseInAnyField]]:
    """Single words, and phrases of two words and more. A quoted single word is exact."""
    words: list[AnyField] = []
    phrases: list[PhraseInAnyField] = []
    for quoted, bare in _PIECE.findall(text):
        piece = quoted or bare
        if _is_one_word(piece):
            words.append(_word(piece, languages, exact=bool(quoted)))
            continue
        typed = _words_in(piece)
        belong_together = quoted or any(map(str.isdecimal, typed))  # the parts of a reference (S/2022/493) do
        if len(typed) > 1 and belong_together:
            parts = [_word(word, languages, exact=True) for word in typed]
            phrases.append(PhraseInAnyField(parts, required=bool(quoted)))
        else:
            words.extend(_word(word, languages, exact=bool(quoted)) for word in typed)
    return words, phrases


def _words_in(piece: str) -> list[str]:
    words = piece.split()
    return words if all(map(_is_one_word, words)) else [piece[start:end] for start, end in spans(piece)]


def _is_one_word(piece: str) -> bool:
    """Whether it is a plain word, as most are, so that nobody has to look for words in it."""
    return len(piece) < _LONG and piece.isascii() and piece.isalnum()


def _word(word: str, languages: tuple[str, ...], *, exact: bool) -> AnyField:
    return AnyField(word, *_forms(word, languages), exact=exact)


@lru_cache(maxsize=10_000)
def _forms(word: str, languages: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A word folded, and what that becomes in some languages, each once."""
    surface = fold(word)
    return surface, tuple(dict.fromkeys([term_of(surface, language) for language in languages]))


def _content_words(words: Sequence[AnyField], language: str, *, keep_all: bool) -> tuple[AnyField, ...]:
    """Each term once, without function words unless there is nothing else."""
    empty = function_words(language)
    content = [word for word in words if word.exact or word.surface not in empty]
    if not content and keep_all:
        content = list(words)
    by_term: dict[tuple[str, bool], AnyField] = {}
    for word in content:
        by_term.setdefault((word.surface if word.exact else word.term, word.exact), word)
    return tuple(by_term.values())


def _tree(words: Sequence[AnyField], phrases: Sequence[PhraseInAnyField]) -> query.Query:
    wanted = [*words, *(phrase for phrase in phrases if not phrase.required)]
    optional = query.Or(wanted) if wanted else None
    quoted = [phrase for phrase in phrases if phrase.required]
    if not quoted:
        return optional or query.NullQuery
    required = query.And(quoted) if len(quoted) > 1 else quoted[0]
    return query.AndMaybe(required, optional) if optional else required
