"""The database refuses what must never be of people, whoever asks."""

import datetime as dt
from typing import Any

import pytest
from django.db import models

from indicators.models import Municipality, Region
from indicators.people.models import Contact, Invitation, Letter, Membership, Organisation, Reminder, Task
from tests.filled_in import NOW, publisher, steward
from tests.refused import Act, constraints_of, refused

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rodovre() -> Organisation:
    return Organisation.objects.of_municipalities().get(municipality__slug="roedovre")


def _add(model: type[models.Model], *rows: dict[str, Any], **same: Any) -> Act:
    """Add rows, the last one wrong; what can be called is looked up then."""

    def act() -> None:
        for row in rows or ({},):
            values = {**same, **row}
            model._default_manager.create(**{name: v() if callable(v) else v for name, v in values.items()})

    return act


def organisation(*rows: dict[str, Any], **wrong: Any) -> Act:
    return _add(Organisation, *rows, **({"kind": "research", "name": "Opdigtet", "founded_at": NOW} | wrong))


def membership(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"user": publisher, "organisation": rodovre, "role": "observer", "since": NOW, "given_by": steward}
    return _add(Membership, *rows, **(same | wrong))


def invitation(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {
        "organisation": rodovre,
        "name": "A B",
        "email": "a@b.example",
        "role": "observer",
        "invited_by": steward,
        "invited_at": NOW,
        "expires_at": NOW + DAY,
    }
    return _add(Invitation, *rows, **(same | wrong))


def contact(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"organisation": rodovre, "purpose": "survey", "email": "a@b.example", "added_at": NOW}
    return _add(Contact, *rows, **(same | wrong))


def task(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"organisation": rodovre, "kind": "k", "about": "a", "title": "t", "opened_at": NOW}
    return _add(Task, *rows, **(same | wrong))


def reminder(*rows: dict[str, Any], **wrong: Any) -> Act:
    def given() -> Task:
        found, _made = Task.objects.get_or_create(
            organisation=rodovre(), kind="k", about="a", defaults={"title": "t", "opened_at": NOW}
        )
        return found

    return _add(Reminder, *rows, **({"task": given, "days_before": 3, "at": NOW} | wrong))


def letter(**wrong: Any) -> Act:
    same = {"kind": "k", "email": "a@b.example", "subject": "s", "body": "b", "written_at": NOW}
    return _add(Letter, **(same | wrong))


TWICE: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
WRONG: dict[str, Act] = {
    "organisation_name_once_a_kind_and_place": organisation(*TWICE),
    "organisation_one_a_municipality": organisation(
        kind="municipality", municipality=lambda: Municipality.objects.get(slug="roedovre")
    ),
    "organisation_one_a_region": organisation(
        {"name": "a"}, {"name": "b"}, kind="region", region=lambda: Region.objects.order_by("pk")[0]
    ),
    "organisation_is_tied_as_its_kind_says": organisation(kind="municipality"),
    "organisation_has_a_name": organisation(name=""),
    "membership_once_at_a_time": membership(*TWICE),
    "membership_role_known": membership(role="chief"),
    "membership_ends_after_it_began_and_says_by_whom": membership(until=NOW - DAY, ended_by=steward),
    "invitation_once_while_unanswered": invitation(*TWICE),
    "invitation_role_known": invitation(role="chief"),
    "invitation_names_a_person": invitation(name=""),
    "invitation_email_in_small_letters": invitation(email="A@b.example"),
    "invitation_expires_later": invitation(expires_at=NOW),
    "invitation_accepted_makes_a_membership": invitation(accepted_at=NOW),
    "contact_one_a_purpose": contact(*TWICE),
    "contact_purpose_known": contact(purpose="gossip"),
    "contact_has_an_address": contact(email=""),
    "contact_published_only_when_confirmed": contact(published=True),
    "task_open_once": task(*TWICE),
    "task_role_known": task(role="chief"),
    "task_done_says_who_and_when": task(state="done", ended_at=NOW),
    "task_due_after_it_was_given": task(due_at=NOW - DAY),
    "reminder_once_a_day_before": reminder(*TWICE),
    "reminder_written_when_due": reminder(written_at=NOW - DAY),
    "letter_with_a_way_in_is_emptied": letter(secret=True, sent_at=NOW),
    "letter_sent_or_refused_not_both": letter(sent_at=NOW, refused_at=NOW),
    "letter_came_back_after_it_went": letter(bounced_at=NOW),
}


def test_no_constraint_is_untried() -> None:
    assert constraints_of("people") == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    refused(name, WRONG)
