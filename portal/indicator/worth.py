"""What a figure says: whether its differences have grown, what chance does to it, what could be expected of it, and how
far each municipality's value can be acted on. Computed from the published figures, stored nowhere."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.conditions import per_person, table_of
from indicators.declared import conditions_of_themes
from portal.published import Direction, Indicator
from portal.published.edition import ShownEdition
from portal.published.panels import Panel, panel
from portal.published.rows import PlacementRow
from portal.published.subjects import Subject
from rankings.engine.expected import FEWEST, Fit, fit, verdicts
from rankings.engine.matrix import Floats
from rankings.engine.normalise import SIGNS
from rankings.engine.small_places import Funnel, funnel
from rankings.quality import Known, Quality, quality

OWN_WORD = "survey_managers"


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
        return cls(panel(shown, subject), subject.indicator)

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
        return None if people is None or whole is None else funnel(self.newest / whole, people)

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
    def fits(self) -> tuple[Fit | None, ...]:
        """The models of the last two editions, the last one first."""
        codes, table = self.conditions
        if not codes or self.indicator.direction == Direction.NEUTRAL:
            return ()
        return tuple(fit(column, table) for column in self.panel.values.T[:-3:-1])

    @cached_property
    def against_expected(self) -> list[int] | None:
        """1 better, −1 worse, 0 as expected in two editions running; None where nothing may be said."""
        if len(self.fits) < 2:
            return None
        columns = self.panel.values.T
        sign = SIGNS[self.indicator.direction]
        found = verdicts((self.fits[0], columns[-1]), (self.fits[1], columns[-2]), sign)
        return None if found is None else [int(one) for one in found]

    @cached_property
    def distance(self) -> float:
        """From the 10th to the 90th percentile of the municipalities; 0 where it is not known."""
        present = self.newest[~np.isnan(self.newest)]
        return float(np.subtract(*np.percentile(present, [90, 10]))) if present.size else 0.0

    def quality(self, line: int) -> Quality | None:
        """The grade of a municipality's value; None where it has none."""
        row = self.row(line)
        if row is None or row.value is None:
            return None
        return quality(
            Known(
                width=self._width(row, line),
                answered=None if not row.asked or row.answered is None else row.answered / row.asked,
                age=self.panel.shown.edition.year - (row.data_year or self.panel.shown.edition.year),
                provisional=row.provisional,
                own_word=self.indicator.source_kind == OWN_WORD,
            )
        )

    def _width(self, row: PlacementRow, line: int) -> float | None:
        """How wide a value's interval is, as a part of how far apart the municipalities lie."""
        if self.distance <= 0:
            return None
        if row.value_low is not None and row.value_high is not None:
            return (row.value_high - row.value_low) / self.distance
        errors = self.panel.errors
        return None if errors is None else 2 * 1.959964 * float(errors[line, -1]) / self.distance
