"""The ranking without the administrations' own answers, and how much of the weight each kind of source is."""

import re

import pytest
from django.test import Client

from portal.published.ranking import shares_of
from rankings.models import Edition, Placement, VariantPlacement
from tests.markup import Markup, text_of

pytestmark = pytest.mark.django_db
PAGE = "/uden-forvaltningernes-svar/"


def test_it_shows_everybodys_stored_place_with_its_own_interval_beside_the_published_one(client: Client) -> None:
    page = Markup(client.get(PAGE).content.decode())
    rows = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for body in page.all("tbody") for row in body}
    assert len(rows) == 98
    stored = VariantPlacement.objects.filter(edition__year=2026, edition__state="published", level="overall")
    for one in stored.select_related("municipality").filter(rank__isnull=False).order_by("rank")[:10]:
        cells = rows[one.municipality.name]
        published = Placement.objects.get(edition=one.edition_id, level="overall", municipality=one.municipality)
        assert f"af {one.n}" in cells[0]
        assert str(one.rank) in cells[0]
        assert re.sub(r"\D+", "–", cells[1]).strip("–") in {f"{one.low}–{one.high}", str(one.low)}
        assert str(published.rank) in cells[3]


def test_a_ranking_leads_to_it_and_an_indicators_does_not(client: Client) -> None:
    assert f'href="{PAGE}"' in client.get("/rangliste/").content.decode()
    assert f'href="{PAGE}omraade/handicap/"' in client.get("/rangliste/omraade/handicap/").content.decode()
    assert "uden-forvaltningernes" not in client.get("/rangliste/indikator/b-omgoerelse/").content.decode()


def test_the_weight_by_kind_of_source_adds_up_and_a_municipality_has_no_more_than_all_of_it(client: Client) -> None:
    assert sum(share for _kind, share in shares_of(Edition.objects.published().get(year=2026)).values()) == (
        pytest.approx(1)
    )
    method = _shares(client, "/metode/")
    own = _shares(client, "/kommune/roedovre/")
    assert sum(row[0] for row in method.values()) == pytest.approx(100, abs=0.3)
    assert method.keys() == own.keys()
    assert all(row[1] <= row[0] == method[kind][0] for kind, row in own.items())


def _shares(client: Client, path: str) -> dict[str, list[float]]:
    page = Markup(client.get(path).content.decode())
    table = next(t for t in page.all("table") if text_of(t).startswith("Vægten efter slags kilde"))
    return {
        text_of(row[0]): [float(re.findall(r"[\d,]+", text_of(cell))[-1].replace(",", ".")) for cell in row[1:]]
        for body in table.iter("tbody")
        for row in body
    }


def test_a_members_figure_says_how_sure_it_is_in_the_ranking_and_a_registers_does_not(client: Client) -> None:
    own = (
        Placement.objects.filter(edition__year=2026, edition__state="published", indicator__code="v-medl-kompetence")
        .filter(low__isnull=False)
        .select_related("measurement")[0]
    )
    assert own.measurement is not None
    said = f"{own.measurement.answered} af {own.measurement.asked} svarede"
    for path in ("/rangliste/indikator/v-medl-kompetence/", "/indikator/v-medl-kompetence/"):
        assert re.search(r"\(yderst \d+–\d+\), \d+ af \d+ svarede", client.get(path).content.decode())
    assert said in client.get("/rangliste/indikator/v-medl-kompetence/").content.decode()
    assert "svarede" not in Markup(client.get("/rangliste/indikator/b-omgoerelse/").content.decode()).text
