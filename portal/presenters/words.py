"""Phrases about placements that several pages share, made from numbers by portal.formatting."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators.models import Direction, Indicator
from portal import formatting
from portal.charts.strip import Strip, percents, strip
from rankings.models import Edition, Placement, Spread

COVERAGE_OF_METHOD = 0.6


def rank(placement: Placement | None) -> str:
    """Write a placement to stand first on a line: "Nr. 4", "Delt nr. 12 (12–14)" or "Ikke placeret"."""
    if placement is None or placement.rank is None:
        return _("Ikke placeret")
    return formatting.rank(placement.rank, placement.rank_last)


def rank_in_text(placement: Placement | None) -> str:
    """Write a placement inside a line or a cell: "nr. 12–14"; empty where there is none."""
    if placement is None or placement.rank is None:
        return ""
    return formatting.rank_in_text(placement.rank, placement.rank_last)


def of(placement: Placement | None) -> str:
    """Write "af 97"; empty where there is no rank."""
    return "" if placement is None or placement.rank is None else formatting.of(placement.n)


def score(placement: Placement | None) -> str:
    """Write the printed score; empty where there is none."""
    return "" if placement is None or placement.printed is None else formatting.score(placement.printed)


def interval(placement: Placement | None) -> str:
    """Write how sure a placement is; empty where it is not known."""
    if placement is None or placement.low is None or placement.high is None:
        return ""
    return formatting.rank_interval(placement.low, placement.high)


def why_not_ranked(placement: Placement, edition: Edition) -> str:
    """Say why there is no rank; empty where there is one."""
    if placement.rank is not None:
        return ""
    needed = edition.method.get("missing", {}).get("coverage", COVERAGE_OF_METHOD)
    return _("Der er kun tal for %(share)s %% af vægten, og der kræves %(needed)s %%.") % {
        "share": formatting.number(100 * placement.coverage),
        "needed": formatting.number(100 * needed),
    }


def value(indicator: Indicator, figure: float | None) -> str:
    """Write an indicator's value with its unit; empty for None."""
    if figure is None:
        return ""
    return formatting.with_unit(figure, indicator.unit, indicator.decimals)


def direction(indicator: Indicator) -> str:
    """Say in words which way is good."""
    return formatting.direction(indicator.direction)


def lower_is_right(indicator: Indicator) -> bool:
    """Whether the better end of the scale, the right one, holds the lower values."""
    return indicator.direction == Direction.LOWER


def score_strip(own: Placement | None, everyone: Sequence[Placement], spread: Spread | None, says: str) -> Strip:
    """Draw all scores of a subject with one's own, the median and the band of its interval."""
    scores = [placement.printed for placement in everyone if placement.rank is not None]
    median = spread.median if spread else None
    figures = [*scores, own.printed if own else None, median]
    *ticks, place, middle = percents(figures)
    return strip(ticks, says=says, own=place, median=middle, band=_band(own, scores, ticks))


def _band(
    own: Placement | None, scores: Sequence[float | None], places: Sequence[float | None]
) -> tuple[float, float] | None:
    """The places on the scale of those who now hold the two ends of the interval."""
    if own is None or own.low is None or own.high is None:
        return None
    by_rank = sorted((place for place, score in zip(places, scores, strict=True) if place is not None), reverse=True)
    if not by_rank:
        return None
    return by_rank[min(own.low, len(by_rank)) - 1], by_rank[min(own.high, len(by_rank)) - 1]
