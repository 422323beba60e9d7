"""Two indicators against each other: a picture of what goes together, never of what causes what."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.dots import Pair, Scatter, scatter
from portal.comparing.page import unknown_municipalities
from portal.components.links import Link, citation, image_links, page_files, pinned, these_rows
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipalities
from portal.published.rows import values_of
from portal.published.subjects import IndicatorEntry, catalogue, localised, themes_of
from portal.serving.middleware import Refused, refuse_repeated
from rankings.engine.need import together

MOST_NAMED = 12
PAIRS = 5_253  # of 103 indicators: whoever may choose among them meets some that go together by chance
FIRST, SECOND = "b-neet", "v-relativ-fattigdom"


Both = tuple[Municipality, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Against:
    """Two indicators and everyone's values; ``named`` are the slugs of those to point out."""

    x: IndicatorEntry
    y: IndicatorEntry
    both: list[Both]
    named: frozenset[str]

    @property
    def title(self) -> str:
        """What is put against what."""
        return _("»%(x)s« og »%(y)s«") % {"x": localised(self.x, "name"), "y": localised(self.y, "name")}

    @property
    def says(self) -> str:
        """What is seen, and what is not."""
        count = sum(a is not None and b is not None for _one, a, b in self.both)
        return _(
            "%(together)s Her er en prik for hver af %(count)s kommuner med begge tal. Selv om to tal følges ad, er "
            "det ene ikke nødvendigvis årsag til det andet."
        ) % {"count": count, "together": self.together}

    @property
    def together(self) -> str:
        """Whether the two go together, for somebody who may have looked at every pair of the catalogue."""
        pairs = np.array([[a, b] for _one, a, b in self.both if a is not None and b is not None], dtype=float)
        found = together(pairs[:, :1], pairs[:, 1:], PAIRS) if len(pairs) and self.x != self.y else None
        if found and found.low > 0:
            return _("De to tal følges ad: hvor det ene er højt, er det andet det oftest også.")
        if found and found.high < 0:
            return _("De to tal går hver sin vej: hvor det ene er højt, er det andet oftest lavt.")
        return _("Vi kan ikke se, at de to tal følges ad.")

    @property
    def missing(self) -> str:
        """Who is not in the picture."""
        return _missing(
            [one.name for one, a, b in self.both if a is None or b is None],
            named_first=[one.name for one, _a, _b in self.both if one.slug in self.named],
        )


def scatter_page(shown: ShownEdition, query: QueryDict, path: str) -> dict[str, Any]:
    """Gather the page in four queries after the edition's own; unknown codes fall back to the first two."""
    indicators = catalogue(shown.edition)
    found = against(shown, query, indicators)
    x, y, both, named = found.x, found.y, found.both, found.named
    links = Links(shown.prefix)
    return dict(
        title=found.title,
        says=found.says,
        x=x.code,
        y=y.code,
        groups=_groups(indicators),
        named=_named(sum(one.slug in named for one, _x, _y in both)),
        municipalities=tuple((one.slug, one.name, one.slug in named) for one, _x, _y in both),
        action=path,
        chart=drawn(found, links),
        table=_table(both, x, y, links),
        actions=_actions(found, links, path),
        pictures=image_links(links, "picture-scatter", query),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        citation=citation(shown, found.title),
        rows=these_rows(2 * len(both) if x != y else len(both)),
        downloads=page_files(f"{links.to('scatter-csv')}?{query.urlencode()}".rstrip("?"), shown),
        permalink=pinned(Links(f"@{shown.edition.release}").to("scatter"), query),
        missing=found.missing,
        unknown=unknown_indicators(indicators, query),
    )


def against(shown: ShownEdition, query: QueryDict, indicators: list[IndicatorEntry]) -> Against:
    """Read the values of the two indicators that are asked for, in two queries."""
    x, y = pair_of(indicators, query)
    values = values_of(shown.edition, (x.pk, y.pk))
    both = [(one, values.get((one.pk, x.pk)), values.get((one.pk, y.pk))) for one in municipalities()]
    return Against(x, y, both, frozenset(query.getlist("kommune")))


def drawn(found: Against, links: Links) -> Scatter:
    """Draw everyone who has both."""
    x, y = found.x, found.y
    return scatter(
        [
            Pair(
                a,
                b,
                f"{one.name}: {phrases.value(x, a)} · {phrases.value(y, b)}",
                one.name,
                links.municipality(one.slug),
                one.slug in found.named,
            )
            for one, a, b in found.both
        ],
        x_title=_axis(x),
        y_title=_axis(y),
        x_text=partial(phrases.tick, x),
        y_text=partial(phrases.tick, y),
        says=found.says,
    )


def _actions(found: Against, links: Links, path: str) -> tuple[Link, ...]:
    x, y = found.x, found.y
    kept = "".join(f"&kommune={one.slug}" for one, _x, _y in found.both if one.slug in found.named)
    return (
        Link(_("Byt akser"), f"{path}?x={y.code}&y={x.code}{kept}"),
        Link(_("Om %(name)s") % {"name": localised(x, "short") or x.code}, links.indicator(x.code)),
        Link(_("Om %(name)s") % {"name": localised(y, "short") or y.code}, links.indicator(y.code)),
    )


def unknown_indicators(indicators: list[IndicatorEntry], query: QueryDict) -> str:
    """The codes in an address that the edition has no indicator for; "" where there are none."""
    known = {one.code for one in indicators}
    wrong = [code for name in ("x", "y") for code in query.getlist(name) if code and code not in known]
    return ", ".join(f"»{code[:60]}«" for code in wrong[:4])


def refuse_unknown_indicators(indicators: list[IndicatorEntry], query: QueryDict) -> None:
    """Raise Refused for a code or a municipality that a file or a picture would pass over."""
    if codes := unknown_indicators(indicators, query):
        raise Refused(_("Udgaven har ingen indikator med koden %(codes)s.") % {"codes": codes}, 404)
    refuse_repeated(query, "kommune")
    if names := unknown_municipalities(query):
        raise Refused(_("Her er ingen kommune, der hedder %(names)s.") % {"names": names}, 404)


def pair_of(indicators: list[IndicatorEntry], query: QueryDict) -> tuple[IndicatorEntry, IndicatorEntry]:
    """The two indicators that are asked for."""
    by_code = {one.code: one for one in indicators}
    first, second = by_code.get(FIRST, indicators[0]), by_code.get(SECOND, indicators[-1])
    asked_x, asked_y = by_code.get(query.get("x", "")), by_code.get(query.get("y", ""))
    x = asked_x or (second if asked_y == first else first)
    return x, asked_y or (first if x == second else second)


def _named(count: int) -> str:
    return _("Fremhæv kommuner (%(count)s valgt)") % {"count": count} if count else _("Fremhæv kommuner")


def _missing(names: list[str], named_first: list[str]) -> str:
    """Who is not in the picture: by name while they are few, and always those that were asked for."""
    if not names:
        return ""
    if len(names) > MOST_NAMED:
        asked = [name for name in names if name in named_first]
        count = formatting.count(len(names), _("kommune mangler et af tallene"), _("kommuner mangler et af tallene"))
        return f"{count}, {_('deriblandt')} {formatting.joined(asked)}." if asked else f"{count}."
    return _("%(names)s mangler et af de to tal.") % {"names": formatting.joined(names)}


def _axis(indicator: IndicatorEntry) -> str:
    name = localised(indicator, "short") or localised(indicator, "name")
    return f"{name} ({formatting.unit_name(phrases.unit(indicator))}, {phrases.direction(indicator)})"


def _groups(indicators: list[IndicatorEntry]) -> tuple[dict[str, Any], ...]:
    return tuple(
        dict(theme=localised(theme, "name"), indicators=tuple((one.code, localised(one, "name")) for one in members))
        for theme, members in themes_of(indicators).items()
    )


def _table(both: list[Both], x: IndicatorEntry, y: IndicatorEntry, links: Links) -> Table:
    heads = (localised(x, "name"), localised(y, "name"))
    rows = tuple(
        Row(
            one.name,
            links.municipality(one.slug),
            cells=tuple(
                Cell(
                    phrases.value(indicator, figure),
                    head,
                    css="number",
                    missing="" if figure is not None else _("mangler"),
                )
                for indicator, figure, head in ((x, a, heads[0]), (y, b, heads[1]))
            ),
        )
        for one, a, b in both
    )
    return Table(
        _("Begge tal for hver kommune"), (Column(_("Kommune")), *(Column(h, css="number") for h in heads)), rows
    )
