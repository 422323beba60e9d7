"""The share panel: its sentence holds, its addresses are pinned and answer, its programs are the page's own rows."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from rankings.models import Edition, Level, Placement
from tests.visited import visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]


def _panel(client: Client, side: str) -> str:
    return unescape(client.get("/del/", {"side": side}).content.decode())


def _sentence(panel: str) -> str:
    found = re.search(r'class="quote" data-copy-text>([^<]+)<', panel)
    assert found
    return found[1]


def test_the_sentence_of_a_municipality_has_its_place_n_interval_edition_and_warning(client: Client) -> None:
    edition = Edition.objects.published().newest_first()[0]
    own = Placement.objects.overall().get(edition=edition, municipality__slug="roedovre")
    said = _sentence(_panel(client, "/kommune/roedovre/"))
    assert f"af {own.n}, mellem nr. {own.low} og {own.high} i 9 af 10 beregninger" in said
    assert f"udgave {edition.release}" in said
    assert "Demodata: tallene er opdigtede." in said


def test_the_sentence_of_a_ranking_names_all_who_are_first_or_none(client: Client) -> None:
    edition = Edition.objects.published().newest_first()[0]
    first = Placement.objects.filter(edition=edition, level=Level.AREA, area__slug="handicap", rank=1)
    said = _sentence(_panel(client, "/rangliste/omraade/handicap/"))
    names = [row.municipality.name for row in first.select_related("municipality")]
    assert all(name in said for name in names) if len(names) <= 3 else not any(name in said for name in names)
    assert "9 af 10 beregninger" in said or len(names) > 1


def test_a_filter_goes_along_into_sentence_picture_embed_and_call(client: Client) -> None:
    panel = _panel(client, "/rangliste/?region=1084&vis=kort")
    assert "viste kommuner" in _sentence(panel)
    for address in ("kort.png?region=1084", "indlejr/kort/?region=1084", "&region=1084"):
        assert address in panel
    call = re.search(r'<a href="[^"]*(/api/v1/rankings\?[^"]+)"', panel)
    assert call
    rows = json.loads(client.get(call[1]).content)["rows"]
    page = client.get("/@2026.1/rangliste/?region=1084").content.decode()
    assert rows
    assert all(row["municipality"] in page for row in rows)


@pytest.mark.parametrize("side", ["/kommune/roedovre/", "/indikator/b-omgoerelse/", "/en/area/handicap/"])
def test_every_address_of_the_panel_is_pinned_and_answers(client: Client, side: str) -> None:
    panel = _panel(client, side)
    part = panel[panel.index('id="del"') : panel.index("</aside>")]
    own = set(re.findall(r'(?:href|src)="(/[^"]+)"', part))
    own = {one for one in own if not one.endswith(".js") and "/api/" not in one and "static" not in one}
    pinned = {one for one in own if "@2026.1" in one}
    assert len(pinned) >= 4
    for one in pinned:
        assert visited(one).status == 200, one


def test_a_page_without_a_figure_has_nothing_to_share(client: Client) -> None:
    assert client.get("/del/", {"side": "/om/"}).status_code == 404


def test_an_embed_of_a_selection_has_the_years_that_were_chosen_and_no_others(client: Client) -> None:
    path = "/indlejr/udvalg/indikator/b-omgoerelse/"
    text = client.get(path, {"kommune": ["roedovre", "greve"], "fra": "2024", "til": "2025"}).content.decode()
    table = text[text.index("<table") : text.index("</table>")]
    assert re.findall(r">(20\d\d)<", table) == ["2024", "2025"]
    assert "Rødovre" in table
    assert "Greve" in table
    assert client.get(path, {"kommune": "atlantis"}).status_code == 404
    assert client.get(path, {"kommune": "greve", "fra": "i går"}).status_code == 422


def test_an_embed_of_a_comparison_may_be_framed_and_shows_everybody(client: Client) -> None:
    answer = client.get("/indlejr/sammenlign/", {"kommune": ["roedovre", "greve"]})
    text = answer.content.decode()
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Rødovre" in text
    assert "Greve" in text


def test_press_sheets_of_a_set_are_those_of_the_municipalities_and_no_more_than_ten(client: Client) -> None:
    text = client.get("/presse/udvalg/", {"kommune": ["roedovre", "greve"]}).content.decode()
    assert text.count('class="stack press-sheet"') == 2
    eleven = list(Placement.objects.overall().values_list("municipality__slug", flat=True).distinct()[:11])
    assert "Vælg højst 10 kommuner ad gangen." in client.get("/presse/udvalg/", {"kommune": eleven}).content.decode()
