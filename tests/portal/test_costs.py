"""What an uncached page may cost: a ceiling of queries, and of bytes on the wire."""

import gzip

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from tests import addresses
from tests.addresses import Address
from tests.visited import remembered

pytestmark = pytest.mark.django_db

QUERIES = 12
OF_THE_BOX = 9  # services in and around all municipalities: held in a release, so asked once for all of their pages
REGISTER = 16  # what is registered for each target group: held in a release too, the year's sizes among it
SPREAD = 6  # a subject's figures over the editions of one definition
PRACTICES = 10  # the practices and the figures they are about: read once in a release, here anew for every page
CATALOGUE = 2  # the chooser of subjects, and who there is once more: held in a release, asked once for all rankings
LEARNT = 6  # points, intervals of surveys, everybody's places: all of them read once in a release
DOUBTS = 12  # which values one should not act on, for the lists and for who is asked: read once in a release too
QUERIES_OF = {
    "municipality": 8 + OF_THE_BOX + PRACTICES + LEARNT + DOUBTS,
    "municipality-lessons": 8 + PRACTICES + LEARNT + DOUBTS // 2,
    "municipality-level": 12 + DOUBTS // 2,
    "ranking": 8 + CATALOGUE,
    "ranking-area": 8 + CATALOGUE,
    "ranking-theme": 8 + CATALOGUE,
    "comparison": 8,
    "worth": 13,  # the warnings that were accepted too
    "provision": 14,  # a table for each thing that is said of a service
    "need": 12 + REGISTER,
    "provisions-gaps": 20 + 3,  # and one for each year of the register: three in the demo
}
QUERIES_OF |= dict.fromkeys(("indicator", "theme", "practice", "embed-practice"), QUERIES + PRACTICES)
QUERIES_OF |= {
    "indicator": QUERIES + PRACTICES + SPREAD,
    "theme": QUERIES + PRACTICES + SPREAD,
    "area": QUERIES + SPREAD,
}
QUERIES_OF |= {"practice-exchange": 14}  # three for a circle's figures
QUERIES_OF |= {"reading": 23}  # a municipality, its country, the ranking and the weights; most is shared in a release
SHEETS = ("press", "file", "csv", "pdf")  # made once an edition, or for one reader in a thousand
QUERIES_OF_A_SHEET = 40
GZIPPED = 60 * 1024
GZIPPED_OF = dict.fromkeys(("ranking", "ranking-area", "ranking-theme", "ranking-indicator"), 30 * 1024)
PAGES = {one.path: one for one in addresses.every() if one.language == "da" and not one.edition}.values()
WARMING = ("/", "/kommune/roedovre/", "/rangliste/", "/rangliste/?vis=kort", "/sammenlign/", "/presse/", "/hent/")
STATES = (
    "/kommune/laesoe/",
    "/kommune/koebenhavn/",
    "/2024/kommune/roedovre/",
    "/rangliste/?region=1084&sorter=boern-og-unge&retning=ned",
    "/rangliste/?kommune=roedovre&kommune=laesoe&vis=kort",
    "/rangliste/?indbyggere_fra=50000&vis=fordeling",
    "/en/ranking/?aendring=vis",
)


@pytest.fixture
def client() -> Client:
    """One that holds nothing between two pages, unlike that of the other tests."""
    return Client()


@pytest.fixture(scope="module")
def _warm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Address patterns, outlines, and how many rows an edition has are read once in a process. Asked of this one: the
    shelf of `visited` may have the answer of another."""
    with django_db_blocker.unblock():
        for path in WARMING:
            Client().get(path)


@pytest.mark.usefixtures("_warm")
@pytest.mark.parametrize("address", PAGES, ids=str)
def test_a_page_keeps_to_its_queries_and_bytes(
    client: Client, address: Address, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    is_sheet = any(part in SHEETS for part in address.name.split("-"))
    with django_assert_max_num_queries(QUERIES_OF_A_SHEET if is_sheet else QUERIES_OF.get(address.name, QUERIES)):
        found = remembered(address.path, client.get(address.path))
    assert found.status == 200
    if found.is_html:
        assert len(gzip.compress(found.body, 6)) <= GZIPPED_OF.get(address.name, GZIPPED)


@pytest.mark.parametrize("path", STATES)
def test_a_municipality_or_a_ranking_costs_at_most_eight_queries_in_any_state(
    client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(path)  # how many rows an edition has is counted once in a process
    held = OF_THE_BOX + PRACTICES + LEARNT + DOUBTS if "/kommune/" in path else CATALOGUE
    with django_assert_max_num_queries(8 + held):
        assert client.get(path).status_code == 200
