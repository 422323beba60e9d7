"""What other pages say of practices: recommendations at an indicator, places to begin, a theme's own."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.addresses import Links
from portal.components.links import Link
from portal.practices.shown import listed, rows_of, shown_practices, written
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from portal.serving.release import shared_in_release
from rankings.models import Edition
from rankings.practices.law import rules
from rankings.practices.models import Knowledge, MeasuredHere, Practice, PracticeState
from rankings.practices.whom_to_ask import Peers, places_to_begin

MOST = 3


def _alive(shown: ShownEdition) -> list[Practice]:
    return [one for one in shown_practices(shown) if one.state != PracticeState.WITHDRAWN]


def recommendations(shown: ShownEdition, indicator: Indicator) -> dict[str, Any]:
    """What is recommended at an indicator. Null results stand in the same list, and are counted."""
    links = Links(shown.prefix)
    found = [one for one in _alive(shown) if any(aim.indicator_id == indicator.pk for aim in one.aims.all())]
    null = sum(one.knowledge == Knowledge.NO_EFFECT for one in found)
    nothing_found = _("%(null)d af %(all)d er undersøgt uden virkning.") % {"null": null, "all": len(found)}
    return dict(
        asked=asked_of_everyone(indicator),
        asked_none=_("Hvilken lov der handler om det, er ikke lagt ind for denne indikator endnu."),
        practices=tuple(listed(one, _about(one, indicator), links) for one in found),
        null_results=nothing_found if found else "",
        advice=_("VISO giver gratis specialrådgivning til kommuner; rådgivningen er vejledende."),
        ask=Link(_("Hvem klarer det bedre under samme vilkår?"), links.to("whom-to-ask", "code", indicator.code)),
        everything=Link(_("Al god praksis"), links.to("practices")),
    )


def asked_of_everyone(indicator: Indicator) -> tuple[str, ...]:
    """Which law is about an indicator, in the page's language; empty where we have none."""
    return tuple(rule.en if get_language() == "en" else rule.da for rule in rules().get(indicator.code, ()))


def _about(practice: Practice, indicator: Indicator) -> list[MeasuredHere]:
    return [row for row in rows_of(practice) if row.aim.indicator_id == indicator.pk]


def box_of_theme(shown: ShownEdition, theme: int) -> dict[str, Any]:
    """The practices that mean to move an indicator of a theme."""
    return _box(shown, [one for one in _alive(shown) if theme in {aim.indicator.theme_id for aim in one.aims.all()}])


def box_of_indicator(shown: ShownEdition, indicator: int) -> dict[str, Any]:
    """The practices that mean to move an indicator."""
    return _box(shown, [one for one in _alive(shown) if indicator in {aim.indicator_id for aim in one.aims.all()}])


def box_of_place(shown: ShownEdition, municipality: int) -> dict[str, Any]:
    """The practices tried in a municipality."""
    return _box(
        shown, [one for one in _alive(shown) if municipality in {place.pk for place in one.municipalities.all()}]
    )


def _box(shown: ShownEdition, practices: list[Practice]) -> dict[str, Any]:
    links = Links(shown.prefix)
    none = "" if practices else _("Vi kender ingen dokumenteret praksis.")
    return dict(practices=tuple(listed(one, rows_of(one), links) for one in practices), none=none)


@shared_in_release
def _peers(edition: Edition, language: str) -> Peers:  # noqa: ARG001  a release holds one for each language: names are read
    indicators = Indicator.objects.of_the_index().select_related("theme").in_catalogue_order()
    return Peers(edition, list(indicators))


def peers_of(shown: ShownEdition) -> Peers:
    """Who is like whom in an edition, and who does better; held as long as the release stays."""
    return _peers(shown.edition, get_language() or "da")


def box_of_municipality(shown: ShownEdition, municipality: int, slug: str) -> dict[str, Any]:
    """Three places to begin: behind in two editions beyond ordinary movement, influenceable, and something exists."""
    links = Links(shown.prefix)
    places = [
        _place(indicator, found[:MOST], slug, links)
        for indicator, found in places_to_begin(peers_of(shown), municipality, _alive(shown))
    ]
    none = "" if places else _("Vi kender ingen dokumenteret praksis der, hvor kommunen ligger efter ud over udsving.")
    return dict(places=tuple(places), none=none)


def _place(indicator: Indicator, practices: Sequence[Practice], slug: str, links: Links) -> dict[str, Any]:
    """A place to begin."""
    return dict(
        name=localised(indicator, "name"),
        url=links.indicator(indicator.code),
        practices=tuple(
            Link(
                f"{written(one, 'title').text} ({Knowledge(one.knowledge).label})",
                links.to("practice", "slug", one.slug),
            )
            for one in practices
        ),
        ask=Link(_("Hvem kan vi ringe til?"), f"{links.to('whom-to-ask', 'code', indicator.code)}?kommune={slug}"),
    )
