"""Dit eget indeks: an edition with other weights, from the indicator scores it has stored."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rankings.engine.compute import Outcome
from rankings.engine.specification import Specification
from rankings.engine.weights import recompute
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
