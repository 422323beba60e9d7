"""axe on every kind of page, in both languages and both colour schemes, with everything unfolded."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.addresses import Address
from tests.browser.kinds import pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _violations(page: Page, rules: list[str], kind: str = "tag") -> list[str]:
    found: dict[str, Any] = Axe().run(page, options={"runOnly": {"type": kind, "values": rules}}).response
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("address", pages("da", "en"), ids=str)
def test_axe_finds_nothing_in_light_and_dark(page: Page, address: Address) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address.path)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert _violations(page, RULES) == []
    page.emulate_media(color_scheme="dark")
    assert _violations(page, ["color-contrast", "link-in-text-block"], "rule") == []


@pytest.mark.parametrize("address", pages("da"), ids=str)
def test_a_phone_of_360_px_never_scrolls_sideways(page: Page, address: Address) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address.path)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_text_of_twice_the_size_still_fits(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 740})  # 1280 px at 200 %
    for path in ("/", "/kommune/roedovre/", "/rangliste/", "/indikator/b-omgoerelse/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
