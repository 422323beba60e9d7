"""The declared pairs of need and help in an edition, and the themes' scores: read for the pages of need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indicators.conditions import per_person
from indicators.declared import Need, needs
from indicators.models import Indicator, Municipality, Theme
from portal.published.edition import ShownEdition
from portal.published.panels import Panel, indicator_panels
from portal.published.rows import fetched
from portal.published.subjects import themes_of_edition
from rankings.engine.matrix import Floats
from rankings.engine.need import Together, beyond_ordinary, together
from rankings.models import Edition, Level, Placement


@dataclass(frozen=True)
class Pair:
    """What shows a need beside what shows the help, over the municipalities that have either. ``of`` pairs on a page
    share the chance of being wrong."""

    declared: Need
    need: Panel
    help: Panel
    of: int

    @cached_property
    def municipalities(self) -> tuple[Municipality, ...]:
        """Everybody in either."""
        both = {one.pk: one for one in (*self.need.municipalities, *self.help.municipalities)}
        return tuple(sorted(both.values(), key=lambda one: one.sort_key))

    def table(self, panel: Panel) -> Floats:
        """A side's figures of its last two editions (or the one there is), lines as ``municipalities``."""
        line_of = {one.pk: line for line, one in enumerate(panel.municipalities)}
        values = panel.values[:, -2:]
        gap = np.full(values.shape[1], np.nan)
        return np.array([values[line_of[one.pk]] if one.pk in line_of else gap for one in self.municipalities])

    @cached_property
    def sides(self) -> tuple[Floats, Floats]:
        """Need and help, each municipalities × its last editions."""
        return self.table(self.need), self.table(self.help)

    @cached_property
    def together(self) -> Together | None:
        """Whether they go together over the country."""
        need, given = self.sides
        times = min(need.shape[1], given.shape[1])
        return together(need[:, -times:], given[:, -times:], self.of) if times else None

    @cached_property
    def beyond(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of every municipality whether its need, and its help, is larger or smaller than most have."""
        return self._beyond(self.sides[0]), self._beyond(self.sides[1])

    def _beyond(self, side: Floats) -> NDArray[np.int64]:
        if side.shape[1] < 2:
            return np.zeros(len(side), dtype=np.int64)
        return beyond_ordinary(side[:, 0], side[:, 1])

    @cached_property
    def persons(self) -> Floats | None:
        """How many people the need is, where the base is known; NaN where there is no figure."""
        indicator, people = self.need.subject.indicator, self.need.people
        whole = None if indicator is None else per_person(indicator.unit)
        if people is None or whole is None:
            return None
        counts = dict(zip((one.pk for one in self.need.municipalities), people.tolist(), strict=True))
        bases = np.array([counts.get(one.pk, np.nan) for one in self.municipalities])
        persons: Floats = self.sides[0][:, -1] * bases / whole
        return persons


def pairs_of(years: Sequence[Edition], code: str = "") -> list[Pair]:
    """The declared pairs whose two indicators have figures in the last of these editions, all or the one of a code. Six
    queries."""
    asked = [one for one in needs() if code in ("", one.code)]
    codes = [side for one in asked for side in (one.need, one.help)]
    rows = {one.code: one for one in Indicator.objects.filter(code__in=codes).select_related("theme__area", "source")}
    panels = indicator_panels(years, list(rows.values()))
    there = {code for code, panel in panels.items() if panel.editions}
    return [
        Pair(one, panels[one.need], panels[one.help], len(needs()))
        for one in asked
        if one.need in there and one.help in there
    ]


def theme_scores(shown: ShownEdition) -> tuple[Sequence[Theme], Floats]:
    """The edition's themes and everybody's scores in them, municipalities × themes. Two queries."""
    themes = list(themes_of_edition(shown.edition).select_related("area"))
    column = {theme.pk: place for place, theme in enumerate(themes)}
    rows = fetched(
        Placement.objects.of(shown.edition)
        .filter(level=Level.THEME, score__isnull=False)
        .values_list("municipality_id", "theme_id", "score")
    )
    line_of = {key: line for line, key in enumerate(sorted({row[0] for row in rows}))}
    scores = np.full((len(line_of), len(themes)), np.nan)
    for municipality, theme, score in rows:
        if theme in column:
            scores[line_of[municipality], column[theme]] = score
    return themes, scores
