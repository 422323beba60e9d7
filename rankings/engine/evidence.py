"""What may be said of figures over time, beside conditions, and of small places: rules that stay silent about noise.

Sources: Benjamini and Hochberg 1995, "Controlling the false discovery rate", JRSS B 57, 289–300; Spiegelhalter 2005,
"Funnel plots for comparing institutional performance", Statistics in Medicine 24, 1185–1202; Allen 1974 (PRESS), "The
relationship between variable selection and data augmentation", Technometrics 16, 125–127; Efron and Tibshirani 1993,
"An Introduction to the Bootstrap", ch. 13; Morris 1983, "Parametric empirical Bayes inference", JASA 78, 47–55.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rankings.engine.matrix import Floats

NORMAL = NormalDist()
MOST_CONDITIONS = 4
LEAST_FIT = 0.2
"""An out-of-sample r² under this says that the conditions say too little: then nothing is said of anybody."""
FALSE_DISCOVERIES = 0.05
MOST_DRAWN = 1000
CERTAIN = 0.99
"""Of the interval that a change of spread must leave 0 out of: at 95 % one figure of noise in twenty would speak."""
FALSE_PLACES = 0.025
"""The same of a funnel: counts of few lean to one side, so that normal limits let through more than they say."""
SMALLEST = 5
EDITIONS_OF_ONE_DEFINITION = 3
STRONG = 0.7
"""A correlation from which two indicators of one theme say nearly the same twice (OECD/JRC Handbook, ch. 1.3)."""
ABOVE, BELOW, WITHIN = "above", "below", "within"
"""What chance can explain of a value, by the outer limit of a funnel."""
BETTER, WORSE, AS_EXPECTED = "better", "worse", "as_expected"
"""A value beside what the conditions foretell, in two editions running."""
NOT_CERTAIN = "not_certain"
ORDINARY, OUTSIDE = 0.95, 0.998
"""The two limits of a funnel: one in twenty and one in five hundred lie outside by chance alone."""


@dataclass(frozen=True)
class Expected:
    """What units' conditions let one expect, each unit from a model of all the others. Arrays are by unit, NaN where
    the value or a condition is missing.

    value: expected; low, high: 95 % prediction interval; p: two-sided, of a residual this large by chance; fit: the
    out-of-sample r², 1 − PRESS / SST (may be negative: worse than the mean)."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    fit: float


def expected(values: Floats, conditions: Floats) -> Expected | None:
    """Least squares of the values (units) on at most `MOST_CONDITIONS` conditions (units × conditions), each unit left
    out of the model that judges it. None where too few units are left. Raises ValueError for more conditions: so many
    that fit anything."""
    if conditions.shape[1] > MOST_CONDITIONS:
        raise ValueError(f"{conditions.shape[1]} conditions; at most {MOST_CONDITIONS} are declared")
    there = ~(np.isnan(values) | np.isnan(conditions).any(axis=1))
    n, free = int(there.sum()), int(there.sum()) - conditions.shape[1] - 2
    if free < 10:
        return None
    design = np.column_stack([np.ones(n), conditions[there]])
    y = values[there]
    orthonormal, _ = np.linalg.qr(design)
    leverage = np.minimum((orthonormal**2).sum(axis=1), 1 - 1e-9)
    residual = y - orthonormal @ (orthonormal.T @ y)
    deleted = residual / (1 - leverage)
    spread = float((residual**2).sum())
    variance = np.maximum(spread - residual**2 / (1 - leverage), 0.0) / free
    error = np.sqrt(np.maximum(variance, 1e-300) / (1 - leverage))
    total = float((((y - y.mean()) * n / (n - 1)) ** 2).sum())  # each unit from the mean of the others
    fit = 1 - float((deleted**2).sum()) / total if total > 0 else 0.0
    reach = _t_quantile(0.975, free) * error
    parts = (y - deleted, y - deleted - reach, y - deleted + reach, _two_sided(deleted / error, free))
    whole = [np.full(values.shape, np.nan) for _ in parts]
    for target, part in zip(whole, parts, strict=True):
        target[there] = part
    value, low, high, p = whole
    return Expected(value, low, high, p, fit)


def beyond_expectation(now: Expected | None, before: Expected | None, values: Sequence[Floats], sign: float) -> Floats:
    """+1 "better than expected", −1 "worse", 0 "as expected", NaN where nothing is said, by unit. Beyond it only in two
    editions running, on the same side, under a false discovery rate of 5 % in each; nothing is said of anybody where
    the out-of-sample r² is under `LEAST_FIT` in either. `values`: now and before; `sign`: +1 where higher is better."""
    nothing = np.full(values[0].shape, np.nan)
    if now is None or before is None or min(now.fit, before.fit) < LEAST_FIT:
        return nothing
    sides = []
    for one, own in zip((now, before), values, strict=True):
        surprising = benjamini_hochberg(one.p) <= FALSE_DISCOVERIES
        sides.append(np.where(np.isnan(one.p), np.nan, np.where(surprising, np.sign(own - one.value) * sign, 0.0)))
    verdict = np.where(sides[0] == sides[1], sides[0], 0.0)
    return np.where(np.isnan(sides[0]) | np.isnan(sides[1]), np.nan, verdict)


def benjamini_hochberg(p: Floats) -> Floats:
    """p-values adjusted so that calling those ≤ q surprising makes at most a share q of false calls; NaN stays NaN."""
    adjusted = np.full(p.shape, np.nan)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    scaled = p[order] * order.size / np.arange(1, order.size + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


@dataclass(frozen=True)
class SpreadChange:
    """How far apart units are, first and last, in P90 − P10 and in standard deviations (noise taken out), and the 99 %
    bootstrap interval of the change of P90 − P10. verdict: +1 "the differences have grown", −1 "shrunk", 0 "no certain
    change"."""

    n: int
    between: tuple[float, float]
    deviation: tuple[float, float]
    low: float
    high: float
    verdict: int


def spread_change(
    editions: Floats, noise: Floats | None = None, sizes: Floats | None = None, *, draws: int = 2000, seed: int = 2014
) -> SpreadChange | None:
    """Have the differences between units grown from the first edition to the last? `editions` are editions × units of
    one definition (a series break begins a new series), `noise` the values' standard errors, `sizes` the units' sizes.

    Over the same units only, those with a value in every edition. A verdict needs three editions, an interval of the
    change that leaves out 0, and the same side again without the five smallest units. Never by regressing the change
    on the level: that finds convergence in noise (Galton's fallacy). None of under 20 units."""
    same = np.flatnonzero(~np.isnan(editions).any(axis=0))
    if same.size < 20 or len(editions) < 2:
        return None
    first, last = editions[0, same], editions[-1, same]
    errors = (np.zeros(2 * same.size) if noise is None else np.nan_to_num(noise[[0, -1]][:, same]).ravel()).reshape(
        2, -1
    )
    low, high = _bootstrapped(first, last, errors, draws, seed)
    side = _side(low, high)
    if len(editions) < EDITIONS_OF_ONE_DEFINITION:
        side = 0
    if side and sizes is not None:
        kept = np.argsort(sizes[same], kind="stable")[SMALLEST:]
        side = side if _side(*_bootstrapped(first[kept], last[kept], errors[:, kept], draws, seed)) == side else 0
    between = (_between(first, errors[0]), _between(last, errors[1]))
    deviation = (_deviation(first, errors[0]), _deviation(last, errors[1]))
    return SpreadChange(same.size, between, deviation, low, high, side)


def _bootstrapped(first: Floats, last: Floats, errors: Floats, draws: int, seed: int) -> tuple[float, float]:
    """The `CERTAIN` percentile interval of the change of P90 − P10, units drawn anew with both their values.

    Of more than `MOST_DRAWN` units so many are drawn each time, and the interval is narrowed by the root of their share
    (m out of n: Bickel, Götze and van Zwet 1997, Statistica Sinica 7, 1–31): all of a large country took a second."""
    size = min(first.size, MOST_DRAWN)
    chosen = np.random.default_rng(seed).integers(0, first.size, (draws, size))
    ends = [np.percentile(values[chosen], [90, 10], axis=1) for values in (first, last)]
    shrink = [_shrinkage(values, error) for values, error in zip((first, last), errors, strict=True)]
    change = (ends[1][0] - ends[1][1]) * shrink[1] - (ends[0][0] - ends[0][1]) * shrink[0]
    low, high = np.percentile(change, [50 * (1 - CERTAIN), 50 * (1 + CERTAIN)])
    if size < first.size:
        narrowed = float(np.sqrt(size / first.size))
        found = _between(last, errors[1]) - _between(first, errors[0])
        low, high = found + (low - found) * narrowed, found + (high - found) * narrowed
    return float(low), float(high)


def _side(low: float, high: float) -> int:
    return int(low > 0) - int(high < 0)


def _between(values: Floats, error: Floats) -> float:
    return float(np.subtract(*np.percentile(values, [90, 10]))) * _shrinkage(values, error)


def _deviation(values: Floats, error: Floats) -> float:
    return float(values.std(ddof=1)) * _shrinkage(values, error)


def _shrinkage(values: Floats, error: Floats) -> float:
    """How much of the spread is the units' and not the measurement's: √((s² − mean error²) / s²), 0 at least."""
    variance = float(values.var(ddof=1))
    return float(np.sqrt(max(variance - float((error**2).mean()), 0.0) / variance)) if variance > 0 else 0.0


@dataclass(frozen=True)
class Funnel:
    """Rates of places beside what chance makes of places of their size. Arrays by unit, NaN where unknown.

    centre: the rate of all together; between: the variance of places that chance does not make (overdispersion); z:
    deviations from the centre, with that allowed for; low, high: limits at 95 %; outside: beyond the limits at 99.8 %,
    and that also under a false discovery rate of 2.5 %, since all places are looked at; shrunken: the rate drawn
    towards the centre by what is not known of it."""

    centre: float
    between: float
    z: Floats
    low: Floats
    high: Floats
    outside: NDArray[np.bool_]
    shrunken: Floats


def funnel(numerators: Floats, denominators: Floats, *, share: bool = True) -> Funnel | None:
    """Counts of so many (`share`: each counted once at most, binomial; else a rate of events, Poisson). None where
    there is nothing to compare."""
    there = ~(np.isnan(numerators) | np.isnan(denominators)) & (np.nan_to_num(denominators) > 0)
    if there.sum() < 3:
        return None
    k, size = numerators[there], denominators[there]
    centre = float(k.sum() / size.sum())
    if not 0 < centre < (1.0 if share else np.inf):
        return None
    variance = centre * (1 - centre if share else 1.0) / size
    naive = (k / size - centre) / np.sqrt(variance)
    cut = np.clip(naive, *np.percentile(naive, [10, 90]))  # so that those far out do not excuse themselves
    dispersion = max(1.0, float((cut**2).mean()))
    between = max(0.0, (dispersion - 1) * size.size / float((1 / variance).sum()))
    error = np.sqrt(variance + between)
    z = (k / size - centre) / error
    limit = NORMAL.inv_cdf((1 + ORDINARY) / 2) * error
    apart = max(0.0, float(((k / size - centre) ** 2).mean() - variance.mean()))
    trust = apart / (apart + variance)
    found = [np.full(numerators.shape, np.nan) for _ in range(4)]
    top = 1.0 if share else np.inf
    parts = (z, np.maximum(centre - limit, 0.0), np.minimum(centre + limit, top), centre + trust * (k / size - centre))
    for target, part in zip(found, parts, strict=True):
        target[there] = part
    p = np.array([2 * NORMAL.cdf(-abs(float(one))) for one in found[0]])
    outside = (np.nan_to_num(benjamini_hochberg(p), nan=1.0) <= FALSE_PLACES) & (p < 1 - OUTSIDE)
    return Funnel(centre, between, found[0], found[1], found[2], outside, found[3])


def shrunken(values: Floats, errors: Floats) -> Floats:
    """Values drawn towards their mean by what is not known of each: centre + τ²/(τ² + e²)·(value − centre). e: its
    standard error, NaN where it is known exactly and stays; τ²: the variance of the values less the mean of all e²
    (Efron and Morris 1975, "Data analysis using Stein's estimator and its generalizations", JASA 70, 311–319). In the
    values' unit; fewer than three stay as they are."""
    there = ~np.isnan(values)
    if there.sum() < 3:
        return values
    squares = np.nan_to_num(errors) ** 2
    apart = max(0.0, float(values[there].var(ddof=1) - squares[there].mean()))
    unsure, found, centre = there & (squares > 0), values.copy(), float(values[there].mean())
    found[unsure] = centre + apart / (apart + squares[unsure]) * (values[unsure] - centre)
    return found


def funnel_limits(of: Funnel, size: float, certain: float) -> tuple[float, float]:
    """Between which shares a place of this size lies so often (`ORDINARY`, `OUTSIDE`) by chance and by what else sets
    places apart."""
    reach = NORMAL.inv_cdf((1 + certain) / 2) * (of.centre * (1 - of.centre) / size + of.between) ** 0.5
    return max(of.centre - reach, 0.0), min(of.centre + reach, 1.0)


def grade(
    *,
    interval: float | None,
    response: float | None,
    provisional: bool,
    age: int,
    own_word: bool,
    warnings: int,
) -> int:
    """How good a value is: 1 well known, 2 with care, 3 one should not act on it. The worst of what is known of it:

    | known | 2 from | 3 from |
    | --- | --- | --- |
    | width of the interval, as a share of P90 − P10 of all | a quarter | the whole |
    | answered of asked | under 60 % | under 30 % |
    | provisional figures | yes | |
    | years between the data and the edition | 2 | 4 |
    | the source's own word about itself | yes | |
    | warnings at upload that were accepted | 1 | 3 |

    None is unknown and lowers nothing. Three or more reasons for a 2 make a 3."""
    found = doubts(
        interval=interval, response=response, provisional=provisional, age=age, own_word=own_word, warnings=warnings
    )
    return graded(found)


REASONS = ("interval", "response", "provisional", "age", "own_word", "warnings")


def doubts(
    *, interval: float | None, response: float | None, provisional: bool, age: int, own_word: bool, warnings: int
) -> dict[str, int]:
    """The reasons against a value by the table of `grade`, by name: 2 with care, 3 one should not act on it."""
    known = [np.array([np.nan if one is None else one]) for one in (interval, response)]
    packed = packed_doubts(
        interval=known[0],
        response=known[1],
        provisional=np.array([provisional]),
        age=age,
        own_word=own_word,
        warnings=np.array([warnings]),
    )
    return unpacked(int(packed[0]))


def packed_doubts(
    *,
    interval: Floats,
    response: Floats,
    provisional: NDArray[np.bool_],
    age: int,
    own_word: bool,
    warnings: NDArray[np.integer[Any]],
) -> NDArray[np.int16]:
    """The reasons against many values at once, NaN where nothing is known: two bits for each of REASONS, by which
    `unpacked` finds them again. 0: nothing is held against it."""
    ones = np.ones(len(interval))
    steps = (
        _steps(interval, 0.25, 1.0),
        _steps(-response, -0.6 + 1e-12, -0.3 + 1e-12),
        provisional.astype(np.int16),
        _steps(age * ones, 2, 4),
        own_word * ones.astype(np.int16),
        _steps(warnings.astype(float), 1, 3),
    )
    packed = np.zeros(len(interval), np.int16)
    for place, step in enumerate(steps):
        packed |= step << (2 * place)
    return packed


Doubts = dict[tuple[int, int], dict[str, int]]
"""The reasons against values by the primary keys of municipality and indicator; what is not in it has none."""


@cache
def unpacked(packed: int) -> dict[str, int]:
    """What `packed_doubts` says, by name. Nobody may change it."""
    steps = ((name, packed >> (2 * place) & 3) for place, name in enumerate(REASONS))
    return {name: step + 1 for name, step in steps if step}


UNUSABLE = 3
"""The grade of a value that one should not act on: nothing is called weak, strong or worth copying by it."""


def graded(found: Mapping[str, int]) -> int:
    """The grade that the doubts make."""
    steps = list(found.values())
    return UNUSABLE if UNUSABLE in steps or steps.count(2) >= 3 else max(steps, default=1)


@cache
def is_unusable(packed: int) -> bool:
    """Whether what `packed_doubts` says makes a value that one should not act on."""
    return graded(unpacked(packed)) == UNUSABLE


def _steps(values: Floats, second: float, third: float) -> NDArray[np.int16]:
    """How many steps down; none where nothing is known."""
    return (values >= second).astype(np.int16) + (values >= third)


def _two_sided(t: Floats, free: int) -> Floats:
    """p of Student's t, by Wallace's normal approximation (1959, Annals of Mathematical Statistics 30, 1124–1130)."""
    z = np.sqrt(free * np.log1p(t**2 / free)) * (8 * free + 1) / (8 * free + 3)
    return np.array([2 * (1 - NORMAL.cdf(float(one))) for one in z])


def _t_quantile(share: float, free: int) -> float:
    """The inverse of the same approximation."""
    z = NORMAL.inv_cdf(share) * (8 * free + 3) / (8 * free + 1)
    return float(np.sqrt(free * np.expm1(z**2 / free)))
