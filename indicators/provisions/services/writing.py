"""The one place where rows of the register are written: nothing is overwritten, what no longer holds is marked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import F

from indicators.models import Upload
from indicators.provisions.models import (
    Assertion,
    Capacity,
    Delivery,
    Department,
    DepartmentRegistration,
    Provision,
    Recorded,
    Registration,
    Table,
)

from .examining import Examined
from .tables import NO_PLACE, SHAPES, Incoming

_BATCH = 2_000
_IN_LINE = """
UPDATE provisions_provision AS provision SET confirmed_on = newest.day, places = newest.places
FROM (
    SELECT one.id, greatest(registered.day, confirmed.day) AS day, held.places
    FROM provisions_provision AS one
    LEFT JOIN (
        SELECT provision_id, max(verified_on) AS day FROM provisions_registration WHERE is_current GROUP BY provision_id
    ) AS registered ON registered.provision_id = one.id
    LEFT JOIN (
        SELECT provision_id, max((at AT TIME ZONE 'Europe/Copenhagen')::date) AS day
        FROM provisions_confirmation GROUP BY provision_id
    ) AS confirmed ON confirmed.provision_id = one.id
    LEFT JOIN (
        SELECT provision_id, sum(places) AS places FROM provisions_capacity WHERE is_current GROUP BY provision_id
    ) AS held ON held.provision_id = one.id
) AS newest
WHERE newest.id = provision.id
  AND (newest.day, newest.places) IS DISTINCT FROM (provision.confirmed_on, provision.places)
"""


def write(delivery: Delivery, found: Examined) -> None:
    """Write what an examined file says, inside the caller's transaction."""
    upload = delivery.upload
    rows = [*found.added, *(row for _before, row in found.changed)]
    if delivery.table == Table.PROVISIONS:
        _add_provisions(rows)
    elif delivery.table == Table.DEPARTMENTS:
        _add_departments(rows)
    protect(found.protecting)
    _supersede(delivery.table, upload, found)
    _insert(delivery.table, upload, rows)
    _keep_beside(upload, found)
    if delivery.table in {Table.PROVISIONS, Table.CAPACITY}:
        bring_in_line()


def protect(numbers: Collection[str]) -> None:
    """Make provisions protected for good, and forget where they are, in rows that no longer hold too.

    The two updates meet in a foreign key that is looked at when the transaction ends.
    """
    provisions = Provision.objects.filter(number__in=numbers, protected=False)
    pks = list(provisions.values_list("pk", flat=True))
    if not pks:
        return
    provisions.update(protected=True)
    for registration in Registration.objects.filter(provision__in=pks, protected=False).select_related("municipality"):
        region = registration.municipality.region_id if registration.municipality else None
        Registration.objects.filter(pk=registration.pk).update(**NO_PLACE, protected=True, region_id=region)
    # the only rows that are ever deleted: what another source says of where a protected provision is
    Assertion.objects.filter(provision__in=pks, field__in=["municipality", "operator"]).delete()


def restore(delivery: Delivery) -> int:
    """Let what a file superseded hold again; return how many rows of its own hold no longer."""
    upload = delivery.upload
    withdrawn = 0
    models: set[type[Recorded]] = {SHAPES[delivery.table].model, Assertion}
    for model in models:
        rows: Any = model._default_manager
        withdrawn += rows.filter(upload=upload, is_current=True).update(is_current=False)
        before = rows.filter(superseded_by=upload)
        if model is Capacity:
            # a day that a correction made empty (from and until are one) is the row's own again
            before.update(valid_until=None)
            rows.filter(upload=upload, valid_until__isnull=True).update(valid_until=F("valid_on"))
        before.update(is_current=True, superseded_by=None)
    bring_in_line()
    return withdrawn


def bring_in_line() -> None:
    """Let each provision repeat the newest day on which it was verified or confirmed, and its stated places."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_LINE)


def _add_provisions(rows: Iterable[Incoming]) -> None:
    known = set(Provision.objects.values_list("number", flat=True))
    new = [Provision(number=row.key[0], protected=row.values["protected"]) for row in rows if row.key[0] not in known]
    Provision.objects.bulk_create(new, batch_size=_BATCH)


def _add_departments(rows: Iterable[Incoming]) -> None:
    provisions = dict(Provision.objects.values_list("number", "pk"))
    known = set(Department.objects.values_list("provision__number", "number"))
    new = [Department(provision_id=provisions[row.key[0]], number=row.key[1]) for row in rows if row.key not in known]
    Department.objects.bulk_create(new, batch_size=_BATCH)


def _supersede(table: str, upload: Upload, found: Examined) -> None:
    model: Any = SHAPES[table].model
    until = _days(table, found)
    gone = [before.pk for before, _row in found.changed] + [before.pk for _key, before in found.ended]
    if model is Capacity:
        ends: dict[dt.date, list[int]] = defaultdict(list)
        for key, before in [*((row.key, before) for before, row in found.changed), *found.ended]:
            ends[max(until[key[0]], before.values["valid_on"])].append(before.pk)
        for day, pks in ends.items():
            model._default_manager.filter(pk__in=pks).update(valid_until=day, is_current=False, superseded_by=upload)
        return
    for start in range(0, len(gone), _BATCH):
        rows = model._default_manager.filter(pk__in=gone[start : start + _BATCH])
        rows.update(is_current=False, superseded_by=upload)


def _days(table: str, found: Examined) -> dict[str, dt.date]:
    """From which day each provision's places hold in the file: it has one day a provision."""
    if table != Table.CAPACITY:
        return {}
    rows = [*found.added, *(row for _before, row in found.changed)]
    days = {row.key[0]: row.values["valid_on"] for row in rows}
    for key, before in found.ended:
        days.setdefault(key[0], before.values["valid_on"])
    return days


def _insert(table: str, upload: Upload, rows: list[Incoming]) -> None:
    shape = SHAPES[table]
    provisions = dict(Provision.objects.values_list("number", "pk"))
    departments = {
        (provision, number): pk
        for provision, number, pk in Department.objects.values_list("provision__number", "number", "pk")
    }
    made: list[Recorded] = []
    for row in rows:
        said = dict(zip(shape.key, row.key, strict=True)) | row.values
        said.pop("bases", None)
        if shape.model is DepartmentRegistration:
            number = said.pop("department__provision__number"), said.pop("department__number")
            said["department_id"] = departments[number]
        elif "provision__number" in said:
            number = said.pop("provision__number")
            said["provision_id"] = provisions[number]
            if "department__number" in said:
                said["department_id"] = departments.get((number, said.pop("department__number")))
        made.append(shape.model(upload=upload, row=row.row, **said))
    shape.model._default_manager.bulk_create(made, batch_size=_BATCH)
    if shape.model is Capacity:
        _tie_paragraphs(made, rows)


def _tie_paragraphs(made: list[Recorded], rows: list[Incoming]) -> None:
    through = Capacity.bases.through
    ties = [
        through(capacity_id=capacity.pk, legalbasis_id=basis)
        for capacity, row in zip(made, rows, strict=True)
        for basis in row.values["bases"]
    ]
    through._default_manager.bulk_create(ties, batch_size=_BATCH)


def _keep_beside(upload: Upload, found: Examined) -> None:
    """What a second source says otherwise: a newer statement of that source about the same field replaces its older."""
    provisions = dict(Provision.objects.filter(number__in={one[0] for one in found.aside}).values_list("number", "pk"))
    for number, field, value, day, row in found.aside:
        about = Assertion.objects.filter(
            provision_id=provisions[number], field=field, source=upload.source, is_current=True
        )
        about.update(is_current=False, superseded_by=upload)
        Assertion.objects.create(
            upload=upload,
            row=row,
            provision_id=provisions[number],
            field=field,
            value=value[:200],
            source=upload.source,
            verified_on=day,
        )
