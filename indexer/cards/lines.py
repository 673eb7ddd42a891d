"""The lines of a card, and which of them is the title where no heading, class or link says so.

A line is what stands in one block, without the dates, labels and calls ("Read more") around it. Cards of one listing
are laid out alike, so that the title is the same line of each: the first that says something, and something else on
every card. A docket number says nothing, and "Policy paper" the same of many.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from .dates import is_date, without_date, without_leading_date
from .evidence import Span
from .outline import Outline, Run, squeeze
from .phrases import is_generic, is_label, without_call

__all__ = ["line", "lines", "title_line"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_DISTINCT = 0.5  # of the texts in one place; kinds and topics recur, and titles seldom do
_LEAST_SPEAKING = 0.5


def lines(page: Outline, span: Span, without: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a part of the page that say something, passing over the elements in `without`."""
    return [text for run in page.runs(span.start, span.end, without) if (text := line(page, run))]


def line(page: Outline, run: Run) -> str:
    """A run's text without a date before or after it; "" where it is a date, a label or "Read more"."""
    texts = [squeeze(text) for text in (page.texts[node] for node in run.nodes)]
    nodes = [node for node, text in zip(run.nodes, texts, strict=True) if text]
    while nodes and _is_aside(page, nodes[0]):
        nodes.pop(0)
    while nodes and _is_aside(page, nodes[-1]):
        nodes.pop()
    text = squeeze("".join(page.texts[node] for node in range(nodes[0], nodes[-1] + 1))) if nodes else ""
    return "" if is_label(text) or is_date(text) or is_generic(text) else _bare(text)


def _bare(text: str) -> str:
    return without_leading_date(without_call(text)).lstrip("–—|·•: ")


def _is_aside(page: Outline, node: int) -> bool:
    text = squeeze(page.texts[node])
    return (is_date(text) and not text.isdigit()) or is_generic(text) or is_label(text)


def title_line(cards: Sequence[Sequence[str]]) -> int | None:
    """Which line of the cards is the title, from 0; None where no line tells them apart."""
    for n, column in enumerate(zip_longest(*cards, fillvalue="")):
        if _are_titles([without_date(text) for text in column if text]):
            return n
    return None


def _are_titles(texts: Sequence[str]) -> bool:
    speaking = [text for text in texts if _says_something(text)]
    return len(speaking) >= _LEAST_SPEAKING * len(texts) and len(set(speaking)) > _LEAST_DISTINCT * len(speaking)


def _says_something(text: str) -> bool:
    words = _WORD.findall(text)
    return len(words) > 1 or (len(text) > 4 and not text.isascii())  # scripts without spaces
