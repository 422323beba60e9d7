"""The four tasks of the site's readers, counted: what a designer counted in November 2026 before it was built anew.

A parent with a phone needed 11 taps and 12 screens; a journalist met the number three clicks before its reservation; an
analyst had no list of who does better; a council member had no sheet.
"""

import re

from playwright.sync_api import Browser, Page, expect


def test_a_parent_with_a_phone_has_the_answer_in_two_actions_and_on_one_screen(browser: Browser, base_url: str) -> None:
    with browser.new_context(
        base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        page.goto("/")
        page.locator("main input[name=q]").press_sequentially("hjørring barn med handicap")  # the first action
        answer = page.get_by_role("option").filter(has_text="Børn med handicap og deres familier").first
        expect(answer).to_contain_text(re.compile(r"nr\. \d+.* af \d+.* · mellem nr\. \d+ og \d+"))  # already there
        answer.tap()  # the second
        expect(page).to_have_url(re.compile("/kommune/hjoerring/#boern-med-handicap-og-deres-familier$"))
        expect(page.locator("#boern-med-handicap-og-deres-familier > summary")).to_be_in_viewport()


def test_a_journalist_meets_the_reservation_before_the_number(page: Page) -> None:
    page.goto("/rangliste/")
    page.locator("#aendring").click()
    expect(page).to_have_url(re.compile("aendring=vis"))
    reservation = page.locator(".finding-line")
    expect(reservation).to_contain_text("større end usikkerheden")
    changes = page.locator("tbody tr").first
    above, below = reservation.bounding_box(), changes.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]


def test_an_analyst_has_what_pulls_down_and_who_does_better_on_one_page_and_in_one_file(page: Page) -> None:
    page.goto("/kommune/hjoerring/")
    page.get_by_role("link", name=re.compile(r"Se alle \d+ tal, der trækker ned")).click()
    rows = page.locator("tbody tr").count()
    assert rows > 10
    with page.expect_download() as downloading:
        page.locator(".take-away a", has_text="CSV").first.click()
    lines = downloading.value.path().read_text("utf-8-sig").splitlines()
    assert {"bedre_kommunekode", "retning"} <= set(lines[0].split(";"))
    assert len(lines) > rows


def test_a_council_member_has_one_sheet(page: Page) -> None:
    page.goto("/kommune/hjoerring/")
    sheet = page.request.get(page.get_by_role("link", name="Én side (PDF)").get_attribute("href") or "")
    assert sheet.headers["content-type"] == "application/pdf"  # that it is one page: test_one_page.py
