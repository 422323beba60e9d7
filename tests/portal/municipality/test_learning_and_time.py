"""Who does better, and one figure over the years: recomputed from the stored rows."""

import csv
import io
import re

import pytest

from rankings.models import Edition, Level, Placement
from tests.markup import Markup, text_of
from tests.visited import visited

pytestmark = pytest.mark.django_db
LOWER = "lavere er bedre"


def _rows(page: Markup) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in page.all("tbody")[0].iter("tr")]


def _values(year: int, municipality: str) -> dict[str, float]:
    rows = Placement.objects.filter(
        edition__year=year, edition__state="published", municipality__code=municipality, level=Level.INDICATOR
    )
    return {code: value for code, value in rows.values_list("indicator__code", "value") if value is not None}


def test_whoever_is_said_to_do_better_does_so_in_both_of_the_latest_editions() -> None:
    text = visited("/kommune/roedovre/laer.csv").body.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row.get("bedre_kommunekode")]
    assert len(rows) > 20
    known = {
        (year, code): _values(year, code)
        for year in (2025, 2026)
        for code in {row["bedre_kommunekode"] for row in rows} | {rows[0]["kommunekode"]}
    }
    yearly = 0
    for row in rows:
        own, other, indicator = row["kommunekode"], row["bedre_kommunekode"], row["indikator"]
        way = -1 if row["retning"] == LOWER else 1
        for year in (2025, 2026):
            if indicator in known[year, own] and indicator in known[year, other]:
                assert way * (known[year, other][indicator] - known[year, own][indicator]) > 0, (indicator, year)
                yearly += 1
    assert yearly > 40


def test_lessons_come_in_the_order_of_what_they_cost_and_the_best_value_first() -> None:
    rows = _rows(visited("/kommune/roedovre/laer/").page)
    points = [float(row[2].replace("−", "-").replace(",", ".")) for row in rows]
    assert points == sorted(points)
    assert max(points) < 0


def test_who_has_no_score_is_told_why_there_is_nothing_to_learn_from() -> None:
    page = visited("/kommune/laesoe/laer/").page
    assert "ingen samlet score" in page.text
    assert not page.all("table")


def test_a_figure_over_the_years_prints_what_was_stored_and_says_what_is_not_known() -> None:
    page = visited("/kommune/roedovre/tal/b-omgoerelse/?mod=dragoer").page
    rows = {row[0][:4]: row for row in _rows(page)}
    stored = Placement.objects.filter(
        edition__state="published", municipality__slug="roedovre", indicator__code="b-omgoerelse", value__isnull=False
    )
    assert len(rows) >= 2
    for value, decimals, year in stored.values_list("value", "indicator__decimals", "data_year"):
        assert rows[str(year)][1].startswith(f"{value:.{decimals}f}".replace(".", ",")), year
    assert "Landstallet kan vi ikke beregne" in page.text
    assert [text_of(head) for head in page.all("th")][1].startswith("Rødovre")
    assert [text_of(head) for head in page.all("th")][2].startswith("Dragør")
    assert visited("/kommune/roedovre/tal/atlantis/").status == 404


def test_a_broken_series_says_nothing_of_a_development_across_the_break() -> None:
    broken = Edition.objects.get(year=2026, state="published").criterion_set.filter(
        indicator__breaks__year=2024, data_year__gte=2025
    )
    [code, *_others] = broken.values_list("indicator__code", flat=True)
    page = visited(f"/kommune/roedovre/tal/{code}/").page
    assert "databrud i 2024" in page.text
    assert re.search("Der skal 3 år til|Ingen sikker udvikling|mere end almindelige udsving", page.text)
    assert not re.search(r"(fra|faldet|steget) .* i 20(22|23) til", text_of(page.by_class("lead")[0]))
