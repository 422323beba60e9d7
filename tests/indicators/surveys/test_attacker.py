"""Somebody has all that is published, of every release, and tries sums and differences on it.

What a group of fewer than ten people answered must not come out: neither a municipality's nor what lies between two
releases. That they were so few may be known.
"""

import itertools
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicators.surveys.aggregate import (
    Figure,
    Kind,
    Question,
    Reason,
    Respondent,
    Rules,
    aggregate,
    held_back_by_earlier,
    total_of_published,
)

FEW = 10
RULES = Rules(publish_from=FEW, rank_from=FEW, rank_rate=Fraction(0))
QUESTION = Question("q", Kind.SHARE, yes="1")
PLACES = ("101", "147", "151", "153", "155")
REGIONS = {"øst": PLACES[:3], "vest": PLACES[3:]}
Answers = dict[str, list[str]]
Known = tuple[int, Fraction]
"""What one line tells an attacker: how many people, and how many of them said yes."""


def figures_of(answers: Answers, asked: int = 60) -> list[Figure]:
    people = [Respondent(code, {"q": said}) for code, those in answers.items() for said in those]
    return aggregate(people, [QUESTION], dict.fromkeys(PLACES, asked), RULES)


def told(figures: Sequence[Figure]) -> dict[frozenset[str], Known]:
    """Everything published, as sets of municipalities: each, each region's total, the country's total."""
    found = {frozenset({f.municipality}): _known(f.answered, f.estimate) for f in figures if f.estimate is not None}
    groups: Iterable[tuple[str, ...]] = (*REGIONS.values(), PLACES)
    for places in groups:
        shown = [f for f in figures if f.municipality in places]
        _asked, answered, share = total_of_published(shown)
        if share is not None:
            found[frozenset(f.municipality for f in shown if f.published)] = _known(answered, share)
    return found


def _known(answered: int, percent: float) -> Known:
    return answered, Fraction(round(percent * answered / 100))


def derived(lines: dict[frozenset[str], Known]) -> dict[frozenset[str], Known]:
    """All that sums and differences of what is told give, until nothing new comes."""
    found = dict(lines)
    for _round in range(4):
        for (a, (n, yes)), (b, (m, more)) in itertools.permutations(list(found.items()), 2):
            if a > b:
                found.setdefault(a - b, (n - m, yes - more))
            if not a & b:
                found.setdefault(a | b, (n + m, yes + more))
    return found


answering = st.dictionaries(st.sampled_from(PLACES), st.lists(st.sampled_from(["0", "1"]), max_size=24), min_size=5)


@given(answering)
def test_sums_and_differences_never_reach_a_group_that_is_too_small(answers: Answers) -> None:
    lines = derived(told(figures_of(answers)))
    for group, (people, _yes) in lines.items():
        hidden = [code for code in group if len(answers.get(code, [])) < FEW]
        assert hidden == [], f"{sorted(group)}: {people} people"


@given(answering, st.sampled_from(PLACES), st.integers(0, 12), st.randoms(use_true_random=False))
def test_two_releases_never_differ_by_a_few_people(
    answers: Answers, place: str, late: int, chance: random.Random
) -> None:
    first = figures_of(answers)
    later = dict(answers) | {place: answers.get(place, []) + [chance.choice("01") for _ in range(late)]}
    public = {("q", f.municipality) for f in first if f.published}
    earlier = {(code, "q"): answers[code] for _q, code in public}
    second = held_back_by_earlier(
        figures_of(later), {(code, "q"): those for code, those in later.items()}, earlier, RULES
    )
    before = {f.municipality: f for f in first}
    for figure in second:
        old = before[figure.municipality]
        if figure.published and old.published and (figure.answered, figure.estimate) != (old.answered, old.estimate):
            assert figure.answered - old.answered >= FEW
        if figure.reason is Reason.HELD_BACK:
            assert figure[4:8] == (None, None, None, None)


@given(answering)
def test_what_is_hidden_is_the_same_whatever_the_few_answered(answers: Answers) -> None:
    turned = {
        code: ["1" if said == "0" else "0" for said in those] if len(those) < FEW else those
        for code, those in answers.items()
    }
    assert figures_of(answers) == figures_of(turned)
    assert told(figures_of(answers)) == told(figures_of(turned))
