"""How sure is a rank: the index recomputed under a declared set of variations (`rankings.engine.variations`), and,
where errors of the values are given, with values drawn within them.

The first is sensitivity to the choices of method, the second sampling error; they are told apart and also taken
together. A unit without a rank in the published computation has none here; a draw that cannot score a unit (its
last value was left out) counts with its published rank.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rankings.engine import variations
from rankings.engine.draws import Drawn, Recomputed
from rankings.engine.matrix import Errors
from rankings.engine.sampling import Sampler

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import Specification
    from rankings.engine.variations import Plan

Whole = NDArray[np.int64]
PAIRS_AT_MOST = 500
"""Up to this many units, pairs are compared in every node; beyond it, where they cost seconds, at the root
only."""

PAIRS_AT_ALL = 2_000
"""Beyond this many units no pairs are compared: of 11 000, each cannot be told apart from six thousand others,
which nobody reads and which takes a quarter of a gigabyte. The intervals say the same."""

COMPARISONS = 8_000_000
"""How many ranks are compared at a time, a byte each."""

BLOCKS = 10
"""The draws are cut into so many parts; how far the shares differ when one of them is missing is their error."""


@dataclass(frozen=True)
class Alike:
    """Who cannot be told apart in one node: unit i (row of the matrix) from `others[starts[i]:starts[i +
    1]]`."""

    starts: Whole
    others: NDArray[np.uint32]

    def of(self, row: int) -> NDArray[np.uint32]:
        """The rows of the units that this unit cannot be told apart from, best placed first."""
        return self.others[self.starts[row] : self.starts[row + 1]]

    def counts(self) -> Whole:
        """How many, for every unit."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Variation:
    """One factor of the variations: the choices it was drawn from, and its first-order share of the movement
    of the ranks, per node in the order of the Outcome (0–1; NaN for indicators and where nothing moved), with the
    standard error that this many draws leave. What the shares lack to 1 is movement that only several factors together
    make."""

    name: str
    choices: tuple[str, ...]
    share: Floats
    error: Floats


@dataclass(frozen=True)
class Robustness:
    """Intervals of ranks, units × nodes in the order of the Outcome; 0 where there is no rank.

    [low, high] holds at least `share` of the ranks drawn, an equal part cut off at either end, and is widened
    to the published rank where that lies outside: the published rank is always in it. An indicator's own rank
    does not depend on any variation, so its interval is its rank. [joint_low, joint_high] is the same with the values
    drawn within their errors as well, for indicators too; without errors it is the first. It is never the narrower of
    the two. `alike`: node → who cannot be told apart there; without any beyond PAIRS_AT_ALL units. Two ranked units can
    be told apart when the one published ahead is strictly ahead in at least `share` of the draws (of method and
    sampling together, where errors are given); units that share a published rank never can."""

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    low: Whole
    high: Whole
    joint_low: Whole
    joint_high: Whole
    alike: dict[str, Alike]
    variations: tuple[Variation, ...]
    draws: int
    share: float
    seed: int


def robustness(
    matrix: Matrix,
    specification: Specification,
    *,
    draws: int | None = None,
    seed: int | None = None,
    share: float | None = None,
    errors: Errors | None = None,
) -> Robustness:
    """Recompute the index under so many draws of the variations; what is not given, the specification declares. The
    same seed gives the same result on the same machine and versions. Raises DataError."""
    rule = specification.robustness
    draws, seed = rule.draws if draws is None else draws, rule.seed if seed is None else seed
    share = rule.share if share is None else share
    recomputed = Recomputed(matrix, specification, draws, seed)
    published, plan = recomputed.published, recomputed.plan
    low, high = published.rank.copy(), published.rank.copy()
    shares, errors_of = np.full((2, len(variations.FACTORS), len(specification.order)), np.nan)
    alike = {}
    compared = _compared(specification, len(matrix.units))
    for code, ranks in recomputed.node_by_node():
        index, usual = published.position[code], published.rank[:, published.position[code]]
        shares[:, index], errors_of[:, index] = first_order(ranks, usual, plan)
        low[:, index], high[:, index] = interval(ranks[:draws], usual, share)
        if code in compared and errors is None:
            alike[code] = indistinct(ranks[:draws], usual, low[:, index], high[:, index], share)
    joint: tuple[Whole, Whole] = (low, high)
    if errors is not None:
        sampler = Sampler(errors, matrix, specification, recomputed.scorings, seed)
        joint_low, joint_high, alike = _joint(recomputed, sampler, low, high, share, compared)
        joint = joint_low, joint_high
    ran = tuple(
        Variation(name, plan.choices[name], *rows)
        for name, *rows in zip(variations.FACTORS, shares, errors_of, strict=True)
    )
    return Robustness(matrix.units, specification.order, low, high, *joint, alike, ran, draws, share, seed)


def _joint(
    recomputed: Recomputed, sampler: Sampler, low: Whole, high: Whole, share: float, compared: Sequence[str]
) -> tuple[Whole, Whole, dict[str, Alike]]:
    """The intervals of method and sampling together, and who cannot be told apart then. Never inside the method's
    alone: that more is unknown makes nobody surer, and what little narrower they come out is chance."""
    joint_low, joint_high = low.copy(), high.copy()
    published = recomputed.published
    alike = {}
    for code, ranks in recomputed.node_by_node(sampler):
        index = published.position[code]
        usual = published.rank[:, index]
        least, most = interval(ranks, usual, share)
        joint_low[:, index] = np.minimum(low[:, index], least)
        joint_high[:, index] = np.maximum(high[:, index], most)
        if code in compared:
            alike[code] = indistinct(ranks, usual, joint_low[:, index], joint_high[:, index], share)
    return joint_low, joint_high, alike


def paired_change(
    before: Matrix,
    before_spec: Specification,
    after: Matrix,
    after_spec: Specification,
    *,
    draws: int | None = None,
    seed: int | None = None,
) -> dict[str, tuple[float, float]]:
    """Unit → in which share of paired draws it stands further ahead at the root in the later edition, and in which in
    the earlier one (what is left are equal places). Only units ranked in both, among each other.

    Paired: both editions are computed with the same choices draw by draw (the same weights wherever they have the same
    parts), so that only the figures differ and what is common to both cancels out."""
    rule = after_spec.robustness
    draws, seed = rule.draws if draws is None else draws, rule.seed if seed is None else seed
    editions = [
        Recomputed(matrix, specification, draws, seed, among=(before_spec, after_spec))
        for matrix, specification in ((before, before_spec), (after, after_spec))
    ]
    placed = [
        {unit for unit, rank in zip(one.published.units, one.published.rank[:, one.root], strict=True) if rank > 0}
        for one in editions
    ]
    units = sorted(placed[0] & placed[1])
    old, new = (one.of_the_root(units)[:draws].astype(np.int64) for one in editions)
    ahead, behind = (new < old).mean(axis=0), (new > old).mean(axis=0)
    return {unit: (float(ahead[line]), float(behind[line])) for line, unit in enumerate(units)}


def interval(ranks: Drawn, published: Whole, share: float) -> tuple[Whole, Whole]:
    """Lowest and highest rank per unit with (1 − share)/2 of the draws (rounded down) cut off at either end,
    widened to the published rank. Ranks are draws × units."""
    cut = int((1 - share) / 2 * ranks.shape[0] + 1e-9)
    least, most = _in_order(np.ascontiguousarray(ranks.T), (cut, ranks.shape[0] - 1 - cut))
    low, high = np.minimum(least, published), np.maximum(most, published)
    return np.where(published > 0, low, 0), np.where(published > 0, high, 0)


def _in_order(ranks: Drawn, places: tuple[int, int]) -> list[Whole]:
    """Of every row the ranks that stand at these places when it is sorted; counted where there are fewer ranks than
    draws, a third of the time."""
    units, draws = ranks.shape
    if units < draws:
        upto = np.array([np.bincount(row, minlength=units + 1).cumsum() for row in ranks]).reshape(units, -1)
        return [(upto <= place).sum(axis=1) for place in places]
    ranks.sort(axis=1)
    return [ranks[:, place].astype(np.int64) for place in places]


def first_order(ranks: Drawn, published: Whole, plan: Plan) -> tuple[Floats, Floats]:
    """Each factor's first-order share of the variance of the ranks, summed over the units, and its standard error.

    Of a factor with few choices: the variance between its choices' mean ranks, less what so many draws would show by
    chance (an analysis of variance: (SSB − (G − 1)·MSW) / SST). Of the weights: the covariance between draws that
    have nothing but the weights in common. Clipped to 0–1; NaN when no rank moves or the draws are too few. The error
    is the jackknife's over `BLOCKS` parts of the draws."""
    moved = ranks.astype(np.float32) - published.astype(np.float32)
    blocks = [_Sums.of(moved, plan, block) for block in range(BLOCKS)]
    whole = _Sums(*(np.sum(parts, axis=0) for parts in zip(*blocks, strict=True)))
    found = whole.shares(plan)
    left = np.array(
        [_Sums(*(one - two for one, two in zip(whole, block, strict=True))).shares(plan) for block in blocks]
    )
    error = np.sqrt((BLOCKS - 1) / BLOCKS * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    return np.clip(found, 0.0, 1.0), error


class _Sums(NamedTuple):
    """Of some draws: how many of each choice, their summed ranks per unit, all squared, and of the repeated pairs the
    number, both sums and the product."""

    drawn: Floats
    by_choice: Floats
    squares: Floats
    pairs: Floats
    first: Floats
    second: Floats
    product: Floats

    @classmethod
    def of(cls, moved: Floats, plan: Plan, block: int) -> _Sums:
        part, again = _part(plan.draws, block), _part(len(moved) - plan.draws, block)
        mine, chosen = moved[: plan.draws][part], plan.indicators[:, : plan.draws][:, part]
        one, other = moved[: len(moved) - plan.draws][again], moved[plan.draws :][again]
        sums = (chosen.sum(axis=1, dtype=np.float64), (chosen @ mine).astype(np.float64),
                np.einsum("du,du->", mine, mine, dtype=np.float64))  # fmt: skip
        pairs = (one.sum(axis=0, dtype=np.float64), other.sum(axis=0, dtype=np.float64),
                 np.einsum("du,du->", one, other, dtype=np.float64))  # fmt: skip
        return cls(*sums, np.asarray(float(len(one))), *pairs)

    def shares(self, plan: Plan) -> Floats:
        """The first-order shares, in the order of FACTORS."""
        first = plan.levels["normalisation"]
        draws = self.drawn[first].sum()
        grand = self.by_choice[first].sum(axis=0)
        total = float(self.squares - (grand**2).sum() / draws)
        if total <= 1e-9 * draws:
            return np.full(len(variations.FACTORS), np.nan)
        shares = []
        for name in variations.FACTORS:
            if name == "weights":
                together = self.product - (self.first * self.second).sum() / self.pairs
                shares.append(together / self.pairs / (total / draws))
                continue
            count, sums = self.drawn[plan.levels[name]], self.by_choice[plan.levels[name]]
            there = count > 0
            between = float((sums[there] ** 2 / count[there, np.newaxis]).sum() - (grand**2).sum() / draws)
            free = int(there.sum()) - 1
            within = (total - between) / (draws - free - 1) if draws > free + 1 else np.nan
            shares.append((between - free * within) / total)
        return np.array(shares)


def _part(size: int, block: int) -> slice:
    return slice(size * block // BLOCKS, size * (block + 1) // BLOCKS)


def indistinct(ranks: Drawn, published: Whole, low: Whole, high: Whole, share: float) -> Alike:
    """Who cannot be told apart from whom. Only pairs whose intervals meet are compared: where they do not,
    each unit is beyond its own end in at most (1 − share)/2 of the draws, so the order holds in at least
    `share` of them."""
    placed = np.flatnonzero(published > 0)
    order = placed[np.argsort(published[placed], kind="stable")]
    mine = np.ascontiguousarray(ranks.T[order])
    needed = share * ranks.shape[0] - 1e-9
    block = max(1, COMPARISONS // max(mine.size, 1))
    low, high, published = low[order], high[order], published[order]
    pairs = [_alike_within(mine, low, high, published, needed, start, block) for start in range(0, order.size, block)]
    above, below = (np.concatenate(side) for side in zip(*pairs, strict=True)) if pairs else (order, order)
    units = ranks.shape[1]
    keys = np.concatenate([order[above] * units + below, order[below] * units + above])
    keys.sort()
    starts = np.searchsorted(keys, np.arange(units + 1) * units)
    keys %= units
    return Alike(starts, order[keys].astype(np.uint32))


def _alike_within(
    mine: Drawn, low: Whole, high: Whole, published: Whole, needed: float, start: int, block: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs that cannot be told apart, the first in [start, start + block), the second behind it; units in
    order of published rank."""
    stop = min(start + block, len(mine))
    reach = int(np.flatnonzero(low <= high[start:stop].max())[-1]) + 1
    ahead = mine[start:stop, np.newaxis] < mine[np.newaxis, start:reach]
    count = np.bitwise_count(np.packbits(ahead, axis=2)).sum(axis=2, dtype=np.int64)
    alike = (count < needed) | (published[start:stop, np.newaxis] == published[np.newaxis, start:reach])
    above, below = np.nonzero(np.triu(alike, 1))
    return (above + start).astype(np.int32), (below + start).astype(np.int32)


def _compared(specification: Specification, units: int) -> tuple[str, ...]:
    """The nodes where pairs are compared."""
    if units <= PAIRS_AT_MOST:
        return specification.order[len(specification.indicators) :]
    return (specification.root,) if units <= PAIRS_AT_ALL else ()


def summary(found: Robustness) -> dict[str, Any]:
    """What was varied, with how many draws from which seed, and how much of the movement each variation explains in
    each node, with its standard error: what robustness.json holds."""
    variations = [
        {
            "name": variation.name,
            "choices": list(variation.choices),
            "share": _by_node(found.nodes, variation.share),
            "error": _by_node(found.nodes, variation.error),
        }
        for variation in found.variations
    ]
    return {"draws": found.draws, "seed": found.seed, "share": found.share, "variations": variations}


def _by_node(nodes: Sequence[str], values: Floats) -> dict[str, float]:
    pairs = zip(nodes, values.tolist(), strict=True)
    return {node: round(value, 6) for node, value in pairs if math.isfinite(value)}
