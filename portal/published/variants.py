"""The ranking without one kind of source, as an edition has stored it, and how much of the weight each kind is."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from portal.published.subjects import Subject, criteria_of
from portal.serving.release import shared_in_release
from rankings.models import Edition, Placement, VariantPlacement

ADMINISTRATIONS = "survey_managers"


class VariantLine(NamedTuple):
    """A municipality's place without a kind of source, and the published one it stands beside."""

    name: str
    slug: str
    code: str
    rank: int | None
    rank_last: int | None
    n: int
    printed: float | None
    low: int | None
    high: int | None
    coverage: float
    published: int | None = None
    published_last: int | None = None
    published_n: int = 0
    published_coverage: float = 1.0


def has_without(edition: Edition, source: str) -> bool:
    """Whether the edition was computed without a kind of source as well: its method says so, no row has to be read."""
    return source in edition.method.get("robustness", {}).get("without", ()) and not edition.registers_only


def variant_lines(edition: Edition, source: str, subject: Subject) -> list[VariantLine]:
    """Everybody's place in a subject without a kind of source, best first, the unranked last; empty where none is."""
    published = {
        row[0]: row[1:]
        for row in Placement.objects.of(edition)
        .filter(subject.where)
        .values_list("municipality__code", "rank", "rank_last", "n", "coverage")
    }
    rows = (
        VariantPlacement.objects.filter(subject.where, edition=edition, source=source)
        .order_by("municipality__sort_key")
        .values_list(*(_COLUMNS.get(name, name) for name in VariantLine._fields[:10]))
    )
    lines = [VariantLine(*row, *published.get(row[2], ())) for row in rows]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0))


_COLUMNS = {"name": "municipality__name", "slug": "municipality__slug", "code": "municipality__code"}


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
