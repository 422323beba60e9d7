"""Which indicator a value belongs to: what the header, the row and the stubs say, against what is known."""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from .cells import Cells
from .columns import Columns, text_of
from .layouts import Plan, ValueColumn
from .messages import _
from .places import fold
from .reading import LeftOut, Problem, Reading, Unmapped
from .stubs import Levels
from .tables import Row


class Labels:
    """Gives each value its indicator's number; labels that name nothing known are counted and offered for mapping."""

    def __init__(
        self,
        plan: Plan,
        columns: Columns,
        reading: Reading,
        cells: Cells,
        telling: Sequence[int],
        *,
        filled: bool = False,
    ) -> None:
        """`filled`: the indicator's column says it on the first of the rows that it counts for."""
        self._plan = plan
        self._columns = columns
        self._reading = reading
        self._cells = cells
        self._telling = tuple(telling)
        self._filled = filled
        self._numbers: dict[str, int | None] = {}
        self._unknown: Counter[str] = Counter()
        self._first_row: dict[str, int] = {}
        self._quick: dict[object, int] = {}
        self._said = columns.options.indicator or ""
        names = {value.label for value in plan.values if value.label is not None}
        if plan.indicator is not None:
            body = columns.rows[plan.body_start :]
            names = {text_of(row[plan.indicator]) for row in body if plan.indicator < len(row)} - {""}
        self._one_name = len(names) == 1 and not self._telling
        self._only = self._said if self._said in names and len(names) > 1 else None

    def number(self, row_number: int, row: Row, value: ValueColumn, levels: Levels) -> int | None:
        """The number of the value's indicator in these cells; None where its label names no known one."""
        raw = self._raw(row, value)
        if raw is not None and (quick := self._quick.get(raw)) is not None:
            return quick
        label = self._label(row, value, levels)
        if label not in self._numbers:
            code = self._code(label)
            self._numbers[label] = None if code is None else self._cells.number_of(code)
            self._first_row[label] = row_number
            if code is None and (self._only or self._columns.mapped(label) == ""):
                self._reading.leave_out(LeftOut("other_indicator", None, label))
        number = self._numbers[label]
        if raw is not None and number is not None:
            self._quick[raw] = number
        if number is None and not self._only and self._columns.mapped(label) != "":
            self._unknown[label] += 1
        return number

    def report(self) -> None:
        """Offer the unknown labels for mapping and say which of several an `--indicator` cannot name."""
        for label, count in self._unknown.items():
            near = self._nearest(label)
            self._reading.unmapped.append(Unmapped(label, self._column_of(label), count, near))
            reason = (
                _("»%(label)s« er ikke en kendt indikator.", label=label)
                if label
                else _("Filen siger ikke, hvilken indikator tallene hører til.")
            )
            advice = _("Vælg, hvilken indikator det er, eller lad den ude.")
            if near:
                advice = _("Vælg, hvilken indikator det er (ligner %(near)s), eller lad den ude.", near=near)
            row = self._first_row[label] if self._plan.indicator is not None else None
            self._reading.refuse(Problem("unknown_indicator", row, label or None, label or None, reason, advice))
        if self._said and not self._one_name and self._said not in self._cells.indicators and len(self._numbers) > 1:
            labels = ", ".join(list(self._numbers)[:5])
            self._reading.refuse(
                Problem(
                    "several_indicators",
                    None,
                    None,
                    None,
                    _(
                        "Filen har flere slags tal (%(labels)s), så de kan ikke alle være %(code)s.",
                        labels=labels,
                        code=self._said,
                    ),
                    _("Vælg en indikator for hver af dem."),
                )
            )

    def _raw(self, row: Row, value: ValueColumn) -> object:
        """The cell or label that alone says the indicator; None where stubs say it too."""
        if self._telling or self._filled:
            return None
        column = self._plan.indicator
        if column is None:
            return value.label
        return row[column] if column < len(row) else None

    def _label(self, row: Row, value: ValueColumn, levels: Levels) -> str:
        column = self._plan.indicator
        if column is None:
            label = value.label or ""
        else:
            label = levels.label(column) if self._filled else text_of(row[column]) if column < len(row) else ""
        told = [levels.label(column) for column in self._telling]
        return " · ".join(part for part in (label, *told) if part)

    def _code(self, label: str) -> str | None:
        said = self._columns.mapped(label)
        if said == "" or (self._only and label != self._only):
            return None
        if said:
            return self._columns.indicator(label)
        if self._one_name and self._said:
            return self._said
        if not label:
            return self._said or (self._title() if self._plan.indicator is None else None)
        return self._columns.indicator(label)

    def _title(self) -> str | None:
        """What the file's title says it is about; nothing where a catalogue has to know it."""
        title = self._columns.title
        for mark in (" efter ", " by ", " fordelt på "):
            title = title.partition(mark)[0]
        known = self._columns.indicator(title.strip()) if title else None
        return known if self._columns.known is not None else title.strip()[:120]

    def _column_of(self, label: str) -> int | None:
        return next((value.column for value in self._plan.values if value.label == label), None)

    def _nearest(self, label: str) -> str | None:
        known = self._columns.known or {}
        found = get_close_matches(fold(label), known, n=1, cutoff=0.8) if label else []
        return known[found[0]] if found else None
