"""The catalogue goes from the files shipped with the code into the database."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from indicators.danish import search_key, sort_key
from indicators.declared import rows_of
from indicators.models import (
    Area,
    Indicator,
    Municipality,
    MunicipalityAlias,
    Place,
    Region,
    RegionMembership,
    Role,
    SeriesBreak,
    Source,
    Theme,
)

from .defining import touched_fields

DATA = Path(__file__).resolve().parent.parent / "data"
REGION_CODES = {
    "Region Nordjylland": "1081",
    "Region Midtjylland": "1082",
    "Region Syddanmark": "1083",
    "Region Hovedstaden": "1084",
    "Region Sjælland": "1085",
}
_FIRST_DAY = dt.date(2007, 1, 1)
"""The day the municipalities and regions of today began."""
_SLUG_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-"})


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """One thing that loading the catalogue added or changed."""

    what: str
    code: str
    field: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        if not self.field:
            return f"{self.what} {self.code}: added"
        return f"{self.what} {self.code}: {self.field} {self.old!r} → {self.new!r}"


@transaction.atomic
def load_catalogue(*, data: Path | None = None, accept_changes: bool = False) -> list[CatalogueChange]:
    """Seed an empty site with the shipped catalogue; what changed. Without ``data`` it is the setting CATALOGUE.

    Regions, municipalities and places follow the files always. Areas, themes, sources and indicators belong to the
    people of a site from its first day: there they are left as they are, unless ``accept_changes`` says that the files
    are right, and even then but for what somebody has changed by a proposal. Idempotent.
    """
    data = data or settings.CATALOGUE
    changes = _load_municipalities(data)
    if Indicator.objects.exists() and not accept_changes:
        return changes
    mine = touched_fields()
    changes += _load_areas_and_themes(data, mine)
    changes += _load_indicators(data, mine)
    return changes + _load_series_breaks(data)


def differences(*, data: Path | None = None) -> list[CatalogueChange]:
    """What ``load_catalogue(accept_changes=True)`` would change. Nothing is."""
    with transaction.atomic():
        found = load_catalogue(data=data, accept_changes=True)
        transaction.set_rollback(True)
    return found


def _load_municipalities(data: Path) -> list[CatalogueChange]:
    changes: list[CatalogueChange] = []
    rows = rows_of(data / "municipalities.csv")
    for name, code in sorted({(row["region"], row.get("region_code") or REGION_CODES[row["region"]]) for row in rows}):
        changes += _bring_in_line(Region, "code", code, {"name": name})
    regions = {region.name: region for region in Region.objects.all()}
    there = set(Municipality.objects.values_list("code", flat=True))
    for row in rows:
        name = row["name"]
        values = {
            "name": name,
            "slug": name.casefold().translate(_SLUG_LETTERS),
            "landsdel": row["landsdel"],
            "kommunegruppe": row["kommunegruppe"],
            "area_km2": float(row["area_km2"]),
            "sort_key": sort_key(name),
            "search_key": search_key(name),
        }
        if row["code"] not in there:  # later it is the region of the newest public edition
            values["region"] = regions[row["region"]]
        changes += _bring_in_line(Municipality, "code", row["code"], values)
    municipalities = {municipality.code: municipality for municipality in Municipality.objects.all()}
    known = set(MunicipalityAlias.objects.values_list("name", flat=True))
    for row in rows_of(data / "municipality_aliases.csv"):
        if row["alias"] not in known:  # one that is there may have been put right here
            values = {"municipality": municipalities[row["code"]], "search_key": search_key(row["alias"])}
            changes += _bring_in_line(MunicipalityAlias, "name", row["alias"], values)
    return changes + _load_memberships(data, rows, municipalities) + _load_places(data, municipalities)


def _load_memberships(
    data: Path, rows: Iterable[Mapping[str, str]], municipalities: Mapping[str, Municipality]
) -> list[CatalogueChange]:
    """Which region each municipality belongs to and from when, for those of whom nothing is said yet."""
    becomes = {row["region"]: row for row in rows_of(data / "region_changes.csv")}
    for change in becomes.values():
        Region.objects.get_or_create(code=change["becomes_code"], defaults={"name": change["becomes"]})
    regions = {region.name: region for region in Region.objects.all()}
    said = set(RegionMembership.objects.values_list("municipality__code", flat=True))
    new = []
    for row in (row for row in rows if row["code"] not in said):
        one = partial(RegionMembership, municipality=municipalities[row["code"]])
        then = becomes.get(row["region"])
        on = dt.date.fromisoformat(then["on"]) if then else None
        new.append(one(region=regions[row["region"]], begins=_FIRST_DAY, ends=on))
        if then and on:
            new.append(one(region=regions[then["becomes"]], begins=on))
    RegionMembership.objects.bulk_create(new)
    return [CatalogueChange("regionmembership", str(each.municipality)) for each in new]


def _load_places(data: Path, municipalities: Mapping[str, Municipality]) -> list[CatalogueChange]:
    known = {(place.name, place.postcode) for place in Place.objects.all()}
    new = [
        Place(
            municipality=municipalities[row["code"]],
            name=row["name"],
            postcode=row["postcode"],
            search_key=search_key(f"{row['postcode']} {row['name']}"),
        )
        for row in rows_of(data / "places.csv")
        if (row["name"], row["postcode"]) not in known
    ]
    Place.objects.bulk_create(new)
    return [CatalogueChange("place", place.name) for place in new]


Touched = Mapping[tuple[str, str], set[str]]


def _load_areas_and_themes(data: Path, mine: Touched) -> list[CatalogueChange]:
    changes: list[CatalogueChange] = []
    for row in rows_of(data / "areas.csv"):
        changes += _bring_in_line(Area, "code", row.pop("code"), _numbers(row), mine)
    areas = {area.code: area for area in Area.objects.all()}
    for row in rows_of(data / "themes.csv"):
        values = {**_numbers(row), "area": areas[row["area"]]}
        changes += _bring_in_line(Theme, "code", values.pop("code"), values, mine)
    return changes


def _load_indicators(data: Path, mine: Touched) -> list[CatalogueChange]:
    rows = rows_of(data / "indicators.csv")
    context = rows_of(data / "context_figures.csv")
    texts = {row["code"]: row for row in rows_of(data / "indicator_texts.csv")}
    changes = _load_sources(data, [*rows, *context], mine)
    sources = {source.name: source for source in Source.objects.all()}
    themes = {theme.code: theme for theme in Theme.objects.all()}
    places = dict(Indicator.objects.values_list("code", "position"))
    last = max(places.values(), default=0)
    for number, row in enumerate([*rows, *context], start=1):
        values = _indicator_values({**row, **texts.get(row["code"], {})})
        values["position"] = places.get(row["code"], last + number)
        values["source"] = sources[row["source_name"]]
        values["theme"] = themes[row["theme_code"]] if row.get("theme_code") else None
        values["role"] = Role.INDEX if row.get("theme_code") else Role.CONTEXT
        changes += _bring_in_line(Indicator, "code", row["code"], values, mine)
    return changes


def _load_series_breaks(data: Path) -> list[CatalogueChange]:
    changes: list[CatalogueChange] = []
    for row in rows_of(data / "series_breaks.csv"):
        indicator = Indicator.objects.get(code=row["code"])
        notes = {"note_da": row["note_da"], "note_en": row["note_en"]}
        series_break, created = SeriesBreak.objects.get_or_create(
            indicator=indicator, year=int(row["year"]), defaults=notes
        )
        if created:
            changes.append(CatalogueChange("seriesbreak", f"{row['code']} {row['year']}"))
        elif (series_break.note_da, series_break.note_en) != (row["note_da"], row["note_en"]):
            SeriesBreak.objects.filter(pk=series_break.pk).update(**notes)
            changes.append(CatalogueChange("seriesbreak", row["code"], "note", series_break.note_da, row["note_da"]))
    return changes


def _load_sources(data: Path, indicator_rows: Iterable[Mapping[str, str]], mine: Touched) -> list[CatalogueChange]:
    changes: list[CatalogueChange] = []
    described = {row["source_name"]: row for row in rows_of(data / "sources.csv")}
    for name in dict.fromkeys(row["source_name"] for row in indicator_rows):
        row = described.get(name, {})
        values = {
            "kind": row.get("kind", ""),
            "name_en": row.get("name_en") or name,
            "url": row.get("url", ""),
            "terms_da": row.get("terms_da", ""),
            "terms_en": row.get("terms_en", ""),
        }
        changes += _bring_in_line(Source, "name", name, values, mine)
    return changes


_FLOATS = ("plausible_min", "plausible_max", "typical_median", "value_min", "value_max")
_TEXTS = tuple(
    f"{name}_{language}"
    for name in ("name", "short", "definition", "why", "numerator", "denominator", "caution")
    for language in ("da", "en")
)


def _indicator_values(row: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row.get(name, "") for name in _TEXTS}
    values |= {name: float(row[name]) if row.get(name) else None for name in _FLOATS}
    values |= {
        "unit": row["unit"],
        "unit_en": row.get("unit_en", ""),
        "direction": row.get("direction") or "neutral",
        "decimals": int(row["decimals"]),
        "source_table": row.get("source_table", ""),
        "source_kind": row.get("source_kind", "register"),
        "every_years": int(row.get("every_years") or 1),
        "influenceable": row.get("influenceable", "false") == "true",
        "person_base": row.get("person_base", ""),
        "search_key": search_key(f"{row['name_da']} {row['name_en']} {row.get('short_da', '')}"),
    }
    return values


def _numbers(row: Mapping[str, str]) -> dict[str, Any]:
    return {key: int(value) if key == "position" else value for key, value in row.items()}


def _bring_in_line(
    model: type[models.Model], key: str, code: str, values: Mapping[str, Any], mine: Touched | None = None
) -> list[CatalogueChange]:
    """Create the row, or change the fields that differ and that nobody here has changed (``mine``); say what was
    done."""
    manager = model._default_manager
    row = manager.filter(**{key: code}).first()
    kind = model._meta.model_name or ""
    if row is None:
        manager.create(**{key: code}, **values)
        return [CatalogueChange(kind, code)]
    kept = (mine or {}).get((kind, code), set())
    changed = {
        name: value for name, value in values.items() if getattr(row, name) != value and not {name, f"{name}_id"} & kept
    }
    changes = [
        CatalogueChange(kind, code, name, str(getattr(row, name)), str(value)) for name, value in changed.items()
    ]
    if changed:
        manager.filter(pk=row.pk).update(**changed)
    return changes
