"""What a municipality's page says first: its place, how sure that is, its areas, one honest sentence."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.conditions import POPULATION
from portal.addresses.links import Links
from portal.addresses.numbers import trace_url
from portal.charts.strip import Strip
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.language.phrases import Facts, sentence
from portal.published import Explanation
from portal.published.catalogue import AreaEntry, IndicatorEntry
from portal.published.municipality import Figures, Neighbour
from portal.published.rows import OVERALL_KEY, PlacementRow
from portal.published.subjects import OVERALL, localised


@dataclass(frozen=True, slots=True)
class MunicipalityAnswer:
    """What templates/components/answer.html shows."""

    rank: str
    of: str
    reason: str
    interval: str
    alike: str
    score: str
    proof: str
    sentence: str
    strip: Strip


def answer_of(figures: Figures) -> MunicipalityAnswer:
    """Say where the municipality stands."""
    overall = figures.overall
    alike = len(overall.alike or [])
    return MunicipalityAnswer(
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
        strip=phrases.score_strip(
            overall,
            figures.country.scores.get(OVERALL_KEY, ()),
            figures.country.spreads.get(OVERALL_KEY),
            _("Alle kommuners score på en linje, de bedste til højre."),
            labelled=figures.municipality.name,
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
        bridge_rank=None if figures.comparable else figures.rank_before,
        causes=figures.explanation.change if figures.explanation else {},
    )


def area_cards(figures: Figures) -> tuple[dict[str, Any], ...]:
    """Its place in each area; an area the edition has no figures of for it is shown without a place."""
    return tuple(_area_card(figures, area) for area in figures.country.areas)


def _area_card(figures: Figures, area: AreaEntry) -> dict[str, Any]:
    key = ("area", area.pk)
    own = figures.own.get(key)
    name = localised(area, "name")
    strip = phrases.score_strip(
        own,
        figures.country.scores.get(key, ()),
        figures.country.spreads.get(key),
        _("Alle kommuners score på %(area)s, de bedste til højre.") % {"area": name},
    )
    return dict(
        code=area.code,
        name=name,
        url=figures.links.area(area.slug),
        rank=phrases.rank(own),
        of=phrases.of(own),
        reason=phrases.why_not_ranked(own, figures.shown.edition) if own else _("Udgaven har ingen tal for området."),
        interval=phrases.interval(own),
        score=phrases.score(own),
        proof=_proof(figures, area.slug),
        strip=strip,
        top=(),
        spread="",
    )


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


def explained(figures: Figures) -> dict[str, Any]:
    """Put the stored explanation in words."""
    explanation = figures.explanation
    if explanation is None:
        return dict(change=None, change_says="", bridge_says="", movers=None, lift=None, weights="")
    indicators = {indicator.code: indicator for indicator in figures.country.indicators}
    return dict(
        change=_change(explanation),
        change_says=_change_says(figures) if explanation.change else "",
        bridge_says=_bridge_says(figures),
        movers=_movers(explanation, indicators, figures.links),
        lift=_lift(explanation, indicators, figures.links),
        weights=" ".join(filter(None, [_weights(explanation, figures.overall), _ten_places(explanation)])),
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
    previous, explanation = figures.shown.previous, figures.explanation
    if figures.comparable or previous is None or figures.overall.rank is None:
        return ""
    words: dict[str, object] = {"year": previous.year, "now": figures.shown.edition.year}
    if explanation is None or explanation.bridge_rank is None:
        return _("Metoden er ændret siden %(year)s, så placeringerne kan ikke sammenlignes.") % words
    words |= {
        "before": formatting.rank_in_text(explanation.bridge_rank),
        "of": formatting.of(explanation.bridge_n or 0),
        "moved": formatting.rank_change(explanation.bridge_rank, figures.overall.rank),
    }
    return _("Metoden er ændret siden %(year)s. Regnet efter metoden fra %(now)s var kommunen %(before)s %(of)s i "
             "%(year)s; målt sådan er det %(moved)s.") % words  # fmt: skip


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


def _movers(explanation: Explanation, indicators: Mapping[str, IndicatorEntry], links: Links) -> Table | None:
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
    return Table(_("De egne tal, der flyttede scoren mest"), columns, rows, css="plain") if rows else None


def _lift(explanation: Explanation, indicators: Mapping[str, IndicatorEntry], links: Links) -> Table | None:
    far = any(step["places"] == FAR for one in explanation.lift for step in one["steps"])
    steps_shown = (1, FAR) if far else (1,)
    heads = (_("Én plads frem"), *((_("Ti pladser frem"),) if far else ()), _("Har flyttet sig så langt"))
    rows = []
    for one in explanation.lift:
        indicator = indicators.get(one["indicator"])
        if indicator is None:
            continue
        steps = {step["places"]: step for step in one["steps"]}
        cells = [_needed(steps.get(places), indicator, head) for places, head in zip(steps_shown, heads, strict=False)]
        cells.append(Cell(_made(steps.get(1)), heads[-1]))
        rows.append(Row(localised(indicator, "name"), links.indicator(indicator.code), cells=tuple(cells)))
    columns = (
        Column(_("Indikator")),
        *(Column(head, note=_("værdi, der skal til")) for head in heads[:-1]),
        Column(heads[-1], note=_("kommuner inden for tre udgaver")),
    )
    return Table(_("Hvad ville løfte placeringen"), columns, tuple(rows)) if rows else None


def _ten_places(explanation: Explanation) -> str:
    """Said once where it holds of every figure, instead of in every row."""
    if not explanation.lift or any(step["places"] == FAR for one in explanation.lift for step in one["steps"]):
        return ""
    return _("Ti pladser frem kan ikke nås med ét tal alene.")


def _needed(step: dict[str, float] | None, indicator: IndicatorEntry, label: str) -> Cell:
    if step is None:
        return Cell("", label, missing=_("kan ikke nås med dette tal alene"))
    value = phrases.value(indicator, step["value"])
    if formatting.is_yes_no(indicator.unit):
        return Cell(value, label)
    distance = formatting.difference(step["distance"], phrases.unit(indicator), indicator.decimals)
    persons = step.get("persons")
    if persons:
        people = _("ca. %(count)s personer") % {"count": formatting.number(persons)}
        distance = f"{distance}, {people}"
    return Cell(value, label, note=distance)


def _made(step: dict[str, float] | None) -> str:
    if step is None:
        return ""
    return formatting.count(int(step["made"]), _("kommune"), _("kommuner"))


def _weights(explanation: Explanation, overall: PlacementRow) -> str:
    low, high = explanation.weights_low, explanation.weights_high
    if low is None or high is None or overall.rank is None:
        return ""
    return _("Under alle rimelige vægte ligger kommunen %(interval)s %(of)s.") % {
        "interval": formatting.rank_interval(low, high),
        "of": formatting.of(overall.n),
    }
