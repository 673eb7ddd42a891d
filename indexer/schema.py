"""The Whoosh schema, and a report as one of its documents.

Searched: title, headings, summary, body. Filtered: publisher, author, year, language, topic, kind, source (folded
values, one term each). Kept: `record`, the report without its text; `pages`, its text by page, which our codec keeps in
passages. Only classes that come with Whoosh take part, so that Whoosh alone opens the index.
"""

from collections.abc import Sequence

from whoosh.columns import CompressedBytesColumn, NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from .analysis import fold, spoken_language
from .analysis.whoosh_analyzer import analyzer_for
from .codec.document import IndexDocument
from .fields import FILTER_FIELDS, FORMAT_PREFIX, SCHEMA_VERSION, TEXT_FIELDS
from .record import record_of
from .report import Report

__all__ = ["make_schema", "to_document"]


def make_schema(language: str) -> Schema:
    """The schema of a collection in this language; its version stands in it as the name of an empty field."""
    analyzer = analyzer_for(language)
    searched = {name: TEXT(analyzer=analyzer, phrase=True) for name in TEXT_FIELDS}
    filtered = {name: KEYWORD() for name in FILTER_FIELDS}
    schema = Schema(
        id=ID(unique=True),
        date=COLUMN(NumericColumn("I")),  # days since 0001-01-01, 0 where there is none
        page_count=COLUMN(NumericColumn("I")),
        record=STORED(),
        pages=COLUMN(CompressedBytesColumn()),
        **searched,
        **filtered,
    )
    schema.add(f"{FORMAT_PREFIX}{SCHEMA_VERSION}_{language.replace('-', '_')}", STORED())
    return schema


def to_document(report: Report, language: str) -> IndexDocument:
    """The report as the index takes it; one that names no language that can be stemmed is in the collection's."""
    return IndexDocument(
        language=spoken_language(report.language, language),
        texts={
            "title": report.title,
            "headings": "\n".join(heading for page in report.pages for heading in page.headings),
            "summary": report.summary,
        },
        pages=report.pages,
        values={
            "id": (report.id,),
            "publisher": _folded((report.publisher,)),
            "author": _folded(report.authors),
            "year": (f"{report.date.year:04d}",) if report.date else (),
            "language": _folded((report.language,)),
            "topic": _folded(report.topics),
            "kind": _folded((report.kind,)),
            "source": _folded((report.source,)),
        },
        numbers={
            "date": report.date.first_day.toordinal() if report.date else 0,
            "page_count": sum(page.number is not None for page in report.pages),
        },
        stored={"record": record_of(report)},
    )


def _folded(values: Sequence[str]) -> tuple[str, ...]:
    if not any(values):  # of most reports one or the other is not known
        return ()
    return tuple(dict.fromkeys(folded for value in values if (folded := fold(value))))
