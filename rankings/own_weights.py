"""Dit eget indeks: an edition with other weights, from the scores it stores; and what each indicator lifts or pulls."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rankings.engine.aggregate import climb, contributions
from rankings.engine.compute import Outcome, recompute
from rankings.engine.specification import Specification
from rankings.loading import frozen_matrix, specification
from rankings.models import Edition


@lru_cache(maxsize=4)
def stored_scores(edition_pk: int, computed_at: str) -> tuple[Specification, tuple[str, ...], np.ndarray]:  # noqa: ARG001
    """The specification, the municipalities' codes and the stored scores, municipalities × indicators.

    ``computed_at`` is part of the key: a draft that is computed again is read again.
    """
    edition = Edition.objects.get(pk=edition_pk)
    spec = specification(edition)
    kept = frozen_matrix(edition, "score")
    scores = kept.aligned(kept.units, spec.codes).values
    scores.setflags(write=False)
    return spec, kept.units, scores


def with_weights(edition: Edition, weights: Mapping[str, float]) -> Outcome:
    """Rank an edition's municipalities anew with some weights replaced; the others stay as declared.

    ``weights`` maps nodes as rankings.loading names them ("area:h", "theme:…") and indicator codes to weights ≥ 0.
    The Outcome's units are municipality codes. Raises SpecificationError for an unknown code or a weight that
    makes no sense, and where nothing is left to weigh.
    """
    spec, units, scores = stored_scores(edition.pk, str(edition.computed_at))
    return recompute(scores, spec, weights, units)


def pulls(edition: Edition, municipality: str) -> dict[str, float]:
    """The points of a municipality (its code) by indicator: what lifts it and what pulls it down. Empty where it has no
    overall score; an indicator without weight or figure is not there.

    Set against the middle: how the score would be, if every figure that the municipality has were worth the middle
    score of the country. The steps from there to its own score add up, gaps and weights included (`contributions`).
    """
    line_of, codes, points = _points(edition.pk, str(edition.computed_at))
    line = line_of.get(municipality)
    own = [] if line is None else points[line].tolist()
    return {code: point for code, point in zip(codes, own, strict=False) if point == point}  # noqa: PLR0124  NaN


@lru_cache(maxsize=4)
def _points(edition_pk: int, computed_at: str) -> tuple[Mapping[str, int], tuple[str, ...], np.ndarray]:
    """Everybody's: the line of each municipality with an overall score, and municipalities × indicators, NaN where
    nothing is pulled."""
    spec, units, scores = stored_scores(edition_pk, computed_at)
    there = ~np.isnan(scores)
    known = np.where(there.any(axis=0), scores, 0.0)  # of what nobody has there is no middle
    middle = np.where(there, np.nanmedian(known, axis=0), np.nan)
    own, at_middle = (climb(figures.T, there.T, spec).scores for figures in (scores, middle))
    points = contributions(at_middle, own, spec)[: len(spec.indicators)].T
    weighs = np.array([spec.weights[code] > 0 for code in spec.codes])
    placed = ~np.isnan(own[spec.order.index(spec.root)])
    line_of = {unit: line for line, unit in enumerate(units) if placed[line]}
    return line_of, tuple(spec.codes), np.where(there & weighs, points, np.nan)
