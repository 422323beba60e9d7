"""From an edition's figures to the facts the rules know: here numbers become the texts they are printed as."""

from collections import Counter
from dataclasses import replace

from indicators.conditions import POPULATION, nearest
from indicators.declared import needs
from portal.charts.maps import fifth
from portal.components.spread_over_time import verdict_of
from portal.language import formatting, phrases
from portal.press.facts import (
    AreaFacts,
    Figure,
    IndicatorFacts,
    MunicipalityFacts,
    NationalFacts,
    NeedAndHelp,
    PeerFacts,
    Place,
    Standing,
)
from portal.press.findings import place_of, spread_facts
from portal.published import Direction, Indicator, Level, Municipality, Placement, Spread
from portal.published.needs import pairs_of
from portal.published.panels import Panel, panel
from portal.published.press_figures import OVERALL, Figures, Key
from portal.published.subjects import OVERALL as WHOLE
from portal.published.subjects import Subject, collected_in, localised
from portal.published.worth import Worth
from rankings.engine.evidence import LEAST_FIT, graded


def municipality_facts(figures: Figures, municipality: Municipality) -> MunicipalityFacts:
    """What the rules about a municipality may know."""
    explanation = figures.explanations.get(municipality.pk)
    return MunicipalityFacts(
        name=municipality.name,
        code=municipality.code,
        year=figures.edition.year,
        overall=_standing(figures, municipality, OVERALL, WHOLE.code, ""),
        areas=tuple(
            _standing(figures, municipality, (str(Level.AREA), area.pk), area.slug, localised(area, "name"))
            for area in figures.areas
        ),
        figures=tuple(
            _figure(figures, municipality, indicator)
            for indicator in figures.indicators
            if (str(Level.INDICATOR), indicator.pk) in figures.now[municipality.pk]
        ),
        previous_year=figures.previous.year if figures.previous else None,
        comparable=figures.comparable,
        causes=explanation.change if explanation else {},
        weights_low=explanation.weights_low if explanation else None,
        weights_high=explanation.weights_high if explanation else None,
        peers=_peers(figures, municipality),
        inhabitants=round(figures.conditions.get(municipality.pk, {}).get(POPULATION, (0.0, 0))[0]) or None,
        is_demo=figures.edition.is_demo,
        of_the_index=figures.edition.of_the_index,
    )


def _standing(figures: Figures, municipality: Municipality, key: Key, code: str, name: str) -> Standing:
    now = figures.now[municipality.pk][key]
    before = figures.before.get(municipality.pk, {}).get(key)
    return Standing(
        code=code,
        name=name,
        n=now.n,
        coverage=now.coverage,
        rank=now.rank,
        last=now.rank_last,
        low=now.low,
        high=now.high,
        score=now.printed,
        alike=len(now.alike or ()),
        before=before.rank if before else None,
        before_low=before.low if before else None,
        before_high=before.high if before else None,
        before_n=before.n if before else None,
    )


def _figure(figures: Figures, municipality: Municipality, indicator: Indicator) -> Figure:
    key = (str(Level.INDICATOR), indicator.pk)
    now = figures.now[municipality.pk][key]
    before = figures.before.get(municipality.pk, {}).get(key)
    spread = figures.spreads.get(key)
    return Figure(
        code=indicator.code,
        name=localised(indicator, "name"),
        text=phrases.value(indicator, now.value),
        direction=phrases.direction(indicator),
        year=now.data_year or figures.edition.year,
        n=now.n,
        rank=now.rank,
        last=now.rank_last,
        score=now.score,
        median=phrases.value(indicator, spread.median) if spread else "",
        missing=formatting.missing(now.missing) if now.missing else "",
        provisional=now.provisional,
        neutral=indicator.direction == Direction.NEUTRAL,
        before_text=phrases.value(indicator, before.value) if before else "",
        before_year=before.data_year if before else None,
        before_score=before.score if before else None,
        broken_in=figures.broken_in(indicator),
        quality=graded(figures.doubted.get((municipality.pk, indicator.pk), {})),
    )


def _peers(figures: Figures, municipality: Municipality) -> PeerFacts | None:
    """Those ranked among the nearest by conditions; None where the municipality or all of them have no place."""
    by_municipality = {row.municipality_id: row for row in figures.everyone}
    own = by_municipality[municipality.pk]
    others = [row.municipality for row in figures.everyone]
    found = [by_municipality[peer.pk] for peer in nearest(municipality, others, figures.conditions)]
    ranked = sorted((row for row in found if row.rank is not None), key=lambda row: row.rank or 0)
    if own.rank is None or not ranked:
        return None
    alike = set(own.alike or ())
    return PeerFacts(
        count=len(ranked),
        place=1 + sum(1 for row in ranked if (row.rank or 0) < own.rank),
        told_apart=sum(1 for row in ranked if row.municipality_id not in alike),
        best=ranked[0].municipality.name,
        best_rank=ranked[0].rank,
    )


def counted(kinds: list[str]) -> dict[str, int]:
    """How many are missing, by kind."""
    return dict(Counter(kind for kind in kinds if kind))


BEST, WORST = 5, 1
SIGNS: dict[str, int] = {Direction.HIGHER: 1, Direction.LOWER: -1}


def indicator_facts(figures: Figures, indicator: Indicator) -> IndicatorFacts:
    """What the rules about an indicator may know."""
    key: Key = (str(Level.INDICATOR), indicator.pk)
    names = {row.municipality_id: row.municipality for row in figures.everyone}
    now = [placed[key] for placed in figures.now.values() if key in placed]
    for row in now:
        row.municipality = names[row.municipality_id]
    places = [_indicator_place(figures, row, indicator) for row in now if row.rank is not None]
    year = figures.years.get(indicator.pk, figures.edition.year)
    spread, spread_before = figures.spreads.get(key), figures.spreads_before.get(key)
    lies = spread_facts(spread, indicator)
    before_median = phrases.value(indicator, spread_before.median) if spread_before else ""
    both = [one for one in places if one.change is not None]
    over_time = panel(figures.editions, Subject(Level.INDICATOR, indicator=indicator))
    since, apart = verdict_of(over_time)
    foretold, against_expected = _against_expected(over_time, indicator)
    return IndicatorFacts(
        name=localised(indicator, "name"),
        code=indicator.code,
        year=year,
        direction=phrases.direction(indicator),
        neutral=indicator.direction == Direction.NEUTRAL,
        spread=lies,
        places=tuple(sorted(places, key=lambda one: (one.rank or 0, one.name))),
        missing=counted([row.missing for row in now]),
        provisional=sum(1 for row in now if row.provisional),
        before_year=figures.years_before.get(indicator.pk),
        before_median=before_median,
        median_rises=0 if lies.median == before_median else _rises(spread, spread_before),
        broken_in=figures.broken_in(indicator),
        both=len(both),
        better=sum(1 for one in both if (one.change or 0) > 0),
        worse=sum(1 for one in both if (one.change or 0) < 0),
        apart=apart,
        apart_since=since,
        against_expected=against_expected,
        foretold=foretold,
        pairs=_together(figures, indicator.code),
        quality=_middle_grade(figures, now, indicator),
        is_demo=figures.edition.is_demo,
        of_the_index=figures.edition.of_the_index,
    )


def _middle_grade(figures: Figures, rows: list[Placement], indicator: Indicator) -> int:
    grades = sorted(
        graded(figures.doubted.get((row.municipality_id, indicator.pk), {})) for row in rows if row.value is not None
    )
    return grades[len(grades) // 2] if grades else 1


def _against_expected(over_time: Panel, indicator: Indicator) -> tuple[str, dict[str, str] | None]:
    """How much the conditions foretell, as it is printed ("" without a model), and who is better or worse."""
    worth = Worth(over_time, indicator)
    if not worth.fits or worth.fits[0] is None:
        return "", None
    foretold = formatting.share_percent(max(worth.fits[0].fit, 0.0), LEAST_FIT)
    if worth.against_expected is None:
        return foretold, None
    pairs = zip(over_time.municipalities, worth.against_expected, strict=True)
    return foretold, {one.code: side for one, side in pairs if side is not None}


def _together(figures: Figures, code: str = "") -> tuple[NeedAndHelp, ...]:
    """The declared pairs that surely go together, all or those in which an indicator is the need."""
    declared = [one.code for one in needs() if code in ("", one.need)]
    found = []
    for pair in pairs_of(figures.editions) if declared else ():
        together = pair.together
        if pair.declared.code in declared and together is not None and together.side:
            names = [side.subject.name for side in (pair.need, pair.help)]
            r = formatting.number(together.r, 2)
            found.append(NeedAndHelp(names[0], pair.declared.need, names[1], r, together.side))
    return tuple(found)


def _rises(now: Spread | None, before: Spread | None) -> int:
    """1 where the median rose, −1 where it fell, 0 where it is the same or unknown."""
    if now is None or before is None or now.median is None or before.median is None:
        return 0
    return (now.median > before.median) - (now.median < before.median)


def _indicator_place(figures: Figures, row: Placement, indicator: Indicator) -> Place:
    """A municipality's line; its change is of the printed value, positive for the better."""
    before = figures.before.get(row.municipality_id, {}).get((str(Level.INDICATOR), indicator.pk))
    change = None
    if row.value is not None and before is not None and before.value is not None:
        now, then = (formatting.rounded(one, indicator.decimals) for one in (row.value, before.value))
        change = formatting.rounded((now - then) * SIGNS.get(indicator.direction, 0), indicator.decimals)
    return Place(
        name=row.municipality.name,
        code=row.municipality.code,
        text=phrases.value(indicator, row.value),
        rank=row.rank,
        last=row.rank_last,
        change=change,
        before_text=phrases.value(indicator, before.value) if before else "",
        quality=graded(figures.doubted.get((row.municipality_id, indicator.pk), {})),
    )


def national_facts(figures: Figures) -> NationalFacts:
    """What the rules about an edition may know."""
    edition, previous = figures.edition, figures.previous
    ranked = [row for row in figures.everyone if row.rank is not None]
    places = [_overall_place(figures, row) for row in ranked]
    if any(one.clear for one in places):  # only beside those is the mean over three editions printed
        means = [figures.means.get(row.municipality_id) for row in ranked]
        places = [replace(one, mean="" if mean is None else formatting.score(mean))
                  for one, mean in zip(places, means, strict=True)]  # fmt: skip
    return NationalFacts(
        release=edition.release,
        year=edition.year,
        n=ranked[0].n if ranked else 0,
        places=tuple(places),
        areas=tuple(_area(figures, area.pk, area.slug, localised(area, "name")) for area in figures.areas),
        spread=spread_facts(figures.spreads.get(OVERALL), None),
        everywhere_best=_everywhere(figures, BEST),
        everywhere_worst=_everywhere(figures, WORST),
        unranked=tuple(row.municipality.name for row in figures.everyone if row.rank is None),
        indicators=collected_in(edition, len(figures.indicators)),
        new_indicators=tuple(
            localised(one, "name") for one in figures.indicators if previous and one.pk not in figures.years_before
        ),
        breaks=_breaks(figures),
        previous_year=previous.year if previous else None,
        previous_n=next((placed[OVERALL].n for placed in figures.before.values() if OVERALL in placed), None),
        comparable=figures.comparable,
        note=localised(edition, "note"),
        reason=localised(edition, "reason"),
        pairs=_together(figures),
        is_demo=edition.is_demo,
        of_the_index=edition.of_the_index,
    )


def _overall_place(figures: Figures, row: Placement) -> Place:
    before = figures.before.get(row.municipality_id, {}).get(OVERALL)
    return place_of(row, phrases.score(row), before, comparable=figures.comparable)


def _area(figures: Figures, pk: int, code: str, name: str) -> AreaFacts:
    key: Key = (str(Level.AREA), pk)
    first = []
    for row in figures.everyone:
        placement = figures.now[row.municipality_id][key]
        if placement.rank == 1:
            placement.municipality = row.municipality
            first.append(place_of(placement, phrases.score(placement)))
    return AreaFacts(code, name, tuple(first))


def _everywhere(figures: Figures, wanted: int) -> tuple[Place, ...]:
    """Those that lie in the wanted fifth of every area."""
    keys: list[Key] = [(str(Level.AREA), area.pk) for area in figures.areas]
    found = []
    for row in figures.everyone:
        own = [figures.now[row.municipality_id][key] for key in keys]
        if all(one.rank is not None and fifth(one.rank, one.n) == wanted for one in own):
            found.append(place_of(row, phrases.score(row)))
    return tuple(found)


def _breaks(figures: Figures) -> tuple[tuple[str, int], ...]:
    broken = ((localised(one, "name"), figures.broken_in(one)) for one in figures.indicators)
    return tuple((name, year) for name, year in broken if year is not None)
