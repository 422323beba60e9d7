"""What lifts a municipality and what pulls it down: how many points of its overall score each indicator is worth.

Set against the middle: how the score would be, if every figure that the municipality has were worth the middle score
of the country. The steps from there to its own score add up, gaps and weights included (`aggregate.contributions`).
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rankings.engine.aggregate import climb, contributions
from rankings.models import Edition
from rankings.own_weights import stored_scores

Pulls = Mapping[str, Mapping[str, float]]
"""By municipality (code) and indicator (code) the points; an indicator without weight or figure is not there."""


def pulls(edition: Edition) -> Pulls:
    """The points of every municipality with an overall score."""
    return _pulls(edition.pk, str(edition.computed_at))


@lru_cache(maxsize=4)
def _pulls(edition_pk: int, computed_at: str) -> Pulls:
    spec, units, scores = stored_scores(edition_pk, computed_at)
    there = ~np.isnan(scores)
    known = np.where(there.any(axis=0), scores, 0.0)  # of what nobody has there is no middle
    middle = np.where(there, np.nanmedian(known, axis=0), np.nan)
    own, at_middle = (climb(figures.T, there.T, spec).scores for figures in (scores, middle))
    points = contributions(at_middle, own, spec)[: len(spec.indicators)].T
    weighs = np.array([spec.weights[code] > 0 for code in spec.codes])
    root = ~np.isnan(own[spec.order.index(spec.root)])
    return {
        unit: {
            code: float(points[line, column])
            for column, code in enumerate(spec.codes)
            if there[line, column] and weighs[column]
        }
        for line, unit in enumerate(units)
        if root[line]
    }
