"""Signing in: password, second factor, lockout, and no way around them."""

import re
import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from indicators.models import Upload
from portal import settings as settings_of_the_site
from rankings.models import Edition
from tests.accounts import PASSWORD, SECRET, Person, SignIn, code


def try_password(name: str, password: str, address: str = "127.0.0.1") -> int:
    form = {"login": name, "password": password}
    return Client(REMOTE_ADDR=address).post(reverse("account_login"), form).status_code


def test_password_and_code_open_the_admin(person: Person, client: Client) -> None:
    person("anna", superuser=True)
    answer = client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    answer = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert answer["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_password_without_the_second_factor_opens_nothing(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", superuser=True), factor=False)
    answer = client.get(reverse("admin:auth_user_changelist"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))


def test_who_has_no_second_factor_yet_must_make_one_first(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", superuser=True, factor=False), factor=False)
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("mfa_index"))
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):  # the choice
        assert reverse(name) in answer.content.decode()


def test_a_lost_second_factor_is_taken_away_by_an_administrator_and_made_anew(
    person: Person, signed_in: SignIn
) -> None:
    lost = person("anna")
    administrator = signed_in(person("chef", superuser=True))
    address = reverse("admin:auth_user_help", args=[lost.pk])
    assert administrator.post(address, {"step": "factor", "reason": "Telefonen er væk."}).status_code == 302
    client = Client()
    client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("mfa_index"))


@pytest.mark.django_db
def test_the_demo_prints_two_people_between_whom_four_eyes_can_be_tried(settings: Any) -> None:
    settings.SITE_ADDRESS = "http://127.0.0.1:8000"
    told = StringIO()
    call_command("demo_admin", stdout=told)
    password = re.findall(r"password of all four (\S+)", told.getvalue())[0]
    code = re.findall(r"code now (\d{6})", told.getvalue())[0]
    for name, adds in (("demo-indberetter", 200), ("demo-udgiver", 403)):
        assert name in told.getvalue()
        client = Client()
        client.post(reverse("account_login"), {"login": name, "password": password})
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(reverse("admin:rankings_edition_changelist")).status_code == 200
        assert client.get(reverse("admin:indicators_upload_add")).status_code == adds


def test_a_wrong_code_opens_nothing(person: Person, client: Client) -> None:
    person("anna", superuser=True)
    client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 302


def test_twenty_wrong_codes_an_hour_are_the_most_whichever_process_is_asked(
    person: Person, client: Client, settings: Any
) -> None:
    shared = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_counts"}
    settings.CACHES = {**settings.CACHES, "default": shared}
    call_command("createcachetable")
    person("anna", superuser=True)
    for _ in range(20):
        client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    settings.CACHES = {**settings.CACHES, "default": {**shared, "VERSION": 1}}  # another process: nothing in memory
    client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("admin:index")).status_code == 302


def test_staff_without_role_and_reader_with_password_see_no_figures(person: Person, signed_in: SignIn) -> None:
    for name, staff in (("uden-rolle", True), ("ikke-ansat", False)):
        client = signed_in(person(name, staff=staff))
        for page in ("indicators_measurement", "indicators_upload", "rankings_edition", "auth_user"):
            answer = client.get(reverse(f"admin:{page}_changelist"))
            assert answer.status_code in {302, 403}, page
            assert "b-omgoerelse" not in answer.text
        upload, edition = Upload.objects.newest_first()[0], Edition.objects.newest_first()[0]
        figures = {"indicators_upload_change": upload, "rankings_edition_change": edition}
        figures |= {"indicators_upload_file": upload, "rankings_edition_impact": upload}
        for page, row in figures.items():
            assert client.get(reverse(f"admin:{page}", args=[row.pk])).status_code in {302, 403}, page


def test_five_wrong_passwords_lock_that_name_from_that_address_only(person: Person) -> None:
    person("anna")
    person("bo")
    answers = [try_password("anna", "forkert", "10.0.0.1") for _ in range(5)]
    assert answers[-1] == 429
    assert try_password("anna", PASSWORD, "10.0.0.1") == 429
    assert try_password("bo", PASSWORD, "10.0.0.1") == 302  # the colleague behind the same address
    assert try_password("anna", PASSWORD, "10.0.0.2") == 302  # she herself, from elsewhere


def test_what_a_visitor_claims_about_its_address_does_not_help(person: Person) -> None:
    person("anna")
    for number in range(5):
        header = {"X-Forwarded-For": f"10.9.9.{number}"}
        form = {"login": "anna", "password": "forkert"}
        answer = Client(REMOTE_ADDR="10.0.0.1").post(reverse("account_login"), form, headers=header)
    assert answer.status_code == 429


def test_nobody_can_make_an_account_or_set_a_mail_address(client: Client, db: None) -> None:
    for name in ("account_signup", "account_email", "account_set_password"):
        for answer in (client.get(reverse(name)), client.post(reverse(name), {"username": "x", "email": "x@y.dk"})):
            assert answer.status_code in {302, 404}
    assert not User.objects.filter(username="x").exists()


def test_passwords_are_kept_with_argon2_and_short_ones_are_refused(
    person: Person, signed_in: SignIn, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = settings_of_the_site.PASSWORD_HASHERS
    user = person("anna")
    assert identify_hasher(user.password).algorithm == "argon2"
    client = signed_in(user)
    form = {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"}
    assert client.post(reverse("account_change_password"), form).status_code == 200


def test_secrets_of_second_factors_lie_sealed(person: Person) -> None:
    user = person("anna")
    assert SECRET not in str(Authenticator.objects.get(user=user).data)


def test_a_session_gets_a_new_key_at_sign_in_and_ends_after_ten_hours(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", superuser=True))
    assert client.get(reverse("admin:index")).status_code == 200
    session = client.session
    session["began"] = time.time() - 11 * 60 * 60
    session.save()
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_key_of_a_session_changes_at_sign_in(person: Person, client: Client) -> None:
    person("anna", superuser=True)
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    before = client.cookies["sessionid"].value
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize("address", ["/", "/rangliste/", "/kommune/roedovre/", "/soeg/?q=varde", "/findes-ikke/"])
def test_readers_get_no_cookie(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert not answer.cookies
    assert "Set-Cookie" not in answer


def test_cookies_of_the_admin_stay_behind_its_path(client: Client, db: None) -> None:
    client.get(reverse("account_login"))
    assert client.cookies
    for cookie in client.cookies.values():
        assert reverse("admin:index") == cookie["path"]
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}


def test_signing_out_takes_one_click(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", superuser=True))
    page = client.get(reverse("admin:index")).content.decode()
    assert re.search(rf'<form[^>]*action="{reverse("admin:logout")}"', page)  # a form that is sent, no link
    assert client.post(reverse("admin:logout"))["Location"] == reverse("account_login")
    assert client.get(reverse("admin:index")).status_code == 302
    client = signed_in(person("berit", superuser=True))
    page = client.get(reverse("mfa_index")).content.decode()
    assert re.search(rf'<form[^>]*action="{reverse("account_logout")}"', page)
    client.post(reverse("account_logout"))
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("wrong", ["abc", "", "0", "-1", "9" * 30, "²", "1; DROP"])
def test_a_form_with_a_key_that_is_none_finds_nothing_and_breaks_nothing(
    person: Person, signed_in: SignIn, wrong: str
) -> None:
    client = signed_in(person("anna", superuser=True))
    client.raise_request_exception = True
    answer = client.post(reverse("admin:rankings_edition_correct"), {"edition": wrong, "reason": "En prøve."})
    assert answer.status_code == 404
