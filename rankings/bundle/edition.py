"""The tables of a whole edition: placements at every level, the catalogue as it was, the files it was made from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q

from indicators.models import Area, Indicator, Municipality, Theme, Upload
from rankings.bundle.formats import About, DataTable, Field, Value, as_printed, columns
from rankings.engine.evidence import Doubts, graded, unpacked
from rankings.models import Criterion, Edition, Level, Placement

TOO_LITTLE = "too_little"
PLACEMENT = columns(
    "edition", "level", "subject", "subject_name", "municipality_code", "municipality", "rank", "rank_last", "n",
    "score", "score_full", "low", "high", "value", "value_full", "unit", "direction", "data_year", "missing",
    "provisional", "coverage", "trace", "upload", "note", "asked", "answered", "value_low", "value_high", "interval",
    "shown", "method_low", "method_high", "quality", "quality_why",
)  # fmt: skip
SINCE_SAMPLING = frozenset({"method_low", "method_high", "quality", "quality_why"})
"""Columns that an edition of an older method never had: its pinned files keep the columns they were published with."""
MUNICIPALITY = columns("code", "name_da", "slug", "region", "landsdel", "kommunegruppe", "area_km2")
CATALOGUE = columns(
    "level", "code", "name_da", "name_en", "parent", "weight", "direction", "unit", "decimals", "data_year",
    "goalpost_low", "goalpost_high", "definition_da", "definition_en", "source", "source_terms",
)  # fmt: skip
UPLOAD = columns("sha256", "file", "size", "uploaded_at", "demo")
IN_ORDER = ("area__position", "theme__position", "indicator__position")
FIGURES = (
    "municipality__code", "municipality__name", "rank", "rank_last", "n", "printed", "score", "low", "high", "value",
    "data_year", "missing", "provisional", "coverage", "upload__sha256", "measurement__asked", "measurement__answered",
    "measurement__low", "measurement__high", "measurement__interval", "measurement__shown", "method_low", "method_high",
)  # fmt: skip
LEVELS = (Level.OVERALL, Level.AREA, Level.THEME, Level.INDICATOR)


def placements(edition: Edition) -> DataTable:
    """Every placement of an edition: the whole, the areas, the themes, the indicators with their values."""
    fields = columns_of(edition, PLACEMENT)
    about = _about(edition, "alle placeringer og værdier")
    return DataTable("placements", fields, about, lambda: (row[: len(fields)] for row in rows_of(edition)))


def municipalities(edition: Edition) -> DataTable:
    """The municipalities as they were when the file was written."""
    return DataTable("municipalities", MUNICIPALITY, _about(edition, "kommunerne"), _municipalities)


def catalogue(edition: Edition) -> DataTable:
    """Areas, themes and indicators with weights, directions, goalposts, definitions and sources."""
    return DataTable("catalogue", CATALOGUE, _about(edition, "kataloget"), lambda: _catalogue(edition))


def uploads(edition: Edition) -> DataTable:
    """The files that the edition's values came from."""
    return DataTable("uploads", UPLOAD, _about(edition, "indberetningerne"), lambda: _uploads(edition))


def columns_of(edition: Edition, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Those of the columns that an edition's files have. The newer ones stand last, so that a row is cut to them."""
    if edition.method["robustness"].get("sampling", False):
        return fields
    return tuple(field for field in fields if field.name not in SINCE_SAMPLING)


def directions_of(edition: Edition) -> dict[int | None, str]:
    """Which way was good in this edition, by indicator: frozen in its criteria, whatever the catalogue says now."""
    return dict(Criterion.objects.of(edition).for_indicators().values_list("indicator_id", "direction"))


def missing_of(placement: Placement) -> str:
    """The kind of missing: the value's, or too_little where a score lacks the coverage; "" where nothing is."""
    if placement.level == Level.INDICATOR:
        return placement.missing
    return TOO_LITTLE if placement.printed is None else ""


def rows_of(
    edition: Edition,
    only: Q | None = None,
    *,
    english: bool = False,
    start: int = 0,
    stop: int | None = None,
    doubted: Doubts | None = None,
    levels: Sequence[Level] = LEVELS,
) -> Iterator[tuple[Value, ...]]:
    """Rows of PLACEMENT, from the whole down to the indicators, in the order of the catalogue and of Danish names.

    Plain tuples straight from the database: four times as fast as model instances, and half of all the work.
    ``only`` picks some placements, ``start`` and ``stop`` a stretch of them; names of subjects, units and the note
    are in Danish or English. ``doubted``: the reasons against the values, where somebody has them already; ``levels``
    are those that ``only`` leaves anything of, where it does not of all.
    """
    if doubted is None:
        doubted = {key: unpacked(packed) for key, packed in Placement.objects.of(edition).doubted().items()}
    note, directions = edition.warning(english=english) or None, directions_of(edition)
    subjects = {level: _subjects(level, english=english) for level in levels}
    for level in levels:
        rows = (
            Placement.objects.of(edition).filter(only or Q(), level=level).order_by(*IN_ORDER, "municipality__sort_key")
        )
        stretch = rows.values_list(_key(level), "indicator", "municipality", *FIGURES)
        if stop is not None:
            size = rows.count()
            stretch, start, stop = stretch[max(start, 0) : max(stop, 0)], start - size, stop - size
        for key, indicator, municipality, *row in stretch.iterator(chunk_size=5_000):
            code, name, unit, decimals = subjects[level][key]
            against = doubted.get((municipality, indicator), {}) if level == Level.INDICATOR else None
            subject = (code, name, unit, decimals, directions.get(indicator))
            yield *_row(edition.release, level, subject, row[:-2], note), *row[-2:], *quality_cells(row[9], against)


def _row(
    release: str, level: str, subject: tuple[str, str, str | None, int, str | None], row: list[Any], note: str | None
) -> tuple[Value, ...]:
    code, name, unit, decimals, direction = subject
    (municipality_code, municipality, rank, last, n, printed, score, low, high, value, year, missing, provisional,
     coverage, upload, asked, answered, value_low, value_high, interval, shown) = row  # fmt: skip
    if level != Level.INDICATOR:
        missing, provisional, direction = (TOO_LITTLE if printed is None else None), None, None
    return (
        release, level, code, name, municipality_code, municipality, rank, last, n, printed, score, low, high,
        as_printed(value, decimals), value, unit, direction, year, missing or None, provisional,
        round(coverage, 6), f"{release}-{municipality_code}-{code}", upload, note,
        asked, answered, value_low, value_high, interval or None, shown,
    )  # fmt: skip


def quality_cells(value: float | None, against: Mapping[str, int] | None) -> tuple[Value, Value]:
    """The grade of a value and the reasons against it; nothing where there is no value."""
    if value is None or against is None:
        return None, None
    return graded(against), " ".join(against) or None


def _key(level: Level) -> str:
    return "edition" if level == Level.OVERALL else str(level)


def _subjects(level: Level, *, english: bool) -> Mapping[int, tuple[str, str, str | None, int]]:
    """Code, name, unit and decimals of every subject of a level, by primary key."""
    match level:
        case Level.AREA:
            return {one.pk: (one.slug, one.name_en if english else one.name_da, None, 0) for one in Area.objects.all()}
        case Level.THEME:
            return {one.pk: (one.code, one.name_en if english else one.name_da, None, 0) for one in Theme.objects.all()}
        case Level.INDICATOR:
            return {one.pk: _indicator(one, english=english) for one in Indicator.objects.all()}
    return defaultdict(lambda: ("samlet", "Overall" if english else "Samlet", None, 0))


def _indicator(one: Indicator, *, english: bool) -> tuple[str, str, str, int]:
    if english:
        return one.code, one.name_en, one.unit_en or one.unit, one.decimals
    return one.code, one.name_da, one.unit, one.decimals


def _municipalities() -> Iterator[tuple[Value, ...]]:
    for one in Municipality.objects.select_related("region").order_by("code"):
        yield one.code, one.name, one.slug, one.region.name, one.landsdel, one.kommunegruppe, one.area_km2


def _catalogue(edition: Edition) -> Iterator[tuple[Value, ...]]:
    criteria = Criterion.objects.of(edition).select_related(
        "area", "theme__area", "indicator__theme", "indicator__source"
    )
    in_order = criteria.order_by("area__position", "theme__position", "indicator__position")
    for level in LEVELS[1:]:
        for one in in_order.filter(level=level):
            yield _criterion(one)


def _criterion(one: Criterion) -> tuple[Value, ...]:
    indicator = one.indicator
    if indicator:
        parent = indicator.theme.code if indicator.theme else None
        return (
            one.level, indicator.code, indicator.name_da, indicator.name_en, parent, one.weight, one.direction,
            indicator.unit, indicator.decimals, one.data_year, one.low, one.high, indicator.definition_da,
            indicator.definition_en or None, indicator.source.name, indicator.source.terms_da or None,
        )  # fmt: skip
    row = one.area or one.theme
    if row is None:
        raise ValueError(f"Criterion {one.pk} has no subject.")
    code = one.area.slug if one.area else row.code
    parent = one.theme.area.slug if one.theme else None
    words = (row.description_da or None, row.description_en or None)
    return one.level, code, row.name_da, row.name_en, parent, one.weight, *[None] * 6, *words, None, None


def _uploads(edition: Edition) -> Iterator[tuple[Value, ...]]:
    used = Placement.objects.of(edition).filter(upload__isnull=False).values("upload")
    for one in Upload.objects.filter(pk__in=used).defer("options", "report").order_by("uploaded_at", "sha256"):
        yield one.sha256, one.name, one.size, one.uploaded_at.isoformat(), one.is_demo


def _about(edition: Edition, what: str) -> About:
    return About(
        title=f"Socialt Indeks {edition.release}: {what}",
        release=edition.release,
        address=f"{settings.SITE_ADDRESS}/@{edition.release}/",
        is_demo=edition.is_demo,
        of_the_index=edition.of_the_index,
        notes=_sources(edition),
    )


def _sources(edition: Edition) -> tuple[tuple[str, str], ...]:
    criteria = Criterion.objects.of(edition).for_indicators().select_related("indicator__source")
    indicators = [criterion.indicator for criterion in criteria if criterion.indicator]
    terms = {one.source.name: one.source.terms_da for one in indicators}
    return (
        *((f"Kilde: {name}", text or "Se kilden.") for name, text in sorted(terms.items())),
        *(
            (f"Indikator: {one.name_da} [{one.code}]", f"{one.definition_da} Kilde: {one.source.name}.")
            for one in indicators
        ),
    )
