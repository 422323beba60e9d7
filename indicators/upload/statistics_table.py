"""A table as offices of statistics hand it out: some dimensions, and a number for each combination of their codes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .messages import _
from .reading import Unreadable

MOST_CELLS = 5_000_000
"""A table claims its size in its head, long before its numbers: past this it is refused unread."""

_TIME_NAMES = frozenset(
    {"tid", "time", "år", "aar", "year", "vuosi", "ár", "ukioq", "aika", "tími", "periode", "period"}
)
"""Statistics Denmark, Norway, Sweden, Finland, Iceland and Greenland name their time so; JSON-stat and PX may say it
themselves, older files do not."""


class Dimension(NamedTuple):
    """One dimension: its code and text, its categories in the order of the cells, and what it is.

    `role` is `time`, `geo`, `metric` (what is counted) or "" where neither the file nor its name tells.
    """

    code: str
    text: str
    codes: tuple[str, ...]
    texts: tuple[str, ...]
    role: str = ""


class StatisticsCell(NamedTuple):
    """One cell: a code for each dimension, the value (nan where there is none), the mark beside or instead of it."""

    codes: tuple[str, ...]
    value: float
    mark: str


@dataclass(frozen=True)
class StatisticsTable:
    """A table as its publisher wrote it. Cells lie row by row, the last dimension running fastest.

    `mark_numbers` numbers each cell's mark in `marks` (0 is none): what stands for a missing number (`..` and its
    like), `-` for a real nil, or what is said beside a number (`*`, `p`). `mark_texts` has the publisher's words for
    them. `updated` is as the publisher wrote it.
    """

    format: str
    table: str
    title: str
    source: str
    updated: str
    unit: str
    decimals: int | None
    notes: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    values: NDArray[np.float64]
    mark_numbers: NDArray[np.uint8]
    marks: tuple[str, ...] = ("",)
    mark_texts: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[StatisticsCell]:
        """The cells one by one; slow for millions, where `values` and `mark_numbers` are used."""
        every = product(*(dimension.codes for dimension in self.dimensions))
        for codes, value, mark in zip(every, self.values.tolist(), self.mark_numbers.tolist(), strict=True):
            yield StatisticsCell(codes, value, self.marks[mark])

    def of_role(self, role: str) -> Dimension | None:
        """The one dimension of a role; None where there is none, or several."""
        found = [dimension for dimension in self.dimensions if dimension.role == role]
        return found[0] if len(found) == 1 else None


def role_by_name(code: str, text: str) -> str:
    """`time` for what is called so in one of the languages we know; else ""."""
    return "time" if {code.casefold(), text.casefold()} & _TIME_NAMES else ""


def cell_count(dimensions: Sequence[Dimension]) -> int:
    """How many cells the dimensions give. Raises Unreadable for none and for more than are read."""
    if not dimensions:
        raise Unreadable(_("Tabellen har ingen dimensioner."))
    count = prod(len(dimension.codes) for dimension in dimensions)
    if count > MOST_CELLS:
        raise Unreadable(_("Tabellen har %(count)d celler. Grænsen er %(most)d.", count=count, most=MOST_CELLS))
    return count


def numbered(status: Sequence[str], count: int) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """The different marks, the empty one first, and the number of each cell's mark among them."""
    marks = ("", *sorted(set(status) - {""}))
    if len(marks) > 255:
        raise Unreadable(_("Filen har %(count)d slags mærker.", count=len(marks)))
    if not status:
        return marks, np.zeros(count, dtype=np.uint8)
    number = {mark: place for place, mark in enumerate(marks)}
    return marks, np.fromiter((number[each] for each in status), dtype=np.uint8, count=count)


def nils(values: NDArray[np.float64], numbers: NDArray[np.uint8], marks: Sequence[str]) -> NDArray[np.float64]:
    """`-` is a nil, a real 0, in every Nordic office's tables; the mark stays beside it."""
    if "-" in marks:
        values[(numbers == marks.index("-")) & np.isnan(values)] = 0.0
    return values
