"""Matches as hits: what of a report people see, its snippets, and links that open there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reportsearch.indexer.analysis import spoken_language
from reportsearch.indexer.report import PublicationDate
from reportsearch.indexer.settings import Settings
from reportsearch.indexer.urls import file_uri, is_url, path_of, storable

from .engine import Asked, Match, Passage, Snapshot
from .marker import Marker
from .nodes import AnyField, PhraseInAnyField
from .results import Hit, Snippet, Span
from .snippet import Fragment, choose
from .syntax import ParsedQuery

__all__ = ["HitBuilder"]

_MORE_PASSAGES = 2
"""Passages beyond the snippets wanted: some turn out to be tables, or repeat the title."""


class HitBuilder:
    """Matches of one query as hits."""

    def __init__(self, snapshot: Snapshot, parsed: ParsedQuery, settings: Settings) -> None:
        self._snapshot = snapshot
        self._asked: Asked = [*parsed.words, *parsed.phrases]
        self._first_phrase = len(parsed.words)
        self._settings = settings

    def hits(self, matches: Sequence[Match], snippets: int) -> tuple[Hit, ...]:
        """The hits, each with so many snippets at most."""
        wanted = snippets + _MORE_PASSAGES if snippets > 1 else snippets
        reasons = self._snapshot.reasons(matches, self._asked, wanted)
        return tuple([self._hit(match, *why, snippets) for match, why in zip(matches, reasons, strict=True)])

    def _hit(self, match: Match, passages: Sequence[Passage], missing: Sequence[int], snippets: int) -> Hit:
        record = match.record
        title: str = record["title"]
        shown: tuple[Snippet, ...] = ()
        if snippets:
            fragments = choose(passages, title=title, limit=snippets, first_phrase=self._first_phrase)
            shown = tuple([self._snippet(each, record) for each in fragments or self._from_metadata(record)])
        return Hit(
            id=record["id"],
            title=title,
            url=record["url"],
            link=shown[0].link if shown else self._opened(record["url"])[1],
            date=PublicationDate.parse(record["date"]) if record["date"] else None,
            date_source=record["origins"].get("date", ""),
            publisher=record["publisher"],
            summary=record["summary"],
            score=match.score,
            missing=tuple([_as_typed(self._asked[number]) for number in missing]) if missing else (),
            snippets=shown,
        )

    def _from_metadata(self, record: Mapping[str, Any]) -> tuple[Fragment, ...]:
        """For a report that was found by its title or summary alone."""
        marker = Marker(self._asked, spoken_language(record["language"], self._settings.language))
        for text in (record["summary"], record["title"]):
            if fragments := choose([marker.passage(text)], limit=1, first_phrase=self._first_phrase):
                return fragments
        return ()

    def _snippet(self, fragment: Fragment, record: Mapping[str, Any]) -> Snippet:
        passage, files = fragment.passage, record["files"]
        location, media_type = files[passage.file][:2] if passage.file < len(files) else (record["url"], "")
        file, link = self._opened(location)
        return Snippet(
            text=fragment.text,
            marks=fragment.marks,
            file=file,
            page=passage.page,
            page_label=passage.label,
            heading="" if passage.heading == record["title"] else passage.heading,
            link=link + _anchor(fragment, media_type) if link else "",
        )

    def _opened(self, location: str) -> tuple[str, str]:
        """What opens a place from anywhere, as people read it (a URL or a path) and as a link; "" for a record that has
        none."""
        if is_url(location) or not location:
            return location, location
        path = storable(str(self._settings.folder / location))
        return path, file_uri(path_of(path))


def _as_typed(node: AnyField | PhraseInAnyField) -> str:
    return node.word if isinstance(node, AnyField) else " ".join(node.words)


def _anchor(fragment: Fragment, media_type: str) -> str:
    """What makes a link open at the passage: the page of a PDF, or a text fragment (WICG Scroll to Text)."""
    if fragment.passage.page is not None:
        return f"#page={fragment.passage.page}"
    if not fragment.marks or media_type != "text/html":
        return ""
    return f"#:~:text={_quoted(_around(fragment.text, fragment.marks[0]))}"


def _around(text: str, mark: Span) -> str:
    """The marked words and up to four that follow: enough to be found once on a page."""
    behind = re.match(r"(?:[^\S…]+[^\s…]+){0,4}", text[mark.end :])
    return text[mark.start : mark.end] + (behind.group() if behind else "")


def _quoted(words: str) -> str:
    return quote(words.strip(), safe="").replace("-", "%2D")
