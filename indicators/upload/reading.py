"""What reading a file gives: the choices that were made, the cells, what was left out and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

from .cells import Cells
from .messages import Text, _

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
    `answers` gives the choice that was made for a Question, by its key.
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
    answers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The choices that were made, as plain values: what is remembered per source."""
        chosen = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"columns", "answers"}
        }
        chosen = {name: value for name, value in chosen.items() if value is not None}
        mappings = {"columns": dict(self.columns), "answers": dict(self.answers)}
        return chosen | {name: value for name, value in mappings.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; unknown names are passed over, so that old settings stay readable."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})


class Problem(NamedTuple):
    """Something in the file that keeps a value from being read, its place (row from 1) and what to do.

    `value` is the text that was read, `municipality` what the row calls its municipality.
    """

    rule: str
    row: int | None
    column: str | None
    value: str | None
    reason: Text
    advice: Text
    municipality: str | None = None


class Question(NamedTuple):
    """What a file leaves open, with the choices a person has (answer → what it means).

    Where there is a `default`, it is followed and told; else nothing is read until somebody has answered. The key
    holds the words that the question is about, so that an answer never reaches another heading.
    """

    key: str
    rule: str
    reason: Text
    choices: tuple[tuple[str, Text], ...]
    default: str | None = None
    row: int | None = None
    column: str | None = None


class UnitSaid(NamedTuple):
    """A unit that the file says of a column (its number from 0), or of all columns (None), and where it says so."""

    column: int | None
    text: str
    where: Text


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
    is_turned: bool = False
    """The municipalities stand across, in the headings."""
    rows: int = 0
    cells: Cells = field(default_factory=lambda: Cells(sheet=None, columns=()))
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    unmapped: list[Unmapped] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    units: list[UnitSaid] = field(default_factory=list)
    period_rule: str = ""
    """How months, quarters and the like became years: a key of `period_rules`."""
    roles: dict[tuple[int, int], str] = field(default_factory=dict)
    """The role of each cell in the first rows (row from 1, column from 0): what `grid` draws."""
    first_rows: list[Any] = field(default_factory=list)
    """The first rows as they stand."""
    head: str = ""
    """The words above the data, without years: what remembered answers are tied to."""
    blanks: int = 0
    """Cells that were blank and are passed over: they change nothing."""

    def ask(self, question: Question, options: ReadingOptions) -> str | None:
        """The answer to a question: a person's, else its default, which is told; None where it keeps the file out."""
        self.questions.append(question)
        answer = options.answers.get(question.key)
        if answer is not None and answer in dict(question.choices):
            return answer
        if question.default is not None:
            self.notes.append(question.reason)
            return question.default
        words = " / ".join(str(words) for _answer, words in question.choices)
        advice = _("Vælg: %(choices)s.", choices=words)
        self.refuse(Problem(question.rule, question.row, question.column, None, question.reason, advice))
        return None

    def refuse(self, problem: Problem) -> None:
        """Record a problem; the first thousand are kept whole, the rest are counted."""
        self.problem_count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(problem)

    def absorb(self, other: "Reading") -> None:
        """Add what was read from another part of the same sheet."""
        self.cells.extend(other.cells)
        self.rows += other.rows
        self.layout = self.layout or other.layout
        self.period_rule = self.period_rule or other.period_rule
        self.decimal, self.thousands = self.decimal or other.decimal, self.thousands or other.thousands
        self.left_out_count += other.left_out_count
        self.problem_count += other.problem_count
        self.left_out.extend(other.left_out[: MOST_LISTED - len(self.left_out)])
        self.problems.extend(other.problems[: MOST_LISTED - len(self.problems)])
        self.unmapped.extend(other.unmapped)
        self.notes.extend(note for note in other.notes if note not in self.notes)
        self.questions.extend(other.questions)
        self.units.extend(other.units)
        self.roles |= other.roles

    def leave_out(self, left_out: LeftOut) -> None:
        """Record a row or column that was left out; the first thousand are kept, the rest are counted."""
        self.left_out_count += 1
        if len(self.left_out) < MOST_LISTED:
            self.left_out.append(left_out)
