"""From findings to weaknesses: which finding is one, how grave, and what to do about it. The only place that says so.

A weakness is grave where it moves placements or where two parts say the same twice. Thresholds that a sample of a
hundred cannot tell from chance are not thresholds: pairs are held against chance with all of them looked at at once.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from rankings.engine.audit import STRONG
from rankings.method import INDEX_NODE

TWICE = 2.0
"""An area or a theme whose share of the effect is more than so many times its share of the weight, or less than that
part of it, does not do what its weight says."""
NO_SCALE, SCALE = 0.5, 0.7
"""Cronbach's alpha below the first: the parts measure different things; Nunnally asks the second of a scale."""
MUCH_CLIPPED = 0.2
"""The goalposts cut off about a tenth where they were made; twice that is much."""
MOVES = 3.0
"""Places that one indicator left out may move municipalities on average."""
SHAKES = 5.0
"""Places that another reasonable choice may move municipalities on average."""
BY_CONDITIONS = 0.2
CHANCE = 0.05
GRAVE = frozenset({"weight", "strong", "against", "single", "choice"})


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something a reader must know of an edition. ``parts`` are the engine's names, ``figure`` what was found."""

    kind: str
    parts: tuple[str, ...]
    figure: float

    @property
    def is_grave(self) -> bool:
        """Whether it moves placements."""
        return self.kind in GRAVE


def weaknesses(findings: Mapping[str, Any]) -> list[Weakness]:
    """Every weakness, the grave ones first, then as the rules stand here, the largest figure first within each."""
    rules = (_weights, _strong, _against, _single, _choices, _overlaps, _no_scale, _clipped, _conditions)
    found = [one for rule in rules for one in sorted(rule(findings), key=lambda one: -abs(one.figure))]
    return sorted(found, key=lambda one: not one.is_grave)


def _weights(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    for code, one in findings["influence"].items():
        if ":" in code and one["effective_share"] is not None and one["nominal"]:
            ratio = one["effective_share"] / one["nominal"]
            if not 1 / TWICE <= ratio <= TWICE:
                yield Weakness("weight", (code,), ratio)


def _strong(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    declared = {frozenset(pair[:2]) for pair in findings.get("overlaps", ())}
    for a, b, r, _n in findings["correlations"]:
        if r is not None and r >= STRONG and frozenset((a, b)) not in declared:
            yield Weakness("strong", (a, b), r)


def _against(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    yield from (Weakness("against", (a, b), r) for a, b, r, n in findings["negative"] if r <= limit_of(findings, n))


def limit_of(findings: Mapping[str, Any], n: int) -> float:
    """How negative r must be, with so many municipalities, that chance alone seldom makes any of all pairs so."""
    pairs = sum(r is not None for _a, _b, r, _n in findings["correlations"])
    reach = NormalDist().inv_cdf(1 - CHANCE / max(pairs, 1)) / math.sqrt(max(n - 3, 1))
    return -math.tanh(reach)


def _single(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    moved = findings["left_out"].items()
    yield from (Weakness("single", (code,), one["mean"]) for code, one in moved if one["mean"] > MOVES)


def _choices(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    moved = findings["alternatives"].items()
    yield from (Weakness("choice", (name,), one["mean"]) for name, one in moved if one["mean"] > SHAKES)


def _overlaps(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    codes = tuple(code for pair in findings.get("overlaps", ()) for code in pair[:2])
    if codes:
        yield Weakness("overlap", codes, len(codes) / 2)


def _no_scale(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    low = [code for code, one in findings["alpha"].items() if one is not None and one < NO_SCALE and "theme:" in code]
    if low:
        yield Weakness("no_scale", tuple(low), len(low))


def _clipped(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    much = [code for code, one in findings["clipped"].items() if one is not None and one >= MUCH_CLIPPED]
    if much:
        yield Weakness("clipped", tuple(much), max(findings["clipped"][code] for code in much))


def _conditions(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    r2 = findings.get("conditions", {}).get(INDEX_NODE)
    if r2 is not None and r2 >= BY_CONDITIONS:
        yield Weakness("conditions", (INDEX_NODE,), r2)
