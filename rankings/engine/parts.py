"""The parts of a specification, an indicator and a node, and how each is read from JSON and written back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rankings.engine import choices, reading
from rankings.engine.choices import Missing, Normalise, Outliers, RankRule, Transform
from rankings.engine.fields import Fields


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """An indicator: a column of data, its direction, and how its values become scores."""

    code: str
    parent: str | None
    direction: str
    weight: float = 1.0
    transform: tuple[Transform, ...] = ()
    outliers: Outliers = field(default_factory=Outliers)
    normalise: Normalise = field(default_factory=Normalise)
    missing: Missing = field(default_factory=Missing)
    rank: RankRule = field(default_factory=RankRule)
    required: bool = False
    """Its own `missing` says `none`: a gap here makes the parent a gap, whatever the parent's rule."""

    @property
    def neutral(self) -> bool:
        """Shown, never scored, weighted or ranked."""
        return self.direction == "neutral"


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node of the tree: how its children's scores become one. `normalise` rescales the result, usually
    `none`."""

    code: str
    parent: str | None
    weight: float = 1.0
    aggregate: str = "arithmetic"
    normalise: Normalise = field(default_factory=lambda: Normalise("none"))
    missing: Missing = field(default_factory=Missing)
    rank: RankRule = field(default_factory=RankRule)


class Defaults:
    """The specification's top-level choices: read (and refused) once, then laid under every own entry."""

    def __init__(self, fields: Fields) -> None:
        self.normalise = _default(fields, "normalise", choices.NORMALISE_OPTIONS, "min_max")
        self.outliers = _default(fields, "outliers", choices.OUTLIER_OPTIONS, "none")
        self.missing = _default(fields, "missing", choices.MISSING_OPTIONS, "rescale")
        reading.read_normalise(Fields(self.normalise, "normalise"))
        reading.read_outliers(Fields(self.outliers, "outliers"))
        reading.read_missing(Fields(self.missing, "missing"))
        self.transform = reading.read_transform(fields.raw("transform"), "transform")
        self.aggregate = fields.choice("aggregate", choices.AGGREGATES, "arithmetic")
        self.rank = reading.read_rank(fields.entry("rank"), RankRule(), indicator=False)


def _default(fields: Fields, key: str, options: dict[str, tuple[str, ...]], first: str) -> dict[str, object]:
    return dict(reading.laid_over({}, fields.entry(key), options, first).values)


def read_indicator(entry: Fields, default: Defaults) -> IndicatorSpec:
    """An entry of `indicators`. Raises SpecificationError."""
    entry.raw("name")
    code, direction = entry.text("code"), entry.choice("direction", choices.DIRECTIONS)
    parent = entry.optional_text("parent")
    if parent is None and direction != "neutral":
        raise entry.refuse("parent", "must name a node (only a neutral indicator may stand outside the tree)")
    own = entry.entry("missing")
    missing = reading.read_missing(reading.laid_over(default.missing, own, choices.MISSING_OPTIONS, "rescale"))
    required = own.values.get("method") == "none"
    if missing.method == "none" and not required:
        missing = replace(missing, method="rescale")  # the default `none` is a rule for nodes
    normalise = reading.read_normalise(
        reading.laid_over(default.normalise, entry.entry("normalise"), choices.NORMALISE_OPTIONS, "min_max")
    )
    if direction != "neutral":
        reading.require(normalise, entry.at("normalise"))
    outliers = reading.read_outliers(
        reading.laid_over(default.outliers, entry.entry("outliers"), choices.OUTLIER_OPTIONS, "none")
    )
    own_transform = entry.raw("transform")
    indicator = IndicatorSpec(
        code=code,
        parent=parent,
        direction=direction,
        weight=entry.number("weight", 1.0, least=0.0),
        transform=reading.read_transform(own_transform, entry.at("transform"))
        if entry.has("transform")
        else default.transform,
        outliers=outliers,
        normalise=normalise,
        missing=missing,
        rank=reading.read_rank(entry.entry("rank"), default.rank, indicator=True),
        required=required,
    )
    entry.close()
    return indicator


def indicator_json(indicator: IndicatorSpec) -> dict[str, object]:
    """The JSON object of an indicator, nothing left to defaults."""
    return {
        "code": indicator.code,
        "parent": indicator.parent,
        "weight": indicator.weight,
        "direction": indicator.direction,
        "transform": [step.to_json() for step in indicator.transform],
        "outliers": indicator.outliers.to_json(),
        "normalise": indicator.normalise.to_json(),
        "missing": indicator.missing.to_json(),
        "rank": indicator.rank.to_json(),
    }


def read_node(entry: Fields, default: Defaults) -> NodeSpec:
    """An entry of `nodes`. Raises SpecificationError."""
    entry.raw("name")
    missing = reading.laid_over(default.missing, entry.entry("missing"), choices.MISSING_OPTIONS, "rescale")
    own = entry.entry("normalise")
    normalise = reading.read_normalise(reading.laid_over({}, own, choices.NORMALISE_OPTIONS, "none"))
    node = NodeSpec(
        code=entry.text("code"),
        parent=entry.optional_text("parent"),
        weight=entry.number("weight", 1.0, least=0.0),
        aggregate=entry.choice("aggregate", choices.AGGREGATES, default.aggregate),
        normalise=reading.require(normalise, entry.at("normalise")),
        missing=reading.read_missing(missing),
        rank=reading.read_rank(entry.entry("rank"), default.rank, indicator=False),
    )
    entry.close()
    return node


def node_json(node: NodeSpec) -> dict[str, object]:
    """The JSON object of a node, nothing left to defaults."""
    return {
        "code": node.code,
        "parent": node.parent,
        "weight": node.weight,
        "aggregate": node.aggregate,
        "normalise": node.normalise.to_json(),
        "missing": node.missing.to_json(),
        "rank": rank_json(node.rank),
    }


def rank_json(rule: RankRule) -> dict[str, object]:
    """A rank rule where `by` has no place: nodes have no value to be ranked by."""
    return {"decimals": rule.decimals, "first": rule.first}
