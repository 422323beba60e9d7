"""The register's questions answered a second time, in plain Python over all rows: slow, and by another road."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.provisions.models import Capacity, LegalBasis, PlacePoint, Registration, Serves, Term
from indicators.provisions.shown.question import Question


@dataclass
class Known:
    """A public service in operation, with what holds of it."""

    row: Registration
    capacities: list[Capacity]
    serves: list[Serves]

    @property
    def places(self) -> int | None:
        """Stated places, counted one capacity after the other."""
        stated = [one.places for one in self.capacities if one.places is not None]
        return sum(stated) if stated else None


def everything(day: dt.date) -> list[Known]:
    """All that may be told of one by one."""
    found = []
    for row in Registration.objects.filter(is_current=True).select_related("provision", "municipality"):
        opened, closed = row.opened or dt.date.min, row.closed or dt.date.max
        if row.provision.protected or row.status != "open" or not opened <= day < closed:
            continue
        mine = {"provision": row.provision, "is_current": True}
        capacities = list(Capacity.objects.filter(**mine).prefetch_related("bases"))
        found.append(Known(row, capacities, list(Serves.objects.filter(**mine).select_related("target_group"))))
    return found


def fitting(question: Question, known: list[Known]) -> Iterator[Known]:
    """Those that fit a question, one condition at a time."""
    for one in known:
        home = one.row.municipality
        assert home is not None
        if question.form and one.row.form != question.form:
            continue
        if question.municipality and home != question.municipality:
            continue
        if question.landsdel and home.landsdel != question.landsdel:
            continue
        if _fits(one, question.group, question.basis, question.age):
            yield one


def _fits(one: Known, group: Term | None, basis: LegalBasis | None, age: int | None) -> bool:
    fit = [each for each in one.capacities if _is_for(each, basis, age)]
    if group is None:
        return bool(fit) if basis is not None or age is not None else True
    takes = [each for each in one.serves if group in {each.target_group, each.target_group.means}]
    if basis is None and age is None:
        return bool(takes)
    return any(
        each.department_id is None or place.department_id in (None, each.department_id)
        for each in takes
        for place in fit
    )


def _is_for(capacity: Capacity, basis: LegalBasis | None, age: int | None) -> bool:
    if basis is not None and basis not in capacity.bases.all():
        return False
    if age is None:
        return True
    low = 0 if capacity.age_from is None else capacity.age_from
    high = 999 if capacity.age_to is None else capacity.age_to
    return low <= age <= high


def kilometres(place: PlacePoint, row: Registration) -> float | None:
    """The distance by the haversine formula: another one than the site's, exact where that one is not."""
    if row.latitude is None or row.longitude is None:
        return None
    north, south = math.radians(place.latitude), math.radians(row.latitude)
    across = math.radians(row.longitude - place.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))
