"""The catalogue of an edition as light rows: indicators with their theme, area and source, in one query."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from indicators.models import Indicator, SeriesBreak
from portal.published.subjects import localised
from portal.serving.release import shared_in_release
from rankings.models import Edition


class AreaEntry(NamedTuple):
    """An area; the fields have the names of the model's."""

    pk: int
    code: str
    slug: str
    name_da: str
    name_en: str


class ThemeEntry(NamedTuple):
    """A theme in its area."""

    pk: int
    code: str
    name_da: str
    name_en: str
    description_da: str
    description_en: str
    area: AreaEntry


class IndicatorEntry(NamedTuple):
    """An indicator in its theme. ``break_years`` are the years its series breaks, rising."""

    pk: int
    code: str
    name_da: str
    name_en: str
    short_da: str
    short_en: str
    unit: str
    unit_en: str
    direction: str
    decimals: int
    value_min: float | None
    value_max: float | None
    source_table: str
    source_da: str
    source_en: str
    person_base: str
    break_years: tuple[int, ...]
    theme: ThemeEntry


_INDICATOR = ("pk", "code", "name_da", "name_en", "short_da", "short_en", "unit", "unit_en", "direction", "decimals",
              "value_min", "value_max", "source_table", "source__name", "source__name_en", "person_base",
              "break_years")  # fmt: skip
_THEME = ("code", "name_da", "name_en", "description_da", "description_en")
_AREA = ("pk", "code", "slug", "name_da", "name_en")


@shared_in_release
def catalogue(edition: Edition) -> list[IndicatorEntry]:
    """The indicators that are part of an edition, in the order of the catalogue."""
    breaks = SeriesBreak.objects.filter(indicator=OuterRef("pk")).order_by("year").values("year")
    rows: Iterable[tuple[Any, ...]] = (
        Indicator.objects.filter(criterion__edition=edition, theme__isnull=False)
        .annotate(break_years=ArraySubquery(breaks))
        .order_by("position")
        .values_list(
            *_INDICATOR,
            "theme_id",
            *(f"theme__{field}" for field in _THEME),
            *(f"theme__area__{field}" for field in _AREA),
        )
    )
    areas: dict[int, AreaEntry] = {}
    themes: dict[int, ThemeEntry] = {}
    entries = []
    split = len(_INDICATOR)
    for row in rows:
        theme = themes.get(row[split])
        if theme is None:
            area = AreaEntry._make(row[-len(_AREA) :])
            area = areas.setdefault(area.pk, area)
            theme = themes[row[split]] = ThemeEntry._make((*row[split : -len(_AREA)], area))
        entries.append(IndicatorEntry._make((*row[: split - 1], tuple(row[split - 1] or ()), theme)))
    return entries


def areas_of(entries: list[IndicatorEntry]) -> list[AreaEntry]:
    """The areas of a catalogue, in its order."""
    return list(dict.fromkeys(entry.theme.area for entry in entries))


def themes_of(entries: list[IndicatorEntry]) -> dict[ThemeEntry, list[IndicatorEntry]]:
    """The indicators under their themes, in the order of the catalogue."""
    themes: dict[ThemeEntry, list[IndicatorEntry]] = {}
    for entry in entries:
        themes.setdefault(entry.theme, []).append(entry)
    return themes


@shared_in_release
def _context() -> tuple[Indicator, ...]:
    return tuple(Indicator.objects.context())


def context_names(codes: Iterable[str]) -> list[str]:
    """The names of context figures, in the order of the codes, in the language of the page."""
    named = {one.code: localised(one, "name") for one in _context()}
    return [named.get(code, code) for code in codes]
