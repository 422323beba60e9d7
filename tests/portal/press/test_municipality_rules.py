from dataclasses import replace

import pytest

from portal.press import municipality_rules as rules
from portal.press.facts import Number, Standing
from tests.portal.press.people import PEERS, figure, municipality, standing


def _text(statement: object) -> str:
    return getattr(statement, "text", "")


def test_the_place_is_said_with_its_n_its_interval_and_where_its_proof_is() -> None:
    statement = rules.place(municipality())
    assert (
        _text(statement) == "Rødovre er nr. 40 af 97 i Socialt Indeks 2026, mellem nr. 35 og 45 i 9 af 10 beregninger."
    )
    assert statement is not None
    assert Number("nr. 40 af 97", "175", "samlet") in statement.parts


def test_a_shared_place_is_said_as_shared() -> None:
    assert "nr. 40–42 af 97" in _text(rules.place(municipality(overall=standing(last=42))))


def test_a_narrow_interval_is_more_robust_than_a_wide_one() -> None:
    narrow = rules.place(municipality(overall=standing(low=39, high=41)))
    wide = rules.place(municipality(overall=standing(low=10, high=80)))
    assert narrow is not None
    assert wide is not None
    assert narrow.robustness > 0.95
    assert wide.robustness < 0.3


def test_an_extreme_place_is_more_news_than_the_middle() -> None:
    first = rules.place(municipality(overall=standing(rank=1, last=1, low=1, high=3)))
    middle = rules.place(municipality(overall=standing(rank=49, last=49, low=47, high=51)))
    assert first is not None
    assert middle is not None
    assert first.news == 1.0
    assert middle.news == pytest.approx(0.6)


def test_a_move_is_a_story_only_where_the_intervals_lie_apart() -> None:
    clear = standing(before=80, before_low=70, before_high=90, before_n=97)
    assert _text(rules.change(municipality(overall=clear))) == (
        "Rødovre er gået fra nr. 80 af 97 i 2025 til nr. 40 af 97 i 2026."
    )
    assert rules.change(municipality(overall=standing(before=50, before_low=44, before_high=60))) is None


def test_a_move_names_its_main_cause() -> None:
    clear = standing(before=80, before_low=70, before_high=90, before_n=97)
    text = _text(rules.change(municipality(overall=clear, causes={"own": 30, "others": 10})))
    assert text.endswith("i 2026, mest fordi kommunens egne tal er blevet bedre.")


def test_no_move_is_told_across_a_change_of_method() -> None:
    clear = standing(before=80, before_low=70, before_high=90, before_n=97)
    assert rules.change(municipality(overall=clear, comparable=False)) is None


def test_the_last_of_fewer_has_not_moved() -> None:
    last = standing(n=95, rank=95, last=95, low=95, high=95, before=97, before_low=97, before_high=97, before_n=97)
    assert rules.change(municipality(overall=last)) is None


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (2, 32, "Rødovre er blandt den bedste tredjedel under alle rimelige vægte (nr. 2–32 af 97)."),
        (66, 90, "Rødovre er blandt den dårligste tredjedel under alle rimelige vægte (nr. 66–90 af 97)."),
        (2, 33, ""),
        (65, 90, ""),
    ],
)
def test_a_third_is_named_only_where_no_weights_lead_out_of_it(low: int, high: int, said: str) -> None:
    assert _text(rules.weights(municipality(weights_low=low, weights_high=high))) == said


def test_without_reached_weights_nothing_is_said_of_them() -> None:
    assert rules.weights(municipality()) is None


def test_first_among_peers_is_a_story_and_the_more_who_can_be_told_apart_the_surer() -> None:
    first = rules.peers(municipality(peers=replace(PEERS, place=1)))
    unsure = rules.peers(municipality(peers=replace(PEERS, place=1, told_apart=0)))
    assert "klarer sig bedst af de 7 kommuner" in _text(first)
    assert first is not None
    assert unsure is not None
    assert first.robustness > unsure.robustness
    assert "ligger sidst" in _text(rules.peers(municipality(peers=replace(PEERS, place=7))))
    assert rules.peers(municipality(peers=PEERS)) is None
    assert rules.peers(municipality()) is None


def test_areas_are_compared_only_where_their_intervals_lie_apart() -> None:
    best = Standing("voksne", "Udsatte voksne", 97, rank=5, last=5, low=3, high=10)
    worst = Standing("handicap", "Handicapområdet", 97, rank=80, last=80, low=70, high=88)
    near = Standing("boern", "Børn", 97, rank=12, last=12, low=8, high=20)
    text = _text(rules.areas_apart(municipality(areas=(best, worst))))
    assert text == "Rødovre ligger bedst på Udsatte voksne (nr. 5 af 97) og dårligst på Handicapområdet (nr. 80 af 97)."
    assert rules.areas_apart(municipality(areas=(best, near))) is None
    assert rules.areas_apart(municipality(areas=(best,))) is None


def test_a_value_stands_with_year_direction_place_and_median() -> None:
    facts = municipality()
    assert _text(rules.value(facts, figure(rank=2, last=2))) == (
        "Rødovre har 12 dage i 2025 på »Ventetid« (lavere er bedre): nr. 2 af 97. Medianen er 14 dage."
    )


def test_only_the_best_and_the_worst_fifth_are_stories() -> None:
    facts = municipality()
    topics = [getattr(rules.value(facts, figure(rank=rank, last=rank)), "topic", None) for rank in (1, 20, 21, 77, 97)]
    assert topics == ["best", "best", None, None, "worst"]


def test_a_provisional_value_is_less_sure() -> None:
    facts = municipality()
    final, provisional = (rules.value(facts, figure(rank=1, last=1, provisional=one)) for one in (False, True))
    assert final is not None
    assert provisional is not None
    assert final.robustness > 0.8 > provisional.robustness


def test_a_change_of_value_is_told_with_its_direction() -> None:
    changed = figure(before_text="20 dage", before_year=2024, before_score=30.0)
    assert _text(rules.moved(municipality(), changed)) == (
        "Rødovre er gået fra 20 dage i 2024 til 12 dage i 2025 på »Ventetid« (lavere er bedre), en forbedring."
    )
    worse = figure(before_text="5 dage", before_year=2024, before_score=80.0)
    assert _text(rules.moved(municipality(), worse)).endswith("en forværring.")


@pytest.mark.parametrize(
    "unfit",
    [
        {"broken_in": 2025},
        {"before_year": 2025},
        {"before_score": None},
        {"before_score": 47.0},
        {"score": None},
    ],
    ids=["across a break", "the same year", "missing before", "a small change", "missing now"],
)
def test_no_change_of_value_is_told(unfit: dict[str, object]) -> None:
    changed = {"before_text": "20 dage", "before_year": 2024, "before_score": 30.0} | unfit
    assert rules.moved(municipality(), figure(**changed)) is None


def test_a_municipality_without_a_place_is_told_as_that_and_nothing_else_about_its_place() -> None:
    facts = municipality(overall=standing(rank=None, last=None, low=None, high=None, score=None, coverage=0.52))
    assert rules.place(facts) is None
    assert rules.change(facts) is None
    assert _text(rules.unranked(facts)) == "Rødovre er ikke placeret i 2026: der er kun tal for 52\u00a0% af vægten."
    assert rules.unranked(municipality()) is None
