"""A member answers on a phone, by keyboard, without scripts; a municipality sees its answers saved as it types."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from indicators.people.models import MemberRole, Membership, Organisation, Task
from indicators.surveys.models import Instrument, Reply, SealedAnswer, Wave
from indicators.surveys.services.members import Member, ask_members
from indicators.surveys.services.questionnaires import shipped_questionnaire
from indicators.surveys.services.waves import open_wave, plan_wave
from tests.filled_in import steward

YEAR = 2033


def open_round(instrument: Instrument) -> Wave:
    now = timezone.now()
    wave = plan_wave(
        questionnaire=shipped_questionnaire(instrument=instrument, now=now),
        year=YEAR,
        opens_at=now,
        closes_at=now + dt.timedelta(days=20),
        asked={"175": 30},
        by=steward(),
        now=now,
    )
    return open_wave(wave=wave, by=steward(), now=now)


@pytest.fixture
def _nothing_is_left(base_url: str, tmp_path: Path) -> Iterator[None]:
    with override_settings(SURVEY_KEYS=tmp_path / "keys"):
        yield
    for wave in Wave.objects.filter(year=YEAR):
        Task.objects.filter(about__startswith=f"wave {wave.pk}").delete()
        wave.delete()
    Membership.objects.filter(user__username="paa-rejse").delete()
    User.objects.filter(username="paa-rejse").delete()


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=False, base_url=base_url, locale="da-DK", viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("_nothing_is_left")
def test_a_member_answers_eleven_questions_on_a_phone_by_keyboard_without_scripts(phone: Page) -> None:
    wave = open_round(Instrument.MEMBERS)
    [(_code, token)] = ask_members(wave=wave, members=[Member("175")], words=None, by=steward(), now=timezone.now())
    phone.goto(f"/undersoegelser/svar/{token}/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    groups = phone.locator("fieldset.question")
    assert groups.count() == 11
    assert all(box is not None and box["height"] >= 44 for box in map(_box, phone.locator(".choice").all()))
    phone.locator("fieldset.question input").first.focus()
    for _question in range(11):
        phone.keyboard.press("ArrowDown")  # chooses the second answer
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("text=Tak for dine svar")
    assert SealedAnswer.objects.filter(wave=wave).count() == 1
    phone.goto(f"/undersoegelser/svar/{token}/")
    assert "Der er allerede svaret" in phone.content()


def _box(locator: Any) -> Any:
    return locator.bounding_box()


@pytest.mark.usefixtures("_nothing_is_left")
def test_a_municipality_sees_its_answer_saved_as_it_types_and_all_pages_pass_axe(page: Page, base_url: str) -> None:
    wave = open_round(Instrument.ADMINISTRATIONS)
    frame = wave.frames.get()
    user = User.objects.create_user("paa-rejse")
    organisation = Organisation.objects.of_municipalities().get(municipality__code="175")
    since = timezone.now() - dt.timedelta(days=2)
    Membership.objects.create(
        user=user, organisation=organisation, role=MemberRole.APPROVER, since=since, given_by=steward()
    )
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["sessionid"].value
    room = f"{base_url}/{settings.WORKBENCH_PATH}/"
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": room}])
    page.goto(f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/boern/")
    page.fill("#b_underret_24_timer-tal", "10")
    with page.expect_response("**/svar/b_underret_24_timer/"):
        page.fill("#b_underret_24_timer-af", "90")
        page.keyboard.press("Tab")
    page.wait_for_selector("text=Det giver 11,1")
    assert Reply.objects.get(frame=frame).denominator == 90
    for path in (
        f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/boern/",
        f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
