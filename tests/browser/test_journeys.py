"""What people come to do, in a real browser, from the first page to what they leave with."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page that may say nothing on the console: no error, no breach of the policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


@pytest.fixture
def without_scripts(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="da-DK")
    yield context.new_page()
    context.close()


def test_a_citizen_finds_the_municipality_by_keyboard_and_goes_down_to_the_figures(quiet: Page) -> None:
    quiet.goto("/")
    field = quiet.locator("main input[name=q]")
    field.focus()
    quiet.keyboard.type("rodov")
    options = quiet.get_by_role("option")
    expect(options.first).to_contain_text("Rødovre")
    expect(field).to_have_attribute("aria-expanded", "true")
    quiet.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    quiet.keyboard.press("Enter")
    expect(quiet).to_have_url(re.compile("/kommune/roedovre/$"))
    expect(quiet.get_by_role("heading", level=1)).to_have_text("Rødovre")
    expect(quiet.locator(".answer")).to_contain_text(re.compile(r"[Nn]r\. \d+.* af \d+"))

    theme = quiet.locator(".ladder details").first
    theme.locator("summary").focus()
    quiet.keyboard.press("Enter")
    row = theme.locator("tbody tr").nth(1)
    expect(row).to_be_visible()
    name = row.locator("a").first.inner_text()
    row.locator("a").first.focus()
    quiet.keyboard.press("Enter")
    expect(quiet.get_by_role("heading", level=1)).to_have_text(name)


def test_a_journalist_filters_sorts_and_takes_the_rows_that_are_seen(quiet: Page) -> None:
    quiet.goto("/indikator/b-omgoerelse/")
    quiet.get_by_role("link", name="Se alle kommuner").click()
    expect(quiet).to_have_url(re.compile("/rangliste/indikator/b-omgoerelse/$"))
    if not quiet.locator("#filter-region").is_visible():
        quiet.locator(".filters summary").first.click()
    quiet.select_option("#filter-region", value="1085")  # Region Sjælland
    quiet.locator(".filters").get_by_role("button", name="Vis").click()
    expect(quiet).to_have_url(re.compile(r"\?region=1085$"))
    expect(quiet.locator("tbody tr")).to_have_count(17)
    quiet.locator("thead").get_by_role("link", name="Kommune", exact=True).click()
    expect(quiet).to_have_url(re.compile("region=1085.*sorter=kommune|sorter=kommune.*region=1085"))
    shown = quiet.locator("tbody th").all_inner_texts()
    assert shown[0] == "Faxe"
    assert shown[-1] == "Vordingborg"
    with quiet.expect_download() as downloading:
        quiet.locator(".take-away a", has_text="CSV").first.click()
    taken = downloading.value.path().read_text("utf-8-sig").splitlines()
    assert downloading.value.suggested_filename.endswith("-demodata.csv")
    name = taken[0].split(";").index("kommune")
    assert [line.split(";")[name] for line in taken[1:]] == [name.splitlines()[0] for name in shown]


def test_back_returns_to_the_very_state(quiet: Page) -> None:
    quiet.goto("/rangliste/?region=1084&sorter=score&retning=ned")
    before = quiet.locator("tbody th").all_inner_texts()
    quiet.locator("tbody th a").first.click()
    expect(quiet).to_have_url(re.compile("/kommune/"))
    quiet.go_back()
    expect(quiet).to_have_url(re.compile(r"\?region=1084&sorter=score&retning=ned$"))
    assert quiet.locator("tbody th").all_inner_texts() == before


def test_the_chart_is_loaded_only_when_it_is_pointed_at_and_breaks_no_policy(quiet: Page) -> None:
    asked: list[str] = []
    quiet.on("request", lambda request: asked.append(request.url))
    quiet.goto("/indikator/b-omgoerelse/")
    chart = quiet.locator("[data-figure]").first
    expect(chart.locator("svg.lines")).to_be_attached()
    chart.scroll_into_view_if_needed()
    quiet.wait_for_load_state("networkidle")
    assert not [url for url in asked if "plotly" in url or url.endswith(".json")]
    chart.focus()
    expect(chart.locator(".live .main-svg").first).to_be_visible(timeout=20_000)
    assert [url for url in asked if "plotly" in url]
    assert {url.split("/")[2] for url in asked} == {quiet.url.split("/")[2]}
    drawn = chart.locator(".live")
    drawn.focus()
    quiet.keyboard.press("ArrowRight")
    expect(chart.locator("[role=status]")).to_contain_text(re.compile("20|nr"))
    with quiet.expect_download() as downloading:
        quiet.locator("[data-tools] button").first.click()
    assert re.fullmatch(r"[\w.-]*b-omgoerelse[\w.-]*\.png", downloading.value.suggested_filename)


def test_a_map_is_walked_by_keyboard_and_names_what_it_shows(quiet: Page) -> None:
    quiet.goto("/")
    place = quiet.locator("svg.map a:not([tabindex='-1'])").first
    place.focus()
    assert re.search(r": (nr\. \d+|ikke placeret)", place.locator("title").text_content() or "", re.IGNORECASE)
    quiet.keyboard.press("Enter")
    expect(quiet).to_have_url(re.compile("/kommune/[a-z-]+/$"))


def test_the_skip_link_leads_to_the_content(quiet: Page) -> None:
    quiet.goto("/rangliste/")
    quiet.keyboard.press("Tab")
    expect(quiet.locator(":focus")).to_have_class("skip-link")
    quiet.keyboard.press("Enter")
    assert quiet.evaluate("document.activeElement.id") == "indhold"


def test_the_citation_is_copied(quiet: Page) -> None:
    quiet.context.grant_permissions(["clipboard-read", "clipboard-write"])
    quiet.goto("/rangliste/")
    quiet.locator(".take-away [data-copy]").first.click()
    expect(quiet.locator(".take-away [role=status]").first).not_to_be_empty()
    copied = quiet.evaluate("navigator.clipboard.readText()")
    assert "Socialt Indeks, udgave 2026.1" in copied
    assert "/@2026.1/rangliste/" in copied


def test_everything_works_without_scripts(without_scripts: Page) -> None:
    page = without_scripts
    page.goto("/")
    page.locator("main input[name=q]").fill("Arhus")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name="Aarhus", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aarhus")
    expect(page.locator("svg.lines").first).to_be_visible()
    page.locator(".ladder summary").first.click()
    expect(page.locator(".ladder tbody tr").first).to_be_visible()
    page.goto("/rangliste/")
    if not page.locator("#filter-gruppe").is_visible():
        page.locator(".filters summary").first.click()
    page.select_option("#filter-gruppe", value="Storbykommuner")
    page.locator(".filters").get_by_role("button", name="Vis").click()
    assert {"Aarhus", "Odense", "Aalborg"} <= set(page.locator("tbody th").all_inner_texts())
    expect(page.locator("svg.map").first).to_be_visible()  # beside the list where there is room, else behind a link
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("svg.map").first).to_be_hidden()
    page.get_by_role("link", name="Kort", exact=True).click()
    expect(page.locator("svg.map").first).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/kommune/roedovre/", "/rangliste/", "/indikator/b-omgoerelse/", "/en/"])
def test_nothing_is_said_on_the_console_nothing_is_fetched_elsewhere_nothing_is_stored(quiet: Page, path: str) -> None:
    asked: list[str] = []
    quiet.on("request", lambda request: asked.append(request.url))
    quiet.goto(path)
    quiet.wait_for_load_state("networkidle")
    home = quiet.url.split("/")[2]
    assert [url for url in asked if url.split("/")[2] != home] == []
    assert quiet.context.cookies() == []
    stored = quiet.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(stored) <= {"htmx-current-path-for-history"}  # the address of the tab, gone with it


def test_pointing_at_one_lights_map_dot_and_row_and_fills_the_card(quiet: Page) -> None:
    quiet.set_viewport_size({"width": 1280, "height": 900})
    quiet.goto("/rangliste/?landsdel=Fyn&min=faaborg-midtfyn")
    row = quiet.locator("tbody tr").nth(2)
    name = row.locator("th a").inner_text()
    row.hover()
    card = quiet.locator(".panel-kort [data-card]")
    expect(card).to_contain_text(name)
    expect(card).to_contain_text("Her kan kommunen ligge")
    expect(quiet.locator(".swarm a.lit")).to_have_count(1)
    assert (quiet.locator(".panel-kort .map > use.lit").first.get_attribute("href") or "").startswith("#k")
    expect(quiet.locator("tr.pinned th")).to_contain_text("Faaborg-Midtfyn")
    dots = quiet.locator(".swarm a[tabindex='0']")  # a drawing is one stop of the keyboard
    expect(dots).to_have_count(1)
    dots.focus()
    quiet.keyboard.press("ArrowRight")
    reached = quiet.evaluate("document.activeElement.textContent.split(':')[0].trim()")
    expect(card).to_contain_text(reached)
    quiet.keyboard.press("/")
    expect(quiet.locator("header input[name=q]")).to_be_focused()


def test_the_first_touch_of_the_map_shows_and_the_second_goes(browser: Browser, base_url: str) -> None:
    context = browser.new_context(
        base_url=base_url, has_touch=True, viewport={"width": 360, "height": 740}, locale="da-DK"
    )
    page = context.new_page()
    page.goto("/rangliste/?vis=kort")
    place = page.locator(".panel-kort .map").first.locator("a[href='/kommune/viborg/']")
    place.tap()
    expect(page.locator(".panel-kort [data-card]")).to_contain_text("Viborg")
    expect(page).to_have_url(re.compile("/rangliste/"))
    place.tap()
    expect(page).to_have_url(re.compile("/kommune/viborg/$"))
    context.close()


def test_ones_own_is_remembered_on_the_device_only_when_asked(quiet: Page) -> None:
    quiet.goto("/metode/?min=hjoerring")
    quiet.goto("/metode/")
    expect(quiet.locator("[data-min]")).not_to_contain_text("Hjørring")
    quiet.goto("/metode/?min=hjoerring")
    quiet.locator("[data-keep]").click()
    quiet.goto("/om/")
    expect(quiet).to_have_url(re.compile(r"/om/\?min=hjoerring$"))
    quiet.get_by_role("link", name="fjern").click()
    quiet.goto("/metode/")
    expect(quiet.locator("[data-min]")).not_to_contain_text("Hjørring")
    assert quiet.context.cookies() == []
