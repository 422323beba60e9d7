"""No order of actions publishes an unruled remark, and the states of the 98 always add up: counted a second time."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.hearing.models import Hearing, Outcome, Remark, RemarkKind, Response, ResponseState
from rankings.hearing.publication import hindrances
from rankings.hearing.services.answering import give_response, note_opened, save_remark, withdraw_remark
from rankings.hearing.services.ruling import rule
from rankings.hearing.services.speaking import HearingError
from tests.filled_in import publisher
from tests.rankings.hearing.heard import CLOSES, DAY, OPENS, hearing, indicator, member, publish, response

WHO = ("roedovre", "aarhus", "fanoe")
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["open", "remark", "preliminary", "final", "withdraw", "rule", "wait"]),
        st.sampled_from(WHO),
        st.integers(1, 12),
    ),
    max_size=14,
)


@dataclass
class Told:
    """What an oracle in plain Python knows of one municipality: its answers' moments and its remarks' fates."""

    opened: bool = False
    preliminary: dt.datetime | None = None
    final: dt.datetime | None = None
    drafts: int = 0
    in_time: list[str] = field(default_factory=list)

    def state(self) -> str:
        first = self.preliminary or self.final
        if first is None:
            return "opened" if self.opened else "not_opened"
        if first >= CLOSES:
            return "late"
        return "final" if self.final else "preliminary"


def _do(action: str, one: Response, told: Told, now: dt.datetime) -> None:
    slug = one.organisation.municipality.slug  # type: ignore[union-attr]
    who = member(slug)
    if action == "open":
        note_opened(response=one, by=who, now=now)
        told.opened = True
    elif action == "remark":
        save_remark(response=one, indicator=indicator(), kind=RemarkKind.REMARK, text="Ord.", by=who, now=now)
        told.drafts += 1
    elif action in {"preliminary", "final"}:
        give_response(response=one, final=action == "final", by=who, now=now)
        setattr(told, action, now)
        told.opened = True
        told.in_time += ["unruled"] * told.drafts if now < CLOSES else []
        told.drafts = 0
    else:
        _decide(action, one, told, now)


def _decide(action: str, one: Response, told: Told, now: dt.datetime) -> None:
    remark = Remark.objects.in_time().without_ruling().filter(response=one).in_order().first()
    if remark is None:
        return
    if action == "rule":
        rule(remarks=[remark], outcome=Outcome.NOT, reason="Nej.", by=publisher(), now=now)
    else:
        withdraw_remark(remark=remark, by=member(one.organisation.municipality.slug), now=now)  # type: ignore[union-attr]
    told.in_time.remove("unruled")


def _published(one: Hearing, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            publish(one.edition, now)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.django_db
def test_no_order_of_actions_publishes_an_unruled_remark_and_the_states_add_up_to_98() -> None:
    one = hearing()

    @settings(max_examples=25)
    @given(actions=ACTIONS)
    def in_every_order(actions: list[tuple[str, str, int]]) -> None:
        _try(one, actions)

    in_every_order()


def _try(one: Hearing, actions: list[tuple[str, str, int]]) -> None:
    with transaction.atomic():
        told = {slug: Told() for slug in WHO}
        now = OPENS
        for action, slug, days in actions:
            if action == "wait":
                now += days * DAY
                continue
            answer = response(one, slug)
            try:
                with transaction.atomic():
                    _do(action, answer, told[slug], now)
            except HearingError:
                assert answer.final_at or (action == "preliminary" and answer.preliminary_at)
        states = [answer.state(CLOSES) for answer in one.responses.all()]
        assert sum(states.count(state) for state in ResponseState) == len(states) == 98
        assert {slug: response(one, slug).state(CLOSES) for slug in WHO} == {s: t.state() for s, t in told.items()}
        allowed = now >= CLOSES and not any(one.in_time for one in told.values())
        assert _published(one, now) == allowed
        assert (hindrances(one.edition, now) == []) == allowed
        transaction.set_rollback(True)
