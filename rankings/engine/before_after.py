"""What was measured where a practice was tried: before against after, held against how all others moved.

A municipality that begins something in a bad year is better two years later in most cases, whatever it began
(regression to the mean), and also better than others like it. So the question is not "did it get better?" but "did it
end further from where its starting level lets it be expected than ordinary movement takes others?":

1. level before = mean of the (at most two) editions before the start, level after = mean of the (at most two) editions
   from which an effect is expected, for every unit that has a figure in each of them;
2. level after is predicted from level before by least squares over all those units, the place itself included. Left
   out, its residual would be that of a forecast, which is wider than the residuals it is ranked among, and "stands out"
   would be said too often by chance; included, it is said a little too seldom;
3. p = the share of units whose residual is at least as far in the direction of the place's own, itself included.

It shows that something happened at the same time, never that the practice was the cause.

`python -m rankings.engine.before_after DATA.csv --unit CODE --before 2022,2023 --after 2025,2026 --direction
lower_is_better` prints the finding as one line of JSON. Exit 0; exit 2 and one line on standard error when a question
cannot be asked at all (an unknown unit or column, a file that is no table).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from rankings.engine.columns import read_columns
from rankings.engine.matrix import DataError, Floats
from rankings.engine.normalise import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_UNITS = 20
"""With fewer, even the best of all is one of 19, and 1/19 > 0.05: nobody could stand out."""

MOST_EDITIONS = 2
"""How many editions a level is the mean of. More would reach back into other years' conditions."""

CHANCE = 0.05
"""A place whose share p is above this cannot be told from ordinary movement."""

JUDGED = ("higher_is_better", "lower_is_better")
"""Of a neutral indicator no change is better, so nothing is measured on it."""

NOISE = 1e-12
"""Residuals closer than this share of the figures' size are the same: rounding in the arithmetic is no movement."""


class Verdict(StrEnum):
    """What may be said of a place's figures. None of them says that a practice works."""

    STANDS_OUT = "stands_out"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    OTHER_WAY = "other_way"
    CANNOT_BE_COMPUTED = "cannot_be_computed"


class Reason(StrEnum):
    """Why there is no verdict."""

    MISSING = "a figure is missing"
    TOO_FEW = "too few units can be compared"
    SAME_START = "all units start at the same level, so nothing can be expected from it"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place. `n`: units compared, the place included (known also without a verdict).

    `p`: 0–1. `residual`: in the indicator's unit, positive = better than expected, whatever the direction.
    `before`, `after`, `expected`: levels in the indicator's unit. None where there is no verdict. `preliminary`: one
    of the levels is a single edition.
    """

    verdict: Verdict
    n: int
    preliminary: bool
    p: float | None = None
    residual: float | None = None
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    reason: Reason | None = None


def level(figures: Floats) -> Floats:
    """Units × editions → the mean of each unit; NaN as soon as one figure is missing: a mean of what happens to be
    there compares different years, and a year left out could be the bad one."""
    return np.asarray(figures.mean(axis=1), dtype=np.float64)


def residuals(start: Floats, figures: Floats) -> Floats:
    """How far each unit lies above (+) or below (−) what its starting level predicts, units × editions.

    `start`: level before, one per unit; `figures`: units × editions, in the indicator's unit; no NaN. Least squares
    edition by edition, so the mean over editions is the residual of the mean: what a chart draws adds up to what the
    verdict says. Raises DataError when all units start at the same level."""
    away = start - start.mean()
    span = float(np.abs(away).max(initial=0.0))
    if span <= NOISE * float(np.abs(start).max(initial=0.0)):
        raise DataError(Reason.SAME_START)
    away /= span  # so that no square of a tiny or huge level is 0 or infinite
    centred = figures - figures.mean(axis=0)
    slope = away @ centred / (away @ away)
    return np.asarray(centred - np.outer(away, slope), dtype=np.float64)


def measured(before: Floats, after: Floats, place: int, direction: str) -> Finding:
    """The finding at the unit in row `place`. `before`, `after`: units × one or two editions, NaN = missing.

    `direction`: `higher_is_better` or `lower_is_better`. Raises DataError for another direction or number of
    editions."""
    if direction not in JUDGED:
        raise DataError(f"direction {direction!r} says of no change that it is better")
    for figures in (before, after):
        if not 1 <= figures.shape[1] <= MOST_EDITIONS:
            raise DataError(f"a level is the mean of one or two editions, not of {figures.shape[1]}")
    preliminary = min(before.shape[1], after.shape[1]) < MOST_EDITIONS
    start, end = level(before), level(after)
    known = ~np.isnan(start + end)
    n = int(known.sum())
    missing = None if known[place] else Reason.MISSING
    reason = missing or (Reason.TOO_FEW if n < LEAST_UNITS else None)
    if reason is None:
        try:
            better = SIGNS[direction] * residuals(start[known], end[known, np.newaxis])[:, 0]
        except DataError:
            reason = Reason.SAME_START
    if reason is not None:
        return Finding(Verdict.CANNOT_BE_COMPUTED, n, preliminary, reason=reason)
    own = float(better[int(known[:place].sum())])
    size = max(float(np.abs(start[known]).max()), float(np.abs(end[known]).max()))
    p = _share(better, own, NOISE * size)
    return Finding(
        verdict=_verdict(own, p),
        n=n,
        preliminary=preliminary,
        p=p,
        residual=own,
        before=float(start[place]),
        after=float(end[place]),
        expected=float(end[place]) - SIGNS[direction] * own,
    )


def _share(better: Floats, own: float, same: float) -> float:
    """The share of residuals at least as far from 0 as `own`, on its side of 0; those within `same` of it count."""
    side = 1.0 if own >= 0 else -1.0
    return float((side * better >= side * own - same).mean())


def _verdict(own: float, p: float) -> Verdict:
    if p > CHANCE:
        return Verdict.NOT_DISTINGUISHABLE
    return Verdict.STANDS_OUT if own > 0 else Verdict.OTHER_WAY


def holm(shares: Sequence[float]) -> list[float]:
    """The p of each of several aims of one practice, adjusted so that all of them together stand out by chance in at
    most 5 %: the smallest times m, the next times m − 1 …, never falling, at most 1 (Holm 1979). In the order given."""
    adjusted, largest = [0.0] * len(shares), 0.0
    for step, index in enumerate(sorted(range(len(shares)), key=shares.__getitem__)):
        largest = max(largest, min(1.0, (len(shares) - step) * shares[index]))
        adjusted[index] = largest
    return adjusted


class _Arguments(argparse.ArgumentParser):
    """An argument parser whose refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code; SystemExit(2) for arguments that cannot be read."""
    parser = _Arguments(prog="rankings.engine.before_after", description="Before and after, against all others.")
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="unit, a column per edition; empty = missing")
    parser.add_argument("--unit", required=True, metavar="CODE", help="the place where something was tried")
    parser.add_argument("--before", required=True, type=_editions, help="the last two editions before the start")
    parser.add_argument("--after", required=True, type=_editions, help="the first two from which an effect is expected")
    parser.add_argument("--direction", required=True, choices=JUDGED)
    chosen = parser.parse_args(arguments)
    try:
        answer = _answer(chosen.data, chosen.unit.strip(), chosen.before, chosen.after, chosen.direction)
    except DataError as error:
        return _refuse(parser.prog, str(error))
    except OSError as error:
        return _refuse(parser.prog, f"{chosen.data}: {error.strerror}")
    sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
    return 0


def _answer(data: Path, unit: str, before: list[str], after: list[str], direction: str) -> dict[str, object]:
    _check_order(before, after)
    units, figures, _ = read_columns(data, "unit", [*before, *after])
    if unit not in units:
        raise DataError(f"{data.name}: unit {unit!r} is not in the file")
    found = measured(figures[:, : len(before)], figures[:, len(before) :], units.index(unit), direction)
    return {
        "verdict": found.verdict.value,
        "p": found.p,
        "n": found.n,
        "residual": found.residual,
        "preliminary": found.preliminary,
        "reason": found.reason.value if found.reason else None,
    }


def _editions(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise argparse.ArgumentTypeError(f"{text!r} is not one or two editions with a comma between, as 2022,2023")
    if len(names) > MOST_EDITIONS:
        raise argparse.ArgumentTypeError(f"{text!r} names {len(names)} editions, a level is the mean of one or two")
    return names


def _check_order(before: list[str], after: list[str]) -> None:
    """Refuse an edition named twice, and years that are not all before and all after."""
    names = [*before, *after]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise DataError(f"edition {name!r} is named twice")
    if all(name.isdecimal() for name in names) and max(map(int, before)) > min(map(int, after)):
        raise DataError(f"the editions before ({','.join(before)}) must lie before those after ({','.join(after)})")


def _refuse(prog: str, message: str) -> int:
    sys.stderr.write(f"{prog}: {' '.join(message.split())}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
