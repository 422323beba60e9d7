"""Words left of the values: labels that stand once and count for the rows under them, and what they tell apart."""

from collections.abc import Iterable, Sequence

from .columns import text_of
from .layouts import Plan
from .places import gazetteer
from .tables import Row


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
