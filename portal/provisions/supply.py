"""The box about services on a municipality's page: three things kept apart, and nothing of the clock.

A municipality's page is kept until the release changes, so the box is as of the day on which the register last did.
"""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.provisions.shown.gaps import Gaps, gaps_on
from indicators.provisions.shown.municipality import Standing, Supply, Use, register_day, supplies_on
from portal.components.links import Fact, Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.provisions import words
from portal.published.subjects import localised
from portal.serving.release import shared_in_release


@shared_in_release
def _all_of_them() -> tuple[dt.date | None, dict[str, Supply]]:
    """As of which day, and every municipality's supply: made once for all pages of a release."""
    day = register_day()
    return day, supplies_on(day) if day else {}


def supply_box(slug: str) -> dict[str, Any] | None:
    """The box of a municipality; None while the register is empty. Seven queries, once for all municipalities."""
    day, supplies = _all_of_them()
    if day is None:
        return None
    supply = supplies[slug]
    here = f"{reverse('provisions')}?kommune={slug}"
    return dict(
        as_of=_("Registeret er sidst ændret %(day)s.") % {"day": formatting.date(day)},
        facts=(
            Fact(_("Ligger her"), _standing(supply.here), _note(supply.here)),
            Fact(
                _("I landsdelen %(name)s") % {"name": supply.landsdel},
                _standing(supply.in_landsdel),
                _note(supply.in_landsdel),
            ),
            Fact(
                _("Målgrupper med en registreret plads i landsdelen"),
                _("%(some)s af %(all)s") % {"some": supply.diversity, "all": supply.groups},
                _("vises, placeres ikke"),
            ),
        ),
        used=tuple(
            dict(
                name=one.name,
                url=reverse("provision", args=[one.number]),
                note=f"{one.municipality} ({words.persons(one.persons)})",
            )
            for one in (supply.use.most if supply.use else [])
        ),
        used_says=_used_says(supply.use),
        decides=words.who_decides()[0],
        ways=(
            Link(_("Tilbud, der ligger her"), here),
            Link(_("Hvor mangler der registrerede pladser?"), reverse("provisions-gaps")),
        ),
    )


@shared_in_release
def _gaps() -> Gaps | None:
    """The register's target groups as of the day it last changed: made once for all pages of a release."""
    day = register_day()
    return gaps_on(day) if day else None


def supply_beside_need() -> dict[str, Any] | None:
    """What is registered for each target group, to stand beside the need; None while the register is empty."""
    gaps = _gaps()
    if gaps is None:
        return None
    heads = (_("Tilbud"), _("Oplyste pladser"), _("Pladser pr. 1.000 i gruppen"))
    rows = []
    for row in gaps.rows:
        here = row.country
        per_1000 = Cell("", heads[2], css="number", missing=_("gruppens størrelse er ikke kendt"))
        if here.per_1000 is not None:
            per_1000 = Cell(formatting.number(here.per_1000, 1), heads[2], css="number")
        services = Cell(formatting.number(here.services), heads[0], css="number")
        places = Cell(formatting.number(here.places), heads[1], css="number")
        url = f"{reverse('provisions')}?maalgruppe={row.group.code}"
        rows.append(Row(localised(row.group, "name"), url, cells=(services, places, per_1000)))
    columns = (Column(_("Målgruppe")), *(Column(head, css="number") for head in heads))
    as_of = _("Registeret er sidst ændret %(day)s. Vi tæller kun tilbud, der er bekræftet inden for et år.")
    return {
        "table": Table(_("Registrerede tilbud for hver målgruppe"), columns, tuple(rows)),
        "says": (as_of % {"day": formatting.date(gaps.day)}, words.not_coverage()),
        "ways": (Link(_("Hvor mangler der registrerede pladser?"), reverse("provisions-gaps")),),
        "is_demo": gaps.is_demo,
    }


INSPECTED = {
    "b-tilsyn-score": "bl-43", "h-tilsyn-score": "sel-108", "h-tilsyn-reaktion": "sel-108", "v-tilsyn-score": "sel-107",
}  # fmt: skip
"""Indicators about the inspection of services, and the paragraph that most such services have."""


def inspected_services(indicator: str) -> tuple[Link, ...]:
    """From an indicator about inspection to the registered services of that kind; nothing at any other."""
    if indicator not in INSPECTED:
        return ()
    return (Link(_("Registrerede tilbud af den slags"), f"{reverse('provisions')}?paragraf={INSPECTED[indicator]}"),)


def _standing(one: Standing) -> str:
    if not one.services:
        return words.none_registered()
    return _("%(services)s, %(places)s") % {
        "services": words.services(one.services),
        "places": formatting.count(one.places, _("plads"), _("pladser")),
    }


def _note(one: Standing) -> str:
    notes = []
    if one.without_places:
        notes.append(_("%(count)s uden oplyste pladser") % {"count": one.without_places})
    if one.unconfirmed:
        notes.append(_("%(count)s ikke bekræftet") % {"count": one.unconfirmed})
    return ", ".join(notes)


def _used_says(use: Use | None) -> str:
    if use is None:
        return _("Hvilke tilbud kommunens borgere bruger, er ikke registreret.")
    text = _("Kommunens borgere brugte %(used)s i %(year)s. Af dem ligger %(elsewhere)s i andre kommuner.")
    return text % {"year": use.year, "used": words.services(use.services), "elsewhere": use.elsewhere}
