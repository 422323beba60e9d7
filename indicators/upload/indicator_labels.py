"""Which indicator a value belongs to: what the header, the row and the words left of the values say.

Those words (stubs, "forspalte") may stand once and count for the rows under them, and may tell several figures of one
municipality apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from .cells import Cells
from .columns import Columns
from .layouts import Plan, ValueColumn
from .messages import _
from .places import fold, gazetteer
from .reading import LeftOut, Problem, Reading, Unmapped
from .tables import Row, text_of


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

    def number(self, row_number: int, row: Row, value: ValueColumn, levels: "Levels") -> int | None:
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

    def numbers(
        self, numbers: Sequence[int], rows: Sequence[Row], columns: Sequence[Row], value: ValueColumn
    ) -> Iterator[int] | None:
        """The same for one value column of many rows, as long as each row's own cell names a known indicator; else
        None, and nothing is counted."""
        if self._telling or self._filled:
            return None
        column = self._plan.indicator
        raws = [value.label] * len(rows) if column is None else columns[column]
        new = [raw for raw in dict.fromkeys(raws) if raw not in self._quick]
        if any(raw is None or self._code(text_of(raw)) is None for raw in new):
            return None
        for raw in new:
            at = raws.index(raw)
            self.number(numbers[at], rows[at], value, Levels(()))
        return map(self._quick.__getitem__, raws)

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

    def _label(self, row: Row, value: ValueColumn, levels: "Levels") -> str:
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


class Levels:
    """The labels in force at a row. A new label in one column ends those in the columns right of it."""

    def __init__(self, columns: Sequence[int], *, together: Sequence[int] = ()) -> None:
        """`together` are columns that say one thing between them (code and name): a label in one ends the others'."""
        self._columns = tuple(sorted({*columns, *together}))
        self._together = tuple(together)
        self._labels: dict[int, str] = {}

    def enter(self, row: Row) -> None:
        """Take in a row's own labels."""
        if any(column < len(row) and text_of(row[column]) for column in self._together):
            for column in self._together:
                self._labels.pop(column, None)
        for position, column in enumerate(self._columns):
            label = text_of(row[column]) if column < len(row) else ""
            if label:
                self._labels[column] = label
                for deeper in self._columns[position + 1 :]:
                    self._labels.pop(deeper, None)

    def label(self, column: int) -> str:
        """The label in force in a column, blank if none."""
        return self._labels.get(column, "")


def filled_columns(plan: Plan, rows: Iterable[Row]) -> tuple[int, ...]:
    """The year's and the indicator's column where the label stands only on the first of the rows it counts for (as
    merged cells do): blanks under labels, and none written again but under a new label left of it."""
    own = [column for column in (plan.year, plan.indicator) if column is not None]
    if not own:
        return ()
    before = {column: [c for c in (*plan.places, *plan.stubs, *own) if c < column] for column in own}
    last, blank, again = dict.fromkeys(own, ""), set[int](), set[int]()
    for row in rows:
        if not _has_figures(plan, row):
            continue
        for column in own:
            label = text_of(row[column]) if column < len(row) else ""
            if not label:
                blank.add(column)
            elif label == last[column] and not any(text_of(row[c]) for c in before[column]):
                again.add(column)
            last[column] = label or last[column]
    return tuple(column for column in own if column in blank - again and last[column])


def telling_columns(plan: Plan, rows: Iterable[Row], filled: Sequence[int] = ()) -> tuple[int, ...]:
    """The stub columns that tell several figures of one municipality (and year and indicator) apart; the others are
    context."""
    if not plan.stubs:
        return ()
    levels = Levels((*plan.stubs, *filled), together=plan.places)
    seen: dict[tuple[str, ...], list[set[str]]] = {}
    for row in rows:
        levels.enter(row)
        place = next((label for column in plan.places if (label := levels.label(column))), "")
        if not gazetteer().find(place).is_municipality or not _has_figures(plan, row):
            continue
        own = (_label(row, column, levels, filled) for column in (plan.year, plan.indicator))
        labels = seen.setdefault((place, *own), [set() for _ in plan.stubs])
        for label_set, column in zip(labels, plan.stubs, strict=True):
            label_set.add(levels.label(column))
    return tuple(column for i, column in enumerate(plan.stubs) if any(len(labels[i]) > 1 for labels in seen.values()))


def fills_down(plan: Plan, rows: Iterable[Row], telling: Sequence[int]) -> bool:
    """Whether a municipality stands only on the first of its rows: blanks under labels, and no label written twice
    running."""
    if plan.year is None and plan.indicator is None and not telling:
        return False  # a second row could only say the same again
    blanks, last = False, ""
    for row in rows:
        if not _has_figures(plan, row):
            continue
        own = " ".join(text_of(row[column]) for column in plan.places if column < len(row)).strip()
        if own and own == last:
            return False
        blanks = blanks or not own
        last = own
    return blanks


def _has_figures(plan: Plan, row: Row) -> bool:
    return any(text_of(row[value.column]) for value in plan.values if value.column < len(row))


def _label(row: Row, column: int | None, levels: Levels, filled: Sequence[int]) -> str:
    if column in filled and column is not None:
        return levels.label(column)
    return text_of(row[column]) if column is not None and column < len(row) else ""
