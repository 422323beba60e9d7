"""The page of one municipality: the answer first, then the ladder down."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.conditions import POPULATION, Peer, known_conditions, nearest
from indicators.models import Area, Indicator, Municipality
from portal import formatting
from portal.charts.lines import LineChart, Series, line_chart
from portal.charts.strip import Strip
from portal.links import Links
from portal.presenters import words
from portal.presenters.explanation import Explained, explained
from portal.presenters.facts import Fact
from portal.presenters.ladder import AreaLadder, IndicatorRow, Shelf, challenges, ladder, movers, strengths
from portal.presenters.links import Link
from portal.presenters.sentence import Facts, sentence
from portal.presenters.tables import Cell, Column, Row, Table
from portal.shown import Shown
from portal.subjects import localised
from rankings.models import Edition, Explanation, Level, Placement, Spread

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What templates/components/answer.html shows."""

    rank: str
    of: str
    reason: str
    interval: str
    alike: str
    score: str
    sentence: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class AreaCard:
    """What templates/components/area_card.html shows of a municipality's area."""

    code: str
    name: str
    url: str
    rank: str
    of: str
    reason: str
    interval: str
    score: str
    strip: Strip | None


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
    answer: Answer
    areas: tuple[AreaCard, ...]
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


def municipality_page(shown: Shown, municipality: Municipality, links: Links) -> MunicipalityPage:
    """Gather the page in at most seven queries after the edition's and the municipality's own."""
    by_edition = _placements(municipality, shown.years)
    own = by_edition[shown.edition.pk]
    everyone = _everyone(shown.edition)
    spreads = {_key(spread): spread for spread in Spread.objects.filter(edition=shown.edition)}
    indicators = list(
        Indicator.objects.filter(criterion__edition=shown.edition)
        .select_related("theme__area", "source")
        .annotate(break_years=ArrayAgg("breaks__year", filter=Q(breaks__isnull=False), order_by="breaks__year"))
        .only(*_CATALOGUE_FIELDS)
        .order_by("position")
    )
    conditions = known_conditions(shown.edition.year)
    explanation = Explanation.objects.filter(edition=shown.edition, municipality=municipality).first()
    earlier = [by_edition[edition.pk] for edition in shown.earlier]
    rungs = ladder(Shelf(links, own, earlier, spreads, indicators))
    rows = [row for area in rungs for theme in area.themes for row in theme.rows]
    areas = _areas(indicators)
    others = [placement.municipality for placement in everyone["overall", None]]
    return MunicipalityPage(
        name=municipality.name,
        slug=municipality.slug,
        under=_under(municipality, conditions),
        actions=_actions(municipality, links),
        facts=_facts_beside(municipality, own["overall", None], everyone["overall", None], spreads),
        answer=_answer(shown, municipality, own, by_edition, areas, everyone, spreads, explanation),
        areas=tuple(_area_card(shown.edition, area, own, everyone, spreads, links) for area in areas),
        strengths=_found(strengths(rows)),
        challenges=_found(challenges(rows)),
        movers=_found(movers(rows), changed=True),
        chart=_chart(shown, by_edition, areas),
        chart_says=_("Placeringen i hver udgave; 1 er bedst og står øverst."),
        table=_table(shown, by_edition, areas),
        ladder=rungs,
        missing=_missing(rows),
        peers=_peers(nearest(municipality, others, conditions), everyone["overall", None], own["overall", None], links),
        landsdel=_landsdel(municipality, everyone["overall", None], links),
        landsdel_name=municipality.landsdel,
        sources=tuple(sorted({localised_source(indicator) for indicator in indicators})),
        explained=explained(
            explanation,
            own["overall", None],
            earlier[-1].get(("overall", None)) if earlier else None,
            {indicator.code: indicator for indicator in indicators},
            links,
        ),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        sprite=links.to("strips"),
        figure_url=links.to("municipality-development", "slug", municipality.slug),
    )


_CATALOGUE_FIELDS = (
    "code", "name_da", "name_en", "unit", "direction", "decimals", "source_table",
    "source__name", "source__name_en", "theme__code", "theme__name_da", "theme__name_en",
    "theme__area__code", "theme__area__slug", "theme__area__name_da", "theme__area__name_en",
)  # fmt: skip


def localised_source(indicator: Indicator) -> str:
    """Name an indicator's source in the language of the page."""
    return localised(indicator.source, "name") or indicator.source.name


def _key(row: Placement | Spread) -> Key:
    return str(row.level), row.area_id or row.theme_id or row.indicator_id


def _placements(municipality: Municipality, editions: Sequence[Edition]) -> dict[int, dict[Key, Placement]]:
    found: dict[int, dict[Key, Placement]] = {edition.pk: {} for edition in editions}
    for placement in Placement.objects.filter(municipality=municipality, edition__in=editions):
        found[placement.edition_id][_key(placement)] = placement
    return found


def _everyone(edition: Edition) -> dict[Key, list[Placement]]:
    found: dict[Key, list[Placement]] = defaultdict(list)
    rows = Placement.objects.filter(edition=edition, level__in=[Level.OVERALL, Level.AREA])
    for placement in rows.select_related("municipality").order_by("municipality__sort_key"):
        found[_key(placement)].append(placement)
    return found


def _areas(indicators: Sequence[Indicator]) -> list[Area]:
    return list(dict.fromkeys(indicator.theme.area for indicator in indicators if indicator.theme))


def _under(municipality: Municipality, conditions: dict[int, dict[str, tuple[float, int]]]) -> str:
    facts = [municipality.region.name, _(municipality.kommunegruppe)]
    population = conditions.get(municipality.pk, {}).get(POPULATION)
    if population:
        people = formatting.count(round(population[0]), _("indbygger"), _("indbyggere"))
        facts.append(f"{people} ({population[1]})")
    return " · ".join(facts)


def _answer(  # noqa: PLR0913, PLR0917  the answer stands on the whole page's figures
    shown: Shown,
    municipality: Municipality,
    own: dict[Key, Placement],
    by_edition: dict[int, dict[Key, Placement]],
    areas: Sequence[Area],
    everyone: dict[Key, list[Placement]],
    spreads: dict[Key, Spread],
    explanation: Explanation | None,
) -> Answer:
    overall = own["overall", None]
    alike = len(overall.alike or [])
    says = _("Alle kommuners score på en linje, de bedste til højre.")
    return Answer(
        rank=words.rank(overall),
        of=words.of(overall),
        reason=words.why_not_ranked(overall, shown.edition),
        interval=words.interval(overall),
        alike=_("Kan ikke skelnes fra %(others)s.") % {"others": formatting.count(alike, _("kommune"), _("kommuner"))}
        if alike
        else "",
        score=words.score(overall),
        sentence=sentence(_facts(shown, municipality, own, by_edition, areas, explanation)),
        strip=words.score_strip(overall, everyone["overall", None], spreads.get(("overall", None)), says),
    )


def _facts(
    shown: Shown,
    municipality: Municipality,
    own: dict[Key, Placement],
    by_edition: dict[int, dict[Key, Placement]],
    areas: Sequence[Area],
    explanation: Explanation | None,
) -> Facts:
    overall = own["overall", None]
    placed = [(own["area", area.pk].rank or 0, area) for area in areas if own["area", area.pk].rank is not None]
    best = min(placed, key=lambda pair: pair[0], default=None)
    previous = shown.previous
    before = by_edition[previous.pk].get(("overall", None)) if previous else None
    return Facts(
        name=municipality.name,
        year=shown.edition.year,
        n=overall.n,
        coverage=overall.coverage,
        rank=overall.rank,
        rank_last=overall.rank_last,
        low=overall.low,
        high=overall.high,
        best_area=localised(best[1], "name") if best else "",
        best_area_rank=best[0] if best else None,
        previous_year=previous.year if previous else None,
        previous_rank=before.rank if before else None,
        comparable=previous is None or previous.method_version == shown.edition.method_version,
        causes=explanation.change if explanation else {},
    )


def _area_card(
    edition: Edition,
    area: Area,
    own: dict[Key, Placement],
    everyone: dict[Key, list[Placement]],
    spreads: dict[Key, Spread],
    links: Links,
) -> AreaCard:
    key = ("area", area.pk)
    placement = own[key]
    says = _("Alle kommuners score på %(area)s, de bedste til højre.") % {"area": localised(area, "name")}
    return AreaCard(
        code=area.code,
        name=localised(area, "name"),
        url=links.area(area.slug),
        rank=words.rank(placement),
        of=words.of(placement),
        reason=words.why_not_ranked(placement, edition),
        interval=words.interval(placement),
        score=words.score(placement),
        strip=words.score_strip(placement, everyone[key], spreads.get(key), says),
    )


def _actions(municipality: Municipality, links: Links) -> tuple[Link, ...]:
    comparison, own = links.to("comparison"), links.to("own-index")
    return (
        Link(_("Sammenlign"), f"{comparison}?kommune={municipality.slug}&mod=gruppe"),
        Link(_("Dine vægte"), f"{own}?kommune={municipality.slug}"),
    )


def _facts_beside(
    municipality: Municipality, own: Placement, everyone: Sequence[Placement], spreads: dict[Key, Spread]
) -> tuple[Fact, ...]:
    """Its score beside the medians of the country and of the kommunegruppe."""
    if own.printed is None:
        return ()
    group = [
        placement.score
        for placement in everyone
        if placement.municipality.kommunegruppe == municipality.kommunegruppe and placement.score is not None
    ]
    country = spreads["overall", None].median
    return (
        Fact(municipality.name, words.score(own)),
        Fact(_("Median, alle kommuner"), formatting.score(country) if country is not None else ""),
        Fact(_("Median, %(group)s") % {"group": _(municipality.kommunegruppe)}, formatting.score(median(group))),
    )


def _landsdel(municipality: Municipality, everyone: Sequence[Placement], links: Links) -> Table:
    """Who lies around it: the municipalities of its landsdel, best first."""
    around = [one for one in everyone if one.municipality.landsdel == municipality.landsdel]
    around.sort(key=lambda one: (one.rank is None, one.rank or 0))
    heads = (_("Placering"), _("Score"))
    rows = []
    for one in around:
        rank = f"{words.rank_in_text(one)} {words.of(one)}".strip()
        cells = (
            Cell(rank, heads[0], missing="" if rank else words.rank(None)),
            Cell(words.score(one), heads[1], css="number"),
        )
        css = "chosen" if one.municipality_id == municipality.pk else ""
        rows.append(Row(one.municipality.name, links.municipality(one.municipality.slug), css=css, cells=cells))
    columns = (Column(_("Kommune")), Column(heads[0]), Column(heads[1], css="number"))
    return Table(_("Kommuner i samme landsdel"), columns, tuple(rows))


def _found(rows: Sequence[IndicatorRow], *, changed: bool = False) -> tuple[Found, ...]:
    return tuple(
        Found(
            row.name,
            row.url,
            f"{row.how} · {formatting.signed(row.change, 1)} {_('point')}" if changed and row.change else row.how,
        )
        for row in rows
    )


def _chart(shown: Shown, by_edition: dict[int, dict[Key, Placement]], areas: Sequence[Area]) -> LineChart | None:
    lines = _lines(shown, by_edition, areas)
    if len(shown.years) < 2:
        return None
    largest = max((p["overall", None].n for p in by_edition.values() if p), default=1)
    return line_chart(
        [Series(name, ranks, css) for name, ranks, css in lines],
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Placeringens udvikling over udgaverne."),
        ranks_of=largest,
    )


def _lines(
    shown: Shown, by_edition: dict[int, dict[Key, Placement]], areas: Sequence[Area]
) -> list[tuple[str, list[float | None], str]]:
    keys: list[tuple[str, Key, str]] = [(_("Samlet"), ("overall", None), "chosen")]
    keys += [(localised(area, "name"), ("area", area.pk), f"area-{area.code}") for area in areas]
    lines = []
    for name, key, css in keys:
        ranks = [by_edition[edition.pk].get(key) for edition in shown.years]
        lines.append((name, [float(p.rank) if p and p.rank else None for p in ranks], css))
    return lines


def _table(shown: Shown, by_edition: dict[int, dict[Key, Placement]], areas: Sequence[Area]) -> Table:
    keys: list[tuple[str, Key]] = [(_("Samlet"), ("overall", None))]
    keys += [(localised(area, "name"), ("area", area.pk)) for area in areas]
    rows = []
    for edition in reversed(shown.years):
        cells = []
        for name, key in keys:
            placement = by_edition[edition.pk].get(key)
            text = f"{words.rank_in_text(placement)} {words.of(placement)}".strip()
            cells.append(Cell(text, label=name, note=words.score(placement), missing="" if text else words.rank(None)))
        rows.append(Row(str(edition.year), cells=tuple(cells)))
    columns = (Column(_("Udgave")), *(Column(name, note=_("placering og score")) for name, _key_ in keys))
    return Table(_("Placering i hver udgave"), columns, tuple(rows))


def _missing(rows: Sequence[IndicatorRow]) -> tuple[MissingRow, ...]:
    return tuple(MissingRow(row.name, row.url, row.missing) for row in rows if row.missing)


def _peers(peers: Sequence[Peer], everyone: Sequence[Placement], own: Placement, links: Links) -> Table | None:
    placement_of = {placement.municipality_id: placement for placement in everyone}
    heads = (_("Placering"), _("Score"), _("Afstand"))
    rows = []
    for peer in peers:
        placement = placement_of[peer.municipality.pk]
        better = placement.rank is not None and (own.rank is None or placement.rank < own.rank)
        rank = f"{words.rank_in_text(placement)} {words.of(placement)}".strip()
        cells = (
            Cell(rank, heads[0], note=_("bedre placeret") if better else "", missing="" if rank else words.rank(None)),
            Cell(words.score(placement), heads[1], css="number"),
            Cell(formatting.number(peer.distance, 1), heads[2], css="number"),
        )
        rows.append(Row(peer.municipality.name, links.municipality(peer.municipality.slug), cells=cells))
    columns = (Column(_("Kommune")), Column(heads[0]), Column(heads[1], css="number"), Column(heads[2], css="number"))
    return Table(_("Kommuner med samme vilkår"), columns, tuple(rows)) if rows else None
