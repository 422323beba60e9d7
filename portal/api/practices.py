"""Practices: what is known of a method, and what was measured where it was tried."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from portal.api.shapes import (
    NOTHING,
    ONLY,
    FieldsOf,
    Name,
    OfEdition,
    answer,
    edition_of,
    named,
    page_of,
    paged,
    row_of,
)
from portal.practices.files import FIELDS as PRACTICE_FIELDS
from portal.practices.files import practice_rows

router = Router(tags=["practices"])
PracticeRow = row_of("PracticeRow", PRACTICE_FIELDS)
KnownAs = Literal[
    "several_controlled", "one_controlled", "compared", "promising", "described", "mixed", "no_effect"
]  # fmt: skip


class PracticesAsked(OfEdition):
    """The parameters of the list of practices."""

    indicator: Name | None = None
    knowledge: KnownAs | None = None
    fields: Annotated[list[str], FieldsOf(PracticeRow), ONLY] = NOTHING


@router.get(
    "/practices",
    response=page_of(PracticeRow),
    summary="Practices: a row for each aim in each municipality",
    exclude_unset=True,
)
def practices(request: HttpRequest, asked: Query[PracticesAsked]) -> Any:
    """What is known of the method (set by editors from elsewhere) and what was measured here (computed): two axes.

    A verdict says that something happened at the same time, never that the practice was the cause."""
    found = edition_of(request, asked.edition)
    rows = [named(PRACTICE_FIELDS, row) for row in practice_rows(found)]
    kept = [
        row
        for row in rows
        if asked.indicator in {None, row["indicator"]} and asked.knowledge in {None, row["knowledge"]}
    ]
    return answer(request, asked, paged(kept, asked), found)
