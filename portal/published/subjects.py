"""What a page is about: the whole index, an area, a theme or an indicator."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, Indicator, SeriesBreak, Source, Theme
from portal.addresses import Links
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.method import NOT_COLLECTED
from rankings.models import Criterion, Edition, Level

OVERALL_CODE = "samlet"  # what stands for the whole index in an address, a number and a file
Row = TypeVar("Row", Area, Theme, Indicator)


def localised(row: object, field: str) -> str:
    """A text of the data in the language of the page; Danish where the other is not written.

    Danish stands in ``name_da``, or in ``name`` where the model has one field for it.
    """
    language = "en" if get_language() == "en" else "da"
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_da", "") or getattr(row, field, "")


@dataclass(frozen=True)
class Subject:
    """A subject of a ranking. Exactly the field that its level names is set."""

    level: Level
    area: Area | None = None
    theme: Theme | None = None
    indicator: Indicator | None = None

    @property
    def name(self) -> str:
        """Its name in the language of the page."""
        row = self.area or self.theme or self.indicator
        return localised(row, "name") if row else _("Samlet")

    @property
    def short_name(self) -> str:
        """A name that fits a table head."""
        return (localised(self.indicator, "short") if self.indicator else "") or self.name

    @property
    def code(self) -> str:
        """What stands for it in an address, a sort key or a file."""
        if self.area:
            return self.area.slug
        if self.theme:
            return self.theme.code
        return self.indicator.code if self.indicator else OVERALL_CODE

    @cached_property
    def area_of(self) -> Area | None:
        """The area it is or lies in."""
        if self.indicator and self.indicator.theme:
            return self.indicator.theme.area
        return self.theme.area if self.theme else self.area

    @property
    def key(self) -> tuple[str, int | None]:
        """Its level and the primary key of what it is about."""
        row = self.area or self.theme or self.indicator
        return str(self.level), row.pk if row else None

    @property
    def where(self) -> Q:
        """The condition that finds its rows among placements, criteria and spreads."""
        return Q(level=self.level, area=self.area, theme=self.theme, indicator=self.indicator)

    def page(self, links: Links) -> str:
        """The address of its own page."""
        if self.area:
            return links.area(self.area.slug)
        if self.theme:
            return links.theme(self.theme.code)
        return links.indicator(self.indicator.code) if self.indicator else links.home()

    def ranking(self, links: Links) -> str:
        """The address of its ranking."""
        if self.level == Level.OVERALL:
            return links.ranking()
        return links.to(f"ranking-{self.level}", "code", self.code)

    def children(self, edition: Edition) -> list["Subject"]:
        """The subjects one step down that are part of the edition, in the order of the catalogue."""
        if self.level == Level.OVERALL:
            return [Subject(Level.AREA, area=area) for area in _in(Area.objects.all(), edition)]
        if self.area:
            themes = _in(Theme.objects.filter(area=self.area).select_related("area"), edition)
            return [Subject(Level.THEME, theme=theme) for theme in themes]
        if self.theme:
            indicators = _in(Indicator.objects.filter(theme=self.theme).select_related("theme__area"), edition)
            return [Subject(Level.INDICATOR, indicator=indicator) for indicator in indicators]
        return []

    def grandchildren(self, edition: Edition) -> list["Subject"]:
        """The subjects two steps down: every theme of the index, every indicator of an area."""
        if self.level == Level.OVERALL:
            themes = _in(Theme.objects.select_related("area"), edition)
            return [Subject(Level.THEME, theme=theme) for theme in themes]
        if self.area:
            indicators = Indicator.objects.filter(theme__area=self.area).select_related("theme__area")
            return [Subject(Level.INDICATOR, indicator=indicator) for indicator in _in(indicators, edition)]
        return []


def _in(rows: QuerySet[Row], edition: Edition) -> QuerySet[Row]:
    return rows.filter(criterion__edition=edition).order_by("position")


OVERALL = Subject(Level.OVERALL)


@shared_by_its_pages
def further_down(edition: Edition, subject: Subject, two_steps: bool = False) -> tuple[Subject, ...]:  # noqa: FBT001, FBT002  part of the key
    """The subjects one or two steps below one that are part of the edition, held while its pages are made."""
    return tuple(subject.grandchildren(edition) if two_steps else subject.children(edition))


@shared_by_its_pages
def breaks_of(indicator: Indicator) -> tuple[SeriesBreak, ...]:
    """The breaks in its series, rising."""
    return tuple(indicator.breaks.order_by("year"))


def every_subject(edition: Edition) -> list[Subject]:
    """The whole tree of an edition in three queries: each subject before its children, as the catalogue orders them."""
    areas = _in(Area.objects.all(), edition)
    themes = list(_in(Theme.objects.select_related("area"), edition))
    indicators = list(_in(Indicator.objects.select_related("theme__area"), edition))
    found = [OVERALL]
    for area in areas:
        found.append(Subject(Level.AREA, area=area))
        for theme in (one for one in themes if one.area_id == area.pk):
            found.append(Subject(Level.THEME, theme=theme))
            found += [Subject(Level.INDICATOR, indicator=one) for one in indicators if one.theme_id == theme.pk]
    return found


@shared_by_its_pages
def subject(level: str, code: str = "") -> Subject:
    """Find a subject by what stands in an address; Http404 when there is none."""
    try:
        match Level(level):
            case Level.OVERALL:
                return OVERALL
            case Level.AREA:
                return Subject(Level.AREA, area=Area.objects.get(slug=code))
            case Level.THEME:
                return Subject(Level.THEME, theme=Theme.objects.select_related("area").get(code=code))
            case Level.INDICATOR:
                indicator = shown_indicators().select_related("theme__area", "source").get(code=code)
                return Subject(Level.INDICATOR, indicator=indicator)
    except (Area.DoesNotExist, Theme.DoesNotExist, Indicator.DoesNotExist) as error:
        raise Http404(_("Der er ikke noget emne, der hedder %(code)s.") % {"code": code}) from error


def areas_of_edition(edition: Edition) -> QuerySet[Area]:
    """Its areas in the order of the catalogue."""
    return _in(Area.objects.all(), edition)


def themes_of_edition(edition: Edition) -> QuerySet[Theme]:
    """Its themes in the order of the catalogue."""
    return _in(Theme.objects.all(), edition)


def indicators_of_edition(edition: Edition) -> QuerySet[Indicator]:
    """Its indicators in the order of the catalogue."""
    return _in(Indicator.objects.all(), edition)


def all_areas() -> QuerySet[Area]:
    """Every area of the catalogue, in its order."""
    return Area.objects.order_by("position")


def all_themes() -> QuerySet[Theme]:
    """Every theme of the catalogue, in its order."""
    return Theme.objects.order_by("position")


def shown_indicators() -> QuerySet[Indicator]:
    """The indicators of the index that the public sees: not one that begins with an edition to come."""
    public = Criterion.objects.filter(edition__in=Edition.objects.ever_published(), indicator=OuterRef("pk"))
    return Indicator.objects.of_the_index().filter(Q(first_edition__isnull=True) | Exists(public))


def all_indicators() -> QuerySet[Indicator]:
    """Every indicator of the index, in the order of the catalogue."""
    return shown_indicators().order_by("position")


@shared_by_its_pages
def indicator_or_404(code: str) -> Indicator:
    """An indicator of the index with its theme, area and source."""
    return get_object_or_404(shown_indicators().select_related("theme__area", "source"), code=code)


def criteria_of(edition: Edition) -> QuerySet[Criterion]:
    """Every area, theme and indicator with its weight in an edition, in the order of the catalogue."""
    rows = Criterion.objects.of(edition).select_related("area", "theme__area", "indicator__theme__area")
    return rows.order_by("area__position", "theme__position", "indicator__position")


def shares_of_the_whole(criteria: Sequence[Criterion]) -> list[float]:
    """Each criterion's share of the whole index: its weight among its siblings, times its parent's share.

    They are a whole edition's, areas before themes before indicators or as `criteria_of` gives them.
    """
    among: dict[tuple[str, int | None], float] = defaultdict(float)
    for row in criteria:
        among[_parent(row)] += row.weight
    by_subject = {(row.level, row.area_id or row.theme_id or row.indicator_id): row for row in criteria}

    def share(row: Criterion) -> float:
        parent = _parent(row)
        above = share(by_subject[parent]) if parent in by_subject else 1.0
        return above * row.weight / (among[parent] or 1.0)

    return [share(row) for row in criteria]


def _parent(row: Criterion) -> tuple[str, int | None]:
    if row.indicator:
        return Level.THEME, row.indicator.theme_id
    return (Level.AREA, row.theme.area_id) if row.theme else (Level.OVERALL, None)


def indicator_criteria_of(edition: Edition) -> QuerySet[Criterion]:
    """The criteria of an edition's indicators, with their theme, area and source."""
    return Criterion.objects.of(edition).for_indicators().select_related("indicator__theme__area", "indicator__source")


@shared_in_release
def collected_in(edition: Edition, every: int | None = None) -> int:
    """How many indicators an edition has figures of: all it shows (``every``, where somebody has counted them), but of
    registers only those that were collected."""
    if every is not None and not edition.registers_only:
        return every
    return Criterion.objects.of(edition).for_indicators().exclude(note_da=NOT_COLLECTED).count()


@shared_by_its_pages
def criterion_of(edition: Edition, subject: Subject) -> Criterion | None:
    """What a subject weighs in an edition; None where it is no part of it."""
    return Criterion.objects.filter(subject.where, edition=edition).first()


@shared_by_its_pages
def data_years(subject: Subject, editions: tuple[Edition, ...]) -> dict[int, int | None]:
    """The year of a subject's figures by the editions' primary keys."""
    rows = Criterion.objects.filter(subject.where, edition__in=editions)
    return {row.edition_id: row.data_year for row in rows}


def sources_in_use() -> QuerySet[Source]:
    """The sources that some indicator has."""
    return Source.objects.filter(indicators__isnull=False)


def source_of(subject: Subject) -> str:
    """Who an indicator's figures come from; "" above the indicators."""
    return localised(subject.indicator.source, "name") if subject.indicator else ""


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
