"""Members come in by a letter: an invitation, a code, a municipality's own sign-in; never by a password."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Municipality, Theme
from indicators.people.models import Letter, MemberRole, Organisation
from indicators.people.services.letters import send_letters
from indicators.people.services.members import end_membership, invite, join
from portal.workbench.letters import letter_of_invitation
from rankings.hearing.models import Voice
from rankings.models import Edition
from tests.filled_in import steward

pytestmark = pytest.mark.django_db
APPROVER = "demo-godkender@hjoerring.example"


def code_for(client: Client, email: str) -> str:
    """Ask for a code and read it in the letter."""
    answer = client.post("/arbejdsbord/konto/ind/", {"email": email})
    assert answer["Location"] == "/arbejdsbord/konto/ind/kode/"
    return re.findall(r"Koden er: (\S+)", str(mail.outbox[-1].body))[0] if mail.outbox else ""


def sign_in(client: Client, email: str) -> None:
    """Come in as a member does."""
    answer = client.post("/arbejdsbord/konto/ind/kode/", {"code": code_for(client, email)})
    assert answer["Location"] == "/arbejdsbord/"


def test_a_code_by_e_mail_opens_the_workbench_and_nothing_else(client: Client) -> None:
    assert client.get("/arbejdsbord/")["Location"].startswith("/arbejdsbord/konto/ind/?next=")
    sign_in(client, APPROVER)
    page = client.get("/arbejdsbord/")
    assert "Hjørring Kommune" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    for cookie in client.cookies.values():
        assert cookie["path"] == "/arbejdsbord/"
        assert cookie["httponly"]
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_wrong_code_opens_nothing_and_three_end_the_try(client: Client) -> None:
    code = code_for(client, APPROVER)
    for _try in range(3):
        client.post("/arbejdsbord/konto/ind/kode/", {"code": "XXXXXX"})
    client.post("/arbejdsbord/konto/ind/kode/", {"code": code})
    assert client.get("/arbejdsbord/").status_code == 302


@pytest.mark.parametrize("email", ["ukendt@x.example", "chef@x.example"])
def test_an_unknown_address_and_one_of_the_staff_get_the_same_answer_and_no_letter(client: Client, email: str) -> None:
    User.objects.create_user("chef", "chef@x.example", is_staff=True)
    answer = client.post("/arbejdsbord/konto/ind/", {"email": email})
    assert answer["Location"] == "/arbejdsbord/konto/ind/kode/"
    assert mail.outbox == []


def test_an_invitation_signs_in_by_its_button_once(client: Client) -> None:
    organisation = Organisation.objects.of_municipalities().get(municipality__slug="roedovre")
    Letter.objects.all().delete()
    found = invite(organisation=organisation, name="Mette Opdigtet", email="mette@x.example",
                   role=MemberRole.RESPONDENT, by=steward(), now=timezone.now())  # fmt: skip
    letter_of_invitation(found)
    send_letters()
    link = urlsplit(re.findall(r"http\S+/invitation/\S+", str(mail.outbox[0].body))[0]).path
    page = client.get(link)
    assert "Velkommen, Mette Opdigtet" in page.content.decode()
    assert not User.objects.filter(email="mette@x.example").exists()  # programs that open links do not join
    assert client.post(link)["Location"] == "/arbejdsbord/"
    assert "Rødovre Kommune" in client.get("/arbejdsbord/").content.decode()
    assert client.get(link).status_code == 410
    assert "Log ind med den e-mailadresse" in Client().get(link).content.decode()


def test_who_left_sees_nothing_with_the_session_that_is_still_open(client: Client) -> None:
    sign_in(client, APPROVER)
    assert client.get("/arbejdsbord/hoering/2026/hjoerring/").status_code == 200
    for membership in User.objects.get(email=APPROVER).memberships.all():
        end_membership(membership=membership, by=steward(), now=timezone.now() - dt.timedelta(seconds=1))
    assert client.get("/arbejdsbord/hoering/2026/hjoerring/").status_code == 404
    assert "taler ikke for nogen organisation" in client.get("/arbejdsbord/").content.decode()


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    """A real OpenID Connect provider on this machine, that says who somebody is."""
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "kommune",
                        "name": "Kommunens login",
                        "client_id": "indeks",
                        "secret": "hemmelig",
                        "settings": {"server_url": address},
                    }
                ],
            }
        }
        yield address


def _by_provider(client: Client, provider: str, email: str, *, verified: bool = True) -> str:
    """Go to the provider, be somebody there, come back; where that leads."""
    claims: dict[str, str | bool] = {"email": email, "email_verified": verified}
    requests.put(f"{provider}/users/{email}", json=claims, timeout=10).raise_for_status()
    there = client.post("/arbejdsbord/konto/ekstern/kommune/login/?process=login")["Location"]
    assert there.startswith(provider)
    back = requests.post(there, data={"sub": email}, timeout=10, allow_redirects=False).headers["location"]
    question = {key: value[0] for key, value in parse_qs(urlsplit(back).query).items()}
    answer = client.get(urlsplit(back).path, question)
    return str(answer.get("Location", ""))


def test_a_municipalitys_own_sign_in_opens_the_account_of_a_verified_address(client: Client, provider: str) -> None:
    page = client.get("/arbejdsbord/konto/ind/")
    assert "Kommunens login" in page.content.decode()
    assert f"form-action 'self' https: {provider}" in page["Content-Security-Policy"]  # else nobody gets there
    assert _by_provider(client, provider, APPROVER) == "/arbejdsbord/"
    assert "Hjørring Kommune" in client.get("/arbejdsbord/").content.decode()


def test_it_makes_no_account_and_opens_none_for_an_address_that_is_not_verified(client: Client, provider: str) -> None:
    User.objects.create_user("chef", "chef@x.example", is_staff=True)
    before = User.objects.count()
    for email, verified in (("fremmed@x.example", True), (APPROVER, False), ("chef@x.example", True)):
        assert _by_provider(client, provider, email, verified=verified) == "/arbejdsbord/konto/ind/"
        assert client.get("/arbejdsbord/").status_code == 302
    assert User.objects.count() == before


@pytest.mark.parametrize("about", ["municipality", "theme", ""])
def test_an_organisation_sees_its_texts_whatever_they_are_about(client: Client, about: str) -> None:
    organisation = Organisation.objects.get(name__startswith="Brugernes Landsforening")
    user = User.objects.create_user("bruger", "bruger@x.example")
    join(user=user, organisation=organisation, role=MemberRole.APPROVER, by=user, now=timezone.now())
    subject = {"municipality": Municipality.objects.all(), "theme": Theme.objects.all()}
    what = {about: subject[about][:1].get()} if about else {}
    Voice.objects.create(organisation=organisation, edition=Edition.objects.published().newest_first()[:1].get(),
                         text="Vores ord.", written_by=user, written_at=timezone.now(), **what)  # fmt: skip
    sign_in(client, user.email)
    assert "Vores ord." in client.get(f"/arbejdsbord/organisation/{organisation.pk}/").content.decode()
