"""The audit of an index: against numpy, against slow second ways, and against cases with a known answer."""

from __future__ import annotations

import copy
import json
import math
import re
import statistics
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.engine.__main__ import main
from rankings.engine.audit import alpha, audit, clipped, correlations, influence, nominal_shares, principal
from rankings.engine.compute import Outcome, compute
from rankings.engine.files import read_conditions
from rankings.engine.matrix import DataError, Floats, Matrix
from rankings.engine.rank import change_among_both
from rankings.engine.smooth import explained, splines
from rankings.engine.specification import Specification
from tests.rankings.engine.indices import Index, indices, municipalities

EDITION = municipalities(units=40, indicators=12)


def gaussian(weights: list[float], covariance: list[list[float]], units: int) -> tuple[Matrix, Specification]:
    """An index that is a weighted mean of jointly normal indicators, as they are."""
    rng = np.random.default_rng(4)
    values = rng.multivariate_normal(np.zeros(len(weights)), covariance, units)
    codes = tuple(f"x{number}" for number in range(len(weights)))
    spec = {
        "unit": "code",
        "indicators": [
            {"code": code, "parent": "I", "direction": "higher_is_better", "weight": weight}
            for code, weight in zip(codes, weights, strict=True)
        ],
        "nodes": [{"code": "I", "parent": None}],
        "normalise": {"method": "none"},
    }
    return Matrix(tuple(map(str, range(units))), codes, values), Specification.from_json(spec)


@pytest.mark.parametrize("correlation", [0.0, 0.5, -0.4])
def test_the_influence_of_correlated_normal_indicators_is_the_analytic_share(correlation: float) -> None:
    """y = Σ wᵢxᵢ of jointly normal x: E[y | xᵢ] is linear, so Sᵢ = (Σⱼ wⱼ σᵢⱼ)² / (σᵢᵢ · wᵀΣw)."""
    weights = [1.0, 2.0, 0.5]
    covariance = np.array([[1.0, correlation, 0.2], [correlation, 2.0, 0.0], [0.2, 0.0, 1.0]])
    matrix, specification = gaussian(weights, covariance.tolist(), 20_000)
    share = np.array(weights) / sum(weights)
    expected = (covariance @ share) ** 2 / np.diag(covariance) / (share @ covariance @ share)
    found = influence(compute(matrix, specification), specification)
    effective = [found[f"x{number}"]["effective"] for number in range(3)]
    assert effective == pytest.approx(expected.tolist(), abs=0.02)
    assert [found[f"x{number}"]["nominal"] for number in range(3)] == pytest.approx(share.tolist())
    shares = [found[f"x{number}"]["effective_share"] for number in range(3)]
    assert shares == pytest.approx((expected / expected.sum()).tolist(), abs=0.02)


def test_a_bent_relation_counts_as_much_as_a_straight_one() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, 4000)
    for curve in (x, x**2, np.sin(4 * x), np.abs(x)):
        noise = rng.normal(0, curve.std(), x.size)  # half of the variance
        assert explained(x, curve + noise) == pytest.approx(0.5, abs=0.04)
    assert (explained(x, rng.normal(size=x.size)) or 0) < 0.01


def test_with_98_units_the_smoother_finds_no_more_in_noise_than_a_line_does() -> None:
    rng = np.random.default_rng(2)
    shares = [explained(rng.normal(size=98), rng.normal(size=98)) or 0.0 for _ in range(300)]
    assert statistics.mean(shares) < 3 / 97
    lines = []
    for _ in range(100):
        x = rng.normal(size=98)
        y = x + rng.normal(size=98)
        lines.append((explained(x, y) or 0.0) - np.corrcoef(x, y)[0, 1] ** 2)
    assert abs(statistics.mean(lines)) < 0.02


def test_the_smoothers_choice_predicts_what_it_has_not_seen_better_than_a_line_and_than_a_step() -> None:
    """The choice tested: on one half learnt, on the other tried, for a curve of a kind that goalposts make."""
    rng = np.random.default_rng(3)
    from rankings.engine.smooth import fitted  # noqa: PLC0415  only here: what is public is `explained`

    errors: dict[str, list[float]] = {"smooth": [], "line": [], "step": []}
    for _ in range(60):
        x = np.sort(rng.normal(size=196))
        truth = np.clip(x, -1, 1) + 0.3 * x**2
        y = truth + rng.normal(0, 0.5, x.size)
        seen = np.arange(0, 196, 2)
        curve = np.interp(x, x[seen], fitted(x[seen], y[seen]))
        line = np.polyval(np.polyfit(x[seen], y[seen], 1), x)
        step = np.concatenate(
            [np.full(len(part), y[part[part % 2 == 0]].mean()) for part in np.array_split(np.arange(196), 6)]
        )
        for name, values in (("smooth", curve), ("line", line), ("step", step)):
            errors[name].append(float(((values - truth)[1::2] ** 2).mean()))
    means = {name: statistics.mean(found) for name, found in errors.items()}
    assert means["smooth"] < 0.5 * means["line"]
    assert means["smooth"] < means["step"]


def test_splines_are_a_partition_of_one() -> None:
    basis = splines(np.linspace(0, 1, 101))
    np.testing.assert_allclose(basis.sum(axis=1), 1)
    assert (basis >= 0).all()


def with_gaps(seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    scores = rng.normal(50, 10, (30, 6)) + rng.normal(0, 8, (30, 1))
    scores[rng.random(scores.shape) < 0.15] = np.nan
    return scores


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_correlations_are_numpys_over_the_units_that_have_both(seed: int) -> None:
    scores = with_gaps(seed)
    r, n = correlations(scores)
    for a in range(6):
        for b in range(6):
            both = ~np.isnan(scores[:, a]) & ~np.isnan(scores[:, b])
            assert n[a, b] == both.sum()
            assert r[a, b] == pytest.approx(np.corrcoef(scores[both, a], scores[both, b])[0, 1])


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_alpha_is_that_of_the_textbook(seed: int) -> None:
    scores = with_gaps(seed)
    whole = scores[~np.isnan(scores).any(axis=1)]
    if len(whole) < 3:
        return
    items = math.fsum(statistics.variance(column) for column in whole.T.tolist())
    total = statistics.variance(whole.sum(axis=1).tolist())
    assert alpha(whole) == pytest.approx(6 / 5 * (1 - items / total))


def test_alpha_over_gaps_is_of_pairwise_covariances() -> None:
    scores = with_gaps(7)
    pairs = [[scores[:, [a, b]] for b in range(6)] for a in range(6)]
    whole = [[pair[~np.isnan(pair).any(axis=1)] for pair in row] for row in pairs]
    covariance = np.array([[np.cov(*pair.T)[0, 1] for pair in row] for row in whole])
    assert alpha(scores) == pytest.approx(6 / 5 * (1 - np.trace(covariance) / covariance.sum()))


def test_principal_components_are_those_of_the_correlation_matrix() -> None:
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    expected = np.sort(np.linalg.eigvalsh(np.corrcoef(scores.T)))[::-1] / 4
    assert principal(scores) == pytest.approx(expected.tolist(), abs=1e-6)
    assert principal(np.column_stack([scores[:, 0], np.ones(80)])) is None


def test_what_is_undefined_is_none_and_never_nan() -> None:
    data, spec = copy.deepcopy(EDITION.data), copy.deepcopy(EDITION.spec)
    for row in data.values():
        row["x0"], row["x4"] = 50.0, None  # no spread; no value
    spec["indicators"][1]["normalise"] = {"method": "min_max"}
    found = audit(Index(spec, data).matrix, Index(spec, data).specification)
    assert found["influence"]["x0"]["effective"] is None
    assert found["influence"]["x4"]["effective_share"] is None
    assert (found["clipped"]["x1"], found["clipped"]["x4"]) == (None, None)
    assert found["clipped"]["x0"] == 0
    pairs = {(a, b): (r, n) for a, b, r, n in found["correlations"]}
    assert pairs["x0", "x1"][0] is None
    assert pairs["x3", "x4"] == (None, 0)
    assert "NaN" not in json.dumps(found)


def test_a_node_with_one_child_has_no_alpha() -> None:
    index = municipalities(units=20, indicators=5)
    assert audit(index.matrix, index.specification)["alpha"]["T3"] is None


def test_clipped_counts_what_lies_strictly_beyond_the_goalposts() -> None:
    data = copy.deepcopy(EDITION.data)
    for number, row in enumerate(data.values()):
        row["x0"] = [20.0, 80.0, 80.1, 19.9, 50.0][number % 5]
    assert clipped(Index(EDITION.spec, data).matrix, EDITION.specification)["x0"] == pytest.approx(2 / 5)


def test_nominal_shares_add_up_to_one_at_every_level_and_are_the_products_of_the_weights() -> None:
    spec = copy.deepcopy(EDITION.spec)
    spec["nodes"][0]["weight"], spec["nodes"][4]["weight"] = 3, 2  # T0 beside T2, A0 beside A1
    specification = Index(spec, EDITION.data).specification
    shares = nominal_shares(specification)
    assert (shares["A0"], shares["T0"], shares["x0"]) == pytest.approx((2 / 3, 2 / 3 * 3 / 4, 2 / 3 * 3 / 4 / 3))
    for level in (1, 2, 3):
        assert sum(share for code, share in shares.items() if specification.levels[code] == level) == pytest.approx(1)


def test_nominal_shares_are_what_coinr_documents_as_effective_weights_of_its_example() -> None:
    """Its figures depend on the structure alone: two pillars, five and three groups, all weights 1."""
    sizes = {"Conn": (5, 6, 8, 8, 3), "Sust": (5, 5, 9)}
    groups = [(pillar, place, size) for pillar, each in sizes.items() for place, size in enumerate(each)]
    spec = {
        "unit": "code",
        "indicators": [
            {"code": f"{pillar}{place}.{number}", "parent": f"{pillar}{place}", "direction": "higher_is_better"}
            for pillar, place, size in groups
            for number in range(size)
        ],
        "nodes": [
            *({"code": f"{pillar}{place}", "parent": pillar} for pillar, place, _size in groups),
            *({"code": pillar, "parent": "Index"} for pillar in sizes),
            {"code": "Index", "parent": None},
        ],
    }
    shares = nominal_shares(Specification.from_json(spec))
    assert round(shares["Conn0.0"], 8) == 0.02000000  # Goods, Services, FDI, PRemit, ForPort
    assert round(shares["Sust0.0"], 8) == 0.03333333  # Renew


def ranks_of(outcome: Outcome) -> dict[str, int]:
    return {unit: int(rank) for unit, rank in zip(outcome.units, outcome.rank[:, -1], strict=True) if rank}


def test_without_an_indicator_ranks_move_as_in_the_index_without_it() -> None:
    """Without gaps: a threshold that is counted without the indicator would be another question."""
    index = municipalities(units=40, indicators=12, missing=0)
    found = audit(index.matrix, index.specification)["left_out"]
    published = ranks_of(compute(index.matrix, index.specification))
    for code in ("x3", "x8"):
        other = ranks_of(compute(index.matrix, index.specification.with_weights({code: 0.0})))
        moves = np.abs(list(change_among_both(published, other).values()))
        assert found[code]["largest"] == pytest.approx(moves.max(), abs=1)
        assert found[code]["mean"] == pytest.approx(moves.mean(), abs=0.15)


@settings(max_examples=25, deadline=None)
@given(indices())
def test_every_index_can_be_audited(index: Index) -> None:
    found = audit(index.matrix, index.specification)
    assert "NaN" not in json.dumps(found)
    assert "Infinity" not in json.dumps(found)
    for entry in found["influence"].values():
        assert entry["effective"] is None or 0 <= entry["effective"] <= 1


def test_conditions_explain_a_node_as_far_as_they_made_it() -> None:
    matrix, specification = gaussian([1.0, 1.0], [[1.0, 0.0], [0.0, 1.0]], 2000)
    known, unknown = matrix.values[:, :1], np.random.default_rng(9).normal(size=(2000, 1))
    assert audit(matrix, specification, known)["conditions"]["I"] == pytest.approx(0.5, abs=0.04)
    assert audit(matrix, specification, unknown)["conditions"]["I"] == pytest.approx(0.0, abs=0.01)
    assert audit(matrix, specification)["conditions"] == {}


def test_nodes_of_one_level_are_held_against_each_other_and_other_goalposts_are_tried() -> None:
    found = audit(EDITION.matrix, EDITION.specification)
    outcome = compute(EDITION.matrix, EDITION.specification)
    pairs = {(a, b): r for a, b, r, _n in found["nodes"]}
    assert ("A0", "A1") in pairs
    assert not any("INDEX" in pair or pair[0][0] != pair[1][0] for pair in pairs)
    one, other = outcome.score[:, outcome.position["A0"]], outcome.score[:, outcome.position["A1"]]
    both = ~(np.isnan(one) | np.isnan(other))
    assert pairs["A0", "A1"] == pytest.approx(np.corrcoef(one[both], other[both])[0, 1])
    assert {"goalposts_1_99", "goalposts_10_90", "coverage_0.5", "flat_weights"} <= set(found["alternatives"])


def test_the_command_writes_the_audit_beside_the_result(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(EDITION.spec))
    rows = [["code", *next(iter(EDITION.data.values()))]]
    rows += [[unit, *("" if value is None else value for value in row.values())] for unit, row in EDITION.data.items()]
    (tmp_path / "data.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    places = [str(tmp_path / name) for name in ("spec.json", "data.csv", "result.csv", "audit.json")]
    assert main([*places[:2], "--out", places[2], "--audit", places[3]]) == 0
    found = json.loads(Path(places[3]).read_text("utf-8"))
    assert found == json.loads(json.dumps(audit(EDITION.matrix, EDITION.specification)))
    assert set(found["influence"]) == {*EDITION.specification.order} - {"INDEX"}
    assert len(found["correlations"]) == 12 * 11 / 2
    units = list(EDITION.data)
    (tmp_path / "conditions.csv").write_text("size;code\n" + "\n".join(f"{n},5;{u}" for n, u in enumerate(units[:-1])))
    told = [*places[:2], "--out", places[2], "--audit", places[3], "--conditions", str(tmp_path / "conditions.csv")]
    assert main(told) == 0
    known = np.array([[number + 0.5] for number in range(len(units) - 1)] + [[np.nan]])
    assert json.loads(Path(places[3]).read_text("utf-8"))["conditions"] == pytest.approx(
        audit(EDITION.matrix, EDITION.specification, known)["conditions"]
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,size\nnobody,1", "conditions.csv, column code: 'nobody' is not a unit of the data"),
        ("code\n101", "conditions.csv: 0 conditions; from 1 to 4 can be declared"),
        ("code,a,b,c,d,e\n101,1,1,1,1,1", "conditions.csv: 5 conditions; from 1 to 4 can be declared"),
    ],
)
def test_conditions_that_cannot_be_used_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "conditions.csv").write_text(text)
    with pytest.raises(DataError, match=f"^{re.escape(says)}$"):
        read_conditions(tmp_path / "conditions.csv", EDITION.specification, EDITION.matrix)


def test_values_too_large_to_multiply_correlate_as_small_ones_do() -> None:
    scores = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0], [4.0, 4.0]])
    assert correlations(scores * 1e90)[0] == pytest.approx(correlations(scores)[0])
