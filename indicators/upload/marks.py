"""The marks of a table's numbers: one walk sees how every cell is written, before one is read."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from .layouts import Plan
from .limits import Limits
from .messages import _
from .numbers import Evidence, NumberFormat, NumberParser, Percent, Shown
from .reading import Reading, ReadingOptions, UnitSaid
from .tables import Row, Table, letter_of

Progress = Callable[[float], None]

FIRST_WALK = 0.3
"""The share of the time that the walk which decides the marks takes."""
_TOLD_EVERY = 5_000
_MOST_TEXTS = 20_000
CELLS_AT_ONCE = 2_800  # so many are looked at together: few rows where a row is wide


@dataclass(frozen=True)
class Wish:
    """What was asked of the reading: a person's choices, the catalogue's labels (folded → code), limits, progress."""

    options: ReadingOptions
    known: Mapping[str, str] | None
    limits: Limits
    progress: Progress | None
    above: tuple[str, ...] = ()
    """What stands above a table that was turned round: its title."""


def body_of(table: Table, plan: Plan, wish: Wish, start: float, end: float) -> Iterator[tuple[int, Row]]:
    """The rows of the body with their numbers, telling of progress from one share of the work to another."""
    rows = islice(enumerate(table.rows(), start=1), plan.body_start, None)
    return rows if wish.progress is None else _told(rows, table, wish.progress, start, end)


def _told(
    rows: Iterator[tuple[int, Row]], table: Table, progress: Progress, start: float, end: float
) -> Iterator[tuple[int, Row]]:
    for number, row in rows:
        if number % _TOLD_EVERY == 0:
            progress(start + (end - start) * table.fraction())
        yield number, row
    progress(end)


def parsers_of(table: Table, plan: Plan, reading: Reading, wish: Wish) -> dict[int, NumberParser]:
    """A parser for each column of values: all cells are seen before one is read."""
    evidence = {value.column: Evidence.of(()) for value in plan.values}
    percents, plain, shown = _see_all(table, plan, wish, evidence)
    marks = {column: each.decide(delimiter=reading.delimiter) for column, each in evidence.items()}
    decimals = {mark.decimal for mark in marks.values() if mark.decimal and mark.sure}
    file_decimal = decimals.pop() if len(decimals) == 1 else None
    for column, each in evidence.items():
        if not marks[column].sure:
            marks[column] = each.decide(file_decimal=file_decimal, delimiter=reading.delimiter)
        marks[column] = _corrected(marks[column], wish.options)
    _report_marks(plan, reading, marks)
    for column, each in evidence.items():
        label = plan.headers[column] or letter_of(column)
        texts = sum(each.shapes.values()) - each.extra_shapes
        _report_cells(label, each, percents[column], plain[column] + shown[column].total() + texts, reading)
        _report_formats(column, label, shown[column] + Counter({"%": percents[column]}), plain[column] + texts, reading)
        if each.shared_unit:
            reading.units.append(UnitSaid(column, each.shared_unit, _("cellerne i »%(label)s«", label=label)))
    return {column: NumberParser(mark) for column, mark in marks.items()}


def rows_at_once(plan: Plan) -> int:
    """How many rows are taken together."""
    return max(CELLS_AT_ONCE // max(len(plan.headers), 1), 20)


def _see_all(
    table: Table, plan: Plan, wish: Wish, evidence: Mapping[int, Evidence]
) -> tuple[Counter[int], Counter[int], Mapping[int, Counter[str]]]:
    """Walk the body once and count how its cells are written; how many of each column's own numbers are per cent, how
    many say nothing, and the units that the format of the others says."""
    percents, plain = Counter[int](), Counter[int]()
    shown = {column: Counter[str]() for column in evidence}
    header = next(islice(table.rows(), plan.header, None), None) if plan.header is not None else None
    texts = {column: Counter[str]() for column in evidence}
    body = body_of(table, plan, wish, 0.0, FIRST_WALK)
    while some := list(islice(body, rows_at_once(plan))):
        rows = [row for _number, row in some if row != header]
        for column, seen in texts.items():
            cells = [row[column] for row in rows if column < len(row)]
            # each text is weighed once: a figure of one decimal is written in a thousand ways, in a million cells
            kinds = Counter(map(type, cells))
            seen.update(cell for cell in cells if isinstance(cell, str))
            if len(seen) > _MOST_TEXTS:
                _weigh(seen, evidence[column])
            percents[column] += kinds[Percent]
            plain[column] += kinds[float]
            if kinds[Shown]:
                shown[column].update(cell.unit for cell in cells if isinstance(cell, Shown))
    for column, seen in texts.items():
        _weigh(seen, evidence[column])
    return percents, plain, shown


def _weigh(seen: Counter[str], evidence: Evidence) -> None:
    for raw, count in seen.items():
        if raw:
            evidence.see(raw, count)
    seen.clear()


def _report_cells(label: str, evidence: Evidence, percents: int, others: int, reading: Reading) -> None:
    """Note what the cells of a column say of themselves: per cent on some only, exponents, Ja and Nej."""
    marked, alone = percents + evidence.units["%"], others - evidence.units["%"]
    if marked and alone:
        reading.notes.append(
            _(
                "I kolonnen »%(label)s« er %(marked)d tal skrevet som procent og %(alone)d uden: er det samme enhed?",
                label=label,
                marked=marked,
                alone=alone,
            )
        )
    if count := evidence.shapes["exponent"]:
        reading.notes.append(
            _(
                "%(count)d tal i »%(label)s« er skrevet med eksponent (1,2E+3) og kan have mistet cifre.",
                count=count,
                label=label,
            )
        )
    if evidence.shapes["yes_no"] and evidence.decide().yes_no:
        reading.notes.append(_("I kolonnen »%(label)s« er ja læst som 1 og nej som 0.", label=label))


def _report_formats(column: int, label: str, units: Counter[str], others: int, reading: Reading) -> None:
    """Keep the unit that the format of every number in a column says; tell where numbers are shown in several."""
    units = +units
    if len(units) == 1 and not others:
        reading.units.append(UnitSaid(column, next(iter(units)), _("talformatet i »%(label)s«", label=label)))
    elif units.total() > units["%"]:  # per cent beside plain numbers is told elsewhere
        listed = ", ".join(f"»{unit}«: {count}" for unit, count in units.most_common(5))
        reading.notes.append(
            _(
                "I kolonnen »%(label)s« er tal vist i forskellige enheder (%(units)s; uden enhed: %(others)d). "
                "De er læst, som de er gemt.",
                label=label,
                units=listed,
                others=others,
            )
        )


def _corrected(marks: NumberFormat, options: ReadingOptions) -> NumberFormat:
    if options.decimal is None and options.thousands is None:
        return marks._replace(trailing_minus=options.answers.get("trailing_minus") == "minus")
    decimal = options.decimal or ({".": ",", ",": "."}.get(options.thousands or "") or marks.decimal)
    thousands = options.thousands if options.thousands is not None else marks.thousands
    if thousands == decimal or (options.thousands is None and thousands is None):
        thousands = {",": ".", ".": ","}.get(decimal or "") if options.thousands is None else None
    return NumberFormat(decimal, thousands or None)


def _report_marks(plan: Plan, reading: Reading, marks: Mapping[int, NumberFormat]) -> None:
    for attribute in ("decimal", "thousands"):
        used = [mark for each in marks.values() if (mark := getattr(each, attribute))]
        setattr(reading, attribute, max(set(used), key=used.count) if used else None)
    for column, each in marks.items():
        if not each.sure:
            label = plan.headers[column] or letter_of(column)
            mark = each.thousands if each.thousands in {".", ","} else each.decimal
            meaning = _(
                "Tallene i kolonnen »%(column)s« kan læses på to måder. »%(mark)s« er læst som %(use)s.",
                column=label,
                mark=mark or "",
                use="tusinder" if mark == each.thousands else "decimaltegn",
            )
            reading.notes.append(meaning)
