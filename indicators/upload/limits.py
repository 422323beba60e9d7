"""How large a file may be, counted before or while it is read, never trusted from the file's own words."""

from dataclasses import dataclass
from pathlib import Path

from .messages import _
from .reading import Unreadable

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """The most that is read. A workbook's cells cost about 90 bytes each while calamine lays them out (800 000 rows of
    five columns: 405 MB), hence the lower limit: a full sheet of four columns."""

    bytes: int = 200 * MEGABYTE
    rows: int = 5_000_000
    columns: int = 2_000
    cells: int = 60_000_000
    line: int = 1_000_000
    workbook_bytes: int = 60 * MEGABYTE
    workbook_cells: int = 4_200_000
    document_cells: int = 1_500_000
    unpacked: int = 600 * MEGABYTE
    texts: int = 100 * MEGABYTE
    ratio: int = 120
    ratio_from: int = 8 * MEGABYTE
    members: int = 2_000


LIMITS = Limits()


def refuse_size(content: bytes | Path, limits: Limits = LIMITS) -> int:
    """The size in bytes; raises Unreadable for an empty or too large file."""
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if not size:
        raise Unreadable(_("Filen er tom."))
    if size > limits.bytes:
        raise Unreadable(
            _("Filen fylder %(size)d MB. Grænsen er %(most)d MB.", size=size // MEGABYTE, most=limits.bytes // MEGABYTE)
        )
    return size


class Counter:
    """Counts rows and cells while they pass and stops at the limits."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._rows = 0
        self._cells = 0
        self._most = limits.columns, limits.rows, limits.cells

    def row(self, width: int) -> None:
        """Count one row; raises Unreadable past a limit."""
        self._rows += 1
        self._cells += width
        columns, rows, cells = self._most
        if width > columns or self._rows > rows or self._cells > cells:
            self._refuse(width)

    def _refuse(self, width: int) -> None:
        if width > self._limits.columns:
            raise Unreadable(
                _(
                    "Række %(row)d har %(width)d kolonner. Grænsen er %(most)d.",
                    row=self._rows,
                    width=width,
                    most=self._limits.columns,
                )
            )
        if self._rows > self._limits.rows:
            raise Unreadable(_("Filen har mere end %(most)d rækker. Del den i flere.", most=self._limits.rows))
        if self._cells > self._limits.cells:
            raise Unreadable(_("Filen har mere end %(most)d celler. Del den i flere.", most=self._limits.cells))
