"""The ladder down: area → theme → indicator, of one municipality in one edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Municipality
from portal import formatting
from portal.catalogue import AreaEntry, IndicatorEntry, ThemeEntry, themes_of
from portal.charts.lines import spark
from portal.charts.strip import percent, percents, use
from portal.links import Links
from portal.placed import Key, Placed, Spanned
from portal.presenters import words
from portal.subjects import localised
from portal.trace.numbers import trace_url
from rankings.models import Edition


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of templates/components/indicator_table.html, with what the findings are picked by."""

    code: str
    name: str
    url: str
    value: str
    year: str
    direction: str
    rank: str
    of: str
    median: str
    strip: SafeString
    spark: SafeString
    missing: str
    note: str
    source: str
    trace: str
    place: float | None
    change: float | None

    @property
    def how(self) -> str:
        """The row in words, for the short lists."""
        parts = [self.value, f"({self.direction})", self.rank, self.of]
        return " ".join(part for part in parts if part)

    @property
    def moved(self) -> str:
        """How many points its score won or lost since the edition before; empty where that cannot be said."""
        if not self.change:
            return ""
        return _("%(points)s point siden sidst") % {"points": formatting.signed(self.change, 1)}


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of the ladder with its indicators."""

    slug: str
    name: str
    url: str
    rank: str
    of: str
    reason: str
    score: str
    strip: SafeString | str
    rows: tuple[IndicatorRow, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class AreaLadder:
    """An area of the ladder with its themes."""

    code: str
    name: str
    url: str
    rank: str
    of: str
    themes: tuple[ThemeRow, ...]


@dataclass(frozen=True)
class Shelf:
    """Everything the ladder is built from: one municipality's placements and what they are compared with."""

    links: Links
    edition: Edition
    municipality: Municipality
    placements: Mapping[Key, Placed]
    earlier: Sequence[Mapping[Key, Placed]]
    spreads: Mapping[Key, Spanned]
    indicators: list[IndicatorEntry]

    @property
    def sprite(self) -> str:
        """Where the edition's strips are."""
        return self.links.to("strips")


def ladder(shelf: Shelf) -> tuple[AreaLadder, ...]:
    """Build the whole ladder, in the order of the catalogue."""
    areas: dict[AreaEntry, list[ThemeRow]] = {}
    for theme, entries in themes_of(shelf.indicators).items():
        rows = [indicator_row(shelf, entry) for entry in entries]
        areas.setdefault(theme.area, []).append(_theme_row(shelf, theme, rows))
    return tuple(
        AreaLadder(
            code=area.code,
            name=localised(area, "name"),
            url=shelf.links.area(area.slug),
            rank=words.rank(shelf.placements.get(("area", area.pk))),
            of=words.of(shelf.placements.get(("area", area.pk))),
            themes=tuple(rows),
        )
        for area, rows in areas.items()
    )


def _theme_row(shelf: Shelf, theme: ThemeEntry, rows: list[IndicatorRow]) -> ThemeRow:
    placement = shelf.placements.get(("theme", theme.pk))
    ranked = placement is not None and placement.rank is not None
    own = _on_strip(placement.score if placement and ranked else None, shelf.spreads.get(("theme", theme.pk)))
    return ThemeRow(
        slug=theme.code,
        name=localised(theme, "name"),
        url=shelf.links.theme(theme.code),
        rank=words.rank(placement),
        of=words.of(placement),
        reason="" if ranked else _("For få tal til at placere"),
        score=words.score(placement),
        strip=use(shelf.sprite, theme.code, own) if own else "",
        rows=tuple(rows),
    )


def _on_strip(figure: float | None, spread: Spanned | None, *, lower_is_right: bool = False) -> str:
    if figure is None or spread is None or spread.lowest is None or spread.highest is None:
        return ""
    ends = (spread.lowest, spread.highest)
    return percent(percents([figure], lower_is_right=lower_is_right, ends=ends)[0])


def indicator_row(shelf: Shelf, indicator: IndicatorEntry) -> IndicatorRow:
    """Build one row: value, place, median, strip, development."""
    key = ("indicator", indicator.pk)
    placement = shelf.placements.get(key)
    spread = shelf.spreads.get(key)
    figure = placement.value if placement else None
    return IndicatorRow(
        code=indicator.code,
        name=localised(indicator, "name"),
        url=shelf.links.indicator(indicator.code),
        value=words.value(indicator, figure),
        year=str(placement.data_year) if placement else "",
        direction=words.direction(indicator),
        rank=words.rank_in_text(placement),
        of=words.of(placement),
        median=words.value(indicator, spread.median if spread else None),
        strip=use(
            shelf.sprite, indicator.code, _on_strip(figure, spread, lower_is_right=words.lower_is_right(indicator))
        ),
        spark=_spark(shelf, indicator),
        missing=formatting.missing(placement.missing) if placement and placement.missing else "",
        note=_note(indicator, placement),
        source=source(indicator),
        trace=trace_url(shelf.edition.release, shelf.municipality.code, indicator.code) if figure is not None else "",
        place=_place(placement),
        change=_change(shelf, indicator),
    )


def _place(placement: Placed | None) -> float | None:
    """Where among the ranked it stands, 0 the best and 1 the worst: what strengths and challenges are picked by."""
    if placement is None or placement.rank is None or placement.rank_last is None or placement.n < 2:
        return None
    return ((placement.rank + placement.rank_last) / 2 - 1) / (placement.n - 1)


def _change(shelf: Shelf, indicator: IndicatorEntry) -> float | None:
    """Points won since the edition before; None where one is missing or a break lies between."""
    key = ("indicator", indicator.pk)
    now, before = shelf.placements.get(key), shelf.earlier[-1].get(key) if shelf.earlier else None
    if now is None or before is None or now.score is None or before.score is None:
        return None
    if now.data_year == before.data_year or _broken(indicator, before.data_year, now.data_year):
        return None
    return now.score - before.score


def _broken(indicator: IndicatorEntry, since: int | None, until: int | None) -> bool:
    return any((since or 0) < year <= (until or 0) for year in indicator.break_years)


def source(indicator: IndicatorEntry) -> str:
    """Who the figures come from, in the language of the page, with the table where it has a name."""
    name = indicator.source_en or indicator.source_da if get_language() == "en" else indicator.source_da
    return f"{name}, {indicator.source_table}" if indicator.source_table else name


def _note(indicator: IndicatorEntry, placement: Placed | None) -> str:
    notes = []
    if placement and placement.provisional:
        notes.append(_("foreløbigt tal"))
    if indicator.break_years:
        notes.append(_("databrud i %(year)s") % {"year": indicator.break_years[-1]})
    return ", ".join(notes)


def _spark(shelf: Shelf, indicator: IndicatorEntry) -> SafeString:
    key = ("indicator", indicator.pk)
    line = [placements.get(key) for placements in (*shelf.earlier, shelf.placements)]
    breaks = frozenset(
        number
        for number in range(1, len(line))
        if _broken(indicator, _data_year(line[number - 1]), _data_year(line[number]))
    )
    drawn = spark([placement.value if placement else None for placement in line], breaks_before=breaks)
    return drawn.svg if drawn else SafeString()


def _data_year(placement: Placed | None) -> int | None:
    return placement.data_year if placement else None


def strengths(rows: Sequence[IndicatorRow], most: int = 3) -> tuple[IndicatorRow, ...]:
    """The indicators where the municipality stands among the best fifth, best first."""
    placed = [row for row in rows if row.place is not None and row.place <= 0.2]
    return tuple(sorted(placed, key=lambda row: row.place or 0.0)[:most])


def challenges(rows: Sequence[IndicatorRow], most: int = 3) -> tuple[IndicatorRow, ...]:
    """The indicators where the municipality stands among the worst fifth, worst first."""
    placed = [row for row in rows if row.place is not None and row.place >= 0.8]
    return tuple(sorted(placed, key=lambda row: -(row.place or 0.0))[:most])


def movers(rows: Sequence[IndicatorRow], most: int = 3) -> tuple[IndicatorRow, ...]:
    """The indicators whose score changed most since the edition before, either way."""
    moved = [row for row in rows if row.change]
    return tuple(sorted(moved, key=lambda row: -abs(row.change or 0.0))[:most])
