"""A sheet as rows of cells that can be walked more than once: the marks are decided in one walk, values read in the
next."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO, Protocol

from .contents import stream_of
from .limits import LIMITS, Limits, counted
from .messages import _
from .reading import Unreadable

_READ_AT_ONCE = 1 << 16  # bytes
Row = Sequence[object]
At = tuple[int, int]
"""A cell's place: its row from 1, its column from 0."""


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet says beside its cells' contents: what is hidden or filtered away, struck through, shown in thousands
    (or millions) or as nothing, and what its comments say."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[At] = frozenset()
    scaled: frozenset[At] = frozenset()
    unseen: frozenset[At] = frozenset()
    comments: Mapping[At, str] = field(default_factory=dict)


NO_FACTS = SheetFacts()


def text_of(cell: object) -> str:
    """A cell as a label: 2019.0 is "2019", a date its day, None nothing."""
    if isinstance(cell, str):
        return " ".join(cell.split()) if cell else ""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else " ".join(str(cell).split())


def letter_of(column: int) -> str:
    """A column's letter as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Table(Protocol):
    """One sheet (or the one table of a CSV file)."""

    @property
    def sheet(self) -> str | None:
        """The sheet's name, None in a CSV file."""

    @property
    def facts(self) -> SheetFacts:
        """What it says beside its contents."""

    def rows(self) -> Iterator[Row]:
        """All rows from the first, blank ones too, so that the position is the row's number less one."""

    def fraction(self) -> float:
        """How much of the sheet the walk under way has passed, 0 to 1."""


class TextTable:
    """A delimited text file. Quotes are read strictly: an open quote would swallow rows in silence."""

    sheet = None
    facts = NO_FACTS

    def __init__(self, content: bytes | Path, *, encoding: str, delimiter: str, limits: Limits = LIMITS) -> None:
        self._content = content
        self._encoding = encoding
        self._delimiter = delimiter
        self._limits = limits
        self._size = content.stat().st_size if isinstance(content, Path) else len(content)
        self._stream: BinaryIO | None = None

    def fraction(self) -> float:
        """How much of the file the walk under way has passed, 0 to 1."""
        return 1.0 if self._stream is None or self._stream.closed else min(self._stream.tell() / self._size, 1.0)

    def rows(self) -> Iterator[Row]:
        """Rows of texts; raises Unreadable for broken quotes, undecodable bytes and what is past the limits."""
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        try:
            yield from counted(reader, self._limits)
        except csv.Error as error:
            raise Unreadable(
                _("Linje %(line)d kan ikke læses: %(why)s.", line=reader.line_num, why=_explain(error))
            ) from error
        except UnicodeError as error:
            raise Unreadable(_("Filen er ikke skrevet i tegnsættet %(encoding)s.", encoding=self._encoding)) from error

    def _lines(self) -> Iterator[str]:
        self._stream = stream_of(self._content)
        with io.TextIOWrapper(self._stream, encoding=self._encoding, newline="") as text:
            measured = iter(partial(text.readline, self._limits.line), "")
            lines: Iterator[str] = text if self._has_short_lines else map(self._not_too_long, measured)
            first = next(lines, "")
            if first:
                yield "\n" if first[:4].lower() == "sep=" and len(first) < 8 else first
            yield from lines

    @cached_property
    def _has_short_lines(self) -> bool:
        """Whether no line can be past the limit, seen by the bytes that end lines: then none need be measured."""
        if "16" in self._encoding or "32" in self._encoding:
            return False
        gone_by, most = 0, min(self._limits.line, _READ_AT_ONCE)
        with stream_of(self._content) as stream:
            while some := stream.read(most):
                last = max(some.rfind(b"\n"), some.rfind(b"\r"))
                gone_by = gone_by + len(some) if last < 0 else len(some) - last - 1
                if gone_by + most >= self._limits.line:
                    return False
        return True

    def _not_too_long(self, line: str) -> str:
        if len(line) >= self._limits.line:
            raise Unreadable(_("Filen har en linje på over %(most)d tegn. Er det en tabel?", most=self._limits.line))
        return line


def _explain(error: csv.Error) -> str:
    message = str(error)
    if "end of data" in message:
        return "et anførselstegn bliver aldrig lukket"
    if "expected after" in message:
        return "der er tekst efter et lukket anførselstegn"
    return "en celle er for lang" if "field limit" in message else message


class MemoryTable:
    """Rows that are in memory already."""

    def __init__(self, sheet: str | None, rows: Sequence[Row], facts: SheetFacts = NO_FACTS) -> None:
        self.sheet = sheet
        self.facts = facts
        self._rows = rows
        self._passed = 0

    def rows(self) -> Iterator[Row]:
        """The rows."""
        for number, row in enumerate(self._rows):
            self._passed = number
            yield row

    def fraction(self) -> float:
        """How much of the sheet the walk under way has passed, 0 to 1."""
        return self._passed / max(len(self._rows), 1)
