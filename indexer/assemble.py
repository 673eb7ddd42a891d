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
    place = documents[0].file.location if documents else candidate.location
    claims = [claim for document in documents for claim in document.claims]
    values, origins = resolve([*claims, *candidate.claims, *_defaults(place, access)], today=today)
    portable = access.portable(place) if candidate.record is None else candidate.identity
    report = Report(
        id=candidate.identity,
        url=values.pop("url", portable),
        **values,
        pages=tuple(_pages(documents)),
        files=tuple(
            replace(document.file, location=access.portable(document.file.location))
            for document in documents
            if candidate.record is None
        ),
        source=candidate.source,
        origins=MappingProxyType(origins),
    )
    return replace(report, content_hash=_content_hash(report))


def _pages(documents: Iterable[Document]) -> Iterator[Page]:
    for number, document in enumerate(documents):
        yield from (replace(page, file=number) for page in document.pages)


def _defaults(place: str, access: Access) -> Iterator[Claim]:
    """What is said where nobody says anything: the file's name as title, the collection's language."""
    yield Claim("title", _title_of_path(access.portable(place)), Origin.PATH)
    yield Claim("language", access.settings.language, Origin.SETTINGS)


def _title_of_path(portable: str) -> str:
    """`Report_on-Care.pdf` as a person would write it; the address where it has no name."""
    path = portable.partition("?")[0] if is_url(portable) else portable
    name = PurePosixPath(path.rstrip("/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", name)
    return re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", stem).strip() or portable


def _content_hash(report: Report) -> str:
    document = to_document(report)
    document["pages"] = document["pages"].decode()
    return sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
