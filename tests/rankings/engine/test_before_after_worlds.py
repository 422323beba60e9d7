"""The verdict in worlds where the truth is known: how often it is wrong, how often it is right."""

import pytest

from rankings.engine.before_after import Verdict
from tests.trials.before_after import NOISES, Tally, trials


def as_promised(tally: Tally, slack: float) -> None:
    """What the method page says, with `slack` (a share) for the luck of few worlds."""
    for noise in NOISES:
        assert tally.share((noise, "any", 0.0), Verdict.STANDS_OUT) <= 0.05 + slack
        assert tally.share((noise, "any", 0.0), Verdict.OTHER_WAY) <= 0.05 + slack
        for place in ("any", "worst fifth"):
            found = tally.share((noise, place, 1.0), Verdict.STANDS_OUT)
            assert found > 3 * tally.share((noise, place, 0.0), Verdict.STANDS_OUT)
            assert tally.share((noise, place, 1.0), Verdict.OTHER_WAY) < 0.01
    for noise in NOISES[1:]:
        assert tally.share((noise, "worst fifth", 0.0), Verdict.STANDS_OUT) <= 0.053 + slack
    assert tally.share((0.0, "worst fifth", 0.0), Verdict.STANDS_OUT) <= 0.06 + slack  # docs/practices.md says why
    naive = (1.0, "worst fifth", 0.0)
    assert tally.better[naive] / tally.n(naive) > 0.6  # nothing was done, and most got better


def test_in_a_few_worlds_the_verdict_is_as_good_as_the_method_page_says() -> None:
    as_promised(trials(worlds=15, each=25), slack=0.02)


@pytest.mark.full
def test_in_a_thousand_worlds_the_verdict_is_as_good_as_the_method_page_says() -> None:
    as_promised(trials(worlds=1_000, each=10), slack=0.0)
