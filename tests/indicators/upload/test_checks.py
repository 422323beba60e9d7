"""Each rule: its severity, its place, its reason in plain Danish and what to do."""

import re

import numpy as np
import pytest

from indicators.upload import checks
from indicators.upload.checks import Finding, IndicatorFacts, KnownValues, Severity, check, check_alone

from .files import reading_of
from .years import CODES, PERCENT, Floats, warnings_of

FACTS = {
    "a-x": IndicatorFacts("a-x", "Andel", "%", "lower_is_better", 1, 5.0, 40.0),
    "b-y": IndicatorFacts("b-y", "Score", "score 1-5", "higher_is_better", 1, 1.0, 5.0),
    "c-z": IndicatorFacts("c-z", "Plan", "ja=1/nej=0", "higher_is_better", 0, 0.0, 1.0),
    "pop": IndicatorFacts("pop", "Befolkning", "indbyggere", "neutral", 0),
}
_HEAD = "kode;indikator;aar;vaerdi\n"


def found(rows: str, **options: object) -> list[Finding]:
    known = {code: code for code in FACTS}
    return check(reading_of(_HEAD + rows, known=known), catalogue=FACTS, **options)  # type: ignore[arg-type]


def rules(findings: list[Finding], severity: Severity) -> list[str]:
    return [finding.rule for finding in findings if finding.severity == severity]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ("101;a-x;2024;100,5\n", "impossible_value"),
        ("101;a-x;2024;-1,5\n", "impossible_value"),
        ("101;b-y;2024;5,5\n", "impossible_value"),
        ("101;b-y;2024;0,5\n", "impossible_value"),
        ("101;c-z;2024;2\n", "impossible_value"),
        ("101;c-z;2024;0,5\n", "not_yes_or_no"),
        ("101;pop;2024;-5\n", "impossible_value"),
        ("101;a-x;2024;12,5\n101;a-x;2024;12,5\n", "duplicate"),
        ("101;q-q;2024;12,5\n", "unknown_indicator"),
        ("999999;a-x;2024;12,5\n101;a-x;2024;12,5\n", "unknown_municipality"),
        ("101;a-x;2024;tolv\n147;a-x;2024;12,5\n", "not_a_number"),
        ("101;a-x;2023;12,5\n", "wrong_year"),
        ("101;a-x;2025;12,5\n", "wrong_year"),
    ],
)
def test_what_cannot_be_is_refused(rows: str, rule: str) -> None:
    findings = found(rows, expected_years={2024}, this_year=2024)
    assert rules(findings, Severity.REFUSAL) == [rule]
    assert all(str(finding.reason) and str(finding.advice) for finding in findings)


def test_a_good_file_is_not_talked_about() -> None:
    assert (
        found(
            "101;a-x;2024;12,5\n147;b-y;2024;4,5\n151;c-z;2024;1\n153;pop;2024;3.427\n",
            expected_years={2024},
            this_year=2024,
        )
        == []
    )


def test_a_finding_names_its_place() -> None:
    finding = found("101;a-x;2024;12,5\n147;a-x;2024;120\n")[0]
    assert (finding.place.row, finding.place.column, finding.municipality, finding.value) == (3, "vaerdi", "147", 120)
    assert str(finding.reason) == "Frederiksberg: 120 kan ikke være rigtigt for en indikator i %."


def test_a_duplicate_names_the_first_row() -> None:
    finding = check_alone(reading_of(_HEAD + "101;a-x;2024;1,5\n147;a-x;2024;2\n101;a-x;2024;3\n"))[0]
    assert finding.place.row == 4
    assert "række 2" in str(finding.reason)


def test_values_outside_the_plausible_are_one_warning() -> None:
    findings = found("101;a-x;2024;1,5\n147;a-x;2024;2\n151;a-x;2024;90\n")
    assert rules(findings, Severity.WARNING) == ["outside_plausible"]
    assert findings[0].municipalities == ("151", "101", "147")


def test_totals_that_were_left_out_are_told() -> None:
    findings = found("000;a-x;2024;12\n084;a-x;2024;12\n101;a-x;2024;12,5\n")
    assert [(finding.rule, finding.severity) for finding in findings] == [("totals_left_out", "note")]


STEADY = np.random.default_rng(5).normal(50, 12, 98)
YEARS = np.round(STEADY + np.random.default_rng(6).normal(0, 1.5, (4, 98)), 1)


def warned(now: Floats, facts: IndicatorFacts = PERCENT, years: Floats = YEARS[:3]) -> list[str]:
    return [finding.rule for finding in warnings_of(facts, now, years)]


def test_a_normal_year_raises_nothing() -> None:
    assert warned(YEARS[3]) == []


def test_a_single_wild_value_is_the_only_one_named() -> None:
    now = YEARS[3].copy()
    now[10] = 99.0
    findings = warnings_of(PERCENT, now, YEARS[:3])
    assert [(finding.rule, finding.municipality) for finding in findings] == [("unusual_change", CODES[10])]
    assert re.search(r"fra [\d,]+ i 2023 til 99", str(findings[0].reason))


def test_many_wild_values_are_one_warning() -> None:
    now = YEARS[3].copy()
    now[10:20] = 99.0
    assert warned(now).count("unusual_change") == 1


def test_two_swapped_municipalities_are_named() -> None:
    now = YEARS[3].copy()
    low, high = int(np.argmin(STEADY)), int(np.argmax(STEADY))
    now[[low, high]] = now[[high, low]]
    findings = [finding for finding in warnings_of(PERCENT, now, YEARS[:3]) if finding.rule == "swapped"]
    assert {frozenset(finding.municipalities) for finding in findings} == {frozenset({CODES[low], CODES[high]})}


def test_whole_columns_that_are_wrong_are_told() -> None:
    assert "other_scale" in warned(YEARS[3] / 100)
    assert "turned_direction" in warned(100 - YEARS[3])
    assert "shifted_rows" in warned(np.roll(YEARS[3], 1))
    assert "same_as_last_year" in warned(YEARS[2].copy())
    assert "decimals_lost" in warned(np.round(YEARS[3]))
    assert "constant_column" in warned(np.full(98, 50.0))
    assert "coverage_dropped" in warned(np.where(np.arange(98) < 90, YEARS[3], np.nan))


def test_a_share_is_told_also_in_the_first_year() -> None:
    facts = IndicatorFacts("p", "Andel", "%", "lower_is_better", 1, 20.0, 90.0)
    assert "other_scale" in [finding.rule for finding in warnings_of(facts, YEARS[3] / 100, np.empty((0, 98)))]


def test_a_turned_sign_is_told_where_values_may_be_negative() -> None:
    facts = IndicatorFacts("n", "Vækst", "point", "higher_is_better", 1, -80.0, 80.0)
    now = YEARS[3].copy()
    now[5] = -now[5]
    findings = [finding for finding in warnings_of(facts, now, YEARS[:3]) if finding.rule == "turned_sign"]
    assert [finding.municipalities for finding in findings] == [(CODES[5],)]


def test_a_total_in_a_municipalitys_row_is_told() -> None:
    counts: Floats = np.round(np.exp(np.random.default_rng(1).normal(9, 1, 98))).astype(np.float64)
    counts[7] = counts.sum() - counts[7]
    facts = IndicatorFacts("pop", "Befolkning", "indbyggere", "neutral", 0)
    findings = [f for f in warnings_of(facts, counts, np.empty((0, 98))) if f.rule == "total_included"]
    assert [finding.municipality for finding in findings] == [CODES[7]]


def test_a_count_with_decimals_is_told() -> None:
    assert rules(found("101;pop;2024;3,427\n"), Severity.WARNING) == ["decimals_in_count"]


def test_a_column_pasted_twice_is_told() -> None:
    rows = "".join(
        f"{code};{indicator};2024;{20 + position / 10:.1f}\n".replace(".", ",")
        for position, code in enumerate(CODES[:20])
        for indicator in ("a-x", "pop")
    )
    assert "same_column_twice" in rules(found(rows), Severity.WARNING)


def test_growing_counts_are_measured_in_per_cent() -> None:
    facts = IndicatorFacts("pop", "Befolkning", "indbyggere", "neutral", 0)
    sizes = np.exp(np.linspace(7.5, 13.4, 98))
    growth = 1 + np.random.default_rng(2).normal(0.003, 0.004, (4, 98))
    years: Floats = np.round(sizes * np.cumprod(growth, axis=0)).astype(np.float64)
    assert warnings_of(facts, years[3], years[:3]) == []
    years[3, 97] = round(1.2 * years[3, 97])
    assert [(f.rule, f.municipality) for f in warnings_of(facts, years[3], years[:3])] == [
        ("unusual_change", CODES[97])
    ]


def test_a_told_spread_is_used() -> None:
    values = {("p", 2023): dict(zip(CODES, map(float, YEARS[2]), strict=True))}
    now = reading_of(
        "kode;aar;vaerdi\n"
        + "".join(
            f"{code};2024;{value + (9 if code == '101' else 0):.2f}\n"
            for code, value in zip(CODES, YEARS[2], strict=True)
        ).replace(".", ","),
        indicator="p",
    )
    wide, narrow = (
        check(now, catalogue={"p": PERCENT}, known=KnownValues(values, {"p": spread})) for spread in (5.0, 0.5)
    )
    assert "unusual_change" not in rules(wide, Severity.WARNING)
    assert "unusual_change" in rules(narrow, Severity.WARNING)


def test_every_rule_says_what_it_is_for() -> None:
    names = [rule.__name__ for rule in checks.RULES]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ for rule in checks.RULES)
