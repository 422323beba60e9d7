"""Comparisons, own weights and revisions: figures held against figures."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from portal.api.figures import LEVEL, text_of
from portal.api.http import NoSuchThing
from portal.api.shapes import (
    NOTHING,
    ONLY,
    Asked,
    FieldsOf,
    Name,
    OfEdition,
    Pinned,
    answer,
    edition_of,
    page_of,
    paged,
)
from portal.language import phrases
from portal.published import Edition, Level, Municipality, Placement
from portal.published.edition import corrections
from portal.published.municipalities import municipality_named
from portal.published.revisions import Revision, revision
from portal.published.rows import overall_placements, placements_on
from portal.published.subjects import OVERALL_CODE, Subject, criteria_of, every_subject, localised
from rankings.bundle.edition import LEVELS
from rankings.bundle.formats import as_printed
from rankings.engine.specification import SpecificationError
from rankings.method import INDEX_NODE, area_node, theme_node
from rankings.own_weights import with_weights

router = Router(tags=["comparing"])
MOST = 10
FROM_THE_TOP: list[LEVEL] = ["overall", "area", "theme"]


class Compared(Schema):
    """One municipality's cell of a comparison."""

    rank: int | None = None
    rank_last: int | None = None
    n: int | None = None
    score: float | None = None
    value: float | None = None
    missing: str | None = None
    text: str | None = Field(None, description="As pages print it.")
    rank_text: str | None = None


class ComparisonRow(Schema):
    """A subject, with a cell for each municipality that is compared."""

    level: str | None = None
    subject: str | None = None
    subject_name: str | None = None
    direction_text: str | None = None
    municipalities: dict[str, Compared] | None = Field(None, description="By the names that were asked for.")


class OwnRow(Schema):
    """A municipality under the weights that were asked for, beside its published rank."""

    municipality_code: str | None = None
    municipality: str | None = None
    municipality_slug: str | None = None
    rank: int | None = None
    rank_last: int | None = None
    n: int | None = None
    score: float | None = None
    coverage: float | None = None
    published_rank: int | None = None
    published_score: float | None = None


class RevisionRow(Schema):
    """A correction of an edition."""

    release: str | None = None
    replaced: str | None = None
    published_at: str | None = None
    reason: str | None = None
    changed_values: int | None = Field(None, description="Values that were put right.")
    changed_ranks: int | None = Field(None, description="Placements whose rank or printed score moved.")


class ChangeRow(Schema):
    """A value that was put right, or a placement that moved with it."""

    kind: str | None = Field(None, description="value or rank.")
    level: str | None = None
    subject: str | None = None
    municipality_code: str | None = None
    municipality: str | None = None
    before: float | None = Field(None, description="Value, or score as printed, before.")
    after: float | None = None
    rank_before: int | None = None
    rank_after: int | None = None


Weight = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}:(10(\.0+)?|[0-9](\.[0-9]{1,6})?)$")]


class ComparisonsAsked(OfEdition):
    """The parameters of a comparison."""

    municipality: Annotated[
        list[Name],
        Field(min_length=1, max_length=MOST, description="Names in addresses, or codes; repeat it.",
              examples=[["aarhus", "odense"]]),
    ]  # fmt: skip
    level: Annotated[list[LEVEL], Field(max_length=4)] = FROM_THE_TOP
    fields: Annotated[list[str], FieldsOf(ComparisonRow), ONLY] = NOTHING


class OwnAsked(OfEdition):
    """The parameters of an index of one's own."""

    weight: Annotated[
        list[Weight],
        Field(max_length=130, description="code:weight, 0–10, of an area, theme or indicator; repeat it. The others "
              "keep their own weight.", examples=[["handicap:2", "b-neet:0"]]),
    ] = NOTHING  # fmt: skip
    fields: Annotated[list[str], FieldsOf(OwnRow), ONLY] = NOTHING


class RevisionsAsked(Asked):
    """The parameters of the list of corrections."""

    fields: Annotated[list[str], FieldsOf(RevisionRow), ONLY] = NOTHING


class ChangesAsked(Asked):
    """The parameters of what a correction changed."""

    fields: Annotated[list[str], FieldsOf(ChangeRow), ONLY] = NOTHING


@router.get("/comparisons", response=page_of(ComparisonRow), summary="Municipalities side by side", exclude_unset=True)
def comparisons(request: HttpRequest, asked: Query[ComparisonsAsked]) -> Any:
    """A row for each subject, a cell for each municipality."""
    found = edition_of(request, asked.edition)
    names = list(dict.fromkeys(asked.municipality))
    who = {name: _municipality(name) for name in names}
    placed: dict[tuple[int, str, str], Placement] = {}
    rows = placements_on(found.edition, asked.level).filter(municipality__in=who.values())
    for one in rows.select_related("area", "theme", "indicator"):
        placed[one.municipality_id, one.level, _code(one)] = one
    subjects = sorted(every_subject(found.edition), key=lambda one: LEVELS.index(one.level))
    table = [_compared(one, who, placed) for one in subjects if one.level in asked.level]
    return answer(request, asked, paged(table, asked), found)


def _municipality(name: str) -> Municipality:
    row = municipality_named(name)
    if row is None:
        raise NoSuchThing(f"There is no municipality {name}.")
    return row


def _code(one: Placement) -> str:
    row = one.theme or one.indicator
    return row.code if row else one.area.slug if one.area else OVERALL_CODE


def _compared(
    one: Subject, who: dict[str, Municipality], placed: dict[tuple[int, str, str], Placement]
) -> dict[str, Any]:
    return {
        "level": str(one.level),
        "subject": one.code,
        "subject_name": one.name,
        "direction_text": phrases.direction(one.indicator) if one.indicator else None,
        "municipalities": {name: _cell(one, placed.get((m.pk, one.level, one.code))) for name, m in who.items()},
    }


def _cell(one: Subject, placement: Placement | None) -> dict[str, Any]:
    if placement is None:
        return {}
    value = as_printed(placement.value, one.indicator.decimals) if one.indicator else None
    return {
        "rank": placement.rank,
        "rank_last": placement.rank_last,
        "n": placement.n,
        "score": placement.printed,
        "value": value,
        "missing": placement.missing or None,
        "text": text_of(one, placement),
        "rank_text": phrases.rank_in_text(placement),
    }


@router.get("/own-weights", response=page_of(OwnRow), summary="The index with other weights", exclude_unset=True)
def own_weights(request: HttpRequest, asked: Query[OwnAsked]) -> Any:
    """The whole index recomputed from the stored scores of the indicators: your weights, not the published ones."""
    found = edition_of(request, asked.edition)
    nodes = _nodes(found.edition)
    weights: dict[str, float] = {}
    for text in asked.weight:
        code, _colon, weight = text.partition(":")
        if code not in nodes:
            raise NoSuchThing(f"Edition {found.edition.release} weighs nothing called {code}.")
        weights[nodes[code]] = float(weight)
    try:
        rows = _own_rows(found.edition, weights)
    except SpecificationError as error:
        raise NoSuchThing("With these weights nothing is left to rank by. Give at least one area a weight.") from error
    return answer(request, asked, paged(rows, asked), found)


def _nodes(edition: Edition) -> dict[str, str]:
    """Codes as addresses have them → the engine's names, of everything that weighs."""
    nodes = {}
    for one in criteria_of(edition).filter(weight__gt=0):
        if one.area:
            nodes[one.area.slug] = area_node(one.area)
        elif one.theme:
            nodes[one.theme.code] = theme_node(one.theme)
        elif one.indicator:
            nodes[one.indicator.code] = one.indicator.code
    return nodes


def _own_rows(edition: Edition, weights: dict[str, float]) -> list[dict[str, Any]]:
    outcome = with_weights(edition, weights)
    node = outcome.position[INDEX_NODE]
    line_of = {unit: line for line, unit in enumerate(outcome.units)}
    rows = []
    for one in overall_placements(edition).select_related("municipality").in_rank_order():
        line = line_of[one.municipality.code]
        rank = int(outcome.rank[line, node]) or None
        rows.append(
            {
                "municipality_code": one.municipality.code,
                "municipality": one.municipality.name,
                "municipality_slug": one.municipality.slug,
                "rank": rank,
                "rank_last": int(outcome.last[line, node]) or None,
                "n": int(outcome.n[node]),
                "score": float(outcome.printed[line, node]) if rank else None,
                "coverage": round(float(outcome.coverage[line, node]), 6),
                "published_rank": one.rank,
                "published_score": one.printed,
            }
        )
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))


@router.get("/revisions", response=page_of(RevisionRow), summary="Corrections, newest first", exclude_unset=True)
def revisions(request: HttpRequest, asked: Query[RevisionsAsked]) -> Any:
    """Every correction in public: why, and how much it moved."""
    found = edition_of(request, "")
    corrected = corrections()
    rows = [_revision(one) for edition in corrected if (one := revision(edition))]
    return answer(request, asked, paged(rows, asked), found) | {"edition": None}


def _revision(one: Revision) -> dict[str, Any]:
    published = one.edition.published_at
    return {
        "release": one.edition.release,
        "replaced": one.replaced.release,
        "published_at": published.isoformat() if published else None,
        "reason": localised(one.edition, "reason"),
        "changed_values": len(one.values),
        "changed_ranks": len(one.ranks),
    }


@router.get(
    "/revisions/{release}", response=page_of(ChangeRow), summary="What a correction changed", exclude_unset=True
)
def changes(
    request: HttpRequest,
    release: Path[Pinned],
    asked: Query[ChangesAsked],
) -> Any:
    """Each value that was put right, then each placement that moved; above the level of indicators."""
    found = edition_of(request, release)
    one = revision(found.edition)
    if one is None:
        raise NoSuchThing(f"{release} is a first revision: it corrects nothing.")
    return answer(request, asked, paged([*_values(one), *_ranks(one)], asked), found)


def _values(one: Revision) -> list[dict[str, Any]]:
    return [
        {
            "kind": "value",
            "level": str(Level.INDICATOR),
            "subject": row.indicator.code,
            "municipality_code": row.municipality.code,
            "municipality": row.municipality.name,
            "before": row.before.value if row.before else None,
            "after": row.after.value if row.after else None,
            "rank_before": row.before.rank if row.before else None,
            "rank_after": row.after.rank if row.after else None,
        }
        for row in one.values
    ]


def _ranks(one: Revision) -> list[dict[str, Any]]:
    return [
        {
            "kind": "rank",
            "level": row.after.level,
            "subject": _code(row.after),
            "municipality_code": row.after.municipality.code,
            "municipality": row.after.municipality.name,
            "before": row.before.printed,
            "after": row.after.printed,
            "rank_before": row.before.rank,
            "rank_after": row.after.rank,
        }
        for row in one.ranks
    ]
