"""The year's main job, in a real browser: hand in, be argued with, correct, accept, apply, publish, take back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from indicators.models import Measurement, Upload, UploadState
from indicators.services.queue import control_connection, work_on_next
from portal.desk.publication import EDITION_WORK
from portal.operating.roles import DATA_STEWARD, PUBLISHER
from rankings.models import Edition, EditionState, Placement
from tests.accounts import Person, SignIn, person, signed_in
from tests.browser.test_accessibility import LOOKS, RULES

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db(transaction=True)
CODE = "b-omgoerelse"
PATIENCE = (
    180_000  # milliseconds: a publication takes five seconds of work, and minutes where nine runs share two cores
)
DARK = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SEEN: set[str] = set()  # what axe was shown in this process, by colour scheme
Desk = Callable[[str, str], Page]


@pytest.fixture
def desk(browser: Browser, base_url: str, person: Person, signed_in: SignIn) -> Desk:
    """A browser window of somebody with a role, signed in with the second factor."""

    def open_desk(name: str, role: str) -> Page:
        session = signed_in(person(name, role)).cookies["sessionid"].value
        context: BrowserContext = browser.new_context(base_url=base_url, locale="da-DK")
        room = f"{base_url}/{settings.ADMIN_PATH}/"
        context.add_cookies([{"name": "sessionid", "value": session, "url": room}])
        return context.new_page()

    return open_desk


def this_years_file(folder: Path) -> tuple[Path, str, int]:
    """All municipalities with a header nobody knows, a total, and one figure that cannot be meant."""
    known = Measurement.objects.current().filter(indicator__code=CODE, value__isnull=False)
    year = max(known.values_list("year", flat=True))
    rows = list(known.filter(year=year).order_by("municipality__sort_key").values_list("municipality__name", "value"))
    odd = rows[5][0]
    values = {name: 98.5 if name == odd else round((value or 0) + 0.3, 1) for name, value in rows}
    lines = [f"{name};{str(value).replace('.', ',')}" for name, value in values.items()]
    path = folder / "omgoerelser.csv"
    path.write_text("\r\n".join(["kommune;Andel ændret af ankestyrelsn", *lines, "Hele landet;31,0", ""]), "utf-8-sig")
    return path, odd, year + 1


def looked_at(page: Page, *, dark: bool = False, within: str = "#content") -> None:
    """Nothing that axe finds in our part of the page, and nothing that scrolls a phone sideways.

    A view of which every look was seen before is not looked at again: most steps show the same forms and tables.
    """
    page.evaluate("document.querySelectorAll('#content-main details').forEach(fold => { fold.open = true })")
    every = (("light", {"type": "tag", "values": RULES}), ("dark", DARK))
    for scheme, rules in every if dark else every[:1]:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # a colour that is still changing has half a contrast
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
        looks = {f"{scheme} {look}" for look in page.evaluate(f"[...({LOOKS})().keys()]")}
        if looks <= SEEN:
            continue
        SEEN.update(looks)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found = Axe().run(page, context=within, options=options).response["violations"]
        assert [(one["id"], node["html"][:150]) for one in found for node in one["nodes"][:3]] == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 740})


def from_home(page: Page) -> None:
    """The year's work leads a steward to the draft, and no further than that."""
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("heading", name="Årets arbejde")).to_be_visible()
    looked_at(page, dark=True)
    page.get_by_role("link", name="Se kladden").first.click()
    page.get_by_role("link", name="Udgiv …").click()
    expect(page.get_by_role("button", name="Udgiv", exact=True)).to_have_count(0)


def made_public(page: Page, edition: Edition) -> None:
    page.goto(reverse("admin:rankings_edition_change", args=[edition.pk]))
    looked_at(page)
    page.get_by_role("link", name="Udgiv …").click()
    expect(page.get_by_role("button", name="Udgiv", exact=True)).to_be_disabled()
    expect(page.locator("#hvorfor")).to_contain_text("Du har ikke set denne beregning")
    looked_at(page)
    page.get_by_role("link", name="Se kladden").click()
    page.get_by_role("link", name="Se alle sider som kladde").click()
    expect(page.get_by_role("region", name="Kladde")).to_contain_text(f"Udgave {edition.release}")
    page.get_by_role("link", name="Rangliste", exact=True).first.click()
    expect(page.get_by_role("region", name="Kladde")).to_be_visible()
    page.goto(reverse("admin:rankings_edition_change", args=[edition.pk]))
    page.get_by_role("button", name="Jeg har set denne beregning").click()
    page.get_by_role("link", name="Udgiv …").click()
    page.get_by_label("Nu", exact=True).check()
    if edition.revision == 1:  # nobody was heard, and that takes a reason
        page.get_by_label("Hvorfor har ingen kommune været i høring?").fill("En prøve.")
    page.get_by_role("button", name="Udgiv", exact=True).click()
    expect(page.get_by_role("progressbar", name="Udgivelsen")).to_be_visible()
    looked_at(page)
    work_off()
    page.goto(reverse("admin:rankings_edition_change", args=[edition.pk]))
    expect(page.get_by_text("er offentlig, og dens filer er skrevet")).to_be_visible(timeout=PATIENCE)


def work_off() -> None:
    """What the worker does when it is woken."""
    with control_connection() as control:
        assert work_on_next(control, follow_ups=EDITION_WORK)


def withdrawn(page: Page, edition: Edition, reader: Page) -> None:
    """Corrected and then withdrawn: the reader is told why, and the edition before is current again."""
    page.goto(reverse("admin:rankings_edition_change", args=[edition.pk]))
    page.get_by_role("link", name="Træk udgaven tilbage …").click()
    looked_at(page)
    page.get_by_label("Hvorfor? Offentligheden ser det.").fill("Tallene kan genkende en person.")
    page.get_by_label(f"Skriv {edition.release} for at bekræfte").fill(edition.release)
    page.get_by_role("button", name="Træk udgaven tilbage").click()
    expect(page.get_by_text("Udgaven er trukket tilbage.")).to_be_visible()
    reader.goto(f"/@{edition.release}/rangliste/")
    expect(reader.get_by_role("heading", name=f"Udgave {edition.release} er trukket tilbage")).to_be_visible()
    expect(reader.get_by_text("Tallene kan genkende en person.")).to_be_visible()
    reader.get_by_role("link", name="Se den udgave, der gælder nu").click()
    expect(reader.locator("body")).to_contain_text("udgave 2026")


@pytest.mark.usefixtures("few_draws")
def test_a_file_goes_from_refused_to_public_and_back(desk: Desk, tmp_path: Path, page: Page) -> None:
    path, odd, year = this_years_file(tmp_path)
    stine = desk("stine", DATA_STEWARD)
    stine.goto(reverse("admin:indicators_upload_add"))
    looked_at(stine)
    stine.get_by_label("Fil:").set_input_files(path)
    stine.get_by_label("Kilde:").fill("Ankestyrelsen")
    stine.get_by_label("Årstal:").fill(str(year))
    stine.get_by_role("button", name="Læs og tjek filen").press("Enter")

    expect(stine.get_by_text("afvist", exact=True)).to_be_visible()
    expect(stine.get_by_role("heading", name=re.compile("^Afvist"))).to_be_visible()
    expect(stine.get_by_role("button", name="Indlæs filen")).to_have_count(0)
    looked_at(stine)
    stine.get_by_label("Kolonnen »Andel ændret af ankestyrelsn«").select_option(CODE)
    stine.get_by_role("button", name="Læs og tjek igen").press("Enter")

    expect(stine.get_by_text("tjekket", exact=True)).to_be_visible()
    expect(stine.get_by_text(re.compile(r"Nye tal \(\d+\)"))).to_be_visible()
    expect(stine.get_by_role("group", name=re.compile("^Advarsler"))).to_contain_text(odd)
    looked_at(stine, dark=True)
    stine.get_by_role("link", name="Se, hvilke kommuner der flytter sig").click()
    expect(stine.get_by_role("row", name=re.compile(f"^{odd} "))).to_contain_text("tilbage")
    looked_at(stine)
    stine.go_back()
    stine.get_by_role("button", name="Indlæs filen").click()
    expect(stine.get_by_text("mangler et ja")).to_be_visible()
    for box in stine.get_by_role("checkbox").all():
        box.press("Space")
    stine.get_by_label("Begrundelse for alle").fill("Set efter hos Ankestyrelsen.")
    stine.get_by_role("button", name="Indlæs filen").press("Enter")
    expect(stine.get_by_text("indlæst", exact=True)).to_be_visible()

    stine.goto(reverse("admin:rankings_edition_changelist"))
    stine.get_by_label("Forbered en ny udgave").fill("2027")
    stine.get_by_role("button", name="Forbered").click(timeout=PATIENCE)
    expect(stine.get_by_text("Kladden er forberedt og beregnet.")).to_be_visible(timeout=PATIENCE)
    from_home(stine)

    edition = Edition.objects.get(year=2027)
    paula = desk("paula", PUBLISHER)
    made_public(paula, edition)
    edition.refresh_from_db()
    assert (edition.state, edition.published_by and edition.published_by.username) == (EditionState.PUBLISHED, "paula")

    upload = Upload.objects.get(name="omgoerelser.csv")
    placed = Placement.objects.of(edition).filter(upload=upload).count()
    assert placed > 90
    stine.goto(reverse("admin:indicators_upload_change", args=[upload.pk]))
    stine.get_by_label("Hvorfor").fill("Forkert fil")
    stine.get_by_role("button", name="Tag indlæsningen tilbage").press("Enter")
    expect(stine.get_by_text("taget tilbage", exact=True)).to_be_visible()
    upload.refresh_from_db()
    assert upload.state == UploadState.TAKEN_BACK
    assert not Measurement.objects.current().filter(indicator__code=CODE, year=year).exists()
    assert Placement.objects.of(edition).filter(upload=upload).count() == placed
    withdrawn(paula, edition, page)


ODD_FILE = (
    "Andel omgjorte afgørelser 2024, pct.\n\n"
    "Kommune;Andel (foreløbige tal);Ændring fra 2023;Rang\n"
    "Odense;21,5;1,2;3\nVejle;18,4;-0,5;1\nÅrhus;30,1;2,0;7\nHele landet;25,0;0,4;\n"
)


def test_the_first_rows_are_drawn_and_a_correction_of_the_reading_changes_them(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "andel.csv"
    path.write_text(ODD_FILE, "utf-8")
    stine = desk("stine", DATA_STEWARD)
    stine.goto(reverse("admin:indicators_upload_add"))
    stine.get_by_label("Fil:").set_input_files(path)
    stine.get_by_label("Årstal:").fill("2025")
    stine.get_by_label("Indikator:").select_option(CODE)
    stine.get_by_role("button", name="Læs og tjek filen").press("Enter")

    grid = stine.get_by_role("region", name="Filens første rækker")
    expect(grid.get_by_role("row", name=re.compile("^4 Odense"))).to_contain_text("21,5 (tal)")
    expect(grid.get_by_role("row", name=re.compile("^7 Hele landet"))).to_contain_text("(ladt ude)")
    expect(stine.get_by_text("Titlen siger 2024, men der er valgt 2025.").first).to_be_visible()
    looked_at(stine, dark=True)
    stine.get_by_label("Årstal:").fill("2024")
    stine.get_by_role("button", name="Læs og tjek igen").press("Enter")
    expect(stine.get_by_text("tjekket", exact=True)).to_be_visible()
    expect(stine.get_by_text("Kolonnen »Ændring fra 2023« ser ud til at være en ændring").first).to_be_visible()

    stine.goto(reverse("admin:indicators_upload_figure"))
    looked_at(stine)
    stine.get_by_label("Indikator:").select_option(CODE)
    stine.get_by_label("Kommune:").select_option(label="Fanø")
    stine.get_by_label("Årstal:").fill("2025")
    stine.get_by_label("Tal:", exact=True).fill("12,5")
    stine.get_by_label("Kilde:").fill("Høringen")
    stine.get_by_label("Begrundelse:").fill("Oplyst af kommunen.")
    stine.get_by_role("button", name="Læs og tjek tallet").press("Enter")
    changed = stine.get_by_role("region", name="Ændrede tal")
    expect(changed.get_by_role("row", name=re.compile("^Fanø .* 2025 .* 12,5 "))).to_be_visible()
    stine.get_by_text("Kassér filen").first.click()
    stine.get_by_role("button", name="Kassér filen").click()
    expect(stine.get_by_text("er kasseret.")).to_be_visible()
    Upload.objects.filter(name__in=["andel.csv", "i-haanden-b-omgoerelse-563-2025.csv"]).delete()
