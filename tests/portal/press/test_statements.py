import pytest

from portal.press.facts import Number, Statement, most_newsworthy, say


def _statement(topic: str, news: float, robustness: float) -> Statement:
    return Statement(topic, topic, (topic,), news, robustness)


def test_a_sentence_keeps_its_numbers_apart_from_its_words() -> None:
    number = Number("nr. 4 af 97", "175", "samlet")
    parts = say("%(name)s er %(rank)s, 90 %% sikkert.", name="Rødovre", rank=number)
    assert parts == ("Rødovre", " er ", number, ", 90 % sikkert.")
    assert Statement("x", "x", parts, 1, 1).text == "Rødovre er nr. 4 af 97, 90 % sikkert."


def test_a_gap_without_a_value_is_an_error_and_no_empty_sentence() -> None:
    with pytest.raises(KeyError):
        say("%(name)s", other="x")


def test_a_zero_is_printed() -> None:
    assert say("%(count)s kommuner", count=0) == ("0", " kommuner")


def test_the_best_stories_are_chosen_and_the_most_robust_stand_first() -> None:
    given = [_statement("a", 1.0, 0.5), _statement("b", 0.5, 1.0), _statement("c", 0.1, 0.9), None]
    assert [one.topic for one in most_newsworthy(given, most=2)] == ["b", "a"]


def test_of_two_on_one_topic_only_the_better_is_printed() -> None:
    weak, strong = _statement("a", 0.2, 0.9), _statement("a", 0.9, 0.9)
    assert most_newsworthy([weak, strong]) == (strong,)


def test_what_does_not_hold_is_never_printed_however_good_a_story() -> None:
    assert most_newsworthy([_statement("a", 1.0, 0.29)]) == ()


def test_equal_stories_come_in_the_order_of_the_rules() -> None:
    given = [_statement(topic, 0.5, 0.5) for topic in "cab"]
    assert [one.topic for one in most_newsworthy(given)] == ["c", "a", "b"]
