"""How often the sentences about spread, conditions, need and small places speak of pure noise, and of a planted change.

    .venv/bin/python -m tests.trials.noise [--panels 1000]

Prints the share of panels in which each kind of sentence stayed silent (wanted: at least 95 % of the noise) and the
share of planted changes that were found. Panels have 98 units. "Page" asks whether anything at all was said on a page
that tells of every unit, or of every declared pair."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from rankings.engine.evidence import beyond_expectation, expected, funnel, spread_change
from rankings.engine.matrix import Floats
from rankings.engine.need import beyond_ordinary, lowest, together

UNITS = 98
PAIRS = 6
"""As many pairs of need and help as are declared."""
THEMES = 16
Rng = np.random.Generator


def spread(rng: Rng, growth: float) -> bool:
    """Five editions of places that keep their level, with noise of their own; the level's spread grows by so much."""
    level, sizes = rng.normal(0, 1, UNITS), rng.lognormal(10, 0.8, UNITS)
    factor = np.linspace(1, growth, 5)[:, np.newaxis]
    values = 50 + 10 * (level * factor) + rng.normal(0, 4, (5, UNITS))
    found = spread_change(values, sizes=sizes, draws=400, seed=int(rng.integers(2**31)))
    return found is not None and found.verdict != 0


def conditions(rng: Rng, fit: float, effort: float) -> bool:
    """Two editions explained by four conditions as far as `fit` says; three units lie `effort` deviations beyond."""
    known = rng.normal(0, 1, (UNITS, 4))
    effect, lasting = rng.normal(0, 1, UNITS), np.zeros(UNITS)
    lasting[:3] = effort
    explained = known.sum(axis=1) / 2 * np.sqrt(fit)
    editions = [explained + np.sqrt(1 - fit) * (rng.normal(0, 1, UNITS) * 0.8 + effect * 0.6 + lasting) for _ in "12"]
    models = [expected(values, known) for values in editions]
    return bool((np.nan_to_num(beyond_expectation(models[0], models[1], editions, 1.0)) != 0).any())


def small_places(rng: Rng, planted: float) -> bool:
    """Counts of places with 50 to 5 000 at risk, one of them with `planted` times the risk; of noise, whether any place
    of the page is named."""
    sizes = np.round(rng.lognormal(6, 1, UNITS)).clip(50, 5000)
    risk = np.full(UNITS, 0.1)
    risk[np.argmax(sizes)] *= planted
    found = funnel(rng.binomial(sizes.astype(int), risk).astype(float), sizes)
    return found is not None and bool(found.outside.any() if planted == 1 else found.outside[np.argmax(sizes)])


def figures(rng: Rng, lasting: float = 5.0) -> Floats:
    """Units × two editions: a lasting part of each unit and a new one each time."""
    return 50 + lasting * rng.normal(0, 1, (UNITS, 1)) + rng.normal(0, 3, (UNITS, 2))


def need_and_help(rng: Rng, follows: float) -> bool:
    """Whether, of all pairs of a page, any is said to go together; help follows need by so much in one of them."""
    spoke = False
    for pair in range(PAIRS):
        need, given = figures(rng), figures(rng)
        found = together(need, given + follows * (need - 50) if pair == 0 else given, PAIRS)
        spoke |= bool(found and found.side)
    return spoke


def a_places_need(rng: Rng, larger: float) -> bool:
    """Whether any place is said to need more or less than most; the first does by so many deviations."""
    need = figures(rng, lasting=0.0)
    need[0] += larger * 3
    found = beyond_ordinary(need[:, 0], need[:, 1])
    return bool(found[0] == 1 if larger else found.any())


def lowest_theme(rng: Rng, lower: float) -> bool:
    """Whether a theme is called the lowest; one is, by so many points."""
    scores = rng.normal(50, 5, (UNITS, 1)) + rng.normal(0, 15, (UNITS, THEMES))
    scores[:, 0] -= lower
    found = lowest(scores)
    return found is not None and found[1]


class Kind(NamedTuple):
    """A kind of sentence over panels of noise, or of a planted change."""

    speaks: Callable[[Rng], bool]
    noise: bool


KINDS = {
    "spread, noise": Kind(partial(spread, growth=1.0), noise=True),
    "spread, grown by 60 %": Kind(partial(spread, growth=1.6), noise=False),
    "conditions, no fit": Kind(partial(conditions, fit=0.0, effort=0.0), noise=True),
    "conditions, half explained, page": Kind(partial(conditions, fit=0.5, effort=0.0), noise=True),
    "conditions, half explained, 3 places 5 sd beyond": Kind(partial(conditions, fit=0.5, effort=5.0), noise=False),
    "funnel, chance, page": Kind(partial(small_places, planted=1.0), noise=True),
    "funnel, half as much again": Kind(partial(small_places, planted=1.5), noise=False),
    "need and help, noise, page of all pairs": Kind(partial(need_and_help, follows=0.0), noise=True),
    "need and help, follows by half": Kind(partial(need_and_help, follows=0.5), noise=False),
    "a place's need, noise, page": Kind(partial(a_places_need, larger=0.0), noise=True),
    "a place's need, 4 sd more": Kind(partial(a_places_need, larger=4.0), noise=False),
    "lowest theme, all alike": Kind(partial(lowest_theme, lower=0.0), noise=True),
    "lowest theme, 10 points lower": Kind(partial(lowest_theme, lower=10.0), noise=False),
}


def spoken(kind: str, panels: int) -> float:
    """The share of so many panels in which a kind of sentence spoke."""
    rng = np.random.default_rng(2014)
    return sum(KINDS[kind].speaks(rng) for _ in range(panels)) / panels


def main() -> None:
    """Print a line per kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--panels", type=int, default=1000)
    panels = parser.parse_args().panels
    for name in KINDS:
        spoke = spoken(name, panels)
        print(f"{name}: silent in {1 - spoke:.1%}, spoke in {spoke:.1%} of {panels}", flush=True)


if __name__ == "__main__":
    main()
