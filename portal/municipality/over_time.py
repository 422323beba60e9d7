"""One indicator over the years for a municipality, beside a second one, its group and the middle; places over the
editions with their uncertainty. Whether something has moved is said only over three comparable years, beyond noise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from statistics import median
from typing import Any

import numpy as np
from django.http import Http404
from django.utils.translation import gettext as _

from indicators.conditions import POPULATION, per_person
from portal.addresses import Links, trace_url
from portal.charts.lines import Field, LineChart, line_chart
from portal.charts.scale import Series
from portal.components.developments import grid_of
from portal.components.links import Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition, method_breaks
from portal.published.municipality import Country, Figures, country
from portal.published.over_time import (
    DataYear,
    apart,
    data_years_of,
    national,
    people_behind,
    places_of_everybody,
)
from portal.published.rows import OVERALL_KEY, Neighbour
from portal.published.subjects import IndicatorEntry, localised
from rankings.engine.rank import distinguishable
from rankings.trend import FEWEST_YEARS, moved

SECOND = "mod"


@dataclass(frozen=True)
class Story:
    """A municipality's figure over the years, with what it is set beside. ``second`` may be nobody."""

    shown: ShownEdition
    links: Links
    everyone: Country
    own: Neighbour
    second: Neighbour | None
    entry: IndicatorEntry
    years: Sequence[DataYear]

    @property
    def breaks(self) -> dict[int, str]:
        """The data years before which the series may not be joined, with a note: the first at or after each break."""
        found = {}
        for broken in self.entry.break_years:
            if after := [year.year for year in self.years if year.year >= broken]:
                found[after[0]] = _("databrud i %(year)s") % {"year": broken}
        return found

    def values(self, one: Neighbour) -> list[float | None]:
        """A municipality's values, None where one is missing."""
        rows = [year.placements.get(one.pk) for year in self.years]
        return [row.value if row else None for row in rows]

    @property
    def middle(self) -> list[float | None]:
        """The median of all municipalities."""
        return [year.spread.median if year.spread else None for year in self.years]

    @property
    def group(self) -> list[float | None]:
        """The median of the municipality's group."""
        members = [one.pk for one in self.everyone.everyone if one.kommunegruppe == self.own.kommunegruppe]
        found = []
        for year in self.years:
            rows = [year.placements.get(one) for one in members]
            known = [row.value for row in rows if row and row.value is not None]
            found.append(median(known) if known else None)
        return found

    @cached_property
    def people(self) -> Mapping[int, float]:
        """How many people the figure is a share of, by municipality; empty where that is not known."""
        return people_behind(self.entry, self.everyone.known)

    @cached_property
    def national(self) -> list[float | None]:
        """The country's figure, None where it cannot be computed."""
        return [national(year, self.people) for year in self.years]

    @property
    def comparable(self) -> Sequence[DataYear]:
        """The years since the newest break."""
        newest = max((year for year in self.entry.break_years if year <= self.years[-1].year), default=0)
        return [year for year in self.years if year.year >= newest]


def figure_page(shown: ShownEdition, slug: str, code: str, second: str) -> dict[str, Any]:
    """Gather the page. Http404 for a municipality or an indicator that the edition has not."""
    story = _story(shown, slug, code, second)
    own, entry = story.own, story.entry
    name = localised(entry, "name")
    title = _("%(municipality)s: %(indicator)s over årene") % {"municipality": own.name, "indicator": name}
    query = f"?{SECOND}={story.second.slug}" if story.second else ""
    here = story.links.of("municipality-figure", slug=slug, code=code)
    pinned_links = Links(f"@{shown.edition.release}")
    return dict(
        title=title,
        indicator=name,
        name=own.name,
        slug=slug,
        back=story.links.municipality(slug),
        direction=phrases.direction(entry),
        unit=formatting.unit_name(phrases.unit(entry)),
        says=trend_says(story),
        national=_national_says(story),
        chart=_chart(story) if len(story.years) > 1 else None,
        table=_table(story),
        about=Link(_("Om indikatoren"), story.links.indicator(code)),
        action=here,
        second=story.second.slug if story.second else "",
        choices=tuple((one.slug, one.name) for one in story.everyone.everyone if one.pk != own.pk),
        unknown=bool(second) and story.second is None,
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        source=next(iter(phrases.sources([localised(entry, "source")])), ""),
        citation=citation(shown, title),
        permalink=pinned(f"{pinned_links.of('municipality-figure', slug=slug, code=code)}{query}"),
    )  # fmt: skip


def _story(shown: ShownEdition, slug: str, code: str, second: str) -> Story:
    shared = country(shown.edition)
    by_slug = {one.slug: one for one in shared.everyone}
    entry = next((one for one in shared.indicators if one.code == code), None)
    if slug not in by_slug or entry is None:
        raise Http404(_("Her er intet tal med den adresse."))
    other = by_slug.get(second) if second != slug else None
    links = Links(shown.prefix)
    return Story(shown, links, shared, by_slug[slug], other, entry, data_years_of(shown, entry))


def trend_says(story: Story) -> str:
    """Whether the figure has moved: only of three comparable years or more, and beyond ordinary movement."""
    years = story.comparable
    words: dict[str, object] = {"fewest": FEWEST_YEARS, "name": story.own.name}
    known = [year for year in years if _value(year, story.own) is not None]
    if len(known) < FEWEST_YEARS:
        return _("Der skal %(fewest)s år til, der kan sammenlignes, før vi siger noget om en udvikling.") % words
    units = sorted({unit for year in known for unit in year.placements})
    table = np.array([[_number(year, unit) for year in known] for unit in units])
    first, last = known[0], known[-1]
    then, now = (year.placements[story.own.pk] for year in (first, last))
    sure = apart((then.value_low, then.value_high), (now.value_low, now.value_high))
    way = moved(table, units.index(story.own.pk)) if sure else 0
    words |= {
        "before": phrases.value(story.entry, _value(first, story.own)),
        "first": first.year,
        "now": phrases.value(story.entry, _value(last, story.own)),
        "last": last.year,
    }
    if way:
        template = (
            _("Tallet er steget fra %(before)s i %(first)s til %(now)s i %(last)s, mere end almindelige udsving.")
            if way > 0
            else _("Tallet er faldet fra %(before)s i %(first)s til %(now)s i %(last)s, mere end almindelige udsving.")
        )
        return template % words
    return _("Ingen sikker udvikling: forskellen fra %(before)s i %(first)s til %(now)s i %(last)s kan ikke skelnes "
             "fra almindelige udsving.") % words  # fmt: skip


def _national_says(story: Story) -> str:
    """What the country's figure is weighed by, or why there is none."""
    if not any(figure is not None for figure in story.national):
        return _("Landstallet kan vi ikke beregne, for kun kommunernes værdier er indberettet, ikke hvad de er "
                 "regnet af. Midten er den midterste kommune, ikke landet under ét.")  # fmt: skip
    if not story.people:
        return _("Hele landet er alle svar under ét: hver kommunes tal tæller med så mange, som svarede. "
                 "Midten er den midterste kommune.")  # fmt: skip
    year = max(row[POPULATION][1] for row in story.everyone.known.values() if POPULATION in row)
    return _("Hele landet er et vejet gennemsnit: hver kommunes tal tæller med så mange mennesker, som det er en andel "
             "af, efter folketallet i %(year)s. Det samme folketal ligger bag »omkring«.") % {"year": year}  # fmt: skip


def _value(year: DataYear, one: Neighbour) -> float | None:
    row = year.placements.get(one.pk)
    return row.value if row else None


def _number(year: DataYear, unit: int) -> float:
    row = year.placements.get(unit)
    return float("nan") if row is None or row.value is None else row.value


def _chart(story: Story) -> LineChart:
    entry = story.entry
    series = [
        Series(_("Midten"), story.middle, "midline"),
        Series(_("Midten, %(group)s") % {"group": _(story.own.kommunegruppe).lower()}, story.group, "group"),
        *([Series(_("Hele landet"), story.national, "national")] if any(story.national) else []),
        Series(story.own.name, story.values(story.own), "chosen"),
    ]
    if story.second:
        series.insert(-1, Series(story.second.name, story.values(story.second), "peer"))
    yes_no = formatting.is_yes_no(entry.unit)
    quartiles = [
        (year.spread.lower_quartile, year.spread.upper_quartile)
        if year.spread and year.spread.lower_quartile is not None and year.spread.upper_quartile is not None
        else None
        for year in story.years
    ]
    short = partial(phrases.short_value, entry)  # the drawing has no room for a unit of several words
    return line_chart(
        series,
        [year.year for year in story.years],
        text=short,
        says=_("Det grå felt er den midterste halvdel af kommunerne. %(scale)s") % {"scale": _scale(entry)},
        breaks=story.breaks,
        grid=grid_of(entry),
        field=Field(band=() if yes_no else quartiles, text=short),
    )


def _scale(entry: IndicatorEntry) -> str:
    said = f"{phrases.sense(entry)}."
    return said[:1].upper() + said[1:]


def _table(story: Story) -> Table:
    heads = [story.own.name, *([story.second.name] if story.second else [])]
    ours = [story.own, *([story.second] if story.second else [])]
    middles = (
        (_("Midten, %(group)s") % {"group": _(story.own.kommunegruppe).lower()}, story.group),
        (_("Midten, alle"), story.middle),
        *([(_("Hele landet"), story.national)] if any(story.national) else []),
    )
    rows = []
    for index in reversed(range(len(story.years))):
        year = story.years[index]
        cells = [_cell(story, year, one, head) for one, head in zip(ours, heads, strict=True)]
        cells += [
            Cell(phrases.value(story.entry, line[index]), head, css="number",
                 missing="" if line[index] is not None else formatting.missing("not_available"))
            for head, line in middles
        ]  # fmt: skip
        rows.append(Row(str(year.year), note=story.breaks.get(year.year, ""), cells=tuple(cells)))
    columns = (
        Column(_("År")),
        *(Column(head, _("værdi og placering"), css="number") for head in heads),
        *(Column(head, css="number") for head, _line in middles),
    )
    return Table(_("Tallet år for år"), columns, tuple(rows))


def _cell(story: Story, year: DataYear, one: Neighbour, head: str) -> Cell:
    row = year.placements.get(one.pk)
    if row is None or row.value is None:
        kind = formatting.missing(row.missing) if row and row.missing else formatting.missing("not_available")
        return Cell("", head, css="number", missing=kind)
    place = f"{phrases.rank_in_text(row)} {phrases.of(row)}".strip()
    proof = trace_url(year.release, one.code, story.entry.code)
    said = story.shown.said.tag(one.code, story.entry.code) if year is story.years[-1] else ""
    notes = [place, _people(story, year, one, row.value), _("foreløbigt tal") if row.provisional else "", said]
    return Cell(phrases.value(story.entry, row.value), head, ", ".join(filter(None, notes)), "number", url=proof)


def _people(story: Story, year: DataYear, one: Neighbour, value: float) -> str:
    """About how many people a share is, in its newest year; empty where nobody knows of how many."""
    whole = per_person(story.entry.unit)
    if year is not story.years[-1] or one.pk not in story.people or not whole:
        return ""
    counts = {"count": formatting.number(value / whole * story.people[one.pk]),
              "of": formatting.number(story.people[one.pk])}  # fmt: skip
    return _("omkring %(count)s af %(of)s") % counts


def places_chart(figures: Figures) -> LineChart | None:
    """The overall place in each edition with its uncertainty as a band, everybody else's line pale; None with one
    edition, or where it never had a place."""
    editions = figures.shown.years
    rows = [figures.by_edition[edition.pk].get(OVERALL_KEY) for edition in editions]
    if len(editions) < 2 or not any(row and row.rank for row in rows):
        return None
    shared = places_of_everybody(editions)
    return line_chart(
        [Series(figures.municipality.name, [float(row.rank) if row and row.rank else None for row in rows], "chosen")],
        [edition.year for edition in editions],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Nummer 1 står øverst. Feltet viser, hvor kommunen kan ligge."),
        ranks_of=max((row.n for row in rows if row), default=1),
        breaks=method_breaks(editions),
        field=Field(
            band=[(row.low, row.high) if row and row.low and row.high else None for row in rows],
            everybody=shared,
            text=lambda rank: str(round(rank)),
        ),
    )


def places_table(figures: Figures) -> Table:
    """The same in numbers, newest first: place, interval, score."""
    heads = (_("Placering"), _("Kan ligge"), _("Score"))
    none = phrases.rank(None).lower()
    notes = method_breaks(figures.shown.years)
    rows = []
    for edition in reversed(figures.shown.years):
        row = figures.by_edition[edition.pk].get(OVERALL_KEY)
        placed = row is not None and row.rank is not None
        texts = (
            f"{phrases.rank_in_text(row)} {phrases.of(row)}".strip(),
            formatting.number_range(row.low, row.high) if row and row.low and row.high else "",
            phrases.score(row) if placed else "",
        )
        cells = tuple(
            Cell(text, head, css="number", missing="" if text else none)
            for text, head in zip(texts, heads, strict=True)
        )
        rows.append(Row(str(edition.year), note=notes.get(edition.year, ""), cells=cells))
    columns = (Column(_("Udgave")), *(Column(head, css="number") for head in heads))
    return Table(_("Placering i hver udgave"), columns, tuple(rows), css="plain")


def places_say(figures: Figures) -> str:
    """Whether its place has moved over the editions of one method: only of three or more, and beyond uncertainty."""
    editions = [one for one in figures.shown.years if one.method_version == figures.shown.edition.method_version]
    found = [
        (edition, row)
        for edition in editions
        if (row := figures.by_edition[edition.pk].get(OVERALL_KEY)) and row.rank is not None
    ]
    if len(found) < FEWEST_YEARS:
        return _("Der skal %(fewest)s udgaver til, der kan sammenlignes, før vi siger noget om en udvikling.") % {
            "fewest": FEWEST_YEARS
        }
    (first, before), (last, now) = found[0], found[-1]
    words = {
        "first": first.year,
        "before": f"{phrases.rank_in_text(before)} {phrases.of(before)}",
        "last": last.year,
        "now": f"{phrases.rank_in_text(now)} {phrases.of(now)}",
    }
    if not distinguishable((now.low, now.high, now.n), (before.low, before.high, before.n)):
        return (
            _("Ingen sikker udvikling: %(before)s i %(first)s og %(now)s i %(last)s er inden for usikkerheden.") % words
        )
    return _("Fra %(before)s i %(first)s til %(now)s i %(last)s: det er mere end usikkerheden.") % words
