"""What a site says that has nothing to say yet: of a municipality that no edition has, and before the first edition."""

import pytest
from django.test import Client

from indicators.models import Municipality, Region

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "rest",
    [
        "/", ".csv", "/udvikling.json", "/udvikling.svg", "/udvikling.png", "/kort.svg", "/kort.png", "/presse/",
        "/presse.txt", "/presse.pdf", ".atom",
    ],
)  # fmt: skip
def test_a_municipality_that_no_edition_has_is_no_error(client: Client, rest: str) -> None:
    Municipality.objects.create(
        code="999", name="Nykommune", slug="nykommune", region=Region.objects.all()[0], landsdel="Fyn",
        kommunegruppe="Landkommuner", area_km2=1.0, sort_key="nykommune", search_key="nykommune",
    )  # fmt: skip
    assert client.get(f"/kommune/nykommune{rest}").status_code in {200, 404}


@pytest.mark.parametrize(
    "address",
    ["/citer/", "/citer.bib", "/oembed?url=/", "/spor/2026.1-175-samlet/", "/hent/hele-udgaven.csv", "/en/cite/"],
)
@pytest.mark.usefixtures("_empty_site")
def test_before_the_first_edition_there_is_nothing_to_cite_to_embed_or_to_prove(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
