"""What "Hvem gør det bedre?" and the sheet for the council table say, recomputed from the stored rows.

The points, the ordinary movement and the rule of who is better are written anew below, without the product's code.
"""

import csv
import re
import statistics
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test.utils import override_settings

from indicators.models import Indicator
from portal.municipality.one_page import sheet_of
from portal.published.edition import edition_of_address
from rankings.models import Criterion, Edition, Level, Placement
from tests.markup import Markup
from tests.visited import visited

pytestmark = pytest.mark.django_db

SOME = ("odense", "struer", "vejen", "laesoe")
EVERYBODY = pytest.param(None, marks=pytest.mark.full, id="everybody")


def _rows(slug: str) -> list[dict[str, str]]:
    lines = visited(f"/kommune/{slug}/laer.plain.csv").body.decode("utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _slugs(which: tuple[str, ...] | None) -> list[str]:
    everybody = Placement.objects.filter(edition=_newest(), level=Level.OVERALL, rank__isnull=False)
    placed = list(everybody.values_list("municipality__slug", flat=True))
    return [slug for slug in placed if which is None or slug in which]


def _newest() -> Edition:
    return Edition.objects.filter(state="published").order_by("-year")[0]


class _Weights:
    """How much a point at an indicator is worth for one municipality, its gaps and the weights beside them included."""

    def __init__(self, edition: Edition, slug: str) -> None:
        rows = Placement.objects.filter(edition=edition, municipality__slug=slug, score__isnull=False)
        self.has = {(row.level, row.area_id or row.theme_id or row.indicator_id) for row in rows}
        criteria = Criterion.objects.filter(edition=edition).select_related("indicator__theme", "theme")
        self.weight = {(one.level, one.area_id or one.theme_id or one.indicator_id): one.weight for one in criteria}
        self.parent: dict[Any, Any] = {}
        for one in criteria:
            if one.indicator and one.indicator.theme_id:
                self.parent[Level.INDICATOR, one.indicator_id] = (Level.THEME, one.indicator.theme_id)
            elif one.theme:
                self.parent[Level.THEME, one.theme_id] = (Level.AREA, one.theme.area_id)

    def of(self, key: Any) -> float:
        siblings = [one for one in self.weight if one[0] == key[0] and self.parent.get(one) == self.parent.get(key)]
        share = self.weight[key] / sum(self.weight[one] for one in siblings if one in self.has)
        return share * (self.of(self.parent[key]) if key in self.parent else 1.0)


@pytest.mark.parametrize("which", [pytest.param(SOME, id="some"), EVERYBODY])
def test_the_points_are_the_distance_to_the_middle_times_the_weight_there(which: tuple[str, ...] | None) -> None:
    edition, read = _newest(), 0
    scores = Placement.objects.filter(edition=edition, level=Level.INDICATOR, score__isnull=False)
    by_code: dict[str, dict[str, float]] = {}
    for code, slug, score in scores.values_list("indicator__code", "municipality__slug", "score"):
        by_code.setdefault(code, {})[slug] = score or 0.0
    keys = dict(Criterion.objects.filter(edition=edition).values_list("indicator__code", "indicator"))
    for slug in _slugs(which):
        weights, points = _Weights(edition, slug), []
        for code, told in {row["indicator"]: float(row["points"]) for row in _rows(slug)}.items():
            apart = by_code[code][slug] - statistics.median(by_code[code].values())
            assert told == pytest.approx(apart * weights.of((Level.INDICATOR, keys[code])), abs=1e-4), (slug, code)
            points.append(told)
        assert points == sorted(points), "the costliest first"
        read += len(points)
    assert read > 40


def _fresh(code: str) -> list[Edition]:
    """The two newest editions that brought new figures of an indicator."""
    found: list[tuple[int, Edition]] = []
    for edition in Edition.objects.filter(state="published").order_by("year"):
        year = Criterion.objects.filter(edition=edition, indicator__code=code).values_list("data_year", flat=True)[:1]
        if year and (not found or year[0] != found[-1][0]):
            found.append((year[0] or 0, edition))
    return [edition for _year, edition in found[-2:]]


def _values(edition: Edition, code: str) -> dict[str, float]:
    rows = Placement.objects.filter(edition=edition, indicator__code=code, value__isnull=False)
    return {code: value or 0.0 for code, value in rows.values_list("municipality__code", "value")}


def _ninth_of_ten(before: dict[str, float], now: dict[str, float]) -> float:
    changes = [now[one] - before[one] for one in now if one in before]
    middle = statistics.median(changes)
    sizes = sorted(abs(one - middle) for one in changes)
    place = 0.9 * (len(sizes) - 1)
    low = int(place)
    return sizes[low] + (place - low) * (sizes[min(low + 1, len(sizes) - 1)] - sizes[low])


@pytest.mark.parametrize("which", [pytest.param(SOME[:2], id="some"), EVERYBODY])
def test_who_is_named_is_alike_and_better_in_both_editions_beyond_ordinary_movement(
    which: tuple[str, ...] | None,
) -> None:
    kept: dict[str, Any] = {}
    decimals = dict(Indicator.objects.values_list("code", "decimals"))
    named = 0
    for slug in _slugs(which):
        alike = visited(f"/kommune/{slug}/laer/").page.text
        for row in (row for row in _rows(slug) if row["better"]):
            code, own, other = row["indicator"], row["municipality_code"], row["better_code"]
            if code not in kept:
                before, now = (_values(edition, code) for edition in _fresh(code))
                kept[code] = before, now, _ninth_of_ten(before, now)
            before, now, ordinary = kept[code]
            sign = -1 if row["direction"] == "lavere er bedre" else 1
            for figures in (before, now):
                assert sign * (figures[other] - figures[own]) > ordinary, (slug, code, row["better"])
            assert row["better"] in alike
            assert [float(row["value"]), float(row["better_value"])] == [
                float(Decimal(repr(now[one])).quantize(Decimal(1).scaleb(-decimals[code]), ROUND_HALF_UP))
                for one in (own, other)
            ], (slug, code)
            named += 1
    assert named > 5


def _sheet(slug: str, release: str = "") -> Markup:
    with override_settings(SITE_ADDRESS="http://testserver"):
        sheet = sheet_of(edition_of_address(release), slug)
    return Markup(render_to_string("municipality/one_page.html", {"sheet": sheet, "size": "", "language": "da"}))


def _place(row: Placement) -> str:
    return f"Nr. {row.rank}" if row.rank == row.rank_last else f"Delt nr. {row.rank} ({row.rank}–{row.rank_last})"


def _areas(edition: Edition, slug: str) -> Iterator[tuple[str, Placement]]:
    rows = Placement.objects.filter(edition=edition, municipality__slug=slug, level=Level.AREA)
    for row in rows.select_related("area"):
        yield (row.area.name_da if row.area else ""), row


@pytest.mark.parametrize("which", [pytest.param(SOME, id="some"), EVERYBODY])
def test_the_sheet_says_the_stored_places_and_its_question_names_a_lesson(which: tuple[str, ...] | None) -> None:
    edition = _newest()
    for slug in _slugs(which):
        text = _sheet(slug).text
        own = Placement.objects.get(edition=edition, municipality__slug=slug, level=Level.OVERALL)
        assert f"{_place(own)} af {own.n}" in text, slug
        assert f"score {own.printed:.1f} af 100".replace(".", ",") in text, slug
        for name, row in _areas(edition, slug):
            if row.rank:
                assert f"{name} {_place(row)} af {row.n}" in text, (slug, name)
        lessons = {(row["name"], row["better"]) for row in _rows(slug)}
        asked = re.search(r"udvalget (\S[^»]*?) har lignende vilkår og (?:har|svarer) (.*?) (?:på|til) »(.*?)«", text)
        if asked:
            assert (asked[3], asked[1]) in lessons, (slug, asked[0])


def test_a_sheet_without_an_area_shows_every_theme_that_has_a_place_and_chooses_none() -> None:
    themes: dict[tuple[str, str], list[Placement]] = {}
    for edition in Edition.objects.filter(state="published"):
        ranked = Placement.objects.filter(edition=edition, rank__isnull=False).select_related("theme", "municipality")
        placed = set(ranked.filter(level=Level.AREA).values_list("municipality", flat=True))
        for row in ranked.filter(level=Level.THEME).exclude(municipality__in=placed):
            themes.setdefault((row.municipality.slug, f"@{edition.release}"), []).append(row)
    (slug, release), own = max(themes.items(), key=lambda one: len(one[1]))
    text = _sheet(slug, release).text
    assert len(own) > 3
    for row in own:
        assert f"{row.theme.name_da if row.theme else ''} {_place(row)} af {row.n}" in text
