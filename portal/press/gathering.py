"""From an edition's figures to the facts the rules know: here numbers become the texts they are printed as."""

from collections import Counter

from indicators.conditions import POPULATION, nearest
from indicators.models import Direction, Indicator, Municipality
from portal.language import formatting
from portal.language import phrases as words
from portal.press.facts import Figure, MunicipalityFacts, PeerFacts, Place, SpreadFacts, Standing, apart
from portal.published.press_figures import OVERALL, Figures, Key
from portal.published.subjects import OVERALL as WHOLE
from portal.published.subjects import localised
from rankings.models import Level, Placement, Spread


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
        text=words.value(indicator, now.value),
        direction=words.direction(indicator),
        year=now.data_year or figures.edition.year,
        n=now.n,
        rank=now.rank,
        last=now.rank_last,
        score=now.score,
        median=words.value(indicator, spread.median) if spread else "",
        missing=formatting.missing(now.missing) if now.missing else "",
        provisional=now.provisional,
        neutral=indicator.direction == Direction.NEUTRAL,
        before_text=words.value(indicator, before.value) if before else "",
        before_year=before.data_year if before else None,
        before_score=before.score if before else None,
        broken_in=figures.broken_in(indicator),
    )


def _peers(figures: Figures, municipality: Municipality) -> PeerFacts | None:
    """Those ranked among the nearest by conditions; None where the municipality or all of them have no place."""
    by_municipality = {row.municipality_id: row for row in figures.everyone}
    own = by_municipality[municipality.pk]
    others = [row.municipality for row in figures.everyone]
    found = [by_municipality[peer.municipality.pk] for peer in nearest(municipality, others, figures.conditions)]
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


def spread_facts(spread: Spread | None, indicator: Indicator | None) -> SpreadFacts:
    """A subject's spread as it is printed."""
    if spread is None:
        return SpreadFacts(0)
    figures = (spread.median, spread.lower_quartile, spread.upper_quartile, spread.lowest, spread.highest)
    texts = (
        "" if figure is None else words.value(indicator, figure) if indicator else formatting.score(figure)
        for figure in figures
    )
    return SpreadFacts(spread.n, *texts)


def place_of(placement: Placement, text: str, before: Placement | None = None, *, comparable: bool = True) -> Place:
    """A municipality's line. ``change``: places up (positive) or down since the edition before."""
    then = before if comparable and before is not None and before.rank is not None else None
    change = then.rank - placement.rank if then and then.rank is not None and placement.rank is not None else None
    return Place(
        name=placement.municipality.name,
        code=placement.municipality.code,
        text=text,
        rank=placement.rank,
        last=placement.rank_last,
        low=placement.low,
        high=placement.high,
        alike=len(placement.alike or ()),
        change=change,
        before=f"{words.rank_in_text(then)} {words.of(then)}" if then else "",
        clear=then is not None and _apart(placement, then),
    )


def _apart(now: Placement, before: Placement) -> bool:
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return False
    return apart((now.low, now.high, now.n), (before.low, before.high, before.n))


def counted(kinds: list[str]) -> dict[str, int]:
    """How many are missing, by kind."""
    return dict(Counter(kind for kind in kinds if kind))
