"""The strips of an edition as one sprite: all municipalities of every theme and indicator."""

from collections import defaultdict

from portal.charts.strip import Symbol, percents, symbol
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
