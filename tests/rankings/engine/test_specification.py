"""What a specification is, what is refused and how, and that the committed JSON Schema says the same."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

import rankings.engine
from rankings.engine.specification import Specification, SpecificationError
from tests.rankings.engine.indices import Index, Json, indices

SCHEMA = json.loads((Path(rankings.engine.__file__).parent / "specification.schema.json").read_text("utf-8"))
VALID = jsonschema_rs.Draft202012Validator(SCHEMA)

FROM_THE_ISSUE: Json = {
    "unit": "code",
    "indicators": [
        {
            "code": "x1",
            "parent": "T1",
            "weight": 1,
            "direction": "higher_is_better",
            "transform": "none",
            "normalise": {"method": "goalposts", "low": 20, "high": 85},
        }
    ],
    "nodes": [
        {"code": "T1", "parent": "INDEX", "weight": 1, "aggregate": "arithmetic"},
        {"code": "INDEX", "parent": None, "aggregate": "geometric"},
    ],
    "normalise": {"method": "min_max", "scale": [0, 100]},
    "outliers": {"method": "none"},
    "missing": {"method": "rescale", "coverage": 0.6},
    "aggregate": "arithmetic",
    "rank": {"decimals": 1, "first": "highest"},
}


def changed(path: str, value: Any) -> Json:
    """The issue's specification with one field changed; a path such as `indicators.0.weight`."""
    spec = copy.deepcopy(FROM_THE_ISSUE)
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    place: Any = spec
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return spec


def test_the_specification_of_the_issue_is_read_as_it_says() -> None:
    specification = Specification.from_json(FROM_THE_ISSUE)
    indicator, (theme, index) = specification.indicators[0], specification.nodes
    assert (indicator.normalise.low, indicator.normalise.high, indicator.normalise.scale) == (20, 85, (0, 100))
    assert (theme.aggregate, index.aggregate) == ("arithmetic", "geometric")
    assert index.missing.coverage == 0.6
    assert index.rank.decimals == 1
    assert specification.levels == {"x1": 1, "T1": 2, "INDEX": 3}
    assert specification.root == "INDEX"
    VALID.validate(FROM_THE_ISSUE)


@settings(deadline=None)
@given(indices())
def test_writing_and_reading_gives_the_same_specification_and_the_schema_agrees(index: Index) -> None:
    written = json.loads(json.dumps(index.specification.to_json()))
    assert Specification.from_json(written) == index.specification
    VALID.validate(index.spec)
    VALID.validate(written)


def test_an_own_entry_keeps_the_options_of_the_default_that_its_method_has() -> None:
    spec = changed("normalise", {"method": "min_max", "scale": [0, 1]})
    assert Specification.from_json(spec).indicators[0].normalise.scale == (0, 1)
    spec["normalise"] = {"method": "goalposts", "low": 0, "high": 10, "log": False, "scale": [0, 1]}
    spec["indicators"][0]["normalise"] = {"high": 20}
    own = Specification.from_json(spec).indicators[0].normalise
    assert (own.method, own.low, own.high, own.scale) == ("goalposts", 0, 20, (0, 1))
    spec["indicators"][0]["normalise"] = {"method": "z_score"}
    assert Specification.from_json(spec).indicators[0].normalise.sd == 1


def test_a_default_that_makes_gaps_of_gaps_is_the_nodes_business_and_an_own_one_the_indicators() -> None:
    spec = changed("missing", {"method": "none"})
    specification = Specification.from_json(spec)
    assert not specification.indicators[0].required
    assert Specification.from_json(specification.to_json()) == specification
    spec["indicators"][0]["missing"] = {"method": "none"}
    specification = Specification.from_json(spec)
    assert specification.indicators[0].required
    assert Specification.from_json(specification.to_json()) == specification


def test_a_default_transform_and_a_list_of_steps_are_understood() -> None:
    spec = changed("indicators.0.transform", ...)
    spec["transform"] = "log"
    assert [step.method for step in Specification.from_json(spec).indicators[0].transform] == ["log"]
    nothing: list[Any] = ["none", None, {"method": "none"}, []]
    for value in nothing:
        spec["indicators"][0]["transform"] = value
        assert Specification.from_json(spec).indicators[0].transform == ()
    spec["indicators"][0]["transform"] = [{"per": "people", "times": 1000}, "log"]
    specification = Specification.from_json(spec)
    assert [step.method for step in specification.indicators[0].transform] == ["per", "log"]
    assert specification.columns() == (("x1", "people"), ())


OWN = "indicators.0.normalise"
REFUSED = [
    # path of the change, value, path in the message, in the schema too?
    ("unit", ..., "unit", True),
    ("unit", "rank", "unit", True),
    ("unit", " ", "unit", True),
    ("indicators", [], "indicators", True),
    ("indicators", {}, "indicators", True),
    ("indicators.0", 7, "indicators[0]", True),
    ("indicators.0.code", 7, "indicators[0].code", True),
    ("indicators.0.code", "T1", "nodes[0].code", False),
    ("indicators.0.direction", ..., "indicators[0].direction", True),
    ("indicators.0.direction", "up", "indicators[0].direction", True),
    ("indicators.0.parent", ..., "indicators[0].parent", True),
    ("indicators.0.parent", None, "indicators[0].parent", True),
    ("indicators.0.parent", "T9", "indicators[0].parent", False),
    ("indicators.0.parent", "x1", "indicators[0].parent", False),
    ("indicators.0.weight", -1, "indicators[0].weight", True),
    ("indicators.0.weight", "1", "indicators[0].weight", True),
    ("indicators.0.weight", True, "indicators[0].weight", True),
    ("indicators.0.weight", math.nan, "indicators[0].weight", False),
    ("indicators.0.weight", 10**400, "indicators[0].weight", False),
    ("indicators.0.weight", 0, "nodes[0].code", False),
    ("indicators.0.direction", "neutral", "nodes[0].code", False),
    ("indicators.0.wieght", 1, "indicators[0].wieght", True),
    ("indicators.0.normalise", {"method": "minmax"}, "indicators[0].normalise.method", True),
    ("indicators.0.normalise", {"method": None}, "indicators[0].normalise.method", True),
    ("indicators.0.normalise", {"method": "goalposts"}, "indicators[0].normalise.low", False),
    ("indicators.0.normalise", {"method": "goalposts", "low": 2, "high": 1}, "indicators[0].normalise.low", False),
    (OWN, {"method": "goalposts", "low": 0, "high": 1, "log": True}, "indicators[0].normalise.low", False),
    (OWN, {"method": "goalposts", "low": 0, "high": 1, "clip": 1}, "indicators[0].normalise.clip", True),
    ("indicators.0.normalise", {"method": "z_score", "ddof": 2}, "indicators[0].normalise.ddof", True),
    ("indicators.0.normalise", {"method": "z_score", "ddof": 0.5}, "indicators[0].normalise.ddof", True),
    ("indicators.0.normalise", {"method": "z_score", "cap": 0}, "indicators[0].normalise.cap", True),
    ("indicators.0.normalise", {"method": "z_score", "sd": 0}, "indicators[0].normalise.sd", True),
    ("indicators.0.normalise", {"method": "target"}, "indicators[0].normalise.target", False),
    ("indicators.0.normalise", {"method": "min_max", "scale": [1, 1]}, "indicators[0].normalise.scale", False),
    ("indicators.0.normalise", {"method": "min_max", "scale": [1]}, "indicators[0].normalise.scale", True),
    ("indicators.0.normalise", {"method": "min_max", "scale": [0, "1"]}, "indicators[0].normalise.scale[1]", True),
    ("indicators.0.normalise", {"method": "min_max", "ddof": 1}, "indicators[0].normalise.ddof", True),
    ("indicators.0.normalise", {"method": "borda", "scale": [0, 1]}, "indicators[0].normalise.scale", True),
    ("indicators.0.normalise", {"scale": [1]}, "indicators[0].normalise.scale", True),
    ("indicators.0.outliers", {"method": "cap", "low": "1"}, "indicators[0].outliers.low", True),
    ("indicators.0.transform", [["log"]], "indicators[0].transform[0]", True),
    ("indicators.0.transform", {"per": " "}, "indicators[0].transform.per", True),
    ("indicators.0.transform", "sqrt", "indicators[0].transform", True),
    ("indicators.0.transform", ["log", {"per": ""}], "indicators[0].transform[1].per", True),
    ("indicators.0.transform", {"per": "people", "times": 0}, "indicators[0].transform.times", True),
    ("indicators.0.transform", {"method": "sqrt"}, "indicators[0].transform.method", True),
    ("indicators.0.transform", {"per": "people", "log": 1}, "indicators[0].transform.log", True),
    ("indicators.0.rank", {"by": "name"}, "indicators[0].rank.by", True),
    ("nodes", ..., "nodes", True),
    ("nodes.0.rank", {"by": "value"}, "nodes[0].rank.by", True),
    ("nodes.0.rank", {"by": "score"}, "nodes[0].rank.by", True),
    ("nodes.0.aggregate", "mean", "nodes[0].aggregate", True),
    ("nodes.0.parent", "T1", "nodes[0].parent", False),
    ("nodes.1.parent", "T1", "nodes[0].parent", False),
    ("nodes.1.code", "T1", "nodes[1].code", False),
    ("normalise", {"method": "goalposts", "low": 5, "high": 1}, "normalise.low", False),
    ("normalise", [], "normalise", True),
    ("outliers", {"method": "winsorise_percentile", "low": 101}, "outliers.low", True),
    ("outliers", {"method": "winsorise_percentile", "low": 60, "high": 40}, "outliers.low", False),
    ("outliers", {"method": "winsorise_count", "high": 1.5}, "outliers.high", True),
    ("outliers", {"method": "winsorise", "max": -1}, "outliers.max", True),
    ("missing", {"method": "rescale", "coverage": 60}, "missing.coverage", True),
    ("missing", {"coverage": 60}, "missing.coverage", True),
    ("missing", {"method": "last_observed", "column": None}, "missing.column", True),
    ("missing", {"method": "value"}, "missing.value", False),
    ("missing", {"method": "group_mean"}, "missing.group", False),
    ("missing", {"method": "zero"}, "missing.method", True),
    ("aggregate", None, "aggregate", True),
    ("rank", {"decimals": 1.5}, "rank.decimals", True),
    ("rank", {"decimals": 99}, "rank.decimals", True),
    ("rank", {"first": "best"}, "rank.first", True),
    ("rank", {"ties": "low"}, "rank.ties", True),
    ("method", "x" * 100, "method", True),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "named", "in_schema"), REFUSED)
def test_a_wrong_field_is_refused_by_its_path(path: str, value: Any, named: str, in_schema: bool) -> None:
    spec = changed(path, value)
    with pytest.raises(SpecificationError) as refusal:
        Specification.from_json(spec)
    assert refusal.value.path == named
    assert str(refusal.value).startswith(f"{named}: ")
    assert "\n" not in str(refusal.value)
    assert not (in_schema and VALID.is_valid(spec))


def test_what_is_no_object_at_all_is_refused() -> None:
    with pytest.raises(SpecificationError, match="must be an object"):
        Specification.from_json([])


def test_other_weights_are_checked_like_the_declared_ones() -> None:
    specification = Specification.from_json(FROM_THE_ISSUE)
    assert specification.with_weights({"x1": 3}).weights["x1"] == 3
    for weights, path in (({"q": 1.0}, "weights.q"), ({"x1": -1.0}, "weights.x1"), ({"T1": math.inf}, "weights.T1")):
        with pytest.raises(SpecificationError) as refusal:
            specification.with_weights(weights)
        assert refusal.value.path == path


def test_a_restriction_keeps_only_what_still_has_something_under_it() -> None:
    spec = copy.deepcopy(FROM_THE_ISSUE)
    spec["nodes"].append({"code": "T2", "parent": "INDEX"})
    spec["indicators"].append({"code": "x2", "parent": "T2", "direction": "lower_is_better"})
    spec["indicators"].append({"code": "x3", "parent": "T2", "direction": "neutral"})
    kept = Specification.from_json(spec).restricted(["x1", "x3"])
    assert kept.order == ("x1", "x3", "T1", "INDEX")
    assert kept.indicators[1].parent is None


def test_of_several_tops_the_highest_is_the_root() -> None:
    spec = copy.deepcopy(FROM_THE_ISSUE)
    spec["nodes"].insert(0, {"code": "alone", "parent": None})
    spec["indicators"].append({"code": "x2", "parent": "alone", "direction": "lower_is_better"})
    assert Specification.from_json(spec).root == "INDEX"
