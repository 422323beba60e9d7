"""The services that fit a question: some of them, all of them, and how many stand in each municipality."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.functions import ACos, Cos, Least, Radians, Sin

from indicators.provisions.models import (
    CONFIRMED_FOR,
    Capacity,
    Form,
    PlacePoint,
    Registration,
    Serves,
    Vacancy,
)
from indicators.provisions.models.register import RegistrationQuerySet

from .question import Question

EARTH_KM = 6371.0088
"""The mean radius of the earth (IUGG); distances are in a straight line on a sphere, to within half a per cent."""


class Ages(NamedTuple):
    """Whom places are for, in whole years; None is open. Both open: the register does not say."""

    youngest: int | None
    oldest: int | None


class Vacant(NamedTuple):
    """Vacant places for a target group as of a day, at most seven days ago."""

    group: int
    places: int
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Service:
    """A public service as lists, maps and files tell of it. ``places`` None: not stated, never 0; ``km`` None: one of
    the two has no point. ``groups`` and ``bases`` are ids, of terms and paragraphs."""

    number: str
    name: str
    form: Form
    operator: str
    service_type: int | None
    municipality_code: str
    municipality: str
    municipality_slug: str
    landsdel: str
    latitude: float | None
    longitude: float | None
    km: float | None
    opened: dt.date | None
    confirmed_on: dt.date | None
    is_confirmed: bool
    source: str
    is_demo: bool
    places: int | None
    ages: tuple[Ages, ...]
    groups: tuple[int, ...]
    bases: tuple[int, ...]
    vacant: tuple[Vacant, ...]


_COLUMNS = {
    "provision__number": "number",
    "name": "name",
    "form": "form",
    "operator": "operator",
    "service_type_id": "service_type",
    "municipality__code": "municipality_code",
    "municipality__name": "municipality",
    "municipality__slug": "municipality_slug",
    "municipality__landsdel": "landsdel",
    "latitude": "latitude",
    "longitude": "longitude",
    "km": "km",
    "opened": "opened",
    "provision__confirmed_on": "confirmed_on",
    "upload__source": "source",
    "upload__is_demo": "is_demo",
    "provision__places": "places",
}
"""Where a service's fields are read."""


class InMunicipality(NamedTuple):
    """How many fitting services stand in a municipality, with how many stated places; how many did not state any, and
    how many nobody has confirmed for a year."""

    code: str
    name: str
    slug: str
    landsdel: str
    services: int
    places: int
    without_places: int
    unconfirmed: int


def by_municipality(question: Question) -> list[InMunicipality]:
    """The fitting services by where they stand, in Danish order. One query; the sums are those of the list."""
    oldest = question.day - CONFIRMED_FOR
    grouped = (
        question.registrations()
        .values("municipality__code", "municipality__name", "municipality__slug", "municipality__landsdel")
        .annotate(
            services=Count("pk"),
            places=Sum("provision__places"),
            stated=Count("provision__places"),
            confirmed=Count("pk", filter=Q(provision__confirmed_on__gt=oldest)),
        )
        .order_by("municipality__sort_key")
    )
    return [
        InMunicipality(
            row["municipality__code"],
            row["municipality__name"],
            row["municipality__slug"],
            row["municipality__landsdel"],
            row["services"],
            row["places"] or 0,
            row["services"] - row["stated"],
            row["services"] - row["confirmed"],
        )
        for row in grouped
    ]


def some_of(
    question: Question, start: int, stop: int, standing: Sequence[InMunicipality] | None = None
) -> list[Service]:
    """The fitting services from one position of the list (the first is 0) up to another. Four queries.

    Which ones they are is found in the registrations alone; the rest is read of these few. ``standing``, where it is
    known, tells in which municipalities they stand when the list goes by municipality: of 20,000 services only those
    are sorted.
    """
    ordered = _ordered(question)
    if standing is not None and question.place is None:
        codes, before = _where(standing, start, stop)
        ordered = ordered.filter(municipality__code__in=codes)
        start, stop = start - before, stop - before
    few = ordered.values("pk")[start:stop]
    return _services(question, _in_order(question, _distances(question, Registration.objects.filter(pk__in=few))))


def _where(standing: Sequence[InMunicipality], start: int, stop: int) -> tuple[list[str], int]:
    """The municipalities of the services from one position of the list up to another, and how many stand before."""
    codes, before, passed = [], 0, 0
    for row in standing:
        if passed + row.services <= start:
            before = passed + row.services
        elif passed < stop:
            codes.append(row.code)
        passed += row.services
    return codes, before


def everything(question: Question) -> Iterator[Service]:
    """All fitting services in the list's order, a thousand at a time: what files and the API are made of."""
    ordered = list(_ordered(question).values_list("pk", flat=True))
    for start in range(0, len(ordered), 1_000):
        wanted = ordered[start : start + 1_000]
        of_these = _distances(question, Registration.objects.filter(pk__in=wanted))
        found = {row.number: row for row in _services(question, of_these)}
        numbers = dict(Registration.objects.filter(pk__in=wanted).values_list("pk", "provision__number"))
        yield from (found[numbers[pk]] for pk in wanted)


def _distances(question: Question, rows: RegistrationQuerySet) -> Any:
    """The rows with ``km``, the distance from the place that is named; None where none is, or one has no point."""
    if question.place is None:
        return rows.annotate(km=Value(None, output_field=FloatField()))
    return rows.annotate(km=_kilometres(question.place))


def _kilometres(place: PlacePoint) -> Case:
    """The distance on a sphere by the law of cosines; Least keeps rounding from leading outside of the arc cosine.

    Least passes NULL over, so without the condition a service without a point would lie at the place itself.
    """
    north, east = Radians(Value(place.latitude)), Radians(Value(place.longitude))
    angle = Sin(north) * Sin(Radians(F("latitude"))) + Cos(north) * Cos(Radians(F("latitude"))) * Cos(
        Radians(F("longitude")) - east
    )
    return Case(When(latitude__isnull=False, then=ACos(Least(Value(1.0), angle)) * EARTH_KM), default=None)


def _ordered(question: Question) -> Any:
    """By distance, those without a point last; without a place by municipality and name."""
    return _in_order(question, _distances(question, question.registrations()))


def _in_order(question: Question, rows: Any) -> Any:
    if question.place is not None:
        return rows.order_by(F("km").asc(nulls_last=True), "name", "pk")
    return rows.order_by("municipality__sort_key", "name", "pk")


def _services(question: Question, rows: Any) -> list[Service]:
    found = list(rows.values_list("provision_id", *_COLUMNS))
    said = _Said([row[0] for row in found], question.day)
    oldest = question.day - CONFIRMED_FOR
    services = []
    for provision, *columns in found:
        values = dict(zip(_COLUMNS.values(), columns, strict=True))
        confirmed_on = values["confirmed_on"]
        services.append(
            Service(
                **values | {"form": Form(values["form"])},
                is_confirmed=confirmed_on is not None and confirmed_on > oldest,
                ages=said.ages(provision),
                groups=tuple(said.groups[provision]),
                bases=tuple(sorted(said.bases[provision])),
                vacant=tuple(said.vacant[provision]),
            )
        )
    return services


class _Said:
    """What holds of a page's services: ages and paragraphs, target groups, vacancies. Three queries."""

    def __init__(self, pks: Sequence[int], day: dt.date) -> None:
        self._ages: dict[int, set[Ages]] = defaultdict(set)
        self.bases: dict[int, set[int]] = defaultdict(set)
        self.groups: dict[int, list[int]] = defaultdict(list)
        self.vacant: dict[int, list[Vacant]] = defaultdict(list)
        of_these = Q(provision__in=pks)
        columns = ("provision_id", "age_from", "age_to", "bases")
        for provision, low, high, basis in Capacity.objects.current().filter(of_these).values_list(*columns):
            self._ages[provision].add(Ages(low, high))
            if basis is not None:
                self.bases[provision].add(basis)
        served = Serves.objects.filter(of_these, is_current=True).order_by("target_group__position", "pk")
        for provision, group in served.values_list("provision_id", "target_group_id"):
            if group not in self.groups[provision]:
                self.groups[provision].append(group)
        vacancies = Vacancy.objects.shown_on(day).filter(of_these).order_by("target_group__position", "pk")
        for provision, group, places, day_of in vacancies.values_list(
            "provision_id", "target_group_id", "places", "as_of"
        ):
            self.vacant[provision].append(Vacant(group, places, day_of))

    def ages(self, provision: int) -> tuple[Ages, ...]:
        """The spans of ages that the places are for, each once, youngest first."""
        return tuple(sorted(self._ages[provision], key=lambda span: (span.youngest or 0, span.oldest or 999)))
