"""Placements as light rows: a page reads hundreds of them, and a model instance costs ten times a tuple."""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from rankings.models import Placement, Spread

Key = tuple[str, int | None]
OVERALL_KEY: Key = ("overall", None)


class PlacementRow(NamedTuple):
    """A municipality's line in a ranking: the fields of Placement that pages show, under the same names."""

    edition_id: int
    municipality_id: int
    level: str
    area_id: int | None
    theme_id: int | None
    indicator_id: int | None
    rank: int | None
    rank_last: int | None
    n: int
    printed: float | None
    score: float | None
    low: int | None
    high: int | None
    alike: list[int] | None
    coverage: float
    value: float | None
    missing: str
    provisional: bool
    data_year: int | None
    asked: int | None = None
    answered: int | None = None
    value_low: float | None = None
    value_high: float | None = None
    shown: float | None = None

    @property
    def key(self) -> Key:
        """Which subject it is a placement in."""
        return self.level, self.indicator_id or self.theme_id or self.area_id


_WORTH = {"asked": "asked", "answered": "answered", "value_low": "low", "value_high": "high", "shown": "shown"}
"""What a figure is worth stands with its measurement, which never changes: a placement need not repeat it."""
_COLUMNS = [f"measurement__{_WORTH[name]}" if name in _WORTH else name for name in PlacementRow._fields]


def placement_rows(rows: QuerySet[Placement]) -> list[PlacementRow]:
    """Read the rows of a queryset of placements, in its order."""
    return list(map(PlacementRow._make, fetched(rows.values_list(*_COLUMNS))))


def fetched(rows: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of a values_list as the driver gives them: with Django's look at each, hundreds take twice the time."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


class Below(NamedTuple):
    """What a ranking shows of the subjects further down: an area has 3 724 of them, so no more than is printed."""

    municipality_id: int
    area_id: int | None
    theme_id: int | None
    indicator_id: int | None
    rank: int | None
    rank_last: int | None
    printed: float | None
    value: float | None
    missing: str
    provisional: bool


def below(rows: QuerySet[Placement]) -> list[Below]:
    """Read the rows of a queryset of placements, in its order."""
    return list(map(Below._make, fetched(rows.values_list(*Below._fields))))


class Past(NamedTuple):
    """An indicator's figure in an earlier edition: what its development is drawn from."""

    value: float | None
    score: float | None
    data_year: int | None


class SpreadRow(NamedTuple):
    """How a subject's figures lie over the municipalities: the fields of Spread that pages show."""

    edition_id: int
    level: str
    area_id: int | None
    theme_id: int | None
    indicator_id: int | None
    n: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    lowest: float | None
    highest: float | None

    @property
    def key(self) -> Key:
        """What it is the spread of."""
        return self.level, self.area_id or self.theme_id or self.indicator_id


def spread_rows(rows: QuerySet[Spread]) -> list[SpreadRow]:
    """Read the rows of a queryset of spreads, in its order."""
    return list(map(SpreadRow._make, fetched(rows.values_list(*SpreadRow._fields))))
