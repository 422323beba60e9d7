"""The feeds: valid Atom, an entry's id never changes, and only what touches the subject is in it."""

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from indicators.models import Municipality
from portal.published.revisions import revision
from rankings.models import Edition

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/udgaver.atom", "/rettelser.atom", "/kommune/roedovre.atom", "/indikator/b-omgoerelse.atom")


def _xml(source: str | bytes) -> ET.Element:
    return ET.fromstring(source)  # noqa: S314  made by ourselves


def _entries(client: Client, path: str) -> list[dict[str, str]]:
    root = _xml(client.get(path).content)
    return [{child.tag.removeprefix(ATOM): child.text or "" for child in entry} for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_atom_with_an_id_of_its_own_and_entries_newest_first(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = _xml(answer.content)
    assert root.findtext(f"{ATOM}id", "").endswith(path)
    dates = [entry["published"] for entry in _entries(client, path)]
    assert dates == sorted(dates, reverse=True)
    assert dates


def test_entries_are_told_apart_by_their_pinned_addresses(client: Client) -> None:
    ids = [entry["id"] for entry in _entries(client, "/udgaver.atom")]
    assert [one.partition("/@")[2].rstrip("/") for one in ids] == ["2026.1", "2025.2", "2025.1", "2024.1"]


def test_the_feed_of_corrections_has_only_corrections_with_their_reason(client: Client) -> None:
    entries = _entries(client, "/rettelser.atom")
    assert len(entries) == 1
    assert Edition.objects.get(year=2025, revision=2).reason in entries[0]["summary"]


def test_a_municipality_hears_of_the_corrections_that_moved_it_and_of_no_others(client: Client) -> None:
    found = revision(Edition.objects.get(year=2025, revision=2))
    assert found is not None
    moved = {one.after.municipality.slug for one in found.ranks}
    assert {"egedal", "langeland", "taarnby"} <= moved
    still = Municipality.objects.exclude(slug__in=moved).values_list("slug", flat=True)[:2]
    assert len(still) == 2
    for slug in ("egedal", *still):
        assert len(_entries(client, f"/kommune/{slug}.atom")) == (4 if slug in moved else 3)


def test_an_indicator_hears_only_of_corrections_of_its_own_values(client: Client) -> None:
    assert len(_entries(client, "/indikator/b-omgoerelse.atom")) == 4
    assert len(_entries(client, "/indikator/b-underret-24-timer.atom")) == 3
