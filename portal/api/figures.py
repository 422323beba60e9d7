"""Measurements, placements and rankings: the figures themselves."""

from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from portal.addresses import NumberId
from portal.api.http import NoSuchThing, only
from portal.api.shapes import (
    NOTHING,
    ONLY,
    FieldsOf,
    Name,
    OfEdition,
    Rows,
    answer,
    edition_of,
    named,
    page_of,
    row_of,
    slice_of,
)
from portal.downloads.tables import RANKING, ranking_rows
from portal.language import phrases
from portal.published import Level, Placement
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipalities
from portal.published.proofs import doubts_in
from portal.published.ranking import Answer, ask
from portal.published.rows import PlacementRow as Row
from portal.published.rows import filtered_placements
from portal.published.subjects import OVERALL_CODE, Subject, all_areas, all_indicators, all_themes, subject
from rankings.bundle.edition import PLACEMENT, rows_of
from rankings.bundle.formats import as_printed, columns

router = Router(tags=["figures"])
LEVEL = Literal["overall", "area", "theme", "indicator"]
MEASUREMENT = columns(
    "edition", "subject", "subject_name", "municipality_code", "municipality", "data_year", "value", "value_full",
    "unit", "missing", "provisional", "trace", "file", "upload",
)  # fmt: skip


class Child(Schema):
    """A column of a ranking page: the score (or an indicator's value) and the rank one step down."""

    score: float | None = None
    value: float | None = None
    rank: int | None = None
    rank_last: int | None = None
    missing: str | None = None
    text: str | None = Field(None, description="As the page prints it.")


MeasurementRow = row_of(
    "MeasurementRow",
    MEASUREMENT,
    sheet=(str | None, Field(None, description="Sheet of the file.")),
    row=(int | None, Field(None, description="Row of the file.")),
    column=(str | None, Field(None, description="Column of the file.")),
    under_clarification=(str | None, Field(None, description="Since when the figure is under clarification.")),
)
UNDER_CLARIFICATION = (
    str | None,
    Field(None, description="Since when the figure is under clarification; null where nobody has questioned it."),
)
COMMENT = (str | None, Field(None, description="The municipality's own words about it, in its short form."))
PlacementRow = row_of("PlacementRow", PLACEMENT, under_clarification=UNDER_CLARIFICATION, comment=COMMENT)
RankingRow = row_of(
    "RankingRow",
    RANKING,
    municipality_slug=(str | None, Field(None, description="The municipality's name in addresses.")),
    text=(str | None, Field(None, description="The score or value as the page prints it; empty where there is none.")),
    rank_text=(str | None, Field(None, description="The rank as the page prints it.")),
    under_clarification=UNDER_CLARIFICATION,
    comment=COMMENT,
    children=(dict[str, Child] | None, Field(None, description="One step down, by code.")),
)
OF_THE_PAGE = ("region", "landsdel", "gruppe", "indbyggere_fra", "indbyggere_til", "kommune", "sorter", "retning",
               "kolonner", "aendring")  # fmt: skip
Text = Annotated[str, Field(max_length=100)]
Inhabitants = Annotated[int, Field(ge=0, le=10_000_000)]
Subjects = Annotated[Name, Field(description="Code of an area, theme or indicator; “samlet” is the whole.")]
Municipalities = Annotated[list[Name], Field(max_length=100, description="Names in addresses, or codes; repeat it.")]


class MeasurementsAsked(OfEdition):
    """The parameters of the list of measurements."""

    indicator: Name | None = None
    municipality: Municipalities = NOTHING
    fields: Annotated[list[str], FieldsOf(MeasurementRow), ONLY] = NOTHING


class PlacementsAsked(OfEdition):
    """The parameters of the list of placements."""

    level: LEVEL | None = None
    subject: Subjects | None = None
    municipality: Municipalities = NOTHING
    fields: Annotated[list[str], FieldsOf(PlacementRow), ONLY] = NOTHING


class RankingsAsked(OfEdition):
    """The parameters of a ranking: those of its page's address, under the same names."""

    level: LEVEL = "overall"
    subject: Subjects = OVERALL_CODE
    region: Annotated[Text, Field(description="A region's code.", examples=["1084"])] = ""
    landsdel: Text = ""
    gruppe: Annotated[Text, Field(description="A kommunegruppe.")] = ""
    indbyggere_fra: Inhabitants | None = None
    indbyggere_til: Inhabitants | None = None
    kommune: Annotated[list[Name], Field(max_length=100, description="Names in addresses; repeat it.")] = NOTHING
    sorter: Annotated[Text, Field(description="nr, kommune, score, aendring, indbyggere or a child's code.")] = "nr"
    retning: Annotated[Literal["", "op", "ned"], Field(description="ned: descending.")] = ""
    kolonner: Annotated[
        Literal["", "temaer", "indikatorer"], Field(description="Children two steps down instead of one.")
    ] = ""
    aendring: Annotated[Literal["", "vis"], Field(description="The page shows the change; here it always is.")] = ""
    vis: Annotated[
        Literal["", "tabel", "kort", "fordeling"], Field(description="The page's view; the rows are the same.")
    ] = ""
    fields: Annotated[list[str], FieldsOf(RankingRow), ONLY] = NOTHING


@router.get("/rankings", response=page_of(RankingRow), summary="A ranking, exactly as its page", exclude_unset=True)
def rankings(request: HttpRequest, asked: Query[RankingsAsked]) -> Any:
    """The rows of a ranking page in its order. A page's own query works here: the parameters have the same names."""
    found = edition_of(request, asked.edition)
    if asked.level == "overall" and asked.subject != OVERALL_CODE:
        raise NoSuchThing(f"The whole index is “samlet”, not {asked.subject}. An area or theme needs its level.")
    if asked.level != "overall" and asked.subject == OVERALL_CODE:
        raise NoSuchThing(f"A ranking of the level {asked.level} needs its subject: a code of /{asked.level}s.")
    question = subject(asked.level, asked.subject)
    given = ask(found, question, only(request.GET, OF_THE_PAGE))
    if given.errors:
        raise NoSuchThing(" ".join(given.errors))
    start, stop = slice_of(asked)
    table = named_rows(given)[start:stop]
    return answer(request, asked, Rows(table, len(given.lines)), found)


def named_rows(given: Answer) -> list[dict[str, Any]]:
    """Each line of an answer as an object: the file's columns, the printed texts, and the columns one step down."""
    return [
        named(RANKING, row)
        | {
            "municipality_slug": line.municipality.slug,
            "text": text_of(given.subject, line.placement),
            "rank_text": phrases.rank_in_text(line.placement),
            **said_of(given.shown, line.municipality.code, given.subject.code),
            "children": {child.code: _child(child, line.children.get(child.code)) for child in given.columns},
        }
        for row, line in zip(_file_rows(given), given.lines, strict=True)
    ]


def said_of(shown: ShownEdition, municipality: str, code: str) -> dict[str, str | None]:
    """What is said of a line; nothing in a pinned revision."""
    comment = shown.said.comment(municipality, code)
    since = shown.said.flags.get((municipality, code))
    return {"under_clarification": since.isoformat() if since else None, "comment": comment.short if comment else None}


def _file_rows(given: Answer) -> list[tuple[Any, ...]]:
    return [row[: len(RANKING)] for row in ranking_rows(given)]


def text_of(of: Subject, placement: Placement | Row | None) -> str:
    """The score, or at an indicator the value with its unit, as pages print it."""
    if placement is None:
        return ""
    return phrases.value(of.indicator, placement.value) if of.indicator else phrases.score(placement)


def _child(child: Subject, placement: Row | None) -> dict[str, Any]:
    if placement is None:
        return {}
    indicator = child.indicator
    return {
        "score": None if indicator else placement.printed,
        "value": as_printed(placement.value, indicator.decimals) if indicator else None,
        "rank": placement.rank,
        "rank_last": placement.rank_last,
        "missing": placement.missing or None,
        "text": text_of(child, placement),
    }


@router.get("/placements", response=page_of(PlacementRow), summary="Placements at every level", exclude_unset=True)
def placements(request: HttpRequest, asked: Query[PlacementsAsked]) -> Any:
    """All placements of an edition: the whole, areas, themes, indicators with values. Some 12 000 rows: filter, or take
    the whole edition as one file."""
    found = edition_of(request, asked.edition)
    condition = _of_municipalities(asked.municipality)
    if asked.level:
        condition &= Q(level=asked.level)
    if asked.subject:
        condition &= _of_subject(asked.subject)
    start, stop = slice_of(asked)
    doubted, english = doubts_in(found.edition), asked.lang == "en"
    rows = rows_of(found.edition, condition, english=english, start=start, stop=stop, doubted=doubted)
    count = filtered_placements(found.edition, condition).count()
    return answer(request, asked, Rows([_placement(row, found) for row in rows], count), found)


def _placement(row: tuple[Any, ...], of: ShownEdition) -> dict[str, Any]:
    given = named(PLACEMENT, row)
    return given | said_of(of, str(given["municipality_code"]), str(given["subject"]))


def _of_municipalities(names: list[str]) -> Q:
    if not names:
        return Q()
    named = municipalities().filter(Q(slug__in=names) | Q(code__in=names)).values_list("pk", "slug", "code")
    if unknown := set(names).difference(*(row[1:] for row in named)):
        raise NoSuchThing(f"There is no municipality {', '.join(sorted(unknown))}. All of them: /municipalities.")
    return Q(municipality__in=[pk for pk, _slug, _code in named])


def _of_subject(code: str) -> Q:
    if code == OVERALL_CODE:
        return Q(level=Level.OVERALL)
    for field, rows in (
        ("area", all_areas().filter(slug=code)),
        ("theme", all_themes().filter(code=code)),
        ("indicator", all_indicators().filter(code=code)),
    ):
        if row := rows.first():
            return Q(**{field: row.pk})
    raise NoSuchThing(f"There is no area, theme or indicator {code}. All of them: /areas, /themes, /indicators.")


@router.get(
    "/measurements",
    response=page_of(MeasurementRow),
    summary="Values with the cell of the file they came from",
    exclude_unset=True,
)
def measurements(request: HttpRequest, asked: Query[MeasurementsAsked]) -> Any:
    """The values an edition was made from, missing ones with their kind, each with file, sheet, row and column."""
    found = edition_of(request, asked.edition)
    condition = Q(level=Level.INDICATOR) & _of_municipalities(asked.municipality)
    if asked.indicator:
        condition &= Q(indicator=subject("indicator", asked.indicator).indicator)
    rows = filtered_placements(found.edition, condition).order_by("indicator__position", "municipality__sort_key")
    start, stop = slice_of(asked)
    rows = rows.select_related("indicator", "municipality", "measurement", "upload")
    page = rows.defer("upload__options", "upload__report")[start:stop]
    return answer(request, asked, Rows([_measurement(one, found) for one in page], rows.count()), found)


def _measurement(one: Placement, of: ShownEdition) -> dict[str, Any]:
    cell, indicator = one.measurement, one.indicator
    if indicator is None:
        raise ValueError(f"Placement {one.pk} is no indicator's.")
    own = Subject(Level.INDICATOR, indicator=indicator)
    row = (
        of.edition.release, indicator.code, own.name, one.municipality.code, one.municipality.name, one.data_year,
        as_printed(one.value, indicator.decimals), one.value, phrases.unit(indicator), one.missing or None,
        one.provisional, str(NumberId(of.edition.release, one.municipality.code, own.code)),
        one.upload.name if one.upload else None, one.upload.sha256 if one.upload else None,
    )  # fmt: skip
    place = {"sheet": cell.sheet or None, "row": cell.row, "column": cell.column} if cell else {}
    since = of.said.flags.get((one.municipality.code, indicator.code))
    return named(MEASUREMENT, row) | place | {"under_clarification": since.isoformat() if since else None}
