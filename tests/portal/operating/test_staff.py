"""The office's people: invited by mail, helped by another administrator, every step in the log."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from indicators.models import LogEntry
from portal.operating.roles import EDITOR, PUBLISHER
from tests.accounts import PASSWORD, Person, SignIn

NEW = "en helt anden lang sætning 77"


def actions(name: str) -> list[str]:
    return list(LogEntry.objects.about(f"user {name}").order_by("pk").values_list("action", flat=True))


def link_in_the_newest_letter() -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def choose(link: str) -> int:
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    return client.post(form, {"new_password1": NEW, "new_password2": NEW}).status_code


def test_somebody_is_invited_by_mail_and_chooses_a_password_once(person: Person, signed_in: SignIn) -> None:
    administrator = signed_in(person("chef", superuser=True))
    said = {"username": "anna", "name": "Anna Bech", "email": "anna@example.org", "roles": [EDITOR]}
    assert administrator.post(reverse("admin:auth_user_add"), said).status_code == 302
    anna = User.objects.get(username="anna")
    assert (anna.is_staff, anna.is_superuser, anna.has_usable_password()) == (True, False, False)
    assert [group.name for group in anna.groups.all()] == [EDITOR]
    link = link_in_the_newest_letter()
    assert choose(link) == 302
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    assert "virker ikke længere" in Client().get(link, follow=True).content.decode()
    assert actions("anna") == ["staff_invited", "password_changed"]


def test_a_second_administrator_helps_and_nobody_helps_themselves(person: Person, signed_in: SignIn) -> None:
    chef, anna = person("chef", superuser=True), person("anna", EDITOR)
    User.objects.filter(pk=anna.pk).update(email="anna@example.org")
    administrator = signed_in(chef)
    for user, reason in ((chef, "Glemt."), (anna, "")):
        administrator.post(reverse("admin:auth_user_help", args=[user.pk]), {"step": "factor", "reason": reason})
        assert Authenticator.objects.filter(user=user).exists()
    help_for_anna = reverse("admin:auth_user_help", args=[anna.pk])
    for step in ("factor", "link", "close", "open"):
        administrator.post(help_for_anna, {"step": step, "reason": "Mistet telefon."})
    assert not Authenticator.objects.filter(user=anna).exists()
    assert choose(link_in_the_newest_letter()) == 302
    assert actions("anna") == [
        "second_factor_removed", "password_link_sent", "account_closed", "account_opened", "password_changed",
    ]  # fmt: skip
    said = {"roles": [PUBLISHER], "email": "anna@example.org", "reason": "Nyt arbejde."}
    administrator.post(reverse("admin:auth_user_change", args=[anna.pk]), said)
    entry = LogEntry.objects.get(action="roles_changed")
    assert (entry.details["before"]["roles"], entry.details["after"]["roles"]) == ([EDITOR], [PUBLISHER])


def test_a_locked_name_is_opened_again_and_the_sign_ins_stand_in_the_log(person: Person, signed_in: SignIn) -> None:
    anna, administrator = person("anna", EDITOR), signed_in(person("chef", superuser=True))
    for _try in range(6):
        Client().post(reverse("account_login"), {"login": "anna", "password": "forkert"})
    page = reverse("admin:auth_user_change", args=[anna.pk])
    assert "spærret efter forkerte adgangskoder" in administrator.get(page).content.decode()
    administrator.post(reverse("admin:auth_user_help", args=[anna.pk]), {"step": "unlock"})
    assert "spærret efter forkerte adgangskoder" not in administrator.get(page).content.decode()
    Authenticator.objects.filter(user=anna).delete()
    Client().post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    told = actions("anna")
    assert (told.count("sign_in_failed"), told[-2:]) == (6, ["account_unlocked", "signed_in"])
    log = administrator.get(reverse("admin:indicators_logentry_changelist"), {"action__exact": "signed_in"})
    assert "logget ind" in log.content.decode()


@pytest.mark.parametrize("role", [EDITOR, PUBLISHER])
def test_only_an_administrator_helps_and_invites(person: Person, signed_in: SignIn, role: str) -> None:
    client, other = signed_in(person("anna", role)), person("bo", EDITOR)
    assert client.post(reverse("admin:auth_user_help", args=[other.pk]), {"step": "close"}).status_code == 403
    assert client.get(reverse("admin:auth_user_add")).status_code == 403
