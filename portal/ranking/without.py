"""The ranking without the administrations' own answers: a third of the weight is their word about themselves."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Level
from portal.published.edition import ShownEdition
from portal.published.subjects import Subject
from portal.published.variants import ADMINISTRATIONS, VariantLine, has_without, variant_lines


def without_page(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """Dress the ranking of the index, an area or a theme without those answers. Http404 where the edition has none.

    A theme that is made of nothing else has no lines, and its page says why.
    """
    lines = variant_lines(shown.edition, ADMINISTRATIONS, subject)
    if not has_without(shown.edition, ADMINISTRATIONS):
        raise Http404(_("Udgaven har ikke den rangliste uden forvaltningernes egne svar."))
    links = Links(shown.prefix)
    ranked = next((line.n for line in lines if line.rank), 0)
    return dict(
        title=_("%(subject)s uden forvaltningernes egne svar, %(year)d")
        % {"subject": subject.name, "year": shown.edition.year},
        under=formatting.count(ranked, _("kommune er placeret"), _("kommuner er placeret")),
        back=Link(_("Vis ranglisten med alle kilder"), subject.ranking(links)),
        table=_table(lines, links) if lines else None,
        citation=citation(shown, _("Rangliste uden forvaltningernes egne svar")),
        permalink=pinned(without_address(Links(f"@{shown.edition.release}"), subject)),
    )


def without_address(links: Links, subject: Subject) -> str:
    """Where a subject's ranking without those answers stands."""
    level = "" if subject.level == Level.OVERALL else f"-{subject.level}"
    return links.to(f"without{level}", "code", subject.code) if level else links.to("without")


def without_link(shown: ShownEdition, subject: Subject) -> Link | None:
    """The switch on a ranking; None of an indicator, and where the edition has no such ranking."""
    if subject.indicator or not has_without(shown.edition, ADMINISTRATIONS):
        return None
    return Link(_("Vis uden forvaltningernes egne svar"), without_address(Links(shown.prefix), subject))


def _table(lines: list[VariantLine], links: Links) -> Table:
    heads = (_("Uden dem"), _("Mellem nr."), _("Score"), _("Med alle kilder"))
    rows = []
    for line in lines:
        place = _place(line.rank, line.rank_last, line.n)
        cells = (
            Cell(
                place, heads[0], phrases.resting(line.rank, line.coverage), missing="" if place else _too_little(line)
            ),
            Cell(_interval(line), heads[1]),
            Cell("" if line.printed is None else formatting.score(line.printed), heads[2], css="number"),
            Cell(
                _place(line.published, line.published_last, line.published_n) or phrases.rank(None).lower(),
                heads[3],
                phrases.resting(line.published, line.published_coverage),
            ),
        )
        rows.append(Row(line.name, links.municipality(line.slug), cells=cells))
    columns = (
        Column(_("Kommune")), Column(heads[0]), Column(heads[1], note=_("i 9 af 10 beregninger")),
        Column(heads[2], note=_("af resten"), css="number"), Column(heads[3]),
    )  # fmt: skip
    return Table(_("Placeringer uden forvaltningernes egne svar"), columns, tuple(rows))


def _place(rank: int | None, last: int | None, n: int) -> str:
    return f"{formatting.rank_in_text(rank, last)} {formatting.of(n)}" if rank else ""


def _interval(line: VariantLine) -> str:
    return "" if line.low is None or line.high is None else formatting.number_range(line.low, line.high)


def _too_little(line: VariantLine) -> str:
    return _("kun tal for %(share)s %% af vægten") % {"share": phrases.coverage(line.coverage)}
