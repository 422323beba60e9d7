"""Months, quarters, half-years and school years made into the one figure of a year, by a rule that a person chose.

A rule is never guessed. It is `mean`, `sum` or `last` of the year's parts, `part:3` for the third of them, and for a
school year `first` or `second`: the year it begins or ends in. It is remembered with the head and printed with the
source of the figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isnan, nan

import numpy as np

from .cells import PROVISIONAL, STATE_BITS, Cells
from .layouts import Plan, ValueColumn
from .messages import Text, _
from .periods import Period, part_of_year
from .places import gazetteer
from .reading import Problem, Question, Reading

PARTS_IN_A_YEAR = {"quarter": 4, "month": 12, "half": 2}
_NAMES: dict[str, Text] = {
    "quarter": _("kvartaler"),
    "month": _("måneder"),
    "half": _("halvår"),
    "span": _("skoleår"),
}
COMBINING = frozenset({"mean", "sum"})
RULES: dict[str, Text] = {
    "mean": _("gennemsnittet af årets dele"),
    "sum": _("summen af årets dele"),
    "last": _("årets sidste del"),
    "first": _("det år, skoleåret begynder"),
    "second": _("det år, skoleåret slutter"),
}


KINDS = tuple(_NAMES)


def rule_words(rule: str) -> Text | None:
    """What a rule says in words; None for no rule."""
    number = rule.removeprefix("part:")
    return _("nr. %(number)s af årets dele", number=number) if number != rule else RULES.get(rule)


def rule_in(words: str) -> str:
    """The rule that a report says in words; a rule that stands as it is, as it is."""
    return next((rule for rule, said in RULES.items() if str(said) == words), words)


def question_about(parts: Iterable[str]) -> Question | None:
    """What a file with these parts of years leaves open; None where they are of no kind that a rule is for."""
    kinds = {part_of_year(part) for part in parts}
    names = {kind for kind, _number in kinds}
    if len(names) != 1 or not names <= _NAMES.keys():
        return None
    kind = names.pop()
    choices = [(rule, RULES[rule]) for rule in (("first", "second") if kind == "span" else ("mean", "sum", "last"))]
    choices.extend(
        (f"part:{number}", _("nr. %(number)d af årets %(name)s", number=number, name=str(_NAMES[kind])))
        for number in sorted({number for _kind, number in kinds} - {0})
    )
    reason = _("Filen har %(name)s i stedet for år. Hvad er årets tal?", name=str(_NAMES[kind]))
    return Question(f"period:{kind}", "period_rule", reason, tuple(choices))


def year_by_rule(period: Period, rule: str) -> int | None:
    """The year that a part counts for by a rule; None where the rule takes no such part."""
    kind, number = part_of_year(period.part)
    if kind == "span":
        return {"first": period.year, "second": period.year + 1}.get(rule)
    if rule.startswith("part:"):
        return period.year if rule == f"part:{number}" else None
    if rule == "last":
        return period.year if number == PARTS_IN_A_YEAR.get(kind) else None
    return period.year if rule in COMBINING and kind in PARTS_IN_A_YEAR else None


def planned(plan: Plan, rule: str, asked: int | None) -> Plan:
    """The plan with its columns of parts as values of their years, by the rule."""
    values = [
        ValueColumn(column, period.rest, year, period.provisional)
        for column, period in plan.periods
        if (year := year_by_rule(period, rule)) is not None and asked in {None, year}
    ]
    return replace(plan, values=(*plan.values, *values), periods=())


def combine(reading: Reading, rule: str, kind: str, parts: Sequence[int]) -> None:
    """Put the parts of each year together: their mean or their sum. `parts[i]` is the number of cell i's part.

    A year that has not each part once is a problem; one with a part without a figure has no figure.
    """
    expected = set(range(1, PARTS_IN_A_YEAR[kind] + 1))
    cells, keys = reading.cells, reading.cells.keys()
    combined = Cells(sheet=cells.sheet, columns=cells.columns)
    for code in cells.indicators:
        combined.number_of(code)
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1)) if len(keys) else np.empty(0, dtype=np.int64)
    for group in np.split(order, starts[1:]) if len(starts) else []:
        at = [int(position) for position in group]
        if len(at) == len(expected) and {parts[position] for position in at} == expected:
            _add(combined, cells, at, rule)
        else:
            _refuse_incomplete(reading, cells, at, len(expected))
    reading.cells = combined


def _add(combined: Cells, cells: Cells, at: Sequence[int], rule: str) -> None:
    values = [cells.value[position] for position in at]
    state = next((cells.state[p] & STATE_BITS for p in at if cells.state[p] & STATE_BITS), 0)
    state |= max(cells.state[position] & PROVISIONAL for position in at)
    total = nan if any(isnan(value) for value in values) else sum(values)
    value = total / len(values) if rule == "mean" else total
    first = at[0]
    key = (cells.municipality[first], cells.year[first], cells.indicator[first])
    combined.append(*key, value, state, cells.row[first], cells.column[first])


def _refuse_incomplete(reading: Reading, cells: Cells, at: Sequence[int], expected: int) -> None:
    cell = cells[at[0]]
    name = gazetteer().names.get(int(cell.municipality), cell.municipality)
    reason = _(
        "%(name)s har %(count)d tal for årets %(expected)d dele i %(year)d; hver del skal stå der én gang.",
        name=name,
        count=len(at),
        expected=expected,
        year=cell.year,
    )
    advice = _("Hent alle årets dele, eller vælg en regel, der kun bruger én af dem.")
    reading.refuse(Problem("incomplete_year", cell.row, cell.column, None, reason, advice, name))
