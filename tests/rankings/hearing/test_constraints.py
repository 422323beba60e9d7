"""The database refuses what must never be of a hearing: rows by constraints, and what other rows say by triggers."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, models, transaction

from indicators.models import Indicator, Measurement, Municipality
from indicators.people.models import MemberRole, Organisation
from rankings.hearing.models import (
    Attachment,
    Comment,
    Decision,
    FigureInHearing,
    Flag,
    Hearing,
    Remark,
    Response,
    Ruling,
    Voice,
)
from rankings.models import Edition
from tests.filled_in import NOW, publisher, steward
from tests.rankings.hearing.heard import CLOSES, DAY, OPENS, hearing, indicator, member, response
from tests.refused import Act, constraints_of, refused

pytestmark = pytest.mark.django_db
CPR = "Se 010170-1234."


def _row(model: type[models.Model], **which: Any) -> Any:
    row = model._default_manager.filter(**which).order_by("pk").first()
    assert row is not None
    return row


def change(model: type[models.Model], _which: dict[str, Any] | None = None, **wrong: Any) -> Act:
    """Write something wrong into one row of the demo's hearing."""

    def act() -> object:
        row = _row(model, **(_which or {}))
        return model._default_manager.filter(pk=row.pk).update(
            **{name: value() if callable(value) else value for name, value in wrong.items()}
        )

    return act


def copy(model: type[models.Model], **wrong: Any) -> Act:
    """Add one row once more."""

    def act() -> object:
        row = _row(model)
        row.pk = None
        for name, value in wrong.items():
            setattr(row, name, value() if callable(value) else value)
        return row.save(force_insert=True)

    return act


def attachment(**wrong: Any) -> Act:
    same = {"file": "x", "name": "n", "content_type": "text/plain", "size": 1, "added_at": NOW}
    return lambda: Attachment.objects.create(remark=_row(Remark), added_by=steward(), **(same | wrong))


def ruling(**wrong: Any) -> Act:
    same = {"outcome": "not", "reason": "r", "ruled_at": NOW, "changes_figure": False}
    return lambda: Ruling.objects.create(ruled_by=publisher(), **(same | wrong))


def fresh_remark(**wrong: Any) -> Act:
    """A draft in an open hearing, wrong in one thing."""

    def act() -> object:
        one = response(hearing())
        figure = Measurement.objects.current().filter(indicator=indicator(), municipality=one.organisation.municipality)
        same = {
            "kind": "figure",
            "indicator": indicator(),
            "measurement": figure.order_by("-year")[0],
            "text": "t",
            "written_by": member(),
            "written_at": OPENS,
        }
        return Remark.objects.create(response=one, **(same | wrong))

    return act


RAISED = {"state": "raised"}
WRONG: dict[str, Act] = {
    "hearing_closes_after_it_opens": change(Hearing, closes_at=models.F("opens_at")),
    "hearing_is_not_opened_early": change(Hearing, opened_at=models.F("opens_at") - DAY),
    "response_once_a_municipality": copy(Response),
    "response_opened_says_who": change(Response, {"opened_at__isnull": False}, opened_by=None),
    "response_sent_says_who": change(Response, sent_at=NOW, sent_by=None),
    "response_preliminary_says_who": change(Response, {"preliminary_at__isnull": False}, preliminary_by=None),
    "response_final_says_who": change(Response, {"final_at__isnull": False}, final_by=None),
    "response_final_after_preliminary": lambda: Response.objects.create(
        hearing=_row(Hearing),
        organisation=_row(Organisation, kind="council"),
        asked_at=NOW,
        preliminary_at=NOW,
        preliminary_by=steward(),
        final_at=NOW - DAY,
        final_by=steward(),
    ),
    "figure_in_hearing_once": copy(FigureInHearing),
    "ruling_outcome_known": ruling(outcome="perhaps"),
    "ruling_gives_a_reason": ruling(reason=""),
    "ruling_changes_a_figure_only_when_upheld": ruling(changes_figure=True),
    "ruling_reason_holds_no_cpr": ruling(reason=CPR),
    "remark_kind_known": fresh_remark(kind="rumour"),
    "remark_says_something": fresh_remark(text=""),
    "remark_of_a_wrong_figure_names_it": fresh_remark(measurement=None),
    "remark_proposes_only_for_a_figure": fresh_remark(kind="remark", proposed=1.0),
    "remark_ruled_only_when_received": fresh_remark(ruling_id=0),
    "remark_received_has_a_number": fresh_remark(received_at=NOW),
    "remark_text_holds_no_cpr": fresh_remark(text=CPR),
    "attachment_is_not_empty_and_at_most_5_mb": attachment(size=0),
    "attachment_has_a_name": attachment(name=""),
    "flag_state_fits_what_happened": change(Flag, RAISED, due_on=None),
    "flag_says_who_raised_it": change(Flag, RAISED, raised_by=None),
    "flag_forgets_the_reader_when_it_ends": lambda: _readers_flag(
        state="declined", declined_by=steward(), declined_because="d", reader_email="a@b.example"
    ),
    "flag_says_what_is_wrong": lambda: _readers_flag(text=""),
    "flag_text_holds_no_cpr": lambda: _readers_flag(text=CPR),
    "comment_version_once": copy(Comment),
    "comment_says_something": copy(Comment, version=9, text=""),
    "comment_text_holds_no_cpr": copy(Comment, version=9, text=CPR),
    "comment_short_holds_no_cpr": copy(Comment, version=9, short=CPR),
    "voice_says_something": copy(Voice, text=""),
    "voice_is_shown_or_refused_with_a_reason": change(Voice, refused_at=NOW),
    "voice_is_about_one_thing": copy(
        Voice,
        municipality=lambda: _row(Municipality),
        theme=lambda: _row(Voice, theme__isnull=False).theme,
    ),
    "voice_text_holds_no_cpr": copy(Voice, text=CPR),
    "decision_once_a_year": copy(Decision),
    "decision_follows_the_figures": change(Decision, treated_on=dt.date(2025, 6, 1)),
    "decision_link_is_https": change(Decision, url="http://x.example"),
}


def _readers_flag(**wrong: Any) -> Flag:
    same = {"origin": "reader", "state": "waiting", "text": "t", "asked_at": NOW}
    return Flag.objects.create(
        edition=_row(Edition), municipality=_row(Municipality), indicator=_row(Indicator), **(same | wrong)
    )


def test_no_constraint_is_untried() -> None:
    assert constraints_of("hearing") == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_database_refuses(name: str) -> None:
    refused(name, WRONG)


def _comment_by(user: Callable[[], User]) -> Act:
    return copy(Comment, version=9, written_by=user, written_at=NOW)


def _other_municipalitys_figure() -> object:
    figure = Measurement.objects.current().filter(indicator=indicator(), municipality__slug="aarhus")
    return fresh_remark(measurement=figure.order_by("-year")[0])()


def _answer_by_respondent() -> object:
    respondent = member(role=MemberRole.RESPONDENT)
    return Response.objects.filter(pk=response(hearing()).pk).update(final_at=OPENS, final_by=respondent)


def _own_ruling() -> object:
    one = Remark.objects.filter(ruling__isnull=False, measurement__isnull=False).order_by("pk")[0]
    assert one.measurement is not None
    mine = Ruling.objects.create(
        outcome="not", reason="r", ruled_at=NOW, changes_figure=False, ruled_by=one.measurement.upload.uploaded_by
    )
    return Remark.objects.filter(pk=one.pk).update(ruling=mine)


NEVER: dict[str, tuple[Act, str]] = {
    "a comment is never rewritten": (change(Comment, text="Andre ord."), "never rewritten"),
    "nor its short form": (change(Comment, short="Andre ord."), "never rewritten"),
    "nor given to another": (change(Comment, version=7), "never rewritten"),
    "a voice is never rewritten, by its editor or anybody": (change(Voice, text="Andre ord."), "never rewritten"),
    "a ruling is never rewritten": (change(Ruling, reason="Andre ord."), "never rewritten"),
    "a received remark is never rewritten": (change(Remark, text="Andre ord."), "somebody who speaks|never rewritten"),
    "nor its proposal": (change(Remark, {"proposed__isnull": False}, proposed=0.0), "never rewritten"),
    "a flag's text is never rewritten": (change(Flag, text="Andre ord."), "never rewritten"),
    "what was heard is never rewritten": (change(FigureInHearing, measurement=None), "never rewritten"),
    "a stranger writes no comment": (_comment_by(steward), "speaks for its organisation"),
    "nor does a member of another municipality": (_comment_by(lambda: member("aarhus")), "speaks for its organisation"),
    "a municipality raises no voice": (
        copy(Voice, organisation=lambda: _row(Organisation, kind="municipality")),
        "speaks for its organisation",
    ),
    "a remark is about one's own figure": (_other_municipalitys_figure, "its own municipality"),
    "an answer is given by an approver": (_answer_by_respondent, "by an approver"),
    "an answer that was given stays": (
        change(Response, {"final_at__isnull": False}, final_at=None, final_by=None),
        "by an approver|stays",
    ),
    "whoever brought a figure does not rule on it": (_own_ruling, "does not rule on it"),
}


@pytest.mark.parametrize("never", NEVER)
def test_the_database_lets_nobody(never: str) -> None:
    act, words = NEVER[never]
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


def test_what_stands_between_opens_and_closes_is_what_was_planned() -> None:
    assert CLOSES - OPENS > 20 * DAY  # the hearing that these tests copy is a real one
