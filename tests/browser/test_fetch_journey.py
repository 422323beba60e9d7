"""Figures from the source, in a real browser: look, fetch, read what came, see whom it would move, apply, be told."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.demo.publisher import Cell
from indicators.demo.world import stand_in_tables
from indicators.models import Measurement
from indicators.services.queue import control_connection, work_on_next
from indicators.sources.models import Fetch, Seen
from portal.desk.fetching import SOURCE_WORK
from portal.operating.roles import DATA_STEWARD, PUBLISHER
from tests.accounts import Person, person, signed_in
from tests.browser.test_upload_journey import Desk, desk, looked_at
from tests.indicators.sources.stand_in import Misbehaving

__all__ = ["desk", "person", "signed_in"]
pytestmark = pytest.mark.django_db(transaction=True)
NEET = "Unge uden for uddannelse og job"


@pytest.fixture
def source(base_url: str, settings: Any) -> Iterator[Misbehaving]:
    """The demo's publisher, which has since restated Odense's figure."""
    with Misbehaving(stand_in_tables((2024, 2025, 2026))) as server:
        before = server.tables["LABY10"]

        def restated(chosen: Any) -> Cell:
            cell = before.cell(chosen)
            return cell + 4 if chosen["KOMGRP"] == "461" and isinstance(cell, int | float) else cell

        server.change("LABY10", cell=restated, updated="2026-12-01T08:00:00")
        settings.SOURCE_URLS = {"statbank": server.url}
        yield server


def worked() -> None:
    """What the worker does."""
    with control_connection() as control:
        while work_on_next(control, follow_ups=SOURCE_WORK):
            pass


def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at the page by eye: only where a folder is named."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_office_fetches_a_restated_figure_and_is_told_whom_it_would_move(
    desk: Desk, person: Person, source: Misbehaving
) -> None:
    person("paula", PUBLISHER)
    User.objects.filter(username="paula").update(email="paula@example.org")
    stine = desk("stine", DATA_STEWARD)
    stine.goto(reverse("admin:sources_fetch_sources"))
    looked_at(stine)
    known = Fetch.objects.count()
    stine.get_by_role("button", name=f"Sammenlign {NEET}").press("Enter")
    expect(stine.get_by_text("der gemmes ingen tal")).to_be_visible()
    worked()
    stine.reload()
    expect(stine.get_by_text(f"{NEET}: 2025: 0 nye tal, 1 ændrede, 97 ens (Odense ")).to_be_visible()
    assert Fetch.objects.count() == known
    looked_at(stine)
    stine.get_by_role("button", name="Se efter nyt hos kilderne").press("Enter")
    expect(stine.get_by_text("Bestilt.")).to_be_visible()
    worked()
    stine.reload()
    expect(stine.get_by_text("1 hentet og venter")).to_be_visible()
    looked_at(stine)
    shot(stine, "sources-1280")

    [letter] = mail.outbox
    assert letter.to == ["paula@example.org"]
    assert "Odense: " in letter.body
    assert "Udgaven er ikke ændret. En rettelse er et forslag" in letter.body

    row = stine.get_by_role("row").filter(has=stine.get_by_role("rowheader", name=NEET))
    row.get_by_role("link").click()
    expect(stine.get_by_role("heading", name="Rettede tal, der er trykt i udgave 2026.1")).to_be_visible()
    looked_at(stine)
    shot(stine, "fetch-1280")
    stine.get_by_role("button", name="Jeg har set tallene").press("Enter")
    assert Seen.objects.get().by.username == "stine"
    here = urlsplit(stine.url).path

    old = Measurement.objects.current().get(municipality__code="461", indicator__code="b-neet", year=2025).value
    stine.get_by_role("link", name="b-neet-2025-LABY10.csv (tjekket)").click()
    assert stine.get_by_role("link", name="LABY10,").get_attribute("href") == here
    for fold in stine.locator("#content-main details").all():
        fold.evaluate("fold => { fold.open = true }")
    for box in stine.get_by_role("checkbox").all():
        box.check()
    for reason in stine.get_by_label("Begrundelse").all():
        reason.fill("Kilden har rettet tallet.")
    stine.get_by_role("button", name="Indlæs filen").press("Enter")
    expect(stine.get_by_text("Indlæst: 0 nye tal, 1 ændrede, 97 som før.")).to_be_visible()
    new = Measurement.objects.current().get(municipality__code="461", indicator__code="b-neet", year=2025)
    assert new.value == pytest.approx((old or 0) + 4)


def test_a_proof_shows_the_whole_road_to_the_publishers_answer(page: Page) -> None:
    page.goto("/spor/2026.1-461-b-neet/")
    expect(page.get_by_text("Danmarks Statistik, Statistikbanken, LABY10")).to_be_visible()
    expect(page.get_by_text("ikke fra kildens egen vært")).to_be_visible()
    shot(page, "trace-1280")
    figures = page.get_by_role("link", name="/v1/data")
    content = page.request.get(str(figures.get_attribute("href"))).text()
    assert "461;T1624;2025;" in content
