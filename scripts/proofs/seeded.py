"""Documents that are the same each time, for proofs about the index itself; and how much of a proof is wanted."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from functools import cache

from reportsearch.indexer.codec import IndexDocument
from reportsearch.indexer.report import Page

__all__ = ["document", "share"]

VOCABULARY = 30_000
_SHARE = "REPORTSEARCH_PROVE_SHARE"


def share(count: int) -> int:
    """So many, or the part of them that the environment asks for (REPORTSEARCH_PROVE_SHARE, 0 to 1)."""
    return max(1, round(count * float(os.environ.get(_SHARE, "1"))))


@cache
def _words() -> tuple[str, ...]:
    choices = random.Random(1)  # noqa: S311
    return tuple(
        "".join(choices.choice("bcdfghklmnprstvz") + choices.choice("aeiou") for _ in range(choices.randrange(1, 5)))
        for _ in range(VOCABULARY)
    )


def document(name: str, version: int, words: int) -> IndexDocument:
    """A report of about so many words on two pages; its text and what is stored of it say which version it is."""
    choices = random.Random(f"{name} {version}")  # noqa: S311
    pages = [Page(number, " ".join(_sentences(choices, words // 2)), str(number)) for number in (1, 2)]
    first = Page(1, f"Version v{version}x. {pages[0].text}", "1")
    return IndexDocument(
        "en",
        {"title": f"Report {name}", "summary": next(iter(_sentences(choices, 10)))},
        [first, pages[1]],
        {"id": [name], "year": [str(choices.randrange(1990, 2026))]},
        {"date": choices.randrange(1 << 20), "page_count": 2},
        {"record": {"id": name, "version": version}},
    )


def _sentences(choices: random.Random, words: int) -> Iterable[str]:
    vocabulary = _words()
    while words > 0:
        count = choices.randrange(5, 25)
        # about as often as words are in texts (Zipf)
        chosen = [vocabulary[min(int(choices.paretovariate(0.7)) - 1, VOCABULARY - 1)] for _ in range(count)]
        yield " ".join(chosen).capitalize() + "."
        words -= count
