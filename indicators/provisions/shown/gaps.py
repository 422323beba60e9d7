"""Where a target group has no registered place: by landsdel, by region of the day, how fresh, and over time.

An empty cell says "no registered place" and nothing about help: municipalities help in other ways, and four of five in
some regional services come from other municipalities than the one they stand in.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.db.models import Count, F, Min, Q, Sum

from indicators.models import Municipality, Region, RegionMembership
from indicators.provisions.models import (
    CONFIRMED_FOR,
    Capacity,
    GroupSize,
    Provision,
    Registration,
    Serves,
    Status,
    Term,
)
from indicators.provisions.models.register import CapacityQuerySet

from .question import Choices


class Cell(NamedTuple):
    """What is registered for a target group in a part of the country, of services confirmed within twelve months.

    ``places`` are those of the departments that take the group, each once; services that do not state them are counted
    in ``without_places``. ``per_1000`` only where the size of the group is known for the whole part. ``oldest`` and
    ``newest`` are the days of the confirmations behind the cell.
    """

    services: int
    places: int
    without_places: int
    per_1000: float | None
    oldest: dt.date | None
    newest: dt.date | None


NOTHING = Cell(0, 0, 0, None, None, None)


@dataclass(frozen=True)
class Row:
    """A target group with its cells: the whole country, by landsdel, and by region as the table's columns are."""

    group: Term
    country: Cell
    by_landsdel: dict[str, Cell]
    by_region: dict[str, Cell]

    @property
    def empty(self) -> list[str]:
        """The landsdele without a registered place."""
        return [name for name, cell in self.by_landsdel.items() if not cell.services]


@dataclass(frozen=True)
class Gaps:
    """The whole table; what stands outside of it: services nobody has confirmed for a year, services without a target
    group, and protected ones, which are counted by region and nowhere else."""

    day: dt.date
    landsdele: list[str]
    regions: list[str]
    rows: list[Row]
    unconfirmed: int
    without_group: int
    protected_by_region: dict[str, int]
    is_demo: bool


def region_names(day: dt.date) -> dict[int, str]:
    """What each region is called on a day, by id: regions whose municipalities belong to one that day have its name."""
    names = dict(Region.objects.values_list("pk", "name"))
    rows = list(RegionMembership.objects.values_list("municipality", "region", "begins", "ends"))
    then = {who: region for who, region, begins, ends in rows if begins <= day and (ends is None or day < ends)}
    became: dict[int, set[int]] = defaultdict(set)
    for who, region, _begins, _ends in rows:
        became[region].add(then.get(who, region))
    return {key: names[min(became[key])] if len(became[key]) == 1 else name for key, name in names.items()}


def gaps_on(day: dt.date, choices: Choices | None = None) -> Gaps:
    """Every target group in every landsdel and region on a day. Ten queries, whatever the number of services, two
    fewer where somebody has the choices of the day already."""
    choices, places = choices or Choices.on(day), _Parts(day)
    rows = _served(day, choices)
    sizes = _sizes(choices)
    table = []
    for group in choices.groups.values():
        of_group = rows.get(group.pk, {})
        size = sizes.get(group.pk, {})
        of_parts = partial(_cells, of_group, size)
        (country,) = of_parts({"": set().union(*places.by_landsdel.values())}).values()
        table.append(Row(group, country, of_parts(places.by_landsdel), of_parts(places.by_region)))
    public = Registration.objects.public().open_on(day)
    confirmed = Provision.objects.public().confirmed(day)
    stated = Serves.objects.filter(is_current=True).values("provision")
    counts = public.aggregate(
        unconfirmed=Count("pk", filter=~Q(provision__in=confirmed)),
        without_group=Count("pk", filter=~Q(provision__in=stated)),
    )
    return Gaps(
        day,
        list(places.by_landsdel),
        sorted(places.by_region),
        table,
        **counts,
        protected_by_region=protected_by_region(day),
        is_demo=is_demo(),
    )


def is_demo() -> bool:
    """Whether anything that is told of the register is invented: then every page and file made of it says so."""
    return Registration.objects.public().filter(upload__is_demo=True).exists()


def protected_by_region(day: dt.date) -> dict[str, int]:
    """How many protected services are in operation, by region of the day: all that is ever told of them."""
    names = region_names(day)
    there = {names[region] for region in Municipality.objects.values_list("region", flat=True).distinct()}
    counted: dict[str, int] = dict.fromkeys(sorted(there), 0)  # no region that is not there yet, or no longer
    begun = Q(opened__isnull=True) | Q(opened__lte=day)
    rows = Registration.objects.current().filter(begun, protected=True, status=Status.OPEN)
    rows = rows.filter(Q(closed__isnull=True) | Q(closed__gt=day))
    for region, count in rows.values_list("region_id").annotate(Count("pk")).order_by():
        name = names[region or 0]
        counted[name] = counted.get(name, 0) + count
    return counted


class _Parts:
    """Which municipalities (ids) make a landsdel, and a region of the day."""

    def __init__(self, day: dt.date) -> None:
        names = region_names(day)
        self.by_landsdel: dict[str, set[int]] = defaultdict(set)
        self.by_region: dict[str, set[int]] = defaultdict(set)
        for pk, landsdel, region in Municipality.objects.order_by("landsdel").values_list(
            "pk", "landsdel", "region_id"
        ):
            self.by_landsdel[landsdel].add(pk)
            self.by_region[names[region]].add(pk)


class _Here(NamedTuple):
    """A target group in one municipality."""

    services: set[int]
    places: int
    stated: set[int]
    oldest: dt.date | None
    newest: dt.date | None


def _served(day: dt.date, choices: Choices) -> dict[int, dict[int, _Here]]:
    """By target group and municipality: which services take the group, and the places of the departments that do."""
    ours = {term: group for group, terms in choices.meant.items() for term in terms}
    where = dict(
        Registration.objects.public()
        .open_on(day)
        .filter(provision__confirmed_on__gt=day - CONFIRMED_FOR)
        .values_list("provision_id", "municipality_id")
    )
    confirmed = dict(Provision.objects.public().confirmed(day).values_list("pk", "confirmed_on"))
    places = _places_of_services()
    takes: dict[int, dict[int, set[int | None]]] = defaultdict(lambda: defaultdict(set))
    for provision, department, term in Serves.objects.filter(is_current=True).values_list(
        "provision_id", "department_id", "target_group_id"
    ):
        if term in ours and provision in where:
            takes[ours[term]][provision].add(department)
    found: dict[int, dict[int, _Here]] = defaultdict(dict)
    for group, provisions in takes.items():
        for provision, departments in provisions.items():
            count = _count(places.get(provision, {}), departments)
            here = _Here(
                {provision}, count or 0, {provision} if count is not None else set(), *(confirmed[provision],) * 2
            )
            municipality = where[provision] or 0
            known = found[group].get(municipality)
            found[group][municipality] = here if known is None else _together([known, here])
    return found


def _places_of_services() -> dict[int, dict[int | None, int | None]]:
    """Stated places by service and department (None is the whole service); None where some are not stated at all."""
    rows = Capacity.objects.current().values_list("provision_id", "department_id").annotate(Sum("places")).order_by()
    found: dict[int, dict[int | None, int | None]] = defaultdict(dict)
    for provision, department, places in rows:
        found[provision][department] = places
    return found


def _count(by_department: Mapping[int | None, int | None], departments: set[int | None]) -> int | None:
    """The places of the departments that take a group: all of the service where it takes the group as a whole, and
    those of no department in particular always. None where none is stated."""
    counted = [
        places
        for department, places in by_department.items()
        if (None in departments or department is None or department in departments) and places is not None
    ]
    return sum(counted) if counted else None


def _together(parts: Sequence[_Here]) -> _Here:
    services: set[int] = set().union(*(part.services for part in parts))
    stated: set[int] = set().union(*(part.stated for part in parts))
    days = [day for part in parts for day in (part.oldest, part.newest) if day is not None]
    return _Here(services, sum(part.places for part in parts), stated, min(days, default=None), max(days, default=None))


def _cells(of_group: Mapping[int, _Here], size: Mapping[int, int], parts: Mapping[str, set[int]]) -> dict[str, Cell]:
    cells = {}
    for name, municipalities in parts.items():
        here = [of_group[pk] for pk in municipalities if pk in of_group]
        if not here:
            cells[name] = NOTHING
            continue
        all_of_it = _together(here)
        base = sum(size[pk] for pk in municipalities) if municipalities <= size.keys() else 0
        per_1000 = 1000 * all_of_it.places / base if base else None
        unstated = len(all_of_it.services - all_of_it.stated)
        cells[name] = Cell(
            len(all_of_it.services), all_of_it.places, unstated, per_1000, all_of_it.oldest, all_of_it.newest
        )
    return cells


def _sizes(choices: Choices) -> dict[int, dict[int, int]]:
    """The newest size of each target group by municipality. Sizes of outside terms are not added to ours: the two may
    count other people."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    ours = [group.pk for group in choices.groups.values()]
    rows = GroupSize.objects.filter(is_current=True, target_group__in=ours).order_by("year")
    for group, municipality, persons in rows.values_list("target_group_id", "municipality_id", "persons"):
        found[group][municipality] = persons
    return found


@dataclass(frozen=True)
class OverTime:
    """Registered places by landsdel on the first of January of each year that the register knows."""

    years: list[int]
    by_landsdel: dict[str, list[int]]
    services: list[int]


def over_time(day: dt.date, group_terms: Sequence[int] = ()) -> OverTime:
    """How the places have spread, of all target groups or of one (the ids of its terms). One query a year, and two.

    Places are those that held on the day, from files that were not taken back; a service counts from the day it opened
    to the day it closed. Before a service was registered nothing is known of it, and that is not 0: the number of
    services behind each year stands beside.
    """
    public = Registration.objects.public()
    files = _of_files_that_stand().filter(provision__in=public.values("provision"))
    first = files.aggregate(Min("valid_on"))
    names = sorted(set(Municipality.objects.values_list("landsdel", flat=True)))
    if first["valid_on__min"] is None:
        return OverTime([], {name: [] for name in names}, [])
    years = list(range(first["valid_on__min"].year, day.year + 1))
    by_landsdel: dict[str, list[int]] = {name: [0] * len(years) for name in names}
    services = [0] * len(years)
    for column, year in enumerate(years):
        held_on = dt.date(year, 1, 1)
        open_then = public.filter(Q(opened__isnull=True) | Q(opened__lte=held_on))
        open_then = open_then.filter(Q(closed__isnull=True) | Q(closed__gt=held_on))
        if group_terms:
            takes = Serves.objects.filter(is_current=True, target_group__in=group_terms)
            open_then = open_then.filter(provision__in=takes.values("provision"))
        held = _of_files_that_stand().held_on(held_on).filter(provision__in=open_then.values("provision"))
        current = Q(provision__registrations__is_current=True)
        rows = held.filter(current).values_list(name := "provision__registrations__municipality__landsdel")
        for landsdel, places, count in rows.annotate(Sum("places"), Count("provision", distinct=True)).order_by(name):
            by_landsdel[landsdel][column] = places or 0
            services[column] += count
    return OverTime(years, by_landsdel, services)


def _of_files_that_stand() -> CapacityQuerySet:
    """Places of files that were not taken back. Those of a file that was hold from and until the same day."""
    return Capacity.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_on")))
