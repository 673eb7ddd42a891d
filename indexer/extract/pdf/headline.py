"""The headline of a PDF's first page: what is set largest, for reports whose information names no title."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ..cleaning import clean

__all__ = ["Letter", "headline"]

_LARGER = 1.25  # than the rest of the page, as every headline is
_SAME = 0.03  # sizes that differ by less are one: capitals and small letters of one font measure the same
_LEAST_LETTERS = 8  # fewer are an initial, a year, a logo
_MOST_CHARS = 130  # more is a letterhead, or a page in one size with some small print
_UPPER_PART = 0.4  # of the page's height, from below: what begins lower is an address or a date


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of the page: its size, and where its top is, from 0 at the bottom of the page to 1."""

    char: str
    size: float
    top: float


def headline(letters: Sequence[Letter]) -> str:
    """The first words that are set largest, on one line; "" where nothing stands out, or too much does."""
    sizes = {size for size in {letter.size for letter in letters if letter.char.isalpha()} if size > 0}
    for size in sorted(sizes, reverse=True):
        runs = [run for run in _runs(letters, size) if sum(each.char.isalpha() for each in run) >= _LEAST_LETTERS]
        if runs:
            return _text(runs[0]) if _stands_out(runs[0], letters, size) else ""
    return ""


def _runs(letters: Iterable[Letter], size: float) -> Iterator[list[Letter]]:
    """Stretches of this size; blanks belong to what is around them."""
    run: list[Letter] = []
    for letter in letters:
        if letter.char.isspace() or abs(letter.size - size) <= _SAME * size:
            run.append(letter)
        else:
            yield run
            run = []
    yield run


def _stands_out(run: Sequence[Letter], letters: Iterable[Letter], size: float) -> bool:
    others = [each.size for each in letters if not each.char.isspace() and each.size < size * (1 - _SAME)]
    top = max(each.top for each in run if not each.char.isspace())
    return bool(others) and size >= _LARGER * median(others) and top >= _UPPER_PART


def _text(run: Iterable[Letter]) -> str:
    text = " ".join(clean("".join(letter.char for letter in run)).split())
    is_spaced_out = 2 * sum(len(word) == 1 for word in text.split()) > len(text.split())  # R E P O R T
    return "" if len(text) > _MOST_CHARS or is_spaced_out else text
