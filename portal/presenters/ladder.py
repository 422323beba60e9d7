"""The ladder down: area → theme → indicator, of one municipality in one edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Area, Indicator, Theme
from portal import formatting
from portal.charts.lines import Spark, spark
from portal.charts.strip import percent, percents
from portal.links import Links
from portal.presenters import words
from portal.subjects import localised
from rankings.models import Placement, Spread


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
    symbol: str
    own: str
    spark: Spark | None
    missing: str
    note: str
    place: float | None
    change: float | None

    @property
    def how(self) -> str:
        """The row in words, for the short lists."""
        parts = [self.value, f"({self.direction})", self.rank, self.of]
        return " ".join(part for part in parts if part)


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
    symbol: str
    own: str
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
    placements: Mapping[tuple[str, int | None], Placement]
    earlier: Sequence[Mapping[tuple[str, int | None], Placement]]
    spreads: Mapping[tuple[str, int | None], Spread]
    indicators: Sequence[Indicator]


def ladder(shelf: Shelf) -> tuple[AreaLadder, ...]:
    """Build the whole ladder, in the order of the catalogue."""
    themes: dict[Theme, list[IndicatorRow]] = {}
    for indicator in shelf.indicators:
        if indicator.theme:
            themes.setdefault(indicator.theme, []).append(indicator_row(shelf, indicator))
    areas: dict[Area, list[ThemeRow]] = {}
    for theme, rows in themes.items():
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


def _theme_row(shelf: Shelf, theme: Theme, rows: list[IndicatorRow]) -> ThemeRow:
    placement = shelf.placements.get(("theme", theme.pk))
    spread = shelf.spreads.get(("theme", theme.pk))
    own = placement.score if placement and placement.rank is not None else None
    return ThemeRow(
        slug=theme.code,
        name=localised(theme, "name"),
        url=shelf.links.theme(theme.code),
        rank=words.rank(placement),
        of=words.of(placement),
        reason=_("For få tal til at placere") if placement and placement.rank is None else "",
        score=words.score(placement),
        symbol=theme.code,
        own=_on_strip(own, spread),
        rows=tuple(rows),
    )


def _on_strip(figure: float | None, spread: Spread | None, *, lower_is_right: bool = False) -> str:
    if figure is None or spread is None or spread.lowest is None or spread.highest is None:
        return ""
    ends = (spread.lowest, spread.highest)
    return percent(percents([figure], lower_is_right=lower_is_right, ends=ends)[0])


def indicator_row(shelf: Shelf, indicator: Indicator) -> IndicatorRow:
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
        symbol=indicator.code,
        own=_on_strip(figure, spread, lower_is_right=words.lower_is_right(indicator)),
        spark=_spark(shelf, indicator),
        missing=formatting.missing(placement.missing) if placement and placement.missing else "",
        note=_note(indicator, placement),
        place=_place(placement),
        change=_change(shelf, indicator),
    )


def _place(placement: Placement | None) -> float | None:
    """Where among the ranked it stands, 0 the best and 1 the worst: what strengths and challenges are picked by."""
    if placement is None or placement.rank is None or placement.rank_last is None or placement.n < 2:
        return None
    return ((placement.rank + placement.rank_last) / 2 - 1) / (placement.n - 1)


def _change(shelf: Shelf, indicator: Indicator) -> float | None:
    """Points won since the edition before; None where one is missing or a break lies between."""
    key = ("indicator", indicator.pk)
    now, before = shelf.placements.get(key), shelf.earlier[-1].get(key) if shelf.earlier else None
    if now is None or before is None or now.score is None or before.score is None:
        return None
    if now.data_year == before.data_year or _broken(indicator, before.data_year, now.data_year):
        return None
    return now.score - before.score


def _broken(indicator: Indicator, since: int | None, until: int | None) -> bool:
    years = range((since or 0) + 1, (until or 0) + 1)
    return any(year in years for year in _break_years(indicator))


def _break_years(indicator: Indicator) -> Sequence[int]:
    """The years its series breaks, as the page's query has annotated them."""
    return getattr(indicator, "break_years", None) or ()


def _note(indicator: Indicator, placement: Placement | None) -> str:
    if placement and placement.provisional:
        return _("foreløbigt tal")
    breaks = _break_years(indicator)
    return _("databrud i %(year)s") % {"year": breaks[-1]} if breaks else ""


def _spark(shelf: Shelf, indicator: Indicator) -> Spark | None:
    key = ("indicator", indicator.pk)
    line = [placements.get(key) for placements in (*shelf.earlier, shelf.placements)]
    breaks = frozenset(
        number
        for number in range(1, len(line))
        if _broken(indicator, _data_year(line[number - 1]), _data_year(line[number]))
    )
    return spark([placement.value if placement else None for placement in line], breaks_before=breaks)


def _data_year(placement: Placement | None) -> int | None:
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
