"""Tables: as wide as the column, with the head repeated where a table goes on in the next column."""

from dataclasses import dataclass

from .lines import Line
from .typeset import Flow, TextStyle

__all__ = ["Table"]

_PADDING = 1.5
_WIDEST = 60.0  # mm that a column may ask for before it has to break its lines
_TINT = (243, 243, 240)
_RULE = (200, 200, 200)
_TOTALS = frozenset({"Total", "All"})


@dataclass
class Table:
    """Writes `rows`, of which the first is the head, into `flow`."""

    flow: Flow
    rows: tuple[tuple[str, ...], ...]

    def write(self) -> None:
        self.flow.y += 1.5
        self._row(0)
        for number in range(1, len(self.rows)):
            if self.flow.y + self._height(number) > self.flow.limit:
                self.flow.next_column()
                self._row(0)
            self._row(number)
        self.flow.y += 2.5

    def height(self) -> float:
        """What the whole table takes, in millimetres."""
        return sum(self._height(number) for number in range(len(self.rows))) + 4.0

    def _style(self, number: int) -> TextStyle:
        size = self.flow.design.size - 2.2
        if number == 0:
            return TextStyle(size, "Helvetica", "B", (255, 255, 255), keep=1)
        return TextStyle(size, "Helvetica", "B" if self.rows[number][0] in _TOTALS else "", keep=1)

    def _widths(self) -> list[float]:
        """Each column after its longest word and its longest cell; together they fill the width of the text."""
        head, room = self._style(0), 2 * _PADDING + 1
        columns = list(zip(*self.rows, strict=True))
        lengths = [[self.flow.measure(cell, "B", head) + room for cell in column] for column in columns]
        words = [
            [self.flow.measure(word, "B", head) + room for c in column for word in c.split()] for column in columns
        ]
        least = [max(widths) for widths in words]
        growth = [max(min(max(widths), _WIDEST) - need, 1.0) for widths, need in zip(lengths, least, strict=True)]
        spare = self.flow.width - sum(least)
        return [need + spare * grow / sum(growth) for need, grow in zip(least, growth, strict=True)]

    def _cells(self, number: int) -> list[list[Line]]:
        pairs = zip(self.rows[number], self._widths(), strict=True)
        return [self.flow.lines(text, self._style(number), width - 2 * _PADDING) for text, width in pairs]

    def _height(self, number: int) -> float:
        return max(map(len, self._cells(number))) * self._style(number).leading + 1.6

    def _row(self, number: int) -> None:
        flow, style, height = self.flow, self._style(number), self._height(number)
        top, x = flow.y, flow.left
        self._shade(number, height)
        for column, (cell, width) in enumerate(zip(self._cells(number), self._widths(), strict=True)):
            flow.y = top + 0.8
            for line in cell:
                length = sum(flow.measure(text, how, style) for text, how in line.runs)
                flow.line(line, x + (width - _PADDING - length if self._right(column) else _PADDING), style)
                flow.y += style.leading
            x += width
        flow.y = top + height
        flow.pdf.set_draw_color(*_RULE)
        flow.pdf.set_line_width(0.15)
        flow.pdf.line(flow.left, flow.y, flow.left + flow.width, flow.y)

    def _right(self, column: int) -> bool:
        """Whether a column holds figures, which stand at its right edge, the head included."""
        return column > 0 and all(row[column][:1] in "0123456789+-–" for row in self.rows[1:])

    def _shade(self, number: int, height: float) -> None:
        if number % 2 == 0:
            color = _TINT if number else self.flow.design.accent
            self.flow.pdf.set_fill_color(*color)
            self.flow.pdf.rect(self.flow.left, self.flow.y, self.flow.width, height, style="F")
