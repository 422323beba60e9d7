"""What readers of services meet: the same rows everywhere, nothing protected anywhere, no promises."""

import csv
import datetime as dt
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from indicators.provisions.models import Provision, Registration, Table
from indicators.provisions.shown.gaps import gaps_on
from indicators.provisions.shown.municipality import register_day
from tests.indicators.provisions.register import service, written
from tests.markup import Markup

pytestmark = pytest.mark.django_db
QUESTIONS = (
    "",
    "?maalgruppe=boern-hjerneskade&alder=12&sted=Struer",
    "?paragraf=bl-43",
    "?form=private&landsdel=Fyn",
    "?kommune=struer",
    "?maalgruppe=voksne-misbrug&alder=30",
)
OUTPUTS = (
    "provisions", "provisions-csv", "provisions-geojson", "provisions-gaps", "provisions-gaps-csv", "embed-provisions",
)  # fmt: skip


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def _api(client: Client, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/provisions{query or '?'}{'&' if query else ''}page_size=7"
    while address:
        body = client.get(address.removeprefix("http://127.0.0.1:8000")).json()
        rows += body["rows"]
        address = body["next"]
        assert body["count"] >= len(rows)
    return rows


@pytest.mark.parametrize("query", QUESTIONS)
def test_list_map_table_and_every_file_have_the_same_rows_and_sums(client: Client, query: str) -> None:
    page = client.get(f"/tilbud/{query}").context["page"]
    of_csv = _csv(client.get(f"/tilbud.csv{query}").content.decode())
    of_geojson = json.loads(client.get(f"/tilbud.geojson{query}").content)["features"]
    of_api = _api(client, query)
    numbers = [row["tilbudsid"] for row in of_csv]
    assert numbers == [one["id"] for one in of_geojson] == [row["tilbudsid"] for row in of_api]
    on_page = [row.url.rstrip("/").rpartition("/")[2] for row in page["table"].rows] if page["table"] else []
    assert on_page == numbers[:40]
    places = sum(int(row["pladser"] or 0) for row in of_csv)
    assert places == sum(row["pladser"] or 0 for row in of_api)
    counts = page["counts"].rows if page["counts"] else ()
    assert sum(int(row.cells[0].text) for row in counts) == len(numbers)
    assert sum(int(row.cells[1].text.replace(".", "")) for row in counts) == places
    named = re.findall(r": (\d+) tilbud", " ".join(place.title for place in page["map"].places)) if page["map"] else []
    assert sum(map(int, named)) == len(numbers)


def test_a_protected_service_is_in_no_output(client: Client) -> None:
    """Whatever the file holds: points, a name with its town, a target group, a payer."""
    row = "{};Hemmeligt Hus i Lemvig;privat;Lemvig;56,5486;8,3102;{};{};i drift;2026-01-01"
    kinds = {"Z1": ("krisecenter", ""), "Z2": ("sikret", ""), "Z3": ("plejefamilie", ""), "Z4": ("", "ja")}
    written(Table.PROVISIONS, *(row.format(number, *kind) for number, kind in kinds.items()))
    written(Table.TARGET_GROUPS, *(f"{number};;boern-autisme" for number in kinds))
    written(Table.USAGE, *(f"{number};Lemvig;2030;20" for number in kinds))
    hidden = [*Provision.objects.filter(protected=True).values_list("number", flat=True)]
    names = {*Registration.objects.filter(protected=True).values_list("name", flat=True), "Hemmeligt", "56.5486"}
    assert len(hidden) >= 7
    with override("da"):
        paths = [reverse(name) for name in OUTPUTS]
    paths += [f"{path}?sted=Lemvig" for path in paths[:3]] + [f"{path}?kommune=lemvig" for path in paths[:3]]
    paths += ["/api/v1/provisions?page_size=1000", "/api/v1/provisions/gaps?page_size=1000", "/kommune/lemvig/"]
    paths += ["/tilbud/kommuner.csv", "/api/v1/provisions/municipalities?page_size=1000"]
    paths += ["/soeg/?q=Hemmeligt", "/soeg/forslag/?q=Hemmeligt", "/sitemap.xml", "/llms.txt"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode().replace("q=Hemmeligt", "").replace('value="Hemmeligt"', "")
        if "soeg" not in path:  # the search repeats what it was asked
            assert [name for name in names if name in text] == [], path
        assert [number for number in hidden if re.search(rf"\b{number}\b", text)] == [], path
    for number in hidden:
        assert client.get(f"/tilbud/id/{number}/").status_code == 404
    gaps = client.get("/tilbud/huller/").context["page"]
    assert sum(int(row.cells[0].text) for row in gaps["protected"].rows) == len(hidden)


def test_a_value_that_nobody_knows_gives_no_list_of_something_else(client: Client) -> None:
    for query in ("?maalgruppe=x", "?alder=gammel", "?sted=Xyz", "?form=x", "?paragraf=x", "?kommune=x", "?landsdel=x"):
        answer = client.get(f"/tilbud/{query}")
        assert (answer.status_code, answer.context["page"].get("table")) == (422, None)
        assert query.rpartition("=")[2] in answer.context["page"]["error"]
        assert client.get(f"/tilbud.csv{query}").status_code == 422
        assert client.get(f"/tilbud.geojson{query}").status_code == 422
        assert client.get(f"/api/v1/provisions{query}").status_code in {404, 422}
    assert client.get("/tilbud/huller/?maalgruppe=x").status_code == 422


PAGES = ("/tilbud/", "/tilbud/?maalgruppe=voksne-misbrug&landsdel=Fyn", "/tilbud/huller/", "/tilbud/id/D1001/",
         "/tilbud/id/D1003/")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_who_decides_and_how_to_complain_stand_on_every_page(client: Client, path: str) -> None:
    for prefix, decides, complain in (
        ("", "Kommunen afgør", "Ankestyrelsen"),
        ("/en", "The municipality decides", "National Social Appeals Board"),
    ):
        address = (
            path.replace("/tilbud/huller/", "/services/gaps/").replace("/tilbud/", "/services/") if prefix else path
        )
        text = client.get(prefix + address).content.decode()
        assert decides in text
        assert complain in text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_that_there_is_no_help_or_that_one_can_choose(client: Client, path: str) -> None:
    text = client.get(path).content.decode().casefold()
    for never in ("ingen hjælp", "du kan vælge", "frit valg", "gennemsnit af tilsyn", "dækningsgrad"):
        assert never not in text


def test_every_level_stands_with_who_says_it(client: Client) -> None:
    page = client.get("/tilbud/id/D1001/").context["page"]
    assert len(page["claims"]) == 3
    assert len({one["scheme"] for one in page["claims"]}) == 2  # two schemes side by side
    assert all(one["according_to"] and one["source"] for one in page["claims"])
    text = client.get("/tilbud/id/D1001/").content.decode()
    for level in ("Opdigtet niveau A1", "Opdigtet niveau A2", "Opdigtet niveau B-høj"):
        assert re.search(rf"{level}\s+ifølge", text)


def test_two_sources_that_differ_are_both_shown(client: Client) -> None:
    (one,) = client.get("/tilbud/id/D1001/").context["page"]["otherwise"]
    assert [(said["value"], said["source"]) for said in one["said"]] == [
        ("24", "Opdigtet tilbudsregister"),
        ("9", "Opdigtet kommunal oversigt"),
    ]


def test_a_severe_reaction_is_said_and_no_mean_is(client: Client) -> None:
    page = client.get("/tilbud/id/D1003/").context["page"]
    assert [one["reaction"] for one in page["inspections"]] == ["Skærpet tilsyn"]
    assert len(page["inspections"][0]["themes"].rows) == 7


def test_an_empty_cell_says_no_registered_place(client: Client) -> None:
    page = client.get("/tilbud/huller/").context["page"]
    cells = [cell for row in page["by_landsdel"].rows for cell in row.cells]
    empty = [cell for cell in cells if cell.missing]
    assert empty
    assert {cell.missing for cell in empty} == {"ingen registreret plads"}
    assert all(cell.text for cell in cells if not cell.missing)
    assert page["is_demo"]


def test_a_closed_service_keeps_its_page_and_leaves_the_list(client: Client) -> None:
    written(Table.PROVISIONS, service("X1", rest=";;;;lukket;2026-01-01"))
    assert client.get("/tilbud/id/X1/").context["page"]["closed"]
    assert "X1" not in client.get("/tilbud.csv").content.decode()


def test_the_box_of_a_municipality_keeps_three_things_apart(client: Client) -> None:
    box = client.get("/kommune/struer/").context["page"]["supply"]
    assert [fact.name for fact in box["facts"]] == [
        "Ligger her",
        "I landsdelen Vestjylland",
        "Målgrupper med en registreret plads i landsdelen",
    ]
    assert "i andre kommuner" in box["used_says"]
    assert client.get("/2024/kommune/struer/").context["page"]["supply"] is None  # an older page stays as it was


def test_diversity_is_the_same_in_box_file_and_api_and_ranked_in_none(client: Client) -> None:
    of_csv = {row["kommune"]: row for row in _csv(client.get("/tilbud/kommuner.csv").content.decode())}
    of_api = client.get("/api/v1/provisions/municipalities?page_size=1000").json()["rows"]
    assert len(of_csv) == len(of_api) == 98
    assert sum(int(row["tilbud_her"]) for row in of_csv.values()) == len(
        _csv(client.get("/tilbud.csv").content.decode())
    )
    for row in of_api:
        assert row.pop("opdigtet")
        assert {name: str(value) for name, value in row.items()} | {"opdigtet": "ja"} == of_csv[row["kommune"]]
        assert not {"nr", "rank"} & row.keys()
    some, everything = of_csv["Struer"]["maalgrupper_med_plads_i_landsdelen"], of_csv["Struer"]["maalgrupper"]
    box = client.get("/kommune/struer/").context["page"]["supply"]
    assert box["facts"][2].text == f"{some} af {everything}"


def test_a_spreadsheet_takes_no_name_for_a_formula(client: Client) -> None:
    written(Table.PROVISIONS, service("X1", name="=1+1"))
    (row,) = (row for row in _csv(client.get("/tilbud.csv").content.decode()) if row["tilbudsid"] == "X1")
    assert row["navn"] == "'=1+1"


def test_the_geojson_is_longitude_first_and_has_no_point_where_none_is_known(client: Client) -> None:
    features = json.loads(client.get("/tilbud.geojson").content)["features"]
    points = [one["geometry"]["coordinates"] for one in features if one["geometry"]]
    assert points
    assert len(points) < len(features)
    assert all(7.9 < east < 15.3 and 54.4 < north < 58 for east, north in points)


def test_pages_of_services_are_not_kept_past_a_minute(client: Client) -> None:
    """They read the clock: a vacancy that is seven days old today is gone tomorrow."""
    for path in ("/tilbud/", "/tilbud/id/D1001/", "/tilbud/huller/", "/api/v1/provisions"):
        answer = client.get(path)
        assert "max-age=60" in answer["Cache-Control"]
        assert not hasattr(answer.resolver_match.func, "released")


def test_the_filter_page_costs_eight_queries(django_assert_max_num_queries: Any) -> None:
    client = Client()  # one that holds nothing between two pages
    client.get("/tilbud/")
    with django_assert_max_num_queries(8):
        client.get("/tilbud/?maalgruppe=boern-hjerneskade&alder=12&sted=Struer")


def test_the_form_is_filled_in_as_it_was_asked(client: Client) -> None:
    page = Markup(client.get("/tilbud/?maalgruppe=boern-hjerneskade&alder=12&sted=Struer").content.decode())
    assert page is not None
    asked = client.get("/tilbud/?maalgruppe=boern-hjerneskade&alder=12&sted=Struer").context["page"]["asked"]
    assert (asked["age"], asked["place"]) == ("12", "Struer")
    assert [one["value"] for one in asked["groups"] if one["selected"]] == ["boern-hjerneskade"]


def test_supply_stands_beside_need_and_leads_there_and_back(client: Client) -> None:
    supply = client.get("/behov/").context["page"]["supply"]
    gaps = {row.group.code: row for row in gaps_on(register_day() or dt.date.max).rows}
    for row in supply["table"].rows:
        of_group = gaps[row.url.rpartition("=")[2]]
        assert int(row.cells[0].text) == sum(cell.services for cell in of_group.by_landsdel.values())
        assert int(row.cells[1].text) == sum(cell.places for cell in of_group.by_landsdel.values())
        assert bool(row.cells[2].text) == (row.url.endswith("boern-autisme"))  # the one group whose size is known
    assert supply["is_demo"]
    assert client.get("/2024/behov/").context["page"]["supply"] is None  # an older page stays as it was
    for page in ("/tilbud/", "/tilbud/huller/"):
        assert 'href="/behov/"' in client.get(page).content.decode()
    assert 'href="/tilbud/?paragraf=sel-108"' in client.get("/indikator/h-tilsyn-score/").content.decode()
    assert client.get("/tilbud/?paragraf=sel-108").status_code == 200
