"""Where every figure can be had: buttons with their number of rows, and the page that lists them all."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.addresses import ENDINGS, KINDS, WHOLE_ENDINGS, Links, with_ending
from portal.components.links import FILE_NAMES, Link, placements_of, ranking_csv, rows_in_words
from portal.downloads.whole import checksum_of
from portal.frame.search_engines import json_ld, whole_dataset
from portal.published import Edition
from portal.published.edition import ShownEdition, public_as_of
from portal.published.municipalities import municipalities
from portal.published.rows import count_by_indicator, overall_placements
from portal.published.subjects import every_subject
from rankings.bundle.formats import LICENCE_URL


def downloads_page(shown: ShownEdition) -> dict[str, Any]:
    """List every file of an edition, and the whole of every revision that was ever public."""
    links = Links(shown.prefix)
    edition = shown.edition
    attribution = _("Kilde: Socialt Indeks, udgave %(release)s, %(address)s (CC BY 4.0)") % {
        "release": edition.release,
        "address": settings.SITE_ADDRESS + Links(f"@{edition.release}").home(),
    }
    return dict(
        release=edition.release,
        demo=edition.is_demo,
        whole=_whole(edition, shown.prefix),
        groups=(_rankings(shown, links), _indicators(shown, links), _municipalities(shown, links)),
        editions=tuple(_whole(one, f"@{one.release}") for one in public_as_of(shown)),
        attribution=attribution,
        licence_url=LICENCE_URL,
        facts_for_machines=json_ld(whole_dataset(shown, list(_measured_files(shown.edition)))),
        catalogue=(Link("JSON-LD", "/api/v1/dcat.jsonld"), Link("Turtle", "/api/v1/dcat.ttl")),
    )


def _whole(edition: Edition, prefix: str) -> dict[str, Any]:
    address = Links(prefix).to("edition-csv")
    files = tuple(Link(str(FILE_NAMES[ending]), with_ending(address, ending)) for ending in WHOLE_ENDINGS)
    demo = _("demodata") if edition.is_demo else ""
    name = _("Udgave %(release)s") % {"release": edition.release}
    return dict(name=f"{name} · {demo}" if demo else name, rows=rows_in_words(placements_of(edition)), files=files)


def _measured_files(edition: Edition) -> Iterator[tuple[str, str, int | None, str]]:
    """The pinned whole files with media type, size and SHA-256, for search engines."""
    address = Links(f"@{edition.release}").to("edition-csv")
    for ending in WHOLE_ENDINGS:
        sha256, size = checksum_of(edition, ending) or ("", None)
        yield with_ending(address, ending), KINDS[ending].partition(";")[0], size, sha256


def _listed(name: str, csv_address: str, count: int) -> dict[str, Any]:
    files = tuple(Link(str(FILE_NAMES[ending]), with_ending(csv_address, ending)) for ending in ENDINGS)
    return dict(name=name, rows=rows_in_words(count), files=files)


def _rankings(shown: ShownEdition, links: Links) -> dict[str, Any]:
    count = overall_placements(shown.edition).count()
    subjects = [one for one in every_subject(shown.edition) if one.indicator is None]
    listed = tuple(_listed(one.name, ranking_csv(one, links), count) for one in subjects)
    return dict(
        id="ranglister",
        title=_("Ranglister"),
        says=_("En række for hver kommune, med det, som siden viser."),
        listed=listed,
    )


def _indicators(shown: ShownEdition, links: Links) -> dict[str, Any]:
    counts = count_by_indicator(shown.years)
    listed = tuple(
        _listed(one.name, links.to("indicator-csv", "code", one.code), counts.get(one.indicator.pk, 0))
        for one in every_subject(shown.edition)
        if one.indicator
    )
    says = _("En række for hver kommune i hver udgave til og med denne: værdi, placering, hvorfra.")
    return dict(id="indikatorer", title=_("Indikatorer"), says=says, listed=listed)


def _municipalities(shown: ShownEdition, links: Links) -> dict[str, Any]:
    everyone = list(municipalities())
    count = placements_of(shown.edition) // (overall_placements(shown.edition).count() or 1)
    listed = tuple(_listed(one.name, links.to("municipality-csv", "slug", one.slug), count) for one in everyone)
    says = _("En række for hvert emne: samlet, områder, temaer og indikatorer med værdier.")
    return dict(id="kommuner", title=_("Kommuner"), says=says, listed=listed)
