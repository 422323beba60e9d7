"""Services on a municipality's page: those here, those in the landsdel, those its citizens use; never mixed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from indicators.models import Municipality, Upload
from indicators.provisions.models import CONFIRMED_FOR, FEWEST_PERSONS, Confirmation, Registration, Serves, Usage

from .answer import InMunicipality, by_municipality
from .question import Choices, Question

MOST_USED = 5
"""So many of the services that citizens use are named; the rest are counted."""


class Standing(NamedTuple):
    """Services with their stated places; how many do not state any, how many nobody has confirmed for a year."""

    services: int
    places: int
    without_places: int
    unconfirmed: int


class Used(NamedTuple):
    """A service that the municipality's citizens use; ``persons`` None is fewer than five or too few to show."""

    number: str
    name: str
    municipality: str
    persons: int | None


@dataclass(frozen=True)
class Use:
    """What citizens of a municipality used in the newest year it is known for."""

    year: int
    services: int
    elsewhere: int
    most: list[Used]


@dataclass(frozen=True)
class Supply:
    """What stands in and around a municipality. ``diversity`` of ``groups``: for how many groups a place is registered
    in the landsdel, of services confirmed within a year. A context figure: not ranked, and more is not better."""

    code: str
    name: str
    here: Standing
    landsdel: str
    in_landsdel: Standing
    use: Use | None
    diversity: int
    groups: int


def supplies_on(day: dt.date) -> dict[str, Supply]:
    """What is registered in and around every municipality, by slug in Danish order, and what its citizens use. Six
    queries in all."""
    choices = Choices.on(day)
    standing = {row.slug: row for row in by_municipality(Question(day))}
    around: dict[str, list[InMunicipality]] = defaultdict(list)
    for row in standing.values():
        around[row.landsdel].append(row)
    taken, used = _groups_taken(day, choices), _used()
    found = {}
    columns = ("pk", "slug", "code", "name", "landsdel")
    for pk, slug, code, name, landsdel in Municipality.objects.in_danish_order().values_list(*columns):
        found[slug] = Supply(
            code=code,
            name=name,
            here=_together([standing[slug]] if slug in standing else []),
            landsdel=landsdel,
            in_landsdel=_together(around[landsdel]),
            use=used.get(pk),
            diversity=len(taken[landsdel]),
            groups=len(choices.groups),
        )
    return found


def register_day() -> dt.date | None:
    """The day the register last changed: what pages that are kept until the next change are as of. None while empty.

    A file came in or was taken back, or a service was confirmed; the day is Denmark's.
    """
    brought = Upload.objects.filter(delivery__isnull=False)
    files = brought.aggregate(applied=Max("applied_at"), back=Max("taken_back_at"))
    confirmed = Confirmation.objects.aggregate(at=Max("at"))
    moments = [moment for moment in (*files.values(), *confirmed.values()) if moment is not None]
    return timezone.localtime(max(moments)).date() if moments else None


def _together(rows: Iterable[InMunicipality]) -> Standing:
    listed = list(rows)
    return Standing(
        sum(row.services for row in listed),
        sum(row.places for row in listed),
        sum(row.without_places for row in listed),
        sum(row.unconfirmed for row in listed),
    )


def _groups_taken(day: dt.date, choices: Choices) -> dict[str, set[int]]:
    """Our target groups with a confirmed service, by landsdel."""
    ours = {term: group for group, terms in choices.meant.items() for term in terms}
    confirmed = Registration.objects.public().open_on(day).filter(provision__confirmed_on__gt=day - CONFIRMED_FOR)
    where = dict(confirmed.values_list("provision_id", "municipality__landsdel"))
    found: dict[str, set[int]] = defaultdict(set)
    for provision, term in Serves.objects.filter(is_current=True).values_list("provision_id", "target_group_id"):
        if provision in where and term in ours:
            found[where[provision]].add(ours[term])
    return found


def _used() -> dict[int, Use]:
    """By the paying municipality's id: the newest year's services, those with most persons first; never a protected."""
    current = {"provision__registrations__is_current": True, "provision__registrations__protected": False}
    columns = (
        "municipality_id", "year", "provision__number", "provision__registrations__name",
        "provision__registrations__municipality__name", "provision__registrations__municipality_id", "persons",
    )  # fmt: skip
    rows = Usage.objects.filter(is_current=True, provision__protected=False, **current).values_list(*columns)
    by_payer: dict[int, list[tuple[int, bool, Used]]] = defaultdict(list)
    for payer, year, number, name, home, where, persons in rows:
        shown = persons if (persons or 0) >= FEWEST_PERSONS else None
        by_payer[payer].append((year, where == payer, Used(number, name, home, shown)))
    found = {}
    for payer, of_years in by_payer.items():
        newest = max(year for year, _is_here, _used in of_years)
        now = [(is_here, one) for year, is_here, one in of_years if year == newest]
        most = sorted((one for _is_here, one in now), key=lambda one: (-(one.persons or 0), one.name))[:MOST_USED]
        found[payer] = Use(newest, len(now), sum(not is_here for is_here, _one in now), most)
    return found
