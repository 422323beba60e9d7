"""Waves made in a test, in a year of their own, with a few municipalities and questions."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from indicators.people.models import MemberRole, Membership, Organisation
from indicators.surveys.conditions import Kind
from indicators.surveys.forms import Choice, Form, Item, Section, write_form
from indicators.surveys.models import Instrument, Question, Wave
from indicators.surveys.services.questionnaires import add_questionnaire, shipped_questionnaire
from indicators.surveys.services.waves import open_wave, plan_wave
from tests.filled_in import NOW, steward

YEAR = 2031
YES_NO = (Choice("1", "Ja", "Yes"), Choice("0", "Nej", "No"))
SCALE = tuple(Choice(str(number), str(number), str(number)) for number in range(1, 6))
FEW_ITEMS = (
    Item("vold", Kind.YES_NO, "Har du været udsat for vold?", "Violence?", "a", indicator="v-medl-vold-trusler",
         choices=YES_NO, counts=("1",), low=0, high=100),
    Item("tid", Kind.SCALE, "Er der tid nok?", "Enough time?", "a", indicator="h-medl-tid-til-borger", choices=SCALE,
         low=1, high=5),
    Item("hvorfor", Kind.TEXT, "Hvorfor ikke?", section="a", relevant="${tid} < 3"),
)  # fmt: skip


def form(instrument: str = "members", items: tuple[Item, ...] = FEW_ITEMS, version: int = 31) -> bytes:
    """A short form as a workbook."""
    return write_form(Form("kort", instrument, version, "Kort skema", "Short form", (Section("a", "Afsnit"),), items))


def open_round(content: bytes, asked: Mapping[str, int], **rules: Any) -> Wave:
    """A wave that is open."""
    questionnaire = add_questionnaire(content=content, now=NOW)
    wave = plan_wave(
        questionnaire=questionnaire, year=YEAR, opens_at=NOW, closes_at=NOW + dt.timedelta(days=30), asked=asked,
        by=steward(), now=NOW, **rules,
    )  # fmt: skip
    return open_wave(wave=wave, by=steward(), now=NOW)


def shipped_round(asked: Mapping[str, int]) -> Wave:
    """The administrations' own form, asked of these municipalities."""
    questionnaire = shipped_questionnaire(instrument=Instrument.ADMINISTRATIONS, now=NOW)
    wave = plan_wave(
        questionnaire=questionnaire, year=YEAR, opens_at=NOW, closes_at=NOW + dt.timedelta(days=30), asked=asked,
        by=steward(), now=NOW,
    )  # fmt: skip
    return open_wave(wave=wave, by=steward(), now=NOW)


def question(wave: Wave, code: str) -> Question:
    return wave.questionnaire.questions.get(code=code)


def member_of(code: str, role: MemberRole, name: str) -> User:
    """A person with a role for a municipality."""
    user = User.objects.create_user(name, email=f"{name}@kommune.example")
    organisation = Organisation.objects.of_municipalities().get(municipality__code=code)
    Membership.objects.create(
        user=user, organisation=organisation, role=role, since=NOW - dt.timedelta(days=3650), given_by=steward()
    )
    return user
