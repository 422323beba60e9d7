"""Need beside help: words that need two editions, people suppressed when few, a focus older than its figures."""

import datetime as dt
import re

import numpy as np
import pytest
from django.http import Http404
from django.test import Client

from indicators.declared import conditions_of_themes, focus, needs, overlaps
from indicators.models import Indicator, Theme
from portal.need.page import pair_page
from portal.need.words import in_words, is_late, persons_in_words, side_in_words
from portal.published.edition import edition_of_address
from portal.published.needs import pairs_of
from tests.markup import Markup, text_of
from tests.visited import visited

pytestmark = pytest.mark.django_db


def test_what_is_declared_is_in_the_catalogue_and_no_condition_is_modelled_by_itself() -> None:
    codes = set(Indicator.objects.values_list("code", flat=True))
    assert {code for pair in overlaps() for code in pair} <= codes
    assert {code for one in needs() for code in (one.need, one.help)} <= codes
    assert set(conditions_of_themes()) == set(Theme.objects.values_list("code", flat=True))
    context = set(Indicator.objects.context().values_list("code", flat=True))
    for chosen in conditions_of_themes().values():
        assert 1 <= len(chosen) <= 4
        assert set(chosen) <= context  # never a figure of the index, so never the same figure on both sides


def test_a_word_is_larger_only_where_two_editions_are_beyond_ordinary_movement() -> None:
    pair = pairs_of(edition_of_address().years, "fattigdom")[0]
    need = pair.sides[0]
    middle = np.nanmedian(need, axis=0)
    for line in range(len(pair.municipalities)):
        if pair.beyond[0][line]:
            assert (np.sign(need[line] - middle) == pair.beyond[0][line]).all()
        elif in_words(pair, line):
            assert "behov som de fleste" in in_words(pair, line)
    assert side_in_words(4.0, 2.0, 1, of_need=True) == "dobbelt så stort behov som midten"
    assert side_in_words(4.0, 2.0, 0, of_need=True) == "behov som de fleste"
    assert side_in_words(1.4, 2.0, -1, of_need=False) == "0,7 gange midtens hjælp"


def test_few_people_are_never_counted_out() -> None:
    assert persons_in_words(4.4) == "for få til at vise"
    assert persons_in_words(1234.4) == "ca. 1.234"
    assert persons_in_words(float("nan")) == ""


def test_a_focus_chosen_after_the_figures_names_no_theme() -> None:
    shown = edition_of_address()
    assert is_late(focus().declared_on, shown)
    assert not is_late(dt.date(2020, 1, 1), shown)
    body = visited("/behov/").body.decode()
    assert "Årets fokus er det tema" in body  # the criterion
    assert "Derfor peger det først på et fokus i næste udgave" in body


def test_a_pair_that_is_not_declared_is_not_there() -> None:
    with pytest.raises(Http404):
        pair_page(edition_of_address(), "b-neet")


def test_page_embed_and_picture_of_the_themes_have_the_same_figures(client: Client) -> None:
    page, embed = (Markup(client.get(path).content.decode()) for path in ("/behov/", "/indlejr/behov/"))
    drawn = client.get("/behov.svg").content.decode()
    rows = [[text_of(cell) for cell in row] for row in next(iter(page.all("tbody"))).iter("tr")]
    assert len(rows) == 16
    assert [[text_of(cell) for cell in row] for row in next(iter(embed.all("tbody"))).iter("tr")] == [
        row[:3] for row in rows
    ]
    middles = [float(row[1].replace(",", ".")) for row in rows]
    assert middles == sorted(middles)
    for name, middle, *_rest in rows:
        assert re.search(rf">{re.escape(name)}</text>.*?>{middle}</text>", drawn, re.DOTALL), name
    assert "DEMODATA" in drawn
