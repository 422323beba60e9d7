"""A subject's figures over the editions that share its definition, as arrays: what is said over time is made of these.

The figures of an indicator are its values, those of a theme or an area its scores. Editions that repeat the last
figures (what is counted every second year) are left out; a break in the series, another set of indicators, other
weights or other goalposts end the stretch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.conditions import Known, known_conditions, people_of, per_person
from indicators.models import Indicator, Municipality
from portal.published.edition import ShownEdition
from portal.published.rows import PlacementRow, placement_rows
from portal.published.subjects import Subject
from rankings.engine.matrix import Floats
from rankings.models import Criterion, Edition, Level, Placement, Spread

OF_95_PER_CENT = 2 * 1.959964
"""A 95 per cent interval is so many standard errors wide."""


@dataclass(frozen=True)
class Panel:
    """Municipalities × editions of one definition, the oldest first. ``labels`` are the years that are printed: of the
    figures, or for scores of the editions. ``rows`` are the placements, by edition and municipality."""

    subject: Subject
    shown: ShownEdition
    municipalities: tuple[Municipality, ...]
    editions: tuple[Edition, ...]
    labels: tuple[int, ...]
    rows: dict[tuple[int, int], PlacementRow]

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
        """The conditions of each municipality, up to the edition's year. One query."""
        return known_conditions(self.shown.edition.year)

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


def panel(shown: ShownEdition, subject: Subject, editions: Sequence[Edition] | None = None) -> Panel:
    """Read a subject's panel up to the edition that is shown; four queries at most. ``editions``: these instead."""
    chosen = _of_one_definition(shown, subject) if editions is None else [(one, one.year) for one in editions]
    placements = Placement.objects.filter(subject.where, edition__in=[one for one, _label in chosen])
    rows = {(row.edition_id, row.municipality_id): row for row in placement_rows(placements)}
    everyone = tuple(Municipality.objects.order_by("sort_key"))
    there = {municipality for _edition, municipality in rows}
    return Panel(
        subject,
        shown,
        tuple(one for one in everyone if one.pk in there),
        tuple(edition for edition, _label in chosen),
        tuple(label for _edition, label in chosen),
        rows,
    )


def _of_one_definition(shown: ShownEdition, subject: Subject) -> list[tuple[Edition, int]]:
    if subject.indicator is not None:
        return _unbroken(shown, subject, subject.indicator)
    return _same_parts(shown, subject)


def _unbroken(shown: ShownEdition, subject: Subject, indicator: Indicator) -> list[tuple[Edition, int]]:
    """The editions with new figures since the last break in the series, with their data years."""
    criteria = Criterion.objects.filter(subject.where, edition__in=shown.years)
    years = dict(criteria.values_list("edition_id", "data_year"))
    breaks = set(indicator.breaks.values_list("year", flat=True))
    collected = set(
        Spread.objects.filter(subject.where, edition__in=shown.years, n__gt=0).values_list("edition_id", flat=True)
    )
    stretch: list[tuple[Edition, int]] = []
    for edition in shown.years:
        year = years.get(edition.pk) or 0
        if edition.pk not in collected or (stretch and year <= stretch[-1][1]):
            continue
        if stretch and any(one in breaks for one in range(stretch[-1][1] + 1, year + 1)):
            stretch = []
        stretch.append((edition, year))
    return stretch


def _same_parts(shown: ShownEdition, subject: Subject) -> list[tuple[Edition, int]]:
    """The last editions that make the score of the same collected indicators with the same weights and goalposts."""
    parts: dict[int, set[tuple[object, ...]]] = {}
    criteria = Criterion.objects.filter(edition__in=shown.years, weight__gt=0).values_list(
        "edition_id", "indicator_id", "indicator__theme_id", "indicator__theme__area_id", "weight", "low", "high"
    )
    spreads = Spread.objects.filter(edition__in=shown.years, level=Level.INDICATOR, n__gt=0)
    collected = set(spreads.values_list("edition_id", "indicator_id"))
    for key, indicator, theme, area, *rule in criteria:
        inside = subject.theme is None or theme == subject.theme.pk
        inside &= subject.area is None or area == subject.area.pk
        if inside and (key, indicator) in collected:
            parts.setdefault(key, set()).add((indicator, *rule))
    stretch: list[tuple[Edition, int]] = []
    for edition in reversed(shown.years):
        if not parts.get(edition.pk) or parts[edition.pk] != parts.get(shown.edition.pk):
            break
        stretch.append((edition, edition.year))
    return stretch[::-1]
