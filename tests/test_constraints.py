"""The database refuses what must never be: one wrong row for every constraint of our models."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import F, ProtectedError

from indicators.models import (
    Area,
    DefinitionChange,
    Indicator,
    Job,
    LogEntry,
    Measurement,
    Municipality,
    Place,
    Region,
    RegionMembership,
    SeriesBreak,
    Source,
    SourceReading,
    Theme,
    Upload,
)
from indicators.sources.models import Fetch, Seen, SourceAnswer, SourceTable
from rankings.models import (
    Computation,
    Criterion,
    Edition,
    Explanation,
    Follower,
    Level,
    Look,
    Placement,
    PressLink,
    SourcePlan,
    Spread,
    Told,
    VariantPlacement,
)
from tests.filled_in import NOW, publisher, steward

pytestmark = pytest.mark.django_db

OUR_APPS = ("indicators", "rankings", "portal", "sources")
LATER = NOW + dt.timedelta(days=1)
Act = Callable[[], object]
CORRECTION = {"name__contains": "rettelse"}


def _row(model: type[models.Model], **which: Any) -> Any:
    row = model._default_manager.filter(**which).order_by("pk").first()
    assert row is not None
    return row


def _found(wrong: dict[str, Any]) -> dict[str, Any]:
    """A value that is a row of the world is looked up when it is needed."""
    return {name: value() if callable(value) else value for name, value in wrong.items()}


def change(model: type[models.Model], which: dict[str, Any], **wrong: Any) -> Act:
    """Write something wrong into one row of the world."""

    def act() -> object:
        return model._default_manager.filter(pk=_row(model, **which).pk).update(**_found(wrong))

    return act


def copy(model: type[models.Model], which: dict[str, Any], **wrong: Any) -> Act:
    """Add one row of the world once more."""

    def act() -> object:
        row = _row(model, **which)
        row.pk = None
        for name, value in _found(wrong).items():
            setattr(row, name, value)
        return row.save(force_insert=True)

    return act


def add(model: type[models.Model], *rows: Callable[[], dict[str, Any]]) -> Act:
    """Add rows; the last one is wrong."""

    def act() -> object:
        return [model._default_manager.create(**row()) for row in rows]

    return act


def _draft(revision: int) -> Callable[[], dict[str, Any]]:
    reason = "Talt forkert." if revision > 1 else ""
    return lambda: {"year": 2040, "revision": revision, "reason": reason, "method_version": "x", "method": {}}


def _press_link(**wrong: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "edition": _row(Edition),
        "recipient": "Ritzau",
        "created_at": NOW,
        "created_by": steward(),
        "expires_at": LATER,
        **wrong,
    }


def _clocked() -> dict[str, Any]:
    return {"kind": "publish", "about": "2040.1", "asked_by": steward(), "asked_at": NOW, "not_before": LATER}


def _proposal(**wrong: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "model": "theme",
        "code": "b",
        "values": {},
        "reason_da": "Derfor.",
        "proposed_by": steward(),
        "proposed_at": NOW,
        **_found(wrong),
    }


def _plan(**wrong: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"year": 2040, "source": _row(Source), **wrong}


def _looked(checksum: str = "0123") -> Callable[[], dict[str, Any]]:
    return lambda: {"edition": _row(Edition), "by": steward(), "at": NOW, "checksum": checksum}


def _job(**wrong: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"upload": _row(Upload), "kind": "check", "asked_by": steward(), "asked_at": NOW, **wrong}


def _seen() -> dict[str, Any]:
    return {"upload": _row(Upload), "by": steward(), "at": NOW}


def _follower(**wrong: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"email": "a@example.com", "asked_at": NOW, **_found(wrong)}


def _told() -> dict[str, Any]:
    follower, _created = Follower.objects.get_or_create(email="b@example.com", asked_at=NOW)
    return {"follower": follower, "edition": _row(Edition), "at": NOW}


OF_INDICATOR = {"level": Level.INDICATOR, "value__isnull": False, "rank__isnull": False}
OVERALL = {"level": Level.OVERALL, "rank__gt": 1}
VALUE = {"is_current": True, "value__isnull": False}

WRONG: dict[str, Act] = {
    "municipality_code_is_digits": change(Municipality, {}, code="1O1"),
    "municipality_is_not_christiansoe": change(Municipality, {}, code="411"),
    "municipality_area_positive": change(Municipality, {}, area_km2=0),
    "region_membership_ends_after_it_begins": change(RegionMembership, {}, ends=F("begins")),
    "region_membership_one_at_a_time": copy(RegionMembership, {}),
    "place_once": copy(Place, {}),
    "indicator_of_the_index_has_a_theme": change(Indicator, {"code": "b-omgoerelse"}, theme=None),
    "indicator_direction_known": change(Indicator, {"code": "b-omgoerelse"}, direction="sideways"),
    "indicator_plausible_range_in_order": change(Indicator, {}, plausible_min=2, plausible_max=1),
    "indicator_begins_before_it_ends": change(Indicator, {}, first_edition=2026, retired_from=2026),
    "indicator_counted_at_least_every_tenth_year": change(Indicator, {}, every_years=0),
    "series_break_once": copy(SeriesBreak, {}),
    "upload_checksum_is_sha256": change(Upload, {}, sha256="abc"),
    "upload_same_file_applied_once": copy(Upload, {"state": "applied"}),
    "upload_state_known": change(Upload, {}, state="lost"),
    "upload_applied_says_who_and_when": change(Upload, {"state": "applied"}, applied_by=None),
    "upload_taken_back_says_who_and_when": change(Upload, {}, state="taken_back"),
    "source_reading_once_a_head": add(SourceReading, *[lambda: {"source": "a", "head": "b"}] * 2),
    "job_one_unfinished_an_upload": add(Job, _job(), _job()),
    "job_state_known": add(Job, _job(state="lost")),
    "job_is_of_an_upload_or_an_edition": add(Job, _job(about="2026.1")),
    "job_one_at_a_time_of_a_clock": add(Job, _clocked, _clocked),
    "job_share_of_one": add(Job, _job(share=1.1)),
    "job_ended_says_when": add(Job, _job(state="done")),
    "log_action_known": add(LogEntry, lambda: {"at": NOW, "by": steward(), "action": "mischief", "what": "upload 1"}),
    "definition_state_known": add(DefinitionChange, _proposal(state="lost", decided_by=publisher, decided_at=LATER)),
    "definition_has_a_reason": add(DefinitionChange, _proposal(reason_da="")),
    "definition_decided_says_who_and_when": add(DefinitionChange, _proposal(state="approved")),
    "definition_approved_by_another": add(
        DefinitionChange, _proposal(state="approved", decided_by=steward, decided_at=LATER)
    ),
    "definition_in_force_is_approved": add(DefinitionChange, _proposal(in_force=True)),
    "definition_one_proposal_at_a_time": add(DefinitionChange, _proposal(), _proposal()),
    "measurement_one_current": copy(Measurement, VALUE, upload=lambda: _row(Upload, **CORRECTION)),
    "measurement_once_in_an_upload": copy(Measurement, VALUE, is_current=False),
    "measurement_value_or_kind_of_missing": change(Measurement, VALUE, missing="suppressed"),
    "measurement_shown_only_for_too_few_answers": change(Measurement, VALUE, shown=75.0),
    "measurement_never_more_answers_than_asked": change(Measurement, VALUE, asked=3, answered=4),
    "measurement_interval_says_its_kind": change(Measurement, VALUE, low=0.0, high=1e6),
    "measurement_interval_holds_the_value": change(Measurement, VALUE, low=-2.0, high=-1.0, interval="wilson"),
    "measurement_value_finite": change(Measurement, VALUE, value=float("inf")),
    "measurement_year_plausible": change(Measurement, VALUE, year=1066),
    "measurement_current_is_not_superseded": change(
        Measurement, VALUE, superseded_by=lambda: _row(Upload, **CORRECTION)
    ),
    "measurement_not_superseded_by_itself": change(Measurement, VALUE, is_current=False, superseded_by=F("upload")),
    "source_table_once": copy(SourceTable, {}),
    "answer_checksum_is_sha256": change(SourceAnswer, {}, sha256="abc"),
    "answer_was_asked_for": change(SourceAnswer, {}, method="PUT"),
    "fetch_state_known": change(Fetch, {}, state="lost"),
    "fetch_has_a_file_or_says_why_not": change(Fetch, {}, state="failed", upload=None),
    "fetch_real_only_from_the_declared_host": change(Fetch, {}, is_trial=False),
    "seen_once_by_each": add(Seen, _seen, _seen),
    "edition_revision_once": copy(Edition, {"year": 2026}, state="draft", published_at=None, published_by=None),
    "edition_one_published_a_year": copy(Edition, {"year": 2026}, revision=2, reason="Talt forkert."),
    "edition_one_open_a_year": add(Edition, _draft(1), _draft(2)),
    "edition_state_known": change(Edition, {}, state="lost"),
    "edition_published_says_who_when_and_was_computed": change(Edition, {"year": 2026}, computed_at=None),
    "edition_corrected_after_publication": change(Edition, {"year": 2026}, corrected_at=NOW),
    "edition_withdrawn_says_who_when_and_why": change(
        Edition, {"year": 2026}, state="withdrawn", withdrawn_at=LATER, withdrawn_by=steward
    ),
    "edition_checksum_is_sha256": change(Edition, {}, checksum="0123"),
    "source_plan_once_a_year": add(SourcePlan, _plan(), _plan()),
    "source_plan_reuse_says_who_when_and_why": add(SourcePlan, _plan(reused_because="Derfor")),
    "computation_checksum_is_sha256": add(Computation, _looked()),
    "look_once_a_person": add(Look, _looked(checksum="0" * 64), _looked(checksum="0" * 64)),
    "look_checksum_is_sha256": add(Look, _looked()),
    "edition_revision_has_a_reason": change(Edition, {"year": 2025, "revision": 2}, reason=""),
    "criterion_subject_fits_level": change(Criterion, {"level": "area"}, level="theme"),
    "criterion_once_an_edition": copy(Criterion, {"level": "area"}),
    "criterion_weight_not_negative": change(Criterion, {"level": "area"}, weight=-1),
    "criterion_neutral_never_weighs": change(Criterion, {"direction": "neutral"}, weight=1),
    "criterion_indicator_has_direction_and_year": change(Criterion, {"level": "indicator"}, data_year=None),
    "criterion_goalposts_in_order": change(Criterion, {"low__isnull": False}, low=F("high")),
    "spread_subject_fits_level": change(Spread, {"level": "area"}, level="overall"),
    "spread_once_an_edition": copy(Spread, {"level": "area"}),
    "placement_subject_fits_level": change(Placement, {"level": "area"}, area=None),
    "placement_once_a_subject": copy(Placement, OVERALL),
    "placement_rank_between_one_and_n": change(Placement, OF_INDICATOR, rank_last=99),
    "placement_interval_holds_the_rank": change(Placement, {**OVERALL, "low__isnull": False}, high=F("rank") - 1),
    "placement_ranked_has_a_printed_score": change(Placement, OVERALL, printed=None),
    "placement_score_within_0_and_100": change(Placement, OVERALL, score=100.1),
    "placement_coverage_is_a_share": change(Placement, OVERALL, coverage=1.01),
    "placement_value_only_at_indicator_level": change(Placement, OVERALL, value=1),
    "placement_indicator_has_value_or_kind_of_missing": change(Placement, OF_INDICATOR, missing="suppressed"),
    "placement_methods_interval_is_inside_what_is_said": change(
        Placement, {**OVERALL, "low__isnull": False}, method_low=F("low"), method_high=F("high") + 1
    ),
    "variant_subject_fits_level": change(VariantPlacement, {"level": "area"}, level="overall"),
    "variant_once_a_subject": copy(VariantPlacement, {"level": "area"}),
    "variant_names_its_source": change(VariantPlacement, {}, source=""),
    "variant_rank_and_interval_go_together": change(VariantPlacement, OVERALL, low=F("rank") + 1),
    "variant_coverage_is_a_share": change(VariantPlacement, OVERALL, coverage=1.01),
    "edition_is_not_compared_with_itself": change(Edition, {}, compared_with=F("id")),
    "explanation_once": copy(Explanation, {}),
    "explanation_shares_are_of_the_same_draws": change(Explanation, {}, ahead_share=0.6, behind_share=0.5),
    "explanation_weights_in_order": change(Explanation, {}, weights_low=5, weights_high=4),
    "explanation_bridge_rank_between_one_and_n": change(Explanation, {}, bridge_rank=5, bridge_n=4),
    "placement_doubts_only_a_value": change(Placement, {"value__isnull": True}, doubts=1),
    "explanation_bridge_last_between_rank_and_n": change(Explanation, {}, bridge_rank=5, bridge_last=4, bridge_n=9),
    "press_link_expires_later": add(PressLink, _press_link(expires_at=NOW)),
    "press_link_names_its_recipient": add(PressLink, _press_link(recipient="")),
    "follower_once_a_subject": add(Follower, _follower(), _follower()),
    "follower_follows_one_thing": add(
        Follower, _follower(municipality=lambda: _row(Municipality), indicator=lambda: _row(Indicator))
    ),
    "follower_confirmed_after_asking": add(Follower, _follower(confirmed_at=NOW - dt.timedelta(days=1))),
    "told_once_an_edition": add(Told, _told, _told),
}

SAID_BY_ANOTHER = {
    "edition_state_known": "edition_published_says_who_when_and_was_computed",
    "job_state_known": "job_ended_says_when",
    "fetch_state_known": "fetch_has_a_file_or_says_why_not",
}  # the other one names all states


def test_no_constraint_is_untried() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
    assert {constraint.name for model in ours for constraint in model._meta.constraints} == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        WRONG[name]()
    assert refused.value.__cause__ is not None
    assert getattr(refused.value.__cause__, "diag").constraint_name == SAID_BY_ANOTHER.get(name, name)  # noqa: B009  psycopg's errors have it


@pytest.mark.parametrize(
    ("model", "which"),
    [
        (Region, {}),
        (Municipality, {"code": "101"}),
        (Area, {}),
        (Theme, {}),
        (Source, {"indicators__isnull": False}),
        (Indicator, {"code": "b-omgoerelse"}),
        (Upload, {"state": "applied"}),
        (Measurement, {"indicator__code": "b-omgoerelse", "year": 2025}),
        (User, {"username": "demo"}),
    ],
)
def test_what_something_published_stands_on_cannot_be_deleted(model: type[models.Model], which: dict[str, Any]) -> None:
    row = _row(model, **which)
    with pytest.raises(ProtectedError):
        row.delete()


NOBODY = 2_000_000_000


@pytest.mark.parametrize("column", ["indicator_id", "municipality_id", "upload_id", "superseded_by_id"])
def test_a_measurement_refers_to_rows_that_are_there(column: str) -> None:
    of = {"is_current": False, "value": 1.0, "year": 1999, column: NOBODY}
    with pytest.raises(IntegrityError, match="refers to a row"):
        copy(Measurement, VALUE, **of)()


@pytest.mark.parametrize("model", [Indicator, Municipality, Upload])
def test_no_hand_in_the_database_removes_what_measurements_refer_to(model: type[models.Model]) -> None:
    name = str(model._meta.model_name)
    used = Measurement.objects.filter(**{f"{name}__isnull": False})
    rows = model._default_manager.filter(pk__in=list(used.values_list(name, flat=True)[:1]))
    with pytest.raises(IntegrityError, match="Measurements refer"), transaction.atomic():
        rows._raw_delete(rows.db)
    with pytest.raises(IntegrityError, match="Measurements refer"), transaction.atomic():
        rows.update(id=NOBODY)
