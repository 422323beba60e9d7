"""The page of one municipality: the answer first, then the ladder down."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.conditions import POPULATION
from portal.addresses.links import Links
from portal.charts.lines import LineChart
from portal.components.facts import Fact
from portal.components.indicator_rows import IndicatorRow
from portal.components.links import Link, citation, pinned
from portal.components.rank_history import history_chart, history_table
from portal.components.tables import Table
from portal.downloads.page import page_files, these_rows
from portal.language import formatting
from portal.language import phrases as words
from portal.municipality.answer import MunicipalityAnswer, MunicipalityArea, answer_of, area_cards
from portal.municipality.explanation import Explained, explained
from portal.municipality.ladder import AreaLadder, challenges, ladder, movers, strengths
from portal.municipality.peers import facts_beside, landsdel_table, peers_table
from portal.published.edition import Shown
from portal.published.municipality import Figures, figures_of


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


def municipality_page(shown: Shown, slug: str, links: Links) -> MunicipalityPage:
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
        sources=words.sources(row.indicator.source for row in rows),
        explained=explained(figures),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        sprite=links.to("strips"),
        figure_url=links.to("municipality-development", "slug", municipality.slug),
        citation=citation(shown, municipality.name),
        rows=these_rows(len(figures.own)),
        downloads=page_files(links.to("municipality-csv", "slug", municipality.slug), shown),
        permalink=pinned(Links(f"@{shown.edition.release}").municipality(municipality.slug)),
    )


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
