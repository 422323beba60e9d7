"""The reader's own municipality stands in the address, follows from page to page, and is no part of any question."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.frame.mine import carried
from tests.markup import Markup, text_of

pytestmark = pytest.mark.django_db


def test_every_way_on_to_a_page_carries_it_and_nothing_else_does(client: Client) -> None:
    page = Markup(client.get("/rangliste/?region=1081&min=hjoerring").content.decode())
    inside = [link.get("href", "") for link in page.all("a")]
    inside = [link for link in inside if link.startswith(("/", "?")) and link != "/indlejr/"]  # of others' pages
    files = [link for link in inside if not link.partition("?")[0].endswith("/") and not link.startswith("?")]
    pages = [link for link in inside if link not in files and not link.endswith("min=")]
    assert [link for link in pages if "min=hjoerring" not in link] == []
    assert [link for link in files if "min=" in link] == []
    assert [one.get("href", "").endswith("/rangliste/") for one in page.all("link") if one.get("rel") == "canonical"]
    assert "min=" not in text_of(page.by_class("take-away")[0])
    assert [field.get("value") for field in page.all("input") if field.get("name") == "min"] != []


@pytest.mark.parametrize("path", ["/rangliste.csv?region=1081", "/rangliste/kort.svg?region=1081", "/indlejr/kort/?"])
def test_a_file_a_picture_and_an_embed_are_the_same_whoever_asks(client: Client, path: str) -> None:
    assert client.get(f"{path}&min=hjoerring").content == client.get(path).content


def test_a_marked_page_is_kept_apart_from_the_page_of_everybody(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.CACHE_PAGES, settings.RELEASE_POLL, settings.VAR_DIR = True, 0, tmp_path
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = "http://testserver", ["testserver"]
    marked, plain = client.get("/metode/?min=hjoerring"), client.get("/metode/")
    assert "Hjørring" in marked.text
    assert "Hjørring" not in plain.text
    assert client.get("/metode/?utm_source=x&min=hjoerring")["Cache-Status"].endswith("hit")
    for nonsense in ("min=", "min=%3Cb%3E", "min=HJOERRING"):
        assert client.get(f"/metode/?{nonsense}").content == plain.content


def test_whoever_does_not_exist_marks_nothing(client: Client) -> None:
    assert "min=atlantis" not in client.get("/rangliste/?min=atlantis").text


def test_the_chooser_leads_back_marked_and_to_nobody_elses_site(client: Client) -> None:
    links = Markup(client.get("/min-kommune/?side=/rangliste/%3Fregion%3D1081").content.decode()).links
    assert "/rangliste/?region=1081&min=hjoerring" in links
    away = Markup(client.get("/min-kommune/?side=//example.org/").content.decode()).links
    assert "/?min=hjoerring" in away
    assert [link for link in away if link.startswith("//") or "example.org/?" in link] == []


def test_a_link_that_says_its_own_and_an_address_elsewhere_stay_as_they_are() -> None:
    for html in (
        '<a href="?min=">',
        '<a href="//a.dk/">',
        '<a href="https://a.dk/">',
        '<a href="/x.csv?a=1">',
        '<a href="#a">',
    ):
        assert carried(html, "varde") == html
    assert carried('<a href="/a/?b=1#c">', "varde") == '<a href="/a/?b=1&amp;min=varde#c">'


def test_its_row_is_marked_in_a_table_of_whatever_page_and_nobody_elses() -> None:
    row = '<tr{}><th scope="row"><a href="/kommune/{}/">X</a></th></tr>'
    html = row.format("", "hjoerring") + row.format(' class="group-start"', "hjoerring") + row.format("", "greve")
    marked = carried(html, "hjoerring")
    assert re.findall(r"<tr[^>]*>", marked) == ['<tr class="chosen">', '<tr class="group-start chosen">', "<tr>"]
    assert carried(marked, "hjoerring").count("chosen") == 2
