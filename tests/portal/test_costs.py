"""What an uncached page may cost: a ceiling of queries, and of bytes on the wire."""

import gzip

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import addresses
from tests.addresses import Address
from tests.markup import body_of
from tests.visited import visited

pytestmark = pytest.mark.django_db

QUERIES = 12
PRACTICES = 10  # the practices and the figures they are about: read once in a release, here anew for every page
QUERIES_OF = {"municipality": 8 + PRACTICES, "ranking": 8, "ranking-area": 8, "ranking-theme": 8, "comparison": 8}
QUERIES_OF |= dict.fromkeys(("indicator", "theme", "practice", "embed-practice"), QUERIES + PRACTICES)
QUERIES_OF |= {"practice-exchange": 14}  # three for a circle's figures
SHEETS = ("press", "file", "csv", "pdf")  # made once an edition, or for one reader in a thousand
QUERIES_OF_A_SHEET = 40
GZIPPED = 60 * 1024
PAGES = [one for one in addresses.every() if one.language == "da" and not one.edition]
STATES = (
    "/kommune/laesoe/",
    "/kommune/koebenhavn/",
    "/2024/kommune/roedovre/",
    "/rangliste/?region=1084&sorter=boern-og-unge&retning=ned",
    "/rangliste/?kommune=roedovre&kommune=laesoe&vis=kort",
    "/rangliste/?indbyggere_fra=50000&vis=fordeling",
    "/en/ranking/?aendring=vis",
)


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_a_page_keeps_to_its_queries_and_bytes(
    client: Client, address: Address, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    visited(address.path)  # address patterns and outlines are read once in a process
    is_sheet = any(part in SHEETS for part in address.name.split("-"))
    with django_assert_max_num_queries(QUERIES_OF_A_SHEET if is_sheet else QUERIES_OF.get(address.name, QUERIES)):
        answer = client.get(address.path)
        content = body_of(answer)
    if answer["Content-Type"].startswith("text/html"):
        assert len(gzip.compress(content, 6)) <= GZIPPED


@pytest.mark.parametrize("path", STATES)
def test_a_municipality_or_a_ranking_costs_at_most_eight_queries_in_any_state(
    client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(path)  # how many rows an edition has is counted once in a process
    with django_assert_max_num_queries(8 + (PRACTICES if "/kommune/" in path else 0)):
        assert client.get(path).status_code == 200


def test_a_stranger_gets_no_cookie_and_a_policy_without_inline_code() -> None:
    for address in PAGES:
        found = visited(address.path)
        assert not found.sets_cookie
        policy = found.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "Cookie" not in found.headers.get("Vary", "")
