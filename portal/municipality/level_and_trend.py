"""Where a municipality's figures stand and where they are going, in one view: three levels by three ways."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.components.links import Link, citation, pinned
from portal.language import formatting, phrases
from portal.municipality.lists import standing
from portal.published.catalogue import IndicatorEntry
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.over_time import all_movements
from portal.published.subjects import localised
from rankings.engine.normalise import SIGNS
from rankings.trend import FEWEST_YEARS

WORST_FIRST = (-1, 0, 1)


def level_and_trend_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """Gather the page: every figure that is ranked stands in one of nine fields, or among those that nothing is said
    of."""
    figures = figures_of(shown, slug, links)
    fields, untold = _sorted_into_fields(figures)
    title = _("%(name)s: hvor tallene ligger, og hvor de er på vej hen") % {"name": figures.municipality.name}
    here = Links(f"@{shown.edition.release}").to("municipality-level", "slug", slug)
    return dict(
        title=title,
        name=figures.municipality.name,
        back=links.municipality(slug),
        says=_says(fields),
        fields=tuple(
            dict(
                title=_title(level, way),
                count=len(found),
                folded=way == 0,
                figures=[_named(figures, entry) for entry in found],
            )
            for level in WORST_FIRST
            for way in WORST_FIRST
            for found in [fields[level, way]]
        ),
        untold=tuple(Link(localised(entry, "name"), figures.story(entry.code)) for entry in untold),
        fewest=FEWEST_YEARS,
        citation=citation(shown, title),
        permalink=pinned(here),
    )


def _sorted_into_fields(
    figures: Figures,
) -> tuple[Mapping[tuple[int, int], list[IndicatorEntry]], list[IndicatorEntry]]:
    movements = all_movements(tuple(figures.shown.years))
    fields: dict[tuple[int, int], list[IndicatorEntry]] = defaultdict(list)
    untold = []
    for entry in figures.country.indicators:
        row = figures.own.get(("indicator", entry.pk))
        level = standing(row, figures.country.spreads.get(("indicator", entry.pk))) if row else None
        way = movements.get(entry.pk, {}).get(figures.municipality.pk)
        if level is None:
            continue
        if way is None:
            untold.append(entry)
        else:
            fields[level, round(way * SIGNS[entry.direction])].append(entry)
    return fields, untold


def _title(level: int, way: int) -> str:
    levels = {-1: _("Blandt de dårligste"), 0: _("Imellem"), 1: _("Blandt de bedste")}
    ways = {-1: _("blevet dårligere"), 0: _("ingen sikker udvikling"), 1: _("blevet bedre")}
    return f"{levels[level]}, {ways[way]}"


def _says(fields: Mapping[tuple[int, int], list[IndicatorEntry]]) -> str:
    """How many figures have moved surely of how many that it can be said of."""
    words = {
        "all": sum(map(len, fields.values())),
        "better": sum(len(found) for (_level, way), found in fields.items() if way > 0),
        "worse": sum(len(found) for (_level, way), found in fields.items() if way < 0),
    }
    return _("Af %(all)s tal er %(better)s blevet bedre og %(worse)s dårligere, ud over almindelige udsving. Resten "
             "kan ikke skelnes fra udsving.") % words  # fmt: skip


def _named(figures: Figures, entry: IndicatorEntry) -> dict[str, str]:
    row = figures.own["indicator", entry.pk]
    unit = phrases.unit(entry)
    value = phrases.value(entry, row.value)
    if formatting.is_long(unit):
        value = f"{formatting.number(row.value or 0.0, entry.decimals)} ({unit})"
    return dict(
        name=localised(entry, "name"),
        url=figures.story(entry.code),
        said=f"{value}, {phrases.direction(entry)}, {row.data_year}",
    )
