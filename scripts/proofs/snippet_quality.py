"""snippet-quality: what the first snippet of a hit shows, beside those of FTS5 and tantivy; where it begins and ends,
and whether its page is the right one. Words are compared by stems (Snowball), texts with the originals."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from statistics import mean

import Stemmer
from bench.documents import read_documents
from bench.engine import OpenIndex
from bench.engines import load
from bench.queries import Query, make_queries

from reportsearch.search import Hit, open_collection

from . import dol
from .long_documents import documents, indexed
from .pdf_text import page_texts, tool
from .proof import Figure, Proof, Workbench, above, at_least, exactly

__all__ = ["PROOF"]

SEED = 7
KINDS = {"several": 250, "one": 150, "phrase": 100}
BOUNDARIES_PERCENT = 90.0
PAGES_PERCENT = 98.0
PAGE_QUERIES = 100
PEERS = ("fts5", "tantivy")

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"</?(?:mark|b)>")
_STOPS = ".!?…:;,–—"
_CLOSING = "\"'”’)]»"
_STEMMER = Stemmer.Stemmer("english")


def measure(workbench: Workbench) -> Iterator[Figure]:
    long = documents(workbench)
    made = make_queries(long.path, long.stock.documents, max(KINDS.values()), SEED)
    queries = [query for kind, count in KINDS.items() for query in [each for each in made if each.kind == kind][:count]]
    shown = list(_shown(indexed(workbench), queries))
    lacking = [each for each in shown if not each.words]
    for each in lacking[:5]:
        workbench.note(f"{each.query.words}: {each.hit.id} shows {each.text!r}")
    yield exactly("snippet-quality-queries", len(queries), sum(KINDS.values()))
    yield exactly("snippet-quality-hits-with-a-word-percent", 100 * (1 - len(lacking) / len(shown)), 100.0)
    ours = mean(each.words for each in shown)
    for peer in PEERS:
        theirs = mean(_words_shown(load(peer).open(indexed(workbench, peer)), queries))
        yield at_least(f"snippet-quality-words-over-{peer}", ours / theirs, 1.0)
        workbench.note(f"distinct words of the query in the first snippet: ours {ours:.3f}, {peer} {theirs:.3f}")
    texts = {document.id: document.text for document in read_documents(long.path)}
    wrong = [each for each in shown if not _is_whole(each.text, texts[each.hit.id])]
    for each in random.Random(SEED).sample(wrong, min(12, len(wrong))):  # noqa: S311
        workbench.detail(f"{each.query.words}: {each.text!r}")
    yield at_least("snippet-quality-at-boundaries-percent", 100 * (1 - len(wrong) / len(shown)), BOUNDARIES_PERCENT)
    yield from _pages(workbench)


@dataclass(frozen=True, slots=True)
class Shown:
    """The first snippet of a hit, and how many different words of the query are in it."""

    query: Query
    hit: Hit
    text: str
    words: int


def _shown(folder: Path, queries: Sequence[Query]) -> Iterator[Shown]:
    with open_collection(folder) as collection:
        for query in queries:
            text = f'"{" ".join(query.words)}"' if query.kind == "phrase" else " ".join(query.words)
            for hit in collection.search(text):
                snippet = hit.snippets[0].text if hit.snippets else ""
                yield Shown(query, hit, snippet, _distinct(query, snippet))


def _words_shown(index: OpenIndex, queries: Sequence[Query]) -> Iterator[int]:
    """For each hit of another engine how many different words of the query its snippet shows."""
    for query in queries:
        answer = index.snippets(index.typed(query))  # type: ignore[attr-defined]
        yield from (_distinct(query, unescape(_TAG.sub("", marked))) for marked in answer.marked)


def _distinct(query: Query, text: str) -> int:
    return len({*map(_stem, query.words)} & {*map(_stem, _WORD.findall(text.lower()))})


@functools.lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def _is_whole(snippet: str, text: str) -> bool:
    """Whether a snippet begins and ends where a sentence, a clause or a line does in the original."""
    lines = re.sub(r"\s+", lambda space: "\n" if "\n" in space.group() else " ", text)
    piece = snippet.removeprefix("… ").removesuffix(" …")
    start = lines.replace("\n", " ").find(piece)
    if start < 0:
        return False
    before, behind = lines[:start], lines[start + len(piece) :]
    goes_on = behind.strip()[:1].islower()  # then a new line is only a broken one
    begins = before.endswith("\n") and not piece[0].islower()
    begins = begins or not before.strip() or before.rstrip().rstrip(_CLOSING)[-1:] in _STOPS
    ends = not behind.strip() or (behind[0] == "\n" and not goes_on)
    ends = ends or piece.rstrip(_CLOSING)[-1:] in _STOPS or behind.strip()[0] in _STOPS
    return begins and ends


def _pages(workbench: Workbench) -> Iterator[Figure]:
    """Whether the page that a snippet names is the one on which its words stand, by another program's reading."""
    shelf = dol.indexed(workbench)
    drawn = random.Random(SEED)  # noqa: S311
    texts = {path.name: [_bare(text) for text in page_texts(path)] for path in shelf.files}
    vocabulary = sorted({word for pages in texts.values() for page in pages for word in page.split() if len(word) > 5})
    right = looked_at = 0
    with open_collection(shelf.folder) as collection:
        for _ in range(PAGE_QUERIES):
            for hit in collection.search(" ".join(drawn.sample(vocabulary, drawn.randint(1, 3))), per_page=5):
                for snippet in hit.snippets:
                    pages = texts.get(Path(snippet.file).name)
                    if pages is None or snippet.page is None:
                        continue
                    looked_at += 1
                    shares = [_share(_bare(snippet.text), page) for page in pages]
                    is_right = shares[snippet.page - 1] >= max(0.5, 0.9 * max(shares))
                    right += is_right
                    if not is_right:
                        workbench.detail(
                            f"{hit.id} p. {snippet.page}, not {shares.index(max(shares)) + 1}: {snippet.text}"
                        )
    workbench.note(f"{looked_at} snippets looked up in PDFs as {tool()} reads them")
    yield above("snippet-quality-snippets-with-pages", looked_at, PAGE_QUERIES)
    yield at_least("snippet-quality-right-page-percent", 100 * right / max(1, looked_at), PAGES_PERCENT)


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _share(snippet: str, page: str) -> float:
    """How much of a snippet stands on a page: the share of its runs of three words."""
    words = snippet.split()
    runs = [" ".join(words[first : first + 3]) for first in range(max(1, len(words) - 2))]
    return sum(run in page for run in runs) / len(runs)


PROOF = Proof(
    "snippet-quality",
    "every hit shows a word of the query, more of them than peers, at sentences, on its page",
    measure,
)
