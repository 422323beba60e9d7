"""The page that people read is Danish at its Danish address, whatever the description for machines says in English."""

import pytest
from django.utils.translation import override

from portal.api.danish import SAID
from portal.api.docs import api_page
from tests.visited import visited

pytestmark = pytest.mark.django_db


def test_everything_that_is_described_is_said_in_danish_and_nothing_else_is_translated() -> None:
    with override("en"):
        resources = api_page(None)["resources"]
    english = {one["says"] for part in resources for one in (*part["parameters"], *part["fields"])}
    english |= {part["says"] for part in resources}
    assert english - {""} == set(SAID)
    assert all(part["title"] != part["path"] for part in resources)


def test_the_danish_page_has_the_danish_words() -> None:
    page = visited("/api/").page
    assert "Hele indekset beregnet igen" in page.text
    assert "The whole index recomputed" not in page.text
    assert "The whole index recomputed" in visited("/en/api/").page.text
