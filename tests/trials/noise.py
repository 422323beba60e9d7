"""How often the sentences about spread and about conditions speak of pure noise, and how often of a planted change.

    .venv/bin/python -m tests.trials.noise [--panels 1000]

Prints the share of panels in which each kind of sentence stayed silent (wanted: at least 95 % of the noise) and the
share of planted changes that were found. Panels have 98 units; a page has 103 indicators."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from rankings.engine.evidence import beyond_expectation, expected, funnel, spread_change

UNITS = 98


def spread(rng: np.random.Generator, growth: float) -> bool:
    """Five editions of places that keep their level, with noise of their own; the level's spread grows by so much."""
    level, sizes = rng.normal(0, 1, UNITS), rng.lognormal(10, 0.8, UNITS)
    factor = np.linspace(1, growth, 5)[:, np.newaxis]
    values = 50 + 10 * (level * factor) + rng.normal(0, 4, (5, UNITS))
    found = spread_change(values, sizes=sizes, draws=400, seed=int(rng.integers(2**31)))
    return found is not None and found.verdict != 0


def conditions(rng: np.random.Generator, fit: float, effort: float) -> bool:
    """Two editions explained by four conditions as far as `fit` says; three units lie `effort` deviations beyond."""
    known = rng.normal(0, 1, (UNITS, 4))
    effect, lasting = rng.normal(0, 1, UNITS), np.zeros(UNITS)
    lasting[:3] = effort
    explained = known.sum(axis=1) / 2 * np.sqrt(fit)
    editions = [explained + np.sqrt(1 - fit) * (rng.normal(0, 1, UNITS) * 0.8 + effect * 0.6 + lasting) for _ in "12"]
    models = [expected(values, known) for values in editions]
    return bool((np.nan_to_num(beyond_expectation(models[0], models[1], editions, 1.0)) != 0).any())


def small_places(rng: np.random.Generator, planted: float) -> bool:
    """Counts of places with 50 to 5 000 at risk, one of them with `planted` times the risk."""
    sizes = np.round(rng.lognormal(6, 1, UNITS)).clip(50, 5000)
    risk = np.full(UNITS, 0.1)
    risk[np.argmax(sizes)] *= planted
    found = funnel(rng.binomial(sizes.astype(int), risk).astype(float), sizes)
    return found is not None and bool(found.outside[np.argmax(sizes)])


def main() -> None:
    """Print a line per kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--panels", type=int, default=1000)
    panels = parser.parse_args().panels
    kinds: dict[str, Callable[[np.random.Generator], bool]] = {
        "spread, noise": lambda rng: spread(rng, 1.0),
        "spread, grown by 60 %": lambda rng: spread(rng, 1.6),
        "conditions, no fit": lambda rng: conditions(rng, 0.0, 0.0),
        "conditions, half explained": lambda rng: conditions(rng, 0.5, 0.0),
        "conditions, half explained, 3 places 5 sd beyond": lambda rng: conditions(rng, 0.5, 5.0),
        "funnel, chance": lambda rng: small_places(rng, 1.0),
        "funnel, half as much again": lambda rng: small_places(rng, 1.5),
    }
    for name, speaks in kinds.items():
        rng = np.random.default_rng(2014)
        spoke = np.mean([speaks(rng) for _ in range(panels)])
        print(f"{name}: silent in {1 - spoke:.1%}, spoke in {spoke:.1%} of {panels}")


if __name__ == "__main__":
    main()
