"""The documents of one benchmark, as all engines get them: kept as JSON lines, read one at a time."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Document", "Stock", "read_documents", "write_documents"]


@dataclass(frozen=True, slots=True)
class Document:
    """One document. Its `text` is searched, the rest is shown, filtered by or counted."""

    id: str
    title: str
    text: str
    year: int
    publisher: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What a file of documents holds."""

    documents: int
    text_bytes: int


def write_documents(documents: Iterable[Document], path: Path) -> Stock:
    """Writes the documents, one a line: [id, title, text, year, publisher]."""
    count = text_bytes = 0
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            row = [document.id, document.title, document.text, document.year, document.publisher]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
            text_bytes += len(document.text.encode())
    return Stock(count, text_bytes)


def read_documents(path: Path) -> Iterator[Document]:
    """What `write_documents` wrote, in its order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Document(*json.loads(line))
