"""The front page: one question, the map, the three areas, what is new and how sure it is."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import EVERYONE, Links, trace_url
from portal.charts.dots import Distribution, Entry, distribution, thinned
from portal.charts.scale import extent
from portal.charts.strip import place_span
from portal.components.links import Link, Tab
from portal.components.strips import score_strip
from portal.components.subject import legend_of, spread_sentence, subject_map
from portal.language import formatting, phrases
from portal.press.facts import Place as Told
from portal.press.findings import findings, light_facts
from portal.published import Area, Level, Municipality, Placement, Spread
from portal.published.edition import ShownEdition
from portal.published.municipalities import everyone_in_order
from portal.published.rows import light, overall_placements, placements_on, spreads_of
from portal.published.subjects import OVERALL, Subject, areas_of_edition, collected_in, localised


def home_page(shown: ShownEdition, area: str = "", mine: Municipality | None = None) -> dict[str, Any]:
    """Gather the front page in six queries; ``area`` is the slug of the area the map shows, "" for all.

    ``mine`` is the reader's own municipality, which is marked.
    """
    links = Links(shown.prefix)
    levels = Level.OVERALL, Level.AREA
    areas, everyone = list(areas_of_edition(shown.edition)), {one.pk: one for one in everyone_in_order()}
    rows = placements_on(shown.edition, levels).in_rank_order()
    by_subject: dict[str, list[Placement]] = {}
    for row in light(rows, municipality=everyone, area={one.pk: one for one in areas}):
        by_subject.setdefault(row.area.slug if row.area else "", []).append(row)
    chosen = next((Subject(Level.AREA, area=one) for one in areas if one.slug == area), OVERALL)
    key = chosen.area.slug if chosen.area else ""
    spreads = {spread.area_id: spread for spread in spreads_of(shown.edition, Level.AREA)}
    placements = by_subject.get(key, [])
    return dict(
        year=shown.edition.year,
        municipalities=len(placements),
        findings=findings_of(shown, by_subject.get("", []), links),
        tabs=_tabs(areas, key, links),
        subject=chosen.name,
        ranking_url=chosen.ranking(links),
        map=subject_map(chosen, placements, links, said=shown.said, mine=mine),
        legend=legend_of(chosen, placements, _("ikke placeret")),
        first=_ends(placements, links, mine),
        last=_ends(placements[::-1], links, mine)[::-1],
        unranked=tuple(
            Link(row.municipality.name, links.municipality(row.municipality.slug))
            for row in placements
            if row.rank is None
        ),
        my_card=_my_card(by_subject, areas, mine, links),
        areas=tuple(_area_card(one, by_subject.get(one.slug, []), spreads.get(one.pk), links, mine) for one in areas),
        note="" if shown.edition.registers_only else localised(shown.edition, "note"),  # the bar above says it
        published=formatting.day(shown.edition.published_at),
        indicators=collected_in(shown.edition),
        draws=formatting.number(shown.edition.method["robustness"]["draws"]),
        correction=localised(shown.edition, "reason"),
        **_how_to_read(by_subject.get("", []), mine),
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


def _place_line(row: Placement, links: Links, mine: Municipality | None = None) -> dict[str, Any]:
    return dict(
        place=formatting.number_range(row.rank or 0, row.rank_last or 0),
        name=row.municipality.name,
        url=links.municipality(row.municipality.slug),
        rests=phrases.rests_on(row),
        interval=formatting.number_range(row.low, row.high) if row.low and row.high else "",
        span=place_span(row.rank, row.rank_last or row.rank, row.low, row.high, row.n) if row.rank else None,
        css="chosen" if mine and row.municipality_id == mine.pk else "",
    )


ENDS, MOST_OF_AN_END = 5, 8


def _ends(placements: Sequence[Placement], links: Links, mine: Municipality | None) -> tuple[dict[str, Any], ...]:
    """The first five in the order given and whoever shares the fifth's place, as long as they are few."""
    ranked = [row for row in placements if row.rank is not None]
    found = ranked[:ENDS]
    found += [row for row in ranked[ENDS:MOST_OF_AN_END] if row.rank == found[-1].rank]
    return tuple(_place_line(row, links, mine) for row in found)


def findings_of(shown: ShownEdition, rows: Sequence[Placement], links: Links) -> tuple[dict[str, Any], ...]:
    """The sentences that the page opens with, each with its drawing and the way to the proof."""
    previous = shown.previous
    before = {row.municipality_id: row for row in light(overall_placements(previous))} if previous else {}
    spread = spreads_of(shown.edition, Level.OVERALL).first()
    facts = light_facts(shown.edition, rows, before, spread, previous)
    proofs = {"surely best": links.ranking(), "spread": trace_url(shown.edition.release, EVERYONE, OVERALL.code)}
    changes = f"{links.ranking()}?sorter=aendring&retning=ned"
    scores = [row.printed for row in rows if row.printed is not None]
    pages = {row.municipality.code: links.municipality(row.municipality.slug) for row in rows}
    return tuple(
        dict(
            title=one.title,
            text=one.text,
            proof=proofs.get(one.rule, changes),
            lines=tuple(
                _finding_line(place, facts.n, pages[place.code], moved=one.rule != "surely best")
                for place in one.places[:ENDS]
            ),
            moved=one.rule != "surely best",
            chart=_swarm(scores, spread) if one.rule == "spread" else None,
        )
        for one in findings(facts)
    )


def _finding_line(place: Told, n: int, url: str, *, moved: bool) -> dict[str, Any]:
    first, last = place.rank or 0, place.last or place.rank or 0
    change = "" if place.change is None else formatting.signed(round(place.change))
    then = place.before_places if moved else None
    return dict(
        place=change if moved else formatting.number_range(first, last),
        name=place.name,
        url=url,
        rests=phrases.rests_on(place),
        interval=formatting.number_range(place.low, place.high) if place.low and place.high else "",
        span=place_span(first, last, place.low, place.high, n),
        before=place_span(*then) if then else None,
    )


def _swarm(scores: Sequence[float], spread: Spread | None) -> Distribution:
    median = spread.median if spread else None
    known = spread is not None and spread.lower_quartile is not None and spread.upper_quartile is not None
    drawn, every = thinned(scores)
    return distribution(
        [Entry(scores[place], formatting.score(scores[place])) for place in drawn],
        tick_text=partial(phrases.tick, None),
        says=phrases.dots(None),
        median=median,
        median_text="" if median is None else _("midten %(value)s") % {"value": formatting.score(median)},
        middle=(spread.lower_quartile or 0.0, spread.upper_quartile or 0.0) if spread and known else None,
        ends=extent(scores),
        every=every,
    )


def _my_card(
    by_subject: dict[str, list[Placement]], areas: list[Area], mine: Municipality | None, links: Links
) -> dict[str, Any] | None:
    """The reader's own municipality: overall with how sure it is, and its place in each area."""
    own = {slug: row for slug, rows in by_subject.items() for row in rows if mine and row.municipality_id == mine.pk}
    if mine is None or "" not in own:
        return None
    whole = own[""]
    return dict(
        name=mine.name,
        url=links.municipality(mine.slug),
        rank=phrases.rank(whole),
        of=phrases.of(whole),
        interval=phrases.interval(whole),
        line=_place_line(whole, links) if whole.rank else None,
        areas=tuple(
            dict(
                code=area.code,
                name=localised(area, "name"),
                rank=phrases.rank_in_text(own.get(area.slug)) or phrases.rank(None).lower(),
            )
            for area in areas
            if area.slug in own
        ),
    )


def _how_to_read(rows: Sequence[Placement], mine: Municipality | None) -> dict[str, Any]:
    """One place with its interval, drawn large: the reader's own, or whoever stands in the middle."""
    ranked = [row for row in rows if row.rank is not None and row.low is not None and row.high is not None]
    if not ranked:
        return dict(example=None)
    row = next((one for one in ranked if mine and one.municipality_id == mine.pk), ranked[len(ranked) // 2])
    first, last = row.rank or 0, row.rank_last or row.rank or 0
    return dict(
        example=dict(
            said=f"{phrases.named(row.municipality.name, row)}: {phrases.rank_in_text(row)} {phrases.of(row)}",
            span=place_span(first, last, row.low, row.high, row.n),
            interval=formatting.rank_interval(row.low or 1, row.high or row.n),
            n=row.n,
        )
    )


def _area_card(
    area: Area, placements: list[Placement], spread: Spread | None, links: Links, mine: Municipality | None
) -> dict[str, Any]:
    own = next((row for row in placements if mine and row.municipality_id == mine.pk), None)
    scores = [row.printed for row in placements if row.printed is not None]
    ranked = [row for row in placements if row.rank is not None]
    top = [_place_line(row, links, mine) for row in ranked if (row.rank or 0) <= 3]  # all who share the third place
    if own and own.rank and own.rank > len(top):
        top.append(_place_line(own, links, mine))
    return dict(
        code=area.code,
        name=localised(area, "name"),
        url=links.area(area.slug),
        lines=tuple(top),
        strip=score_strip(own, scores, spread, _("Alle kommuners score på en linje, de bedste til højre.")),
        spread=spread_sentence(spread),
    )
