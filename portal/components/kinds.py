"""How much of the index each kind of source is, and how much of that there are figures for in a municipality."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition
from portal.published.ranking import ADMINISTRATIONS, has_without, shares_of


def weight_by_kind(shown: ShownEdition, known: Collection[int | None] | None = None) -> dict[str, Any] | None:
    """A row for each kind of source with its share of the whole weight, the largest first; None without any.

    ``known``: the keys of the indicators that a municipality has figures for; then a column says their share too.
    ``without`` is the address of the ranking without the administrations' own answers, "" where there is none.
    """
    whole: dict[str, float] = defaultdict(float)
    there: dict[str, float] = defaultdict(float)
    for key, (kind, share) in shares_of(shown.edition).items():
        whole[kind] += share
        there[kind] += share if known is not None and key in known else 0.0
    if not whole:
        return None
    heads = (_("Andel af vægten"), *([_("Kommunen har tal for")] if known is not None else []))
    rows = []
    for kind, share in sorted(whole.items(), key=lambda pair: (-pair[1], pair[0])):
        cells = [
            Cell(formatting.percent(100 * one, 1), head, css="number")
            for one, head in zip((share, there[kind]), heads, strict=False)
        ]
        rows.append(Row(phrases.source_kind(kind), cells=tuple(cells)))
    columns = (Column(_("Slags kilde")), *(Column(head, css="number") for head in heads))
    has_it = has_without(shown.edition, ADMINISTRATIONS)
    return dict(
        table=Table(_("Vægten efter slags kilde"), columns, tuple(rows), css="plain"),
        without=Links(shown.prefix).to("without") if has_it else "",
    )
