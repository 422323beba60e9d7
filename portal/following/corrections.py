"""Everything that was ever corrected: each value before and after, and the ranks that moved with it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.addresses.numbers import trace_url
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.language import phrases as words
from portal.published.revisions import ChangedRank, ChangedValue, Revision, revision
from portal.published.subjects import OVERALL, localised
from rankings.models import Edition, Level, Placement


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction: why, when, what, and what followed."""

    release: str
    replaced: str
    url: str
    replaced_url: str
    published: str
    reason: str
    demo: bool
    values: Table
    ranks: Table | None
    followed: str


def corrections_page() -> tuple[Correction, ...]:
    """Every correction, newest first."""
    editions = Edition.objects.ever_published().filter(revision__gt=1).order_by("-published_at").defer("robustness")
    return tuple(_correction(found) for edition in editions if (found := revision(edition)) is not None)


def _correction(found: Revision) -> Correction:
    edition, replaced = found.edition, found.replaced
    moved = [one for one in found.overall if one.before.rank != one.after.rank]
    return Correction(
        release=edition.release,
        replaced=replaced.release,
        url=Links(f"@{edition.release}").home(),
        replaced_url=Links(f"@{replaced.release}").home(),
        published=formatting.day(edition.published_at),
        reason=localised(edition, "reason"),
        demo=edition.is_demo,
        values=_values(found),
        ranks=_ranks(found, moved) if moved else None,
        followed=_followed(found, moved),
    )


def _followed(found: Revision, moved: list[ChangedRank]) -> str:
    """How far a correction reached, in one sentence."""

    def count(level: Level) -> int:
        return sum(1 for one in found.ranks if one.after.level == level and one.before.rank != one.after.rank)

    return _(
        "Rettelsen flyttede %(overall)s på den samlede liste, %(areas)s på områdernes og %(themes)s på temaernes."
    ) % {
        "overall": formatting.count(len(moved), _("placering"), _("placeringer")),
        "areas": formatting.count(count(Level.AREA), _("placering"), _("placeringer")),
        "themes": formatting.count(count(Level.THEME), _("placering"), _("placeringer")),
    }


def _values(found: Revision) -> Table:
    heads = (_("Indikator"), _("Før"), _("Efter"), _("Placering før"), _("Placering efter"))
    rows = tuple(Row(one.municipality.name, _proof(found, one), cells=_value_cells(one, heads)) for one in found.values)
    columns = (Column(_("Kommune")), *(Column(head) for head in heads))
    return Table(_("Tallene, der blev rettet"), columns, rows)


def _proof(found: Revision, one: ChangedValue) -> str:
    return trace_url(found.edition.release, one.municipality.code, one.indicator.code)


def _value_cells(one: ChangedValue, heads: tuple[str, ...]) -> tuple[Cell, ...]:
    def value(placement: Placement | None) -> str:
        if placement is None:
            return _("ingen måling")
        return words.value(one.indicator, placement.value) or formatting.missing(placement.missing)

    return (
        Cell(localised(one.indicator, "name"), heads[0]),
        Cell(value(one.before), heads[1]),
        Cell(value(one.after), heads[2]),
        Cell(_placed(one.before), heads[3]),
        Cell(_placed(one.after), heads[4]),
    )


def _ranks(found: Revision, moved: list[ChangedRank]) -> Table:
    heads = (_("Før"), _("Efter"), _("Score før"), _("Score efter"))
    rows = tuple(
        Row(
            one.after.municipality.name,
            trace_url(found.edition.release, one.after.municipality.code, OVERALL.code),
            cells=(
                Cell(_placed(one.before), heads[0]),
                Cell(_placed(one.after), heads[1]),
                Cell(words.score(one.before), heads[2], css="number"),
                Cell(words.score(one.after), heads[3], css="number"),
            ),
        )
        for one in moved
    )
    columns = (
        Column(_("Kommune")),
        Column(heads[0]),
        Column(heads[1]),
        *(Column(head, css="number") for head in heads[2:]),
    )
    return Table(_("Samlede placeringer, der blev andre"), columns, rows)


def _placed(placement: Placement | None) -> str:
    return f"{words.rank_in_text(placement)} {words.of(placement)}".strip() or words.rank(None).lower()
