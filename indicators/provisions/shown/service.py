"""One service: all that is registered of it, and who says so."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from indicators.models import Upload
from indicators.provisions.models import (
    CONFIRMED_FOR,
    FEWEST_PERSONS,
    THEMES,
    Assertion,
    Capacity,
    Confirmation,
    DepartmentRegistration,
    Inspection,
    LegalBasis,
    LevelClaim,
    Registration,
    Serves,
    Term,
    Usage,
    Vacancy,
)


class Places(NamedTuple):
    """Places of a department (or of all of the service), counted once under all of their paragraphs."""

    places: int | None
    age_from: int | None
    age_to: int | None
    bases: list[LegalBasis]
    valid_on: dt.date


@dataclass(frozen=True)
class Part:
    """A department with its places and target groups; ``name`` "" is what is registered of the service as a whole."""

    name: str
    places: list[Places]
    groups: list[Term]


class Payer(NamedTuple):
    """A municipality that pays; ``persons`` None is fewer than five, or too few for the source to show."""

    name: str
    slug: str
    persons: int | None


@dataclass(frozen=True)
class UsedBy:
    """Who paid in the newest year known. ``from_outside`` is the share of the persons that came from other
    municipalities, 0 to 1, only where every payer's number is known; shown with both numbers it is made of."""

    year: int
    payers: list[Payer]
    persons: int
    own: int
    few: int
    from_outside: float | None


@dataclass(frozen=True)
class ServicePage:
    """What the page of a service tells."""

    registration: Registration
    upload: Upload
    is_open: bool
    is_confirmed: bool
    confirmed_on: dt.date | None
    confirmation: Confirmation | None
    parts: list[Part]
    claims: list[LevelClaim]
    assertions: list[Assertion]
    inspections: list[Inspection]
    usage: UsedBy | None
    vacancies: list[Vacancy]
    former_names: list[str]

    @property
    def places(self) -> int | None:
        """All stated places, each once; None where none is stated."""
        return self.registration.provision.places

    @property
    def bases(self) -> list[LegalBasis]:
        """The paragraphs of all places, each once."""
        found = {basis.pk: basis for part in self.parts for places in part.places for basis in places.bases}
        return sorted(found.values(), key=lambda basis: (basis.law, basis.number, basis.letter))


def service_page(number: str, *, day: dt.date) -> ServicePage | None:
    """Everything of a public service, closed ones too; None where there is none, or where it is protected."""
    found = Registration.objects.public().filter(provision__number=number)
    registration = found.select_related("provision", "municipality", "service_type", "upload").first()
    if registration is None:
        return None
    provision = registration.provision
    last = provision.confirmations.order_by("-at", "-pk").first()
    confirmed = provision.confirmed_on
    current = {"provision": provision, "is_current": True}
    claims = LevelClaim.objects.filter(**current).select_related("level__scheme")
    names = provision.registrations.exclude(name=registration.name).order_by("pk").values_list("name", flat=True)
    return ServicePage(
        registration=registration,
        upload=registration.upload,
        is_open=Registration.objects.filter(pk=registration.pk).open_on(day).exists(),
        is_confirmed=confirmed is not None and confirmed > day - CONFIRMED_FOR,
        confirmed_on=confirmed,
        confirmation=last,
        parts=_parts(registration),
        claims=list(claims.order_by("level__scheme__name_da", "claimed_by", "pk")),
        assertions=list(Assertion.objects.filter(**current).order_by("field", "source")),
        inspections=list(Inspection.objects.filter(**current).order_by("-on")),
        usage=_usage(registration),
        vacancies=list(Vacancy.objects.shown_on(day).filter(provision=provision).select_related("target_group")),
        former_names=list(dict.fromkeys(names)),
    )


def themes_of(inspection: Inspection) -> dict[str, float | None]:
    """The seven themes of an inspection, in the inspectorate's order. Never added up: means say nothing."""
    return {theme: getattr(inspection, theme) for theme in THEMES}


def _parts(registration: Registration) -> list[Part]:
    provision = registration.provision
    names = dict(
        DepartmentRegistration.objects.filter(department__provision=provision, is_current=True).values_list(
            "department_id", "name"
        )
    )
    places: dict[int | None, list[Places]] = defaultdict(list)
    rows = Capacity.objects.current().filter(provision=provision).prefetch_related("bases").order_by("pool", "pk")
    for row in rows:
        bases = sorted(row.bases.all(), key=lambda basis: (basis.law, basis.number, basis.letter))
        places[row.department_id].append(Places(row.places, row.age_from, row.age_to, bases, row.valid_on))
    groups: dict[int | None, list[Term]] = defaultdict(list)
    serves = Serves.objects.filter(provision=provision, is_current=True).select_related("target_group__means")
    for one in serves.order_by("target_group__position"):
        groups[one.department_id].append(one.target_group)
    keys = [None, *sorted(names, key=lambda pk: names[pk])]
    parts = [Part(names.get(key, "") if key else "", places[key], groups[key]) for key in keys]
    return [part for part in parts if part.places or part.groups or part.name]


def _usage(registration: Registration) -> UsedBy | None:
    rows = Usage.objects.filter(provision=registration.provision, is_current=True)
    year = rows.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return None
    payers, own = [], 0
    for row in rows.filter(year=year).select_related("municipality").order_by("municipality__sort_key"):
        shown = row.persons if row.persons is not None and row.persons >= FEWEST_PERSONS else None
        payers.append(Payer(row.municipality.name, row.municipality.slug, shown))
        own += (shown or 0) if row.municipality_id == registration.municipality_id else 0
    few = sum(payer.persons is None for payer in payers)
    persons = sum(payer.persons or 0 for payer in payers)
    # with a hidden number the share would be a guess, and a sum beside it would tell what was hidden
    share = (persons - own) / persons if persons and not few else None
    return UsedBy(year, payers, persons, own, few, share)
