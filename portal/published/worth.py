"""What a figure says: whether its differences have grown, what chance does to it, what could be expected of it, and how
far each municipality's value can be acted on. Computed from the published figures, stored nowhere."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.conditions import per_person, table_of
from indicators.declared import conditions_of_themes
from portal.published import Direction, Indicator
from portal.published.edition import ShownEdition
from portal.published.municipality import conditions_until
from portal.published.panels import Panel, panel
from portal.published.proofs import doubts_in
from portal.published.rows import PlacementRow
from portal.published.subjects import Subject
from portal.serving.release import shared_in_release
from rankings.engine.evidence import (
    ABOVE,
    AS_EXPECTED,
    BELOW,
    BETTER,
    LEAST_FIT,
    NORMAL,
    NOT_CERTAIN,
    OUTSIDE,
    WITHIN,
    WORSE,
    Doubts,
    Expected,
    Funnel,
    beyond_expectation,
    expected,
    funnel,
)
from rankings.engine.matrix import Floats
from rankings.engine.normalise import SIGNS
from rankings.models import Edition
from rankings.quality import doubts_anew

FEWEST = 30
"""A condition that fewer municipalities have is left out of the model."""


@dataclass(frozen=True)
class Worth:
    """What is known of an indicator's figures in the edition that is shown; lines are the panel's municipalities."""

    panel: Panel
    indicator: Indicator

    @classmethod
    def of(cls, shown: ShownEdition, subject: Subject) -> "Worth":
        """Read it; six queries at most. Raises ValueError for what is no indicator."""
        if subject.indicator is None:
            msg = f"{subject.code} is no indicator."
            raise ValueError(msg)
        return cls(panel(shown.years, subject), subject.indicator)

    @property
    def newest(self) -> Floats:
        """The figures of the last edition that brought any."""
        values = self.panel.values
        return values[:, -1] if values.shape[1] else np.full(len(values), np.nan)

    def row(self, line: int) -> PlacementRow | None:
        """A municipality's placement of that edition."""
        if not self.panel.editions:
            return None
        return self.panel.rows.get((self.panel.editions[-1].pk, self.panel.municipalities[line].pk))

    @cached_property
    def funnel(self) -> Funnel | None:
        """Against chance; None where nobody knows of how many people the figure is a share."""
        people, whole = self.panel.people, per_person(self.indicator.unit)
        return None if people is None or whole is None else funnel(self.newest / whole * people, people)

    def against_chance(self, line: int) -> str | None:
        """Above or below what chance explains; within it; or beyond its outer limit, where one of so many may lie by
        chance and nothing is certain. None where it is not known."""
        of = self.funnel
        if of is None or np.isnan(of.z[line]):
            return None
        if of.outside[line]:
            return ABOVE if of.z[line] > 0 else BELOW
        return WITHIN if 2 * NORMAL.cdf(-abs(float(of.z[line]))) >= 1 - OUTSIDE else NOT_CERTAIN

    @cached_property
    def conditions(self) -> tuple[tuple[str, ...], Floats]:
        """The declared conditions that are known here, and the table of them."""
        theme = self.indicator.theme
        declared = conditions_of_themes().get(theme.code if theme else "")
        codes = declared.codes if declared else ()
        table = table_of(self.panel.municipalities, self.panel.known, codes)
        known = (~np.isnan(table)).sum(axis=0) >= FEWEST
        return tuple(code for code, there in zip(codes, known, strict=True) if there), table[:, known]

    @cached_property
    def fits(self) -> tuple[Expected | None, ...]:
        """The models of the last two editions, the last one first."""
        codes, table = self.conditions
        if not codes or self.indicator.direction == Direction.NEUTRAL:
            return ()
        return tuple(expected(column, table) for column in self.panel.values.T[:-3:-1])

    @cached_property
    def against_expected(self) -> list[str | None] | None:
        """Better or worse than the conditions foretell in two editions running; as expected; or outside its interval
        now, but not surely. By municipality, None of whom nothing is known; None where nothing may be said at all."""
        model = self.fits[0] if self.fits else None
        if model is None or len(self.fits) < 2 or any(one is None or one.fit < LEAST_FIT for one in self.fits):
            return None
        newest = self.panel.values[:, -1]
        values = [newest, self.panel.values[:, -2]]
        found = beyond_expectation(model, self.fits[1], values, SIGNS[self.indicator.direction])
        inside = (model.low <= newest) & (newest <= model.high)
        words = {1.0: BETTER, -1.0: WORSE}
        return [
            None if np.isnan(verdict) else words.get(verdict, AS_EXPECTED if within else NOT_CERTAIN)
            for verdict, within in zip(found.tolist(), inside.tolist(), strict=True)
        ]

    @cached_property
    def _doubted(self) -> Doubts:
        if not self.panel.editions:
            return {}
        edition, year = self.panel.editions[-1], self.panel.edition.year
        return doubts_in(edition, self.indicator) if year == edition.year else _aged(edition, self.indicator, year)

    def doubts(self, line: int) -> dict[str, int] | None:
        """The reasons against a municipality's value (`rankings.engine.evidence.grade`); None where it has none."""
        row = self.row(line)
        if row is None or row.value is None:
            return None
        return self._doubted.get((row.municipality_id, self.indicator.pk), {})


@shared_in_release
def _aged(edition: Edition, indicator: Indicator, year: int) -> Doubts:
    """The doubts of an edition's values with their age counted in another year."""
    return doubts_anew(edition, [indicator.pk], year=year, known=conditions_until(edition.year))
