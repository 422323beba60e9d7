"""Passkeys in a real browser with an authenticator of Chromium's own: made, used as second step and alone, lost."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Browser, CDPSession, Page, expect

from portal.operating.roles import PUBLISHER
from tests.accounts import PASSWORD, Person, person
from tests.browser.test_upload_journey import looked_at

__all__ = ["person"]
pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True, "isUserVerified": True}
CAN_ALL = {"hasResidentKey": True, "hasUserVerification": True}
IN_THE_ADMIN = re.compile("/redaktion/$")


@pytest.fixture
def window(browser: Browser, base_url: str) -> Iterator[Page]:
    """A window that may say nothing on the console. Browsers know no passkeys on an address of numbers."""
    context = browser.new_context(base_url=base_url.replace("127.0.0.1", "localhost"), locale="da-DK")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


class Phone:
    """What holds the passkeys: the authenticator that Chromium's protocol makes."""

    def __init__(self, page: Page) -> None:
        self._protocol: CDPSession = page.context.new_cdp_session(page)
        self._protocol.send("WebAuthn.enable")
        made = self._protocol.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE | CAN_ALL})
        self._which = {"authenticatorId": made["authenticatorId"]}

    def knows_its_owner(self, *, yes: bool) -> None:
        self._protocol.send("WebAuthn.setUserVerified", {**self._which, "isUserVerified": yes})

    def is_wiped(self) -> None:
        self._protocol.send("WebAuthn.clearCredentials", self._which)


def password_given(page: Page) -> None:
    page.goto(reverse("admin:index"))
    page.get_by_label("Brugernavn").fill("anna")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()


def signed_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.get_by_role("navigation", name="Din konto").get_by_role("button", name="Log ud").click()
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("heading", name="Log ind")).to_be_visible()


def made_a_key(page: Page, phone: Phone) -> list[str]:
    """Make a passkey with the first password; the codes for the day it is lost."""
    page.get_by_role("link", name="Tilføj").click()
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Bekræft").click()
    page.get_by_label("Nøglens navn").fill("Annas telefon")
    page.get_by_role("checkbox").check()
    looked_at(page, within="main")
    phone.knows_its_owner(yes=False)
    page.get_by_role("button", name="Tilføj").click()
    expect(page.get_by_role("alert")).to_contain_text("Nøglen blev ikke brugt")
    phone.knows_its_owner(yes=True)
    page.get_by_role("button", name="Tilføj").click()
    codes = page.get_by_label("Ubrugte koder").input_value().split()
    looked_at(page, within="main")
    return codes


def test_a_passkey_is_made_at_first_sign_in_opens_the_admin_and_its_loss_is_survived(
    window: Page, person: Person
) -> None:
    user, phone = person("anna", PUBLISHER, factor=False), Phone(window)
    password_given(window)
    expect(window.get_by_text("Vælg dit andet trin")).to_be_visible()
    looked_at(window, within="main")
    codes = made_a_key(window, phone)
    assert len(codes) == 10

    window.get_by_role("link", name="Til administrationen").click()
    window.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    expect(window).to_have_url(IN_THE_ADMIN)

    signed_out(window)
    looked_at(window, within="main")
    window.get_by_role("button", name="Log ind med adgangsnøgle").click()  # alone: no name, no password
    expect(window).to_have_url(IN_THE_ADMIN)

    signed_out(window)
    password_given(window)
    looked_at(window, within="main")
    window.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    expect(window).to_have_url(IN_THE_ADMIN)
    window.goto(reverse("mfa_list_webauthn"))
    expect(window.get_by_role("heading", name="Annas telefon")).to_be_visible()
    looked_at(window, within="main")

    signed_out(window)
    phone.is_wiped()
    password_given(window)
    window.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    expect(window.get_by_role("alert")).to_contain_text("Nøglen blev ikke brugt")
    window.get_by_label("Kode").fill(codes[0])
    window.get_by_role("button", name="Log ind", exact=True).click()
    expect(window).to_have_url(IN_THE_ADMIN)
    left = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert len(left) == 9
    assert codes[0] not in left


def test_on_an_address_of_numbers_the_page_says_why_no_passkey_works(page: Page) -> None:
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Log ind med adgangsnøgle").click()
    expect(page.get_by_role("alert")).to_contain_text("kun på sidens eget navn")
