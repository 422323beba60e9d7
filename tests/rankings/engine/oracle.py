"""A second implementation of the index, slow and plain: one unit, one number at a time, straight from the
JSON.

Shares no code with the engine. Returns {(unit, node): (score, printed, rank, coverage)}; None = there is
none."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Cell = float | None
Row = dict[str, Any]


def compute(spec: Row, data: dict[str, Row]) -> dict[tuple[str, str], tuple[Cell, Cell, int | None, float]]:
    scores: dict[tuple[str, str], Cell] = {}
    coverage: dict[tuple[str, str], float] = {}
    shown: dict[tuple[str, str], Cell] = {}
    scored = [i["code"] for i in spec["indicators"] if i["direction"] != "neutral"]
    values = {
        code: {u: transform(row[code], find(spec, code), row) for u, row in data.items()} for code in columns(spec)
    }
    empty = {u for u in data if all(values[code][u] is None for code in scored)}
    for indicator in spec["indicators"]:
        code = indicator["code"]
        for unit in data:
            shown[unit, code] = values[code][unit]
            coverage[unit, code] = 0.0 if values[code][unit] is None else 1.0
        filled = fill(spec, indicator, values[code], data)
        filled = {u: None if u in empty else x for u, x in filled.items()}
        found = normalise(filled, indicator["direction"], chosen(spec, indicator, "normalise"))
        missing = chosen(spec, indicator, "missing")
        for unit in data:
            score = found[unit]
            neutral = missing.get("method") == "neutral" and indicator["direction"] != "neutral"
            if score is None and neutral and unit not in empty:
                score = missing["score"]
            scores[unit, code] = score
    waiting = [n["code"] for n in spec["nodes"]]
    while waiting:
        for code in list(waiting):
            children = below(spec, code)
            if all((next(iter(data)), child["code"]) in coverage for child in children):
                waiting.remove(code)
                for unit in data:
                    scores[unit, code], coverage[unit, code] = node(
                        spec, find(spec, code), children, unit, scores, coverage
                    )
    return {key: (scores[key], *place(spec, key, data, scores, coverage, shown), coverage[key]) for key in scores}


def columns(spec: Row) -> list[str]:
    return [i["code"] for i in spec["indicators"]]


def find(spec: Row, code: str) -> Row:
    found: Row = next(p for p in [*spec["indicators"], *spec["nodes"]] if p["code"] == code)
    return found


def below(spec: Row, code: str) -> list[Row]:
    return [
        part for part in [*spec["indicators"], *spec["nodes"]]
        if part.get("parent") == code and part.get("direction") != "neutral" and part.get("weight", 1) > 0
    ]  # fmt: skip


def chosen(spec: Row, part: Row, key: str) -> Row:
    return {**spec.get(key, {}), **part.get(key, {})}


def transform(value: Cell, indicator: Row, row: Row) -> Cell:
    steps = indicator.get("transform", [])
    for step in steps:
        if value is None:
            return None
        if "per" in step:
            value = None if not row[step["per"]] else value / row[step["per"]] * step.get("times", 1)
        else:
            value = math.log(value + step.get("offset", 0))
    return value


def fill(spec: Row, indicator: Row, values: dict[str, Cell], data: dict[str, Row]) -> dict[str, Cell]:
    rule = chosen(spec, indicator, "missing")
    method = rule.get("method", "rescale")
    present = sorted(x for x in values.values() if x is not None)
    guess: dict[str, Cell] = dict.fromkeys(values)
    if method == "value":
        guess = {u: transform(rule["value"], indicator, data[u]) for u in values}
    if method == "median" and present:
        middle = len(present) // 2
        odd = len(present) % 2
        guess = dict.fromkeys(values, present[middle] if odd else (present[middle - 1] + present[middle]) / 2)
    if method == "group_mean":
        for unit in values:
            group = data[unit][rule["group"]]
            mates = [x for u, x in values.items() if x is not None and data[u][rule["group"]] == group]
            guess[unit] = math.fsum(mates) / len(mates) if mates and group else None
    return {u: guess[u] if x is None else x for u, x in values.items()}


def normalise(values: dict[str, Cell], direction: str, rule: Row) -> dict[str, Cell]:
    if direction == "neutral":
        return dict.fromkeys(values)
    present = [x for x in values.values() if x is not None]
    return {
        u: None if x is None else one_score(x, present, direction == "higher_is_better", rule)
        for u, x in values.items()
    }


def one_score(x: float, present: list[float], up: bool, rule: Row) -> float:
    method = rule["method"]
    worse = sum(1 for other in present if (other < x if up else other > x))
    if method == "none":
        return x if up else -x
    if method == "borda":
        return float(worse)
    if method == "z_score":
        return z_score(x, present, up, rule)
    low, high = rule.get("scale", (0, 1) if method == "percentile_rank" else (0, 100))
    if method == "percentile_rank":
        return float(low + (high - low) * worse / max(len(present) - 1, 1))
    return on_a_line(x, present, up, rule, (low, high))


def on_a_line(x: float, present: list[float], up: bool, rule: Row, scale: tuple[float, float]) -> float:
    low, high = scale
    if rule["method"] == "min_max":
        bad, good = (min(present), max(present)) if up else (max(present), min(present))
    elif rule["method"] == "goalposts":
        bad, good = (rule["low"], rule["high"]) if up else (rule["high"], rule["low"])
    else:
        bad, good = rule.get("worst", min(present) if up else max(present)), rule["target"]
        if (good <= bad) if up else (good >= bad):
            return high
    if rule.get("log"):
        x, bad, good = (math.log(y) if y > 0 else -math.inf for y in (x, bad, good))
    if good == bad:
        return (low + high) / 2
    score = float(low + (x - bad) / (good - bad) * (high - low))
    if rule["method"] in {"goalposts", "target"} and rule.get("clip", True):
        score = min(max(score, low), high)
    return score


def z_score(x: float, present: list[float], up: bool, rule: Row) -> float:
    mean, sd = rule.get("mean", 0), rule.get("sd", 1)
    ddof = rule.get("ddof", 0)
    if len(present) <= ddof or min(present) == max(present):
        return float(mean)
    average = math.fsum(present) / len(present)
    deviation = math.sqrt(math.fsum((y - average) ** 2 for y in present) / (len(present) - ddof))
    z = (x - average) / deviation * (1 if up else -1)
    if "cap" in rule:
        z = min(max(z, -rule["cap"]), rule["cap"])
    return float(mean + sd * z)


def node(spec: Row, part: Row, children: list[Row], unit: str, scores: Any, coverage: Any) -> tuple[Cell, float]:
    rule = chosen(spec, part, "missing")
    whole = sum(c.get("weight", 1) for c in children)
    share = sum(c.get("weight", 1) * coverage[unit, c["code"]] for c in children) / whole
    there = [(c.get("weight", 1), scores[unit, c["code"]]) for c in children if scores[unit, c["code"]] is not None]
    gaps = len(there) < len(children)
    own = [c for c in children if "direction" in c and c.get("missing", {}).get("method") == "none"]
    strict = any(scores[unit, c["code"]] is None for c in own)
    if not there or share < rule.get("coverage", 0) - 1e-9 or strict or (gaps and rule.get("method") == "none"):
        return None, share
    over = whole if rule.get("weights") == "kept" else sum(w for w, _ in there)
    aggregate = part.get("aggregate", spec.get("aggregate", "arithmetic"))
    if aggregate == "sum":
        return float(sum(w * x for w, x in there) * whole / over), share
    if aggregate == "arithmetic":
        return sum(w * x for w, x in there) / over, share
    if any(x == 0 for _, x in there):
        return 0.0, share
    if aggregate == "geometric":
        return math.exp(sum(w * math.log(x) for w, x in there) / over), share
    return float(over / sum(w / x for w, x in there)), share


def place(
    spec: Row, key: tuple[str, str], data: dict[str, Row], scores: Any, coverage: Any, shown: Any
) -> tuple[Cell, int | None]:
    unit, code = key
    part = find(spec, code)
    rule = {"decimals": None, "first": "highest", **chosen(spec, part, "rank")}
    indicator = "direction" in part
    by_value = rule.get("by") == "value"
    printed = {u: rounded(scores[u, code], spec["rank"]["decimals"] if by_value else rule["decimals"]) for u in data}
    keys = dict(printed)
    if by_value:
        sign = 1 if part["direction"] == "higher_is_better" else -1
        keys = {u: None if shown[u, code] is None else rounded(sign * shown[u, code], rule["decimals"]) for u in data}
    for other in data:
        if scores[other, code] is None or (indicator and not coverage[other, code]):
            keys[other] = None
    mine = keys[unit]
    if mine is None:
        return printed[unit], None
    better = [k for k in keys.values() if k is not None and (k > mine if rule["first"] == "highest" else k < mine)]
    return printed[unit], 1 + len(better)


def rounded(score: Cell, decimals: int | None) -> Cell:
    if score is None:
        return None
    number = Decimal(f"{score:.11e}")
    if decimals is None:
        return float(number)
    return float(number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)) + 0.0
