"""A municipality's places over the editions: a drawing and the table of the same numbers."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from portal.charts.lines import LineChart, Series, line_chart
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.language import phrases as words
from portal.published.municipality import Figures
from portal.published.rows import OVERALL_KEY, Key
from portal.published.subjects import localised
from rankings.models import Edition


def method_breaks(editions: Sequence[Edition]) -> dict[int, str]:
    """The years whose edition was made by another method than the one before, with a note."""
    return {
        now.year: _("ny metode i %(year)s") % {"year": now.year}
        for before, now in pairwise(editions)
        if before.method_version != now.method_version
    }


def _subjects(figures: Figures) -> list[tuple[str, Key, str]]:
    areas = [(localised(area, "name"), ("area", area.pk), f"area-{area.code}") for area in figures.country.areas]
    return [(_("Samlet"), OVERALL_KEY, "chosen"), *areas]


def history_chart(figures: Figures) -> LineChart | None:
    """The ranks, 1 on top, overall and in each area; None with a single edition, or where it never had a rank."""
    shown = figures.shown
    if len(shown.years) < 2:
        return None
    series = []
    for name, key, css in _subjects(figures):
        rows = [figures.by_edition[edition.pk].get(key) for edition in shown.years]
        series.append(Series(name, [float(row.rank) if row and row.rank else None for row in rows], css))
    if not any(value for one in series for value in one.values):
        return None
    overall = [rows[OVERALL_KEY].n for rows in figures.by_edition.values() if OVERALL_KEY in rows]
    return line_chart(
        series,
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Placeringens udvikling over udgaverne."),
        ranks_of=max(overall, default=1),
        breaks=method_breaks(shown.years),
    )


def history_table(figures: Figures) -> Table:
    """The same as a table, newest first, with the scores."""
    subjects = _subjects(figures)
    notes = method_breaks(figures.shown.years)
    rows = []
    for edition in reversed(figures.shown.years):
        cells = []
        for name, key, _css in subjects:
            row = figures.by_edition[edition.pk].get(key)
            text = f"{words.rank_in_text(row)} {words.of(row)}".strip()
            cells.append(Cell(text, label=name, note=words.score(row), missing="" if text else words.rank(None)))
        rows.append(Row(str(edition.year), note=notes.get(edition.year, ""), cells=tuple(cells)))
    columns = (Column(_("Udgave")), *(Column(name, note=_("placering og score")) for name, _key, _css in subjects))
    return Table(_("Placering i hver udgave"), columns, tuple(rows))
