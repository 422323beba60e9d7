"""A practice's way: written and sent by a municipality, assessed by others, published by a third, kept or withdrawn."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from indicators.models import LogEntry
from indicators.people.models import Letter, MemberRole, Organisation, Task
from indicators.people.services.members import join
from rankings.practices.models import AimDirection, Assessment, ElementKind, Knowledge, Practice, PracticeState
from rankings.practices.services import assessing, proposing
from rankings.practices.services.proposing import PracticeError
from tests.rankings.practices import people
from tests.rankings.practices.people import EARLY, NOW

pytestmark = pytest.mark.django_db
Act = Callable[[Practice], object]


def test_the_way_from_proposal_to_withdrawn_is_walked_by_four_people_and_logged() -> None:
    practice = people.draft()
    assert practice.slug == "proeve-aaben-oe"
    proposing.send_practice(practice=practice, by=people.approver(), now=EARLY)
    assessing.add_evidence(evidence=people.study(practice, "controlled", "positive"), by=people.editors()[0], now=EARLY)
    assert Practice.objects.get(pk=practice.pk).state == PracticeState.ASSESSING
    for editor in people.editors():
        assessing.assess(practice=practice, knowledge=Knowledge.ONE_CONTROLLED, reason="Én.", by=editor, now=EARLY)
    public = assessing.publish_practice(practice=practice, by=people.publisher(), now=EARLY)
    assert (public.state, public.knowledge, public.confirmed_on) == ("published", "one_controlled", EARLY.date())
    later = EARLY + dt.timedelta(days=731)
    assert practice in assessing.note_unconfirmed(now=later)
    assert Practice.objects.get(pk=practice.pk).state == PracticeState.UNCONFIRMED
    assert Task.objects.still_open().about(f"practice {practice.pk}").count() == 1
    assessing.confirm_practice(practice=practice, by=people.respondent(), now=later)
    assert Practice.objects.get(pk=practice.pk).state == PracticeState.PUBLISHED
    assert not Task.objects.still_open().about(f"practice {practice.pk}").exists()
    assessing.withdraw_practice(practice=practice, reason="Holdt op.", by=people.approver(), now=later)
    assert Practice.objects.public().filter(pk=practice.pk).exists()
    assert not Practice.objects.alive().filter(pk=practice.pk).exists()
    done = LogEntry.objects.about(f"practice {practice.pk}").order_by("pk").values_list("action", flat=True)
    assert list(done) == [
        "practice_sent", "evidence_added", "practice_assessed", "practice_assessed", "practice_published",
        "practice_confirmed", "practice_withdrawn",
    ]  # fmt: skip


def test_23_months_without_a_word_are_not_too_long() -> None:
    practice = people.published()
    assert practice not in assessing.note_unconfirmed(now=EARLY + dt.timedelta(days=729))


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("sent", lambda p: proposing.change_practice(practice=p, municipalities=[], by=people.respondent(), now=NOW)),
        ("sent", lambda p: proposing.send_practice(practice=p, by=people.approver(), now=NOW)),
        ("sent", lambda p: proposing.drop_aim(aim=p.aims.get(), by=people.respondent(), now=NOW)),
        ("draft", lambda p: assessing.publish_practice(practice=p, by=people.publisher(), now=NOW)),
        ("draft", lambda p: assessing.withdraw_practice(practice=p, reason="x", by=people.publisher(), now=NOW)),
        ("sent", lambda p: assessing.confirm_practice(practice=p, by=people.respondent(), now=NOW)),
        ("published", lambda p: proposing.set_elements(practice=p, links={}, by=people.respondent(), now=NOW)),
        ("published", lambda p: proposing.drop_aim(aim=p.aims.get(), by=people.respondent(), now=NOW)),
        ("published", lambda p: assessing.return_practice(practice=p, reason="x", by=people.editors()[0], now=NOW)),
    ],
)  # fmt: skip
def test_what_a_state_does_not_allow_is_refused_with_its_name(state: str, act: Act) -> None:
    practice = getattr(people, state)()
    with pytest.raises(PracticeError, match=r"er .*; det kan kun gøres, når den er"):
        act(practice)
    assert Practice.objects.get(pk=practice.pk).state == practice.state


def test_only_the_approver_sends() -> None:
    only = User.objects.create(username="kun-besvarer")
    join(user=only, organisation=people.organisation(), role=MemberRole.RESPONDENT, by=people.approver(), now=EARLY)
    practice = people.draft()
    for user in (only, people.publisher(), people.editors()[0]):
        with pytest.raises(PracticeError, match="kræver rollen godkender"):
            proposing.send_practice(practice=practice, by=user, now=NOW)


def test_nobody_writes_for_an_organisation_it_does_not_belong_to() -> None:
    stranger = User.objects.create(username="fremmed")
    with pytest.raises(PracticeError, match="kan ikke gøre det for"):
        proposing.propose_practice(practice=people.unsaved(), municipalities=[], by=stranger, now=NOW)


def test_without_what_did_not_work_there_is_no_practice() -> None:
    with pytest.raises(ValidationError) as refused:
        proposing.propose_practice(
            practice=people.unsaved(failed=""), municipalities=[], by=people.respondent(), now=NOW
        )
    assert set(refused.value.message_dict) == {"failed"}


def test_a_municipality_sets_neither_its_evidence_nor_its_vidensgrundlag() -> None:
    practice = people.sent()
    for user in (people.respondent(), people.approver()):
        with pytest.raises(PracticeError, match="er ikke redaktør"):
            assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="x", by=user, now=NOW)
        with pytest.raises(PracticeError, match="er ikke redaktør"):
            assessing.add_evidence(evidence=people.study(practice, "controlled", "positive"), by=user, now=NOW)
    assert not practice.evidence.exists()


def test_an_editor_from_the_place_is_refused_whatever_else_it_is() -> None:
    practice = people.sent()
    editor = people.editors()[0]
    council = Organisation(kind="council", name="Handicaprådet", municipality=people.place(), founded_at=EARLY)
    council.derive_keys()
    council.save()
    join(user=editor, organisation=council, role=MemberRole.OBSERVER, by=editor, now=EARLY)
    with pytest.raises(PracticeError, match="hører til der, hvor det blev prøvet"):
        assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="x", by=editor, now=NOW)


def test_an_editor_from_nowhere_is_refused() -> None:
    editor = User.objects.create(username="uden-sted")
    editor.user_permissions.add(Permission.objects.get(codename="assess_practice"))
    with pytest.raises(PracticeError, match="hører ikke til nogen organisation"):
        assessing.assess(practice=people.sent(), knowledge=Knowledge.DESCRIBED, reason="x", by=editor, now=NOW)


def test_one_editor_is_not_enough_and_two_who_disagree_are_not() -> None:
    practice = people.sent()
    first, second = people.editors()
    assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="x", by=first, now=NOW)
    assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="igen", by=first, now=NOW)
    with pytest.raises(PracticeError, match="Det har 1"):
        assessing.publish_practice(practice=practice, by=people.publisher(), now=NOW)
    assessing.assess(practice=practice, knowledge=Knowledge.PROMISING, reason="y", by=second, now=NOW)
    with pytest.raises(PracticeError, match=r"ikke enige.*beskrevet erfaring.*lovende praksis"):
        assessing.publish_practice(practice=practice, by=people.publisher(), now=NOW)


def test_who_sent_or_assessed_it_does_not_publish_it() -> None:
    practice = people.assessed()
    right = Permission.objects.get(codename="publish_practice")
    for user in (people.approver(), people.editors()[0]):
        with pytest.raises(PracticeError, match="kan ikke offentliggøre"):
            assessing.publish_practice(practice=practice, by=user, now=NOW)
        user.user_permissions.add(right)
        with pytest.raises(PracticeError, match="har selv indsendt eller vurderet"):
            assessing.publish_practice(practice=practice, by=User.objects.get(pk=user.pk), now=NOW)


def test_the_database_wants_four_eyes_whoever_asks() -> None:
    practice = people.sent()
    wrong = {
        "state": "published", "knowledge": "described", "published_at": NOW, "published_by": people.publisher(),
        "confirmed_on": NOW.date(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="two assessments that agree"), transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(**wrong)
    for editor in people.editors():
        assessing.assess(practice=practice, knowledge=Knowledge.DESCRIBED, reason="x", by=editor, now=NOW)
    with pytest.raises(IntegrityError, match="two assessments that agree"), transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(**wrong | {"published_by": people.editors()[0]})
    assert Practice.objects.filter(pk=practice.pk).update(**wrong) == 1


def test_what_is_published_is_frozen_by_the_database() -> None:
    practice = people.published()
    for wrong in ({"failed": "Intet."}, {"knowledge": "promising"}, {"started_on": dt.date(2024, 1, 1)}):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            Practice.objects.filter(pk=practice.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="aims of a published practice"), transaction.atomic():
        practice.aims.update(registered_at=EARLY - dt.timedelta(days=900))
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        practice.aims.all().delete()
    with pytest.raises(IntegrityError, match="published edition is never changed"), transaction.atomic():
        practice.aims.get().measured.update(preliminary=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        practice.delete()


@pytest.mark.parametrize(
    ("knowledge", "studies", "carried"),
    [
        ("several_controlled", [("controlled", "positive"), ("randomised", "positive")], True),
        ("several_controlled", [("review", "positive")], True),
        ("several_controlled", [("controlled", "positive")], False),
        ("several_controlled", [("controlled", "positive", "place"), ("controlled", "positive")], False),
        ("one_controlled", [("controlled", "positive")], True),
        ("one_controlled", [("before_after", "positive")], False),
        ("one_controlled", [("controlled", "positive"), ("randomised", "none")], False),
        ("compared", [("compared", "positive")], True),
        ("compared", [("before_after", "positive")], False),
        ("promising", [], True),
        ("described", [], True),
        ("mixed", [("controlled", "positive"), ("randomised", "none")], True),
        ("mixed", [("controlled", "positive")], False),
        ("no_effect", [("controlled", "none")], True),
        ("no_effect", [("before_after", "none")], False),
        ("no_effect", [], False),
    ],
)
def test_a_step_of_the_ladder_stands_on_studies_that_are_entered(
    knowledge: str, studies: list[tuple[str, ...]], carried: bool
) -> None:
    practice = people.sent()
    editor = people.editors()[0]
    for one in studies:
        assessing.add_evidence(evidence=people.study(practice, *one), by=editor, now=NOW)
    say: dict[str, Any] = {
        "practice": practice,
        "knowledge": Knowledge(knowledge),
        "reason": "Fordi.",
        "by": editor,
        "now": NOW,
    }
    if carried:
        assert isinstance(assessing.assess(**say), Assessment)
    else:
        with pytest.raises(PracticeError):
            assessing.assess(**say)


def test_a_practice_given_back_can_be_changed_and_sent_again_and_is_assessed_anew() -> None:
    practice = people.assessed()
    assessing.return_practice(practice=practice, reason="Hvad kostede det?", by=people.editors()[0], now=NOW)
    assert not practice.assessments.exists()
    assert Letter.objects.filter(about=f"practice {practice.pk}", body="Hvad kostede det?").count() == 1
    practice = Practice.objects.get(pk=practice.pk)
    practice.took = "To timer om ugen."
    proposing.change_practice(practice=practice, municipalities=[people.place()], by=people.respondent(), now=NOW)
    assert proposing.send_practice(practice=practice, by=people.approver(), now=NOW).state == PracticeState.SUBMITTED


@pytest.mark.parametrize(
    ("code", "direction", "edition", "message"),
    [
        ("b-lav-trivsel", AimDirection.RISE, 2026, "lavere er bedre"),
        ("b-lav-trivsel", AimDirection.FALL, 2025, "tidligst ventes fra udgave 2026"),
        (people.CODE, AimDirection.FALL, 2026, "er et mål for denne praksis i forvejen"),
    ],
)
def test_an_aim_that_makes_no_sense_is_refused(code: str, direction: AimDirection, edition: int, message: str) -> None:
    practice = people.draft()
    with pytest.raises(PracticeError, match=message):
        proposing.register_aim(
            practice=practice, indicator=people.indicator(code), direction=direction, from_edition=edition,
            by=people.respondent(), now=NOW,
        )  # fmt: skip


def test_elements_are_there_with_a_link_or_not_at_all() -> None:
    practice = people.draft()
    links = {ElementKind.THEORY: "https://a.example.invalid/", ElementKind.ECONOMY: " "}
    proposing.set_elements(practice=practice, links=links, by=people.respondent(), now=NOW)
    assert [one.kind for one in practice.elements.all()] == ["theory"]
    with pytest.raises(ValidationError), transaction.atomic():
        proposing.set_elements(
            practice=practice, links={ElementKind.THEORY: "ikke en adresse"}, by=people.respondent(), now=NOW
        )
    assert practice.elements.count() == 1


def test_two_of_the_same_title_have_addresses_of_their_own() -> None:
    assert [people.draft().slug, people.draft().slug] == ["proeve-aaben-oe", "proeve-aaben-oe-2"]


def test_no_row_of_this_app_has_a_score_a_star_or_a_place() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name LIKE 'practices_%%'", [])
        names = {row[0] for row in cursor.fetchall()}
    words = ("score", "stars", "rank", "points", "phone")
    assert [name for name in names if any(word in name for word in words)] == []
