"""The shape of templates/components/data_table.html: everything is text already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from portal.charts.strip import Bar, Span

MOST_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; with a url it sorts."""

    name: str
    note: str = ""
    url: str = ""
    sort: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``label`` repeats its column's name on a phone, ``missing`` says why there is nothing."""

    text: str
    label: str = ""
    note: str = ""
    css: str = ""
    missing: str = ""
    bar: Bar | None = None
    url: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, where that leads, its cells. ``lang`` is the name's, where it is not the page's language.

    ``lead`` is a cell before the name, the place in a ranking.
    """

    name: str
    url: str = ""
    note: str = ""
    css: str = ""
    cells: tuple[Cell, ...] = ()
    lang: str = ""
    lead: Cell | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the median row under its head, where there is one, and the reader's own row pinned there.

    ``css``: "plain" for a small table that stays one on a phone, "ranked" for a ranking, "cards" for one that becomes
    cards however many columns it has.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    median: Row | None = None
    css: str = ""
    pinned: Row | None = None

    @property
    def scrolls(self) -> bool:
        """Whether it is so wide that it scrolls in a box of its own and never becomes cards."""
        return len(self.columns) > MOST_COLUMNS and self.css != "cards"


ROWS = 500  # as many rows stand on a page
LONGEST = 5  # digits of a page's number

One = TypeVar("One")


def rows_of(rows: Sequence[One], query: QueryDict) -> Sequence[One]:
    """The rows of the page that is asked for."""
    first = ROWS * (_asked(len(rows), query) - 1)
    return rows[first : first + ROWS]


def pager(count: int, query: QueryDict) -> dict[str, str] | None:
    """The way to the pages before and after (empty at the ends), and "Side 2 af 5"; None where all stand on one."""
    last, page = _last(count), _asked(count, query)
    if last == 1:
        return None
    text = _("Side %(page)s af %(last)s") % {"page": page, "last": last}
    return dict(
        previous_url=_link(query, page - 1) if page > 1 else "",
        next_url=_link(query, page + 1) if page < last else "",
        text=text,
    )


def _last(count: int) -> int:
    return max(-(-count // ROWS), 1)


def _asked(count: int, query: QueryDict) -> int:
    """Which page is asked for, from 1; the nearest there is."""
    asked = query.get("side") or "1"
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST else 1
    return min(max(number, 1), _last(count))


def _link(query: QueryDict, page: int) -> str:
    changed = query.copy()
    changed["side"] = str(page)
    return f"?{changed.urlencode()}"
