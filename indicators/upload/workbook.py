"""Workbooks: XLSX through calamine, ODS through our own reader; both only after the archive was looked at."""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import normpath
from typing import BinaryIO, TypeVar
from xml.etree import ElementTree as ET

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from .archive import Archive
from .limits import MEGABYTE, Limits
from .messages import Text, _
from .numbers import CellError, Percent, Shown
from .opendocument import Document
from .reading import Unreadable
from .sheet_scan import (
    ERROR,
    KIND,
    PERCENT,
    SCALED,
    STRUCK,
    UNCOMPUTED,
    UNIT,
    UNSEEN,
    Marks,
    Styles,
    column_number,
    marks_of,
    refuse_extent,
    styles_of,
)
from .tables import At, Row, SheetFacts, Table

T = TypeVar("T")

_BROKEN = _("Regnearket er beskadiget og kan ikke åbnes.")


class SheetTable:
    """A sheet that calamine read, with its per cent, error and formula cells put right."""

    def __init__(
        self, sheet: CalamineSheet, marks: Marks, comments: Mapping[At, str], units: Sequence[str] = ()
    ) -> None:
        self.sheet: str | None = sheet.name
        self._sheet = sheet
        self._marks = marks
        self._units = units
        self._passed = 0
        self.facts = SheetFacts(
            hidden_rows=frozenset(marks.hidden_rows),
            hidden_columns=frozenset(marks.hidden_columns),
            struck=frozenset(marks.having(STRUCK)),
            scaled=frozenset(marks.having(SCALED)),
            unseen=frozenset(marks.having(UNSEEN)),
            comments=comments,
        )

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
                    row[column] = _put_right(row[column], mark, self._units)
            yield row


def _put_right(cell: object, mark: int, units: Sequence[str]) -> object:
    kind = mark & KIND
    if kind == PERCENT:
        return Percent(round(cell * 100, 10)) if isinstance(cell, float) else cell
    if kind in {ERROR, UNCOMPUTED}:
        return CellError("error" if kind == ERROR else "formula")
    return Shown(cell, units[(mark >> UNIT) - 1]) if mark >> UNIT and isinstance(cell, float) else cell


class Excel:
    """An XLSX workbook."""

    def __init__(self, stream: BinaryIO, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._parts = _sheet_parts(archive)
        self._styles = Styles()
        if archive.has("xl/styles.xml"):
            self._styles = styles_of(archive.part("xl/styles.xml", 16 * MEGABYTE).decode("utf-8", "replace"))
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
        comments = _comments(self._archive, self._parts[name])
        return SheetTable(sheet, self._marks_of(name), comments, self._styles.said)

    def notes(self, name: str) -> list[Text]:
        """Whether values come from formulas: they are never evaluated here, the last saved result is read."""
        count = self._marks_of(name).computed
        if not count:
            return []
        return [_("%(count)d celler har en formel. Tallet er det, regnearket sidst regnede ud og gemte.", count=count)]

    def _marks_of(self, name: str) -> Marks:
        if name not in self._marks:
            needed = self._special[name] or any(self._styles)
            self._marks[name] = marks_of(self._archive.pieces(self._parts[name]), self._styles) if needed else Marks()
        return self._marks[name]


def _comments(archive: Archive, part: str) -> dict[At, str]:
    """What the comments of a sheet say, by the cell they are about; unreadable ones are passed over, as no figure is in
    them."""
    folder, _slash, file = part.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    if not archive.has(relations):
        return {}
    found: dict[At, str] = {}
    try:
        for each in ET.fromstring(archive.part(relations, MEGABYTE)):  # noqa: S314  no DTD is let in
            if not re.search(r"comments?$", each.get("Type", ""), re.IGNORECASE):
                continue
            target = each.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")
            if archive.has(place):
                found |= _comment_texts(ET.fromstring(archive.part(place, 4 * MEGABYTE)))  # noqa: S314
    except (ET.ParseError, LookupError, ValueError):
        return found
    return found


def _comment_texts(root: ET.Element) -> dict[At, str]:
    found = {}
    for comment in root.iter():
        place = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", comment.get("ref", ""))
        if place and comment.tag.lower().endswith("comment"):
            text = " ".join("".join(comment.itertext()).split())
            found[int(place[2]), column_number(place[1].encode()) - 1] = text
    return found


def _guarded(action: Callable[[], T]) -> T:
    """Do something in calamine; whatever it raises, a panic of its Rust too, means that the workbook is broken."""
    try:
        return action()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise Unreadable(_BROKEN) from error


Workbook = Excel | Document
"""Sheets by name: which there are and are visible, a sheet as a table, and what should be said of it."""


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
