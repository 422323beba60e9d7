"""Developments over the editions as Plotly figures: the twins of the drawings the server makes."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Municipality
from portal.charts import figures
from portal.components.medians import YES_NO, cut_axis, median_series
from portal.components.rank_history import method_breaks
from portal.language import formatting
from portal.language import phrases as words
from portal.published.edition import Shown
from portal.published.subjects import Subject, localised
from rankings.models import Level, Placement


def frame(shown: Shown, title: str, source: str = "") -> figures.Frame:
    """What a saved picture says of itself: source and edition, and that demo figures are invented."""
    parts = [source] if source else []
    parts.append(_("Socialt Indeks, udgave %(release)s") % {"release": shown.edition.release})
    if shown.edition.is_demo:
        parts.append(_("demodata: tallene er opdigtede"))
    return figures.Frame(title, " · ".join(parts), get_language() or "da", cut_axis())


def development_figure(shown: Shown, municipality: Municipality) -> dict[str, Any]:
    """A municipality's ranks over the editions, overall and in each area; 1 on top."""
    rows = (
        Placement.objects.filter(
            municipality=municipality, edition__in=shown.years, level__in=[Level.OVERALL, Level.AREA]
        )
        .select_related("area")
        .order_by("area__position")
    )
    ranks: dict[tuple[str, str], dict[int, Placement]] = {}
    for row in rows:
        key = (localised(row.area, "name"), f"area-{row.area.code}") if row.area else (_("Samlet"), "chosen")
        ranks.setdefault(key, {})[row.edition_id] = row
    lines = [
        figures.Line(name, [_rank(found.get(edition.pk)) for edition in shown.years], css)
        for (name, css), found in sorted(ranks.items(), key=lambda item: item[0][1] != "chosen")
    ]
    largest = max((row.n for found in ranks.values() for row in found.values()), default=1)
    return figures.development(
        lines,
        [edition.year for edition in shown.years],
        frame(shown, _("%(name)s: placering i hver udgave") % {"name": municipality.name}),
        value_text=lambda rank: formatting.rank_in_text(round(rank)),
        ranks_of=largest,
        breaks=method_breaks(shown.years),
    )


def _rank(placement: Placement | None) -> float | None:
    return float(placement.rank) if placement and placement.rank else None


def median_figure(shown: Shown, subject: Subject) -> dict[str, Any]:
    """An indicator's national median over its data years, cut at breaks in the series."""
    indicator = subject.indicator
    series = median_series(shown, subject)
    title = _("%(name)s: median over årene") % {"name": subject.name}
    return figures.development(
        [figures.Line(_("Median"), series.medians, "chosen")],
        series.years,
        frame(shown, title, localised(indicator.source, "name") if indicator else ""),
        value_text=lambda figure: words.value(indicator, figure) if indicator else formatting.score(figure),
        breaks=series.breaks,
        marks=YES_NO if indicator and formatting.is_yes_no(indicator.unit) else (),
    )
