"""Where every figure can be had: buttons with their number of rows, and the page that lists them all."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Municipality
from portal.addresses.converters import ENDINGS, WHOLE_ENDINGS, with_ending
from portal.addresses.links import Links
from portal.components.links import Link
from portal.language import formatting
from portal.published.edition import ShownEdition
from portal.published.subjects import OVERALL, Subject, every_subject
from rankings.bundle.terms import LICENCE_URL
from rankings.models import Edition, Level, Placement

NAMES = {
    "csv": "CSV",
    "plain.csv": gettext_lazy("CSV (punktum)"),
    "xlsx": "Excel",
    "json": "JSON",
    "parquet": "Parquet",
    "zip": "Zip",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that can be had as files: its name, its rows in words, a button for each kind."""

    name: str
    rows: str
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Listed things under a heading; ``id`` is the heading's anchor, ``says`` what their rows are."""

    id: str
    title: str
    says: str
    listed: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """Everything the page shows, as text."""

    release: str
    demo: bool
    whole: Listed
    groups: tuple[Group, ...]
    editions: tuple[Listed, ...]
    attribution: str
    licence_url: str
    catalogue: tuple[Link, ...]


def rows_in_words(count: int) -> str:
    """Write how many rows: "1 række", "12.054 rækker"."""
    return formatting.count(count, _("række"), _("rækker"))


def these_rows(count: int) -> str:
    """Write what a page's own buttons give: "disse 98 rækker"."""
    return _("disse %(rows)s") % {"rows": rows_in_words(count)}


def page_files(csv_address: str, shown: ShownEdition) -> tuple[Link, ...]:
    """The buttons of a page: what is seen in each kind (the page says how many rows), and everything."""
    seen = (Link(str(NAMES[ending]), with_ending(csv_address, ending)) for ending in ("csv", "xlsx", "json"))
    everything = _("Alt: %(rows)s") % {"rows": rows_in_words(_everything(shown.edition))}
    return (*seen, Link(everything, f"{Links(shown.prefix).to('downloads')}#alt"))


def _everything(edition: Edition) -> int:
    """How many placements an edition has: frozen with it, so that one count a process is enough."""
    return _placements(edition.pk, edition.computed_at)


@lru_cache(maxsize=256)
def _placements(edition: int, computed_at: dt.datetime | None) -> int:  # noqa: ARG001  part of the key
    return Placement.objects.filter(edition=edition).count()


def downloads_page(shown: ShownEdition) -> DownloadsPage:
    """List every file of an edition, and the whole of every revision that was ever public."""
    links = Links(shown.prefix)
    edition = shown.edition
    attribution = _("Kilde: Socialt Indeks, udgave %(release)s, %(address)s (CC BY 4.0)") % {
        "release": edition.release,
        "address": settings.SITE_ADDRESS + Links(f"@{edition.release}").home(),
    }
    return DownloadsPage(
        release=edition.release,
        demo=edition.is_demo,
        whole=_whole(edition, shown.prefix),
        groups=(_rankings(shown, links), _indicators(shown, links), _municipalities(shown, links)),
        editions=tuple(_whole(one, f"@{one.release}") for one in _revisions(shown)),
        attribution=attribution,
        licence_url=LICENCE_URL,
        catalogue=(Link("JSON-LD", "/api/v1/dcat.jsonld"), Link("Turtle", "/api/v1/dcat.ttl")),
    )


def _revisions(shown: ShownEdition) -> QuerySet[Edition]:
    """Every revision that was ever public; at a pinned address those that were so then."""
    editions = Edition.objects.ever_published().newest_first()
    return editions.filter(published_at__lte=shown.edition.published_at) if shown.is_pinned else editions


def _whole(edition: Edition, prefix: str) -> Listed:
    address = Links(prefix).to("edition-csv")
    files = tuple(Link(str(NAMES[ending]), with_ending(address, ending)) for ending in WHOLE_ENDINGS)
    demo = _("demodata") if edition.is_demo else ""
    name = _("Udgave %(release)s") % {"release": edition.release}
    return Listed(f"{name} · {demo}" if demo else name, rows_in_words(_everything(edition)), files)


def _listed(name: str, csv_address: str, count: int) -> Listed:
    files = tuple(Link(str(NAMES[ending]), with_ending(csv_address, ending)) for ending in ENDINGS)
    return Listed(name, rows_in_words(count), files)


def _rankings(shown: ShownEdition, links: Links) -> Group:
    count = Placement.objects.of(shown.edition).overall().count()
    subjects = [one for one in every_subject(shown.edition) if one.indicator is None]
    listed = tuple(_listed(one.name, ranking_csv(one, links), count) for one in subjects)
    return Group("ranglister", _("Ranglister"), _("En række for hver kommune, med det, som siden viser."), listed)


def ranking_csv(subject: Subject, links: Links) -> str:
    """The address of a ranking's CSV."""
    if subject == OVERALL:
        return links.to("ranking-csv")
    return links.to(f"ranking-{subject.level}-csv", "code", subject.code)


def _indicators(shown: ShownEdition, links: Links) -> Group:
    rows = Placement.objects.filter(edition__in=shown.years, level=Level.INDICATOR).values_list("indicator")
    counts: dict[int | None, int] = dict(rows.annotate(Count("pk")))
    listed = tuple(
        _listed(one.name, links.to("indicator-csv", "code", one.code), counts.get(one.indicator.pk, 0))
        for one in every_subject(shown.edition)
        if one.indicator
    )
    says = _("En række for hver kommune i hver udgave til og med denne: værdi, placering, hvorfra.")
    return Group("indikatorer", _("Indikatorer"), says, listed)


def _municipalities(shown: ShownEdition, links: Links) -> Group:
    everyone = list(Municipality.objects.in_danish_order())
    count = _everything(shown.edition) // (Placement.objects.of(shown.edition).overall().count() or 1)
    listed = tuple(_listed(one.name, links.to("municipality-csv", "slug", one.slug), count) for one in everyone)
    says = _("En række for hvert emne: samlet, områder, temaer og indikatorer med værdier.")
    return Group("kommuner", _("Kommuner"), says, listed)
