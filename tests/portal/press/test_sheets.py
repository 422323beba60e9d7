"""The sheets of the world: page, PDF and text say the same, every number has a proof, nothing pinned changes."""

import re
import shutil
import zlib
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from indicators.models import Indicator, Municipality
from portal.addresses import Addresses
from portal.pictures import pango, pdf
from portal.press.gathering import indicator_facts
from portal.press.pdf import path_of, pdf_of, source
from portal.press.sheet import Sheet, sheet_of, wanted_of
from portal.published.edition import edition_of_address
from portal.published.press_figures import figures_of
from rankings.models import Edition, Placement
from rankings.services.editions import correct_edition, publish_edition
from tests.markup import Markup
from tests.visited import as_it_is_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]
PAGES = ("/presse/", "/kommune/roedovre/presse/", "/indikator/b-omgoerelse/presse/")


def _sheet(name: str = "Rødovre", release: str = "2026.1") -> Sheet:
    edition = Edition.objects.get(year=release[:4], revision=release[5:])
    return sheet_of(edition, Municipality.objects.get(name=name), Addresses(release))


@pytest.mark.parametrize("path", PAGES)
def test_page_and_text_have_the_same_sentences_warnings_and_numbers(client: Client, path: str) -> None:
    html = Markup(client.get(path).content.decode())
    text = re.sub(r"\s+", " ", client.get(f"{path.rstrip('/')}.txt").content.decode())
    said = ["".join(one.itertext()) for one in html.all("p") if "data-sentence" in one.attrib]
    assert 1 <= len(said) <= 5
    for sentence in said:
        assert re.sub(r"\s+", " ", sentence) in text
    assert "Det kan ikke skrives" in text
    assert "demodata" in text


@pytest.mark.parametrize("path", PAGES)
def test_every_number_of_a_sheet_opens_its_proof(client: Client, path: str) -> None:
    links = [link for link in Markup(client.get(path).content.decode()).links if link.startswith("/spor/")]
    assert links
    assert {client.get(link).status_code for link in sorted(set(links))[:6]} == {200}


def test_a_printed_number_is_the_number_its_proof_shows(client: Client) -> None:
    checked = 0
    for sentence in _sheet().sentences:
        for piece in sentence.pieces:
            if piece.url and "%" in piece.text:
                assert piece.text.replace("\u00a0", " ") in Markup(client.get(piece.url).content.decode()).text
                checked += 1
    assert checked


@pytest.mark.parametrize("name", ["Rødovre", "Ærø", "Læsø", "Aarhus"])
def test_every_sheet_says_something_and_warns_of_demo_data_first(name: str) -> None:
    sheet = _sheet(name)
    assert sheet.sentences
    assert sheet.warnings[0] == "Brug ikke tallene: de er opdigtede (demodata)."


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.full)])
def test_municipalities_and_indicators_have_a_sheet_without_a_hole_in_it(every: int) -> None:
    """Each day those with the most and the fewest missing figures, and some between."""
    edition = Edition.objects.get(year=2026)
    of_this = Placement.objects.of(edition).exclude(missing="")
    many = Counter(of_this.values_list("municipality_id", flat=True))
    lack = Counter(of_this.values_list("indicator_id", flat=True))
    subjects: list[Municipality | Indicator] = sorted(Municipality.objects.all(), key=lambda one: -many[one.pk])
    of_the_edition = Indicator.objects.filter(criterion__edition=edition).select_related("theme__area", "source")
    subjects += sorted(of_the_edition, key=lambda one: lack[one.pk])
    assert len(subjects) > 190
    for subject in subjects[::every]:
        sheet = sheet_of(edition, subject, Addresses("2026.1"))
        for line in (*(one.text for one in sheet.sentences), *sheet.warnings, *sheet.questions):
            assert not re.search(r"%\(|None|  |\(\)|»«", line), line
        for table in sheet.tables:
            assert [
                (row.name, cell.label) for row in table.rows for cell in row.cells if not cell.text + cell.missing
            ] == []


def test_the_same_edition_always_gives_the_same_sentences() -> None:
    assert _sheet() == _sheet()


def test_a_pdf_is_tagged_named_and_in_its_language() -> None:
    content = pdf_of(_sheet(), "da")
    assert content.startswith(b"%PDF-")
    inside = content + b"".join(_streams(content))
    for mark in (b"StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid"):
        assert mark in inside
    assert "Rødovre".encode("utf-16-be") in inside or b"R\xc3\xb8dovre" in inside


def _streams(content: bytes) -> list[bytes]:
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return found


def test_a_contact_is_told_where_the_site_has_one_and_leaves_no_gap_where_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, contact in (("Fanø", ""), ("Samsø", "presse@example.org")):
        monkeypatch.setattr(settings, "PRESS_CONTACT", contact)
        page = Markup(client.get(f"/kommune/{name.lower().replace('ø', 'oe')}/presse/").content.decode())
        html = source(_sheet(name), "da")
        assert ("Kontakt" in html) == ("kontakt" in html) == ("Kontakt" in page.text) == bool(contact)
        assert contact in html
        assert not re.search(r"<(p|h2)[^>]*>\s*</\1>", html)


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert pdf_of(_sheet(), "da") == pdf_of(_sheet(), "da")


def test_a_corrections_sheet_says_that_it_is_one(client: Client) -> None:
    reason = Edition.objects.get(year=2025, revision=2).reason
    assert reason in client.get("/2025/presse/").content.decode()


def test_without_pango_the_address_of_the_pdf_says_what_to_install(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pango, "found", lambda: False)
    pdf._tools.cache_clear()
    path_of("2026.1", "da", "presse-odder-2026.1-demodata").unlink(missing_ok=True)
    answer = client.get("/kommune/odder/presse.pdf")
    pdf._tools.cache_clear()
    assert answer.status_code == 501
    assert b"libpango" in answer.content


def test_getting_ready_loads_all_that_a_first_sheet_needs_and_is_silent_where_it_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pdf._tools.cache_clear()
    pdf.get_ready()
    assert pdf._tools.cache_info().currsize == 1
    monkeypatch.setattr(pango, "found", lambda: False)
    pdf._tools.cache_clear()
    pdf.get_ready()
    assert pdf._tools.cache_info().currsize == 0


def test_a_sheet_loads_nothing_from_anywhere() -> None:
    _weasyprint, _style, _fonts, fetcher = pdf._tools(pdf.STYLE)
    with pytest.raises(ValueError, match="loads nothing"):
        fetcher.fetch("file:///etc/hostname")


def test_the_command_makes_sheets_and_cards_with_a_line_of_progress() -> None:
    said = StringIO()
    call_command("make_press_sheets", 2026, only=["roedovre", "aeroe"], stdout=said)
    assert "da: 3 of 3 sheets" in said.getvalue()
    assert path_of("2026.1", "da", "presse-roedovre-2026.1-demodata").read_bytes().startswith(b"%PDF-")
    assert (Path(settings.MEDIA_ROOT) / "cards" / "2026.1" / "da" / "aeroe.png").exists()


def test_a_median_that_prints_as_before_has_not_moved() -> None:
    edition = Edition.objects.published().get(year=2026)
    figures = figures_of(edition)
    indicator = next(one for one in figures.indicators if one.code == "b-omgoerelse")
    key = ("indicator", indicator.pk)
    now, before = figures.spreads[key], figures.spreads_before[key]
    now.median, before.median = 12.41, 12.39
    facts = indicator_facts(figures, indicator)
    assert (facts.spread.median, facts.before_median, facts.median_rises) == ("12,4\u00a0%", "12,4\u00a0%", 0)
    before.median = 11.0
    assert indicator_facts(figures, indicator).median_rises == 1


def test_a_current_sheet_is_held_against_what_its_page_is_and_a_pinned_one_against_what_it_was(client: Client) -> None:
    address = "/@2026.1/kommune/roedovre/presse"
    before = {ending: client.get(f"{address}{ending}").content for ending in (".pdf", ".txt")}
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "press")
    _correct(2025)
    edition, municipality = Edition.objects.published().get(year=2026), Municipality.objects.get(slug="roedovre")
    with as_it_is_now():
        for prefix in ("", "@2026.1"):
            shown = edition_of_address(prefix)
            figures = figures_of(shown.edition, wanted_of(municipality), against=shown.previous)
            assert figures.previous == shown.previous
            compared = set(figures.explanations.values())
            assert {one.compared_with for one in compared} == {shown.previous}
        addresses = Addresses(edition.release)
        now_said = sheet_of(edition, municipality, addresses, against=edition_of_address().previous)
        assert (now_said.against, sheet_of(edition, municipality, addresses).against) == ("2025.3", "")
    _correct(2026)
    with as_it_is_now():
        assert {ending: client.get(f"{address}{ending}").content for ending in (".pdf", ".txt")} == before
        assert b"Udgave 2026.2" in client.get("/kommune/roedovre/presse.txt").content


def _correct(year: int) -> None:
    user, now = User.objects.get_or_create(username="anna")[0], timezone.now()
    publish_edition(edition=correct_edition(year=year, reason="Prøve.", by=user, now=now), by=user, now=now)
