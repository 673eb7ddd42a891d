"""The HTML of the sample site: listing pages, landing pages, and the few pages around them."""

import re
from collections.abc import Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from .metadata import METADATA, SITE_NAME
from .source import MARK, Block, Booklet, ReportEntry, Shelf

__all__ = ["Pages"]

_INLINE = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*|\[\^(\w+)\]")
_LISTING_TITLE = "Reports and briefings"


class Pages:
    """Makes pages for `shelf` from the templates of a folder; each method gives one page as text."""

    def __init__(self, shelf: Shelf, templates: Path) -> None:
        self.shelf = shelf
        self._templates = {path.stem: Template(path.read_text("utf-8")) for path in sorted(templates.glob("*.html"))}

    def listing(self, number: int) -> str:
        """Page 1 or 2 of the listing."""
        cut = self.shelf.first_page
        reports = self.shelf.reports[:cut] if number == 1 else self.shelf.reports[cut:]
        first = number == 1
        content = self._fill(
            "listing",
            heading=_LISTING_TITLE,
            count=str(len(self.shelf.reports)),
            cards="\n".join(self._card(report) for report in reports),
            pages=_pagination(first),
            most_read="\n".join(_sidebar_link(report) for report in self.shelf.reports[1:9:3]),
        )
        neighbour = '<link rel="next" href="page-2.html">' if first else '<link rel="prev" href="index.html">'
        title = _LISTING_TITLE if first else f"{_LISTING_TITLE}, page 2 of 2"
        return self._page(title, content, head=neighbour, crumbs=_crumbs([], title))

    def landing(self, report: ReportEntry, booklet: Booklet, page_counts: Mapping[str, int]) -> str:
        """The landing page of one report; `page_counts` are the pages of its PDFs by file name."""
        related = [
            other for other in self.shelf.reports if other is not report and set(other.topics) & set(report.topics)
        ]
        content = self._fill(
            "landing",
            kind=escape(report.kind),
            title=escape(report.title),
            byline=_byline(report),
            teaser=escape(report.teaser),
            body=render(booklet),
            downloads=_downloads(report, page_counts),
            related="\n".join(
                f'<li><a href="{other.slug}.html">{escape(other.title)}</a></li>' for other in related[:3]
            ),
            tags=" ".join(f"<li>{escape(topic)}</li>" for topic in report.topics),
        )
        head = METADATA[report.metadata](report)
        crumbs = _crumbs([("../index.html", _LISTING_TITLE)], report.title)
        return self._page(report.title, content, head=head, crumbs=crumbs, up="../")

    def plain(self, name: str, title: str) -> str:
        """One of the pages around the collection, such as "about"."""
        return self._page(title, self._fill(name), crumbs=_crumbs([], title))

    def _card(self, report: ReportEntry) -> str:
        date = f'<p class="card-date">{_time(report, report.card_date)}</p>' if report.card_date else ""
        return self._fill(
            "card",
            kind=escape(report.kind),
            href=f"reports/{report.slug}.html",
            title=escape(report.title),
            teaser=escape(report.teaser),
            date=date,
        ).rstrip()

    def _page(self, title: str, content: str, *, crumbs: str, head: str = "", up: str = "") -> str:
        text = self._fill(
            "page",
            title=f"{escape(title)} | {SITE_NAME}",
            content=content,
            head=head,
            crumbs=crumbs,
            up=up,
            mark=MARK,
        )
        return re.sub(r"\n{2,}", "\n", text)

    def _fill(self, template: str, **values: str) -> str:
        return self._templates[template].substitute(values)


def render(booklet: Booklet) -> str:
    """The text as HTML; a chapter's title becomes h2, so headings in the source go one level down in order."""
    parts: list[str] = []
    for chapter in booklet.chapters:
        if chapter.title:
            parts.append(f"<h2>{_inline(chapter.title)}</h2>")
        for kind, group in groupby(chapter.blocks, key=lambda block: block.kind):
            parts.extend(_group(kind, list(group)))
    if booklet.notes:
        notes = "\n".join(f'<li id="note-{mark}">{_inline(text)}</li>' for mark, text in booklet.notes.items())
        parts.append(f'<section class="notes">\n<h2>Notes</h2>\n<ol>\n{notes}\n</ol>\n</section>')
    return "\n".join(parts)


def _group(kind: str, blocks: list[Block]) -> list[str]:
    if kind in {"bullet", "number"}:
        tag = "ul" if kind == "bullet" else "ol"
        return [f"<{tag}>", *(f"<li>{_inline(block.text)}</li>" for block in blocks), f"</{tag}>"]
    if kind == "table":
        return [_table(block.rows) for block in blocks]
    shapes = {
        "paragraph": "<p>{}</p>",
        "caption": '<p class="caption">{}</p>',
        "source": '<p class="source">{}</p>',
        "quote": "<blockquote><p>{}</p></blockquote>",
    }
    return [
        f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
        if kind == "heading"
        else shapes[kind].format(_inline(block.text))
        for block in blocks
    ]


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in rows[0])
    body = "\n".join("<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _inline(text: str) -> str:
    return _INLINE.sub(_inline_tag, escape(text, quote=False))


def _inline_tag(match: re.Match[str]) -> str:
    bold, italic, note = match.groups()
    if note:
        return f'<sup><a href="#note-{note}">{note}</a></sup>'
    return f"<strong>{bold}</strong>" if bold else f"<em>{italic}</em>"


def _time(report: ReportEntry, shown: str) -> str:
    return f'<time datetime="{report.date}">{escape(shown)}</time>'


def _byline(report: ReportEntry) -> str:
    """Authors and publisher are shown unless the page is one of those that only have a heading and a date."""
    parts = [f"Published {_time(report, report.shown_date)}"]
    if report.metadata != "page":
        parts += [f"by {escape(report.publisher)}"]
        if report.authors:
            parts += [f"&middot; {escape(', '.join(report.authors))}"]
    return " ".join(parts)


def _downloads(report: ReportEntry, page_counts: Mapping[str, int]) -> str:
    if not report.files:
        return ""
    items = "\n".join(
        f'<li><a class="download" href="../files/{file.name}">{escape(file.label)}</a> '
        f"(PDF, {page_counts[file.name]} pages)</li>"
        for file in report.files
    )
    return f'<section class="downloads">\n<h2>Download</h2>\n<ul>\n{items}\n</ul>\n</section>'


def _sidebar_link(report: ReportEntry) -> str:
    return f'<li><a href="reports/{report.slug}.html">{escape(report.title)}</a></li>'


def _pagination(first: bool) -> str:
    one = '<span aria-current="page">1</span>' if first else '<a href="index.html">1</a>'
    two = '<a href="page-2.html">2</a>' if first else '<span aria-current="page">2</span>'
    step = '<a rel="next" href="page-2.html">Next</a>' if first else '<a rel="prev" href="index.html">Previous</a>'
    return f"<li>{one}</li>\n<li>{two}</li>\n<li>{step}</li>"


def _crumbs(above: list[tuple[str, str]], here: str) -> str:
    links = [f'<li><a href="{href}">{escape(name)}</a></li>' for href, name in above]
    return "\n".join([*links, f'<li aria-current="page">{escape(here)}</li>'])
