"""Whom to call about an indicator, and the yearly page of what was asked and what came of it."""

import math
from typing import Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality
from portal.addresses import Links
from portal.components.links import Fact, Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.practices.boxes import peers_of
from portal.practices.page import exchanged_in_words
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from rankings.practices.exchanged import exchanged
from rankings.practices.figures import Figures
from rankings.practices.models import Circle, FollowUpResult
from rankings.practices.whom_to_ask import Better


def whom_page(shown: ShownEdition, code: str, query: QueryDict) -> dict[str, Any]:
    """Gather the page. Raises Http404 for an indicator or a municipality that there is not."""
    links = Links(shown.prefix)
    indicator = get_object_or_404(Indicator.objects.of_the_index().select_related("theme"), code=code)
    chosen = query.get("kommune", "")
    municipality = get_object_or_404(Municipality, slug=chosen) if chosen else None
    everyone = Municipality.objects.in_danish_order()
    better = peers_of(shown).better(indicator, municipality) if municipality else []
    callable_ = [one for one in better if one.contact is not None]
    return dict(
        indicator=localised(indicator, "name"),
        direction=phrases.direction(indicator),
        trail=(
            Link(_("Indikatorer"), links.to("indicators")),
            Link(localised(indicator, "name"), links.indicator(code)),
            Link(_("Hvem kan man ringe til?")),
        ),
        municipalities=tuple((one.slug, one.name, one.slug == chosen) for one in everyone),
        chosen=municipality.name if municipality else "",
        own=_values(indicator, better[0].years, better[0].own) if better else "",
        better=tuple(_better(one, indicator, links) for one in better),
        without_contact=_no_contact(better) if better and not callable_ else "",
        none=_none(municipality, better),
        practices_url=links.to("practices"),
    )


def _values(indicator: Indicator, years: tuple[int, int], values: tuple[float, float]) -> str:
    return ", ".join(f"{year}: {phrases.value(indicator, value)}" for year, value in zip(years, values, strict=True))


def _better(one: Better, indicator: Indicator, links: Links) -> dict[str, Any]:
    """A peer that does better: its figures in both editions, and its function's mailbox where it has confirmed one."""
    contact = one.contact
    return dict(
        name=one.municipality.name,
        url=links.municipality(one.municipality.slug),
        figures=_values(indicator, one.years, one.other),
        contact=contact.email if contact else "",
        title=contact.title if contact else "",
        confirmed=formatting.day(contact.confirmed_at) if contact else "",
        ask_url=reverse("work-ask-about", kwargs={"code": indicator.code, "organisation": contact.organisation_id})
        if contact
        else "",
    )


def _no_contact(better: list[Better]) -> str:
    return _("Ingen af de %(count)d har bekræftet en kontakt.") % {"count": len(better)}


def _none(municipality: Municipality | None, better: list[Better]) -> str:
    if municipality is None or better:
        return ""
    return _(
        "Ingen af de 12 kommuner med de nærmeste vilkår ligger bedre end %(name)s i begge de seneste udgaver ud over "
        "almindelige udsving."
    ) % {"name": municipality.name}


def exchange_page(shown: ShownEdition) -> dict[str, Any]:
    """How many asked, were answered, used it, and got nowhere, as it stood when the edition was published."""
    links = Links(shown.prefix)
    moment = shown.edition.published_at
    if moment is None:
        raise Http404  # a shown edition is public, and so has its moment
    found = exchanged(moment)
    counts = (
        (_("Henvendelser"), found.sent),
        (_("Besvaret"), found.answered),
        (_("Afslået"), found.declined),
        (_("Ubesvaret i 14 dage"), found.unanswered),
        *((str(one.label).capitalize(), found.results[str(one)]) for one in FollowUpResult),
    )
    circles = Circle.objects.filter(goal_registered_at__lte=moment) if shown.is_pinned else Circle.objects.all()
    return dict(
        counted=formatting.day(moment),
        facts=tuple(Fact(name, formatting.number(count)) for name, count in counts),
        says=exchanged_in_words(found),
        circles=tuple(_circle(one, shown, links) for one in circles.order_by("starts_on", "pk")),
        practices_url=links.to("practices"),
    )


def _in_a_year(indicator: Indicator, year: str, value: float) -> Cell:
    if math.isnan(value):
        return Cell("", year, css="number", missing=_("mangler"))
    yes_or_no = formatting.is_yes_no(indicator.unit)
    text = phrases.value(indicator, value) if yes_or_no else formatting.number(value, indicator.decimals)
    return Cell(text, year, css="number")


def _circle(circle: Circle, shown: ShownEdition, links: Links) -> dict[str, Any]:
    """A circle: who, about what, its goal as it was registered, and each member's figures over the editions."""
    indicator = circle.indicator
    members = list(circle.members.select_related("municipality").in_danish_order())
    figures = Figures.up_to(shown.edition, {indicator.pk})
    years = [year for year in figures.years if figures.is_fresh(indicator.pk, year)]
    rows = []
    for member in members:
        line = figures.line_of.get(member.municipality_id or 0)
        if member.municipality is not None and line is not None:
            values = [(str(year), float(figures.values[indicator.pk, year][line])) for year in years]
            cells = (_in_a_year(indicator, year, value) for year, value in values)
            rows.append(Row(member.municipality.name, links.municipality(member.municipality.slug), cells=tuple(cells)))
    unit = f"{formatting.unit_name(phrases.unit(indicator))}, {phrases.direction(indicator)}"
    columns = (Column(unit), *(Column(str(year), css="number") for year in years))
    return dict(
        title=circle.title,
        members=formatting.joined([str(one.municipality or one) for one in members]),
        indicator=Link(localised(indicator, "name"), links.indicator(indicator.code)),
        goal=circle.goal,
        registered=formatting.day(circle.goal_registered_at),
        period=f"{formatting.date(circle.starts_on)} – {formatting.date(circle.ends_on)}",
        lines=Table(_("Tallene i kredsen"), columns, tuple(rows), css="plain"),
    )
