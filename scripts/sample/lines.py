"""Text → lines that fit a width: words with their styles, broken at spaces and, where wanted, at hyphens."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NOTE_STYLE", "Line", "Measure", "Piece", "break_lines", "read_hyphens"]

NOTE_STYLE = "^"
"""The style of a footnote's mark: small and raised. The other styles are those of fpdf2: "", "B", "I", "BI"."""

_INLINE = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*|\[\^(\w+)\]")
_CORE = re.compile(r"[a-z]+", re.I)

Piece = tuple[str, str]
Measure = Callable[[str, str], float]
"""The width of a text in a style, in millimetres."""


@dataclass(frozen=True, slots=True)
class Line:
    """Runs of text with their style, and the marks of the footnotes that belong below it."""

    runs: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def read_hyphens(path: Path) -> dict[str, tuple[str, ...]]:
    """Each word of the file, in lower case, with its parts: `guard-ian` gives `guardian` → `("guard", "ian")`."""
    words = path.read_text(encoding="utf-8").split()
    return {word.replace("-", ""): tuple(word.split("-")) for word in words}


def break_lines(
    text: str, style: str, width: float, measure: Measure, hyphens: Mapping[str, tuple[str, ...]]
) -> list[Line]:
    """The lines of `text`, each at most `width` wide unless a single word is wider."""
    space = measure(" ", style)
    lines: list[Line] = []
    current: list[list[Piece]] = []
    used = 0.0
    waiting = list(reversed(list(_words(text, style))))
    while waiting:
        word = waiting.pop()
        gap = space if current else 0.0
        wide = sum(measure(*piece) for piece in word)
        if used + gap + wide <= width:
            current.append(word)
            used += gap + wide
            continue
        if halves := _split(word, width - used - gap, measure, hyphens):
            current.append(halves[0])
            word = halves[1]
        if current:
            waiting.append(word)
        else:
            current.append(word)
        lines.append(_line(current, style))
        current, used = [], 0.0
    return [*lines, _line(current, style)] if current else lines


def _words(text: str, style: str) -> Iterator[list[Piece]]:
    """Words as lists of pieces: a word may change its style inside, or carry a footnote's mark."""
    word: list[Piece] = []
    for piece, piece_style in _segments(text, style):
        parts = piece.split(" ")
        for number, part in enumerate(parts):
            if number and word:
                yield word
                word = []
            if part:
                word.append((part, piece_style))
    if word:
        yield word


def _segments(text: str, style: str) -> Iterator[Piece]:
    end = 0
    for match in _INLINE.finditer(text):
        yield text[end : match.start()], style
        bold, italic, note = match.groups()
        yield (note, NOTE_STYLE) if note else (bold or italic, _with(style, "B" if bold else "I"))
        end = match.end()
    yield text[end:], style


def _with(style: str, letter: str) -> str:
    """Bold or italic added; italic within italic is upright."""
    return "".join(sorted({*style} ^ {letter}))


def _parts(word: list[Piece], hyphens: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    core = _CORE.search(word[0][0])
    return hyphens.get(core[0].lower(), ()) if core else ()


def _split(
    word: list[Piece], room: float, measure: Measure, hyphens: Mapping[str, tuple[str, ...]]
) -> tuple[list[Piece], list[Piece]] | None:
    """The word as two, the first with a hyphen and as long as fits; None where none fits."""
    text, style = word[0]
    core = _CORE.search(text)
    parts = _parts(word, hyphens)
    for count in range(len(parts) - 1, 0, -1):
        assert core is not None
        cut = core.start() + sum(map(len, parts[:count]))
        if measure(text[:cut] + "-", style) <= room:
            return [(text[:cut] + "-", style)], [(text[cut:], style), *word[1:]]
    return None


def _line(words: list[list[Piece]], style: str) -> Line:
    """The words with spaces between them, neighbours of one style joined to one run."""
    runs: list[Piece] = []
    for number, word in enumerate(words):
        for place, (text, piece_style) in enumerate(word):
            gap = " " if number and not place else ""
            if runs and runs[-1][1] == piece_style:
                runs[-1] = (runs[-1][0] + gap + text, piece_style)
            elif gap and runs and runs[-1][1] != NOTE_STYLE:
                runs[-1] = (runs[-1][0] + gap, runs[-1][1])
                runs.append((text, piece_style))
            else:
                runs.append((gap + text, piece_style))
    notes = tuple(text for text, run_style in runs if run_style == NOTE_STYLE)
    return Line(tuple(runs), notes)
