"""A remark's whole way in a real browser, by five people: respondent, approver, editor, publisher, reader."""

import datetime as dt
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from indicators.services.queue import control_connection, work_on_next
from portal.desk.publication import EDITION_WORK
from portal.operating.roles import EDITOR, PUBLISHER
from rankings.hearing.models import Hearing, Remark, Response
from rankings.models import Edition, EditionState
from rankings.services.editions import correct_edition
from tests.accounts import Person, SignIn, person, signed_in
from tests.browser.test_accessibility import RULES
from tests.filled_in import imported, publisher, steward

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db(transaction=True)
FIGURE = "h-omgoerelse-bpa"
Window = Callable[[str], Page]


@pytest.fixture
def window(browser: Browser, base_url: str) -> Window:
    """A member's own browser, signed in by the code in the letter."""

    def open_window(email: str) -> Page:
        page = browser.new_context(base_url=base_url, locale="da-DK", viewport={"width": 360, "height": 800}).new_page()
        page.goto("/arbejdsbord/")
        page.fill("#id_email", email)
        page.get_by_role("button", name="Send mig en kode").click()
        expect(page.get_by_role("heading", name="Skriv koden")).to_be_visible()
        page.fill("#id_code", re.findall(r"Koden er: (\S+)", str(mail.outbox[-1].body))[0])
        page.get_by_role("button", name="Log ind", exact=True).click()
        expect(page.get_by_role("heading", name="Mine opgaver")).to_be_visible()
        return page

    return open_window


@pytest.fixture
def office(browser: Browser, base_url: str, person: Person, signed_in: SignIn) -> Callable[[str, str], Page]:
    """Somebody of the office, signed in with the second factor."""

    def open_office(name: str, role: str) -> Page:
        session = signed_in(person(name, role)).cookies["sessionid"].value
        context = browser.new_context(base_url=base_url, locale="da-DK")
        context.add_cookies([{"name": "sessionid", "value": session, "url": f"{base_url}/{settings.ADMIN_PATH}/"}])
        return context.new_page()

    return open_office


def looked_at(page: Page) -> None:
    """Nothing that axe finds, and nothing that scrolls sideways."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def in_hearing() -> Hearing:
    """A correction of the newest edition, in a hearing that has been open for two weeks."""
    now = timezone.now()
    edition = correct_edition(year=2026, reason="Opdigtet: prøves.", by=steward(), now=now)
    hearing = Hearing.objects.create(
        edition=edition,
        opens_at=now - dt.timedelta(days=14),
        closes_at=now + dt.timedelta(days=1),
        planned_by=publisher(),
    )
    call_command("keep_hearings", stdout=StringIO())
    return hearing


def published(boss: Page) -> None:
    """Computed with the corrected figure, looked at, ordered, and done by the worker."""
    boss.get_by_role("button", name="Beregn igen").click()
    expect(boss.get_by_role("progressbar", name="Kladden beregnes igen")).to_be_visible()
    with control_connection() as control:
        assert work_on_next(control, follow_ups=EDITION_WORK)
    expect(boss.get_by_text("Udgaven er beregnet igen")).to_be_visible(timeout=60_000)  # the page follows by itself
    boss.get_by_role("button", name="Jeg har set denne beregning").click()
    boss.get_by_role("link", name="Udgiv …").click()
    boss.get_by_label("Nu", exact=True).check()
    boss.get_by_role("button", name="Udgiv", exact=True).click()
    with control_connection() as control:
        assert work_on_next(control, follow_ups=EDITION_WORK)


def test_from_a_wrong_figure_to_the_corrected_one(
    window: Window, office: Callable[[str, str], Page], page: Page, tmp_path: Path
) -> None:
    hearing = in_hearing()
    respondent = window("demo-svarer@hjoerring.example")
    expect(respondent.get_by_role("heading", name="Svar på høringen om udgave 2026")).to_be_visible()
    respondent.goto("/arbejdsbord/hoering/")
    respondent.get_by_text("Skift tema").click()  # folded on a phone
    respondent.get_by_role("link", name=re.compile("Sagsbehandling og retssikkerhed")).click()
    row = respondent.locator(f"#{FIGURE}")
    row.get_by_role("link", name=re.compile("^Ret")).click()
    evidence = tmp_path / "bevis.pdf"
    evidence.write_bytes(b"%PDF-1.7 bevis")
    respondent.fill("#rigtigt", "12,5")
    respondent.fill("#tekst", "To sager er talt to gange.")
    respondent.set_input_files("#bilag", evidence)
    looked_at(respondent)
    respondent.get_by_role("button", name="Gem bemærkning").click()
    expect(respondent.get_by_text("Bemærkningen er gemt. Den er ikke sendt.")).to_be_visible()
    looked_at(respondent)
    respondent.get_by_role("button", name="Send til godkender").click()

    approver = window("demo-godkender@hjoerring.example")
    approver.get_by_role("link", name="Godkend høringssvaret om udgave 2026").click()
    approver.get_by_role("button", name="Godkend og send endeligt svar").click()
    expect(approver.get_by_text("Svaret er sendt. Tak.")).to_be_visible()
    remark = Remark.objects.get(response__hearing=hearing)
    assert remark.number == 1
    Hearing.objects.filter(pk=hearing.pk).update(closes_at=timezone.now())  # the day after

    year = remark.measurement.year if remark.measurement else 0
    upload, _applied = imported(f"860;Hjørring;{FIGURE};{year};12,5;", name="hjoerring-rettet.csv")
    editor = office("eva", EDITOR)
    editor.goto(reverse("admin:hearing_hearing_change", args=[hearing.pk]))
    editor.get_by_label(re.compile("Hjørring Kommune")).check()
    editor.select_option("#outcome", "upheld")
    editor.fill("#reason", "Dokumentationen viser det.")
    editor.select_option("#upload", str(upload.pk))
    editor.get_by_role("button", name="Afgør de valgte").click()
    expect(editor.get_by_text("Afgørelsen er gemt. Kommunen ser den.")).to_be_visible()

    boss = office("ole", PUBLISHER)
    boss.goto(reverse("admin:rankings_edition_change", args=[hearing.edition_id]))
    published(boss)
    assert Edition.objects.get(pk=hearing.edition_id).state == EditionState.PUBLISHED

    page.goto("/hoering/2026/")
    article = page.locator("article.remark", has_text="To sager er talt to gange.")
    expect(article).to_contain_text("Dokumentationen viser det.")
    expect(article).to_contain_text("hjoerring-rettet.csv")
    looked_at(page)
    article.get_by_role("link", name="Placeringer, det flyttede").click()
    expect(page.locator("main")).to_contain_text("12,5")
    assert Response.objects.filter(hearing=hearing).count() == 98
