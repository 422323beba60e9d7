"""What an index is: its indicators, the tree they stand in and every choice of method, as frozen dataclasses.

`Specification.from_json` reads the object described in docs/engine.md and in specification.schema.json and
refuses a bad one with the path of the wrong field. A built Specification is a proper forest: every parent is
a node, no circles, every node has children, every weight is finite and not negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rankings.engine import choices
from rankings.engine.choices import DrawRule, Missing, Normalise, Outliers, RankRule, Transform
from rankings.engine.fields import Fields, SpecificationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "IndicatorSpec", "Missing", "NodeSpec", "Normalise", "Outliers", "RankRule", "Specification",
    "SpecificationError", "Transform",
]  # fmt: skip

RESULT_COLUMNS = ("node", "level", "score", "score_rounded", "rank", "n", "coverage")
ANNOTATIONS = ("$schema", "name", "description")


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
    source: str | None = None
    """The kind of source its figures come from: what is left out together, and what `without` leaves out."""

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


@dataclass(frozen=True)
class Specification:
    """The whole index. `unit` is the name of the column that names the units."""

    unit: str
    indicators: tuple[IndicatorSpec, ...]
    nodes: tuple[NodeSpec, ...]
    rank: RankRule = field(default_factory=RankRule)
    robustness: DrawRule = field(default_factory=DrawRule)

    def __post_init__(self) -> None:
        _check_tree(self)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The indicators' codes in the order of the specification."""
        return tuple(indicator.code for indicator in self.indicators)

    @cached_property
    def parts(self) -> tuple[IndicatorSpec | NodeSpec, ...]:
        """Every indicator, then every node: the order of an Outcome's columns."""
        return (*self.indicators, *self.nodes)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The codes of `parts`."""
        return tuple(part.code for part in self.parts)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Node → the codes under it that carry weight, sorted by code so that sums do not depend on the
        order."""
        found: dict[str, list[str]] = {node.code: [] for node in self.nodes}
        for part in self.parts:
            if part.parent is not None and not (isinstance(part, IndicatorSpec) and part.neutral):
                found[part.parent].append(part.code)
        return {code: tuple(sorted(codes)) for code, codes in found.items()}

    @cached_property
    def levels(self) -> dict[str, int]:
        """Code → 1 for an indicator, for a node one more than its highest child."""
        levels = dict.fromkeys(self.codes, 1)
        for code in self.upwards:
            levels[code] = 1 + max((levels[child] for child in self.children[code]), default=1)
        return levels

    @cached_property
    def upwards(self) -> tuple[str, ...]:
        """The nodes' codes, every node after its children."""
        done: dict[str, None] = {}
        waiting = [node.code for node in self.nodes]
        while waiting:
            ready = [
                code
                for code in waiting
                if all(child in done or child not in self.children for child in self.children[code])
            ]
            done.update(dict.fromkeys(ready))
            waiting = [code for code in waiting if code not in done]
        return tuple(done)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Code → declared weight, for indicators and nodes."""
        return {part.code: part.weight for part in self.parts}

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of data needed beside `unit`: those with numbers, and those with the names of
        groups."""
        numbers: dict[str, None] = dict.fromkeys(self.codes)
        labels: dict[str, None] = {}
        for indicator in self.indicators:
            if indicator.missing.method == "last_observed" and not indicator.neutral:
                numbers[indicator.missing.column_of(indicator.code)] = None
            if indicator.missing.method == "group_mean" and not indicator.neutral:
                labels[indicator.missing.group] = None
            numbers.update(dict.fromkeys(step.column for step in indicator.transform if step.method == "per"))
        return tuple(numbers), tuple(labels)

    @cached_property
    def root(self) -> str:
        """The node the whole index ends in: of the nodes without a parent the one highest up, the first if
        several."""
        tops = [node.code for node in self.nodes if node.parent is None]
        return max(tops, key=lambda code: self.levels[code])

    def with_weights(self, weights: Mapping[str, float], source: str = "weights") -> Specification:
        """The same specification with some weights replaced. Raises SpecificationError for an unknown
        code."""
        for code, weight in weights.items():
            if code not in self.weights:
                raise SpecificationError(f"{source}.{code}", "is no indicator and no node of the specification")
            if not 0 <= weight < float("inf"):
                raise SpecificationError(f"{source}.{code}", f"must be a finite number of at least 0, not {weight}")
        return replace(
            self,
            indicators=tuple(replace(i, weight=weights.get(i.code, i.weight)) for i in self.indicators),
            nodes=tuple(replace(n, weight=weights.get(n.code, n.weight)) for n in self.nodes),
        )

    def restricted(self, codes: Iterable[str]) -> Specification:
        """Only these indicators, and only the nodes that still have something with weight under them."""
        kept = set(codes)
        alive: set[str | None] = {i.code for i in self.indicators if i.code in kept and not i.neutral}
        for code in self.upwards:
            if any(child in alive and self.weights[child] > 0 for child in self.children[code]):
                alive.add(code)
        return replace(
            self,
            indicators=tuple(
                i if i.parent in alive else replace(i, parent=None) for i in self.indicators if i.code in kept
            ),
            nodes=tuple(node for node in self.nodes if node.code in alive),
        )

    def with_coverage(self, coverage: float) -> Specification:
        """The same specification with another threshold of coverage at every node that has one."""
        nodes = (
            replace(n, missing=replace(n.missing, coverage=coverage)) if n.missing.coverage > 0 else n
            for n in self.nodes
        )
        return replace(self, nodes=tuple(nodes))

    def without(self, source: str) -> Specification:
        """The same index as if the indicators of one source had never been in it: not missing, not there. Raises
        SpecificationError when no scored indicator has that source, or when nothing else is left."""
        kept = [i.code for i in self.indicators if i.source != source]
        scored = {i.code for i in self.indicators if not i.neutral}
        if scored <= set(kept):
            known = sorted({i.source for i in self.indicators if i.source and not i.neutral})
            raise SpecificationError(
                "indicators", f"no indicator has the source {source!r} (known: {', '.join(known)})"
            )
        if not any(self.weights[code] > 0 for code in scored.intersection(kept)):
            raise SpecificationError("indicators", f"nothing is left without the source {source!r}")
        return self.restricted(kept)

    @classmethod
    def from_json(cls, value: object) -> Specification:
        """Read a specification (a parsed JSON object). Raises SpecificationError naming the wrong field."""
        fields = Fields(value, "")
        for key in ANNOTATIONS:
            fields.raw(key)
        unit = fields.text("unit")
        if unit in RESULT_COLUMNS:
            raise fields.refuse("unit", f"may not be {unit!r}, a column of the result")
        default = Defaults(fields)
        indicators = [read_indicator(entry, default) for entry in fields.objects("indicators")]
        nodes = [read_node(entry, default) for entry in fields.objects("nodes")]
        draws = choices.read_draws(fields.entry("robustness"))
        fields.close()
        return cls(unit, tuple(indicators), tuple(nodes), default.rank, draws)

    def to_json(self) -> dict[str, object]:
        """The specification with nothing left to defaults; `from_json` of it gives an equal Specification."""
        return {
            "unit": self.unit,
            "indicators": [indicator_json(indicator) for indicator in self.indicators],
            "nodes": [node_json(node) for node in self.nodes],
            "rank": rank_json(self.rank),
            "robustness": self.robustness.to_json(),
        }


def _check_tree(specification: Specification) -> None:
    parents: dict[str, str | None] = {}
    nodes = {node.code for node in specification.nodes}
    for path, part in _with_paths(specification):
        if part.code in parents:
            raise SpecificationError(f"{path}.code", f"{part.code!r} is used twice")
        parents[part.code] = part.parent
    for path, part in _with_paths(specification):
        if part.parent is not None and part.parent not in nodes:
            raise SpecificationError(f"{path}.parent", f"{part.parent!r} is not a node")
    _check_no_circle(specification, parents)
    for index, node in enumerate(specification.nodes):
        below = specification.children[node.code]
        if not below:
            raise SpecificationError(f"nodes[{index}].code", f"{node.code!r} has nothing to score under it")
        if not any(specification.weights[child] > 0 for child in below):
            message = f"the weights under {node.code!r} are all 0 ({', '.join(below)})"
            raise SpecificationError(f"nodes[{index}].code", message)


def _check_no_circle(specification: Specification, parents: dict[str, str | None]) -> None:
    for index, node in enumerate(specification.nodes):
        seen, above = {node.code}, node.parent
        while above is not None:
            if above in seen:
                raise SpecificationError(f"nodes[{index}].parent", f"{node.code!r} stands in a circle of parents")
            seen.add(above)
            above = parents[above]


def _with_paths(specification: Specification) -> Iterator[tuple[str, IndicatorSpec | NodeSpec]]:
    for index, indicator in enumerate(specification.indicators):
        yield f"indicators[{index}]", indicator
    for index, node in enumerate(specification.nodes):
        yield f"nodes[{index}]", node


class Defaults:
    """The specification's top-level choices: read (and refused) once, then laid under every own entry."""

    def __init__(self, fields: Fields) -> None:
        self.normalise = _default(fields, "normalise", choices.NORMALISE_OPTIONS, "min_max")
        self.outliers = _default(fields, "outliers", choices.OUTLIER_OPTIONS, "none")
        self.missing = _default(fields, "missing", choices.MISSING_OPTIONS, "rescale")
        choices.read_normalise(Fields(self.normalise, "normalise"))
        choices.read_outliers(Fields(self.outliers, "outliers"))
        choices.read_missing(Fields(self.missing, "missing"))
        self.transform = choices.read_transform(fields.raw("transform"), "transform")
        self.aggregate = fields.choice("aggregate", choices.AGGREGATES, "arithmetic")
        self.rank = choices.read_rank(fields.entry("rank"), RankRule(), indicator=False)


def _default(fields: Fields, key: str, options: dict[str, tuple[str, ...]], first: str) -> dict[str, object]:
    return dict(choices.laid_over({}, fields.entry(key), options, first).values)


def read_indicator(entry: Fields, default: Defaults) -> IndicatorSpec:
    """An entry of `indicators`. Raises SpecificationError."""
    entry.raw("name")
    code, direction = entry.text("code"), entry.choice("direction", choices.DIRECTIONS)
    parent = entry.optional_text("parent")
    if parent is None and direction != "neutral":
        raise entry.refuse("parent", "must name a node (only a neutral indicator may stand outside the tree)")
    own = entry.entry("missing")
    missing = choices.read_missing(choices.laid_over(default.missing, own, choices.MISSING_OPTIONS, "rescale"))
    required = own.values.get("method") == "none"
    if missing.method == "none" and not required:
        missing = replace(missing, method="rescale")  # the default `none` is a rule for nodes
    normalise = choices.read_normalise(
        choices.laid_over(default.normalise, entry.entry("normalise"), choices.NORMALISE_OPTIONS, "min_max")
    )
    if direction != "neutral":
        choices.require(normalise, entry.at("normalise"))
    outliers = choices.read_outliers(
        choices.laid_over(default.outliers, entry.entry("outliers"), choices.OUTLIER_OPTIONS, "none")
    )
    own_transform = entry.raw("transform")
    indicator = IndicatorSpec(
        code=code,
        parent=parent,
        direction=direction,
        weight=entry.number("weight", 1.0, least=0.0),
        transform=choices.read_transform(own_transform, entry.at("transform"))
        if entry.has("transform")
        else default.transform,
        outliers=outliers,
        normalise=normalise,
        missing=missing,
        rank=choices.read_rank(entry.entry("rank"), default.rank, indicator=True),
        required=required,
        source=entry.optional_text("source"),
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
        "source": indicator.source,
    }


def read_node(entry: Fields, default: Defaults) -> NodeSpec:
    """An entry of `nodes`. Raises SpecificationError."""
    entry.raw("name")
    missing = choices.laid_over(default.missing, entry.entry("missing"), choices.MISSING_OPTIONS, "rescale")
    own = entry.entry("normalise")
    normalise = choices.read_normalise(choices.laid_over({}, own, choices.NORMALISE_OPTIONS, "none"))
    node = NodeSpec(
        code=entry.text("code"),
        parent=entry.optional_text("parent"),
        weight=entry.number("weight", 1.0, least=0.0),
        aggregate=entry.choice("aggregate", choices.AGGREGATES, default.aggregate),
        normalise=choices.require(normalise, entry.at("normalise")),
        missing=choices.read_missing(missing),
        rank=choices.read_rank(entry.entry("rank"), default.rank, indicator=False),
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
