"""What works, in a real browser: a practice and an enquiry by four roles, and the way to a contact on a phone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from indicators.models import Municipality
from rankings.models import Edition
from rankings.practices.models import Practice
from rankings.practices.services import assessing
from rankings.practices.whom_to_ask import Peers
from tests.browser.test_accessibility import RULES
from tests.rankings.practices import people

pytestmark = pytest.mark.django_db(transaction=True)
Desk = Callable[[User], Page]
ROOM = "/arbejdsbord/"


@pytest.fixture
def desk(browser: Browser, base_url: str) -> Desk:
    """A browser window of somebody who is signed in to the workbench."""

    def open_desk(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=base_url, locale="da-DK", viewport={"width": 1000, "height": 900})
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": f"{base_url}{ROOM}"}])
        return context.new_page()

    return open_desk


def whole(page: Page) -> None:
    """Nothing that axe finds, and nothing that scrolls a phone sideways."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], node["html"][:150]) for one in found for node in one["nodes"][:3]] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1000, "height": 900})


def test_a_practice_from_proposal_to_withdrawn_by_four_roles(desk: Desk, page: Page) -> None:
    owner = desk(people.respondent())
    owner.goto(f"{ROOM}praksis/ny/")
    owner.get_by_label("titel").fill("Prøve: Syv veje ind")
    for label in ("Kort fortalt", "Hvad de gjorde", "Hvad det krævede"):
        owner.get_by_label(label, exact=True).fill("Tekst.")
    owner.get_by_label("familier").check()
    owner.get_by_label("fase").select_option("trial")
    owner.get_by_role("button", name="Gem kladde").click()
    expect(owner.get_by_role("alert").first).to_be_visible()  # what did not work is missing
    owner.get_by_label("hvad der ikke virkede").fill("Den ottende vej.")
    whole(owner)
    owner.get_by_role("button", name="Gem kladde").click()
    expect(owner.get_by_text("Kladden er gemt.")).to_be_visible()
    approver = desk(people.approver())
    approver.goto(owner.url)
    approver.get_by_role("button", name="Send til redaktionen").click()
    expect(approver.get_by_text("Den er sendt.")).to_be_visible()
    for editor in people.editors():
        window = desk(editor)
        window.goto(f"{ROOM}praksis/")
        window.get_by_role("link", name="Prøve: Syv veje ind").click()
        window.get_by_label("Vidensgrundlag").select_option("described")
        window.locator("#id_vurder-reason").fill("Fortalt, ikke undersøgt.")
        window.get_by_role("button", name="Gem vurdering").click()
        expect(window.get_by_text("Vurderingen er gemt.")).to_be_visible()
    publisher = desk(people.publisher())
    publisher.goto(owner.url)
    publisher.get_by_role("button", name="Offentliggør").click()
    expect(publisher.get_by_text("Den er offentliggjort.")).to_be_visible()
    page.goto("/praksis/proeve-syv-veje-ind/")
    expect(page.get_by_text("Fortalt, ikke undersøgt.")).to_be_visible()
    whole(page)
    assessing.note_unconfirmed(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=731))
    page.reload()
    expect(page.get_by_text("Ubekræftet: ingen har i 24 måneder")).to_be_visible()
    approver.goto(owner.url)
    approver.locator("#id_traek-reason").fill("Vi er holdt op.")
    approver.get_by_role("button", name="Træk tilbage").click()
    page.reload()
    expect(page.get_by_text("Vi er holdt op.")).to_be_visible()


def test_an_enquiry_is_sent_answered_and_followed_up(desk: Desk, page: Page) -> None:
    asked = Practice.objects.get(slug__contains="venteliste")
    page.goto(f"/praksis/{asked.slug}/")
    address = page.get_by_role("link", name="Skriv som kommune").get_attribute("href")
    assert address is not None
    asker = desk(people.respondent())
    asker.goto(address)
    free = people.respondent().memberships.exclude(organisation=asked.organisation).order_by("-pk")[0].organisation
    asker.get_by_label("Fra").select_option(label=str(free))
    asker.get_by_label("hvad der spørges om").fill("Hvem sidder med ved bordet?")
    whole(asker)
    asker.get_by_role("button", name="Send").click()
    expect(asker.get_by_text("Henvendelsen er sendt.")).to_be_visible()
    answerer = desk(people.approver())
    answerer.goto(asker.url)
    answerer.locator("#id_svar-answer").fill("Visitator, bosted og økonomi.")
    answerer.get_by_role("button", name="Svar").click()
    expect(answerer.get_by_text("Svaret er sendt.")).to_be_visible()
    asker.reload()
    expect(asker.get_by_text("Visitator, bosted og økonomi.")).to_be_visible()
    asker.get_by_label("Hvad kom der af det?").select_option("nowhere")
    asker.get_by_role("button", name="Gem opfølgning").click()
    expect(asker.get_by_text("Tak. Det tæller med på årets side.")).to_be_visible()


def test_from_an_indicator_to_a_confirmed_contact_in_three_clicks_on_a_phone(browser: Browser, base_url: str) -> None:
    indicator, asker = _somebody_to_call()
    context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(f"/indikator/{indicator}/")
    page.get_by_role("link", name="Hvem klarer det bedre under samme vilkår?").tap()  # one
    page.get_by_label("Kommune", exact=True).select_option(asker)  # two
    page.get_by_role("button", name="Vis").tap()  # three
    expect(page.locator("a[href^='mailto:']").first).to_be_visible()
    assert re.search(r"Bekræftet \d+\. \w+ \d{4}", page.locator("main").inner_text())
    whole(page)


def _somebody_to_call() -> tuple[str, str]:
    """An indicator and a municipality that has a peer who does better and has confirmed a mailbox."""
    edition = Edition.objects.published().newest_first()[0]
    chosen = [
        people.indicator(code) for code in ("h-botilbud-ventetid", "b-fravaer-over-ti", "b-neet", "v-stof-garanti")
    ]
    peers = Peers(edition, chosen)
    for indicator in chosen:
        for one in Municipality.objects.order_by("code"):
            if any(better.contact for better in peers.better(indicator, one)):
                return indicator.code, one.slug
    raise AssertionError
