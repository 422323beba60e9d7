"""How often the sentences of spread, trend, expectation and need are silent where there is nothing but noise, and how
often they speak where something was planted.

    .venv/bin/python -m tests.trials.silence [--panels 1000]

A panel is 98 units over three editions. Noise has a lasting part of each unit and a new one each time, as real
figures do; the conditions and the other figures know nothing of either. Silent at least 95 of 100 times is what is
promised, for each kind of sentence and for each page, with everything that the page can say (98 units, every declared
pair)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import expected, need, small_places, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from rankings.engine.matrix import Floats

UNITS, TIMES = 98, 3
PAIRS = 6
"""As many pairs of need and help as a page may show."""


def noise(rng: np.random.Generator, lasting: float = 1.0) -> Floats:
    """Units × times: a lasting part and a new one each time."""
    return 50 + lasting * rng.normal(0, 5, (UNITS, 1)) + rng.normal(0, 3, (UNITS, TIMES))


def spread_speaks(rng: np.random.Generator, grown: float = 1.0) -> bool:
    """Whether a change of the spread is claimed; `grown` is what the last time's differences are multiplied by."""
    panel = noise(rng)
    panel[:, -1] = 50 + (panel[:, -1] - 50) * grown
    found = spread.spread(panel, rng.lognormal(10, 0.8, UNITS))
    return found is not None and found.verdict != 0


def expected_speaks(rng: np.random.Generator, better: float = 0.0, explained: float = 0.0) -> bool:
    """Whether any unit is said to be better or worse than expected. `better`: by so many deviations the first unit is
    so each time; `explained`: how much of the lasting part the conditions make."""
    conditions = rng.normal(0, 1, (UNITS, expected.MOST_CONDITIONS))
    panel = noise(rng) + 10 * explained * conditions[:, :1]
    panel[0] += better * 5.83
    pair = [(expected.fit(panel[:, time], conditions), panel[:, time]) for time in (-1, -2)]
    found = expected.verdicts(pair[0], pair[1], 1.0)
    return found is not None and bool((found == 1)[0] if better else found.any())


def need_speaks(rng: np.random.Generator, together: float = 0.0) -> bool:
    """Whether, of all pairs of a page, need and help are said to go together or apart; `together` is planted in one."""
    spoke = False
    for pair in range(PAIRS):
        wanted, given = noise(rng), noise(rng)
        if pair == 0:
            given += together * (wanted - 50)
        found = need.together(wanted[:, -2:], given[:, -2:], PAIRS)
        spoke = spoke or bool(found and found.side)
    return spoke


def places_speak(rng: np.random.Generator, larger: float = 0.0) -> bool:
    """Whether a unit's need is said to be larger or smaller than most units'; `larger`: of the first, in deviations of
    the noise."""
    wanted = noise(rng, lasting=0.0)
    wanted[0] += larger * 3
    found = need.beyond_ordinary(wanted[:, -2], wanted[:, -1])
    return bool((found == 1)[0] if larger else found.any())


def funnel_speaks(rng: np.random.Generator, higher: float = 1.0) -> bool:
    """Whether a unit is said to lie beyond chance, where all have the same risk; `higher`: the first unit's risk."""
    people = np.round(rng.lognormal(9.5, 0.9, UNITS))
    risk = np.full(UNITS, 0.01)
    risk[0] *= higher
    people[0] = max(people[0], 5000)
    found = small_places.funnel(rng.binomial(people.astype(int), risk) / people, people)
    return found is not None and bool((found.beyond == 1)[0] if higher > 1 else found.beyond.any())


KINDS: dict[str, tuple[Callable[[np.random.Generator], bool], str, Callable[[np.random.Generator], bool]]] = {
    "spread": (spread_speaks, "differences 1.5 times as large", lambda rng: spread_speaks(rng, 1.5)),
    "expected": (
        expected_speaks,
        "one unit 4 deviations better, conditions explain most",
        lambda rng: expected_speaks(rng, better=4.0, explained=1.0),
    ),
    "need and help": (need_speaks, "help follows need by half", lambda rng: need_speaks(rng, 0.5)),
    "a place's need": (places_speak, "one place 4 deviations above", lambda rng: places_speak(rng, 4.0)),
    "small places": (funnel_speaks, "one place with twice the risk", lambda rng: funnel_speaks(rng, 2.0)),
}


def spoken(speaks: Callable[[np.random.Generator], bool], panels: int, seed: int = 1) -> float:
    """The share of so many panels in which something is said."""
    rng = np.random.default_rng(seed)
    return sum(speaks(rng) for _ in range(panels)) / panels


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=1000)
    panels = parser.parse_args().panels
    for name, (on_noise, what, on_planted) in KINDS.items():
        silent, found = 1 - spoken(on_noise, panels), spoken(on_planted, panels, seed=2)
        print(f"{name:15}  silent in noise: {silent:6.1%}   planted ({what}): found {found:6.1%}")


if __name__ == "__main__":
    main()
