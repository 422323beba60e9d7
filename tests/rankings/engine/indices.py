"""Made-up indices for the tests: a Hypothesis strategy for specification and data, and a readable one by
hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rankings.engine.matrix import Matrix
from rankings.engine.specification import Specification

Json = dict[str, Any]
DIRECTIONS = ["higher_is_better", "lower_is_better"]


@dataclass(frozen=True)
class Index:
    """A specification as JSON and its data: unit → column → number, None or text."""

    spec: Json
    data: dict[str, Json]

    @property
    def specification(self) -> Specification:
        return Specification.from_json(self.spec)

    @property
    def matrix(self) -> Matrix:
        names = [name for name in next(iter(self.data.values())) if name != "group"]
        values = [[np.nan if row[name] is None else row[name] for name in names] for row in self.data.values()]
        groups = tuple(row["group"] for row in self.data.values())
        return Matrix(tuple(self.data), tuple(names), np.array(values, dtype=float), {"group": groups})


def quarters(low: int = 1, high: int = 20) -> st.SearchStrategy[float]:
    """Few different numbers with exact halves: ties and the rounding of halves happen all the time."""
    return st.integers(low * 4, high * 4).map(lambda number: number / 4)


@st.composite
def normalising(draw: st.DrawFn, positive: bool) -> Json:
    method = draw(st.sampled_from(["min_max", "goalposts", "percentile_rank", "borda", "target", "z_score", "none"]))
    if method in {"borda", "none"}:
        return {"method": "borda"} if positive else {"method": method}
    if method == "z_score":
        return {"method": method, "mean": 50, "sd": 10, "cap": 2, "ddof": draw(st.integers(0, 1))}
    scale: Json = {"scale": draw(st.sampled_from([[0, 100], [0, 1], [1, 10]]))}
    if method == "goalposts":
        low = draw(quarters(1, 8))
        more: Json = {"clip": True if positive else draw(st.booleans()), "log": draw(st.booleans())}
        return {"method": method, "low": low, "high": low + draw(quarters(1, 8)), **scale, **more}
    if method == "target":
        return {"method": method, "target": draw(quarters()), **scale}
    return {"method": method, **(scale if draw(st.booleans()) else {})}


@st.composite
def filling(draw: st.DrawFn) -> Json:
    method = draw(st.sampled_from(["rescale", "rescale", "none", "value", "median", "group_mean", "neutral"]))
    options: dict[str, Json] = {"value": {"value": 3}, "group_mean": {"group": "group"}, "neutral": {"score": 40}}
    return {"method": method, **options.get(method, {})}


@st.composite
def trees(draw: st.DrawFn, positive: bool) -> list[Json]:
    """Three to six nodes under INDEX, of any depth; the leaves of the tree are given indicators
    afterwards."""
    aggregates = ["arithmetic", "sum", "geometric", "harmonic"] if positive else ["arithmetic", "sum"]
    nodes: list[Json] = [{"code": "INDEX", "parent": None, "aggregate": draw(st.sampled_from(aggregates))}]
    for number in range(draw(st.integers(0, 4))):
        node: Json = {"code": f"N{number}", "parent": draw(st.sampled_from([n["code"] for n in nodes]))}
        node["weight"] = draw(st.sampled_from([1, 1, 2, 0.5]))
        if draw(st.booleans()):
            node["aggregate"] = draw(st.sampled_from(aggregates))
        if draw(st.booleans()):
            node["missing"] = {"method": draw(st.sampled_from(["rescale", "none"])), "coverage": draw(quarters(0, 1))}
            node["missing"]["weights"] = draw(st.sampled_from(["rescaled", "kept"]))
        nodes.append(node)
    return nodes


@st.composite
def indices(draw: st.DrawFn, most_units: int = 6, fixed: bool = False) -> Index:
    """Any index the engine can compute. `fixed`: goalposts only, nothing filled."""
    positive = draw(st.booleans())
    nodes = draw(trees(positive))
    parents = {node["parent"] for node in nodes}
    homes = [node["code"] for node in nodes if node["code"] not in parents]
    homes += draw(st.lists(st.sampled_from([node["code"] for node in nodes]), min_size=1, max_size=4))
    indicators: list[Json] = []
    for number, home in enumerate(homes):
        indicator: Json = {"code": f"x{number}", "parent": home, "direction": draw(st.sampled_from(DIRECTIONS))}
        indicator["weight"] = draw(st.sampled_from([1, 1, 3, 0.25]))
        indicator["normalise"] = draw(normalising(positive))
        if fixed:
            indicator["normalise"] = {"method": "goalposts", "low": 2, "high": 18, "scale": [1, 100]}
        elif draw(st.integers(0, 3)) == 0:
            indicator["missing"] = draw(filling())
        elif draw(st.integers(0, 3)) == 0:
            indicator["transform"] = [{"per": "people", "times": 10}]
        elif indicator["normalise"]["method"] in {"min_max", "z_score"} and draw(st.integers(0, 3)) == 0:
            indicator["transform"] = [{"method": "log", "offset": 1}]
        if draw(st.integers(0, 3)) == 0:
            indicator["rank"] = {"by": "value", "decimals": 1}
        indicators.append(indicator)
    if draw(st.booleans()):
        indicators.append({"code": "shown", "direction": "neutral", "parent": "INDEX"})
    spec: Json = {"unit": "code", "indicators": indicators, "nodes": nodes, "missing": {"method": "rescale"}}
    spec["missing"]["coverage"] = draw(st.sampled_from([0, 0.5, 0.6]))
    spec["rank"] = {"decimals": draw(st.sampled_from([0, 1, 2, None])), "first": "highest"}
    cell = st.one_of(quarters(), quarters(), quarters(), st.none())
    names = [indicator["code"] for indicator in indicators]
    data = {
        f"u{number}": {
            **{name: draw(cell) for name in names},
            "people": draw(st.integers(1, 4)),
            "group": draw(st.sampled_from(["A", "B", ""])),
        }
        for number in range(draw(st.integers(1, most_units)))
    }
    return Index(spec, data)


def municipalities(units: int = 40, indicators: int = 12, seed: int = 1, missing: float = 0.05) -> Index:
    """A plain index in the portal's shape: goalposts, means, two areas of two themes, one decimal, 60 %
    coverage."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 8, units)
    data: dict[str, Json] = {}
    for unit in range(units):
        row: Json = {}
        for number in range(indicators):
            sign = 1 if number % 2 == 0 else -1
            value = round(float(50 + sign * level[unit] + rng.normal(0, 10)), 1)
            row[f"x{number}"] = None if rng.random() < missing else value
        data[f"{100 + unit}"] = {**row, "group": "A" if unit % 2 else "B"}
    spec: Json = {
        "unit": "code",
        "indicators": [
            {
                "code": f"x{number}",
                "parent": f"T{number % 4}",
                "direction": DIRECTIONS[number % 2],
                "normalise": {"method": "goalposts", "low": 20, "high": 80},
                "rank": {"by": "value", "decimals": 1},
            }
            for number in range(indicators)
        ],
        "nodes": [
            *({"code": f"T{theme}", "parent": f"A{theme % 2}"} for theme in range(4)),
            *({"code": f"A{area}", "parent": "INDEX"} for area in range(2)),
            {"code": "INDEX", "parent": None},
        ],
        "missing": {"method": "rescale", "coverage": 0.6},
        "rank": {"decimals": 1},
    }
    return Index(spec, data)
