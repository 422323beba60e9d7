from dataclasses import replace

import pytest

from portal.addresses import Addresses
from portal.press import indicator_rules as rules
from portal.press.facts import NeedAndHelp, Place, SpreadFacts
from portal.press.sheet import ends_table, movers_table
from portal.press.warnings import of_edition, of_indicator
from rankings.engine.evidence import AS_EXPECTED, BETTER, NOT_CERTAIN, WORSE
from tests.portal.press.people import edition, indicator, place


def _text(statement: object) -> str:
    return getattr(statement, "text", "")


def test_the_ends_and_the_median_are_told_with_their_year() -> None:
    assert _text(rules.ends(indicator())) == (
        "»Ventetid« går fra 3 dage til 90 dage i landets kommuner i 2025; medianen er 14 dage."
    )
    assert rules.ends(indicator(spread=SpreadFacts(3, "5", "5", "5", "5", "5"))) is None


def test_the_middle_half_is_told_where_it_has_a_width() -> None:
    assert "mellem 10 dage og 20 dage" in _text(rules.middle(indicator()))
    assert rules.middle(indicator(spread=SpreadFacts(3, "5", "5", "5", "1", "9"))) is None


@pytest.mark.parametrize(
    ("rises", "said"),
    [
        (1, "Medianen for »Ventetid« er steget fra 12 dage i 2024 til 14 dage i 2025 (lavere er bedre)."),
        (-1, "Medianen for »Ventetid« er faldet fra 12 dage i 2024 til 14 dage i 2025 (lavere er bedre)."),
        (0, "Medianen for »Ventetid« er 14 dage i 2025, det samme som i 2024 (lavere er bedre)."),
    ],
)
def test_the_medians_way_is_told(rises: int, said: str) -> None:
    assert _text(rules.median(indicator(before_year=2024, before_median="12 dage", median_rises=rises))) == said


@pytest.mark.parametrize("unfit", [{"broken_in": 2025}, {"before_year": None}, {"before_year": 2025}])
def test_no_median_is_compared_across_a_break_or_with_itself(unfit: dict[str, object]) -> None:
    facts = {"before_year": 2024, "before_median": "12 dage"} | unfit
    assert rules.median(indicator(**facts)) is None


def test_a_clear_majority_is_told_and_a_narrow_one_is_not() -> None:
    told = rules.majority(indicator(before_year=2024, both=95, better=70, worse=20))
    assert _text(told) == (
        "70 af de 95 kommuner, der har tal for begge år, er blevet bedre på »Ventetid« siden 2024, 20 dårligere."
    )
    assert "blevet dårligere" in _text(rules.majority(indicator(before_year=2024, both=97, better=20, worse=77)))
    assert rules.majority(indicator(before_year=2024, both=97, better=50, worse=47)) is None
    assert rules.majority(indicator(before_year=2024, both=97, better=70, worse=27, broken_in=2025)) is None
    assert rules.majority(indicator(before_year=2024, both=97, better=70, worse=27, neutral=True)) is None


def test_the_first_and_the_last_are_told_with_direction() -> None:
    best, worst = rules.extremes(indicator())
    assert _text(best) == "Ærø ligger bedst på »Ventetid« med 1 dage i 2025 (lavere er bedre)."
    assert _text(worst).startswith("Vejle ligger dårligst")


def test_those_who_share_the_first_place_are_all_named_and_many_are_no_story() -> None:
    two = (place("Ærø", 1, last=2), place("Odder", 1, last=2), place("Vejle", 3))
    assert _text(rules.extremes(indicator(places=two))[0]).startswith("Ærø og Odder ligger bedst")
    four = tuple(place(name, 1, last=4) for name in ("Ærø", "Odder", "Vejle", "Varde"))
    assert rules.extremes(indicator(places=(*four, place("Fanø", 5))))[0] is None


def test_a_neutral_indicator_has_no_best_and_no_worst() -> None:
    assert rules.extremes(indicator(neutral=True)) == ()
    assert rules.movers(indicator(neutral=True, before_year=2024)) is None


def test_the_greatest_change_is_told_for_better_and_for_worse() -> None:
    places = (place("Ærø", 1, change=5.0, before_text="9 dage"), place("Odder", 2, change=-30.0, before_text="1 dag"))
    text = _text(rules.movers(indicator(places=places, before_year=2024)))
    assert text == "Odder har den største forværring på »Ventetid«: fra 1 dag i 2024 til 2 dage i 2025."
    better = (place("Ærø", 1, change=35.0, before_text="9 dage"), places[1])
    assert "den største forbedring" in _text(rules.movers(indicator(places=better, before_year=2024)))
    assert rules.movers(indicator(places=places, before_year=2024, broken_in=2025)) is None
    assert rules.movers(indicator(before_year=2024)) is None


def test_those_who_share_the_greatest_change_are_all_named_or_counted_and_never_cut_by_spelling() -> None:
    def moved(name: str, rank: int, change: float, before: str = "nej") -> Place:
        return place(name, rank, change=change, before_text=before, text="ja")

    two = (moved("Faxe", 1, 1.0), moved("Skive", 2, 1.0), moved("Odder", 3, -0.5))
    assert _text(rules.movers(indicator(places=two, before_year=2024))).startswith("Faxe og Skive har den største forb")
    ten = tuple(moved(f"K{number}", number, 1.0) for number in range(1, 11))
    assert _text(rules.movers(indicator(places=ten, before_year=2024))).startswith("10 kommuner, blandt dem K1, deler")
    both_ways = (moved("Faxe", 1, 1.0), moved("Odder", 2, -1.0))
    assert rules.movers(indicator(places=both_ways, before_year=2024)) is None


def test_gaps_and_provisional_values_make_it_less_sure() -> None:
    sure = rules.ends(indicator())
    unsure = rules.ends(indicator(provisional=50, missing={"suppressed": 20}))
    assert sure is not None
    assert unsure is not None
    assert sure.robustness > unsure.robustness + 0.2


def test_the_gap_is_written_of_only_where_its_change_is_sure() -> None:
    grown = rules.apart(indicator(apart=1, apart_since=2023))
    smaller = rules.apart(indicator(apart=-1, apart_since=2023))
    assert grown is not None
    assert smaller is not None
    assert "er blevet større fra 2023 til 2025" in grown.text
    assert "er blevet mindre fra 2023 til 2025" in smaller.text
    for unsure in (indicator(apart=0, apart_since=2023), indicator()):
        assert rules.apart(unsure) is None
    assert "ingen sikker ændring" in " ".join(of_indicator(indicator(apart=0, apart_since=2023)))
    assert "ingen sikker ændring" not in " ".join(of_indicator(indicator()))


def test_better_and_worse_than_the_conditions_foretell_are_told_with_names_and_share_and_else_forbidden() -> None:
    facts = indicator(foretold="34 %", against_expected={"101": BETTER, "102": AS_EXPECTED, "103": WORSE})
    assert _text(rules.beyond_expectation(facts)) == (
        "Ærø er bedre end ventet efter vilkårene på »Ventetid«, to udgaver i træk, og Vejle er dårligere. "
        "Vilkårene forudsiger 34 % af forskellene."
    )
    worse = replace(facts, against_expected={"101": NOT_CERTAIN, "102": AS_EXPECTED, "103": WORSE})
    assert _text(rules.beyond_expectation(worse)) == (
        "Vejle er dårligere end ventet efter vilkårene på »Ventetid«, to udgaver i træk. "
        "Vilkårene forudsiger 34 % af forskellene."
    )
    several = replace(facts, against_expected=dict.fromkeys(("101", "103"), WORSE))
    assert _text(rules.beyond_expectation(several)).startswith("2 kommuner (Ærø og Vejle) er dårligere end ventet")
    assert any("Skriv ikke, at det er indsatsen" in one for one in of_indicator(facts))
    unsure = replace(facts, against_expected={"101": AS_EXPECTED, "102": NOT_CERTAIN})
    assert rules.beyond_expectation(unsure) is None
    assert rules.beyond_expectation(indicator(foretold="7 %")) is None
    said = "Skriv ikke, at en kommune er bedre eller dårligere end ventet"
    assert any(said in one for one in of_indicator(indicator(foretold="7 %")))
    assert not any(said in one for one in of_indicator(facts))
    assert not any(said in one for one in of_indicator(indicator()))


@pytest.mark.parametrize(("side", "way"), [(1, "mere hjælp"), (-1, "mindre hjælp")])
def test_a_need_and_its_help_are_told_together_and_never_as_cause(side: int, way: str) -> None:
    text = _text(rules.need_and_help(NeedAndHelp("Fattigdom", "x", "Råd", "0,61", side)))
    assert way in text
    assert text.endswith("r = 0,61. Det siger ikke, hvad der er årsag.")


def test_a_shared_end_is_shown_whole_or_counted_never_cut_by_the_alphabet() -> None:
    addresses = Addresses("2026.1")
    yes = [replace(place(f"Ja {number:02}", 1), last=30, text="ja") for number in range(30)]
    no = [replace(place(f"Nej {number:02}", 31), last=37, text="nej") for number in range(7)]
    table = ends_table(indicator(places=(*yes, *no)), addresses)
    assert table is not None
    names = [row.name for row in table.rows]
    assert names[5] == "25 andre kommuner deler pladsen"
    assert table.rows[5].cells[0].text == "nr. 1–30"
    assert names[6:] == [one.name for one in no]  # the seven who share the last place, all of them


def test_movers_are_all_who_moved_as_far_with_the_mean_of_three_editions() -> None:
    places = tuple(
        place(
            f"K{number:02}", number + 1, clear=True, change=9.0 if number else 12.0, before="nr. 80 af 95", mean="51,0"
        )
        for number in range(14)
    )
    table = movers_table(edition(places=places), Addresses("2026.1"))
    assert table is not None
    assert len(table.rows) == 14
    assert table.rows[0].cells[-1].text == "51,0"
    assert any("gennemsnittet af tre udgaver" in one for one in of_edition(edition(places=places)))
