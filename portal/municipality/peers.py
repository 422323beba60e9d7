"""Who a municipality is set beside: the country, its group, those under the same conditions, its landsdel."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from indicators.postcodes_and_neighbours import neighbours_of
from portal.addresses.links import Links
from portal.components.links import Fact
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.municipality.answer import Reach, reach_of
from portal.published.municipality import Figures, Neighbour
from portal.published.rows import OVERALL_KEY


def facts_beside(figures: Figures) -> tuple[Fact, ...]:
    """Its score beside the medians of the country, of its kommunegruppe and of those under the same conditions."""
    own, spread = figures.overall, figures.country.spreads.get(OVERALL_KEY)
    if own.printed is None:
        return ()
    group = figures.municipality.kommunegruppe
    like = [peer.municipality for peer in figures.peers]
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


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A municipality under similar conditions: where it stands, and whether that can be told from one's own place."""

    name: str
    url: str
    rank: str
    of: str
    score: str
    reach: Reach | None
    beside: str


def peer_rows(figures: Figures) -> tuple[PeerRow, ...]:
    """Those under the same conditions, nearest first. Empty where none is known."""
    alike = set(figures.overall.alike or ())
    return tuple(
        PeerRow(
            other.name,
            figures.links.municipality(other.slug),
            phrases.rank_in_text(other) or phrases.rank(None).lower(),
            phrases.of(other),
            phrases.score(other),
            reach_of(other),
            " · ".join(filter(None, [_told_apart(figures, other, alike), phrases.rests_on(other)])),
        )
        for other in (peer.municipality for peer in figures.peers)
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
