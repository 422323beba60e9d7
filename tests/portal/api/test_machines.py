"""What programs rely on: whole files, headers, the OpenAPI document, feeds, descriptions."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from portal.api.site import document
from portal.published.edition import edition_of_address
from rankings.bundle.formats import COLUMNS, About, DataTable, labelled
from tests.markup import Markup
from tests.visited import visited

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_description_is_openapi_by_an_independent_validator_with_short_names() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415  a second, for this one test

    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []
    names = [one["get"]["operationId"] for one in document()["paths"].values()]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and len(name) < 20 for name in names)


def test_a_client_generated_from_the_description_reads_the_ranking(client: Client, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (tmp_path / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--path", "openapi.json",
               "--config", "config.yml", "--output-path", "generated"]  # fmt: skip
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout, made.stdout
    answer = client.get("/api/v1/rankings", {"page_size": 3}).content.decode()
    reading = (
        "import json, sys; from generated.models import RankingRowPage as P; "
        "page = P.from_dict(json.loads(sys.stdin.read())); print(len(page.rows), page.count, page.rows[0].rank)"
    )
    read = subprocess.run([sys.executable, "-c", reading], cwd=tmp_path, input=answer, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert read.stdout.split() == ["3", "98", "1"], read.stderr


@pytest.mark.parametrize("ending", ["csv", "plain.csv", "json", "xlsx", "zip"])
def test_a_whole_edition_is_sent_once_and_compressed_where_it_can_be(client: Client, ending: str) -> None:
    path = f"/hent/hele-udgaven.{ending}"
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    body, sent = (b"".join(one.streaming_content) for one in (plain, packed))  # type: ignore[attr-defined]
    assert (packed.get("Content-Encoding") == "gzip") is (ending in {"csv", "plain.csv", "json"})
    if packed.get("Content-Encoding"):
        assert gzip.decompress(sent) == body
        assert len(sent) < len(body) / 4
        assert plain["ETag"] != packed["ETag"]
    assert "Accept-Encoding" in plain["Vary"]
    for headers in ({"If-None-Match": plain["ETag"]}, {"If-Modified-Since": plain["Last-Modified"]}):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", plain["ETag"])
    other = client.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert "immutable" not in plain["Cache-Control"]
    release = edition_of_address().edition.release
    pinned = client.head(f"/@{release}{path}")
    assert "immutable" in pinned["Cache-Control"]
    for answer in (plain, packed, other, pinned):
        answer.close()


@pytest.mark.parametrize("path", ["/api/v1/rankings", "/rangliste.csv", "/hent/hele-udgaven.csv"])
def test_a_browser_may_ask_from_another_site_whether_something_is_new(client: Client, path: str) -> None:
    asked = {"Origin": "https://example.net", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    answer = client.options(path, headers=asked)
    assert answer.status_code == 204
    assert {"If-None-Match", "If-Modified-Since"} <= set(answer["Access-Control-Allow-Headers"].split(", "))
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("query", "status", "words"), [
    ("edition=2025&edition=2026", 422, "edition"),
    ("page=1&page=2", 422, "page"),
    ("region=81", 404, "not one of the available choices"),
    ("level=theme", 404, "subject"),
    ("sorter=foo", 404, "foo"),
])  # fmt: skip
def test_a_problem_is_told_in_english_all_through_whatever_was_asked_for(
    client: Client, query: str, status: int, words: str
) -> None:
    answer = client.get(f"/api/v1/rankings?{query}")
    assert answer.status_code == status
    problem = json.loads(answer.content)
    assert words in json.dumps(problem)
    assert answer["Content-Language"] == "en"
    assert not set("æøåÆØÅ") & set(problem["detail"])
    assert client.get("/api/v1/rankings?kommune=aarhus&kommune=odense").json()["count"] == 2


def test_oembed_speaks_the_language_of_the_page_and_knows_it_without_its_last_slash(client: Client) -> None:
    for address in ("/en/municipality/aarhus/", "/en/municipality/aarhus"):
        said = client.get("/oembed", {"url": address}).json()
        assert "/en/embed/" in said["html"]
        assert "/en/" in said["thumbnail_url"]
    assert "/indlejr/" in client.get("/oembed", {"url": "/kommune/aarhus"}).json()["html"]


def test_a_tenth_revision_is_another_than_the_first_in_a_spreadsheet_and_in_pandas() -> None:
    import pandas as pd  # noqa: PLC0415  a second, for this one test

    table = DataTable("x", (COLUMNS["edition"],), About("", "", "", is_demo=True), lambda: [("2026.1",), ("2026.10",)])
    rows = list(labelled(table, COLUMNS["edition_label"]).rows())
    assert rows == [("2026.1", "udgave 2026.1"), ("2026.10", "udgave 2026.10")]
    body = visited("/rangliste.plain.csv").body
    found = pd.read_csv(io.BytesIO(body))
    release = edition_of_address().edition.release
    assert set(found["edition_label"]) == {f"udgave {release}"}
    english = pd.read_csv(io.BytesIO(visited("/en/ranking.plain.csv").body))
    assert set(english["edition_label"]) == {f"edition {release}"}


@pytest.mark.parametrize("path", ["/udgaver.atom", "/kommune/aarhus.atom", "/indikator/b-neet.atom"])
def test_what_a_feed_says_is_typed_as_the_text_it_is(path: str) -> None:
    summaries = fromstring(visited(path).body).findall(f".//{ATOM}summary")
    assert summaries
    assert {one.get("type") for one in summaries} == {"text"}


def test_a_municipality_and_the_downloads_are_described_for_machines() -> None:
    for path in ("/kommune/aarhus/", "/hent/"):
        scripts = Markup(visited(path).body.decode()).all("script")
        facts = [json.loads(one.text_content() if hasattr(one, "text_content") else one.text or "")
                 for one in scripts if one.get("type") == "application/ld+json"]  # fmt: skip
        datasets = [node for fact in facts for node in fact["@graph"] if node["@type"] == "Dataset"]
        assert len(datasets) == 1
        for download in datasets[0]["distribution"]:
            path_of_file = "/" + download["contentUrl"].split("/", 3)[3]
            body = visited(path_of_file).body
            if "sha256" in download:
                assert download["sha256"] == hashlib.sha256(body).hexdigest()
                assert download["contentSize"] == f"{len(body)} B"


def test_the_national_catalogue_is_told_size_checksum_and_date_of_every_file_that_is_there() -> None:
    graph = json.loads(visited("/api/v1/dcat.jsonld").body)["@graph"]
    by_id = {node["@id"]: node for node in graph}
    files = [node for node in graph if node["@type"] == "dcat:Distribution" and "dcat:byteSize" in node]
    assert len(files) >= 6
    assert all("dct:modified" in node for node in graph if node["@type"] == "dcat:Dataset")
    for node in files:
        body = visited("/" + node["dcat:downloadURL"]["@id"].split("/", 3)[3]).body
        assert node["dcat:byteSize"]["@value"] == str(len(body))
        checksum = by_id[node["spdx:checksum"]["@id"]]
        assert checksum["spdx:checksumValue"]["@value"] == hashlib.sha256(body).hexdigest()
        assert node["dct:modified"]["@value"]
