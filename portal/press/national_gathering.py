"""The facts of an indicator and of a whole edition."""

from indicators.models import Direction, Indicator
from portal.charts.maps import fifth
from portal.language import phrases as words
from portal.press.facts import AreaFacts, IndicatorFacts, NationalFacts, Place
from portal.press.gathering import counted, place_of, spread_facts
from portal.published.press_figures import OVERALL, Figures, Key
from portal.published.subjects import localised
from rankings.models import Level, Placement, Spread

BEST, WORST = 5, 1


def indicator_facts(figures: Figures, indicator: Indicator) -> IndicatorFacts:
    """What the rules about an indicator may know."""
    key: Key = (str(Level.INDICATOR), indicator.pk)
    names = {row.municipality_id: row.municipality for row in figures.everyone}
    now = [placed[key] for placed in figures.now.values() if key in placed]
    before = {pk: placed[key] for pk, placed in figures.before.items() if key in placed}
    for row in now:
        row.municipality = names[row.municipality_id]
    places = [_indicator_place(row, before.get(row.municipality_id), indicator) for row in now if row.rank is not None]
    year = figures.years.get(indicator.pk, figures.edition.year)
    spread, spread_before = figures.spreads.get(key), figures.spreads_before.get(key)
    lies = spread_facts(spread, indicator)
    before_median = words.value(indicator, spread_before.median) if spread_before else ""
    moved = [one.change for one in places if one.change]
    return IndicatorFacts(
        name=localised(indicator, "name"),
        code=indicator.code,
        year=year,
        direction=words.direction(indicator),
        neutral=indicator.direction == Direction.NEUTRAL,
        spread=lies,
        places=tuple(sorted(places, key=lambda one: (one.rank or 0, one.name))),
        missing=counted([row.missing for row in now]),
        provisional=sum(1 for row in now if row.provisional),
        before_year=figures.years_before.get(indicator.pk),
        before_median=before_median,
        median_rises=0 if lies.median == before_median else _rises(spread, spread_before),
        broken_in=figures.broken_in(indicator),
        better=sum(1 for points in moved if points > 0),
        worse=sum(1 for points in moved if points < 0),
        is_demo=figures.edition.is_demo,
    )


def _rises(now: Spread | None, before: Spread | None) -> int:
    """1 where the median rose, −1 where it fell, 0 where it is the same or unknown."""
    if now is None or before is None or now.median is None or before.median is None:
        return 0
    return (now.median > before.median) - (now.median < before.median)


def _score(placement: Placement | None) -> float | None:
    return placement.score if placement else None


def _indicator_place(row: Placement, before: Placement | None, indicator: Indicator) -> Place:
    """A municipality's line; its change is in points on the scale of 100, for better or worse."""
    then = _score(before)
    return Place(
        name=row.municipality.name,
        code=row.municipality.code,
        text=words.value(indicator, row.value),
        rank=row.rank,
        last=row.rank_last,
        change=row.score - then if row.score is not None and then is not None else None,
        before_text=words.value(indicator, before.value) if before else "",
    )


def national_facts(figures: Figures) -> NationalFacts:
    """What the rules about an edition may know."""
    edition, previous = figures.edition, figures.previous
    ranked = [row for row in figures.everyone if row.rank is not None]
    return NationalFacts(
        release=edition.release,
        year=edition.year,
        n=ranked[0].n if ranked else 0,
        places=tuple(_overall_place(figures, row) for row in ranked),
        areas=tuple(_area(figures, area.pk, area.slug, localised(area, "name")) for area in figures.areas),
        spread=spread_facts(figures.spreads.get(OVERALL), None),
        everywhere_best=_everywhere(figures, BEST),
        everywhere_worst=_everywhere(figures, WORST),
        unranked=tuple(row.municipality.name for row in figures.everyone if row.rank is None),
        indicators=len(figures.indicators),
        new_indicators=tuple(
            localised(one, "name") for one in figures.indicators if previous and one.pk not in figures.years_before
        ),
        breaks=_breaks(figures),
        previous_year=previous.year if previous else None,
        previous_n=next((placed[OVERALL].n for placed in figures.before.values() if OVERALL in placed), None),
        comparable=figures.comparable,
        note=localised(edition, "note"),
        reason=localised(edition, "reason"),
        is_demo=edition.is_demo,
    )


def _overall_place(figures: Figures, row: Placement) -> Place:
    before = figures.before.get(row.municipality_id, {}).get(OVERALL)
    return place_of(row, words.score(row), before, comparable=figures.comparable)


def _area(figures: Figures, pk: int, code: str, name: str) -> AreaFacts:
    key: Key = (str(Level.AREA), pk)
    first = []
    for row in figures.everyone:
        placement = figures.now[row.municipality_id][key]
        if placement.rank == 1:
            placement.municipality = row.municipality
            first.append(place_of(placement, words.score(placement)))
    return AreaFacts(code, name, tuple(first))


def _everywhere(figures: Figures, wanted: int) -> tuple[Place, ...]:
    """Those that lie in the wanted fifth of every area."""
    keys: list[Key] = [(str(Level.AREA), area.pk) for area in figures.areas]
    found = []
    for row in figures.everyone:
        own = [figures.now[row.municipality_id][key] for key in keys]
        if all(one.rank is not None and fifth(one.rank, one.n) == wanted for one in own):
            found.append(place_of(row, words.score(row)))
    return tuple(found)


def _breaks(figures: Figures) -> tuple[tuple[str, int], ...]:
    broken = ((localised(one, "name"), figures.broken_in(one)) for one in figures.indicators)
    return tuple((name, year) for name, year in broken if year is not None)
