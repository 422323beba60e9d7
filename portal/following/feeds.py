"""Atom feeds: editions, corrections, one municipality, one indicator. Entries have the pinned address as their id."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality
from portal.addresses.links import Links
from portal.language import phrases as words
from portal.published.revisions import Revision, revision
from portal.published.subjects import localised
from rankings.models import Edition, Placement

MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of news."""

    title: str
    path: str
    text: str
    at: dt.datetime


def editions_feed(address: str) -> str:
    """Every edition and correction."""
    return _feed(_("Udgaver og rettelser"), address, (_entry(edition, "home", {}) for edition in _public()))


def corrections_feed(address: str) -> str:
    """Every correction."""
    entries = (_entry(edition, "home", {}) for edition in _public() if edition.revision > 1)
    return _feed(_("Rettelser"), address, entries)


def municipality_feed(municipality: Municipality, address: str) -> str:
    """A municipality's place in every edition, and the corrections that touched it."""
    placements = {
        row.edition_id: row
        for row in Placement.objects.overall().filter(municipality=municipality, edition__in=_public())
    }

    def text(edition: Edition) -> str:
        placement = placements.get(edition.pk)
        return _placed(municipality.name, placement) if placement else ""

    def touched(changed: Revision) -> bool:
        ours = municipality.pk
        return any(one.municipality.pk == ours for one in changed.values) or any(
            one.after.municipality_id == ours for one in changed.ranks
        )

    entries = _entries("municipality", {"slug": municipality.slug}, text, touched)
    return _feed(municipality.name, address, entries)


def indicator_feed(indicator: Indicator, address: str) -> str:
    """An indicator in every edition it is part of, and the corrections of its values."""
    editions = set(Edition.objects.filter(criterion__indicator=indicator).values_list("pk", flat=True))

    def text(edition: Edition) -> str:
        return localised(indicator, "definition") if edition.pk in editions else ""

    def touched(changed: Revision) -> bool:
        return any(one.indicator.pk == indicator.pk for one in changed.values)

    entries = _entries("indicator", {"code": indicator.code}, text, touched)
    return _feed(localised(indicator, "name"), address, entries)


def _entries(
    name: str, arguments: dict[str, str], text: Callable[[Edition], str], touched: Callable[[Revision], bool]
) -> Iterable[Entry]:
    for edition in _public():
        if (said := text(edition)) and ((changed := revision(edition)) is None or touched(changed)):
            yield _entry(edition, name, arguments, said)


def _placed(name: str, placement: Placement) -> str:
    if placement.rank is None:
        return _("%(name)s er ikke placeret.") % {"name": name}
    return _("%(name)s er %(rank)s %(of)s, %(interval)s i 9 af 10 beregninger.") % {
        "name": name,
        "rank": words.rank_in_text(placement),
        "of": words.of(placement),
        "interval": words.interval(placement),
    }


def _public() -> list[Edition]:
    return list(Edition.objects.ever_published().order_by("-published_at", "-pk").defer("robustness", "method")[:MOST])


def _entry(edition: Edition, name: str, arguments: dict[str, str], text: str = "") -> Entry:
    title = (
        _("Rettelse: udgave %(release)s") % {"release": edition.release}
        if edition.revision > 1
        else _("Ny udgave: %(year)s") % {"year": edition.year}
    )
    said = [
        text or localised(edition, "note"),
        edition.reason and _("Begrundelse: %(reason)s") % {"reason": localised(edition, "reason")},
    ]
    if edition.is_demo:
        said.append(_("Demodata: tallene er opdigtede."))
    path = Links(f"@{edition.release}").of(name, **arguments)
    at = edition.published_at or edition.computed_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    return Entry(title, path, " ".join(one for one in said if one), at)


def _feed(title: str, address: str, entries: Iterable[Entry]) -> str:
    feed = Atom1Feed(
        title=f"Socialt Indeks: {title}",
        link=f"{settings.SITE_ADDRESS}/",
        description=None,
        language=get_language(),
        author_name="Socialt Indeks",
        feed_url=f"{settings.SITE_ADDRESS}{address}",
        feed_guid=f"{settings.SITE_ADDRESS}{address}",
        feed_copyright="CC BY 4.0",
    )
    for entry in entries:
        url = f"{settings.SITE_ADDRESS}{entry.path}"
        feed.add_item(entry.title, url, entry.text, unique_id=url, pubdate=entry.at, updateddate=entry.at)
    return feed.writeString("utf-8")
