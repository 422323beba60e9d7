"""The front page: one question, the map, the three areas, what is new and how sure it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.charts.maps import Map, Outlines, Place, Step, legend, municipality_map, outlines
from portal.language import formatting, phrases
from portal.published import Area, Level, Placement, Spread
from portal.published.edition import ShownEdition
from portal.published.rows import placements_on, spreads_of
from portal.published.statements import NOTHING, Statements
from portal.published.subjects import OVERALL, Subject, areas_of_edition, localised


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the maps to choose between."""

    name: str
    url: str
    current: bool
    area: str = ""


@cache
def drawn_outlines() -> Outlines:
    """The catalogue's outlines of the municipalities, read once; one without any draws an empty map."""
    file = settings.CATALOGUE / "municipality_outlines.json"
    return outlines(file.read_text(encoding="utf-8") if file.exists() else "{}")


def subject_map(
    subject: Subject,
    placements: list[Placement],
    links: Links,
    prefix: str = "k",
    *,
    aside: Collection[str] = (),
    said: Statements = NOTHING,
) -> Map:
    """Colour the map by a subject's fifths; every municipality is a link with its place in words.

    ``aside`` are the codes of those that are not asked for: they are drawn pale.
    """
    n = placements[0].n if placements else 0
    places = [
        Place(
            code=placement.municipality.code,
            title=phrases.named_place(
                placement.municipality.name, placement, said.tag(placement.municipality.code, subject.code)
            ),
            url=links.municipality(placement.municipality.slug),
            rank=placement.rank,
            aside=placement.municipality.code in aside,
            name=placement.municipality.name,
        )
        for placement in placements
    ]
    name = _("Danmarkskort over placeringen: %(subject)s") % {"subject": subject.name}
    return municipality_map(drawn_outlines(), places, n=n, name=name, prefix=prefix)


FEW_VALUES = 5  # an indicator with no more different values than this is told by them, not by its fifths


def legend_of(subject: Subject, placements: Sequence[Placement], missing_text: str = "") -> tuple[Step, ...]:
    """What the colours of a subject's map mean: the classes that occur among all placements of an edition."""
    ranked = [(row.rank, row.rank_last or row.rank, row) for row in placements if row.rank is not None]
    if not ranked:
        return ()
    indicator, named = subject.indicator, {}
    if indicator and len({first for first, _last, _row in ranked}) <= FEW_VALUES:
        named = {first: phrases.value(indicator, row.value) for first, _last, row in ranked}
    missing = missing_text if len(ranked) < len(placements) else ""
    return legend([(first, last) for first, last, _row in ranked], ranked[0][2].n, named=named, missing_text=missing)


def home_page(shown: ShownEdition, area: str = "") -> dict[str, Any]:
    """Gather the front page in four queries; ``area`` is the slug of the area the map shows, "" for all."""
    links = Links(shown.prefix)
    levels = Level.OVERALL, Level.AREA
    rows = placements_on(shown.edition, levels).select_related("municipality", "area").in_rank_order()
    by_subject: dict[str, list[Placement]] = {}
    for row in rows:
        by_subject.setdefault(row.area.slug if row.area else "", []).append(row)
    areas = list(areas_of_edition(shown.edition))
    chosen = next((Subject(Level.AREA, area=one) for one in areas if one.slug == area), OVERALL)
    key = chosen.area.slug if chosen.area else ""
    spreads = {spread.area_id: spread for spread in spreads_of(shown.edition, Level.AREA)}
    placements = by_subject.get(key, [])
    return dict(
        year=shown.edition.year,
        municipalities=len(placements),
        tabs=_tabs(areas, key, links),
        subject=chosen.name,
        ranking_url=chosen.ranking(links),
        map=subject_map(chosen, placements, links, said=shown.said),
        legend=legend_of(chosen, placements, _("ikke placeret")),
        areas=tuple(_area_card(one, by_subject.get(one.slug, []), spreads.get(one.pk), links) for one in areas),
        note=localised(shown.edition, "note"),
        published=formatting.day(shown.edition.published_at),
        indicators=shown.edition.criterion_set.filter(level=Level.INDICATOR).count(),
        draws=formatting.number(shown.edition.method["robustness"]["draws"]),
        correction=localised(shown.edition, "reason"),
    )


def _tabs(areas: list[Area], chosen: str, links: Links) -> tuple[Tab, ...]:
    home = links.home()
    return (
        Tab(_("Samlet"), f"{home}#kort", current=not chosen),
        *(
            Tab(localised(area, "name"), f"{home}?omraade={area.slug}#kort", chosen == area.slug, area.code)
            for area in areas
        ),
    )


def _area_card(area: Area, placements: list[Placement], spread: Spread | None, links: Links) -> dict[str, Any]:
    top = tuple(
        dict(
            place=formatting.number_range(row.rank or 0, row.rank_last or 0),
            name=row.municipality.name,
            url=links.municipality(row.municipality.slug),
            score=phrases.score(row),
        )
        for row in placements[:3]
        if row.rank is not None
    )
    return dict(
        code=area.code, name=localised(area, "name"), url=links.area(area.slug), top=top, spread=spread_sentence(spread)
    )


def spread_sentence(spread: Spread | None) -> str:
    """Say how far apart the municipalities lie: not only who is first."""
    if spread is None or spread.lowest is None or spread.highest is None:
        return ""
    return _("Scoren går fra %(low)s til %(high)s; den midterste halvdel ligger mellem %(q1)s og %(q3)s.") % {
        "low": formatting.score(spread.lowest),
        "high": formatting.score(spread.highest),
        "q1": formatting.score(spread.lower_quartile or 0.0),
        "q3": formatting.score(spread.upper_quartile or 0.0),
    }
