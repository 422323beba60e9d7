"""The database refuses one wrong row for every constraint of this app; one that is not tried fails."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from indicators.models import Municipality
from rankings.practices.models import (
    Aim,
    Assessment,
    Circle,
    Element,
    Enquiry,
    Evidence,
    FollowUp,
    MeasuredHere,
    Practice,
)
from tests.rankings.practices import people
from tests.rankings.practices.people import NOW

pytestmark = pytest.mark.django_db
Act = Callable[[], object]


def change(model: type[models.Model], which: dict[str, Any], **wrong: Any) -> Act:
    """Write something wrong into one row of the world."""

    def act() -> object:
        row = model._default_manager.filter(**which).order_by("pk").first()
        assert row is not None
        return model._default_manager.filter(pk=row.pk).update(**wrong)

    return act


def copy(model: type[models.Model], which: dict[str, Any]) -> Act:
    """Add one row of the world once more."""

    def act() -> None:
        row = model._default_manager.filter(**which).order_by("pk").first()
        assert row is not None
        row.pk = None
        row.save(force_insert=True)

    return act


def measured(**wrong: Any) -> Act:
    """A new row like one of the world's, of a place where it was not measured, with something wrong."""

    def act() -> None:
        row = MeasuredHere.objects.filter(verdict="stands_out").first() or MeasuredHere.objects.exclude(p=None)[0]
        row.pk, row.municipality = None, people.place() if row.municipality != people.place() else _another()
        for name, value in wrong.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return act


def _another() -> Any:
    return Municipality.objects.get(code="851")


DRAFT, PUBLIC, SENT = {"state": "draft"}, {"state": "published"}, {"state": "sent"}
LATE = NOW.date() + dt.timedelta(days=3_000)

WRONG: dict[str, Act] = {
    "practice_state_known": change(Practice, DRAFT, state="lost"),
    "practice_maturity_known": change(Practice, DRAFT, maturity="ripe"),
    "practice_target_groups_known": change(Practice, DRAFT, target_groups=["everybody"]),
    "practice_says_what_did_not_work": change(Practice, DRAFT, failed=""),
    "practice_sent_says_who_and_when": change(Practice, {"state": "submitted"}, submitted_by=None),
    "practice_public_is_assessed_and_says_who_and_when": change(Practice, DRAFT, knowledge="described"),
    "practice_published_by_another_than_sent_it": change(Practice, PUBLIC, published_by=models.F("submitted_by")),
    "practice_withdrawn_says_who_when_and_why": change(Practice, {"state": "withdrawn"}, withdrawn_reason=""),
    "practice_invented_says_so": change(Practice, DRAFT, title="Café", is_demo=True),
    "aim_once_an_indicator": copy(Aim, {"practice__state": "published"}),
    "aim_direction_known": change(Aim, {}, direction="sideways"),
    "evidence_scope_known": change(Evidence, {}, scope="everything"),
    "evidence_design_known": change(Evidence, {}, design="guess"),
    "evidence_finding_known": change(Evidence, {}, finding="nice"),
    "evidence_has_source_and_outcome": change(Evidence, {}, source=""),
    "assessment_once_an_editor": copy(Assessment, {}),
    "assessment_knowledge_known": change(Assessment, {}, knowledge="works"),
    "assessment_has_a_reason": change(Assessment, {}, reason=""),
    "assessment_by_another_organisation": change(Assessment, {}, organisation=models.F("owner")),
    "element_once": copy(Element, {}),
    "element_kind_known": change(Element, {}, kind="luck"),
    "element_leads_somewhere": change(Element, {}, url=""),
    "measured_here_once": copy(MeasuredHere, {"verdict": "stands_out"}),
    "measured_here_has_a_verdict_or_a_reason": measured(reason="missing"),
    "measured_here_stands_out_only_by_its_p": measured(verdict="stands_out", p_adjusted=0.2, p=0.01),
    "enquiry_state_known": change(Enquiry, SENT | {"state": "unanswered"}, state="lost"),
    "enquiry_goes_to_another": change(Enquiry, {}, asked=models.F("asker")),
    "enquiry_asks_something": change(Enquiry, {}, text=""),
    "enquiry_is_about_something": change(Enquiry, {}, practice=None),
    "enquiry_answer_says_who_and_when": change(Enquiry, {"state": "answered"}, answered_by=None),
    "enquiry_unanswered_was_reminded_of": change(Enquiry, {"state": "unanswered"}, reminded_at=None),
    "enquiry_once_while_it_waits": copy(Enquiry, {"state": "unanswered"}),
    "follow_up_says_what_who_and_when": change(FollowUp, {}, by=None),
    "circle_has_a_goal": change(Circle, {}, goal=""),
    "circle_goal_registered_before_it_starts": change(Circle, {}, starts_on=dt.date(2020, 1, 1)),
    "circle_lasts_a_year": change(Circle, {}, ends_on=LATE),
}
SAID_BY_ANOTHER = {
    "practice_state_known": "practice_public_is_assessed_and_says_who_and_when",
    "aim_direction_known": "aim_is_frozen",
    "enquiry_state_known": "enquiry_answer_says_who_and_when",
    "circle_goal_registered_before_it_starts": "circle_lasts_a_year",
}
"""The other one names all states, or refuses first; a trigger has no constraint's name."""


def test_no_constraint_of_this_app_is_untried() -> None:
    ours = apps.get_app_config("practices").get_models()
    tried = {name for name in WRONG if not name.startswith("_")}
    checks = {constraint.name for model in ours for constraint in model._meta.constraints}
    assert checks == tried


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        WRONG[name]()
    said = str(refused.value)
    assert name in said or SAID_BY_ANOTHER.get(name, name) in said or "never changed" in said
