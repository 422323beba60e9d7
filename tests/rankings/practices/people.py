"""Who acts in the tests of practices: the invented people of the demo, and a practice of theirs at each step."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User

from indicators.models import Indicator, Municipality
from indicators.people.models import Organisation
from rankings.practices.models import AimDirection, Evidence, Knowledge, Practice
from rankings.practices.services import assessing, proposing

NOW = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
EARLY = dt.datetime(2024, 12, 4, 9, tzinfo=dt.UTC)
CODE = "b-fravaer-over-ti"


def person(name: str) -> User:
    return User.objects.get(username=name)


def respondent() -> User:
    return person("demo-besvarer")


def approver() -> User:
    return person("demo-godkender")


def editors() -> list[User]:
    return [person("demo-redaktoer-1"), person("demo-redaktoer-2")]


def publisher() -> User:
    return person("demo-praksisudgiver")


def organisation() -> Organisation:
    """One of the demo's that has a respondent, an approver and a mailbox."""
    return Practice.objects.get(slug__contains="venteliste").organisation


def place() -> Municipality:
    municipality = organisation().municipality
    assert municipality is not None
    return municipality


def indicator(code: str = CODE) -> Indicator:
    return Indicator.objects.get(code=code)


def unsaved(**other: Any) -> Practice:
    texts = {
        "title": "Prøve: Åben ø",
        "summary": "En prøve.",
        "done": "Noget.",
        "took": "En time.",
        "failed": "Det første.",
        "maturity": "trial",
        "started_on": dt.date(2025, 1, 8),
        "target_groups": ["children"],
        "organisation": organisation(),
    }
    return Practice(**texts | other)


def draft(now: dt.datetime = EARLY, aims: tuple[str, ...] = (CODE,), **other: Any) -> Practice:
    practice = proposing.propose_practice(practice=unsaved(**other), municipalities=[place()], by=respondent(), now=now)
    for code in aims:
        proposing.register_aim(
            practice=practice,
            indicator=indicator(code),
            direction=AimDirection(indicator(code).direction),
            from_edition=2026,
            by=respondent(),
            now=now,
        )
    return practice


def sent(now: dt.datetime = EARLY, **other: Any) -> Practice:
    return proposing.send_practice(practice=draft(now, **other), by=approver(), now=now)


def assessed(now: dt.datetime = EARLY, **other: Any) -> Practice:
    practice = sent(now, **other)
    for editor in editors():
        assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="Beskrevet.", by=editor, now=now)
    return practice


def published(now: dt.datetime = EARLY, **other: Any) -> Practice:
    return assessing.publish_practice(practice=assessed(now, **other), by=publisher(), now=now)


def study(practice: Practice, design: str, finding: str, scope: str = "method") -> Evidence:
    return Evidence(
        practice=practice,
        scope=scope,
        source="En undersøgelse",
        year=2020,
        design=design,
        outcome="fravær",
        finding=finding,
    )
