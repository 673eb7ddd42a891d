"""Card, landing page and files into one report."""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath
from types import MappingProxyType

from .access import Access
from .extract.metadata import resolve
from .report import Candidate, Claim, Document, Origin, Page, Report
from .schema import to_document
from .urls import is_url

__all__ = ["assemble"]


def assemble(candidate: Candidate, documents: Sequence[Document], access: Access, today: datetime.date) -> Report:
    """The report that a candidate's documents make: pages in the order of the documents, and for each metadata field
    the value of the most trusted origin."""
    is_record = candidate.record is not None
    place = candidate.identity if is_record else access.portable(documents[0].file.location)
    claims = [claim for document in documents for claim in document.claims]
    language = Claim("language", access.settings.language, Origin.SETTINGS)
    values, origins = resolve([*claims, *candidate.claims, language], today=today)
    if "title" not in values:
        values["title"], origins["title"] = _title_of_path(place), Origin.PATH
    report = Report(
        id=candidate.identity,
        url=values.pop("url", "" if is_record else place),
        **values,
        pages=tuple(_pages(documents)),
        files=tuple(
            replace(document.file, location=access.portable(document.file.location))
            for document in documents
            if not is_record
        ),
        source=candidate.source,
        origins=MappingProxyType(origins),
    )
    return replace(report, content_hash=_content_hash(report))


def _pages(documents: Iterable[Document]) -> Iterator[Page]:
    for number, document in enumerate(documents):
        yield from (replace(page, file=number) for page in document.pages)


def _title_of_path(place: str) -> str:
    """`Report_on-Care.pdf` as a person would write it; the address where it has no name."""
    path = place.partition("?")[0] if is_url(place) else place
    name = PurePosixPath(path.rstrip("/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", name)
    return re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", stem).strip() or place


def _content_hash(report: Report) -> str:
    """Over all that is indexed, the text by page included."""
    document = to_document(report, report.language)
    rows = [[page.number, page.text, page.label, page.headings, page.file] for page in document.pages]
    indexed = [document.language, document.texts, rows, document.values, document.numbers, document.stored]
    return sha256(json.dumps(indexed, sort_keys=True).encode()).hexdigest()
