"""Whether a collection's index is whole; and a repair that says what it costs.

A damaged segment leaves the index. Where its text and its records are whole (the postings are damaged, say), its
reports are indexed anew from them and nothing is lost. Else they are lost, and named as far as their identities can be
read. The commit of a repair is one that the ledger does not describe, so the next run reads every report again and
brings back those that a source still offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .codec import (
    ArraySegment,
    Damage,
    IndexCheck,
    IndexWriter,
    SegmentReader,
    check_index,
    open_container,
)
from .errors import IndexFormatError, NoIndexError
from .fields import SCHEMA_VERSION
from .record import to_report
from .report import Report
from .run import locked
from .schema import to_document
from .settings import Settings
from .whoosh_index import open_toc
from .whoosh_writer import WhooshStore

__all__ = ["Inspection", "Repair", "inspect", "repair"]

_DOCUMENTS, _TERMS = ".doc", ".trm"
_RECORDS = frozenset({"stored", "stored_bounds", "dictionary:stored"})
_DERIVED = ("lengths:", "numbers:")
"""Sections of the documents' file that are made of the others."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, and the version of the index ("" where its table of contents cannot be read)."""

    found: IndexCheck
    version: str

    @property
    def is_whole(self) -> bool:
        return not self.found.damages


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did: identities of reports that were indexed anew from their text, of those that are lost, how many
    more are lost whose identity could not be read, and the files that no commit named and that are gone."""

    saved: tuple[str, ...]
    lost: tuple[str, ...]
    lost_nameless: int
    swept: tuple[str, ...]


def inspect(settings: Settings) -> Inspection:
    """The index as it is. Raises NoIndexError, and IndexFormatError for one of another version or program."""
    found = check_index(settings.index_folder)
    if found is None:
        raise NoIndexError(
            f"There is no index in {settings.index_folder} yet. Type `reportsearch update` to make it from the "
            "sources in reports.toml."
        )
    if found.toc is None:
        return Inspection(found, "")
    open_toc(settings.index_folder)  # raises where the version is another
    return Inspection(found, f"{SCHEMA_VERSION}.{found.toc.generation}")


def repair(settings: Settings, lock_wait_s: float = 0.0) -> Repair:
    """Takes out what is damaged, and sweeps away what no commit names.

    Raises IndexFormatError where the table of contents is damaged, because then nothing says which reports count;
    LockHeldError, NoIndexError.
    """
    with locked(settings.state_folder, lock_wait_s):
        found = inspect(settings).found
        if found.toc is None:
            raise IndexFormatError(
                "This cannot be repaired: the table of contents is damaged, so nothing says which reports count. "
                f"Move the folder {settings.index_folder} away and type `reportsearch update`: all reports are read "
                "again."
            )
        store = WhooshStore(settings.index_folder, settings.language, workers=settings.limits.workers)
        writer = store.open_writer()  # sweeps
        try:
            done = _Salvage(settings, writer).take(found)
            if found.damages:
                writer.commit()
            else:
                writer.cancel()
        except BaseException:
            with suppress(OSError):
                writer.cancel()
            raise
        return Repair(tuple(done.saved), tuple(done.lost), done.nameless, found.unnamed)


class _Salvage:
    """What is done with the damaged segments of one index."""

    def __init__(self, settings: Settings, writer: IndexWriter) -> None:
        self._folder = settings.index_folder
        self._language = settings.language
        self._writer = writer
        self.saved: list[str] = []
        self.lost: list[str] = []
        self.nameless = 0

    def take(self, found: IndexCheck) -> _Salvage:
        assert found.toc is not None
        for segment in found.toc.segments:
            name = segment.segment_id()
            if name in found.damaged_segments:
                self._writer.drop(name)
                self._take_segment(segment, [damage for damage in found.damages if damage.segment == name])
        return self

    def _take_segment(self, segment: Any, damages: list[Damage]) -> None:
        rest = _Remains(self._folder, segment, damages)
        if rest.has_texts:
            for report in rest.reports():
                self._writer.add(to_document(report, self._language))
                self.saved.append(report.id)
            return
        names = rest.identities()
        self.lost.extend(names)
        self.nameless += segment.doc_count() - len(names)


class _Remains:
    """What can be read of a damaged segment; by sections whose checksums are right, and no others."""

    def __init__(self, folder: Path, segment: Any, damages: list[Damage]) -> None:
        self._segment = segment
        self._damaged = {
            extension: {damage.section for damage in damages if damage.file.endswith(extension)}
            for extension in (_DOCUMENTS, _TERMS)
        }
        self._open = {}
        if isinstance(segment, ArraySegment):
            for extension, length in segment.sizes.items():
                with suppress(IndexFormatError):
                    self._open[extension] = open_container(folder / segment.make_filename(extension), length)

    @property
    def has_texts(self) -> bool:
        """Whether all of which the rest can be made anew is there."""
        damaged = {name for name in self._damaged[_DOCUMENTS] if not name.startswith(_DERIVED)}
        return _DOCUMENTS in self._open and not damaged and "text" in self._open[_DOCUMENTS]

    def _documents(self) -> SegmentReader:
        return SegmentReader(self._open[_DOCUMENTS], self._open[_DOCUMENTS])  # the terms are not asked for

    def _live(self) -> list[int]:
        return [int(doc_id) for doc_id in np.flatnonzero(~self._segment.deletions())]

    def reports(self) -> Iterator[Report]:
        """Those that are not deleted, with their text."""
        reader = self._documents()
        for doc_id in self._live():
            yield to_report(reader.stored(doc_id)["record"], reader.passages.pages(doc_id))

    def identities(self) -> list[str]:
        """Those that can be read of the reports that are not deleted."""
        if _DOCUMENTS in self._open and not self._damaged[_DOCUMENTS] & _RECORDS:
            reader = self._documents()
            records = [reader.stored(doc_id).get("record") for doc_id in self._live()]
            # another program may have stored anything
            return [str(record["id"]) for record in records if isinstance(record, dict) and "id" in record]
        if _TERMS not in self._open or any(name.startswith("id:") for name in self._damaged[_TERMS]):
            return []
        terms = SegmentReader(self._open[_TERMS], self._open[_TERMS]).lexicon("id")
        if terms is None:
            return []
        live = set(self._live())
        return [
            terms.term(number).decode("utf-8", "surrogatepass")
            for number in range(len(terms))
            if live.intersection(terms.posting(number).doc_ids.tolist())
        ]
