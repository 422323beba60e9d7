"""The database refuses what must never be of services, whoever asks."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from indicators.models import Municipality, Upload
from indicators.provisions.models import (
    THEMES,
    Assertion,
    Capacity,
    Confirmation,
    Delivery,
    Department,
    DepartmentRegistration,
    GroupSize,
    Inspection,
    LegalBasis,
    LevelClaim,
    PlacePoint,
    Provision,
    Registration,
    Scheme,
    Serves,
    Term,
    Usage,
    Vacancy,
)
from tests.filled_in import NOW, steward
from tests.refused import Act, constraints_of, refused

pytestmark = pytest.mark.django_db
RECORDED: dict[str, type[models.Model]] = {
    "registration": Registration,
    "department_registration": DepartmentRegistration,
    "capacity": Capacity,
    "serves": Serves,
    "level_claim": LevelClaim,
    "inspection": Inspection,
    "usage": Usage,
    "vacancy": Vacancy,
    "assertion": Assertion,
    "group_size": GroupSize,
}


def _row(model: type[models.Model], **which: Any) -> Any:
    row = model._default_manager.filter(**which).order_by("pk").first()
    assert row is not None, model
    return row


def copy(model: type[models.Model], which: dict[str, Any] | None = None, **wrong: Any) -> Act:
    """Add a row of the demo once more, with something wrong."""

    def act() -> object:
        row = _row(model, **(which or {}))
        row.pk = None
        for name, value in wrong.items():
            setattr(row, name, value() if callable(value) else value)
        return row.save(force_insert=True)

    return act


def another_upload() -> Upload:
    """An upload that none of the register's rows came with."""
    return Upload.objects.filter(delivery__isnull=True).order_by("pk")[0]


def fresh(model: type[models.Model], **wrong: Any) -> Act:
    """A row of another file that no longer holds: whatever is wrong with it, it is none of the keys."""
    return copy(model, upload=another_upload, is_current=False, **wrong)


def superseded(model: type[models.Model]) -> Act:
    """Say of a row that holds that another file has superseded it."""

    def act() -> object:
        row = _row(model, is_current=True)
        return model._default_manager.filter(pk=row.pk).update(superseded_by=another_upload())

    return act


def delivery(**wrong: Any) -> Act:
    return lambda: Delivery.objects.create(
        **({"upload": another_upload(), "table": "usage", "brought_by": steward()} | wrong)
    )


OPEN = {"protected": False}
WRONG: dict[str, Act] = {
    **{
        f"{name}_one_current": copy(model, {"is_current": True}, upload=another_upload)
        for name, model in RECORDED.items()
    },
    **{f"{name}_once_in_a_file": copy(model, is_current=False) for name, model in RECORDED.items()},
    **{f"{name}_current_is_not_superseded": superseded(model) for name, model in RECORDED.items()},
    **{f"inspection_{theme}_from_1_to_5": fresh(Inspection, **{theme: 0.0}) for theme in THEMES},
    "scheme_once_a_version": copy(Scheme),
    "scheme_kind_known": copy(Scheme, code="x", kind="mood"),
    "scheme_says_who_and_where": copy(Scheme, code="x", source=""),
    "term_once_in_a_scheme": copy(Term),
    "term_does_not_mean_itself": lambda: Term.objects.filter(pk=_row(Term).pk).update(means=models.F("pk")),
    "term_has_a_name": copy(Term, code="x", name_da=""),
    "legal_basis_once": copy(LegalBasis),
    "legal_basis_ends_after_it_began": copy(
        LegalBasis, number=999, valid_from=dt.date(2030, 1, 1), valid_to=dt.date(2029, 1, 1)
    ),
    "place_point_once": copy(PlacePoint),
    "place_point_in_denmark": copy(PlacePoint, name="x", latitude=8.6, longitude=56.5),
    "delivery_table_known": delivery(table="rumours"),
    "delivery_takes_four_eyes": lambda: Delivery.objects.create(
        upload=another_upload(), table="usage", brought_by=steward(), approved_by=steward()
    ),
    "provision_number_fits_an_address": lambda: Provision.objects.create(number="a/b"),
    "department_once": copy(Department),
    "department_ends_after_it_began": fresh(
        DepartmentRegistration, opened=dt.date(2030, 1, 2), closed=dt.date(2030, 1, 1)
    ),
    "registration_form_known": fresh(Registration, form="secret"),
    "registration_status_known": fresh(Registration, status="asleep"),
    "registration_has_a_name": fresh(Registration, name=""),
    "registration_protected_has_no_place": copy(
        Registration,
        {"protected": True},
        upload=another_upload,
        is_current=False,
        municipality=lambda: Municipality.objects.get(code="671"),
    ),
    "registration_point_in_denmark": fresh(Registration, latitude=8.6, longitude=56.5),
    "registration_ends_after_it_began": fresh(Registration, opened=dt.date(2030, 1, 2), closed=dt.date(2030, 1, 1)),
    "capacity_ages_in_order": fresh(Capacity, age_from=18, age_to=17),
    "capacity_current_has_no_end": lambda: Capacity.objects.filter(pk=_row(Capacity, is_current=True).pk).update(
        valid_until=NOW.date()
    ),
    "level_claim_says_who": fresh(LevelClaim, claimed_by=" "),
    "inspection_reaction_known": fresh(Inspection, reaction="anger"),
    "usage_persons_or_too_few_to_show": fresh(Usage, persons=3, suppressed=True),
    "usage_year_plausible": fresh(Usage, year=1066),
    "assertion_field_known": fresh(Assertion, field="leader"),
    "assertion_says_what_and_who": fresh(Assertion, source=" "),
    "group_size_year_plausible": fresh(GroupSize, year=1066),
    "group_size_says_who": fresh(GroupSize, source=" "),
    "confirmation_says_who": lambda: Confirmation.objects.create(
        provision=_row(Provision), at=NOW, by=steward(), speaker=" "
    ),
}


def test_no_constraint_is_untried() -> None:
    """One cannot be broken on its own: two columns of which the first alone is the key, so that others can point."""
    assert constraints_of("provisions") - {"provision_and_whether_protected"} == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    refused(name, WRONG)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_what_a_row_says_is_never_changed(name: str) -> None:
    row = _row(RECORDED[name])
    with pytest.raises(DatabaseError, match="never changed"):
        RECORDED[name]._default_manager.filter(pk=row.pk).update(row=row.row + 1)


def test_a_protected_service_never_becomes_an_open_one() -> None:
    with pytest.raises(DatabaseError, match="stays so"):
        Provision.objects.filter(protected=True).update(protected=False)


def test_a_registration_cannot_be_open_where_its_service_is_protected() -> None:
    """The foreign key of two columns is looked at when the transaction ends: here it is asked at once."""
    home = Municipality.objects.get(code="671")
    row = _row(Registration, protected=True)
    Registration.objects.create(
        upload=another_upload(),
        row=1,
        is_current=False,
        provision=row.provision,
        protected=False,
        name="x",
        form="private",
        status="open",
        municipality=home,
    )
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="protected_as_its_provision"):
        cursor.execute("SET CONSTRAINTS registration_protected_as_its_provision IMMEDIATE")


@pytest.mark.parametrize("code", ["krisecenter", "sikret", "plejefamilie"])
def test_a_type_that_protects_cannot_stand_at_an_open_service(code: str) -> None:
    row = _row(Registration, **OPEN)
    row.pk, row.upload, row.is_current = None, another_upload(), False
    row.service_type = Term.objects.get(code=code)
    with pytest.raises(DatabaseError, match="not protected"):
        row.save(force_insert=True)


def test_a_paragraph_that_protects_cannot_stand_at_an_open_service() -> None:
    with pytest.raises(DatabaseError, match="not protected"):
        _row(Capacity, provision__protected=False).bases.add(LegalBasis.objects.get(protects=True))


def test_what_protects_goes_on_protecting() -> None:
    for model in (Term, LegalBasis):
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            model._default_manager.filter(protects=True).update(protects=False)


def test_a_target_group_is_no_level() -> None:
    row = _row(LevelClaim)
    row.pk, row.upload, row.is_current = None, another_upload(), False
    row.level = Term.objects.get(code="boern-autisme")
    with pytest.raises(DatabaseError, match="where level is asked"):
        row.save(force_insert=True)
