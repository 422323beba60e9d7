"""The layouts: each recogniser looks at the columns and gives a plan of where the values stand, or None.

They are tried in the order of RECOGNISERS. What a plan does not use is offered for mapping or listed as left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .columns import Columns
from .periods import Period, is_provisional, without_provisional
from .worth import worth_columns


class ValueColumn(NamedTuple):
    """A column of values. `year` None: the row says it. `label` None: the row says the indicator."""

    column: int
    label: str | None
    year: int | None
    provisional: bool = False


@dataclass(frozen=True)
class Plan:
    """Where in a sheet the municipality, the year, the indicator and the values stand (columns count from 0).

    `stubs` are columns of words that may tell several figures of one municipality apart; `offered` are columns that
    hold numbers and name nothing known; `header` is the last row of the header; `periods` are headers with a quarter,
    month or span instead of a year.
    """

    layout: str
    body_start: int
    headers: Sequence[str]
    values: tuple[ValueColumn, ...]
    code: int | None = None
    name: int | None = None
    year: int | None = None
    indicator: int | None = None
    status: int | None = None
    note: int | None = None
    stubs: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    periods: tuple[tuple[int, Period], ...] = ()
    title: str = ""
    header: int | None = None
    other_years: tuple[int, ...] = ()
    worth: Mapping[str, int] = field(default_factory=dict)

    @property
    def places(self) -> tuple[int, ...]:
        """The columns that name the municipality."""
        return tuple(column for column in (self.code, self.name) if column is not None)


def recognise(columns: Columns) -> Plan | None:
    """The plan of the first layout that fits; only the layout that a person chose, where one is chosen."""
    if not {"code", "municipality"} & set(columns.roles.values()):
        return None
    for name, recogniser in RECOGNISERS.items():
        if columns.options.layout in (None, name) and (plan := recogniser(columns)) is not None:
            return plan
    return None


def statbank(columns: Columns) -> Plan | None:
    """An export as on Statistikbanken's screen: a title, years over the values, stubs without headers, perhaps
    nested."""
    plan = wide_by_year(columns)
    if plan is None:
        return None
    first_value = min((value.column for value in plan.values), default=columns.width)
    unnamed = any(not columns.headers[column] for column in (*plan.places, *plan.stubs) if column < first_value)
    return replace(plan, layout="statbank") if unnamed or columns.title else None


def wide_by_year(columns: Columns) -> Plan | None:
    """A column for each year (`2019`, `pop_2019`); the words around the year name the indicator."""
    found = _year_columns(columns)
    asked = columns.options.year
    whole = {column: period for column, period in found.items() if not period.part}
    if not whole:
        named = {column: period for column, period in found.items() if period.year == asked}
        whole = named if len(named) == 1 else {}
    if not whole and not (found and all(period.part for period in found.values())):
        return None
    kept = {column: period for column, period in whole.items() if asked in {None, period.year}}
    values = tuple(ValueColumn(c, period.rest, period.year, period.provisional) for c, period in kept.items())
    parts = {column: period for column, period in found.items() if column not in whole}
    return _plan(columns, "wide_by_year", values, periods=parts, other_years=tuple(c for c in whole if c not in kept))


def _year_columns(columns: Columns) -> dict[int, Period]:
    """The columns with a year in their header; not those full of words, unless their header is as the others'
    (2019, pop_2019)."""
    found = {column: period for column in _free(columns) if (period := columns.period(column))}
    names = {period.rest for column, period in found.items() if not _is_words(columns, column)}
    return {c: period for c, period in found.items() if not _is_words(columns, c) or period.rest in {"", *names}}


def long(columns: Columns) -> Plan | None:
    """A row for each value, with a column for the year or for the indicator (or both) and one for the value.

    Columns of codes beside it (KØN: 1, 2) are categories: they may tell several figures apart, as words do.
    """
    by_role = {role: column for column, role in reversed(columns.roles.items())}
    numbers = _numbers(columns)
    value = by_role.get("value", numbers[0] if len(numbers) == 1 else None)
    if value is None or value in columns.excluded:
        return None
    categories = [c for c in numbers if c != value and "value" in by_role and columns.is_category(c)]
    others = [c for c in numbers if c not in categories]
    if not {"year", "indicator"} & set(by_role) and not categories:
        return None
    if "indicator" not in by_role and len(others) > 1:
        return None
    label = None if "indicator" in by_role else _own_name(columns, value)
    return _plan(columns, "long", (ValueColumn(value, label, None),), categories=categories)


def wide_by_indicator(columns: Columns) -> Plan | None:
    """A column for each indicator; the year stands in a column of its own or is told."""
    if "indicator" in columns.roles.values():
        return None
    numbers = _numbers(columns)
    read = [column for column in numbers if columns.mapped(columns.headers[column]) != ""]
    # "Andel" and "Antal" beside each other are two kinds of figures; one of them alone only says "value"
    silent = sum(columns.roles.get(column) == "value" for column in read) > 1
    values = tuple(
        ValueColumn(
            column,
            columns.headers[column] if silent else _own_name(columns, column),
            None,
            is_provisional(columns.headers[column]),
        )
        for column in read
    )
    return _plan(columns, "wide_by_indicator", values) if values else None


RECOGNISERS: dict[str, Callable[[Columns], Plan | None]] = {
    "statbank": statbank,
    "wide_by_year": wide_by_year,
    "long": long,
    "wide_by_indicator": wide_by_indicator,
}


def _free(columns: Columns) -> list[int]:
    return [c for c in range(columns.width) if columns.roles.get(c, "value") == "value" and c not in columns.excluded]


def _is_words(columns: Columns, column: int) -> bool:
    profile = columns.profiles[column]
    return bool(profile.filled) and not profile.numeric


def _numbers(columns: Columns) -> list[int]:
    """The free columns that hold values: numbers, or nothing under the name of a known indicator."""
    return [
        column
        for column in _free(columns)
        if (columns.profiles[column].filled and not columns.profiles[column].is_text)
        or columns.roles.get(column) == "value"
        or columns.is_known(columns.headers[column])
    ]


def _own_name(columns: Columns, column: int) -> str:
    """The indicator that a header names: nothing where it only says "value"."""
    label = columns.headers[column]
    return (
        "" if columns.roles.get(column) == "value" else without_provisional(label) if is_provisional(label) else label
    )


def _plan(
    columns: Columns,
    layout: str,
    values: tuple[ValueColumn, ...],
    *,
    periods: dict[int, Period] | None = None,
    other_years: tuple[int, ...] = (),
    categories: Sequence[int] = (),
) -> Plan:
    by_role = {role: column for column, role in reversed(columns.roles.items())}
    used = {value.column for value in values} | set(periods or {}) | set(other_years)
    said_out = {column for column in range(columns.width) if columns.mapped(columns.headers[column]) == ""}
    rest = [
        c
        for c in range(columns.width)
        if c not in used | said_out | columns.excluded
        and columns.roles.get(c, "value") == "value"
        and columns.profiles[c].filled
    ]
    stubs = tuple(column for column in rest if columns.profiles[column].is_text or column in categories)
    context = {column for column, role in columns.roles.items() if role == "context"}
    worth = worth_columns(columns.headers) if layout == "long" else {}
    return Plan(
        layout=layout,
        body_start=columns.body_start,
        headers=columns.headers,
        values=tuple(value for value in values if value.column not in said_out),
        code=by_role.get("code"),
        name=by_role.get("municipality"),
        year=by_role.get("year"),
        indicator=by_role.get("indicator"),
        status=by_role.get("status"),
        note=by_role.get("note"),
        stubs=tuple(column for column in stubs if column not in worth.values()),
        offered=tuple(column for column in rest if column not in stubs and column not in worth.values()),
        left_out=tuple(sorted(said_out | context)),
        periods=tuple((periods or {}).items()),
        title=columns.title,
        header=columns.header_rows[-1] if columns.header_rows else None,
        other_years=other_years,
        worth=worth,
    )
