"""Who is like a municipality when the reader weighs the conditions: the reader's own choice, and said to be."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.conditions import INCOME, OLD, POPULATION, YOUNG
from portal.addresses.links import Links
from portal.components.links import Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, Neighbour, figures_of

CONDITIONS = ("folketal", "taethed", "indkomst", "aeldre", "boern", "gruppe")
HEAVIEST = 3
MOST, COMPARED = 12, 4


def own_peers_page(shown: ShownEdition, slug: str, query: QueryDict, links: Links) -> dict[str, Any]:
    """Gather the page. Http404 for a municipality that the edition has not."""
    figures = figures_of(shown, slug, links)
    weights = _weights(query)
    *conditions, group = (float(weights[one]) for one in CONDITIONS)
    found = [
        peer.municipality for peer in figures.country.conditions.nearest(figures.municipality, MOST, conditions, group)
    ]
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
    official = {peer.municipality.pk for peer in figures.peers}
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
