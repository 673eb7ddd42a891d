"""Segments of our index that another program wrote, as our writer would have written them.

Whoosh's own writer keeps the record and the pages of each report where it merges or optimizes, and loses the passages
and the surfaces of words. Out of record and pages both are made again, in memory: reports are found, quoted and shown
as before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader as WhooshSegmentReader

from .codec import PAGES, ArraySegment, IndexDocument, SegmentReader, Toc, decode_pages, segment_in_memory
from .fields import language_of
from .record import to_report
from .schema import to_document

__all__ = ["open_as_ours"]

logger = logging.getLogger(__name__)

_NOTHING = IndexDocument(language="", texts={}, pages=(), values={}, numbers={}, stored={})


def open_as_ours(folder: Path, toc: Toc, segment: Any) -> SegmentReader:
    """A segment of the commit, opened: mapped where it is one of ours, else made anew from what it keeps.

    Documents keep their numbers. Raises FileNotFoundError, IndexFormatError; and anything at all for what is damaged.
    """
    if isinstance(segment, ArraySegment):
        reader = SegmentReader.open(folder, segment.segment_id())
        if reader.has_passages:
            return reader
    logger.info("%s was written by another program, and is read anew", segment.segment_id())
    with WhooshSegmentReader(FileStorage(str(folder)), toc.schema, segment) as reader:
        return segment_in_memory(_documents(reader, language_of(toc.schema)), segment.segment_id())


def _documents(reader: WhooshSegmentReader, language: str) -> Iterator[IndexDocument]:
    """Each document of a segment; nothing of one that is deleted, or that never was a report."""
    column = reader.column_reader(PAGES)
    for number in range(reader.doc_count_all()):
        record = None if reader.is_deleted(number) else reader.stored_fields(number).get("record")
        if record is None:
            yield _NOTHING
        else:
            yield to_document(to_report(record, decode_pages(column[number])), language)
