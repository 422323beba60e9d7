"""How the API behaves towards whoever asks: open, saying why not, sending nothing twice, no more than it can bear."""

import json
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from portal.api.site import document
from portal.published.edition import edition_of_address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_fresh_minute() -> None:
    caches["limits"].clear()


def test_every_resource_the_issue_names_is_there(client: Client) -> None:
    named = {"editions", "municipalities", "areas", "themes", "indicators", "measurements", "placements", "comparisons",
             "own-weights", "revisions"}  # fmt: skip
    found = client.get("/api/v1/").json()["resources"]
    assert named <= set(found)


def test_any_origin_may_read_and_nobody_may_write(client: Client) -> None:
    assert client.get("/api/v1/areas")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/api/v1/areas", headers={"origin": "https://avis.example"})
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for method in (client.post, client.put, client.patch, client.delete):
        answer = method("/api/v1/areas")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/areas?edition=1999", 404),
        ("/api/v1/municipalities/atlantis", 404),
        ("/api/v1/rankings?region=nowhere", 404),
        ("/api/v1/placements?municipality=roedovre&municipality=atlantis", 404),
        ("/api/v1/placements?subject=nothing", 404),
        ("/api/v1/measurements?indicator=nothing", 404),
        ("/api/v1/rankings?sorter=nothing", 404),
        ("/api/v1/areas?page=2", 404),
        ("/api/v1/areas?page=none", 422),
        ("/api/v1/areas?fields=secret", 422),
        ("/api/v1/placements?municipalty=aarhus", 422),
        ("/api/v1/own-weights?weight=handicap:-1", 422),
    ],
)
def test_every_refusal_is_a_problem_that_says_what_is_wrong(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == address
    if status == 422:
        assert problem["errors"][0]["parameter"] in address


def test_what_is_known_already_is_not_sent_again(client: Client) -> None:
    first = client.get("/api/v1/themes?page_size=3")
    again = client.get("/api/v1/themes?page_size=3", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/v1/themes?page_size=4")
    assert other["ETag"] != first["ETag"]


def test_head_is_get_without_a_body(client: Client) -> None:
    head, get = client.head("/api/v1/areas"), client.get("/api/v1/areas")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == get["ETag"]


def test_too_many_requests_are_told_how_long_to_wait(client: Client, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    settings.CACHE_PAGES = False
    answers = [client.get(f"/api/v1/areas?page_size={size}") for size in range(1, 12)]
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) >= 11 - 2 * 3  # the minute of the clock may turn once in between
    assert all(1 <= int(one["Retry-After"]) <= 60 for one in refused)
    assert json.loads(refused[0].content)["title"] == "Too many requests"
    someone_else = client.get("/api/v1/areas?page_size=20", REMOTE_ADDR="192.0.2.7")
    assert someone_else.status_code == 200


def test_pages_go_through_every_row_once(client: Client) -> None:
    whole = client.get("/api/v1/placements?level=area&fields=municipality,subject&page_size=1000").json()
    address, rows = "/api/v1/placements?level=area&fields=municipality,subject&page_size=100", []
    while address:
        page = client.get(address).json()
        rows += page["rows"]
        address = (page["next"] or "").partition("/api/v1")[2] and "/api/v1" + page["next"].partition("/api/v1")[2]
    assert rows == whole["rows"]
    assert len(rows) == whole["count"] == 3 * 98


def test_a_stretch_over_two_levels_is_whole(client: Client) -> None:
    fields = "fields=level,subject,municipality_code"
    first = client.get(f"/api/v1/placements?{fields}&page_size=150&page=1").json()["rows"]
    longer = client.get(f"/api/v1/placements?{fields}&page_size=300&page=1").json()["rows"]
    second = client.get(f"/api/v1/placements?{fields}&page_size=150&page=2").json()["rows"]
    assert first + second == longer
    assert {row["level"] for row in first} == {"overall", "area"}


def test_fields_leaves_the_others_out(client: Client) -> None:
    row = client.get("/api/v1/rankings?fields=municipality,rank").json()["rows"][0]
    assert set(row) == {"municipality", "rank"}
    assert client.get("/api/v1/rankings?fields=municipality&fields=rank").json()["rows"][0] == row


def test_names_come_in_both_languages_and_figures_stay(client: Client) -> None:
    danish, english = (client.get(f"/api/v1/rankings?level=area&subject=handicap&lang={code}") for code in ("da", "en"))
    assert (danish["Content-Language"], english["Content-Language"]) == ("da", "en")
    first, same = danish.json()["rows"][0], english.json()["rows"][0]
    assert (first["subject_name"], same["subject_name"]) == ("Handicapområdet", "Disability")
    assert first["score"] == same["score"]
    assert first["text"].replace(",", ".") == same["text"]


def test_a_measurement_names_the_cell_it_came_from(client: Client) -> None:
    rows = client.get("/api/v1/measurements?indicator=b-omgoerelse&edition=2025.2").json()["rows"]
    present = [row for row in rows if row["value"] is not None]
    assert present
    assert all(row["file"] and len(row["upload"]) == 64 and row["row"] and row["column"] for row in present)
    assert all(row["missing"] for row in rows if row["value"] is None)


def test_own_weights_that_change_nothing_give_the_published_ranks(client: Client) -> None:
    rows = client.get("/api/v1/own-weights?weight=handicap:1").json()["rows"]
    assert all(row["rank"] == row["published_rank"] for row in rows)
    other = client.get("/api/v1/own-weights?weight=handicap:10&weight=voksne:0").json()["rows"]
    assert [row["municipality"] for row in other] != [row["municipality"] for row in rows]


def test_a_correction_says_what_it_changed(client: Client) -> None:
    (revision,) = client.get("/api/v1/revisions").json()["rows"]
    assert (revision["release"], revision["replaced"]) == ("2025.2", "2025.1")
    changes = client.get("/api/v1/revisions/2025.2?page_size=1000").json()["rows"]
    values = [row for row in changes if row["kind"] == "value"]
    assert len(values) == revision["changed_values"] == 3
    assert all(row["before"] > row["after"] for row in values)


def test_the_document_is_openapi_3_1_with_examples() -> None:
    described = document()
    assert described["openapi"].startswith("3.1")
    for operations in described["paths"].values():
        assert operations["get"]["summary"]
        assert {"200", "404", "422", "429"} <= set(operations["get"]["responses"])
    assert '"examples"' in json.dumps(described)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_documentation_page_needs_no_script_and_no_style_of_its_own(client: Client, prefix: str) -> None:
    html = client.get(f"{prefix}/api/").content.decode()
    for path in document()["paths"]:
        assert f"/api/v1{path}" in html
    assert "style=" not in html
    assert "<script>" not in html


def test_the_examples_of_the_documentation_page_answer(client: Client) -> None:
    from portal.api.docs import api_page  # noqa: PLC0415  it reads the document, which reads the settings

    examples = {resource["path"]: resource["example"] for resource in api_page(edition_of_address())["resources"]}
    for example in examples.values():
        assert client.get(example).status_code == 200, example
    assert examples["/editions/{release}"] == "/api/v1/editions/2026.1"  # the newest, whatever year it is of
    assert examples["/measurements"].endswith("edition=2026.1")
    assert examples["/revisions/{release}"].endswith("/2025.2")


@pytest.mark.usefixtures("_empty_site")
def test_a_young_site_says_that_nothing_is_published(client: Client) -> None:
    answer = client.get("/api/v1/areas")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
