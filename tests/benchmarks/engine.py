"""How fast the engine is, beside the same arithmetic in plain pandas. Measures, does not judge.

    .venv/bin/python -m tests.benchmarks.engine [--small]

`--small` leaves out the 11 000 units (two minutes). Times are the median of several runs, robustness the best of two;
beside its time stand its processor seconds, which another task on the machine does not change."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rankings.engine import weights
from rankings.engine.audit import audit
from rankings.engine.compute import compute, recompute
from rankings.engine.decompose import decompose
from rankings.engine.lift import lift
from rankings.engine.matrix import Errors, Matrix
from rankings.engine.robustness import robustness
from rankings.engine.specification import Specification

if TYPE_CHECKING:
    from collections.abc import Callable

INDICATORS, THEMES, AREAS = 103, 16, 3
LOW, HIGH = 30.0, 70.0
DRAWS = {98: 20_000, 11_000: 2_000}
SOURCES = ("register", "managers", "members", "appeals", "inspection")
SURVEYED = 42
"""Of the indicators, as many are answers, drawn within an interval where sampling is on."""


def index(units: int, seed: int = 1) -> tuple[Matrix, Specification]:
    """An edition in the portal's shape with made-up figures, 3 % of them missing."""
    rng = np.random.default_rng(seed)
    up = np.where(np.arange(INDICATORS) % 2 == 0, 1.0, -1.0)
    values = rng.normal(50, 10, (units, INDICATORS)) + 5 * rng.normal(0, 1, (units, 1)) * up
    values[rng.random(values.shape) < 0.03] = np.nan
    codes = tuple(f"x{number}" for number in range(INDICATORS))
    spec: dict[str, object] = {
        "unit": "code",
        "indicators": [
            {
                "code": code,
                "parent": f"T{number % THEMES}",
                "direction": "higher_is_better" if up[number] > 0 else "lower_is_better",
                "normalise": {"method": "goalposts", "low": LOW, "high": HIGH},
                "rank": {"by": "value", "decimals": 1},
                "source": SOURCES[number % len(SOURCES)],
            }
            for number, code in enumerate(codes)
        ],
        "nodes": [
            *({"code": f"T{theme}", "parent": f"A{theme % AREAS}"} for theme in range(THEMES)),
            *({"code": f"A{area}", "parent": "INDEX"} for area in range(AREAS)),
            {"code": "INDEX", "parent": None},
        ],
        "missing": {"method": "rescale", "coverage": 0.6},
        "rank": {"decimals": 1},
    }
    return Matrix(tuple(map(str, range(units))), codes, values), Specification.from_json(spec)


class InPandas:
    """The same index as one writes it in pandas: a frame, a groupby along the columns per level, rank."""

    def __init__(self, matrix: Matrix, specification: Specification) -> None:
        self.frame = pd.DataFrame(matrix.values, index=list(matrix.units), columns=list(matrix.codes))
        self.up = np.array([[i.direction == "higher_is_better" for i in specification.indicators]] * len(matrix.units))
        self.themes = pd.Series({i.code: i.parent for i in specification.indicators})
        self.areas = pd.Series({n.code: n.parent for n in specification.nodes if n.code.startswith("T")})

    def compute(self, weight: pd.Series | None = None) -> pd.DataFrame:
        """Ranks of every indicator and node (only nodes with `weight`, a draw of robustness)."""
        share = ((self.frame - LOW) / (HIGH - LOW)).clip(0, 1) * 100
        scores = share.where(self.up, 100 - share)
        plain = pd.Series(1.0, index=self.frame.columns) if weight is None else weight
        present = scores.notna()
        total = (scores * plain).T.groupby(self.themes).sum().T
        themes = total / (present * plain).T.groupby(self.themes).sum().T
        coverage = present.T.groupby(self.themes).mean().T
        themes = themes.where(coverage >= 0.6)
        areas = themes.T.groupby(self.areas).mean().T.where(coverage.T.groupby(self.areas).mean().T >= 0.6)
        top = areas.mean(axis=1).rename("INDEX")
        nodes = pd.concat([themes, areas, top], axis=1).round(1).rank(ascending=False, method="min")
        if weight is not None:
            return nodes
        values = self.frame.where(self.up, -self.frame).round(1).rank(ascending=False, method="min")
        return pd.concat([values, nodes], axis=1)

    def draws(self, draws: int) -> None:
        """The ranks under so many random weights of the indicators, and their quantiles."""
        rng = np.random.default_rng(1)
        ranks = [
            self.compute(pd.Series(2 ** rng.uniform(-1, 1, INDICATORS), index=self.frame.columns)) for _ in range(draws)
        ]
        pd.concat(ranks).groupby(level=0).quantile([0.05, 0.95])


def seconds(task: Callable[[], object], times: int) -> float:
    """Median of so many runs, after one that warms up when there are several."""
    if times > 2:
        task()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) if times > 2 else min(taken)


def line(name: str, taken: float, target: float, plain: float | None = None, note: str = "") -> None:
    """One line of the report."""
    beside = "" if plain is None else f" · pandas {plain * 1000:10.1f} ms · {plain / taken:6.1f} ×"
    print(f"{name:44} {taken * 1000:10.1f} ms (target {target * 1000:8.0f} ms){beside}{note}")


def errors_of(matrix: Matrix) -> Errors:
    """Intervals of five up and eight down at the first indicators."""
    values, none = matrix.values[:, :SURVEYED], np.full((len(matrix.units), SURVEYED), np.nan)
    return Errors(matrix.units, matrix.codes[:SURVEYED], values - 8, values + 5, none, none)


def measure(units: int, targets: tuple[float, float, float], runs: int, pandas_draws: int) -> None:
    """Compute and robustness for so many units; pandas' draws are measured on a few and multiplied."""
    matrix, specification = index(units)
    other, _ = index(units, seed=2)
    pandas = InPandas(matrix, specification)
    size = f"{units} × {INDICATORS}"
    same = compute(matrix, specification).rank[:, -1] == pandas.compute()["INDEX"].fillna(0).to_numpy()
    mine, plain = seconds(lambda: compute(matrix, specification), runs), seconds(pandas.compute, max(3, runs // 4))
    line(f"{size}: compute", mine, targets[0], plain, f" · {same.mean():.1%} of pandas' ranks alike")
    draws, runs_of_draws = DRAWS[units], 2 if units < 1000 else 1
    worked = time.process_time()
    mine = seconds(lambda: robustness(matrix, specification, draws=draws), runs_of_draws)
    worked = (time.process_time() - worked) / runs_of_draws
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain = seconds(lambda: pandas.draws(pandas_draws), 1) * draws / pandas_draws
    note = f" (from {pandas_draws} draws) · {worked:.1f} s of processor · peak of the process {peak:.0f} MB"
    line(f"{size}: robustness, {draws} draws, 20 nodes", mine, targets[1], plain, note)
    line(f"{size}: audit", seconds(lambda: audit(matrix, specification), runs_of_draws), targets[2])
    if units < 1000:
        worked = time.process_time()
        mine = seconds(lambda: robustness(matrix, specification, draws=draws, errors=errors_of(matrix)), 1)
        worked = time.process_time() - worked
        line(f"{size}: with sampling of {SURVEYED}", mine, targets[1], note=f" · {worked:.1f} s of processor")
        scores = compute(matrix, specification).indicator_scores()
        line(f"{size}: own weights", seconds(lambda: recompute(scores, specification, {"A1": 2}), runs), 0.005)
        line(f"{size}: reach of own weights", seconds(lambda: weights.reach(scores, specification), 5), 0.1)
        everything = set(specification.codes)
        line(f"{size}: lift, all", seconds(lambda: lift(matrix, specification, influenceable=everything), runs), 0.05)
        change = seconds(lambda: decompose(matrix, specification, other, specification), 5)
        line(f"{size}: decompose, all nodes", change, 0.1)


def main() -> None:
    """Print the report."""
    measure(98, (0.005, 5.0, 1.0), runs=21, pandas_draws=100)
    if "--small" not in sys.argv[1:]:
        measure(11_000, (0.3, 60.0, 30.0), runs=5, pandas_draws=3)


if __name__ == "__main__":
    main()
