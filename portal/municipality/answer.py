"""What a municipality's page says first: its place, how sure that is, its areas, one honest sentence."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from indicators.conditions import POPULATION
from portal.addresses import trace_url
from portal.charts.scale import Scale, coordinate
from portal.components.strips import score_strip
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.language.phrases import Facts, sentence
from portal.published import Explanation
from portal.published.municipality import Figures
from portal.published.rows import OVERALL_KEY, Key, Neighbour, PlacementRow
from portal.published.subjects import OVERALL, AreaEntry, IndicatorEntry, localised


def answer_of(figures: Figures) -> dict[str, Any]:
    """Say where the municipality stands: what templates/components/answer.html shows."""
    overall = figures.overall
    alike = len(overall.alike or [])
    return dict(
        rank=phrases.rank(overall),
        of=phrases.of(overall),
        reason=phrases.why_not_ranked(overall, figures.shown.edition),
        interval=phrases.interval(overall),
        alike=_("Kan ikke skelnes fra %(others)s.") % {"others": formatting.count(alike, _("kommune"), _("kommuner"))}
        if alike
        else "",
        score=phrases.score(overall),
        proof=_proof(figures, OVERALL.code),
        sentence=sentence(sentence_facts(figures)),
        strip=score_strip(
            overall,
            figures.country.scores.get(OVERALL_KEY, ()),
            figures.country.spreads.get(OVERALL_KEY),
            _("Alle kommuners score på en linje, de bedste til højre."),
        ),
    )


def sentence_facts(figures: Figures) -> Facts:
    """What the sentence may say of the municipality."""
    previous = figures.shown.previous
    ranked = [
        (row.rank, area) for area in figures.country.areas if (row := figures.own.get(("area", area.pk))) and row.rank
    ]
    best = min(ranked, key=lambda pair: pair[0], default=None)
    return Facts(
        name=figures.municipality.name,
        year=figures.shown.edition.year,
        place=figures.overall,
        best_area=localised(best[1], "name") if best else "",
        best_area_rank=best[0] if best else None,
        previous_year=previous.year if previous else None,
        change=figures.change,
        missing=Counter(row.missing for row in figures.own.values() if row.missing),
        comparable=figures.comparable,
        bridge=figures.bridge,
        causes=figures.explanation.change if figures.explanation else {},
    )


def area_cards(figures: Figures) -> tuple[dict[str, Any], ...]:
    """Its place in each area with its themes; an area the edition has no figures of for it has no place."""
    themes = dict.fromkeys(one.theme for one in figures.country.indicators)
    return tuple(
        dict(
            code=area.code,
            slug=area.slug,
            name=localised(area, "name"),
            url=figures.links.area(area.slug),
            **subject_line(figures, ("area", area.pk), area.slug),
            reason=_reason(figures, area),
            themes=tuple(
                dict(name=localised(one, "name"), slug=one.code, **subject_line(figures, ("theme", one.pk), one.code))
                for one in themes
                if one.area == area
            ),
        )
        for area in figures.country.areas
    )


def subject_line(figures: Figures, key: Key, code: str) -> dict[str, Any]:
    """A place in a subject as text, and as the line of where it can lie; all empty where there is no place."""
    own = figures.own.get(key)
    placed = own is not None and own.rank is not None
    return dict(
        rank=phrases.rank(own) if placed else "",
        short=phrases.rank_in_text(own),
        of=phrases.of(own),
        interval=phrases.interval(own) if placed else "",
        score=phrases.score(own) if placed else "",
        proof=_proof(figures, code),
        line=reach_of(own),
    )


def _reason(figures: Figures, area: AreaEntry) -> str:
    own = figures.own.get(("area", area.pk))
    return phrases.why_not_ranked(own, figures.shown.edition) if own else _("Udgaven har ingen tal for området.")


def reach_of(own: PlacementRow | Neighbour | None) -> dict[str, Any] | None:
    """The line of a place, its dot in the middle of a shared one; None where there is none."""
    if own is None or own.rank is None:
        return None
    scale = Scale(1, own.n, 100.0, 0.0)
    middle = scale.at((own.rank + (own.rank_last or own.rank)) / 2)
    low, high = scale.at(own.low or own.rank), scale.at(own.high or own.rank)
    return dict(at=coordinate(middle), start=coordinate(high), width=coordinate(max(low - high, 1.0)))


def _proof(figures: Figures, subject: str) -> str:
    """Where the proof of the municipality's score lies."""
    return trace_url(figures.shown.edition.release, figures.municipality.code, subject)


def alike_of(figures: Figures) -> tuple[Neighbour, ...]:
    """Those it cannot be told apart from, in Danish order."""
    alike = set(figures.overall.alike or ())
    return tuple(one for one in figures.country.everyone if one.pk in alike)


def alike_says(figures: Figures) -> str:
    """How many the difference is too small to; "" where there are none."""
    count = len(figures.overall.alike or ())
    if not count:
        return ""
    others = formatting.count(count, _("anden kommune"), _("andre kommuner"))
    return _("Forskellen til %(others)s er for lille til at være sikker.") % {"others": others}


def ends_of(figures: Figures) -> tuple[str, str, str] | None:
    """The worst, the middle and the best score in print."""
    spread = figures.country.spreads.get(OVERALL_KEY)
    scores = figures.country.scores.get(OVERALL_KEY, ())
    if spread is None or spread.median is None or not scores:
        return None
    return formatting.score(min(scores)), formatting.score(spread.median), formatting.score(max(scores))


def of_shared(own: PlacementRow) -> str:
    """ "af 95"; of a shared place with all of it: "(35–37) af 95"."""
    shared = own.rank is not None and own.rank_last is not None and own.rank_last != own.rank
    reach = f"({formatting.number_range(own.rank or 0, own.rank_last or 0)})" if shared else ""
    return f"{reach} {phrases.of(own)}".strip()


def sure_says(figures: Figures) -> str:
    """How sure its place is, as a sentence; "" where that is not known."""
    own = figures.overall
    if own.rank is None or own.low is None or own.high is None:
        return ""
    words = {"name": figures.municipality.name, "interval": formatting.rank_interval(own.low, own.high)}
    if own.low == own.high:
        return _("%(name)s er %(interval)s.") % words
    return _("%(name)s ligger %(interval)s i 9 af 10 beregninger.") % words


def movement_says(figures: Figures) -> str:
    """What its place rests on where that is little, and what became of it since the edition before."""
    if figures.overall.rank is None:
        return ""
    facts = sentence_facts(figures)
    return " ".join([*phrases.little(facts), *phrases.movement(facts)])


def under(figures: Figures) -> str:
    """Group, region and how many live there."""
    facts = [_(figures.municipality.kommunegruppe), _(figures.municipality.region)]
    population = figures.country.known.get(figures.municipality.pk, {}).get(POPULATION)
    if population:
        people = formatting.count(round(population[0]), _("indbygger"), _("indbyggere"))
        facts.append(f"{people} ({population[1]})")
    return " · ".join(facts)


FAR = 10  # places
LIFTS = 5


def explained(figures: Figures) -> dict[str, Any]:
    """Put the stored explanation in words."""
    explanation = figures.explanation
    if explanation is None:
        return dict(change=None, change_says="", bridge_says="", lift=None, no_lift="")
    indicators = {indicator.code: indicator for indicator in figures.country.indicators}
    return dict(
        change=_change(explanation),
        change_says=_change_says(figures) if explanation.change else "",
        bridge_says=_bridge_says(figures),
        **_lift(figures, explanation, indicators),
    )


def _change_says(figures: Figures) -> str:
    now, before, change = figures.overall, figures.before, figures.change
    if now.rank is None or before is None or before.rank is None:
        return ""
    words = {
        "before": f"{phrases.rank_in_text(before)} {phrases.of(before)}",
        "now": f"{phrases.rank_in_text(now)} {phrases.of(now)}",
        "moved": formatting.rank_change(change.places, 0) if change else "",
        "both": figures.explanation.change_n if figures.explanation else None,
    }
    if change and change.clear:
        return _("Fra %(before)s til %(now)s. Blandt de %(both)s, der er placeret begge år, er det %(moved)s, og så "
                 "meget giver delene tilsammen.") % words  # fmt: skip
    if change:
        return _("Fra %(before)s til %(now)s: forskellen er inden for usikkerheden. Blandt de %(both)s, der er "
                 "placeret begge år, er det %(moved)s, og så meget giver delene tilsammen.") % words  # fmt: skip
    return _("Fra %(before)s efter den gamle metode til %(now)s efter den nye. Tabellen viser, hvad der hører "
             "metoden til.") % words  # fmt: skip


def _bridge_says(figures: Figures) -> str:
    """What can be said of a move across two methods: only by the bridge, last year's edition by this year's method."""
    previous, bridge = figures.shown.previous, figures.bridge
    if figures.comparable or previous is None or figures.overall.rank is None:
        return ""
    return phrases.across_methods(previous.year, bridge)


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
    return Table(_("Ændringen delt op"), (Column(_("Årsag")), Column(head, note=_("+ er frem"), css="number")), rows,
                 css="plain")  # fmt: skip


def _lift(figures: Figures, explanation: Explanation, indicators: Mapping[str, IndicatorEntry]) -> dict[str, Any]:
    """What one figure alone would have to be, only where somebody has moved as far; else that nobody has."""
    rows = [
        (indicator, steps)
        for one in explanation.lift
        if (indicator := indicators.get(one["indicator"]))
        and (steps := {step["places"]: step for step in one["steps"] if step["made"]}).get(1)
        and _is_seen(steps[1]["distance"], indicator)
    ][:LIFTS]
    none = _("Vi har set på de tal, der kræver mindst. Ingen kommune har inden for tre udgaver løftet et af dem så "
             "meget, at det alene ville give en plads.")  # fmt: skip
    if not rows:
        return dict(lift=None, no_lift=none if figures.overall.rank and explanation.lift else "")
    far = (FAR,) if any(FAR in steps for _entry, steps in rows) else ()
    heads = {1: _("For at rykke én plads"), FAR: _("For at rykke ti pladser")}
    now, made = _("Nu"), _("Andre, der har løftet sig lige så meget")
    columns = (
        Column(_("Tal")),
        Column(now, css="number"),
        *(Column(heads[places], css="number") for places in (1, *far)),
        Column(made, _("inden for tre udgaver")),
    )
    table = tuple(
        Row(
            localised(entry, "name"),
            figures.story(entry.code),
            note=phrases.direction(entry),
            cells=(
                Cell(_own_value(figures, entry), now, css="number"),
                *(_needed(steps.get(places), entry, heads[places]) for places in (1, *far)),
                Cell(formatting.count(int(steps[1]["made"]), _("kommune"), _("kommuner")), made),
            ),
        )
        for entry, steps in rows
    )
    return dict(lift=Table(_("Hvad skal der til for at rykke frem?"), columns, table, css="needs"), no_lift="")


def _is_seen(distance: float, entry: IndicatorEntry) -> bool:
    """Whether the distance can be seen in print."""
    return formatting.rounded(distance, entry.decimals) != 0


def _own_value(figures: Figures, entry: IndicatorEntry) -> str:
    own = figures.own.get(("indicator", entry.pk))
    return phrases.value(entry, own.value if own else None)


def _needed(step: dict[str, float] | None, indicator: IndicatorEntry, label: str) -> Cell:
    if step is None:
        return Cell("", label, css="number", missing=_("har ingen gjort med dette tal alene"))
    value = phrases.value(indicator, step["value"])
    if formatting.is_yes_no(indicator.unit):
        return Cell(value, label, css="number")
    distance = formatting.difference(step["distance"], phrases.unit(indicator), indicator.decimals)
    persons = step.get("persons")
    if persons:
        people = _("ca. %(count)s personer") % {"count": formatting.number(persons)}
        distance = f"{distance}, {people}"
    return Cell(value, label, note=distance, css="number")
