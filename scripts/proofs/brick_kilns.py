"""brick-kilns: a real question finds the right countries, and each page that is named has the words on it."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .dol import indexed
from .pdf_text import page_texts, tool
from .process import reportsearch
from .proof import Figure, Proof, Workbench, at_least, at_most, exactly

__all__ = ["PROOF"]

QUERY = "brick kilns bonded"
COUNTRIES = ("Pakistan", "India")
FIRST = 3

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


def measure(workbench: Workbench) -> Iterator[Figure]:
    dol = indexed(workbench)
    results = reportsearch("search", "--format", "json", QUERY, cwd=dol.folder).json["results"]
    names = [Path(hit["id"]).stem for hit in results]
    workbench.note(f"{QUERY}: {', '.join(names)}; pages read with {tool()}")
    for country in COUNTRIES:
        rank = names.index(country) + 1 if country in names else len(names) + 1
        yield at_most(f"brick-kilns-rank-of-{country.lower()}", rank, FIRST)
    checks = [(hit["id"], passage, _missing(passage)) for hit in results for passage in hit["hits"]]
    for name, passage, missing in checks:
        if missing:
            workbench.note(f"{name}: p. {passage['page']} has no {', '.join(missing)}")
    yield at_least("brick-kilns-hits-with-a-page", sum(bool(hit["hits"]) for hit in results), len(results) or 1)
    yield exactly("brick-kilns-pages-without-the-word", sum(bool(missing) for _, _, missing in checks), 0)


def _missing(passage: dict[str, Any]) -> list[str]:
    """The marked words that are not on the page that the passage names; one that names no word lacks all."""
    marked = {word for mark in _MARK.findall(passage["excerpt"]) for word in _words(html.unescape(mark))}
    pages = page_texts(Path(passage["file"]))
    number = passage["page"] or 0
    on_page = set(_words(pages[number - 1])) if 1 <= number <= len(pages) else set()
    return sorted(marked - on_page) if marked else ["marked word"]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


PROOF = Proof("brick-kilns", f"`search {QUERY}` puts two countries first, and every page named has the words", measure)
