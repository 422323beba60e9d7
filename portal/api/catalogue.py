"""Editions, municipalities, areas, themes, indicators: what there is."""

from typing import Annotated, Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from portal.addresses import Links
from portal.api.http import NoSuchThing
from portal.api.shapes import (
    NOTHING,
    ONLY,
    Asked,
    FieldsOf,
    Language,
    Name,
    OfEdition,
    Pinned,
    answer,
    edition_of,
    page_of,
    paged,
)
from portal.language import formatting, phrases
from portal.language.data_names import period_rule
from portal.published import Criterion, Edition, Level, Municipality
from portal.published.edition import ShownEdition, ever_published
from portal.published.municipalities import municipalities as everyone
from portal.published.municipalities import with_population
from portal.published.subjects import criteria_of, indicator_criteria_of, localised

router = Router(tags=["catalogue"])
START = Field(None)


class EditionRow(Schema):
    """An edition in one of its revisions."""

    release: str | None = Field(None, description="Edition and revision: the pinned name.", examples=["2026.1"])
    year: int | None = START
    revision: int | None = START
    state: str | None = Field(None, description="published, or corrected: replaced by a later revision.")
    published_at: str | None = Field(None, description="ISO 8601.")
    corrected_at: str | None = Field(None, description="When a later revision replaced it.")
    method_version: str | None = Field(None, description="Ranks are compared only between editions of one method.")
    note: str | None = Field(None, description="What is new in this edition.")
    reason: str | None = Field(None, description="Why it was corrected.")
    demo: bool | None = START
    address: str | None = Field(None, description="The pinned page.")
    bundle: str | None = Field(None, description="The zip with everything, to compute it again.")


class MunicipalityRow(Schema):
    """A municipality."""

    code: str | None = Field(None, description="Statistics Denmark's code.", examples=["751"])
    slug: str | None = Field(None, description="Its name in addresses.", examples=["aarhus"])
    name: str | None = START
    region: str | None = START
    region_code: str | None = START
    landsdel: str | None = START
    kommunegruppe: str | None = START
    area_km2: float | None = START
    population: int | None = Field(None, description="Newest known up to the edition's year.")
    address: str | None = START


class SubjectRow(Schema):
    """An area or a theme."""

    code: str | None = START
    name: str | None = START
    description: str | None = START
    parent: str | None = Field(None, description="A theme's area.")
    weight: float | None = Field(None, description="Among siblings, in this edition.")
    address: str | None = START


class IndicatorRow(Schema):
    """An indicator as it stands in an edition."""

    code: str | None = Field(None, examples=["b-neet"])
    name: str | None = START
    definition: str | None = START
    theme: str | None = START
    area: str | None = START
    unit: str | None = START
    decimals: int | None = Field(None, description="Decimals that values are printed and ranked with.")
    direction: str | None = Field(
        None, description="higher_is_better, lower_is_better or neutral, frozen in the edition."
    )
    direction_text: str | None = START
    weight: float | None = Field(None, description="Among the theme's indicators. 0: shown, weighs nothing.")
    data_year: int | None = START
    goalpost_low: float | None = START
    goalpost_high: float | None = START
    source: str | None = START
    source_url: str | None = START
    source_terms: str | None = START
    period_rule: str | None = Field(
        None, description="How parts of a year became the year's figure; null where the source has years."
    )
    caution: str | None = Field(None, description="Known sources of error.")
    address: str | None = START


class EditionsAsked(Asked):
    """The parameters of the list of editions."""

    fields: Annotated[list[str], FieldsOf(EditionRow), ONLY] = NOTHING


class MunicipalitiesAsked(OfEdition):
    """The parameters of the list of municipalities."""

    fields: Annotated[list[str], FieldsOf(MunicipalityRow), ONLY] = NOTHING


class SubjectsAsked(OfEdition):
    """The parameters of the lists of areas and themes."""

    fields: Annotated[list[str], FieldsOf(SubjectRow), ONLY] = NOTHING


class IndicatorsAsked(OfEdition):
    """The parameters of the list of indicators."""

    theme: Name | None = None
    area: Name | None = None
    fields: Annotated[list[str], FieldsOf(IndicatorRow), ONLY] = NOTHING


class InLanguage(Schema):
    """The one parameter of a single thing that is no part of an edition."""

    lang: Language = "da"


class OneAsked(OfEdition):
    """The parameters of a single thing."""


@router.get(
    "/editions", response=page_of(EditionRow), summary="Editions and their revisions, newest first", exclude_unset=True
)
def editions(request: HttpRequest, asked: Query[EditionsAsked]) -> Any:
    """Every revision that was ever public. A corrected one keeps its pinned name."""
    rows = [_edition(one) for one in ever_published()]
    found = edition_of(request, "")
    return answer(request, asked, paged(rows, asked), found) | {"edition": None}


@router.get("/editions/{release}", response=EditionRow, summary="One revision of an edition", exclude_unset=True)
def edition(request: HttpRequest, release: Path[Pinned], asked: Query[InLanguage]) -> Any:  # noqa: ARG001
    """One revision by its pinned name."""
    return _edition(edition_of(request, release).edition)


def _edition(one: Edition) -> dict[str, Any]:
    links = Links(f"@{one.release}")
    return {
        "release": one.release,
        "year": one.year,
        "revision": one.revision,
        "state": one.state,
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "corrected_at": one.corrected_at.isoformat() if one.corrected_at else None,
        "method_version": one.method_version,
        "note": localised(one, "note"),
        "reason": localised(one, "reason") or None,
        "demo": one.is_demo,
        "address": settings.SITE_ADDRESS + links.home(),
        "bundle": settings.SITE_ADDRESS + links.to("edition-csv").removesuffix("csv") + "zip",
    }


@router.get(
    "/municipalities",
    response=page_of(MunicipalityRow),
    summary="The municipalities, in Danish order",
    exclude_unset=True,
)
def municipalities(request: HttpRequest, asked: Query[MunicipalitiesAsked]) -> Any:
    """All municipalities: Æ, Ø, Å last, and Aa as Å."""
    found = edition_of(request, asked.edition)
    rows = with_population(everyone(), found.edition.year)
    return answer(request, asked, paged([_municipality(one, found) for one in rows], asked), found)


@router.get("/municipalities/{slug}", response=MunicipalityRow, summary="One municipality", exclude_unset=True)
def municipality(request: HttpRequest, slug: Path[Name], asked: Query[OneAsked]) -> Any:
    """One municipality by its name in addresses or its code."""
    found = edition_of(request, asked.edition)
    rows = with_population(everyone(), found.edition.year)
    row = rows.filter(Q(slug=slug) | Q(code=slug)).first()
    if row is None:
        raise NoSuchThing(f"There is no municipality {slug}.")
    return _municipality(row, found)


def _municipality(one: Municipality, of: ShownEdition) -> dict[str, Any]:
    population = getattr(one, "population", None)
    return {
        "code": one.code,
        "slug": one.slug,
        "name": one.name,
        "region": one.region.name,
        "region_code": one.region.code,
        "landsdel": one.landsdel,
        "kommunegruppe": one.kommunegruppe,
        "area_km2": one.area_km2,
        "population": None if population is None else int(population),
        "address": settings.SITE_ADDRESS + Links(of.prefix).municipality(one.slug),
    }


@router.get("/areas", response=page_of(SubjectRow), summary="The areas of an edition", exclude_unset=True)
def areas(request: HttpRequest, asked: Query[SubjectsAsked]) -> Any:
    """The areas, in the order of the catalogue."""
    return _subjects(request, asked, Level.AREA)


@router.get("/themes", response=page_of(SubjectRow), summary="The themes of an edition", exclude_unset=True)
def themes(request: HttpRequest, asked: Query[SubjectsAsked]) -> Any:
    """The themes, in the order of the catalogue."""
    return _subjects(request, asked, Level.THEME)


def _subjects(request: HttpRequest, asked: Any, level: Level) -> dict[str, Any]:
    found = edition_of(request, asked.edition)
    criteria = criteria_of(found.edition).filter(level=level)
    rows = [_subject(one, found) for one in criteria]
    return answer(request, asked, paged(rows, asked), found)


def _subject(one: Criterion, of: ShownEdition) -> dict[str, Any]:
    links = Links(of.prefix)
    area, theme = one.area, one.theme
    code = area.slug if area else theme.code if theme else ""
    return {
        "code": code,
        "name": localised(area or theme, "name"),
        "description": localised(area or theme, "description"),
        "parent": theme.area.slug if theme else None,
        "weight": one.weight,
        "address": settings.SITE_ADDRESS + (links.area(code) if area else links.theme(code)),
    }


@router.get("/indicators", response=page_of(IndicatorRow), summary="The indicators of an edition", exclude_unset=True)
def indicators(request: HttpRequest, asked: Query[IndicatorsAsked]) -> Any:
    """The indicators with definition, unit, direction, weight, goalposts and source, as the edition has them."""
    found = edition_of(request, asked.edition)
    rows = [_indicator(one, found) for one in _criteria(found)]
    rows = [row for row in rows if asked.theme in {None, row["theme"]} and asked.area in {None, row["area"]}]
    return answer(request, asked, paged(rows, asked), found)


@router.get("/indicators/{code}", response=IndicatorRow, summary="One indicator", exclude_unset=True)
def indicator(request: HttpRequest, code: Path[Name], asked: Query[OneAsked]) -> Any:
    """One indicator of an edition."""
    found = edition_of(request, asked.edition)
    one = _criteria(found).filter(indicator__code=code).first()
    if one is None:
        raise NoSuchThing(f"Edition {found.edition.release} has no indicator {code}.")
    return _indicator(one, found)


def _criteria(of: ShownEdition) -> Any:
    return indicator_criteria_of(of.edition)


def _indicator(one: Criterion, of: ShownEdition) -> dict[str, Any]:
    row = one.indicator
    if row is None or row.theme is None:
        raise ValueError(f"Criterion {one.pk} is no indicator's.")
    return {
        "code": row.code,
        "name": localised(row, "name"),
        "definition": localised(row, "definition"),
        "theme": row.theme.code,
        "area": row.theme.area.slug,
        "unit": phrases.unit(row),
        "decimals": row.decimals,
        "direction": one.direction,
        "direction_text": formatting.direction(one.direction),
        "weight": one.weight,
        "data_year": one.data_year,
        "goalpost_low": one.low,
        "goalpost_high": one.high,
        "source": localised(row.source, "name"),
        "source_url": row.source.url or None,
        "source_terms": localised(row.source, "terms") or None,
        "period_rule": period_rule(row.period_rule) or None,
        "caution": localised(row, "caution") or None,
        "address": settings.SITE_ADDRESS + Links(of.prefix).indicator(row.code),
    }
