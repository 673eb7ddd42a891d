"""Where the documents come from: JSON lines as they are, speeches by country, passages, or made-up text."""

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from .documents import Document
from .errors import UsageError
from .generated import made_up

__all__ = ["Source", "documents_of"]

SESSIONS_PER_DOCUMENT = 4
"""Of one country; this makes documents of about 73 KB out of speeches of the UN General Debate."""
MAX_PASSAGES = 100_000
MADE_UP_DOCUMENTS, MADE_UP_CHARS = 2_500, 73_000

_FIRST_SESSION = 1945  # of the UN General Assembly; a session begins in the autumn of its year
_SPEECH_ID = re.compile(r"([A-Z]{2,3})_(\d+)_(\d{4})")  # country, session, year
_PASSAGE = re.compile(
    r"\S.{639,999}?(?:\n|(?<=[.!?])\s|\Z)"  # up to the end of a sentence or paragraph: about 700 characters
    r"|\S.{0,999}(?:\s|\Z)"  # the rest of a text, or where no sentence ends
    r"|\S{1000}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Source:
    """What was asked for. `path` is None for made-up text, `limit` for all documents."""

    path: Path | None
    limit: int | None
    passages: bool
    seed: int


def documents_of(source: Source) -> Iterator[Document]:
    """The documents, streaming. Raises UsageError for a file that cannot be read or is no JSON lines."""
    limit = source.limit
    if source.path is None:
        documents = made_up(MADE_UP_CHARS, source.seed)
        limit = limit or MADE_UP_DOCUMENTS
    else:
        documents = _from_records(_records(source.path), joined=not source.passages, seed=source.seed)
    if source.passages:
        documents = _passages(documents)
        limit = min(limit or MAX_PASSAGES, MAX_PASSAGES)
    return islice(documents, limit)


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):  # noqa: B007  named where it fails
                if line.strip():
                    yield _record(line)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): give --data a file of JSON lines.") from error
    except (ValueError, KeyError, TypeError, lzma.LZMAError, EOFError) as error:
        raise UsageError(
            f"{path}, line {number}: no document ({error!r}): each line must be a JSON object with id, title and text."
        ) from error


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _record(line: str) -> Mapping[str, Any]:
    record = json.loads(line)
    if not isinstance(record["text"], str):
        raise TypeError("text is no string")
    return record | {"id": str(record["id"]), "title": str(record.get("title", ""))}


def _from_records(records: Iterable[Mapping[str, Any]], *, joined: bool, seed: int) -> Iterator[Document]:
    """Each record as a document; with `joined`, speeches of a country by four sessions."""
    rng = random.Random(seed)  # noqa: S311  years and publishers, not secrets
    waiting: dict[str, list[Document]] = defaultdict(list)
    for record in records:
        country, year = _country_and_year(record)
        if country and joined:
            waiting[country].append(_document(record, year, country, rng))
            if len(waiting[country]) == SESSIONS_PER_DOCUMENT:
                yield _joined(waiting.pop(country))
        else:
            yield _document(record, year, country, rng)
    yield from map(_joined, waiting.values())


def _country_and_year(record: Mapping[str, Any]) -> tuple[str, int]:
    """Who spoke, and when, where the record is a speech; else nobody, and its year or 0."""
    if record.get("country") and str(record.get("session", "")).isdecimal():
        return str(record["country"]), _FIRST_SESSION + int(record["session"])
    if speech := _SPEECH_ID.fullmatch(record["id"]):
        return speech[1], int(speech[3])
    dated = re.match(r"\d{4}", str(record.get("year") or record.get("date") or ""))
    return "", int(dated.group()) if dated else 0


def _document(record: Mapping[str, Any], year: int, country: str, rng: random.Random) -> Document:
    drawn_year, drawn_publisher = rng.randint(1990, 2024), f"Publisher {rng.randint(1, 40)}"
    publisher = country or str(record.get("publisher") or drawn_publisher)
    return Document(record["id"], record["title"] or record["id"], record["text"], year or drawn_year, publisher)


def _joined(speeches: list[Document]) -> Document:
    first, last = speeches[0], speeches[-1]
    return replace(
        last,
        id=first.id if len(speeches) == 1 else f"{first.id}-{last.year}",
        title=first.title if len(speeches) == 1 else f"{first.publisher} statements, {first.year} to {last.year}",
        text="\n".join(speech.text for speech in speeches),
    )


def _passages(documents: Iterable[Document]) -> Iterator[Document]:
    for document in documents:
        for number, passage in enumerate(_PASSAGE.findall(document.text), 1):
            yield replace(document, id=f"{document.id}.{number}", text=passage.rstrip())
