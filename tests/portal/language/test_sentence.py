"""Every branch of the one honest sentence."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from portal.language.phrases import Facts, main_cause, main_part, sentence
from portal.published.rows import Change, PlacementRow, bridge_place

NOW = PlacementRow(rank=4, rank_last=4, n=97, low=2, high=9, printed=61.2)
BEFORE = PlacementRow(rank=31, rank_last=31, n=95, low=22, high=40, printed=55.4)
FAR = Change(BEFORE, 27, clear=True, points=5.8)
RODOVRE = Facts(
    name="Rødovre",
    year=2026,
    place=NOW,
    best_area="Handicapområdet",
    best_area_rank=2,
    previous_year=2025,
    change=FAR,
    causes={"own": 28, "others": -1, "indicators": 0, "method": 0, "missing": 0},
)
BEGINNING = "Rødovre er nr. 4 af 97, mellem nr. 2 og 9 i 9 af 10 beregninger."
BEST = "Af områderne er kommunen placeret bedst på Handicapområdet (nr. 2)."


def _placed(**fields: Any) -> Facts:
    return replace(RODOVRE, place=NOW._replace(**fields))


@pytest.fixture(autouse=True)
def _danish() -> Iterator[None]:
    with override("da"):
        yield


def test_place_certainty_move_with_both_n_cause_score_and_best_area_are_said_in_this_order() -> None:
    move = (
        "Det er et ryk siden 2025, fra nr. 31 af 95 til nr. 4 af 97, mest fordi kommunens egne tal er blevet bedre; "
        "scoren er 5,8 point højere."
    )
    assert sentence(RODOVRE) == f"{BEGINNING} {move} {BEST}"


def test_a_shared_place_is_said_as_shared() -> None:
    assert sentence(_placed(rank_last=6)).startswith("Rødovre er nr. 4–6 af 97, mellem")


def test_a_place_without_an_interval_claims_no_certainty() -> None:
    said = sentence(_placed(low=None, high=None))
    assert said.startswith("Rødovre er nr. 4 af 97. ")
    assert "beregninger" not in said


def test_an_interval_of_one_place_says_that_no_choice_of_method_moves_it() -> None:
    said = sentence(_placed(low=4, high=4))
    assert said.startswith("Rødovre er nr. 4 af 97, og det ændrer rimelige valg af metode ikke på.")


@pytest.mark.parametrize(("share", "printed"), [(0.478, "48"), (0.599206, "59,9"), (0.59997, "59,997")])
def test_without_a_rank_the_coverage_is_said_so_that_it_holds_beside_what_is_required(
    share: float, printed: str
) -> None:
    said = sentence(_placed(rank=None, rank_last=None, low=None, high=None, coverage=share))
    assert said == f"Rødovre er ikke placeret i 2026: der er kun tal for {printed} % af vægten."


def test_a_rank_on_little_says_what_it_rests_on_and_what_is_missing_by_name() -> None:
    said = sentence(replace(_placed(coverage=0.66), missing={"unanswered": 30, "suppressed": 2}))
    assert "Placeringen bygger på 66 % af vægten; tal, der mangler: 30 " in said
    assert "bygger" not in sentence(_placed(coverage=0.9))
    assert "89,96 %" in sentence(_placed(coverage=0.8996))


def test_no_ranked_area_is_passed_over() -> None:
    assert "Bedst" not in sentence(replace(RODOVRE, best_area="", best_area_rank=None))


def test_the_first_edition_says_nothing_of_a_move() -> None:
    assert sentence(replace(RODOVRE, previous_year=None, change=None)) == f"{BEGINNING} {BEST}"


def test_no_rank_the_year_before_is_said() -> None:
    assert "I 2025 var kommunen ikke placeret." in sentence(replace(RODOVRE, change=None))


@pytest.mark.parametrize(
    ("points", "said"),
    [(5.8, "5,8 point højere"), (-2.1, "2,1 point lavere"), (0.04, "den samme"), (-0.04, "den samme")],
)
def test_within_the_uncertainty_no_move_is_claimed_and_the_score_stands_beside(points: float, said: str) -> None:
    near = FAR._replace(clear=False, points=points)
    text = sentence(replace(RODOVRE, change=near, best_area=""))
    assert f"Pladsen kan ikke skelnes fra 2025 (nr. 31 af 95); scoren er {said}." in text
    for word in ("frem", "tilbage", "ryk", "bedre", "dårligere", "fordi"):
        assert word not in text


def test_a_move_without_a_known_cause_is_said_without_one() -> None:
    assert "til nr. 4 af 97; scoren" in sentence(replace(RODOVRE, causes={}))


def test_across_methods_no_move_is_said_without_the_bridge() -> None:
    said = sentence(replace(RODOVRE, comparable=False))
    assert "Metoden er ændret siden 2025, så placeringerne kan ikke sammenlignes." in said
    assert "ryk" not in said


def test_across_methods_the_bridge_alone_gives_the_place_before() -> None:
    said = sentence(replace(RODOVRE, comparable=False, bridge=bridge_place(6, 7, 95)))
    assert "Efter den nye metode var kommunen nr. 6–7 af 95 i 2025; hvor sikkert det er, har vi ikke regnet ud" in said
    assert "så vi kalder ikke forskellen et ryk" in said


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
        ("missing", *["det er nogle andre tal, der mangler, end sidste år"] * 2),
    ],
)
def test_each_cause_has_words_for_both_ways(cause: str, up: str, down: str) -> None:
    assert main_cause({cause: 3}, 3) == f"mest fordi {up}"
    assert main_cause({cause: -3}, -3) == f"mest fordi {down}"
    assert main_part({cause: 3}, 3).startswith("især ")


def test_the_cause_named_is_the_largest_one_of_the_way_it_went() -> None:
    assert (
        main_cause({"own": 2, "others": -9, "missing": 5}, 1)
        == "mest fordi det er nogle andre tal, der mangler, end sidste år"
    )
    assert main_part({"own": 2, "others": -9, "missing": 5}, -2) == "især andre kommuners tal"


def test_where_no_cause_went_that_way_none_is_named() -> None:
    assert main_cause({"own": -2}, 1) == ""
    assert main_part({}, 1) == ""
