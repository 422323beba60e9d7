"""Workbooks: XLSX through calamine, ODS through our own reader; both only after the archive was looked at."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from posixpath import normpath
from typing import BinaryIO, Protocol, TypeVar
from xml.etree import ElementTree as ET

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from .archive import Archive
from .limits import MEGABYTE, Limits
from .messages import Text, _
from .numbers import CellError
from .opendocument import Document
from .reading import Unreadable
from .sheet_scan import COMPUTED, ERROR, PERCENT, Marks, marks_of, percent_styles, refuse_extent
from .tables import Row, Table

T = TypeVar("T")

_BROKEN = _("Regnearket er beskadiget og kan ikke åbnes.")


class Workbook(Protocol):
    """Sheets by name."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets."""

    @property
    def visible(self) -> Sequence[str]:
        """The names of the sheets that are not hidden."""

    def table(self, name: str) -> Table:
        """A sheet."""

    def notes(self, name: str) -> list[Text]:
        """What should be said of a sheet."""


class SheetTable:
    """A sheet that calamine read, with its per cent, error and formula cells put right."""

    def __init__(self, sheet: CalamineSheet, marks: Marks) -> None:
        self.sheet: str | None = sheet.name
        self._sheet = sheet
        self._marks = marks
        self._passed = 0

    def fraction(self) -> float:
        """How much of the sheet the walk under way has passed, 0 to 1."""
        return self._passed / max(self._sheet.total_height, 1)

    def rows(self) -> Iterator[Row]:
        """Rows from the sheet's first, also where the first ones are blank."""
        margin: list[object] = [""] * (
            self._sheet.start[1] if self._sheet.start else 0
        )  # calamine keeps blank rows, not columns
        for number, cells in enumerate(self._sheet.iter_rows()):
            row = [*margin, *cells]
            self._passed = number
            for column, mark in self._marks.of(number):
                if column < len(row):
                    row[column] = _put_right(row[column], mark)
            yield row


def _put_right(cell: object, mark: int) -> object:
    if mark == PERCENT:
        return round(cell * 100, 10) if isinstance(cell, float) else cell
    if mark == COMPUTED:
        return cell
    return CellError("error" if mark == ERROR else "formula")


class Excel:
    """An XLSX workbook."""

    def __init__(self, stream: BinaryIO, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._parts = _sheet_parts(archive)
        self._percent = frozenset[bytes]()
        if archive.has("xl/styles.xml"):
            self._percent = percent_styles(archive.part("xl/styles.xml", 16 * MEGABYTE).decode("utf-8", "replace"))
        self._special = {name: refuse_extent(archive.pieces(part), limits) for name, part in self._parts.items()}
        stream.seek(0)
        self._book: CalamineWorkbook = _guarded(lambda: CalamineWorkbook.from_filelike(stream))
        self._marks: dict[str, Marks] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets."""
        return tuple(name for name in self._book.sheet_names if name in self._parts)

    @property
    def visible(self) -> Sequence[str]:
        """The names of the sheets that are not hidden."""
        shown = [each.name for each in self._book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return [name for name in shown if name in self._parts]

    def table(self, name: str) -> Table:
        """A sheet; raises Unreadable where it is broken."""
        sheet: CalamineSheet = _guarded(lambda: self._book.get_sheet_by_name(name))
        return SheetTable(sheet, self._marks_of(name))

    def notes(self, name: str) -> list[Text]:
        """Whether values come from formulas: they are never evaluated here, the last saved result is read."""
        count = self._marks_of(name).computed
        if not count:
            return []
        return [_("%(count)d celler har en formel. Tallet er det, regnearket sidst regnede ud og gemte.", count=count)]

    def _marks_of(self, name: str) -> Marks:
        if name not in self._marks:
            needed = self._special[name] or self._percent
            self._marks[name] = marks_of(self._archive.pieces(self._parts[name]), self._percent) if needed else Marks()
        return self._marks[name]


def _guarded(action: Callable[[], T]) -> T:
    """Do something in calamine; whatever it raises, a panic of its Rust too, means that the workbook is broken."""
    try:
        return action()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise Unreadable(_BROKEN) from error


def open_workbook(content: bytes | Path, limits: Limits) -> Workbook:
    """Open a workbook after looking at it; raises Unreadable."""
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if size > limits.workbook_bytes:
        raise Unreadable(
            _("Regnearket fylder over %(most)d MB. Gem det som CSV.", most=limits.workbook_bytes // MEGABYTE)
        )
    stream = io.BytesIO(content if isinstance(content, bytes) else content.read_bytes())
    archive = Archive(stream, limits)
    return Excel(stream, archive, limits) if archive.kind == "xlsx" else Document(archive, limits)


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """The part of the zip that holds each worksheet."""
    try:
        book = ET.fromstring(archive.part("xl/workbook.xml", 4 * MEGABYTE))  # noqa: S314
        relations = ET.fromstring(archive.part("xl/_rels/workbook.xml.rels", 4 * MEGABYTE))  # noqa: S314
    except (ET.ParseError, KeyError, LookupError, ValueError) as error:
        raise Unreadable(_BROKEN) from error
    targets = {each.get("Id"): each.get("Target", "") for each in relations if "worksheet" in each.get("Type", "")}
    parts = {}
    for sheet in book.iter():
        if not re.search(r"(?:^|\})sheet$", sheet.tag):
            continue
        target = targets.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None))
        if target is not None:
            part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
            if not archive.has(part):
                raise Unreadable(_BROKEN)
            parts[sheet.get("name", "")] = part
    if not parts:
        raise Unreadable(_BROKEN)
    return parts
