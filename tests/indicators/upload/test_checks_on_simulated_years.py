"""False alarms on clean years, and hits on errors put into them."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from indicators.upload.checks import IndicatorFacts, Severity, check

from .years import Floats, catalogue, known_of, reading_of_values, simulated, warnings_of

_CATALOGUE = catalogue()
_NUMERIC = [
    facts for facts in _CATALOGUE.values() if facts.kind != "yes_no" and facts.unit in {"%", "score 1-5", "dage"}
]


@pytest.mark.parametrize(("history", "most"), [(3, 6), (1, 10)])
def test_a_clean_year_of_the_whole_catalogue_raises_few_warnings(history: int, most: int) -> None:
    counts = []
    for seed in range(3):
        chance = np.random.default_rng(seed)
        years = {
            facts.code: simulated(facts, chance, years=history + 1, noise=chance.uniform(0.1, 0.7))
            for facts in _CATALOGUE.values()
        }
        findings = check(
            reading_of_values({code: each[-1] for code, each in years.items()}),
            catalogue=_CATALOGUE,
            known=known_of({code: each[:-1] for code, each in years.items()}),
        )
        assert not [finding for finding in findings if finding.severity == Severity.REFUSAL]
        counts.append(sum(finding.severity == Severity.WARNING for finding in findings))
    assert max(counts) <= most


def _swap_far(facts: IndicatorFacts, now: Floats, last: Floats) -> Floats:
    order = np.argsort(last)
    first, second = order[2], order[-3]
    now[[first, second]] = now[[second, first]]
    return now


def _turn(facts: IndicatorFacts, now: Floats, last: Floats) -> Floats:
    return (facts.plausible_min or 0) + (facts.plausible_max or 100) - now


def _from_row_40(facts: IndicatorFacts, now: Floats, last: Floats) -> Floats:
    now[40:] = np.roll(now, 1)[40:]
    return now


ERRORS: dict[str, tuple[Callable[[IndicatorFacts, Floats, Floats], Floats], set[str], float]] = {
    "two municipalities swapped": (_swap_far, {"swapped"}, 0.85),
    "the column shifted a row": (lambda _f, now, _l: np.roll(now, -1), {"shifted_rows"}, 0.97),
    "shifted from the fortieth row": (_from_row_40, {"shifted_rows"}, 0.95),
    "names and figures sorted apart": (
        lambda _f, now, _l: np.sort(now)[np.random.default_rng(3).permutation(98)], {"unlike_last_year"}, 0.95,
    ),
    "share for per cent": (lambda _f, now, _l: now / 100, {"other_scale", "share_for_per_cent"}, 1.0),
    "per thousand for per cent": (lambda _f, now, _l: now * 10, {"other_scale"}, 1.0),
    "direction turned": (_turn, {"turned_direction"}, 1.0),
    "last year's file": (lambda _f, _n, last: last.copy(), {"same_as_last_year"}, 0.95),
    "a tenth of the municipalities gone": (
        lambda _f, now, _l: np.where(np.arange(98) % 10 == 3, np.nan, now), {"coverage_dropped"}, 1.0,
    ),
    "one decimal point lost": (
        lambda _f, now, _l: np.where(np.arange(98) == 50, now * 10, now),
        {"unusual_change", "impossible_value", "outside_plausible"},
        0.9,
    ),
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_found(error: str) -> None:
    spoil, rules, share = ERRORS[error]
    chance = np.random.default_rng(7)
    hits: Counter[bool] = Counter()
    for facts in _NUMERIC:
        years = simulated(facts, chance, noise=0.2)
        found = warnings_of(facts, spoil(facts, years[-1].copy(), years[-2]), years[:-1])
        hits[bool(rules & {finding.rule for finding in found})] += 1
    assert hits[True] >= share * len(_NUMERIC), hits


def test_the_rules_are_quick_on_a_full_year() -> None:
    chance = np.random.default_rng(1)
    years = {facts.code: simulated(facts, chance) for facts in _CATALOGUE.values()}
    reading = reading_of_values({code: each[-1] for code, each in years.items()})
    assert len(reading.cells) == 98 * len(_CATALOGUE)
    assert (
        len(check(reading, catalogue=_CATALOGUE, known=known_of({code: each[:-1] for code, each in years.items()})))
        < 30
    )
