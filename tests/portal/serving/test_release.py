"""What the pages of a release share: read once, never shown under another release, bounded."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator
from portal.published.subjects import catalogue
from portal.serving.release import ReleaseMemory, fingerprint, only_reading, rendering, shared_in_release
from rankings.models import Edition
from rankings.pinned import as_published


def test_what_a_release_shares_is_made_once_for_its_arguments() -> None:
    made = []

    @shared_in_release
    def doubled(number: int) -> int:
        made.append(number)
        return 2 * number

    with rendering("a release of this test"):
        assert [doubled(1), doubled(1), doubled(2)] == [2, 2, 4]
    with rendering("the next one"):
        doubled(1)
    doubled(1)  # in no snapshot: nothing is held
    assert made == [1, 2, 1, 1]


def test_only_the_last_two_releases_and_so_many_rows_are_held() -> None:
    memory = ReleaseMemory(most=10)
    for number in range(5):
        memory.get("first", number, lambda: [0] * 4)
    assert len(memory) == 2
    assert memory.get("first", 9, lambda: [0] * 1000) == [0] * 1000  # larger than all there is room for: alone
    assert len(memory) == 1
    for release in ("second", "third"):
        memory.get(release, 0, lambda: [0])
    assert len(memory) == 2


@pytest.mark.django_db
def test_the_second_municipality_asks_only_for_its_own_figures_and_a_new_release_for_all(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.CACHE_PAGES, settings.RELEASE_POLL, settings.VAR_DIR = True, 0, tmp_path

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers={"host": "127.0.0.1"}).status_code == 200
        return sum("rankings_" in one["sql"] and "md5" not in one["sql"] for one in queries)

    for year, first, second in ((2026, "roedovre", "laesoe"), (2024, "varde", "odense")):
        Edition.objects.filter(year=year).update(note_da="En ny bemærkning.")  # another release
        assert asked(f"/kommune/{first}/") > 3
        assert asked(f"/kommune/{second}/") == 3


@pytest.mark.django_db
def test_a_pinned_page_never_gets_the_words_of_today_nor_the_other_way_round() -> None:
    edition = Edition.objects.published().newest_first()[0]
    before = catalogue(edition)[0].name_da
    Indicator.objects.filter(pk=catalogue(edition)[0].pk).update(name_da="Et nyt navn")
    with rendering("a release with a renamed indicator"):
        for _time in range(2):
            assert catalogue(edition)[0].name_da == "Et nyt navn"
            with as_published(edition):
                assert catalogue(edition)[0].name_da == before


@pytest.mark.django_db
def test_the_release_is_summed_up_once_while_nobody_writes_and_anew_for_whoever_writes() -> None:
    def sums() -> int:
        with CaptureQueriesContext(connection) as queries:
            found.append(fingerprint())
        return sum("md5" in one["sql"] for one in queries)

    found: list[str] = []
    sums()
    assert sums() == 0
    Edition.objects.filter(year=2026).update(note_da="Endnu en bemærkning.")
    assert [sums(), sums()] == [1, 1]  # its own writing does not show in its snapshot
    with only_reading():
        assert [sums(), sums()] == [1, 0]
    assert len(set(found[:2])) == len(set(found[2:])) == 1
    assert found[0] != found[2]
