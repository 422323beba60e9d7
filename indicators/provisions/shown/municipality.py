"""Services on a municipality's page: those here, those in the landsdel, those its citizens use; never mixed."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from indicators.models import Municipality
from indicators.provisions.models import (
    CONFIRMED_FOR,
    FEWEST_PERSONS,
    Provision,
    Registration,
    Serves,
    Usage,
)
from indicators.provisions.models.register import RegistrationQuerySet

from .question import Choices


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
    is_here: bool
    persons: int | None


@dataclass(frozen=True)
class Supply:
    """The box on a municipality's page. ``diversity`` of ``groups``: how many target groups have a registered place in
    the landsdel, of services confirmed within a year. A context figure: it is not ranked, and more is not better."""

    here: Standing
    landsdel: str
    in_landsdel: Standing
    year: int | None
    used: list[Used]
    diversity: int
    groups: int


def supply_of(municipality: Municipality, *, day: dt.date) -> Supply:
    """What is registered in and around a municipality, and what its citizens use. Six queries."""
    open_now = Registration.objects.public().open_on(day)
    there = open_now.filter(municipality__landsdel=municipality.landsdel)
    choices = Choices.on(day)
    ours = {term: group for group, terms in choices.meant.items() for term in terms}
    confirmed = there.filter(provision__confirmed_on__gt=day - CONFIRMED_FOR)
    serves = Serves.objects.filter(is_current=True, provision__in=confirmed.values("provision"))
    taken = set(serves.values_list("target_group_id", flat=True).distinct())
    year, used = _used(municipality)
    return Supply(
        here=_standing(there, Q(municipality=municipality), day),
        landsdel=municipality.landsdel,
        in_landsdel=_standing(there, Q(), day),
        year=year,
        used=used,
        diversity=len({ours[term] for term in taken if term in ours}),
        groups=len(choices.groups),
    )


def _standing(rows: RegistrationQuerySet, which: Q, day: dt.date) -> Standing:
    counted = rows.filter(which).aggregate(
        services=Count("pk"),
        places=Sum("provision__places"),
        stated=Count("provision__places"),
        confirmed=Count("pk", filter=Q(provision__confirmed_on__gt=day - CONFIRMED_FOR)),
    )
    services = counted["services"]
    return Standing(services, counted["places"] or 0, services - counted["stated"], services - counted["confirmed"])


def _used(municipality: Municipality) -> tuple[int | None, list[Used]]:
    """The newest year's services, those with most persons first; of protected ones nothing."""
    public = Provision.objects.public()
    rows = Usage.objects.filter(municipality=municipality, is_current=True, provision__in=public)
    year = rows.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return None, []
    current = {"provision__registrations__is_current": True, "provision__registrations__protected": False}
    columns = (
        "provision__number", "provision__registrations__name", "provision__registrations__municipality__name",
        "provision__registrations__municipality_id", "persons",
    )  # fmt: skip
    used = [
        Used(number, name, home, where == municipality.pk, persons if (persons or 0) >= FEWEST_PERSONS else None)
        for number, name, home, where, persons in rows.filter(year=year, **current).values_list(*columns)
    ]
    return year, sorted(used, key=lambda one: (-(one.persons or 0), one.name))
