"""The box about services on a municipality's page: three things kept apart, and nothing of the clock.

A municipality's page is kept until the release changes, so the box is as of the day on which the register last did.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.provisions.shown.municipality import Standing, Supply, Use, register_day, supplies_on
from portal.components.links import Fact, Link
from portal.language import formatting
from portal.provisions import words
from portal.serving.release import shared_in_release


@dataclass(frozen=True, slots=True)
class UsedLink:
    """A service that citizens use: its name, its page, where it stands and how many use it."""

    name: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class SupplyBox:
    """What the box says: what stands here, what stands in the landsdel, what the citizens use."""

    as_of: str
    facts: tuple[Fact, ...]
    used: tuple[UsedLink, ...]
    used_says: str
    decides: str
    ways: tuple[Link, ...]


@shared_in_release
def _all_of_them() -> tuple[dt.date | None, dict[str, Supply]]:
    """As of which day, and every municipality's supply: made once for all pages of a release."""
    day = register_day()
    return day, supplies_on(day) if day else {}


def supply_box(slug: str) -> SupplyBox | None:
    """The box of a municipality; None while the register is empty. Seven queries, once for all municipalities."""
    day, supplies = _all_of_them()
    if day is None:
        return None
    supply = supplies[slug]
    here = f"{reverse('provisions')}?kommune={slug}"
    return SupplyBox(
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
            UsedLink(
                one.name,
                reverse("provision", args=[one.number]),
                f"{one.municipality} ({words.persons(one.persons)})",
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
