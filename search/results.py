"""What a search gives: results, hits, snippets. Plain values; the engine that found them is not seen from here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple, overload

from reportsearch.indexer.report import PublicationDate

__all__ = ["Hit", "Results", "Snippet", "Span"]


class Span(NamedTuple):
    """A piece of a snippet's text that the query asked for: characters from `start` up to, not including, `end`."""

    start: int
    end: int


class Snippet(NamedTuple):
    """A passage that shows why a report was found, and where it stands.

    `page` counts from 1 as `#page=` does, None where the file has no pages; `page_label` is the printed number, ""
    where none is known; `link` opens at the passage. `file` is a plain path or URL.
    """

    text: str
    marks: tuple[Span, ...]
    file: str
    page: int | None
    page_label: str
    heading: str
    link: str

    @property
    def html(self) -> str:
        """The text, escaped, with `<mark>` around what was asked for."""
        text, last, html = self.text, 0, ""
        is_plain = not ("&" in text or "<" in text or ">" in text or '"' in text or "'" in text)  # as most are
        shown = str if is_plain else escape
        for start, end in self.marks:
            html += f"{shown(text[last:start])}<mark>{shown(text[start:end])}</mark>"
            last = end
        return html + shown(text[last:])

    @property
    def place(self) -> str:
        """The page as people cite it: `p. 37`, or `p. 37 (PDF page 41)` where the printed number is another."""
        if self.page is None:
            return ""
        if not self.page_label or self.page_label == str(self.page):
            return f"p. {self.page}"
        return f"p. {self.page_label} (PDF page {self.page})"


class Hit(NamedTuple):
    """One report of the answer; `missing` are the query's words that it lacks, `link` opens at the best snippet."""

    id: str
    title: str
    url: str
    link: str
    date: PublicationDate | None
    date_source: str
    publisher: str
    summary: str
    score: float
    missing: tuple[str, ...]
    snippets: tuple[Snippet, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in the HTTP answer."""
        best = self.snippets[0] if self.snippets else None
        return {
            "id": self.id,
            "title": self.title,
            "url": self.url,
            "link": self.link,
            "date": str(self.date) if self.date else None,
            "date_source": self.date_source or None,
            "publisher": self.publisher,
            "summary": self.summary,
            "score": round(self.score, 4),
            "excerpt": best.html if best else "",
            "plain_excerpt": best.text if best else "",
            "missing": list(self.missing),
            "duplicates": [],
            "hits": [
                {
                    "file": snippet.file,
                    "page": snippet.page,
                    "page_label": snippet.page_label or None,
                    "heading": snippet.heading or None,
                    "excerpt": snippet.html,
                    "plain_excerpt": snippet.text,
                    "link": snippet.link,
                }
                for snippet in self.snippets
            ],
        }


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """One page of hits, best first. `total` counts the reports on all pages; `facets` gives for each field asked for
    its values with the number of reports that have them; all are from commit `index_version`."""

    hits: tuple[Hit, ...]
    query: str
    interpreted_as: str
    total: int
    page: int
    per_page: int
    took_ms: float
    index_version: str
    warnings: tuple[str, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    did_you_mean: str | None = None

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @property
    def pages(self) -> int:
        """How many pages of hits there are."""
        return -(-self.total // self.per_page)

    def to_dict(self) -> dict[str, Any]:
        """As in the HTTP answer."""
        return {
            "query": self.query,
            "interpreted_as": self.interpreted_as,
            "warnings": list(self.warnings),
            "did_you_mean": self.did_you_mean,
            "total": self.total,
            "total_relation": "eq",
            "page": self.page,
            "per_page": self.per_page,
            "took_ms": round(self.took_ms, 2),
            "index_version": self.index_version,
            "next": None,
            "previous": None,
            "facets": {
                name: [{"value": value, "count": count} for value, count in counts.items()]
                for name, counts in self.facets.items()
            },
            "results": [hit.to_dict() for hit in self.hits],
        }
