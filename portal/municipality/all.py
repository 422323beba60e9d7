"""All municipalities by region, in Danish order."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.components.links import Link
from portal.downloads.page import page_files, these_rows
from portal.language import phrases as words
from portal.published.edition import Shown
from rankings.models import Level, Placement


@dataclass(frozen=True, slots=True)
class Listed:
    """A municipality of the list."""

    name: str
    url: str
    rank: str
    of: str


@dataclass(frozen=True, slots=True)
class RegionList:
    """A region's municipalities."""

    name: str
    municipalities: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class MunicipalitiesPage:
    """The list of all municipalities."""

    count: int
    regions: tuple[RegionList, ...]
    rows: str
    downloads: tuple[Link, ...]


def municipalities_page(shown: Shown) -> MunicipalitiesPage:
    """List every municipality of an edition with its place, in one query."""
    links = Links(shown.prefix)
    rows = (
        Placement.objects.filter(edition=shown.edition, level=Level.OVERALL)
        .select_related("municipality__region")
        .order_by("municipality__region__name", "municipality__sort_key")
    )
    regions: dict[str, list[Listed]] = {}
    for row in rows:
        listed = Listed(
            row.municipality.name,
            links.municipality(row.municipality.slug),
            words.rank_in_text(row) or words.rank(None).lower(),
            words.of(row),
        )
        regions.setdefault(_(row.municipality.region.name), []).append(listed)
    return MunicipalitiesPage(
        len(rows),
        tuple(RegionList(name, tuple(listed)) for name, listed in regions.items()),
        these_rows(len(rows)),
        page_files(links.to("ranking-csv"), shown),
    )
