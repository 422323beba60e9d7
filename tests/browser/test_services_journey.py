"""A parent on a phone finds the services near Struer in three clicks, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(browser: Browser, base_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=request.param,
        base_url=base_url,
        locale="da-DK",
        viewport={"width": 360, "height": 740},
    )
    yield context.new_page()
    context.close()


def test_a_parent_finds_the_services_near_and_who_decides_in_three_clicks(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("main").get_by_role("link", name="Tilbud til borgerne").click()
    phone.get_by_label("Målgruppe").select_option(label="Børn og unge med erhvervet hjerneskade")
    phone.get_by_label("Alder", exact=True).fill("12")
    phone.get_by_label("Nær en by").fill("Struer")
    phone.get_by_role("button", name="Vis", exact=True).click()
    first = phone.locator("main .table tbody tr").first
    expect(first).to_contain_text("under 1 km")
    expect(first).to_contain_text("6–17 år")
    expect(phone.get_by_text("Kommunen afgør, hvilket tilbud en borger får")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    first.get_by_role("link").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Opdigtet tilbud Birken 1")
    expect(phone.get_by_text("Ankestyrelsen")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
