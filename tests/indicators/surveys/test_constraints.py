"""The database refuses what must never be of questionnaires, whoever asks."""

import datetime as dt
from typing import Any

import pytest
from django.db import models

from indicators.models import Indicator
from indicators.surveys.models import (
    Answer,
    Frame,
    Instrument,
    Question,
    Questionnaire,
    Reply,
    SurveyFigure,
    Ticket,
    Wave,
    WaveState,
)
from tests.filled_in import NOW
from tests.refused import Act, constraints_of, refused

pytestmark = pytest.mark.django_db
HASH = "a" * 64


def fresh() -> Questionnaire:
    """A form that nobody was asked yet."""
    found, _made = Questionnaire.objects.get_or_create(
        instrument=Instrument.MEMBERS,
        version=99,
        defaults={"title_da": "x", "file": b"", "sha256": "", "added_at": NOW},
    )
    return found


def members() -> Wave:
    """A wave of the world."""
    return Wave.objects.filter(instrument=Instrument.MEMBERS).newest_first()[0]


def add(model: type[models.Model], *rows: dict[str, Any], **same: Any) -> Act:
    """Add rows, the last one wrong; what can be called is looked up then."""

    def act() -> None:
        for row in rows or ({},):
            values = {**same, **row}
            model._default_manager.create(**{name: v() if callable(v) else v for name, v in values.items()})

    return act


def change(model: type[models.Model], **wrong: Any) -> Act:
    """Write something wrong into a row of the world."""

    def act() -> None:
        row = model._default_manager.order_by("-pk").first()
        assert row is not None
        model._default_manager.filter(pk=row.pk).update(**wrong)

    return act


def copy(model: type[models.Model]) -> Act:
    """Add a row of the world once more."""

    def act() -> None:
        row = model._default_manager.order_by("-pk").first()
        assert row is not None
        row.pk = None
        row.save(force_insert=True)

    return act


def form(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"instrument": "members", "version": 98, "title_da": "x", "file": b"", "sha256": "", "added_at": NOW}
    return add(Questionnaire, *rows, **(same | wrong))


def question(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"questionnaire": fresh, "position": 1, "code": "q", "kind": "text", "words_da": "Ord"}
    return add(Question, *rows, **(same | wrong))


def reply(**wrong: Any) -> Act:
    return change(Reply, **({"number": 1, "denominator": None, "text": "", "no_answer": ""} | wrong))


def ticket(*rows: dict[str, Any], **wrong: Any) -> Act:
    same = {"wave": members, "municipality": lambda: members().frames.all()[0].municipality, "token_hash": HASH}
    return add(Ticket, *rows, **(same | wrong))


def figure(**wrong: Any) -> Act:
    return change(SurveyFigure, **wrong)


INDICATOR = {"indicator": lambda: Indicator.objects.get(code="v-medl-anbefale")}
CLOSED = {"state": WaveState.CLOSED, "opened_at": NOW, "closed_at": NOW}
WRONG: dict[str, Act] = {
    "questionnaire_version_once": form({}, {}),
    "questionnaire_instrument_known": form(instrument="journalists"),
    "questionnaire_version_from_one": form(version=0),
    "question_code_once": question({}, {"position": 2}),
    "question_position_once": question({}, {"code": "p"}),
    "question_one_an_indicator": question(INDICATOR, INDICATOR | {"code": "p", "position": 2}),
    "question_kind_known": question(kind="guess"),
    "question_has_words": question(words_da=""),
    "question_scale_in_order": question(low=5, high=1),
    "question_rate_says_per_how_many": question(kind="rate"),
    "wave_once_a_year": copy(Wave),
    "wave_closes_after_it_opens": change(Wave, closes_at=NOW, opens_at=NOW + dt.timedelta(days=1)),
    "wave_open_and_closed_say_when": change(Wave, closed_at=None),
    "wave_ranks_only_what_it_publishes": change(Wave, publish_from=30),
    "wave_response_is_a_share": change(Wave, rank_rate=2),
    "wave_closed_has_a_result": change(Wave, **CLOSED, result_sha256=""),
    "frame_once_a_wave": copy(Frame),
    "frame_never_more_answers_than_asked": change(Frame, answered=10_000),
    "frame_approved_says_who_and_when": change(Frame, approved_at=NOW, approved_by=None),
    "reply_once_a_question": copy(Reply),
    "reply_is_a_value_or_says_why_not": reply(no_answer="dont_know"),
    "reply_share_is_of_something": reply(number=None, denominator=2),
    "reply_number_finite": reply(number=float("inf")),
    "ticket_keeps_a_hash_only": ticket(token_hash="the token itself"),
    "ticket_revoked_was_not_used": ticket(used=True, revoked=True),
    "ticket_one_an_address": ticket({"email": "a@b.dk"}, {"email": "a@b.dk", "token_hash": "b" * 64}),
    "answer_weighs_something": change(Answer, weight=0),
    "survey_figure_once": copy(SurveyFigure),
    "survey_figure_never_more_answers_than_asked": figure(answered=10_000),
    "survey_figure_unpublished_tells_nothing": figure(estimate=None, low=None, high=None, bound_low=1.0),
    "survey_figure_interval_holds_the_figure": figure(estimate=50.0, low=60.0, high=70.0),
}


def test_no_constraint_is_untried() -> None:
    # "…_token_hash_key" and the like are Django's own, from unique=True
    assert constraints_of("surveys") == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    refused(name, WRONG)
