"""How the scores of an area or a theme lie over the editions."""

from django.utils.translation import gettext as _

from portal.charts.lines import LineChart, Series, line_chart
from portal.components.medians import with_axis
from portal.components.rank_history import method_breaks
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.published.edition import Shown
from portal.published.rows import Spanned, spanned
from portal.published.subjects import Subject
from rankings.models import Spread


def spreads_over_editions(shown: Shown, subject: Subject) -> list[Spanned | None]:
    """The spread in each edition up to the shown one, oldest first; None where the edition has none."""
    rows = {row.edition_id: row for row in spanned(Spread.objects.filter(subject.where, edition__in=shown.years))}
    return [rows.get(edition.pk) for edition in shown.years]


def development_chart(shown: Shown, spreads: list[Spanned | None]) -> LineChart | None:
    """The median score and the quartiles; None with a single edition. A change of method is a marked break."""
    if len(shown.years) < 2:
        return None
    chart = line_chart(
        [
            Series(_("Median"), [row.median if row else None for row in spreads], "chosen"),
            Series(_("Nedre kvartil"), [row.lower_quartile if row else None for row in spreads], "context"),
            Series(_("Øvre kvartil"), [row.upper_quartile if row else None for row in spreads], "context"),
        ],
        [edition.year for edition in shown.years],
        text=formatting.score,
        says=_("Scoren i hver udgave: den midterste halvdel af kommunerne ligger mellem kvartilerne."),
        breaks=method_breaks(shown.years),
    )
    return with_axis(chart)


def development_table(shown: Shown, spreads: list[Spanned | None]) -> Table:
    """The same as a table, newest first."""
    heads = (_("Median"), _("Nedre kvartil"), _("Øvre kvartil"), _("Laveste"), _("Højeste"), _("Placerede kommuner"))
    notes = method_breaks(shown.years)
    rows = []
    for edition, row in zip(reversed(shown.years), reversed(spreads), strict=True):
        scores = (row.median, row.lower_quartile, row.upper_quartile, row.lowest, row.highest) if row else (None,) * 5
        texts = ["" if score is None else formatting.score(score) for score in scores]
        cells = zip((*texts, str(row.n) if row else ""), heads, strict=True)
        missing = "" if row else _("ikke med i udgaven")
        rows.append(
            Row(
                str(edition.year),
                note=notes.get(edition.year, ""),
                cells=tuple(Cell(text, head, css="number", missing=missing) for text, head in cells),
            )
        )
    columns = (Column(_("Udgave")), *(Column(head, css="number") for head in heads))
    return Table(_("Scorens udvikling"), columns, tuple(rows))
