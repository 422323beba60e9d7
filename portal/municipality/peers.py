"""Who a municipality is set beside: the country, its group, its landsdel, those under the same conditions; and who is
like it when the reader weighs the conditions: the reader's own choice, and said to be."""

from collections.abc import Container, Iterable, Sequence
from statistics import median
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.conditions import INCOME, OLD, POPULATION, YOUNG
from indicators.postcodes_and_neighbours import neighbours_of
from portal.addresses import Links
from portal.components.links import Fact, Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.municipality.answer import reach_of
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.rows import OVERALL_KEY, Neighbour


def facts_beside(figures: Figures) -> tuple[Fact, ...]:
    """Its score beside the medians of the country, of its kommunegruppe and of those under the same conditions."""
    own, spread = figures.overall, figures.country.spreads.get(OVERALL_KEY)
    if own.printed is None:
        return ()
    group = figures.municipality.kommunegruppe
    like = figures.peers
    compared = (
        (_("Midten, alle kommuner"), spread.median if spread else None),
        (
            _("Midten, %(group)s") % {"group": _(group).lower()},
            _median(one for one in figures.country.everyone if one.kommunegruppe == group),
        ),
        (_("Midten, seks lignende kommuner"), _median(like)),
    )
    return (
        Fact(figures.municipality.name, phrases.score(own)),
        *(
            Fact(name, formatting.score(score), _beside(own.printed, score))
            for name, score in compared
            if score is not None
        ),
    )


def _median(rows: Iterable[Neighbour]) -> float | None:
    scores = [row.score for row in rows if row.score is not None and row.rank is not None]
    return median(scores) if scores else None


def _beside(own: float, other: float) -> str:
    apart = formatting.rounded(own, 1) - formatting.rounded(other, 1)
    if formatting.rounded(apart, 1) == 0:
        return _("samme som kommunen")
    points = {"points": formatting.number(abs(apart), 1)}
    if apart > 0:
        return _("kommunens score er %(points)s point højere") % points
    return _("kommunens score er %(points)s point lavere") % points


def peer_rows(figures: Figures) -> tuple[dict[str, Any], ...]:
    """Those under the same conditions, nearest first. Empty where none is known."""
    alike = set(figures.overall.alike or ())
    return tuple(
        dict(
            name=other.name,
            url=figures.links.municipality(other.slug),
            rank=phrases.rank_in_text(other) or phrases.rank(None).lower(),
            of=phrases.of(other),
            score=phrases.score(other),
            reach=reach_of(other),
            beside=" · ".join(filter(None, [_told_apart(figures, other, alike), phrases.rests_on(other)])),
        )
        for other in figures.peers
    )


def _told_apart(figures: Figures, other: Neighbour, alike: Container[int]) -> str:
    """Whether the other lies higher or lower; only where the two places can be told apart."""
    own = figures.overall
    if own.rank is None or other.rank is None:
        return ""
    if other.pk in alike or other.rank == own.rank:
        return _("kan ikke skelnes")
    return _("ligger højere") if other.rank < own.rank else _("ligger lavere")


def landsdel_table(figures: Figures) -> Table:
    """Who lies around it: the municipalities of its landsdel, best first."""
    around = [one for one in figures.country.everyone if one.landsdel == figures.municipality.landsdel]
    around.sort(key=lambda one: (one.rank is None, one.rank or 0))
    heads = (_("Placering"), _("Score"))
    rows = [_landsdel_row(one, heads, figures.links, own=one.pk == figures.municipality.pk) for one in around]
    columns = (Column(_("Kommune")), Column(heads[0], formatting.of(figures.overall.n)), Column(heads[1], css="number"))
    return Table(_("Kommuner i samme landsdel"), columns, tuple(rows), css="plain")


def neighbours_table(figures: Figures) -> Table | None:
    """Those it meets on land, best first; None for an island."""
    codes = neighbours_of(figures.municipality.code)
    around = [one for one in figures.country.everyone if one.code in codes]
    around.sort(key=lambda one: (one.rank is None, one.rank or 0))
    heads = (_("Placering"), _("Score"))
    rows = [_landsdel_row(one, heads, figures.links, own=False) for one in around]
    columns = (Column(_("Kommune")), Column(heads[0], formatting.of(figures.overall.n)), Column(heads[1], css="number"))
    return Table(_("Naboer"), columns, tuple(rows), css="plain") if rows else None


def _landsdel_row(one: Neighbour, heads: Sequence[str], links: Links, *, own: bool) -> Row:
    return Row(one.name, links.municipality(one.slug), css="chosen" if own else "", cells=_place_cells(one, heads))


def _place_cells(one: Neighbour, heads: Sequence[str], note: str = "") -> tuple[Cell, ...]:
    rank = phrases.rank_in_text(one).removeprefix(f"{formatting.rank_word()} ")
    return (
        Cell(
            rank,
            heads[0],
            note=" · ".join(filter(None, [note, phrases.rests_on(one)])),
            css="nowrap",
            missing="" if rank else phrases.rank(None),
        ),
        Cell(phrases.score(one), heads[1], css="number"),
    )


CONDITIONS = ("folketal", "taethed", "indkomst", "aeldre", "boern", "gruppe")
HEAVIEST = 3
MOST, COMPARED = 12, 4


def own_peers_page(shown: ShownEdition, slug: str, query: QueryDict, links: Links) -> dict[str, Any]:
    """Gather the page. Http404 for a municipality that the edition has not."""
    figures = figures_of(shown, slug, links)
    weights = _weights(query)
    *conditions, group = (float(weights[one]) for one in CONDITIONS)
    found = figures.country.conditions.nearest(figures.municipality, MOST, conditions, group)
    name = figures.municipality.name
    title = _("Hvem ligner %(name)s, når du vægter?") % {"name": name}
    here = links.to("municipality-own-peers", "slug", slug)
    chosen = "&".join(f"{one}={weight}" for one, weight in weights.items() if weight != 1)
    pinned_here = Links(f"@{shown.edition.release}").to("municipality-own-peers", "slug", slug)
    return dict(
        title=title,
        name=name,
        back=links.municipality(slug),
        action=here,
        changed=bool(chosen),
        conditions=tuple(
            dict(key=one, name=said, weight=weights[one]) for one, said in zip(CONDITIONS, _names(), strict=True)
        ),
        unknown=sorted(one for one in CONDITIONS if one in query and _weight(query.get(one, "")) is None),
        table=_table(figures, found) if found else None,
        comparison=Link(
            _("Sammenlign med de fire, der ligner mest"),
            f"{links.to('comparison')}?kommune={slug}"
            + "".join(f"&kommune={one.slug}" for one in found[:COMPARED]),
        ) if found else None,
        citation=citation(shown, title),
        permalink=pinned(f"{pinned_here}?{chosen}" if chosen else pinned_here),
    )  # fmt: skip


def _weight(text: str) -> int | None:
    """A weight as it is written in the address; None for what is none."""
    return int(text) if text in map(str, range(HEAVIEST + 1)) else None


def _weights(query: QueryDict) -> dict[str, int]:
    """What each condition weighs: one, unless the reader says otherwise."""
    asked = {one: _weight(query.get(one, "1")) for one in CONDITIONS}
    return {one: 1 if weight is None else weight for one, weight in asked.items()}


def _names() -> tuple[str, ...]:
    return (_("Folketal"), _("Indbyggere pr. km²"), _("Indkomst"), _("Ældre"), _("Børn"), _("Samme kommunegruppe"))


def _table(figures: Figures, found: list[Neighbour]) -> Table:
    """The reader's peers with their places and the conditions themselves; those of the index are marked."""
    official = {peer.pk for peer in figures.peers}
    heads = (_("Placering"), _("Folketal"), _("Pr. km²"), _("Indkomst"), _("65 år og over"), _("0-17 år"),
             _("Kommunegruppe"))  # fmt: skip
    rows = tuple(
        Row(
            one.name,
            figures.links.municipality(one.slug),
            note=_("ligner også, når alt tæller ens") if one.pk in official else "",
            css="chosen" if one.pk == figures.municipality.pk else "",
            cells=tuple(
                Cell(text, head, css="" if head == heads[-1] else "number")
                for text, head in zip(_cells(figures, one), heads, strict=True)
            ),
        )
        for one in (figures.municipality, *found)
    )
    notes = (phrases.of(figures.overall), "", "", _("kr. pr. voksen"), "", "", "")
    columns = (
        Column(_("Kommune")),
        *(
            Column(head, note, css="" if head == heads[-1] else "number")
            for head, note in zip(heads, notes, strict=True)
        ),
    )
    return Table(_("Kommuner, der ligner"), columns, rows)


def _cells(figures: Figures, one: Neighbour) -> tuple[str, ...]:
    known = {code: value for code, (value, _year) in figures.country.known.get(one.pk, {}).items()}
    people = known.get(POPULATION)
    return (
        phrases.rank_in_text(one) or phrases.rank(None).lower(),
        "" if people is None else formatting.number(people),
        "" if people is None else formatting.number(people / one.area_km2),
        formatting.number(known[INCOME]) if INCOME in known else "",
        formatting.percent(known[OLD], 1) if OLD in known else "",
        formatting.percent(known[YOUNG], 1) if YOUNG in known else "",
        _(one.kommunegruppe),
    )
