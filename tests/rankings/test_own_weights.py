"""The points of a municipality's figures, by a second way through the tree."""

from collections import defaultdict
from statistics import median

import pytest

from rankings.models import Criterion, Edition, Level, Placement
from rankings.own_weights import pulls

pytestmark = pytest.mark.django_db


def test_the_points_are_the_weights_of_what_is_there_times_the_way_to_the_middle() -> None:
    edition = Edition.objects.published().get(year=2026)
    weights = {
        (one.level, one.area_id or one.theme_id or one.indicator_id): one.weight
        for one in Criterion.objects.filter(edition=edition)
    }
    everybody: dict[str, list[float]] = defaultdict(list)
    scores = Placement.objects.filter(edition=edition, level=Level.INDICATOR, score__isnull=False)
    for code, score in scores.values_list("indicator__code", "score"):
        everybody[code].append(score or 0.0)
    slug = "roedovre"
    own = Placement.objects.filter(edition=edition, municipality__slug=slug, score__isnull=False)
    below: dict[tuple[str, int | None], list[tuple[str, int]]] = defaultdict(list)
    by_code: dict[str, tuple[float, int, int, int]] = {}
    for row in own.filter(level=Level.INDICATOR).select_related("indicator__theme"):
        assert row.indicator
        assert row.indicator.theme
        theme = row.indicator.theme
        if weights["indicator", row.indicator_id] > 0:
            below["theme", theme.pk].append(("indicator", row.indicator.pk))
            by_code[row.indicator.code] = (row.score or 0.0, row.indicator.pk, theme.pk, theme.area_id)
    for row in own.filter(level=Level.THEME).select_related("theme"):
        assert row.theme
        below["area", row.theme.area_id].append(("theme", row.theme.pk))
    for row in own.filter(level=Level.AREA):
        below["overall", None].append(("area", row.area_id or 0))

    def share(child: tuple[str, int], parent: tuple[str, int | None]) -> float:
        return weights[child] / sum(weights[one] for one in below[parent])

    found = pulls(edition, own[0].municipality.code)
    assert len(found) > 80
    for code, points in found.items():
        score, own_indicator, own_theme, own_area = by_code[code]
        part = (
            share(("indicator", own_indicator), ("theme", own_theme))
            * share(("theme", own_theme), ("area", own_area))
            * share(("area", own_area), ("overall", None))
        )
        assert points == pytest.approx(part * (score - median(everybody[code])), abs=1e-9), code


def test_who_has_no_overall_score_has_no_points() -> None:
    edition = Edition.objects.published().get(year=2026)
    without = Placement.objects.filter(edition=edition, level=Level.OVERALL, score=None).select_related("municipality")
    assert without
    assert not any(pulls(edition, one.municipality.code) for one in without)
