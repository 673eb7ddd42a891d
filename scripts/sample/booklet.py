"""A report's text → one PDF: cover, imprint, contents, front matter and body, with outline and page labels."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from fpdf import FPDF, FPDF_VERSION

from .metadata import SITE_NAME
from .source import MARK, Block, Booklet, Chapter, Design, PdfFile, ReportEntry
from .table import Table
from .typeset import MARGIN, Flow, TextStyle

__all__ = ["write_pdf"]

_INVENTED = "All names, quotations, cases and figures in it are invented."
_GREY = (95, 95, 95)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the contents: a heading, its level from 0, and the label and number of its page."""

    title: str
    level: int
    label: str
    page: int


def write_pdf(
    report: ReportEntry, file: PdfFile, booklet: Booklet, hyphens: Mapping[str, tuple[str, ...]], path: Path
) -> int:
    """The number of pages of the PDF that was written to `path`.

    It is set twice: the first time to learn on which page each heading falls.
    """
    blank = [_Entry(title, level, "", 0) for chapter in booklet.chapters for title, level in _headings(chapter)]
    first = _Setter(report, file, booklet, hyphens, blank).run()
    last = _Setter(report, file, booklet, hyphens, first.found).run()
    last.pdf.output(str(path))
    pages: int = last.pdf.pages_count
    return pages


def _headings(chapter: Chapter) -> list[tuple[str, int]]:
    return [(chapter.title, 0)] + [(block.text, block.level - 1) for block in chapter.blocks if block.kind == "heading"]


class _Setter:
    """One pass over the text; `found` are the headings with their pages."""

    def __init__(
        self,
        report: ReportEntry,
        file: PdfFile,
        booklet: Booklet,
        hyphens: Mapping[str, tuple[str, ...]],
        contents: list[_Entry],
    ) -> None:
        self.report, self.file, self.booklet, self.contents = report, file, booklet, contents
        self.design: Design = file.design
        self.pdf = _empty_pdf(report, file)
        self.flow = Flow(self.pdf, self.design, hyphens, booklet.notes, file.short_title)
        self.found: list[_Entry] = []

    def run(self) -> "_Setter":
        self._cover()
        self._imprint()
        self._contents()
        for chapter in self.booklet.chapters:
            self._chapter(chapter)
        self.flow.end_page()
        return self

    def _style(self, kind: str, level: int = 0) -> TextStyle:
        size, font, accent = self.design.size, self.design.font, self.design.accent
        head = {
            1: TextStyle(size + 6, "Helvetica", "B", accent, space=10, keep=4),
            2: TextStyle(size + 3, "Helvetica", "B", accent, space=6, keep=3),
        }
        styles = {
            "paragraph": TextStyle(size, font, space=2.6),
            "bullet": TextStyle(size, font, space=1.4, indent=7),
            "number": TextStyle(size, font, space=1.4, indent=7),
            "quote": TextStyle(size, font, "I", accent, space=3.5, indent=9),
            "caption": TextStyle(size - 1, "Helvetica", "B", space=4, keep=4),
            "source": TextStyle(size - 2.5, "Helvetica", "", _GREY, space=0.5),
            "heading": head.get(level, TextStyle(size + 0.5, "Helvetica", "B", space=4.5, keep=3)),
        }
        return styles[kind]

    def _cover(self) -> None:
        flow, accent = self.flow, self.design.accent
        flow.start_page(header=False)
        self.pdf.set_fill_color(*accent)
        self.pdf.rect(0, 0, self.pdf.w, 62, style="F")
        white = (255, 255, 255)
        self._wide(24, self.report.publisher, TextStyle(12, "Helvetica", "B", white))
        self._wide(34, self.report.kind, TextStyle(11, "Helvetica", "", white))
        title, _, rest = self.report.title.partition(": ")
        y = self._wide(84, title, TextStyle(27, "Helvetica", "B", accent))
        if rest:
            y = self._wide(y + 5, rest[:1].upper() + rest[1:], TextStyle(16, "Helvetica"))
        y = self._wide(y + 8, self.file.subtitle, TextStyle(13, self.design.font, "I", _GREY))
        if self.report.authors:
            y = self._wide(y + 12, ", ".join(self.report.authors), TextStyle(12, self.design.font))
        self._wide(y + 3, self.report.shown_date, TextStyle(12, self.design.font))
        self._wide(self.pdf.h - 50, MARK, TextStyle(10.5, "Helvetica", "B", accent))

    def _wide(self, y: float, text: str, style: TextStyle) -> float:
        """The y below `text`, which was set over the whole width of the page from `y` on."""
        self.pdf.set_font(style.font, style.style, style.size)
        self.pdf.set_text_color(*style.color)
        self.pdf.set_xy(MARGIN, y)
        self.pdf.multi_cell(self.pdf.w - 2 * MARGIN, style.leading, text, align="L")
        below: float = self.pdf.get_y()
        return below

    def _imprint(self) -> None:
        self.flow.start_page(header=False)
        small = TextStyle(9.5, self.design.font)
        y = self._wide(150, f"{MARK} {_INVENTED}", TextStyle(10, "Helvetica", "B", self.design.accent))
        y = self._wide(y + 4, f"Set for the {SITE_NAME}, {self.report.shown_date}, under the MIT licence.", small)
        publisher = self.report.publisher
        known = "" if publisher == SITE_NAME else f" by {publisher}"
        y = self._wide(
            y + 4,
            f"There is a real publication{known} with the title “{self.report.title}”. Only its title is used here, as "
            "a bibliographic fact. Please look for the original, and quote nothing from these pages as if it came from "
            "there.",
            small,
        )
        self._wide(y + 4, "Words used for subjects: " + "; ".join(self.report.topics) + ".", small)

    def _contents(self) -> None:
        self.flow.chapter = "Contents"
        self.flow.start_page(header=False)
        y = self._wide(28, "Contents", TextStyle(self.design.size + 10, "Helvetica", "B", self.design.accent)) + 5
        for entry in self.contents:
            if entry.level > 1:
                continue
            style = TextStyle(10.5 if entry.level else 11, "Helvetica", "" if entry.level else "B")
            if y + 10 > self.pdf.h - MARGIN:
                self.flow.start_page()
                y = 30.0
            y = self._entry(entry, style, y + (0.4 if entry.level else 2.2))

    def _entry(self, entry: _Entry, style: TextStyle, y: float) -> float:
        link = self.pdf.add_link(page=entry.page) if entry.page else ""
        self.pdf.set_font(style.font, style.style, style.size)
        self.pdf.set_text_color(*style.color)
        indent = 6.0 * entry.level
        width = self.pdf.w - 2 * MARGIN - 14
        self.pdf.set_xy(MARGIN + indent, y)
        self.pdf.multi_cell(width - indent, style.leading, entry.title, align="L", link=link)
        below: float = self.pdf.get_y()
        self.pdf.set_xy(MARGIN + width, below - style.leading)
        self.pdf.cell(14, style.leading, entry.label, align="R", link=link)
        return below

    def _chapter(self, chapter: Chapter) -> None:
        self.flow.chapter = chapter.title
        if self.design.run_on and not self.flow.front:
            self.flow.write(chapter.title, self._style("heading", 1))
            self._mark_heading(chapter.title, 0)
        else:
            self._opening(chapter)
        number = 0
        for block, following in zip_longest(chapter.blocks, chapter.blocks[1:]):
            number = number + 1 if block.kind == "number" else 0
            if block.kind == "caption" and following:
                self._keep_together(following)
            self._block(block, number)

    def _opening(self, chapter: Chapter) -> None:
        """A page that begins with the chapter's title, over all columns."""
        self.flow.start_page(header=False, body=not chapter.front)
        self._mark_heading(chapter.title, 0)
        style = TextStyle(self.design.size + 10, "Helvetica", "B", self.design.accent)
        self.flow.begin_columns(self._wide(28, chapter.title, style) + 6)

    def _keep_together(self, table: Block) -> None:
        """Goes on to the next column where a table, with its caption and source, would be cut and need not be."""
        height = Table(self.flow, table.rows).height() + 20.0
        if height < 150.0:
            self.flow.make_room(height)

    def _block(self, block: Block, number: int) -> None:
        if block.kind == "table":
            Table(self.flow, block.rows).write()
            return
        style = self._style(block.kind, block.level)
        bullet = {"bullet": "•", "number": f"{number}."}.get(block.kind, "")
        self.flow.write(block.text, style, bullet=bullet, bar=block.kind == "quote")
        if block.kind == "heading":
            self._mark_heading(block.text, block.level - 1)

    def _mark_heading(self, title: str, level: int) -> None:
        self.pdf.set_y(max(self.flow.y - 12, 0))  # where the bookmark leads: a little above what was written
        self.pdf.start_section(title, level)
        self.found.append(_Entry(title, level, self.flow.label, self.pdf.page))


def _empty_pdf(report: ReportEntry, file: PdfFile) -> FPDF:
    """A document that depends on nothing but the report: the same bytes whenever it is made."""
    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    year, month, day = (int(part) for part in (report.date + "-01-01").split("-")[:3])
    pdf.set_creation_date(datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC))
    pdf.set_lang("en-GB")
    pdf.set_title(report.title if not file.subtitle.startswith("Summary") else f"{report.title} (summary)")
    pdf.set_author("; ".join(report.authors) or report.publisher)
    pdf.set_subject(report.teaser)
    pdf.set_keywords(", ".join(report.topics))
    pdf.set_creator("make_corpus.py")
    pdf.set_producer(f"fpdf2 {FPDF_VERSION}")
    return pdf
