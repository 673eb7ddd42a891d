"""bm25s: scores computed beforehand in sparse arrays. It keeps no text and no positions: ids only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import bm25s
import Stemmer

from ..engine import TOP, Answer

if TYPE_CHECKING:
    from ..documents import Document
    from ..queries import Query

__all__ = ["ENGINE"]

_IDS = "ids.json"


class _Bm25s:
    name = "bm25s"
    version = version("bm25s")
    measures = frozenset({"ids"})
    classes = frozenset({"several", "one"})
    workers = (1,)
    heavy = False

    def build(self, folder: Path, documents: Iterable[Document], workers: int) -> None:
        ids, texts = [], []
        for document in documents:
            ids.append(document.id)
            texts.append(document.text)
        tokens = bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
        retriever = bm25s.BM25()
        retriever.index(tokens, show_progress=False)
        retriever.save(folder, show_progress=False)
        (folder / _IDS).write_text(json.dumps(ids), encoding="utf-8")

    def replace(self, folder: Path, documents: Iterable[Document]) -> None:
        raise NotImplementedError("bm25s builds all anew")

    def open(self, folder: Path) -> _OpenBm25s:
        ids = json.loads((folder / _IDS).read_text(encoding="utf-8"))
        return _OpenBm25s(bm25s.BM25.load(folder, show_progress=False), ids)


class _OpenBm25s:
    def __init__(self, retriever: bm25s.BM25, ids: list[str]) -> None:
        self._retriever = retriever
        self._ids = ids
        self._stemmer = Stemmer.Stemmer("english")
        self._top = min(TOP, len(ids))

    def typed(self, query: Query) -> str:
        return " ".join(query.words)

    def close(self) -> None:
        """Nothing: it closes when it is no longer held."""

    def ids(self, text: str) -> Answer:
        tokens = bm25s.tokenize(text, stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False)
        numbers, scores = self._retriever.retrieve(tokens, k=self._top, show_progress=False)
        return Answer([self._ids[number] for number, score in zip(numbers[0], scores[0], strict=True) if score > 0])


ENGINE = _Bm25s()
