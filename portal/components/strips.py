"""The strips of an edition as one sprite: all municipalities of every theme and indicator."""

from collections import defaultdict

from django.db.models import F

from indicators.models import Direction
from portal.charts.strip import Symbol, percents, symbol
from portal.published.edition import ShownEdition
from rankings.models import Level, Placement, Spread


def symbols(shown: ShownEdition) -> list[Symbol]:
    """One symbol a theme and an indicator, in two queries."""
    figures: dict[str, list[float | None]] = defaultdict(list)
    turned: dict[str, bool] = {}
    rows = Placement.objects.filter(edition=shown.edition, level__in=[Level.THEME, Level.INDICATOR]).values_list(
        F("theme__code"), F("indicator__code"), "score", "value", F("indicator__direction"), "rank"
    )
    for theme, indicator, score, value, direction, rank in rows.iterator():
        code = indicator or theme
        figures[code].append(value if indicator else (score if rank else None))
        turned[code] = direction == Direction.LOWER
    medians = {
        code: median
        for theme, indicator, median in Spread.objects.filter(edition=shown.edition).values_list(
            F("theme__code"), F("indicator__code"), "median"
        )
        if (code := indicator or theme)
    }
    return [_symbol(code, values, medians.get(code), turned=turned[code]) for code, values in sorted(figures.items())]


def _symbol(code: str, values: list[float | None], median: float | None, *, turned: bool) -> Symbol:
    *places, middle = percents([*values, median], lower_is_right=turned)
    return symbol(code, places, middle)
