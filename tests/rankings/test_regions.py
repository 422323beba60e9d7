"""A municipality's region is that of the edition's date: pages, filters and files ask with it."""

import pytest

from indicators.models import Municipality
from rankings.models import Edition, EditionState
from rankings.pinned import as_published
from tests.filled_in import NOW, publisher

pytestmark = pytest.mark.django_db


def region() -> str:
    return Municipality.objects.select_related("region").get(name="Roskilde").region.name


def public(year: int) -> Edition:
    """An edition that is born public: nothing of it is asked for but its regions."""
    who = {"published_by": publisher(), "published_at": NOW, "computed_at": NOW}
    return Edition.objects.create(year=year, state=EditionState.PUBLISHED, method={}, method_version="x", **who)


def test_a_draft_has_the_regions_of_its_year_and_a_publication_brings_them_to_the_pages() -> None:
    this = Edition.objects.published().get(year=2026)
    with as_published(Edition(year=2027, revision=1)):
        assert region() == "Region Østdanmark"
    assert region() == "Region Sjælland"
    following = public(2027)
    assert region() == "Region Østdanmark"
    for edition, name in ((this, "Region Sjælland"), (following, "Region Østdanmark")):
        with as_published(edition):
            assert region() == name


def test_an_edition_of_an_earlier_year_keeps_the_regions_of_its_own() -> None:
    public(2028)
    earlier = public(2021)
    assert region() == "Region Østdanmark"
    with as_published(earlier):
        assert region() == "Region Sjælland"
