"""Invitations, memberships, contacts: who gets in, who is out, and what stays."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from indicators.models import LogEntry, Municipality
from indicators.people.models import (
    Contact,
    Invitation,
    Letter,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Purpose,
    Task,
)
from indicators.people.services.members import (
    InvitationError,
    PeopleError,
    accept_invitation,
    change_contact,
    confirm_contact,
    end_membership,
    forget_person,
    found_organisation,
    found_organisations_of_municipalities,
    invitation_of,
    invite,
    join,
    resend_invitation,
    token_of_invitation,
    withdraw_invitation,
)
from indicators.people.services.tasks import give_task
from tests.filled_in import NOW, steward

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rodovre() -> Organisation:
    return Organisation.objects.of_municipalities().get(municipality__slug="roedovre")


def invited(email: str = "Mette@Rodovre.example") -> Invitation:
    return invite(
        organisation=rodovre(), name="Mette Opdigtet", email=email, role=MemberRole.RESPONDENT, by=steward(), now=NOW
    )


def test_every_municipality_is_one_organisation_however_often_it_is_asked_for() -> None:
    assert found_organisations_of_municipalities(now=NOW) == []
    names = list(Organisation.objects.of_municipalities().in_danish_order().values_list("name", flat=True))
    assert len(names) == Municipality.objects.count() == 98
    assert [name for name in names if name.startswith(("Aa", "Ær"))] == ["Ærø Kommune", "Aabenraa Kommune", *names[-2:]]


def test_the_same_organisation_is_not_founded_twice() -> None:
    first = found_organisation(kind=OrganisationKind.USERS, name="Landsforeningen ", now=NOW)
    assert found_organisation(kind=OrganisationKind.USERS, name="Landsforeningen", now=NOW) == first


def test_an_accepted_invitation_makes_an_account_without_password_and_a_membership() -> None:
    invitation = invited()
    membership = accept_invitation(invitation=invitation_of(token=token_of_invitation(invitation), now=NOW), now=NOW)
    user = membership.user
    assert (user.username, user.get_full_name()) == ("mette@rodovre.example", "Mette Opdigtet")
    assert not user.has_usable_password()
    assert not user.is_staff
    assert list(Organisation.objects.spoken_for_by(user, NOW)) == [rodovre()]
    assert LogEntry.objects.filter(action="member_joined", by=user).exists()


def test_a_link_works_once_for_two_weeks_and_only_the_newest() -> None:
    invitation = invited()
    first = token_of_invitation(invitation)
    again = resend_invitation(invitation=invitation, by=steward(), now=NOW + DAY)
    for token, now, words in (
        (first, NOW + DAY, "nyere brev"),
        (token_of_invitation(again), NOW + 16 * DAY, "udløbet"),
        ("x" + first, NOW, "ikke helt"),
    ):
        with pytest.raises(InvitationError, match=words):
            invitation_of(token=token, now=now)
    accept_invitation(invitation=again, now=NOW + DAY)
    with pytest.raises(InvitationError, match="er brugt"):
        invitation_of(token=token_of_invitation(again), now=NOW + DAY)
    with pytest.raises(PeopleError, match="allerede"):
        accept_invitation(invitation=again, now=NOW + DAY)


def test_a_withdrawn_invitation_leads_nowhere() -> None:
    invitation = invited()
    withdraw_invitation(invitation=invitation, now=NOW)
    with pytest.raises(InvitationError, match="trukket tilbage"):
        invitation_of(token=token_of_invitation(invitation), now=NOW)


def test_inviting_the_same_again_sends_the_same_invitation_again() -> None:
    assert (invited().pk, 2) == (invited("mette@RODOVRE.example").pk, Invitation.objects.get().serial)


@pytest.mark.parametrize(("name", "email", "words"), [("", "a@b.example", "navnet"), ("A", "a@", "ikke en e-mail")])
def test_an_invitation_names_a_person_and_an_address(name: str, email: str, words: str) -> None:
    with pytest.raises(PeopleError, match=words):
        invite(organisation=rodovre(), name=name, email=email, role=MemberRole.OBSERVER, by=steward(), now=NOW)
    assert not Invitation.objects.exists()


def test_who_left_is_out_at_that_very_moment_and_the_successor_has_the_task() -> None:
    leaving, staying = (User.objects.create(username=name, email=f"{name}@x.example") for name in ("ib", "bo"))
    for user in (leaving, staying):
        join(user=user, organisation=rodovre(), role=MemberRole.RESPONDENT, by=steward(), now=NOW)
    give_task(organisation=rodovre(), kind="x", about="y", title="Gør", assignee=leaving, now=NOW)
    assert Task.objects.for_member(leaving, NOW).filter(kind="x").exists()
    assert not Task.objects.for_member(staying, NOW).filter(kind="x").exists()
    end_membership(membership=leaving.memberships.get(), by=steward(), now=NOW + DAY)
    assert Membership.objects.current(NOW + DAY - dt.timedelta(seconds=1)).filter(user=leaving).exists()
    assert not Membership.objects.current(NOW + DAY).filter(user=leaving).exists()
    assert not Organisation.objects.spoken_for_by(leaving, NOW + DAY).exists()
    assert Task.objects.for_member(staying, NOW + DAY).filter(kind="x").exists()


def test_a_closed_account_speaks_for_nobody() -> None:
    user = User.objects.create(username="ib")
    join(user=user, organisation=rodovre(), role=MemberRole.APPROVER, by=steward(), now=NOW)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    assert not Organisation.objects.spoken_for_by(user, NOW).exists()


def test_a_member_sees_the_tasks_of_its_own_organisation_and_role_only() -> None:
    user = User.objects.create(username="ib")
    join(user=user, organisation=rodovre(), role=MemberRole.RESPONDENT, by=steward(), now=NOW)
    other = Organisation.objects.of_municipalities().exclude(pk=rodovre().pk)[0]
    for organisation, role, kind in (
        (rodovre(), "", "all"),
        (rodovre(), MemberRole.RESPONDENT, "mine"),
        (rodovre(), MemberRole.APPROVER, "theirs"),
        (other, "", "elsewhere"),
    ):
        give_task(organisation=organisation, kind=kind, about="t", title="Gør", role=role, now=NOW)
    found = Task.objects.for_member(user, NOW).about("t")
    assert set(found.values_list("kind", flat=True)) == {"all", "mine"}


def test_a_forgotten_person_leaves_neither_name_nor_address() -> None:
    invitation = invited()
    user = accept_invitation(invitation=invitation, now=NOW).user
    sent_to = list(Letter.objects.filter(email=user.email).values_list("pk", flat=True))
    with pytest.raises(PeopleError, match="hvorfor"):
        forget_person(user=user, because=" ", by=steward(), now=NOW + DAY)
    forget_person(user=user, because="Har bedt om det.", by=steward(), now=NOW + DAY)
    assert not Letter.objects.filter(pk__in=sent_to, email__icontains="mette").exists()
    user.refresh_from_db()
    invitation.refresh_from_db()
    for text in (user.username, user.email, user.get_full_name(), invitation.name, invitation.email):
        assert "mette" not in text.lower()
    assert not user.is_active
    assert not Membership.objects.current(NOW + DAY).filter(user=user).exists()


def test_a_new_contact_ends_the_one_before_and_is_public_only_when_confirmed() -> None:
    def change(email: str, *, published: bool = False, confirmed: bool = False) -> Contact:
        return change_contact(
            organisation=rodovre(), purpose=Purpose.GENERAL, email=email, published=published, confirmed=confirmed,
            by=steward(), now=NOW,
        )  # fmt: skip

    change("en@x.example")
    with pytest.raises(PeopleError, match="bekræftet"):
        change("to@x.example", published=True)
    second = change("TO@x.example")
    assert list(Contact.objects.current().filter(purpose="general", organisation=rodovre())) == [second]
    assert not Contact.objects.published().filter(pk=second.pk).exists()
    confirm_contact(contact=second, published=True, now=NOW)
    assert Contact.objects.published().get(pk=second.pk).email == "to@x.example"
