"""The chart of what was measured: the place's own line in the fan of all others.

For every edition the values are regressed on the level before the start, as the verdict does; drawn is how far each
municipality lies over or under what its start lets be expected. The mean of the drawn points after is the residual.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.charts.scale import Mark, Scale, labelled, ticks
from portal.language import formatting, phrases
from rankings.engine import before_after
from rankings.engine.matrix import Floats
from rankings.practices.figures import Figures
from rankings.practices.models import AimDirection, MeasuredHere

LEFT, RIGHT = 11.0, 74.0  # per cent across: first and last edition
TOP, BOTTOM, HEIGHT = 34.0, 296.0, 330
MOST_MARKS = 5


def fan(figures: Figures, row: MeasuredHere, indicator: Indicator) -> dict[str, Any] | None:
    """What templates/practices/fan.html draws; None where there is no verdict to draw.

    Lines are points "x,y" of a box of 100 × 100, the years its width.
    """
    if row.p is None:
        return None
    years = [year for year in figures.years if year >= row.years_before[0] and figures.is_fresh(indicator.pk, year)]
    away = _away(figures, row, indicator.pk, years)
    own = away[:, figures.line_of[row.municipality_id]]
    low, high = np.nanpercentile(away, 5, axis=1), np.nanpercentile(away, 95, axis=1)
    reach = float(np.nanmax(np.abs(np.stack([own, low, high])))) * 1.35 or 1.0
    across, down = Scale(years[0], years[-1], 0, 100), Scale(-reach, reach, 100, 0)
    px = Scale(-reach, reach, BOTTOM, TOP)
    at = Scale(years[0], years[-1], LEFT, RIGHT)
    points = [(year, value) for year, value in zip(years, own.tolist(), strict=True) if value == value]  # noqa: PLR0124
    began = row.aim.practice.started_on
    start = began.year + (began.month - 1) / 12 if began else years[0]
    return dict(
        height=HEIGHT,
        left=f"{LEFT}%",
        top=str(TOP),
        width=f"{RIGHT - LEFT}%",
        depth=str(BOTTOM - TOP),
        others=tuple(
            _line(across, down, years, np.clip(away[:, line], -reach, reach))
            for line in range(away.shape[1])
            if line != figures.line_of[row.municipality_id] and not np.isnan(away[:, line]).any()
        ),
        band=f"{_line(across, down, years, high)} {_line(across, down, years[::-1], low[::-1])}",
        own=_line(across, down, [year for year, _value in points], [value for _year, value in points]),
        points=tuple(Mark(x=f"{at.at(year):.2f}%", y=f"{px.at(value):.1f}") for year, value in points),
        grid=tuple(
            Mark(y=f"{px.at(mark):.1f}", text=said)
            for mark, said in labelled(ticks(-reach, reach, MOST_MARKS), formatting.signed)
        ),
        years=tuple(Mark(x=f"{at.at(year):.2f}%", text=str(year)) for year in years),
        start=Mark(x=f"{at.at(min(max(start, years[0]), years[-1])):.2f}%", text=_began(row)),
        label=Mark(y=f"{px.at(points[-1][1]):.1f}", text=row.municipality.name),
        band_at=f"{px.at(float(high[-1])):.1f}",
        expected_at=f"{px.at(0.0):.1f}",
        end=f"{RIGHT + 1.5}%",
        says=_says(row, indicator),
    )


def _away(figures: Figures, row: MeasuredHere, indicator: int, years: Sequence[int]) -> Floats:
    """Editions × municipalities: over (+) or under (−) what the start lets be expected; NaN where a figure is missing,
    and for all that the verdict does not compare."""
    asked = [*row.years_before, *row.years_after]
    known = np.asarray(~np.isnan(figures.table(indicator, asked)).any(axis=1))
    start = before_after.level(figures.table(indicator, row.years_before))
    result = np.full((len(years), len(known)), np.nan)
    for line, year in enumerate(years):
        values = figures.values[indicator, year]
        there = known & ~np.isnan(values)
        if there.sum() >= before_after.LEAST_UNITS:
            result[line, there] = before_after.residuals(start[there], values[there, np.newaxis])[:, 0]
    return result


def _line(across: Scale, down: Scale, years: Sequence[int], values: Sequence[float] | Floats) -> str:
    return " ".join(
        f"{across.at(year):.1f},{down.at(float(value)):.1f}" for year, value in zip(years, values, strict=True)
    )


def _began(row: MeasuredHere) -> str:
    began = row.aim.practice.started_on
    if began is None:
        return ""
    day = formatting.date(began).split(" ", 1)[1]  # without the day of the month
    return _("begyndt %(month)s") % {"month": day}


def _says(row: MeasuredHere, indicator: Indicator) -> str:
    unit = formatting.unit_name(phrases.unit(indicator))
    up_is_good = row.aim.direction == AimDirection.RISE
    way = _("Opad er den vej, praksissen ville.") if up_is_good else _("Nedad er den vej, praksissen ville.")
    text = _(
        "%(unit)s over eller under det, man kan vente ud fra kommunens udgangspunkt. Hver grå linje er en kommune."
    )
    return f"{(text % {'unit': unit})[:1].upper()}{(text % {'unit': unit})[1:]} {way}"
