"""What reading a file gives: the choices that were made, the cells, what was left out and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

from .cells import Cells
from .messages import Text

MOST_LISTED = 1_000
"""So many problems and left-out rows are listed one by one; past that they are only counted."""


class Unreadable(Exception):  # noqa: N818 (it is the file that is unreadable)
    """The file cannot be read as a table at all, or is refused before parsing. `text` says why, in Danish."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True)
class ReadingOptions:
    """A person's corrections of the reading: whatever is None is found out from the file.

    `columns` says what a header (or a label in the indicator column) means: an indicator's code, `code@2019`, `@2019`
    (only the year), `""` (leave it out), or a role: `=kode`, `=kommune`, `=aar`, `=indikator`, `=vaerdi`, `=status`,
    `=note`. `delimiter` is one of `;` `,` tab `|`; `thousands` may be `""` for none. `header_row` counts from 1.
    """

    indicator: str | None = None
    year: int | None = None
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    layout: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The choices that were made, as plain values: what is remembered per source."""
        chosen = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "columns"}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        return chosen | ({"columns": dict(self.columns)} if self.columns else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; unknown names are passed over, so that old settings stay readable."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})


class Problem(NamedTuple):
    """Something in the file that keeps a value from being read, its place (row from 1) and what to do."""

    rule: str
    row: int | None
    column: str | None
    value: str | None
    reason: Text
    advice: Text


class LeftOut(NamedTuple):
    """A row (or a column, when row is None) that was understood and is no municipality's value."""

    reason: str
    row: int | None
    label: str


class Unmapped(NamedTuple):
    """A header or label that names no known indicator or year: offered for mapping, never guessed."""

    label: str
    column: int | None
    cells: int
    suggestion: str | None


@dataclass
class Reading:
    """A file as it was understood. `decimal` and `thousands` are None where the file holds no evidence."""

    layout: str | None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    title: str = ""
    rows: int = 0
    cells: Cells = field(default_factory=lambda: Cells(sheet=None, columns=()))
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    unmapped: list[Unmapped] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    def refuse(self, problem: Problem) -> None:
        """Record a problem; the first thousand are kept whole, the rest are counted."""
        self.problem_count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(problem)

    def leave_out(self, left_out: LeftOut) -> None:
        """Record a row or column that was left out; the first thousand are kept, the rest are counted."""
        self.left_out_count += 1
        if len(self.left_out) < MOST_LISTED:
            self.left_out.append(left_out)
