"""What a figure is worth: grades by what is known, stretches of one definition, sentences by the engine's verdict."""

import csv
import io

import pytest
from django.test import Client

from indicators.demo.figures import BESIDE_THE_CONDITION, FORETOLD, GROWS_APART
from portal.components.spread_over_time import spread_of
from portal.published.edition import edition_of_address
from portal.published.panels import panel
from portal.published.subjects import subject
from portal.published.worth import Worth
from rankings.engine.evidence import graded
from tests.visited import visited

pytestmark = pytest.mark.django_db


def test_a_break_a_repeated_figure_and_another_set_of_indicators_end_a_stretch() -> None:
    years = edition_of_address().years
    assert panel(years, subject("indicator", "b-neet")).labels == (2023, 2024, 2025)
    assert panel(years, subject("indicator", "b-tidligt-forebyg")).labels == (2024, 2025)  # the Child's Act
    assert panel(years, subject("indicator", "v-hjemloese")).labels == (2024,)  # every second year
    assert panel(years, subject("theme", "misbrugsbehandling")).labels == (2024, 2025, 2026)
    assert (
        2024 not in panel(years, subject("theme", "faglighed-og-selvbestemmelse")).labels
    )  # an indicator came in 2025


def test_two_editions_are_called_no_change_and_one_says_that_it_is_alone() -> None:
    years = edition_of_address().years
    two = spread_of(panel(years, subject("indicator", "b-tidligt-forebyg")))
    assert two["verdict"] == 0
    assert "når tre udgaver" in two["why"][-1]
    assert "kun denne udgave" in spread_of(panel(years, subject("indicator", "v-hjemloese")))["says"]
    assert (
        "kun denne udgave" in spread_of(panel(edition_of_address("2024").years, subject("indicator", "b-neet")))["says"]
    )


def test_differences_that_the_demo_lets_grow_are_found_and_written_alike_on_page_and_press_sheet() -> None:
    said = "er blevet større fra 2023 til 2025"
    assert f"Forskellene mellem kommunerne {said}." in visited(f"/indikator/{GROWS_APART}/").page.text
    assert f"»Børn med underretninger« {said}." in visited(f"/indikator/{GROWS_APART}/presse/").page.text
    assert "er blevet større" not in visited("/indikator/b-neet/").page.text


def test_where_conditions_foretell_too_little_nothing_is_said_of_anybody(client: Client) -> None:
    of = Worth.of(edition_of_address(), subject("indicator", "b-neet"))
    assert of.fits[0] is not None
    assert of.fits[0].fit < 0.2
    assert of.against_expected is None
    text = client.get("/indikator/b-neet/hvad-siger-tallet.plain.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))
    assert {row["expected"] + row["against_expected"] for row in rows} == {""}
    assert float(rows[0]["r2"]) == pytest.approx(of.fits[0].fit)
    assert "som ventet" not in visited("/indikator/b-neet/hvad-siger-tallet/").body.decode()


def test_whom_the_demo_lays_beside_its_conditions_are_found_and_nobody_else_is_called_so() -> None:
    lines = visited(f"/indikator/{FORETOLD}/hvad-siger-tallet.plain.csv").body.decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    said = {side: [row for row in rows if row["against_expected"] == side] for side in ("better", "worse")}
    assert {side: [row["municipality_code"] for row in who] for side, who in said.items()} == {
        "better": [code for code, beside in BESIDE_THE_CONDITION.items() if beside > 2],
        "worse": [code for code, beside in BESIDE_THE_CONDITION.items() if beside < -2],
    }
    others = [row for row in rows if row["expected_low"] and row not in (*said["better"], *said["worse"])]
    within = {
        row["municipality"]: float(row["expected_low"]) <= float(row["value_full"]) <= float(row["expected_high"])
        for row in others
    }
    assert {row["municipality"]: row["against_expected"] == "as_expected" for row in others} == within
    outside = [row for row in others if row["against_expected"] == "not_certain"]
    assert len(outside) == len(within) - sum(within.values())
    assert "260" in {row["municipality_code"] for row in outside}
    page, press = (visited(f"/indikator/{FORETOLD}/{end}/").page.text for end in ("hvad-siger-tallet", "presse"))
    assert page.count("ikke sikkert anderledes end ventet") == len(outside)
    better, worse = (said[side][0]["municipality"] for side in ("better", "worse"))
    assert f"Bedre end ventet i to udgaver {better} Dårligere end ventet i to udgaver {worse}" in page
    assert f"{better} er bedre end ventet efter vilkårene på »{rows[0]['subject_name']}«" in press
    assert f"to udgaver i træk, og {worse} er dårligere." in press


def test_a_share_of_known_people_is_held_against_chance_and_a_survey_by_its_interval() -> None:
    shown = edition_of_address()
    of = Worth.of(shown, subject("indicator", "v-relativ-fattigdom"))
    assert of.funnel is not None
    assert of.panel.errors is not None
    survey = Worth.of(shown, subject("indicator", "b-medl-tidlig-hjaelp"))
    assert survey.funnel is None
    doubts = [survey.doubts(line) for line in range(len(survey.panel.municipalities))]
    assert {graded(one) for one in doubts if one is not None} >= {1, 2}
    assert {name for one in doubts for name in one or ()} <= {"interval", "response"}
    assert Worth.of(shown, subject("indicator", "b-neet")).funnel is None  # of how many 16-24-year-olds is not known
