"""The front page: one question, the map, the three areas, what is new and how sure it is."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from indicators.models import Area
from indicators.services.catalogue import DATA
from portal.addresses.links import Links
from portal.charts.maps import Map, Outlines, Place, Step, legend, municipality_map, outlines
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition
from portal.published.statements import NOTHING, Statements
from portal.published.subjects import OVERALL, Subject, localised
from rankings.models import Level, Placement, Spread


@dataclass(frozen=True, slots=True)
class Top:
    """A line of a top three."""

    place: str
    name: str
    url: str
    score: str


@dataclass(frozen=True, slots=True)
class AreaCard:
    """What templates/components/area_card.html shows of an area."""

    code: str
    name: str
    url: str
    top: tuple[Top, ...]
    spread: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the maps to choose between."""

    name: str
    url: str
    current: bool
    area: str = ""


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the front page shows, as text."""

    year: int
    municipalities: int
    tabs: tuple[Tab, ...]
    subject: str
    ranking_url: str
    map: Map
    legend: tuple[Step, ...]
    areas: tuple[AreaCard, ...]
    note: str
    published: str
    indicators: int
    draws: str
    correction: str


@cache
def drawn_outlines() -> Outlines:
    """The shipped outlines of the municipalities, read once."""
    return outlines((DATA / "municipality_paths.json").read_text(encoding="utf-8"))


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
            title=_place_in_words(placement, said.tag(placement.municipality.code, subject.code)),
            url=links.municipality(placement.municipality.slug),
            rank=placement.rank,
            aside=placement.municipality.code in aside,
        )
        for placement in placements
    ]
    name = _("Danmarkskort over placeringen: %(subject)s") % {"subject": subject.name}
    return municipality_map(drawn_outlines(), places, n=n, name=name, prefix=prefix)


def _place_in_words(placement: Placement, tag: str) -> str:
    words = f"{placement.municipality.name}: {phrases.rank_in_text(placement) or phrases.rank(None).lower()}"
    return f"{words} ({tag})" if tag else words


def home_page(shown: ShownEdition, area: str = "") -> HomePage:
    """Gather the front page in four queries; ``area`` is the slug of the area the map shows, "" for all."""
    links = Links(shown.prefix)
    rows = (
        Placement.objects.filter(edition=shown.edition, level__in=[Level.OVERALL, Level.AREA])
        .select_related("municipality", "area")
        .in_rank_order()
    )
    by_subject: dict[str, list[Placement]] = {}
    for row in rows:
        by_subject.setdefault(row.area.slug if row.area else "", []).append(row)
    areas = list(Area.objects.filter(criterion__edition=shown.edition).order_by("position"))
    chosen = next((Subject(Level.AREA, area=one) for one in areas if one.slug == area), OVERALL)
    key = chosen.area.slug if chosen.area else ""
    spreads = {spread.area_id: spread for spread in Spread.objects.filter(edition=shown.edition, level=Level.AREA)}
    placements = by_subject.get(key, [])
    n = placements[0].n if placements else 0
    everyone = _("ikke placeret") if any(row.rank is None for row in placements) else ""
    return HomePage(
        year=shown.edition.year,
        municipalities=len(placements),
        tabs=_tabs(areas, key, links),
        subject=chosen.name,
        ranking_url=chosen.ranking(links),
        map=subject_map(chosen, placements, links, said=shown.said),
        legend=legend(n, missing_text=everyone),
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


def _area_card(area: Area, placements: list[Placement], spread: Spread | None, links: Links) -> AreaCard:
    top = tuple(
        Top(
            place=formatting.number_range(row.rank or 0, row.rank_last or 0),
            name=row.municipality.name,
            url=links.municipality(row.municipality.slug),
            score=phrases.score(row),
        )
        for row in placements[:3]
        if row.rank is not None
    )
    return AreaCard(area.code, localised(area, "name"), links.area(area.slug), top, spread_sentence(spread))


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
