"""A draft is nowhere: not its number, not its reason, not its figures, at any address of the site or of its API.

With a draft of a correction and one of the next year in place, every page, file, feed, list and description that the
address book has is asked for. Its own sheets under embargo have tests of their own.
"""

import json
import re

import pytest
from django.test import Client

from portal.api.site import document
from rankings.models import Edition, EditionState
from rankings.services.editions import correct_edition, prepare_edition, send_to_hearing
from tests import addresses
from tests.addresses import DRAWN, Address
from tests.filled_in import NOW, imported, steward
from tests.visited import unchanged, visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]
REASON, REASON_EN, NOTE = "En hemmelig rettelse.", "A secret correction.", "En hemmelig udgave."
CORRECTION, NEXT = "2026.2", "2027.1"
SECRETS = [REASON, REASON_EN, NOTE, "hemmelig", "secret correction", CORRECTION, NEXT]
OUTSIDE = ["/api/v1/", "/api/v1/openapi.json", "/api/v1/dcat.jsonld", "/api/v1/dcat.ttl"]


def prepare() -> None:
    """A draft of a correction of the newest edition, and the next year's in hearing, both with new figures."""
    imported("101;København;b-omgoerelse;2025;0,1;", "101;København;b-omgoerelse;2027;0,1;")
    correct_edition(year=2026, reason=REASON, reason_en=REASON_EN, by=steward(), now=NOW)
    following = prepare_edition(year=2027, by=steward(), now=NOW, draws=300, note_da=NOTE, note_en=NOTE)
    send_to_hearing(edition=following, by=steward(), now=NOW)


def told(path: str) -> list[str]:
    """The secrets in an answer, whatever it is, and in its headers. A release is a text: 2026.2 may be an axis' end."""
    found = visited(path)
    assert found.status == 200, path
    text = f"{found.headers}{found.body.decode('utf-8', 'replace')}"
    return [secret for secret in SECRETS if re.search(rf"(?<![\d.])(?<!\": ){re.escape(secret)}(?!\d)", text)]


def asked(language: str) -> list[Address]:
    return [
        one
        for one in addresses.every("")
        if one.language == language and not any(part in one.name for part in DRAWN)  # pictures have no words of a draft
    ]


def test_the_drafts_are_there_and_full_of_figures() -> None:
    states = {one.release: one.state for one in Edition.objects.all()}
    assert (states[CORRECTION], states[NEXT]) == (EditionState.DRAFT, EditionState.HEARING)
    assert all(one.placement_set.exists() for one in Edition.objects.still_open())


@pytest.mark.parametrize("language", ["da", pytest.param("en", marks=pytest.mark.full)])
def test_no_address_of_the_site_tells_of_a_draft(language: str) -> None:
    paths = [one.path for one in asked(language)]
    assert len(paths) > 60
    assert {path: secrets for path in paths if (secrets := told(path))} == {}


@pytest.mark.parametrize("path", ["/en/corrections/", "/en/editions/", "/en/editions.atom", "/en/corrections.atom"])
def test_no_english_list_of_editions_tells_of_a_draft(path: str) -> None:
    assert told(path) == []


def test_no_answer_of_the_api_tells_of_a_draft() -> None:
    lists = [f"/api/v1{path}" for path in document()["paths"] if "{" not in path]
    paths = [*OUTSIDE, *(path for path in lists if visited(path).status == 200)]
    assert len(paths) > 12
    assert {"/api/v1/editions", "/api/v1/revisions", "/api/v1/rankings", "/api/v1/placements"} <= set(paths)
    assert {path: secrets for path in paths if (secrets := told(path))} == {}
    releases = [row["release"] for row in json.loads(visited("/api/v1/editions").body)["rows"]]
    assert sorted(releases) == ["2024.1", "2025.1", "2025.2", "2026.1"]


@pytest.mark.parametrize("edition", [f"@{CORRECTION}", f"@{NEXT}", "2027"])
def test_every_address_of_a_draft_is_not_found(client: Client, edition: str) -> None:
    paths = [one.path for one in addresses.every(edition) if one.edition]
    assert len(paths) > 80
    with unchanged():
        assert {path for path in paths if client.get(path).status_code != 404} == set()
    release = edition.removeprefix("@")
    for path in ("editions/{}", "rankings?edition={}", "placements?edition={}", "indicators?edition={}"):
        answer = client.get(f"/api/v1/{path.format(release)}")
        assert answer.status_code in {404, 422}, path
    assert client.get(f"/spor/{release}-175-samlet/").status_code == 404
