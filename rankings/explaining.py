"""Why a municipality stands where it stands: worked out when an edition is computed, so that pages only show it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from indicators.conditions import known_conditions, people_of, per_person
from indicators.models import Direction, Indicator
from rankings.engine.compute import Outcome
from rankings.engine.decompose import PARTS, Decomposition, bridge, decompose
from rankings.engine.lift import Lift, lift, made_such_a_move
from rankings.engine.matrix import Matrix
from rankings.engine.robustness import paired_change
from rankings.engine.specification import Specification
from rankings.engine.weights import reach
from rankings.loading import Loaded, frozen_matrix, specification
from rankings.method import INDEX_NODE
from rankings.models import Edition, Explanation

PLACES = (1, 10)
MOVERS_KEPT = 5
LIFTS_KEPT = 8
EDITIONS_OF_MOVES = 3
_NO_BRIDGE = (None, None, None)


def explain(edition: Edition, loaded: Loaded, spec: Specification, outcome: Outcome) -> list[Explanation]:
    """One unsaved explanation for each municipality: its change since `edition.compared_with`, what moved its score,
    what would lift it."""
    changes = _changes(edition, edition.compared_with, loaded.matrix, spec)
    lifts = _lifts(edition, loaded, spec)
    reached = reach(outcome.indicator_scores(), spec, units=loaded.matrix.units)
    top = outcome.position[INDEX_NODE]
    rows = []
    for line, municipality in enumerate(loaded.municipalities):
        ranked = outcome.rank[line, top] > 0
        rows.append(
            Explanation(
                edition=edition,
                municipality=municipality,
                compared_with=edition.compared_with,
                **changes.get(municipality.code, {}),
                lift=lifts[line],
                weights_low=int(reached.best[line, top]) if ranked else None,
                weights_high=int(reached.worst[line, top]) if ranked else None,
            )
        )
    return rows


def explained_again(edition: Edition, corrected: Edition) -> list[Explanation]:
    """Unsaved explanations of a published edition whose comparison has been corrected: the change anew, measured
    against the correction; what has nothing to do with the year before is taken over."""
    changes = _changes(edition, corrected, frozen_matrix(edition), specification(edition))
    return [
        Explanation(
            edition=edition,
            municipality_id=row.municipality_id,
            compared_with=corrected,
            **changes.get(row.municipality.code, {}),
            lift=row.lift,
            weights_low=row.weights_low,
            weights_high=row.weights_high,
        )
        for row in Explanation.objects.made_first(edition).select_related("municipality").order_by("pk")
    ]


def _changes(
    edition: Edition, previous: Edition | None, matrix: Matrix, spec: Specification
) -> dict[str, dict[str, Any]]:
    """Municipality code → the fields of an explanation that compare it with the edition before."""
    if previous is None:
        return {}
    before, before_spec = frozen_matrix(previous), specification(previous)
    change = decompose(before, before_spec, matrix, spec)
    bridged = _bridge(edition, previous, matrix, spec)
    paired = paired_change(before, before_spec, matrix, spec)
    n = int(change.known[:, change.nodes.index(INDEX_NODE)].sum())
    below = _below(change)
    found = {}
    for line, unit in enumerate(change.units):
        ahead, behind = paired.get(unit, (None, None))
        bridge_rank, bridge_last, bridge_n = bridged.get(unit, _NO_BRIDGE)
        found[unit] = {
            "change": _parts_of(change, line, change.nodes.index(INDEX_NODE)),
            "change_n": n if unit in paired else None,
            "ahead_share": ahead,
            "behind_share": behind,
            "below": below[line],
            "movers": _movers(change, line),
            "bridge_rank": bridge_rank,
            "bridge_last": bridge_last,
            "bridge_n": bridge_n,
        }
    return found


def edition_before(edition: Edition) -> Edition | None:
    """The published edition that an edition is compared with when it is computed: the newest of an earlier year. The
    one place that decides it; whoever shows a change reads what was stored."""
    return next(reversed(_earlier(edition)), None)


def _earlier(edition: Edition) -> list[Edition]:
    """The published editions of earlier years, oldest first."""
    return list(Edition.objects.published().comparable_to(edition).filter(year__lt=edition.year).order_by("year"))


def _bridge(
    edition: Edition, previous: Edition, matrix: Matrix, spec: Specification
) -> dict[str, tuple[int | None, int | None, int | None]]:
    """Rank, the last of those that share it, and n of each unit in the edition before under this edition's method;
    empty where the method is the same."""
    if previous.method_version == edition.method_version:
        return {}
    before, _after = bridge(frozen_matrix(previous), specification(previous), matrix, spec)
    top = before.position[INDEX_NODE]
    n = int(before.n[top])
    ranks = before.rank[:, top].tolist()
    sharing = Counter(ranks)
    return {
        unit: (rank, rank + sharing[rank] - 1, n) for unit, rank in zip(before.units, ranks, strict=True) if rank > 0
    }


def _below(change: Decomposition) -> list[dict[str, dict[str, int]]]:
    """Of each unit the places won or lost by cause in each area and theme that moved; causes that moved nothing are
    left out."""
    found: list[dict[str, dict[str, int]]] = [{} for _unit in change.units]
    moved = np.where(change.known[:, :, np.newaxis], change.rank_parts, 0)
    moved[:, change.nodes.index(INDEX_NODE)] = 0
    at = np.nonzero(moved)
    for line, node, part, places in zip(*(index.tolist() for index in at), moved[at].tolist(), strict=True):
        found[line].setdefault(change.nodes[node], {})[PARTS[part]] = places
    return found


def _parts_of(change: Decomposition, line: int, node: int) -> dict[str, int]:
    if not change.known[line, node]:
        return {}
    return {part: int(places) for part, places in zip(PARTS, change.rank_parts[line, node], strict=True)}


def _movers(change: Decomposition, line: int) -> list[dict[str, Any]]:
    """The indicators whose own change moved the overall score most, in points, largest first."""
    points = change.movers[line]
    order = np.argsort(-np.abs(points), kind="stable")[:MOVERS_KEPT]
    return [
        {"indicator": change.indicators[column], "points": round(float(points[column]), 4)}
        for column in order
        if abs(points[column]) > 0
    ]


def _lifts(edition: Edition, loaded: Loaded, spec: Specification) -> list[list[dict[str, Any]]]:
    """For each municipality the indicators that would lift it with the least effort for their usual spread."""
    indicators = [criterion.indicator for criterion in loaded.criteria if criterion.indicator]
    open_to = {i.code for i in indicators if i.influenceable and i.direction != Direction.NEUTRAL}
    lifted = lift(loaded.matrix, spec, influenceable=open_to, places=PLACES)
    history = [*(frozen_matrix(one) for one in _earlier(edition)[1 - EDITIONS_OF_MOVES :]), loaded.matrix]
    made = made_such_a_move(history, spec, lifted)
    by_code = {indicator.code: indicator for indicator in indicators}
    figures = loaded.matrix.aligned(lifted.units, lifted.indicators).values
    figures = np.where(np.isnan(figures).all(axis=0), 0.0, figures)  # what nobody has a figure of has no spread
    spread = np.nanpercentile(figures, [25, 75], axis=0)
    effort = np.abs(lifted.distance[:, :, 0]) / np.maximum(spread[1] - spread[0], 1e-9)
    people = _people(edition, loaded)
    return [
        [
            _lift_of(lifted, made, line, int(column), by_code[lifted.indicators[column]], people[line])
            for column in np.argsort(np.where(np.isnan(effort[line]), np.inf, effort[line]), kind="stable")[:LIFTS_KEPT]
            if not np.isnan(effort[line, column])
        ]
        for line in range(len(lifted.units))
    ]


def _lift_of(
    lifted: Lift, made: Any, line: int, column: int, indicator: Indicator, people: Mapping[str, float]
) -> dict[str, Any]:
    steps = []
    for index, places in enumerate(lifted.places):
        distance = float(lifted.distance[line, column, index])
        if np.isnan(distance):
            continue
        steps.append(
            {
                "places": places,
                "value": float(lifted.value[line, column, index]),
                "distance": distance,
                "persons": _persons(indicator, distance, people),
                "made": int(made[line, column, index]),
            }
        )
    return {"indicator": indicator.code, "steps": steps}


def _people(edition: Edition, loaded: Loaded) -> Sequence[dict[str, float]]:
    """How many live in each municipality, by the bases the catalogue knows."""
    conditions = known_conditions(edition.year)
    return [people_of(conditions.get(municipality.pk, {})) for municipality in loaded.municipalities]


def _persons(indicator: Indicator, distance: float, people: Mapping[str, float]) -> int | None:
    """The distance in persons, where the unit counts a base whose size is known; None elsewhere."""
    base, whole = people.get(indicator.person_base), per_person(indicator.unit)
    return None if base is None or whole is None else round(abs(distance) * base / whole)
