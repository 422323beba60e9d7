"""Why a rank moved, what would lift it and how much the weights decide: the stored explanation in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal import formatting
from portal.links import Links
from portal.presenters.tables import Cell, Column, Row, Table
from portal.subjects import localised
from rankings.models import Explanation, Placement


@dataclass(frozen=True, slots=True)
class Explained:
    """The stored explanation as the page shows it; a table is None where there is nothing to say."""

    change: Table | None
    change_says: str
    movers: Table | None
    lift: Table | None
    weights: str


def explained(
    explanation: Explanation | None,
    overall: Placement,
    before: Placement | None,
    indicators: Mapping[str, Indicator],
    links: Links,
) -> Explained:
    """Put an explanation in words."""
    if explanation is None:
        return Explained(None, "", None, None, "")
    return Explained(
        change=_change(explanation),
        change_says=_change_says(overall, before) if explanation.change else "",
        movers=_movers(explanation, indicators, links),
        lift=_lift(explanation, indicators, links),
        weights=_weights(explanation, overall),
    )


def _change_says(overall: Placement, before: Placement | None) -> str:
    if overall.rank is None or before is None or before.rank is None:
        return ""
    words = {
        "before": formatting.rank_in_text(before.rank, before.rank_last),
        "now": formatting.rank_in_text(overall.rank, overall.rank_last),
        "moved": formatting.rank_change(before.rank, overall.rank),
    }
    return _("Fra %(before)s til %(now)s (%(moved)s). Delene lægges sammen til ændringen.") % words


def _change(explanation: Explanation) -> Table | None:
    names = {
        "own": _("Kommunens egne tal"),
        "others": _("Andre kommuners tal"),
        "indicators": _("Nye og udgåede indikatorer"),
        "method": _("Metode og vægte"),
        "missing": _("Tal, der mangler eller er kommet til"),
    }
    if not explanation.change:
        return None
    head = _("Pladser")
    rows = tuple(
        Row(name, cells=(Cell(formatting.signed(explanation.change.get(part, 0)), head, css="number"),))
        for part, name in names.items()
    )
    total = formatting.signed(sum(explanation.change.values()))
    rows = (*rows, Row(_("I alt"), css="group-start", cells=(Cell(total, head, css="number"),)))
    return Table(_("Ændringen delt op"), (Column(_("Årsag")), Column(head, note=_("+ er frem"), css="number")), rows)


def _movers(explanation: Explanation, indicators: Mapping[str, Indicator], links: Links) -> Table | None:
    head = _("Point på den samlede score")
    rows = tuple(
        Row(
            localised(indicators[one["indicator"]], "name"),
            links.indicator(one["indicator"]),
            cells=(Cell(formatting.signed(one["points"], 2), head, css="number"),),
        )
        for one in explanation.movers
        if one["indicator"] in indicators
    )
    columns = (Column(_("Kommunens egen ændring")), Column(head, css="number"))
    return Table(_("De egne tal, der flyttede scoren mest"), columns, rows) if rows else None


def _lift(explanation: Explanation, indicators: Mapping[str, Indicator], links: Links) -> Table | None:
    heads = (_("Én plads frem"), _("Ti pladser frem"), _("Har flyttet sig så langt"))
    rows = []
    for one in explanation.lift:
        indicator = indicators.get(one["indicator"])
        if indicator is None:
            continue
        steps = {step["places"]: step for step in one["steps"]}
        cells = [_needed(steps.get(places), indicator, heads[number]) for number, places in enumerate((1, 10))]
        cells.append(Cell(_made(steps.get(1)), heads[2]))
        rows.append(Row(localised(indicator, "name"), links.indicator(indicator.code), cells=tuple(cells)))
    columns = (
        Column(_("Indikator")),
        Column(heads[0], note=_("værdi, der skal til")),
        Column(heads[1], note=_("værdi, der skal til")),
        Column(heads[2], note=_("kommuner inden for tre udgaver")),
    )
    return Table(_("Hvad ville løfte placeringen"), columns, tuple(rows)) if rows else None


def _needed(step: dict[str, float] | None, indicator: Indicator, label: str) -> Cell:
    if step is None:
        return Cell("", label, missing=_("kan ikke nås med dette tal alene"))
    value = formatting.with_unit(step["value"], indicator.unit, indicator.decimals)
    distance = formatting.difference(step["distance"], indicator.unit, indicator.decimals)
    persons = step.get("persons")
    if persons:
        distance = f"{distance}, {_('ca. %(count)s personer') % {'count': formatting.number(persons)}}"
    return Cell(value, label, note=distance)


def _made(step: dict[str, float] | None) -> str:
    if step is None:
        return ""
    return formatting.count(int(step["made"]), _("kommune"), _("kommuner"))


def _weights(explanation: Explanation, overall: Placement) -> str:
    low, high = explanation.weights_low, explanation.weights_high
    if low is None or high is None or overall.rank is None:
        return ""
    return _("Under alle rimelige vægte ligger kommunen %(interval)s %(of)s.") % {
        "interval": formatting.rank_interval(low, high),
        "of": formatting.of(overall.n),
    }
