"""Placements as light rows: a page reads hundreds of them, and a model instance costs ten times a tuple."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.base import ModelState

from indicators.models import Municipality
from portal.published.subjects import Subject
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.engine.rank import distinguishable
from rankings.models import Edition, Explanation, Level, Placement, Spread
from rankings.models.placements import PlacementQuerySet

Key = tuple[str, int | None]
OVERALL_KEY: Key = ("overall", None)


class PlacementRow(NamedTuple):
    """A municipality's line in a ranking: the fields of Placement that pages show, under the same names.

    A reader that needs few of them leaves the others as they are.
    """

    edition_id: int = 0
    municipality_id: int = 0
    level: str = ""
    area_id: int | None = None
    theme_id: int | None = None
    indicator_id: int | None = None
    rank: int | None = None
    rank_last: int | None = None
    n: int = 0
    printed: float | None = None
    score: float | None = None
    low: int | None = None
    high: int | None = None
    alike: list[int] | None = None
    coverage: float = 1.0
    value: float | None = None
    missing: str = ""
    provisional: bool = False
    data_year: int | None = None
    asked: int | None = None
    answered: int | None = None
    value_low: float | None = None
    value_high: float | None = None
    shown: float | None = None
    method_low: int | None = None
    method_high: int | None = None
    doubts: int = 0

    @property
    def key(self) -> Key:
        """Which subject it is a placement in."""
        return self.level, self.indicator_id or self.theme_id or self.area_id


def bridge_place(rank: int | None, last: int | None, n: int | None) -> PlacementRow | None:
    """A place in the edition before by the method of the one after it, of which no interval is known; None where there
    is none. ``last``: of those who share it; None in editions explained before it was kept."""
    return None if rank is None else PlacementRow(rank=rank, rank_last=last, n=n or 0)


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


Instance = TypeVar("Instance", bound=Model)


def light(rows: QuerySet[Instance], join: str = "", **related: Mapping[Any, Model]) -> list[Instance]:
    """The instances of a queryset, made of what the driver gives: Django's own way to an instance, field by field,
    takes eight times as long, and some read everybody's. The model's own columns and annotations, none of JSON.

    ``join`` names a foreign key that is read along, to few; ``related`` has what others name, by primary key.
    """
    model, alias = rows.model, rows.db
    further: Any = model._meta.get_field(join).related_model if join else None
    names, theirs = [*_columns_of(model), *rows.query.annotations], _columns_of(further) if join else []
    joined: dict[Any, Model] = {}
    made = []
    for values in fetched(rows.values_list(*names, *(f"{join}__{name}" for name in theirs))):
        one = _instance(model, alias, zip(names, values, strict=False))
        fields, known = vars(one), vars(one)["_state"].fields_cache
        if join:
            key = fields[f"{join}_id"]
            if key is not None and key not in joined:
                joined[key] = _instance(further, alias, zip(theirs, values[len(names) :], strict=True))
            known[join] = joined.get(key)
        for name, instances in related.items():
            known[name] = instances.get(fields[f"{name}_id"])
        made.append(one)
    return made


def _columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _instance(model: type[Instance], alias: str, fields: Iterable[tuple[str, Any]]) -> Instance:
    one = model.__new__(model)
    one.__dict__ = dict(fields)
    state = one.__dict__["_state"] = ModelState()
    state.adding, state.db = False, alias
    return one


_BELOW = ("municipality_id", "area_id", "theme_id", "indicator_id", "rank", "rank_last", "printed", "value", "missing",
          "provisional")  # fmt: skip


def rows_below(rows: QuerySet[Placement]) -> list[PlacementRow]:
    """What a ranking shows of the subjects further down, in the order of the queryset.

    An area has 3 724 of them, so no more is read than is printed.
    """
    return [
        PlacementRow(0, one, "", area, theme, indicator, rank, last, 0, printed, None, None, None, None, 1.0, value,
                     missing, provisional)
        for one, area, theme, indicator, rank, last, printed, value, missing, provisional
        in fetched(rows.values_list(*_BELOW))
    ]  # fmt: skip


class Change(NamedTuple):
    """What became of a place since the edition before; only between editions of one method.

    ``places`` won (positive) or lost, counted among those ranked in both. ``clear``: whether it may be called a move
    (`rankings.engine.rank.distinguishable`). ``points``: of the printed score, for better (positive) or worse.
    """

    before: PlacementRow
    places: int
    clear: bool
    points: float | None


def change_of(now: PlacementRow | Placement, before: PlacementRow | None, places: int | None) -> Change | None:
    """The change of a place; None where either edition has none. ``places`` None: as the two ranks tell."""
    if before is None or before.rank is None or now.rank is None:
        return None
    clear = distinguishable((now.low, now.high, now.n), (before.low, before.high, before.n))
    known = now.printed is not None and before.printed is not None
    points = (now.printed or 0.0) - (before.printed or 0.0) if known else None
    return Change(before, before.rank - now.rank if places is None else places, clear, points)


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


def overall_placements(edition: Edition) -> PlacementQuerySet:
    """Everyone's overall placement in an edition."""
    return Placement.objects.of(edition).overall()


def placements_on(edition: Edition, levels: Iterable[str]) -> PlacementQuerySet:
    """Everyone's placements in an edition on some levels."""
    return Placement.objects.of(edition).filter(level__in=levels)


def areas_and_overall(editions: Iterable[Edition]) -> PlacementQuerySet:
    """The placements of editions overall and in each area, with their area, in the order of the catalogue."""
    rows = Placement.objects.filter(edition__in=editions, level__in=[Level.OVERALL, Level.AREA])
    return rows.select_related("area").order_by("area__position")


def spreads_of(edition: Edition, level: Level) -> QuerySet[Spread]:
    """How the figures of an edition lie on a level."""
    return Spread.objects.filter(edition=edition, level=level)


@shared_by_its_pages
def spreads_over_editions(subject: Subject, editions: tuple[Edition, ...]) -> dict[int, Spread]:
    """A subject's spread in each edition that has one, by the edition's primary key."""
    return {row.edition_id: row for row in Spread.objects.filter(subject.where, edition__in=editions)}


def explanation_of(edition: Edition, municipality: Municipality) -> Explanation | None:
    """Why a municipality stands where it stands; None where nobody worked it out."""
    return Explanation.objects.made_first(edition).filter(municipality=municipality).first()


def placements_of(edition: Edition, chosen: Sequence[Municipality]) -> list[PlacementRow]:
    """Everything that some municipalities have in an edition."""
    return placement_rows(Placement.objects.filter(edition=edition, municipality__in=chosen))


def places_of(edition: Edition, asked: Sequence[tuple[int, Key]]) -> list[PlacementRow | None]:
    """The placements of pairs of municipality and subject in an edition, in their order; None where there is none."""
    condition = Q(pk__in=[])
    for municipality, (level, subject) in asked:
        where = {level: subject} if subject is not None else {}
        condition |= Q(municipality=municipality, level=level, **where)
    rows = placement_rows(Placement.objects.of(edition).filter(condition)) if asked else []
    found = {(row.municipality_id, row.key): row for row in rows}
    return [found.get(one) for one in asked]


def overall_over_editions(editions: Iterable[Edition], chosen: Sequence[Municipality]) -> list[PlacementRow]:
    """The overall placements of some municipalities over the editions."""
    return placement_rows(Placement.objects.overall().filter(edition__in=editions, municipality__in=chosen))


def values_of(edition: Edition, indicators: Sequence[int]) -> dict[tuple[int, int | None], float | None]:
    """The values of some indicators by the primary keys of municipality and indicator."""
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR, indicator__in=indicators)
    found = rows.values_list("municipality_id", "indicator_id", "value")
    return {(municipality, indicator): value for municipality, indicator, value in found}


def count_of(edition: Edition) -> int:
    """How many placements an edition has."""
    return Placement.objects.filter(edition=edition).count()


def count_by_indicator(editions: Iterable[Edition]) -> dict[int | None, int]:
    """How many placements each indicator has over the editions, by its primary key."""
    rows = Placement.objects.filter(edition__in=editions, level=Level.INDICATOR).values_list("indicator")
    return dict(rows.annotate(Count("pk")))


def places_over_editions(municipality: Municipality, editions: Iterable[Edition]) -> PlacementQuerySet:
    """A municipality's overall placements in editions."""
    return Placement.objects.overall().filter(municipality=municipality, edition__in=editions)


def figures_of_themes_and_indicators(edition: Edition) -> Iterator[tuple[Any, ...]]:
    """Everybody's theme, indicator (one of the two), score, value, direction and rank in an edition, by codes."""
    rows = Placement.objects.filter(edition=edition, level__in=[Level.THEME, Level.INDICATOR])
    columns = F("theme__code"), F("indicator__code"), "score", "value", F("indicator__direction"), "rank"
    return rows.values_list(*columns).iterator()


def medians_of(edition: Edition) -> QuerySet[Spread, tuple[Any, ...]]:
    """The median of each theme and indicator: theme, indicator (one of the two, by code) and the figure."""
    rows = Spread.objects.filter(edition=edition, level__in=[Level.THEME, Level.INDICATOR])
    return rows.values_list(F("theme__code"), F("indicator__code"), "median")


def spread_rows_over_editions(condition: Q, editions: Sequence[Edition]) -> list[SpreadRow | None]:
    """A subject's spread in each edition, in their order; None where one has none."""
    rows = {row.edition_id: row for row in spread_rows(Spread.objects.filter(condition, edition__in=editions))}
    return [rows.get(edition.pk) for edition in editions]


def filtered_placements(edition: Edition, condition: Q) -> PlacementQuerySet:
    """An edition's placements that meet a condition."""
    return Placement.objects.of(edition).filter(condition)


@shared_in_release
def survey_intervals(edition: Edition) -> dict[tuple[int, int | None], tuple[float, float]]:
    """How sure everybody's figures are, where they know it: by municipality (its primary key) and indicator from and
    to, in the indicator's unit."""
    rows = Placement.objects.of(edition).filter(measurement__low__isnull=False)
    found = rows.values_list("municipality_id", "indicator_id", "measurement__low", "measurement__high")
    return {(one, indicator): (low, high) for one, indicator, low, high in fetched(found)}


class Neighbour(NamedTuple):
    """Any municipality with its overall place: who it may be compared with."""

    pk: int
    name: str
    slug: str
    code: str
    landsdel: str
    kommunegruppe: str
    region: str
    area_km2: float
    rank: int | None
    rank_last: int | None
    n: int
    printed: float | None
    score: float | None
    low: int | None
    high: int | None
    coverage: float
