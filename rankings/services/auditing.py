"""Looking an edition over: what the engine finds, with the conditions and the declared overlaps of the catalogue.

Kept with the edition when it is computed; afterwards for one that was computed before there were audits.
"""

import datetime as dt
import logging
from typing import Any

import numpy as np
from django.db import transaction

from indicators.declared import overlaps
from rankings.engine.audit import audit
from rankings.engine.matrix import Errors, Matrix
from rankings.engine.specification import Specification
from rankings.loading import frozen_errors, frozen_matrix, specification
from rankings.models import Audit, Edition
from rankings.pinned import as_published
from rankings.quality import conditions_of, widths_of

log = logging.getLogger(__name__)


def audit_matrix(
    edition: Edition, matrix: Matrix, spec: Specification, sampled: Errors | None = None
) -> dict[str, Any]:
    """What the engine finds, ``sampled`` the intervals of survey figures; read inside `as_published` where the edition
    is public."""
    table = conditions_of(edition, matrix.units)
    found = audit(matrix, spec, None if np.isnan(table).all() else table, widths_of(edition, matrix, sampled))
    of_pair = {(a, b): [a, b, r, n] for a, b, r, n in found["correlations"]}
    declared = (of_pair.get((a, b)) or of_pair.get((b, a)) for a, b in overlaps())
    return found | {"overlaps": [pair for pair in declared if pair]}


@transaction.atomic
def audit_edition(*, edition: Edition, now: dt.datetime) -> Audit:
    """Look over a public edition that has no audit, from the figures it keeps. Raises ValueError where it has one,
    which is never changed, and for a draft, which is looked over when it is computed."""
    if edition.is_open or Audit.objects.filter(edition=edition).exists():
        msg = f"Edition {edition.release} is a draft or has been looked over already."
        raise ValueError(msg)
    with as_published(edition):
        findings = audit_matrix(edition, frozen_matrix(edition), specification(edition), frozen_errors(edition))
    log.info("Edition %s looked over afterwards", edition.release)
    return Audit.objects.create(edition=edition, findings=findings, made_at=now)


def audit_the_rest(*, now: dt.datetime) -> list[Edition]:
    """Look over every edition that was ever public and has no audit; return them."""
    rest = list(Edition.objects.ever_published().filter(audit__isnull=True).order_by("year", "revision"))
    for edition in rest:
        audit_edition(edition=edition, now=now)
    return rest
