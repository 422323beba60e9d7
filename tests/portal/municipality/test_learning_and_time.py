"""Who does better, and one figure over the years: recomputed from the stored rows."""

import csv
import io
import math
import re

import pytest

from indicators.models import ContextFigure
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


def test_the_national_figure_weighs_every_municipality_by_its_people() -> None:
    known = {(row.municipality_id, row.code): row.value for row in ContextFigure.objects.all()}
    pairs = [
        (value, known[one, "k-indbyggere"] * known[one, "k-boern"] / 100)
        for one, value in Placement.objects.filter(
            edition__year=2026, edition__state="published", indicator__code="b-anbragte-andel", value__isnull=False
        ).values_list("municipality_id", "value")
    ]
    whole = sum((value or 0.0) * people for value, people in pairs) / sum(people for _value, people in pairs)
    page = visited("/kommune/roedovre/tal/b-anbragte-andel/").page
    assert _rows(page)[0][-1].startswith(f"{whole:.2f}"[:3].replace(".", ",")), whole
    assert "vejet gennemsnit" in page.text
    assert re.search(r"omkring \d+ af \d+\.\d{3}", page.text)


def test_every_ranked_figure_stands_once_among_the_nine_fields_or_those_without_years() -> None:
    page = visited("/kommune/roedovre/niveau-og-udvikling/").page
    ranked = Placement.objects.filter(
        edition__year=2026, edition__state="published", municipality__slug="roedovre", level=Level.INDICATOR,
        rank__isnull=False,
    )  # fmt: skip
    stories = [href for href in page.links if "/tal/" in href]
    assert sorted(stories) == sorted(
        f"/kommune/roedovre/tal/{code}/" for code in ranked.values_list("indicator__code", flat=True)
    )
    [says] = [text_of(one) for one in page.by_class("lead")]
    assert re.match(r"Af \d+ tal er \d+ blevet bedre og \d+ dårligere", says)


def test_a_reader_who_weighs_only_the_population_gets_the_nearest_by_population() -> None:
    nobody = "taethed=0&indkomst=0&aeldre=0&boern=0&gruppe=0"
    people = dict(ContextFigure.objects.filter(code="k-indbyggere").values_list("municipality__name", "value"))
    apart = sorted((abs(math.log(count / people["Rødovre"])), name) for name, count in people.items())
    rows = _rows(visited(f"/kommune/roedovre/lignende/?{nobody}").page)
    assert [row[0].split(" ligner")[0] for row in rows] == [name for _far, name in apart[:13]]
    assert visited(f"/kommune/roedovre/lignende/?folketal=0&{nobody}").page.all("tbody") == []


def test_unless_weighed_the_conditions_find_those_of_the_index_and_unknown_weights_are_said() -> None:
    page = visited("/kommune/roedovre/lignende/?folketal=9").page
    assert "ikke indeksets" in page.text
    assert "har vi læst som 1" in page.text
    alike = [row[0] for row in _rows(page) if "ligner også" in row[0]]
    assert [row[0] for row in _rows(page)[1:7]] == alike
