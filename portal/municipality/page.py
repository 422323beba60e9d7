"""The page of one municipality: the answer, then the doubt, then the detail; and the list of all."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.developments import history_chart, history_table
from portal.components.indicator_rows import IndicatorRow
from portal.components.kinds import weight_by_kind
from portal.components.links import Link, citation, page_files, pinned, these_rows
from portal.components.said import all_quoted, quoted, under_clarification
from portal.embeds.sharing import share_of_place
from portal.frame.search_engines import json_ld, municipality_dataset
from portal.language import formatting, phrases
from portal.language.worth import both_intervals
from portal.municipality.answer import (
    alike_of,
    answer_of,
    area_cards,
    ends_of,
    explained,
    movement_says,
    of_shared,
    subject_line,
    sure_says,
    under,
)
from portal.municipality.ladder import ladder
from portal.municipality.learning import lessons, lessons_table
from portal.municipality.lists import missing_says, noteworthy, three_lists
from portal.municipality.over_time import places_chart, places_say, places_table
from portal.municipality.peers import facts_beside, landsdel_table, neighbours_table, peer_rows
from portal.practices.boxes import box_of_municipality
from portal.provisions.supply import supply_box
from portal.published import Level
from portal.published.edition import NOTHING, ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.rows import OVERALL_KEY, overall_placements
from portal.published.subjects import localised

LESSONS = 3
KNOWN = 5  # figures in each of the two lists where there is no overall place


def municipality_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """Gather the page. What all municipalities share is held; its own is read in a handful of queries."""
    figures = figures_of(shown, slug, links)
    municipality = figures.municipality
    rungs = ladder(figures)
    rows = [row for area in rungs for theme in area["themes"] for row in theme.rows]
    placed = figures.overall.rank is not None
    return dict(
        name=municipality.name,
        slug=municipality.slug,
        facts_for_machines=json_ld(municipality_dataset(shown, municipality.name, municipality.slug)),
        under=under(figures),
        actions=_actions(figures),
        placed=placed,
        answer=answer_of(figures),
        kinds=weight_by_kind(shown, _with_figures(figures)),
        both_intervals=both_intervals(figures.own.get(OVERALL_KEY)),
        rank=phrases.rank(figures.overall).partition(" (")[0],
        of=of_shared(figures.overall),
        ends=ends_of(figures),
        sure=sure_says(figures),
        movement=movement_says(figures),
        alike=tuple(Link(one.name, links.municipality(one.slug)) for one in alike_of(figures)),
        areas=tuple(one for one in area_cards(figures) if one["line"] or placed),
        **_lists(figures, placed=placed),
        **_over_time(figures),
        ladder=rungs,
        gaps=_gaps(rows),
        missing_says=missing_says(figures),
        **_around(figures),
        supply=supply_box(municipality.slug)
        if shown.is_newest and not shown.is_pinned
        else None,  # what is pinned stays
        sources=phrases.sources(row.indicator.source for row in rows),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        **_taken_along(figures),
        **_said(shown, municipality.code),
        begin=box_of_municipality(shown, municipality.pk, municipality.slug),
    )


def _lists(figures: Figures, *, placed: bool) -> dict[str, Any]:
    """What pulls and lifts, and who does better; without an overall place what is known instead."""
    if not placed:
        best, worst = noteworthy(figures, KNOWN)
        return dict(known_best=best, known_worst=worst, known_themes=_known_themes(figures), down=(), lessons=None)
    found = lessons(figures)
    named = [one for one in found if one.better][:LESSONS]
    return dict(
        **three_lists(figures),
        lessons=lessons_table(figures, named) if named else None,
        lessons_count=len(found),
        lessons_url=figures.links.to("municipality-lessons", "slug", figures.municipality.slug),
    )


def _known_themes(figures: Figures) -> tuple[dict[str, Any], ...]:
    """The themes that have a place though the whole has none."""
    themes = dict.fromkeys(one.theme for one in figures.country.indicators)
    return tuple(
        dict(
            name=localised(one, "name"),
            area=localised(one.area, "name"),
            code=one.area.code,
            slug=one.code,
            **subject_line(figures, ("theme", one.pk), one.code),
        )
        for one in themes
        if (row := figures.own.get(("theme", one.pk))) and row.rank
    )


def _over_time(figures: Figures) -> dict[str, Any]:
    return dict(
        places=places_chart(figures),
        places_table=places_table(figures),
        places_say=places_say(figures),
        chart=history_chart(figures),
        table=history_table(figures),
        explained=explained(figures),
        level_url=figures.links.to("municipality-level", "slug", figures.municipality.slug),
    )


def _taken_along(figures: Figures) -> dict[str, Any]:
    """What can be shared, fetched and cited."""
    shown, one = figures.shown, figures.municipality
    placed = figures.overall.rank is not None
    return dict(
        share=share_of_place(shown.edition, one.name, one.slug, figures.overall) if placed else None,
        citation=citation(shown, one.name),
        rows=these_rows(len(figures.own)),
        downloads=page_files(figures.links.to("municipality-csv", "slug", one.slug), shown),
        permalink=pinned(Links(f"@{shown.edition.release}").municipality(one.slug)),
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
    return under_clarification(count)


def _gaps(rows: Sequence[IndicatorRow]) -> tuple[dict[str, Any], ...]:
    """The missing figures by their kind, the commonest first."""
    found: dict[str, list[Link]] = {}
    for row in rows:
        if row.missing:
            found.setdefault(row.missing, []).append(Link(row.indicator.name, row.indicator.url))
    means = {formatting.missing(kind): text for kind, text in _meanings().items()}
    by_count = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return tuple(
        dict(kind=kind, count=len(links), means=means.get(kind, ""), figures=tuple(links)) for kind, links in by_count
    )


def _meanings() -> dict[str, str]:
    return {
        "suppressed": _("Så få borgere, at tallet kunne afsløre, hvem de er, eller svinge for meget."),
        "not_reported": _("Den, der skulle indberette tallet, har ikke gjort det."),
        "not_applicable": _("Kommunen har ikke det, som tallet handler om."),
        "not_collected": _("Tallet bliver ikke opgjort hvert år."),
        "not_available": _("Kilden har ikke tallet for kommunen."),
        "unanswered": _("Forvaltningen har ikke svaret på spørgsmålet."),
        "dont_know": _("Forvaltningen har svaret »ved ikke«."),
        "not_approved": _("Kommunen har ikke godkendt sit svar."),
        "too_few_answers": _("Så få har svaret, at tallet ville være for usikkert."),
    }


def _around(figures: Figures) -> dict[str, Any]:
    """Who it is set beside: those under the same conditions, those it meets on land, its landsdel."""
    return dict(
        facts=facts_beside(figures),
        peers=peer_rows(figures),
        own_peers_url=figures.links.to("municipality-own-peers", "slug", figures.municipality.slug),
        neighbours=neighbours_table(figures),
        landsdel=landsdel_table(figures),
        landsdel_name=figures.municipality.landsdel,
    )


def _actions(figures: Figures) -> tuple[Link, ...]:
    links, slug = figures.links, figures.municipality.slug
    nearest = "".join(f"&kommune={peer.slug}" for peer in figures.peers[:3])
    return (
        Link(_("Sammenlign"), f"{links.to('comparison')}?kommune={slug}{nearest or '&mod=gruppe'}"),
        Link(_("Én side (PDF)"), links.to("municipality-page-pdf", "slug", slug)),
        Link(_("Presseark"), links.to("press-municipality", "slug", slug)),
        Link(_("Kort fortalt"), links.to("municipality-in-short", "slug", slug)),
        Link(_("Vægt selv"), f"{links.to('own-index')}?kommune={slug}"),
        Link(_("Hent"), "#hent"),
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
            of=" · ".join(filter(None, [phrases.of(row), phrases.rests_on(row)])),
        )
        regions.setdefault(_(row.municipality.region.name), []).append(listed)
    return dict(
        count=len(rows),
        regions=tuple(dict(name=name, municipalities=tuple(listed)) for name, listed in regions.items()),
        rows=these_rows(len(rows)),
        downloads=page_files(links.to("ranking-csv"), shown),
    )
