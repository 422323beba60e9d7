"""A place that rests on little says so wherever it is read: in every list, table, sentence and drawing's title."""

import re

import pytest
from django.test import Client

from portal.language import formatting, phrases
from tests.markup import Markup, text_of

A_PLACE = re.compile(r"\bnr\. \d+(?:–\d+)? af \d+")
BLOCKS = frozenset({"li", "tr", "p", "title", "h1", "h2", "h3", "h4", "figcaption", "dd", "summary"})
OF_A_VALUE = re.compile(r"»")  # an indicator's place rests on one value: there is no share of a weight
OF_A_CHANGE = re.compile(r"inden for usikkerheden|^I \d{4} var det|^20\d\d nr\.")  # the line above says the place
PAGES = (
    "/", "/?omraade=voksne&min=odense", "/kommuner/", "/rangliste/", "/rangliste/tema/misbrugsbehandling/",
    "/kommune/odense/kort-fortalt/", "/sammenlign/?kommune=odense&kommune=struer",
    "/presse/", "/kommune/odense/presse/", "/presse/udvalg/?kommune=odense&kommune=struer",
    "/laes-indekset/?min=odense", "/indlejr/kommune/odense/", "/indlejr/rangliste/", "/soeg/?q=odense",
    "/soeg/?q=odense+handicap",
    "/uden-forvaltningernes-svar/",
)  # fmt: skip


@pytest.fixture
def every_place_rests_on_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "LITTLE_COVERAGE", 1.5)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("every_place_rests_on_little")
def test_a_place_that_rests_on_little_says_so_beside_it(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    page = Markup(answer.content.decode())
    lines = [
        text
        for block in page.root.iter()
        if block.tag in BLOCKS and not any(inner.tag in BLOCKS for inner in block.iter() if inner is not block)
        if A_PLACE.search(text := text_of(block))
    ]
    silent = [text for text in lines if "bygger på" not in text and not OF_A_VALUE.search(text)]
    assert "bygger på" in page.text
    assert [text for text in silent if not OF_A_CHANGE.search(text)] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("every_place_rests_on_little")
def test_the_front_pages_lists_of_places_say_it_too(client: Client) -> None:
    page = Markup(client.get("/?min=odense").content.decode())
    lines = [line for found in page.by_class("place-lines") for line in found.iter("li")]
    assert len(lines) > 15
    assert [text for line in lines if "bygger på" not in (text := text_of(line))] == []
    assert "Odense (bygger på" in text_of(page.by_class("how-to-read")[0])


def test_an_interval_of_one_place_is_not_called_all_calculations() -> None:
    said = formatting.rank_interval(2, 2, "da"), formatting.rank_interval(2, 2, "en")
    assert said == ("på nr. 2", "at no. 2")
