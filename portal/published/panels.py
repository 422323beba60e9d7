"""A subject's figures over the editions that share its definition, as arrays: what is said over time is made of these.

The figures of an indicator are its values, those of a theme or an area its scores. Editions that repeat the last
figures (what is counted every second year) are left out; a break in the series, another set of indicators, other
weights or other goalposts end the stretch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from indicators.conditions import Known, people_of, per_person
from indicators.models import Indicator, Municipality, SeriesBreak
from portal.published.municipalities import everyone_in_order
from portal.published.municipality import conditions_until
from portal.published.rows import PlacementRow, placement_rows
from portal.published.subjects import Subject
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.engine.evidence import SpreadChange, spread_change
from rankings.engine.matrix import Floats
from rankings.models import Criterion, Edition, Level, Placement, Spread

OF_95_PER_CENT = 2 * 1.959964
"""A 95 per cent interval is so many standard errors wide."""


@dataclass(frozen=True)
class Panel:
    """Municipalities × editions of one definition, the oldest first. ``labels`` are the years that are printed: of the
    figures, or for scores of the editions. ``rows`` are the placements, by edition and municipality."""

    subject: Subject
    edition: Edition
    municipalities: tuple[Municipality, ...]
    editions: tuple[Edition, ...]
    labels: tuple[int, ...]
    rows: dict[tuple[int, int], PlacementRow]
    conditions: Callable[[], Known]

    def __len__(self) -> int:
        """Its rows."""
        return len(self.rows)

    @cached_property
    def values(self) -> Floats:
        """Values or scores, NaN where there is none."""
        of_indicator = self.subject.indicator is not None
        table = np.full((len(self.municipalities), len(self.editions)), np.nan)
        for line, one in enumerate(self.municipalities):
            for time, edition in enumerate(self.editions):
                row = self.rows.get((edition.pk, one.pk))
                figure = None if row is None else row.value if of_indicator else row.score
                if figure is not None:
                    table[line, time] = figure
        return table

    @cached_property
    def known(self) -> Known:
        """The conditions of each municipality, up to the edition's year. One query for all panels that are read
        together, and none where nobody asks."""
        return self.conditions()

    @cached_property
    def sizes(self) -> Floats:
        """Inhabitants; NaN where unknown."""
        return np.array([people_of(self.known.get(one.pk, {})).get("alle", np.nan) for one in self.municipalities])

    @cached_property
    def people(self) -> Floats | None:
        """How many people the figure is a share of, per municipality; None where that is not known."""
        indicator = self.subject.indicator
        if indicator is None or per_person(indicator.unit) is None:
            return None
        bases = [people_of(self.known.get(one.pk, {})).get(indicator.person_base) for one in self.municipalities]
        return None if None in bases else np.array(bases, dtype=float)

    @cached_property
    def errors(self) -> Floats | None:
        """The standard error of every value, from its interval or from how many people it is a share of; None where
        those of some edition are not known."""
        table = np.full(self.values.shape, np.nan)
        for line, one in enumerate(self.municipalities):
            for time, edition in enumerate(self.editions):
                row = self.rows.get((edition.pk, one.pk))
                if row is not None and row.value_low is not None and row.value_high is not None:
                    table[line, time] = (row.value_high - row.value_low) / OF_95_PER_CENT
        if self.people is not None and self.subject.indicator is not None:
            whole = per_person(self.subject.indicator.unit) or 1.0
            share = np.clip(self.values / whole, 0.0, 1.0)
            by_chance = whole * np.sqrt(share * (1 - share) / self.people[:, np.newaxis])
            table = np.where(np.isnan(table), by_chance, table)
        lacking = np.isnan(table) & ~np.isnan(self.values)
        return None if lacking.any() else table

    @cached_property
    def spread_change(self) -> SpreadChange | None:
        """Whether the municipalities lie further apart than at first; None where too few editions or figures say."""
        noise = None if self.errors is None else self.errors.T
        return spread_change(self.values.T, noise, self.sizes) if len(self.editions) > 1 else None


def panel(years: Sequence[Edition], subject: Subject) -> Panel:
    """A subject's panel over some editions, held while its pages are made."""
    return _panel(tuple(years), subject)


@shared_by_its_pages
def _panel(years: tuple[Edition, ...], subject: Subject) -> Panel:
    """Read a subject's panel over some editions, the oldest first and the last the one that it is about; five queries
    at most."""
    if subject.indicator is not None:
        return indicator_panels(years, [subject.indicator])[subject.code]
    editions = _same_parts(years, subject)
    placements = Placement.objects.filter(subject.where, edition__in=[one for one, _label in editions])
    return _made(subject, editions, placement_rows(placements), _Shared.of(years[-1]))


def indicator_panels(years: Sequence[Edition], indicators: Sequence[Indicator]) -> dict[str, Panel]:
    """The panels of some indicators by code, all of them together in five queries."""
    stretches = _unbroken(years, indicators)
    used = {edition for stretch in stretches.values() for edition, _label in stretch}
    placements = Placement.objects.filter(level=Level.INDICATOR, indicator__in=indicators, edition__in=used)
    rows: dict[int | None, list[PlacementRow]] = {}
    for row in placement_rows(placements):
        rows.setdefault(row.indicator_id, []).append(row)
    shared = _Shared.of(years[-1])
    return {
        one.code: _made(Subject(Level.INDICATOR, indicator=one), stretches[one.pk], rows.get(one.pk, []), shared)
        for one in indicators
    }


class _Shared(NamedTuple):
    """What panels that are read together have in common."""

    edition: Edition
    everyone: Sequence[Municipality]
    conditions: Callable[[], Known]

    @classmethod
    def of(cls, edition: Edition) -> "_Shared":
        """One query now, one when the conditions are asked for."""
        year = edition.year
        return cls(edition, everyone_in_order(), cache(lambda: conditions_until(year)))


def _made(
    subject: Subject, editions: Sequence[tuple[Edition, int]], placements: Sequence[PlacementRow], shared: _Shared
) -> Panel:
    keys = {one.pk for one, _label in editions}
    rows = {(row.edition_id, row.municipality_id): row for row in placements if row.edition_id in keys}
    there = {municipality for _edition, municipality in rows}
    return Panel(
        subject,
        shared.edition,
        tuple(one for one in shared.everyone if one.pk in there),
        tuple(one for one, _label in editions),
        tuple(label for _one, label in editions),
        rows,
        shared.conditions,
    )


def _unbroken(editions: Sequence[Edition], indicators: Sequence[Indicator]) -> dict[int, list[tuple[Edition, int]]]:
    """Of each indicator the editions with new figures since the last break in its series, with their data years."""
    years, breaks, collected = _of_all_indicators(tuple(editions))
    stretches: dict[int, list[tuple[Edition, int]]] = {one.pk: [] for one in indicators}
    for indicator, stretch in stretches.items():
        for edition in editions:
            year = years.get((indicator, edition.pk), 0)
            if (indicator, edition.pk) not in collected or (stretch and year <= stretch[-1][1]):
                continue
            if stretch and any((indicator, one) in breaks for one in range(stretch[-1][1] + 1, year + 1)):
                stretch.clear()
            stretch.append((edition, year))
    return stretches


@shared_in_release
def _of_all_indicators(
    editions: tuple[Edition, ...],
) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]], set[tuple[int, int]]]:
    """Each indicator's data year in each edition, the breaks in the series, and in which editions it has figures."""
    criteria = Criterion.objects.for_indicators().filter(edition__in=editions)
    years = {(row[0], row[1]): row[2] or 0 for row in criteria.values_list("indicator_id", "edition_id", "data_year")}
    breaks = set(SeriesBreak.objects.values_list("indicator_id", "year"))
    spreads = Spread.objects.filter(edition__in=editions, indicator__isnull=False, n__gt=0)
    return years, breaks, set(spreads.values_list("indicator_id", "edition_id"))


def _same_parts(editions: Sequence[Edition], subject: Subject) -> list[tuple[Edition, int]]:
    """The last editions that make the score of the same collected indicators with the same weights and goalposts."""
    parts: dict[int, set[tuple[object, ...]]] = {}
    criteria = Criterion.objects.filter(edition__in=editions, weight__gt=0).values_list(
        "edition_id", "indicator_id", "indicator__theme_id", "indicator__theme__area_id", "weight", "low", "high"
    )
    spreads = Spread.objects.filter(edition__in=editions, level=Level.INDICATOR, n__gt=0)
    collected = set(spreads.values_list("edition_id", "indicator_id"))
    for key, indicator, theme, area, *rule in criteria:
        inside = subject.theme is None or theme == subject.theme.pk
        inside &= subject.area is None or area == subject.area.pk
        if inside and (key, indicator) in collected:
            parts.setdefault(key, set()).add((indicator, *rule))
    stretch: list[tuple[Edition, int]] = []
    for edition in reversed(editions):
        if not parts.get(edition.pk) or parts[edition.pk] != parts.get(editions[-1].pk):
            break
        stretch.append((edition, edition.year))
    return stretch[::-1]
