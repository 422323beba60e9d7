"""What is said of need and help, in words that say no more than the figures know."""

import datetime as dt

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.language import formatting
from portal.published.edition import ShownEdition
from portal.published.needs import Pair
from rankings.engine.matrix import Floats

FEW = 5
"""Fewer people are not counted out: they could be known."""


def says_together(pair: Pair) -> str:
    """Whether help follows need over the country."""
    found = pair.together
    if found is None:
        return _("Der er for få kommuner med begge tal til at sige, om hjælpen følger behovet.")
    if not found.side:
        return _("Tallene viser ingen sikker sammenhæng mellem behov og hjælp.")
    r = formatting.number(found.r, 2)
    text = (
        _("Kommuner med større behov giver mere hjælp (r = %(r)s).")
        if found.side > 0
        else _("Kommuner med større behov giver mindre hjælp (r = %(r)s).")
    )
    return f"{text % {'r': r}} {_('Det siger ikke, hvad der er årsag.')}"


def is_late(day: dt.date, shown: ShownEdition) -> bool:
    """Whether something was chosen when the edition's figures were known."""
    published = shown.edition.published_at
    return published is not None and day > timezone.localdate(published)


def says_declared(day: dt.date, shown: ShownEdition) -> str:
    """When something was chosen, and whether that was before the edition's figures were known."""
    said = {"day": formatting.date(day)}
    if is_late(day, shown):
        return _("Valgt %(day)s, efter at udgavens tal var kendt.") % said
    return _("Valgt %(day)s, før udgavens tal var kendt.") % said


def side_in_words(figure: float, middle: float, beyond: int, *, of_need: bool) -> str:
    """How large a need or a help is beside the middle of the country."""
    if not beyond:
        return _("behov som de fleste") if of_need else _("hjælp som de fleste")
    times = figure / middle if middle else 0.0
    if beyond > 0 and 1.95 <= times < 2.05:
        return _("dobbelt så stort behov som midten") if of_need else _("dobbelt så meget hjælp som midten")
    if beyond < 0 and 0.48 <= times < 0.52:
        return _("halvt så stort behov som midten") if of_need else _("halvt så meget hjælp som midten")
    text = _("%(times)s gange midtens behov") if of_need else _("%(times)s gange midtens hjælp")
    return text % {"times": formatting.number(times, 1 if times < 10 else 0)}


def in_words(pair: Pair, line: int) -> str:
    """A municipality's need and help in one line; empty where one is missing."""
    need, given = (float(side[line, -1]) for side in pair.sides)
    if np.isnan(need) or np.isnan(given):
        return ""
    middles = [float(np.nanmedian(side[:, -1])) for side in pair.sides]
    first = side_in_words(need, middles[0], int(pair.beyond[0][line]), of_need=True)
    second = side_in_words(given, middles[1], int(pair.beyond[1][line]), of_need=False)
    return f"{first}, {second}"


def persons_in_words(persons: float) -> str:
    """About how many people."""
    if np.isnan(persons):
        return ""
    count = round(persons)
    return _("for få til at vise") if count < FEW else _("ca. %(count)s") % {"count": formatting.number(count)}


def country_in_words(persons: Floats | None) -> str:
    """About how many people in all the municipalities that have the figure."""
    if persons is None or np.isnan(persons).all():
        return ""
    known = persons[~np.isnan(persons)]
    count = formatting.number(round(float(known.sum()), -2))
    return _("ca. %(count)s personer i %(n)s kommuner") % {"count": count, "n": formatting.number(known.size)}
