"""The short tables of a press sheet."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.addresses.proofs import Addresses
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.press.facts import IndicatorFacts, MunicipalityFacts, NationalFacts, Place, Standing
from portal.published.subjects import OVERALL_CODE as OVERALL

TOP, MOVERS, ENDS = 10, 5, 5


def area_table(facts: MunicipalityFacts, addresses: Addresses) -> Table:
    """A municipality's places, overall and in each area, with how sure they are."""
    heads = (_("Placering"), _("Hvor sikkert"), _("Score"))
    rows = tuple(
        Row(
            one.name or _("Samlet"),
            addresses.number(facts.code, one.code),
            cells=(
                Cell(_rank(one), heads[0], missing=_unranked(one)),
                _or_missing(_interval(one.low, one.high), heads[1]),
                _or_missing("" if one.score is None else formatting.score(one.score), heads[2], css="number"),
            ),
        )
        for one in (facts.overall, *facts.areas)
    )
    return Table(_("Placeringer"), _columns(_("Emne"), *heads), rows)


def top_table(facts: NationalFacts, addresses: Addresses) -> Table:
    """The first ten, more where the tenth place is shared."""
    top = [one for one in facts.places if (one.rank or 0) <= TOP]
    heads = (_("Kommune"), _("Placering"), _("Hvor sikkert"), _("Score"))
    rows = tuple(
        Row(
            one.name,
            addresses.number(one.code, OVERALL),
            cells=(
                Cell(f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(facts.n)}", heads[1]),
                _or_missing(_interval(one.low, one.high), heads[2]),
                Cell(one.text, heads[3], css="number"),
            ),
        )
        for one in top
    )
    return Table(_("De første ti"), _columns(*heads), rows, css="plain")


def movers_table(facts: NationalFacts, addresses: Addresses) -> Table | None:
    """Those who moved most, up and down, only where the move can be seen over the uncertainty."""
    clear = sorted((one for one in facts.places if one.clear), key=lambda one: -abs(one.change or 0.0))[: 2 * MOVERS]
    if not clear or not facts.comparable:
        return None
    heads = (_("Kommune"), _("Før"), _("Nu"))
    rows = tuple(
        Row(
            one.name,
            addresses.number(one.code, OVERALL),
            cells=(
                Cell(one.before, heads[1]),
                Cell(f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(facts.n)}", heads[2]),
            ),
        )
        for one in clear
    )
    caption = _("Flyttet sig mest siden %(year)s, ud over usikkerheden") % {"year": facts.previous_year}
    return Table(caption, tuple(Column(head) for head in heads), rows, css="plain")


def ends_table(facts: IndicatorFacts, addresses: Addresses) -> Table | None:
    """The first and the last five of an indicator; None for a neutral one."""
    if not facts.places:
        return None
    few = len(facts.places) <= 2 * ENDS
    shown: Sequence[Place] = facts.places if few else (*facts.places[:ENDS], *facts.places[-ENDS:])
    heads = (_("Kommune"), _("Placering"), _("Værdi"))
    rows = tuple(
        Row(
            one.name,
            addresses.number(one.code, facts.code),
            css="group-start" if position == ENDS and not few else "",
            cells=(
                Cell(
                    f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(len(facts.places))}", heads[1]
                ),
                Cell(one.text, heads[2], css="number"),
            ),
        )
        for position, one in enumerate(shown)
    )
    return Table(_("Først og sidst"), _columns(*heads), rows, css="plain")


def _columns(*heads: str) -> tuple[Column, ...]:
    """Heads over columns of which the last one has figures."""
    return *map(Column, heads[:-1]), Column(heads[-1], css="number")


def _or_missing(text: str, label: str, *, css: str = "") -> Cell:
    """A cell; where there is nothing to print, it says so."""
    return Cell(text, label, css=css, missing="" if text else formatting.missing("not_available"))


def _unranked(one: Standing) -> str:
    """Why there is no place; "" where there is one."""
    if one.rank is not None:
        return ""
    share = formatting.percent(100 * one.coverage)
    return _("ikke placeret: der er kun tal for %(share)s af vægten") % {"share": share}


def _rank(one: Standing) -> str:
    return f"{formatting.rank_in_text(one.rank, one.last)} {formatting.of(one.n)}" if one.rank else ""


def _interval(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else formatting.rank_interval(low, high)
