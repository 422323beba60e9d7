"""The licence of our data and the terms of each source."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indicators.models import Source
from portal.addresses.links import Links
from portal.published.edition import Shown
from portal.published.subjects import localised


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source and its own terms."""

    name: str
    url: str
    terms: str


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The attribution to copy, in two lengths, and the sources."""

    attribution: str
    short: str
    sources: tuple[ListedSource, ...]


def terms_page(shown: Shown | None) -> TermsPage:
    """Gather the page of terms; without an edition there is nothing to attribute, and the catalogue's sources."""
    sources = Source.objects.filter(indicators__isnull=False)
    if shown is None:
        return TermsPage("", "", _listed(sources))
    release = shown.edition.release
    address = f"{settings.SITE_ADDRESS}{Links(f'@{release}').home()}"
    return TermsPage(
        attribution=_("Kilde: Socialt Indeks, udgave %(release)s, %(address)s. Licens: CC BY 4.0.")
        % {"release": release, "address": address},
        short=_("Kilde: Socialt Indeks, udgave %(release)s (CC BY 4.0)") % {"release": release},
        sources=_listed(sources.filter(indicators__criterion__edition=shown.edition)),
    )


def _listed(sources: QuerySet[Source]) -> tuple[ListedSource, ...]:
    rows = sources.distinct().order_by("name")
    return tuple(ListedSource(localised(row, "name"), row.url, localised(row, "terms")) for row in rows)
