"""The page of one municipality: the answer first, then the ladder down."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from indicators.conditions import POPULATION
from portal.addresses.links import Links
from portal.components.developments import history_chart, history_table
from portal.components.indicator_rows import IndicatorRow
from portal.components.kinds import weight_by_kind
from portal.components.links import Link, citation, pinned
from portal.components.said import all_quoted, quoted
from portal.downloads.page import page_files, these_rows
from portal.frame.search_engines import json_ld, municipality_dataset
from portal.language import formatting, phrases
from portal.language.worth import both_intervals
from portal.municipality.answer import answer_of, area_cards, explained
from portal.municipality.ladder import challenges, ladder, movers, strengths
from portal.municipality.peers import facts_beside, landsdel_table, neighbours_table, peers_table
from portal.practices import box_of_municipality
from portal.provisions import supply_box
from portal.published import Level
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.rows import OVERALL_KEY, overall_placements
from portal.published.statements import NOTHING


def municipality_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """Gather the page in three queries, once what all municipalities share is held."""
    figures = figures_of(shown, slug, links)
    municipality = figures.municipality
    rungs = ladder(figures)
    rows = [row for area in rungs for theme in area["themes"] for row in theme.rows]
    return dict(
        name=municipality.name,
        slug=municipality.slug,
        facts_for_machines=json_ld(municipality_dataset(shown, municipality.name, municipality.slug)),
        under=_under(figures),
        actions=_actions(figures),
        facts=facts_beside(figures),
        answer=answer_of(figures),
        kinds=weight_by_kind(shown, _with_figures(figures)),
        sure=both_intervals(figures.own.get(OVERALL_KEY)),
        areas=area_cards(figures),
        **_overview(rows),
        chart=history_chart(figures),
        chart_says=_("Placeringen i hver udgave; 1 er bedst og står øverst."),
        table=history_table(figures),
        ladder=rungs,
        missing=tuple(
            dict(name=row.indicator.name, url=row.indicator.url, kind=row.missing) for row in rows if row.missing
        ),
        **_around(figures),
        supply=supply_box(municipality.slug)
        if shown.is_newest and not shown.is_pinned
        else None,  # what is pinned stays
        sources=phrases.sources(row.indicator.source for row in rows),
        explained=explained(figures),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        sprite=links.to("strips"),
        figure_url=links.to("municipality-development", "slug", municipality.slug),
        citation=citation(shown, municipality.name),
        rows=these_rows(len(figures.own)),
        downloads=page_files(links.to("municipality-csv", "slug", municipality.slug), shown),
        permalink=pinned(Links(f"@{shown.edition.release}").municipality(municipality.slug)),
        **_said(shown, municipality.code),
        begin=box_of_municipality(shown, municipality.pk, municipality.slug),
    )


def _with_figures(figures: Figures) -> set[int | None]:
    """The keys of the indicators that the municipality has a figure for."""
    rows = figures.own.items()
    return {key for (level, key), row in rows if level == Level.INDICATOR and row.value is not None}


def _said(shown: ShownEdition, code: str) -> dict[str, Any]:
    """What is said of the municipality's figures: its own words, others', what is under clarification."""
    return dict(
        comment=quoted(shown.said.comment(code)),
        voices=all_quoted(shown.said.voices_on(municipality=code)),
        flagged=_flagged(shown, code),
        said_since=shown.is_pinned and shown.said_since != NOTHING,
    )


def _flagged(shown: ShownEdition, municipality: str) -> str:
    count = len(shown.said.flagged(municipality))
    return formatting.count(count, _("tal er under afklaring"), _("tal er under afklaring")) if count else ""


def _overview(rows: Sequence[IndicatorRow]) -> dict[str, Any]:
    return dict(
        strengths=_found(strengths(rows)),
        challenges=_found(challenges(rows)),
        movers=_found(movers(rows), changed=True),
    )


def _around(figures: Figures) -> dict[str, Any]:
    """Who it is set beside: those under the same conditions, those it meets on land, its landsdel."""
    return dict(
        peers=peers_table(figures),
        neighbours=neighbours_table(figures),
        landsdel=landsdel_table(figures),
        landsdel_name=figures.municipality.landsdel,
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


def _found(rows: Sequence[IndicatorRow], *, changed: bool = False) -> tuple[dict[str, Any], ...]:
    return tuple(
        dict(name=row.indicator.name, url=row.indicator.url, how=f"{row.how} · {row.moved}" if changed else row.how)
        for row in rows
    )


def municipalities_page(shown: ShownEdition) -> dict[str, Any]:
    """List every municipality of an edition with its place, in one query."""
    links = Links(shown.prefix)
    rows = (
        overall_placements(shown.edition)
        .select_related("municipality__region")
        .order_by("municipality__region__name", "municipality__sort_key")
    )
    regions: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        listed = dict(
            name=row.municipality.name,
            url=links.municipality(row.municipality.slug),
            rank=phrases.rank_in_text(row) or phrases.rank(None).lower(),
            of=phrases.of(row),
        )
        regions.setdefault(_(row.municipality.region.name), []).append(listed)
    return dict(
        count=len(rows),
        regions=tuple(dict(name=name, municipalities=tuple(listed)) for name, listed in regions.items()),
        rows=these_rows(len(rows)),
        downloads=page_files(links.to("ranking-csv"), shown),
    )
