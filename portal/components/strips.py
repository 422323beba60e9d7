"""Scores along a line: one with one's own place named, and those of an edition as one sprite."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from portal.charts.scale import extent
from portal.charts.strip import Strip, Symbol, percents, spread_out, strip, symbol
from portal.language import formatting, phrases
from portal.published import Direction
from portal.published.edition import ShownEdition
from portal.published.rows import figures_of_themes_and_indicators, medians_of


def symbols(shown: ShownEdition) -> list[Symbol]:
    """One symbol a theme and an indicator, in two queries."""
    figures: dict[str, list[float | None]] = defaultdict(list)
    turned: dict[str, bool] = {}
    for theme, indicator, score, value, direction, rank in figures_of_themes_and_indicators(shown.edition):
        code = indicator or theme
        figures[code].append(value if indicator else (score if rank else None))
        turned[code] = direction == Direction.LOWER
    medians = {indicator or theme: median for theme, indicator, median in medians_of(shown.edition)}
    return [_symbol(code, values, medians.get(code), turned=turned[code]) for code, values in sorted(figures.items())]


def _symbol(code: str, values: list[float | None], median: float | None, *, turned: bool) -> Symbol:
    *places, middle = percents([*values, median], lower_is_right=turned)
    return symbol(code, places, middle)


def score_strip(
    own: phrases.Standing | None,
    scores: Sequence[float],
    spread: phrases.Spreads | None,
    says: str,
    *,
    labelled: str = "",
) -> Strip:
    """Draw the printed scores of everyone ranked, with one's own, the median and the band of its interval.

    ``labelled`` names the own place on a large strip; the median is named beside it then.
    """
    middle = spread.median if spread else None
    mine = own.printed if own else None
    ends = extent([*scores, mine, middle])
    places = spread_out(tuple(scores), *ends)
    place, at_middle = percents((mine, middle), ends=ends)
    return strip(
        places,
        says=says,
        own=place,
        median=at_middle,
        band=_ends(own, places),
        own_label=f"{labelled} {formatting.score(mine)}" if labelled and mine is not None else "",
        median_label=_("median %(value)s") % {"value": formatting.score(middle)}
        if labelled and middle is not None
        else "",
    )


def _ends(own: phrases.Standing | None, figures: Iterable[float]) -> tuple[float, float] | None:
    if own is None or own.low is None or own.high is None:
        return None
    by_rank = sorted(figures, reverse=True)
    if not by_rank:
        return None
    return by_rank[min(own.low, len(by_rank)) - 1], by_rank[min(own.high, len(by_rank)) - 1]
