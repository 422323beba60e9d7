"""How large a file may be, counted before or while it is read, never trusted from the file's own words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .messages import Text, _
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


_TOGETHER = 200  # rows: little even where each has two thousand cells


def counted(rows: Iterable[list[str]], limits: Limits) -> Iterator[list[str]]:
    """Count rows and cells while they pass, some together; raises Unreadable at the first past a limit."""
    rows, number, cells = iter(rows), 0, 0
    while some := list(islice(rows, _TOGETHER)):
        widths = list(map(len, some))
        number, cells = number + len(some), cells + sum(widths)
        if max(widths) > limits.columns or number > limits.rows or cells > limits.cells:
            yield from _until_past(some, number - len(some), cells - sum(widths), limits)
        yield from some


def _until_past(rows: Iterable[list[str]], number: int, cells: int, limits: Limits) -> Iterator[list[str]]:
    for row in rows:
        width = len(row)
        number, cells = number + 1, cells + width
        if width > limits.columns or number > limits.rows or cells > limits.cells:
            raise Unreadable(_past(number, width, limits))
        yield row


def _past(number: int, width: int, limits: Limits) -> Text:
    if width > limits.columns:
        return _(
            "Række %(row)d har %(width)d kolonner. Grænsen er %(most)d.", row=number, width=width, most=limits.columns
        )
    if number > limits.rows:
        return _("Filen har mere end %(most)d rækker. Del den i flere.", most=limits.rows)
    return _("Filen har mere end %(most)d celler. Del den i flere.", most=limits.cells)
