"""Why a rank changed, and what would lift a unit."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings.engine.compute import Outcome, compute
from rankings.engine.decompose import PARTS, bridge, decompose
from rankings.engine.lift import lift, made_such_a_move
from rankings.engine.matrix import Matrix
from rankings.engine.rank import change_among_both
from rankings.engine.specification import SpecificationError
from tests.rankings.engine.indices import Index, Json, indices, municipalities

OWN, OTHERS, INDICATORS, METHOD, MISSING = range(5)
EDITION = municipalities(units=30, indicators=8)


@st.composite
def next_editions(draw: st.DrawFn) -> tuple[Index, Index]:
    """An index and what became of it: figures, gaps, weights, a unit, an indicator may have changed."""
    before = draw(indices())
    after = copy.deepcopy(before)
    names = [indicator["code"] for indicator in before.spec["indicators"]]
    for row in after.data.values():
        for name in names:
            if draw(st.booleans()):
                row[name] = draw(st.one_of(st.integers(1, 20).map(float), st.none()))
    for part in [*after.spec["indicators"], *after.spec["nodes"]]:
        if draw(st.integers(0, 4)) == 0:
            part["weight"] = draw(st.sampled_from([1, 2, 5]))
    if draw(st.booleans()):
        after.data["new"] = copy.deepcopy(after.data["u0"])
    if draw(st.booleans()) and len(names) > 1:
        for index in (before, after):
            gone = draw(st.sampled_from(names))
            index.spec["indicators"] = [i for i in index.spec["indicators"] if i["code"] != gone]
            _drop_empty_nodes(index.spec)
    return before, after


def _drop_empty_nodes(spec: Json) -> None:
    while True:
        scored = [i for i in spec["indicators"] if i["direction"] != "neutral"]
        used = {part["parent"] for part in [*scored, *spec["nodes"]]}
        kept = [node for node in spec["nodes"] if node["code"] in used]
        if len(kept) == len(spec["nodes"]):
            break
        spec["nodes"] = kept
    for indicator in spec["indicators"]:
        if indicator["parent"] not in {node["code"] for node in spec["nodes"]}:
            indicator["parent"] = None


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(next_editions())
def test_the_parts_add_up_to_the_change_of_rank_and_of_printed_score(editions: tuple[Index, Index]) -> None:
    before, after = editions
    names = [{i["code"] for i in index.spec["indicators"] if i["direction"] != "neutral"} for index in editions]
    if not names[0] & names[1]:
        return
    first, second = (compute(index.matrix, index.specification) for index in editions)
    found = decompose(before.matrix, before.specification, after.matrix, after.specification)
    assert found.units == second.units
    assert found.rank_parts.shape == (len(found.units), len(found.nodes), len(PARTS))
    for row, unit in enumerate(found.units):
        for column, node in enumerate(found.nodes):
            old = first.units.index(unit) if unit in first.units else None
            was = 0 if old is None else first.rank[old, first.position[node]]
            now = second.rank[row, second.position[node]]
            assert found.known[row, column] == bool(was and now)
            if not (was and now):
                assert not found.rank_parts[row, column].any()
                continue
            among = both_ranked(first, second, node)
            assert found.rank_change[row, column] == among[0][unit] - among[1][unit]
            moved = second.printed[row, second.position[node]] - first.printed[old, first.position[node]]
            assert found.score_change[row, column] == pytest.approx(moved, abs=1e-9)


def both_ranked(first: Outcome, second: Outcome, node: str) -> list[dict[str, int]]:
    """Of two editions the rank of each unit among those ranked in both: one more than how many of them are ahead."""
    ranks = [
        {unit: int(rank) for unit, rank in zip(one.units, one.rank[:, one.position[node]], strict=True) if rank}
        for one in (first, second)
    ]
    both = ranks[0].keys() & ranks[1].keys()
    return [{unit: 1 + sum(one[other] < one[unit] for other in both) for unit in both} for one in ranks]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(next_editions())
def test_the_change_among_those_ranked_in_both_is_that_of_the_parts(editions: tuple[Index, Index]) -> None:
    before, after = editions
    names = [{i["code"] for i in index.spec["indicators"] if i["direction"] != "neutral"} for index in editions]
    if not names[0] & names[1]:
        return
    first, second = (compute(index.matrix, index.specification) for index in editions)
    found = decompose(before.matrix, before.specification, after.matrix, after.specification)
    for column, node in enumerate(found.nodes):
        ranks = [
            {unit: int(rank) for unit, rank in zip(one.units, one.rank[:, one.position[node]], strict=True) if rank}
            for one in (first, second)
        ]
        among = change_among_both(*ranks)
        assert {u: int(found.rank_change[row, column]) for row, u in enumerate(found.units) if u in among} == among


def test_nobody_moves_up_because_others_dropped_out() -> None:
    after = copy.deepcopy(EDITION)
    published = compute(EDITION.matrix, EDITION.specification)
    order = np.argsort(np.where(published.rank[:, -1] > 0, published.rank[:, -1], 99))
    for row in order[:5]:  # the five best answer nothing any more
        unit = published.units[row]
        after.data[unit] = {name: None if name.startswith("x") else value for name, value in after.data[unit].items()}
    found = decompose(EDITION.matrix, EDITION.specification, after.matrix, EDITION.specification)
    second = compute(after.matrix, EDITION.specification)
    last = int(order[(published.rank[:, -1] > 0).sum() - 1])
    assert second.rank[last, -1] < published.rank[last, -1]  # the place in print is another one
    assert not found.rank_change[:, -1].any()
    assert not found.rank_parts[:, -1].any()
    assert found.known[:, -1].sum() == (published.rank[:, -1] > 0).sum() - 5


def test_the_change_between_two_rankings_counts_those_in_both_and_keeps_ties() -> None:
    assert change_among_both({"a": 1, "b": 2, "c": 3, "d": 3}, {"b": 1, "c": 2, "d": 3}) == {"b": 0, "c": 0, "d": -1}
    assert change_among_both({"a": 1}, {"b": 1}) == {}


def test_editions_without_a_common_indicator_are_refused() -> None:
    one, other = copy.deepcopy(EDITION), copy.deepcopy(EDITION)
    for number, indicator in enumerate(other.spec["indicators"]):
        indicator["code"] = f"y{number}"
    with pytest.raises(SpecificationError, match="share no indicator"):
        decompose(one.matrix, one.specification, one.matrix, other.specification)


def test_nothing_changed_is_nothing_to_explain() -> None:
    found = decompose(EDITION.matrix, EDITION.specification, EDITION.matrix, EDITION.specification)
    assert not found.rank_parts.any()
    assert not found.score_parts.any()
    assert not found.movers.any()


def test_a_units_own_better_figures_are_its_own_and_the_others_are_the_others() -> None:
    after = copy.deepcopy(EDITION)
    for name in ("x0", "x2", "x4", "x6"):
        value = after.data["110"][name]
        after.data["110"][name] = None if value is None else value + 9
    before = EDITION.matrix
    found = decompose(before, EDITION.specification, after.matrix, EDITION.specification)
    index, row = found.nodes.index("INDEX"), found.units.index("110")
    assert found.rank_parts[row, index, OWN] > 0
    assert not found.rank_parts[row, index, OTHERS:].any()
    others = np.delete(found.rank_parts[:, index], row, axis=0)
    assert not others[:, OWN].any()
    assert (others[:, OTHERS] <= 0).all()
    assert others[:, OTHERS].sum() < 0
    first, second = compute(before, EDITION.specification), compute(after.matrix, EDITION.specification)
    own = second.score[row, -1] - first.score[row, -1]
    assert found.movers[row].sum() == pytest.approx(own)
    assert (found.movers[row, [1, 3, 5, 7]] == 0).all()


def test_weights_alone_are_method_gaps_alone_are_missing_and_indicators_alone_are_indicators() -> None:
    weighed = copy.deepcopy(EDITION)
    weighed.spec["nodes"][0]["weight"] = 4
    found = decompose(EDITION.matrix, EDITION.specification, weighed.matrix, weighed.specification)
    assert found.rank_parts[..., METHOD].any()
    assert not np.delete(found.rank_parts, METHOD, axis=2).any()
    gaps = copy.deepcopy(EDITION)
    for unit in ("103", "104"):
        gaps.data[unit]["x1"] = None
    found = decompose(EDITION.matrix, EDITION.specification, gaps.matrix, EDITION.specification)
    assert found.rank_parts[..., MISSING].any()
    assert not np.delete(found.rank_parts, MISSING, axis=2).any()
    fewer = copy.deepcopy(EDITION)
    del fewer.spec["indicators"][3]
    for one, other in ((EDITION, fewer), (fewer, EDITION)):
        found = decompose(one.matrix, one.specification, other.matrix, other.specification)
        assert found.rank_parts[..., INDICATORS].any()
        assert not np.delete(found.rank_parts, INDICATORS, axis=2).any()


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric", "harmonic", "sum"])
@pytest.mark.parametrize("weights", ["rescaled", "kept"])
def test_what_each_indicator_did_adds_up_to_the_own_part_for_every_mean(aggregate: str, weights: str) -> None:
    spec = copy.deepcopy(EDITION.spec)
    spec |= {"aggregate": aggregate, "rank": {"decimals": None}}
    spec["missing"]["weights"] = weights
    for indicator in spec["indicators"]:
        indicator["normalise"]["scale"] = [1, 100]
    spec["nodes"][0]["normalise"] = {"method": "goalposts", "low": 1, "high": 150, "scale": [1, 100]}
    after = Index(spec, copy.deepcopy(EDITION.data))
    for number, row in enumerate(after.data.values()):
        for indicator in range(8):
            if row[f"x{indicator}"] is not None:
                row[f"x{indicator}"] += (number * 7 + indicator * 3) % 5 - 2
    before = Index(spec, EDITION.data)
    found = decompose(before.matrix, before.specification, after.matrix, after.specification)
    known = found.known[:, -1]
    np.testing.assert_allclose(found.movers.sum(axis=1)[known], found.score_parts[known, -1, OWN], atol=1e-8)


def test_the_bridge_puts_each_edition_under_the_others_method() -> None:
    other = copy.deepcopy(EDITION)
    other.spec["nodes"][0]["weight"] = 3
    del other.spec["indicators"][5]
    other.spec["indicators"].append({"code": "fresh", "parent": "T1", "direction": "higher_is_better"})
    for number, row in enumerate(other.data.values()):
        row["fresh"] = float(number)
    old_figures, new_figures = bridge(EDITION.matrix, EDITION.specification, other.matrix, other.specification)
    again = compute(EDITION.matrix.aligned(EDITION.matrix.units, other.matrix.codes), other.specification)
    np.testing.assert_array_equal(old_figures.rank, again.rank)
    assert (new_figures.coverage[:, EDITION.specification.codes.index("x5")] <= 1).all()
    assert np.isnan(old_figures.score[:, old_figures.position["fresh"]]).all()


def lifted(index: Index, unit: str, code: str, value: float) -> int:
    """The unit's overall rank when one value is replaced."""
    data = copy.deepcopy(index.data)
    data[unit][code] = value
    result = compute(Index(index.spec, data).matrix, index.specification)
    return int(result.rank[result.units.index(unit), result.position["INDEX"]])


def lift_spec(aggregate: str) -> Index:
    index = copy.deepcopy(EDITION)
    index.spec["aggregate"] = aggregate
    for indicator in index.spec["indicators"]:
        indicator["normalise"]["scale"] = [1, 100]
    return index


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric", "harmonic", "sum"])
@pytest.mark.parametrize("change", ["", "kept", "lowest", "by_score", "unrounded", "node", "log", "per", "logged"])
def test_the_value_needed_gives_the_rank_and_a_little_less_does_not(aggregate: str, change: str) -> None:
    index = lift_spec(aggregate)
    _change(index, change)
    found = lift(index.matrix, index.specification, influenceable={"x0", "x1", "x2"})
    assert found.exact.all()
    published = compute(index.matrix, index.specification)
    seen = 0
    for row, column, step in np.argwhere(~np.isnan(found.value))[::7]:
        unit, code = found.units[row], found.indicators[column]
        wanted = published.rank[row, -1] - found.places[step]
        value, distance = found.value[row, column, step], found.distance[row, column, step]
        assert lifted(index, unit, code, value) <= wanted
        short = value - np.sign(distance) * (abs(distance) * 1e-4 if change in {"by_score", "logged"} else 0.11)
        assert lifted(index, unit, code, short) > wanted
        seen += 1
    assert seen > 2


def _change(index: Index, change: str) -> None:
    node: Json = {"method": "goalposts", "low": 0, "high": 250, "scale": [1, 100]}
    if change in {"kept", "lowest", "unrounded", "node"}:
        index.spec["missing"]["weights"] = "kept" if change == "kept" else "rescaled"
        index.spec["nodes"][-1]["rank"] = {"first": "lowest" if change == "lowest" else "highest"}
        index.spec["rank"]["decimals"] = None if change == "unrounded" else 1
        index.spec["nodes"][0]["normalise"] = node if change == "node" else {"method": "none"}
    logs = [{"per": "people"}, {"method": "log", "offset": 1}]
    own: dict[str, Json] = {
        "by_score": {"rank": {}},
        "log": {"normalise": {"method": "goalposts", "low": 20, "high": 80, "scale": [1, 100], "log": True}},
        "per": {"transform": {"per": "people"}},
        "logged": {
            "transform": logs,
            "normalise": {"method": "goalposts", "low": 3, "high": 5, "scale": [1, 100]},
            "rank": {"by": "value", "decimals": None},
        },
    }
    for indicator in index.spec["indicators"]:
        indicator |= own.get(change, {})  # noqa: PLW2901
    for row in index.data.values():
        row["people"] = 1.0


def test_what_cannot_be_reached_or_influenced_has_no_value() -> None:
    found = lift(
        EDITION.matrix, EDITION.specification, influenceable={"x0", "x1"}, places=(1, 29), units=["100", "101"]
    )
    assert np.isnan(found.value[:, 2:]).all()
    assert np.isnan(found.value[2:]).all()
    assert np.isnan(found.value[..., 1]).all()
    published = compute(EDITION.matrix, EDITION.specification)
    best = published.units[int(np.flatnonzero(published.rank[:, -1] == 1)[0])]
    top = lift(EDITION.matrix, EDITION.specification, influenceable={"x0"}, units=[best])
    assert np.isnan(top.value).all()


def test_a_relative_yardstick_is_said_to_be_inexact_and_places_counted_have_no_answer() -> None:
    spec = copy.deepcopy(EDITION.spec)
    choices: list[Json] = [
        {"method": "min_max"}, {"method": "z_score"}, {"method": "percentile_rank"}, {"method": "target", "target": 70},
        {"method": "target", "target": 80, "worst": 10}, {"method": "none"},
    ]  # fmt: skip
    for indicator, choice in zip(spec["indicators"], choices, strict=False):
        indicator["normalise"] = choice
        indicator["direction"] = "higher_is_better"
    spec["indicators"][7]["outliers"] = {"method": "winsorise"}
    index = Index(spec, EDITION.data)
    found = lift(index.matrix, index.specification, influenceable=set(index.specification.codes))
    assert found.exact.tolist() == [False, False, False, False, True, True, True, False]
    assert np.isnan(found.value[:, 2]).all()
    assert not np.isnan(found.value[:, 0]).all()


def test_how_many_have_made_such_a_move_counts_the_best_move_of_each_unit() -> None:
    codes = EDITION.specification.codes
    level = Matrix(EDITION.matrix.units, codes, EDITION.matrix.select(codes).values)
    found = lift(level, EDITION.specification, influenceable={"x0", "x1"}, places=(1,))
    row = int(np.flatnonzero(~np.isnan(found.distance[:, 0, 0]))[0])
    need = found.distance[row, 0, 0]
    earlier, later = level.values.copy(), level.values.copy()
    earlier[:, 0] = 10.0
    later[:, 0] = 10.0
    later[:3, 0] += [need, need - 0.5, need + 5]
    history = [Matrix(level.units, codes, values) for values in (earlier, later, earlier)]
    counts = made_such_a_move(history, EDITION.specification, found)
    assert counts[row, 0, 0] == 2
    assert (counts[:, 2:] == -1).all()
