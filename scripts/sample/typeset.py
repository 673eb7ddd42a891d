"""Lines → pages: columns, running headers, printed page labels, footnotes.

A `Flow` fills one column after the other from the top; `limit` is where the column ends, and rises with every footnote
that a line brings with it. All lengths are in millimetres, font sizes in points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fpdf import FPDF

from .lines import NOTE_STYLE, Line, break_lines
from .source import Design

__all__ = ["MARGIN", "Flow", "TextStyle", "roman"]

MARGIN = 26.0
_TOP, _BOTTOM = 28.0, 26.0
_GUTTER = 8.0
_POINT = 0.3528
_GREY = (95, 95, 95)
_NOTE_SIZE = 8.0


@dataclass(frozen=True, slots=True)
class TextStyle:
    """`size` in points; `space` is left above, `indent` to the left; `keep` asks for room for that many lines more."""

    size: float
    font: str
    style: str = ""
    color: tuple[int, int, int] = (25, 25, 25)
    space: float = 0.0
    indent: float = 0.0
    keep: int = 0

    @property
    def leading(self) -> float:
        return self.size * _POINT * 1.36


def roman(number: int) -> str:
    """1 → i, 4 → iv, 9 → ix; up to 39, which is enough for front matter."""
    return "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]


@dataclass
class Flow:
    """Writes lines into the columns of `pdf`; `label` is the printed number of the page at hand."""

    pdf: FPDF
    design: Design
    hyphens: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    short_title: str
    front: bool = True
    number: int = 0
    chapter: str = ""
    column: int = 0
    top: float = _TOP
    y: float = 0.0
    limit: float = 0.0
    pending: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return roman(self.number) if self.front else str(self.number)

    @property
    def fresh(self) -> bool:
        """Whether nothing stands in the column yet."""
        return self.y == self.top

    @property
    def width(self) -> float:
        free: float = self.pdf.w - 2 * MARGIN
        return free if self.design.columns == 1 else (free - _GUTTER) / 2

    @property
    def left(self) -> float:
        return MARGIN + self.column * (self.width + _GUTTER)

    def start_page(self, *, header: bool = True, body: bool = False) -> None:
        """A new page; `body` starts the arabic numbers."""
        self.end_page()
        first = body and self.front
        self.front = self.front and not body
        self.number = 1 if first or not self.pdf.page else self.number + 1
        if self.number == 1:
            self.pdf.add_page(label_style="r" if self.front else "D", label_start=1)
        else:
            self.pdf.add_page()
        if header:
            self._header()
        self.column = 0
        self.begin_columns(_TOP)

    def begin_columns(self, top: float) -> None:
        """All columns of the page at hand start at `top`: what is above has been written over the whole width."""
        self.top = top
        self._open_column()

    def end_page(self) -> None:
        """Writes what stands at the foot of the page at hand: footnotes, and the printed label."""
        if not self.pdf.page:
            return
        self._write_notes()
        if self.front and self.number == 1:
            return  # a cover bears no number
        self.pdf.set_font("Helvetica", "", 9)
        self.pdf.set_text_color(*_GREY)
        self.pdf.set_xy(MARGIN, self.pdf.h - 17)
        self.pdf.cell(self.pdf.w - 2 * MARGIN, 5, self.label, align="C")

    def write(self, text: str, style: TextStyle, *, bullet: str = "", bar: bool = False) -> None:
        """One paragraph; `bullet` stands before its first line, `bar` draws a rule along it."""
        lines = self.lines(text, style, self.width - style.indent)
        if not self.fresh:
            needed = min(len(lines), 3 if len(lines) == 3 else 2) + style.keep
            self.y += style.space
            self.make_room(needed * style.leading)
        for number, line in enumerate(lines):
            last_but_one = number == len(lines) - 2  # no column begins with the last line of a paragraph
            self.make_room(style.leading * (2 if last_but_one else 1), line.notes)
            if bullet and not number:
                self._run(self.left + style.indent - 5, bullet, style, "")
            if bar:
                self._rule(self.left + style.indent - 4, style.leading)
            self.line(line, self.left + style.indent, style)
            self.y += style.leading

    def lines(self, text: str, style: TextStyle, width: float) -> list[Line]:
        hyphens = self.hyphens if self.design.hyphenate and not style.keep else {}
        return break_lines(text, style.style, width, lambda part, how: self.measure(part, how, style), hyphens)

    def next_column(self) -> None:
        if self.column + 1 < self.design.columns:
            self._write_notes()
            self.column += 1
            self._open_column()
        else:
            self.start_page()

    def _open_column(self) -> None:
        self.y = self.top
        self.limit = self.pdf.h - _BOTTOM

    def make_room(self, height: float, marks: tuple[str, ...] = ()) -> None:
        """Goes on to the next column where `height` and the footnotes of these marks do not fit."""
        if self.y + height + self._notes_height(marks) > self.limit and not self.fresh:
            self.next_column()
        self.limit -= self._notes_height(marks)
        self.pending.extend(marks)

    def _note_style(self) -> TextStyle:
        return TextStyle(_NOTE_SIZE, self.design.font)

    def _notes_height(self, marks: tuple[str, ...]) -> float:
        style = self._note_style()
        lines = sum(len(self.lines(self._note(mark), style, self.width)) for mark in marks)
        return lines * style.leading + (3.0 if marks and not self.pending else 0.0)

    def _note(self, mark: str) -> str:
        return f"{mark}. {self.notes[mark]}"

    def _write_notes(self) -> None:
        if not self.pending:
            return
        style = self._note_style()
        y = self.limit + 1.5
        self.pdf.set_draw_color(*_GREY)
        self.pdf.set_line_width(0.2)
        self.pdf.line(self.left, y, self.left + 25, y)
        self.y = y + 1.5
        for mark in self.pending:
            for line in self.lines(self._note(mark), style, self.width):
                self.line(line, self.left, style)
                self.y += style.leading
        self.pending.clear()

    def _header(self) -> None:
        width = self.pdf.w - 2 * MARGIN
        self.pdf.set_font("Helvetica", "", 8)
        self.pdf.set_text_color(*_GREY)
        self.pdf.set_xy(MARGIN, 14)
        self.pdf.cell(width / 2, 5, self.short_title)
        self.pdf.set_xy(MARGIN + width / 2, 14)
        self.pdf.cell(width / 2, 5, self.chapter, align="R")
        self.pdf.set_draw_color(*self.design.accent)
        self.pdf.set_line_width(0.3)
        self.pdf.line(MARGIN, 20, MARGIN + width, 20)

    def measure(self, text: str, how: str, style: TextStyle) -> float:
        self._set_font(how, style)
        width: float = self.pdf.get_string_width(text)
        return width

    def _set_font(self, how: str, style: TextStyle) -> None:
        small = how == NOTE_STYLE
        self.pdf.set_font(style.font, "" if small else how, style.size * 0.65 if small else style.size)

    def _run(self, x: float, text: str, style: TextStyle, how: str) -> float:
        """The width of the run that was written at `x`."""
        width = self.measure(text, how, style)
        self.pdf.set_text_color(*style.color)
        self.pdf.set_xy(x, self.y - (0.9 if how == NOTE_STYLE else 0.0))
        self.pdf.cell(width, style.leading, text)
        return width

    def line(self, line: Line, x: float, style: TextStyle) -> None:
        for text, how in line.runs:
            x += self._run(x, text, style, how)

    def _rule(self, x: float, height: float) -> None:
        self.pdf.set_fill_color(*self.design.accent)
        self.pdf.rect(x, self.y, 0.8, height, style="F")
