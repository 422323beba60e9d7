"""Somebody who quoted a figure hears whether it was corrected since."""

import pytest
from django.test import Client

from portal.published.revisions import newest_revision
from rankings.models import Edition, Level, Placement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]


def _asked(client: Client, what: str) -> str:
    return client.get("/er-det-rettet/", {"hvad": what}).content.decode()


def _corrected() -> tuple[Placement, Placement]:
    """A value before and after the correction of the world's 2025."""
    old = Edition.objects.ever_published().get(year=2025, revision=1)
    of_indicators = Placement.objects.filter(level=Level.INDICATOR).select_related("municipality", "indicator")
    before = {(row.municipality_id, row.indicator_id): row for row in of_indicators.filter(edition=old)}
    for row in of_indicators.filter(edition=newest_revision(old), missing=""):
        cited = before[row.municipality_id, row.indicator_id]
        if cited.value != row.value:
            return cited, row
    raise AssertionError


def test_a_corrected_figure_is_said_to_be_so_with_both_values_and_the_reason(client: Client) -> None:
    before, after = _corrected()
    assert before.indicator
    text = _asked(client, f"2025.1-{before.municipality.code}-{before.indicator.code}")
    assert "Ja. Udgave 2025.1 er rettet. Anderledes i 2025.2" in text
    assert after.edition.reason in text
    rows = text[text.index("<tbody") :]
    for value in (before.value, after.value):
        assert f"{value:.{before.indicator.decimals}f}".replace(".", ",") in rows


def test_a_whole_citation_with_a_pinned_address_is_understood(client: Client) -> None:
    before, _after = _corrected()
    slug = before.municipality.slug
    text = _asked(client, f"Socialt Indeks, udgave 2025.1: {slug}. http://127.0.0.1:8000/@2025.1/kommune/{slug}/.")
    assert "Ja. Udgave 2025.1 er rettet" in text


def test_what_the_newest_revision_says_has_not_been_corrected(client: Client) -> None:
    assert "Nej. Udgave 2025.2 er ikke rettet." in _asked(client, "/@2025.2/rangliste/")


def test_an_address_that_moves_is_said_to_move(client: Client) -> None:
    text = _asked(client, "/kommune/roedovre/")
    assert "Adressen er ikke fast" in text
    assert "/@2026.1/kommune/roedovre/" in text


@pytest.mark.parametrize("what", ["hej", "https://example.org/@2025.1/", "2025.1-999-samlet", "2019.1-175-samlet"])
def test_what_cannot_be_found_is_said_kindly(client: Client, what: str) -> None:
    assert "Det kan vi ikke finde" in _asked(client, what)
