"""A municipality's row of an indicator: what is said of the indicator to everyone, and what is its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.lines import spark
from portal.charts.scale import Scale, coordinate
from portal.language import formatting, phrases
from portal.language.worth import Worth
from portal.language.worth import worth as said_worth
from portal.published.rows import (
    PlacementRow,
    SpreadRow,
)
from portal.published.subjects import IndicatorEntry, localised


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """What a row says of its indicator, the same for every municipality: its markup is made once (portal.markup)."""

    code: str
    name: str
    url: str
    direction: str
    source: str
    median: str
    sprite: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of templates/components/ladder.html, with what the findings are picked by."""

    indicator: IndicatorText
    value: str
    year: str
    rank: str
    of: str
    own: str
    spark: SafeString
    missing: str
    note: str
    trace: str
    change: float | None
    answered: str = ""
    story: str = ""

    @property
    def how(self) -> str:
        """The row in words, for the short lists."""
        parts = [self.value, f"({self.indicator.direction})", self.rank, self.of]
        return " ".join(part for part in parts if part)

    @property
    def moved(self) -> str:
        """How many points its score won or lost since the edition before, or which answer became which; may be empty.

        Yes and no have no distance: an answer that changed is a hundred points, and that says nothing.
        """
        if not self.change:
            return ""
        if self.answered:
            words = {"before": self.answered, "now": self.value}
            return _("fra %(before)s til %(now)s siden sidst") % words
        return _("%(points)s point siden sidst") % {"points": formatting.signed(self.change, 1)}


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of an edition, ready for rows in one language: its text, and what a value needs to be written."""

    entry: IndicatorEntry
    text: IndicatorText
    unit: str
    scale: Scale | None
    break_note: str
    language: str

    @classmethod
    def of(cls, entry: IndicatorEntry, spread: SpreadRow | None, links: Links) -> "Measure":
        """Prepare an indicator in the language that is active now."""
        text = IndicatorText(
            code=entry.code,
            name=localised(entry, "name"),
            url=links.indicator(entry.code),
            direction=phrases.direction(entry),
            source=source(entry),
            median=phrases.value(entry, spread.median if spread else None),
            sprite=links.to("strips"),
        )
        note = _("databrud i %(year)s") % {"year": entry.break_years[-1]} if entry.break_years else ""
        return cls(
            entry,
            text,
            phrases.unit(entry),
            strip_scale(spread, lower_is_right=phrases.lower_is_right(entry)),
            note,
            get_language() or "da",
        )

    def row(
        self,
        now: PlacementRow | None,
        earlier: Sequence[PlacementRow | None],
        trace: str,
        story: str = "",
        tag: str = "",
    ) -> IndicatorRow:
        """Build one row: value, place, median, strip, development. ``earlier``: editions before, oldest first;
        ``tag``: what is said of the figure."""
        figure = now.value if now else None
        before = earlier[-1] if earlier else None
        return IndicatorRow(
            indicator=self.text,
            value="" if figure is None else formatting.with_unit(figure, self.unit, self.entry.decimals, self.language),
            year=str(now.data_year) if now else "",
            rank=phrases.rank_in_text(now, self.language),
            of=phrases.of(now, self.language),
            own=coordinate(self.scale.at(figure)) if self.scale and figure is not None else "",
            spark=self._spark(now, earlier),
            missing=formatting.missing(now.missing, self.language) if now and now.missing else "",
            note=self._note(now, tag),
            trace="" if figure is None else trace,
            change=self._change(now, before),
            answered=self._answered(before),
            story=story,
        )

    def _answered(self, before: PlacementRow | None) -> str:
        """What was answered in the edition before, of a question of yes and no; empty for any other figure."""
        if before is None or before.value is None or not formatting.is_yes_no(self.unit):
            return ""
        return formatting.with_unit(before.value, self.unit, self.entry.decimals, self.language)

    def _note(self, now: PlacementRow | None, tag: str) -> str:
        provisional = _("foreløbigt tal") if now and now.provisional else ""
        worth = said_worth(self.entry, Worth.of(self.entry, now) if now else None, self.language)
        return ", ".join(note for note in (tag, worth, provisional, self.break_note) if note)

    def _change(self, now: PlacementRow | None, before: PlacementRow | None) -> float | None:
        """Points won since the edition before; None where one is missing or a break lies between."""
        if now is None or before is None or now.score is None or before.score is None:
            return None
        if now.data_year == before.data_year or self._broken(before.data_year, now.data_year):
            return None
        return now.score - before.score

    def _broken(self, since: int | None, until: int | None) -> bool:
        return any((since or 0) < year <= (until or 0) for year in self.entry.break_years)

    def _spark(self, now: PlacementRow | None, earlier: Sequence[PlacementRow | None]) -> SafeString:
        line = (*earlier, now)
        breaks: frozenset[int] = frozenset()
        if self.entry.break_years:
            years = [point.data_year if point else None for point in line]
            breaks = frozenset(
                number for number in range(1, len(years)) if self._broken(years[number - 1], years[number])
            )
        drawn = spark(tuple(point.value if point else None for point in line), breaks_before=breaks)
        return drawn.svg if drawn else SafeString()


def strip_scale(spread: SpreadRow | None, *, lower_is_right: bool = False) -> Scale | None:
    """From the lowest figure to the highest, the better to the right, in percent; None where they are not known."""
    if spread is None or spread.lowest is None or spread.highest is None:
        return None
    left, right = (100.0, 0.0) if lower_is_right else (0.0, 100.0)
    return Scale(spread.lowest, spread.highest, left, right)


def source(indicator: IndicatorEntry) -> str:
    """Who the figures come from, in the language of the page, with the table where it has a name."""
    name = indicator.source_en or indicator.source_da if get_language() == "en" else indicator.source_da
    return f"{name}, {indicator.source_table}" if indicator.source_table else name
