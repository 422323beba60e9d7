"""Every page can be cited, in three forms, with the address that stays."""

import pytest
from django.test import Client

from portal.published.address import addressed
from tests import addresses

pytestmark = pytest.mark.django_db


def test_a_page_is_cited_by_its_pinned_address_and_its_date(client: Client) -> None:
    text = client.get("/citer.txt?side=/kommune/roedovre/").content.decode()
    assert "Rødovre" in text
    assert "udgave 2026.1 (1. oktober 2026)" in text
    assert "/@2026.1/kommune/roedovre/" in text
    assert "Demodata" in text


def test_the_state_of_a_page_is_part_of_what_is_cited(client: Client) -> None:
    text = client.get("/citer.bib", {"side": "/rangliste/?region=1084&sorter=score"}).content.decode()
    assert text.startswith("@online{socialt-indeks-2026-1-rangliste,")
    assert "/@2026.1/rangliste/?region=1084&sorter=score}" in text
    assert text.count("{") == text.count("}")


def test_an_old_revision_is_cited_as_itself(client: Client) -> None:
    text = client.get("/citer.ris?side=/@2025.1/rangliste/").content.decode()
    assert text.startswith("TY  - ELEC\r\n")
    assert "ET  - 2025.1\r\n" in text
    assert text.endswith("ER  - \r\n")


def test_english_pages_are_cited_in_english(client: Client) -> None:
    text = client.get("/citer.bib?side=/en/").content.decode()
    assert "language = {english}" in text
    assert "/en/@2026.1/" in text
    assert "note = {Demo data: the figures are invented}" in text
    assert "N1  - Demo data:" in client.get("/citer.ris?side=/en/").content.decode()


def test_a_title_that_asks_has_no_full_stop_behind_it(client: Client) -> None:
    text = client.get("/citer.txt?side=/").content.decode()
    assert "? Demodata" in text


@pytest.mark.parametrize("address", ["https://example.org/kommune/roedovre/", "/findes-ikke/", "//example.org/"])
def test_only_our_own_pages_are_cited(client: Client, address: str) -> None:
    assert client.get("/citer.txt", {"side": address}).status_code == 404


@pytest.mark.parametrize("address", [one for one in addresses.every() if one.edition == ""], ids=str)
def test_every_page_has_a_title_and_a_pinned_address(address: addresses.Address) -> None:
    found = addressed(address.path)
    assert found.title
    assert found.permalink.startswith("http")
