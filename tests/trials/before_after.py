"""How often the verdict about a practice is wrong, and how often it is right, in worlds where the truth is known.

`python -m tests.trials.before_after [--worlds 1000]`: the demo's generator invents five editions of 98 municipalities;
in each world a number of places begin something before the third, in any municipality or in one of the worst fifth,
with no effect or with one of a standard deviation (of what lies between municipalities). Beside the verdict stands what
a naive reader would have said: better afterwards, and more so than the median of six of the same kommunegruppe.

The generator's municipalities move slowly and lastingly. Real figures also go up and down from year to year, so the
worlds are made three times: as they are, and with yearly noise of half and of a whole standard deviation added.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indicators.demo.figures import DemoIndicator, DemoMunicipality, invent
from rankings.engine import before_after
from rankings.engine.before_after import Verdict
from rankings.engine.matrix import Floats
from rankings.engine.normalise import SIGNS

DATA = Path(before_after.__file__).resolve().parents[2] / "indicators" / "data"
YEARS = (2022, 2023, 2024, 2025, 2026)
NOISES = (0.0, 0.5, 1.0)
PLACES = ("any", "worst fifth")
EFFECTS = (0.0, 1.0)


def municipalities() -> list[DemoMunicipality]:
    return [
        DemoMunicipality(row["code"], row["name"], row["kommunegruppe"], row["landsdel"], int(row["population_2023"]))
        for row in _rows("municipalities.csv")
    ]


def indicators() -> list[DemoIndicator]:
    """Those counted every year, with a direction, a scale of more than two steps and no break in series."""
    broken = {row["code"] for row in _rows("series_breaks.csv")}
    return [
        DemoIndicator(
            code=row["code"],
            area=row["area"],
            direction=row["direction"],
            source_kind=row["source_kind"],
            unit=row["unit"],
            source_table=row["source_table"],
            low=float(row["plausible_min"] or 0),
            high=float(row["plausible_max"] or 1),
            median=float(row["typical_median"] or 0.5),
            decimals=int(row["decimals"]),
            every_years=int(row["every_years"]),
        )
        for row in _rows("indicators.csv")
        if row["direction"] in before_after.JUDGED
        and row["every_years"] == "1"
        and not row["unit"].startswith("ja")
        and row["code"] not in broken
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Tally:
    """Verdicts and naive sentences, counted by noise, place and effect."""

    verdicts: dict[tuple[float, str, float], Counter[Verdict]] = field(default_factory=dict)
    better: Counter[tuple[float, str, float]] = field(default_factory=Counter)
    better_than_six: Counter[tuple[float, str, float]] = field(default_factory=Counter)
    six_like: dict[int, list[int]] = field(default_factory=dict)

    def add(self, key: tuple[float, str, float], before: Floats, after: Floats, place: int, direction: str) -> None:
        found = before_after.measured(before, after, place, direction)
        if found.before is None or found.after is None:
            return
        self.verdicts.setdefault(key, Counter())[found.verdict] += 1
        sign = SIGNS[direction]
        change = sign * (before_after.level(after) - before_after.level(before))
        self.better[key] += change[place] > 0
        six = change[self.six_like[place]]
        self.better_than_six[key] += bool(np.isfinite(six).any()) and change[place] > np.nanmedian(six)

    def share(self, key: tuple[float, str, float], verdict: Verdict) -> float:
        """0–1, of those with a verdict."""
        return self.verdicts[key][verdict] / self.n(key)

    def n(self, key: tuple[float, str, float]) -> int:
        return self.verdicts[key].total()


def trials(worlds: int, each: int, noises: tuple[float, ...] = NOISES) -> Tally:
    """`each` places in each of `worlds` worlds, for every noise, kind of place and effect. Deterministic."""
    who, what = municipalities(), indicators()
    tally = Tally(six_like=_six_like(who))
    for seed in range(worlds):
        random = np.random.default_rng(seed + 10_000)
        values = np.stack([year.values for year in invent(who, what, YEARS, seed)], axis=2)
        for column in random.choice(len(what), each, replace=False):
            for noise in noises:
                _one(tally, values[:, column], what[column].direction, noise, random)
    return tally


def _six_like(who: list[DemoMunicipality]) -> dict[int, list[int]]:
    """Of each row the six of its kommunegruppe that are nearest in size."""
    return {
        row: sorted(
            (other for other, like in enumerate(who) if other != row and like.kommunegruppe == own.kommunegruppe),
            key=lambda other: abs(who[other].population - own.population),
        )[:6]
        for row, own in enumerate(who)
    }


def _one(tally: Tally, figures: Floats, direction: str, noise: float, random: np.random.Generator) -> None:
    spread = float(np.nanstd(figures[:, 0]))
    figures = figures + random.normal(0, noise * spread, figures.shape)
    before, after = figures[:, :2], figures[:, 3:]
    level = SIGNS[direction] * before_after.level(before)
    known = np.flatnonzero(~np.isnan(level + before_after.level(after)))
    if len(known) < before_after.LEAST_UNITS:
        return
    worst = known[np.argsort(level[known])][: len(known) // 5]
    for place, among in zip(PLACES, (known, worst), strict=True):
        row = int(random.choice(among))
        for effect in EFFECTS:
            moved = after.copy()
            moved[row] += SIGNS[direction] * effect * spread
            tally.add((noise, place, effect), before, moved, row, direction)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=10, help="places a world")
    chosen = parser.parse_args()
    tally = trials(chosen.worlds, chosen.each)
    lines = ["noise  place        effect  stands out  other way  better after  more than six alike      n"]
    for noise, place, effect in sorted(tally.verdicts):
        key = (noise, place, effect)
        n = tally.n(key)
        out, other = (100 * tally.share(key, v) for v in (Verdict.STANDS_OUT, Verdict.OTHER_WAY))
        better, six = 100 * tally.better[key] / n, 100 * tally.better_than_six[key] / n
        lines.append(
            f"{noise:<5}  {place:<11}  {effect:<6}  {out:8.1f} %  {other:7.1f} %  {better:10.1f} %  {six:17.1f} %  "
            f"{n:6}"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
