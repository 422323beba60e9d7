"""The audit of an edition: what each part of the index really does to it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from portal.api.shapes import NOTHING, ONLY, FieldsOf, OfEdition, answer, edition_of, named, page_of, paged, row_of
from portal.audit.files import PAIRS, PARTS, pair_rows, part_rows

router = Router(tags=["audit"])
AuditRow = row_of("AuditRow", PARTS)
AuditPairRow = row_of("AuditPairRow", PAIRS)


class AuditAsked(OfEdition):
    """The parameters of the audit."""

    fields: Annotated[list[str], FieldsOf(AuditRow), ONLY] = NOTHING


class AuditPairsAsked(OfEdition):
    """The parameters of the audit's pairs."""

    fields: Annotated[list[str], FieldsOf(AuditPairRow), ONLY] = NOTHING


@router.get("/audit", response=page_of(AuditRow), summary="The audit of an edition, part by part", exclude_unset=True)
def audit(request: HttpRequest, asked: Query[AuditAsked]) -> Any:
    """Weight beside effect, alpha, clipping, leave-one-out moves. No rows for an edition that was never audited."""
    found = edition_of(request, asked.edition)
    rows = [named(PARTS, row) for row in part_rows(found)]
    return answer(request, asked, paged(rows, asked), found)


@router.get("/audit/pairs", response=page_of(AuditPairRow), summary="How every pair goes together", exclude_unset=True)
def audit_pairs(request: HttpRequest, asked: Query[AuditPairsAsked]) -> Any:
    """Pearson's r of directed scores over the municipalities that have both: areas, themes, indicators."""
    found = edition_of(request, asked.edition)
    rows = [named(PAIRS, row) for row in pair_rows(found)]
    return answer(request, asked, paged(rows, asked), found)
