"""The share of the whole index that each indicator of an edition has: its weight among siblings × its parent's."""

from collections import defaultdict
from collections.abc import Mapping

from portal.published.subjects import criteria_of
from portal.serving.release import shared_in_release
from rankings.models import Edition


@shared_in_release
def shares_of(edition: Edition) -> Mapping[int, tuple[str, float]]:
    """Each indicator with a weight, by its key: its kind of source and its share (0–1); the shares add up to 1."""
    rows = list(criteria_of(edition))
    areas = {row.area.pk: row.weight for row in rows if row.area}
    themes = {row.theme.pk: (row.theme.area_id, row.weight) for row in rows if row.theme}
    of_theme: dict[int, float] = defaultdict(float)
    of_area: dict[int, float] = defaultdict(float)
    for area, weight in themes.values():
        of_area[area] += weight
    indicators = [(row.indicator, row.weight) for row in rows if row.indicator and row.indicator.theme_id in themes]
    for one, weight in indicators:
        of_theme[one.theme_id or 0] += weight
    found = {}
    for one, weight in indicators:
        area, theme = themes[one.theme_id or 0]
        if weight and area in areas:
            above = areas[area] / sum(areas.values()) * theme / of_area[area]
            found[one.pk] = (one.source_kind, above * weight / of_theme[one.theme_id or 0])
    return found
