"""How a landing page says what it is: one function for each way that publishers use."""

import json
from collections.abc import Callable, Mapping
from html import escape

from .source import ReportEntry

__all__ = ["METADATA", "SITE_NAME"]

SITE_NAME = "Sample Shelf"


def _meta(pairs: list[tuple[str, str]], attribute: str = "name") -> str:
    return "\n".join(f'<meta {attribute}="{name}" content="{escape(value)}">' for name, value in pairs)


def citation(report: ReportEntry) -> str:
    """Highwire Press tags, as Google Scholar reads them; its dates are written with slashes."""
    pairs = [("citation_title", report.title)]
    pairs += [("citation_author", author) for author in report.authors]
    pairs += [
        ("citation_publication_date", report.date.replace("-", "/")),
        ("citation_technical_report_institution", report.publisher),
        ("citation_language", "en"),
    ]
    pairs += [("citation_pdf_url", f"../files/{file.name}") for file in report.files[:1]]
    pairs += [("citation_keywords", "; ".join(report.topics))]
    return _meta(pairs)


def json_ld(report: ReportEntry) -> str:
    """schema.org Report."""
    record = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": report.title,
        "abstract": report.teaser,
        "inLanguage": "en-GB",
        "datePublished": report.date,
        "author": [{"@type": "Person", "name": author} for author in report.authors],
        "publisher": {"@type": "Organization", "name": report.publisher},
        "keywords": list(report.topics),
        "encoding": [
            {
                "@type": "MediaObject",
                "encodingFormat": "application/pdf",
                "contentUrl": f"../files/{file.name}",
            }
            for file in report.files
        ],
    }
    text = json.dumps(record, ensure_ascii=False, indent=2).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def dublin_core(report: ReportEntry) -> str:
    """DCMI elements in meta tags."""
    pairs = [("DC.title", report.title)]
    pairs += [("DC.creator", author) for author in report.authors]
    pairs += [
        ("DC.publisher", report.publisher),
        ("DC.date", report.date),
        ("DC.language", "en-GB"),
        ("DC.type", "Text.Report"),
        ("DC.description", report.teaser),
    ]
    pairs += [("DC.subject", topic) for topic in report.topics]
    return '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">\n' + _meta(pairs)


def opengraph(report: ReportEntry) -> str:
    """OpenGraph only, with the site's name behind the title, as content management systems write it."""
    pairs = [
        ("og:type", "article"),
        ("og:site_name", SITE_NAME),
        ("og:title", f"{report.title} | {SITE_NAME}"),
        ("og:description", report.teaser),
        ("og:locale", "en_GB"),
        ("article:published_time", f"{report.date}T09:00:00+00:00"),
    ]
    return _meta(pairs, "property")


def page_only(_report: ReportEntry) -> str:
    """Nothing in the head: only the heading and the <time> of the page itself."""
    return ""


METADATA: Mapping[str, Callable[[ReportEntry], str]] = {
    "citation": citation,
    "json-ld": json_ld,
    "dublin-core": dublin_core,
    "opengraph": opengraph,
    "page": page_only,
}
