"""Tables of reports: which column holds the titles, which the dates."""

import re

from .outline import Outline

__all__ = ["Tables"]

_TITLE_HEADER = re.compile(
    r"\b(?:title|name|report|publication|document|subject|case|style|caption|description|titre|titel|título|titolo)\b",
    re.IGNORECASE,
)
_DATE_HEADER = re.compile(r"\b(?:date|published|issued|released|filed|year|datum|fecha|data|année|jahr|año)\b", re.I)
_NOT_TITLE = re.compile(r"\b(?:number|no|nr|type|date|link|pdf|file|download|size|id)\b|#", re.IGNORECASE)


class Tables:
    """The columns of a page's tables, by their header rows; each table is looked at once."""

    def __init__(self, page: Outline) -> None:
        self._page = page
        self._columns: dict[int, tuple[int | None, int | None]] = {}

    def title_cell(self, row: int) -> int | None:
        """The place of the cell of a row that holds the title; None where no header says so."""
        return self._cell(row, 0)

    def date_cell(self, row: int) -> int | None:
        """The place of the cell of a row that holds the date; None where no header says so."""
        return self._cell(row, 1)

    def _cell(self, row: int, which: int) -> int | None:
        if self._page.names[row] != "tr":
            return None
        table = self._page.parents[row]
        while table >= 0 and self._page.names[table] != "table":
            table = self._page.parents[table]
        if table < 0:
            return None
        if table not in self._columns:
            self._columns[table] = self._read_header(table)
        column = self._columns[table][which]
        cells = self._cells(row)
        if column is None or column >= len(cells) or not self._page.text(cells[column], self._page.ends[cells[column]]):
            return None
        return cells[column]

    def _cells(self, row: int) -> list[int]:
        return [i for i in self._page.children(row) if self._page.names[i] in ("td", "th")]

    def _read_header(self, table: int) -> tuple[int | None, int | None]:
        row = next((i for i in range(table, self._page.ends[table]) if self._page.names[i] == "tr"), None)
        if row is None or (self._page.anchors_in(row, self._page.ends[row]) and not self._has_th(row)):
            return None, None  # a table that begins with its first report
        headers = [self._page.text(i, self._page.ends[i]) for i in self._cells(row)]
        titles = [n for n, text in enumerate(headers) if _TITLE_HEADER.search(text) and not _NOT_TITLE.search(text)]
        dates = [n for n, text in enumerate(headers) if _DATE_HEADER.search(text)]
        return next(iter(titles), None), next(iter(dates), None)

    def _has_th(self, row: int) -> bool:
        return any(self._page.names[i] == "th" for i in self._cells(row))
