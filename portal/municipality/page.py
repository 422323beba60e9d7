"""The page of one municipality: the answer first, then the ladder down."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.conditions import POPULATION
from portal.addresses.links import Links
from portal.charts.lines import LineChart
from portal.components.developments import history_chart, history_table
from portal.components.indicator_rows import IndicatorRow
from portal.components.links import Fact, Link, citation, pinned
from portal.components.tables import Table
from portal.downloads.page import page_files, these_rows
from portal.language import formatting, phrases
from portal.municipality.answer import Explained, MunicipalityAnswer, MunicipalityArea, answer_of, area_cards, explained
from portal.municipality.ladder import AreaLadder, challenges, ladder, movers, strengths
from portal.municipality.peers import facts_beside, landsdel_table, peers_table
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.statements import NOTHING, Said
from rankings.models import Level, Placement


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the short lists."""

    name: str
    url: str
    how: str


@dataclass(frozen=True, slots=True)
class MissingRow:
    """An indicator without a value, and why."""

    name: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody's own words: who said them, and when."""

    who: str
    paragraphs: tuple[str, ...]
    on: str


@dataclass(frozen=True, slots=True)
class MunicipalityPage:
    """Everything the page shows, as text."""

    name: str
    slug: str
    under: str
    actions: tuple[Link, ...]
    facts: tuple[Fact, ...]
    answer: MunicipalityAnswer
    areas: tuple[MunicipalityArea, ...]
    strengths: tuple[Found, ...]
    challenges: tuple[Found, ...]
    movers: tuple[Found, ...]
    chart: LineChart | None
    chart_says: str
    table: Table
    ladder: tuple[AreaLadder, ...]
    missing: tuple[MissingRow, ...]
    peers: Table | None
    landsdel: Table
    landsdel_name: str
    sources: tuple[str, ...]
    explained: Explained
    edition: str
    sprite: str
    figure_url: str
    citation: str
    rows: str
    downloads: tuple[Link, ...]
    permalink: str
    comment: Quoted | None
    voices: tuple[Quoted, ...]
    flagged: str
    said_since: bool


def municipality_page(shown: ShownEdition, slug: str, links: Links) -> MunicipalityPage:
    """Gather the page in three queries, once what all municipalities share is held."""
    figures = figures_of(shown, slug, links)
    municipality = figures.municipality
    rungs = ladder(figures)
    rows = [row for area in rungs for theme in area.themes for row in theme.rows]
    return MunicipalityPage(
        name=municipality.name,
        slug=municipality.slug,
        under=_under(figures),
        actions=_actions(figures),
        facts=facts_beside(figures),
        answer=answer_of(figures),
        areas=area_cards(figures),
        strengths=_found(strengths(rows)),
        challenges=_found(challenges(rows)),
        movers=_found(movers(rows), changed=True),
        chart=history_chart(figures),
        chart_says=_("Placeringen i hver udgave; 1 er bedst og står øverst."),
        table=history_table(figures),
        ladder=rungs,
        missing=tuple(MissingRow(row.indicator.name, row.indicator.url, row.missing) for row in rows if row.missing),
        peers=peers_table(figures),
        landsdel=landsdel_table(figures),
        landsdel_name=municipality.landsdel,
        sources=phrases.sources(row.indicator.source for row in rows),
        explained=explained(figures),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        sprite=links.to("strips"),
        figure_url=links.to("municipality-development", "slug", municipality.slug),
        citation=citation(shown, municipality.name),
        rows=these_rows(len(figures.own)),
        downloads=page_files(links.to("municipality-csv", "slug", municipality.slug), shown),
        permalink=pinned(Links(f"@{shown.edition.release}").municipality(municipality.slug)),
        comment=_quoted(shown.said.comment(municipality.code)),
        voices=tuple(filter(None, map(_quoted, shown.said.voices_on(municipality=municipality.code)))),
        flagged=_flagged(shown, municipality.code),
        said_since=shown.is_pinned and shown.said_since != NOTHING,
    )


def _quoted(said: Said | None) -> Quoted | None:
    return Quoted(said.who, tuple(said.paragraphs), formatting.date(said.on)) if said else None


def _flagged(shown: ShownEdition, municipality: str) -> str:
    count = len(shown.said.flagged(municipality))
    return formatting.count(count, _("tal er under afklaring"), _("tal er under afklaring")) if count else ""


def _under(figures: Figures) -> str:
    facts = [_(figures.municipality.region), _(figures.municipality.kommunegruppe)]
    population = figures.country.known.get(figures.municipality.pk, {}).get(POPULATION)
    if population:
        people = formatting.count(round(population[0]), _("indbygger"), _("indbyggere"))
        facts.append(f"{people} ({population[1]})")
    return " · ".join(facts)


def _actions(figures: Figures) -> tuple[Link, ...]:
    comparison, own = figures.links.to("comparison"), figures.links.to("own-index")
    slug = figures.municipality.slug
    return (
        Link(_("Sammenlign"), f"{comparison}?kommune={slug}&mod=gruppe"),
        Link(_("Dine vægte"), f"{own}?kommune={slug}"),
    )


def _found(rows: Sequence[IndicatorRow], *, changed: bool = False) -> tuple[Found, ...]:
    return tuple(
        Found(row.indicator.name, row.indicator.url, f"{row.how} · {row.moved}" if changed else row.how) for row in rows
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A municipality of the list."""

    name: str
    url: str
    rank: str
    of: str


@dataclass(frozen=True, slots=True)
class RegionList:
    """A region's municipalities."""

    name: str
    municipalities: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class MunicipalitiesPage:
    """The list of all municipalities."""

    count: int
    regions: tuple[RegionList, ...]
    rows: str
    downloads: tuple[Link, ...]


def municipalities_page(shown: ShownEdition) -> MunicipalitiesPage:
    """List every municipality of an edition with its place, in one query."""
    links = Links(shown.prefix)
    rows = (
        Placement.objects.filter(edition=shown.edition, level=Level.OVERALL)
        .select_related("municipality__region")
        .order_by("municipality__region__name", "municipality__sort_key")
    )
    regions: dict[str, list[Listed]] = {}
    for row in rows:
        listed = Listed(
            row.municipality.name,
            links.municipality(row.municipality.slug),
            phrases.rank_in_text(row) or phrases.rank(None).lower(),
            phrases.of(row),
        )
        regions.setdefault(_(row.municipality.region.name), []).append(listed)
    return MunicipalitiesPage(
        len(rows),
        tuple(RegionList(name, tuple(listed)) for name, listed in regions.items()),
        these_rows(len(rows)),
        page_files(links.to("ranking-csv"), shown),
    )
