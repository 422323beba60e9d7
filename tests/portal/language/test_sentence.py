"""Every branch of the one honest sentence."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils.translation import override

from portal.language.phrases import Facts, main_cause, main_part, sentence

RODOVRE = Facts(
    name="Rødovre",
    year=2026,
    n=97,
    coverage=1.0,
    rank=4,
    rank_last=4,
    low=2,
    high=9,
    best_area="Handicapområdet",
    best_area_rank=2,
    previous_year=2025,
    previous_rank=7,
    causes={"own": 4, "others": -1, "indicators": 0, "method": 0, "missing": 0},
)
BEGINNING = "Rødovre er nr. 4 af 97, mellem nr. 2 og 9 i 9 af 10 beregninger."
BEST = "Bedst går det på området Handicapområdet (nr. 2)."


@pytest.fixture(autouse=True)
def _danish() -> Iterator[None]:
    with override("da"):
        yield


def test_place_certainty_best_area_move_and_cause_are_said_in_this_order() -> None:
    move = "Det er 3 pladser frem siden 2025, mest fordi kommunens egne tal er blevet bedre."
    assert sentence(RODOVRE) == f"{BEGINNING} {BEST} {move}"


def test_a_shared_place_is_said_as_shared() -> None:
    assert sentence(replace(RODOVRE, rank_last=6)).startswith("Rødovre er nr. 4–6 af 97, mellem")


def test_a_place_without_an_interval_claims_no_certainty() -> None:
    said = sentence(replace(RODOVRE, low=None, high=None))
    assert said.startswith("Rødovre er nr. 4 af 97. ")
    assert "beregninger" not in said


def test_an_interval_of_one_place_says_that_no_choice_of_method_moves_it() -> None:
    said = sentence(replace(RODOVRE, low=4, high=4))
    assert said.startswith("Rødovre er nr. 4 af 97, og det ændrer rimelige valg af metode ikke på.")


def test_a_municipality_without_a_rank_gets_its_coverage_and_nothing_else() -> None:
    said = sentence(replace(RODOVRE, rank=None, rank_last=None, low=None, high=None, coverage=0.478))
    assert said == "Rødovre er ikke placeret i 2026: der er kun tal for 48 % af vægten."


def test_no_ranked_area_is_passed_over() -> None:
    assert "Bedst" not in sentence(replace(RODOVRE, best_area="", best_area_rank=None))


def test_the_first_edition_says_nothing_of_a_move() -> None:
    assert sentence(replace(RODOVRE, previous_year=None, previous_rank=None)) == f"{BEGINNING} {BEST}"


def test_no_rank_the_year_before_is_said() -> None:
    assert sentence(replace(RODOVRE, previous_rank=None)).endswith("I 2025 var kommunen ikke placeret.")


def test_the_same_place_is_no_move() -> None:
    alike = {"own": 4, "others": -4}
    said = sentence(replace(RODOVRE, previous_rank=4, causes=alike))
    assert said.endswith("Det er samme plads som i 2025.")


def test_a_move_without_a_known_cause_is_said_without_one() -> None:
    assert sentence(replace(RODOVRE, causes={})).endswith("Det er 3 pladser frem siden 2025.")


def test_one_place_is_singular() -> None:
    causes = {"own": 2, "others": -1}
    assert "Det er 1 plads frem siden 2025" in sentence(replace(RODOVRE, previous_rank=5, causes=causes))


def test_nobody_is_ahead_because_others_dropped_out() -> None:
    """From 97 of 97 to 95 of 95: among those ranked in both it is the same place."""
    said = sentence(replace(RODOVRE, rank=95, rank_last=95, n=95, previous_rank=97, causes={"own": 3, "others": -3}))
    assert "frem" not in said.replace("Det er samme plads", "")


def test_across_methods_no_move_is_said_without_the_bridge() -> None:
    said = sentence(replace(RODOVRE, comparable=False))
    assert said.endswith("Metoden er ændret siden 2025, så placeringerne kan ikke sammenlignes.")
    assert "frem" not in said


def test_across_methods_the_bridge_alone_gives_the_move() -> None:
    said = sentence(replace(RODOVRE, comparable=False, previous_rank=40, bridge_rank=6))
    assert said.endswith("Metoden er ændret; med den samme metode begge år er det 2 pladser frem siden 2025.")


@pytest.mark.parametrize(
    ("cause", "up", "down"),
    [
        ("own", "kommunens egne tal er blevet bedre", "kommunens egne tal er blevet dårligere"),
        ("others", "andre kommuners tal er blevet dårligere", "andre kommuners tal er blevet bedre"),
        (
            "indicators",
            "indekset har fået nye eller færre indikatorer",
            "indekset har fået nye eller færre indikatorer",
        ),
        ("method", "metoden er ændret", "metoden er ændret"),
        ("missing", "andre tal mangler end før", "andre tal mangler end før"),
    ],
)
def test_each_cause_has_words_for_both_ways(cause: str, up: str, down: str) -> None:
    assert main_cause({cause: 3}, 3) == f"mest fordi {up}"
    assert main_cause({cause: -3}, -3) == f"mest fordi {down}"
    assert main_part({cause: 3}, 3).startswith("mest ")


def test_the_cause_named_is_the_largest_one_of_the_way_it_went() -> None:
    assert main_cause({"own": 2, "others": -9, "missing": 5}, 1) == "mest fordi andre tal mangler end før"
    assert main_part({"own": 2, "others": -9, "missing": 5}, -2) == "mest andres tal"


def test_where_no_cause_went_that_way_none_is_named() -> None:
    assert main_cause({"own": -2}, 1) == ""
    assert main_part({}, 1) == ""
