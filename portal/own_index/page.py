"""Dit eget indeks: your weights, stamped as yours everywhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.scale import Scale, coordinate
from portal.charts.strip import bar
from portal.components.links import page_files, these_rows
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.files import about_all, is_english
from portal.language import formatting, phrases
from portal.published import Criterion, Municipality, Placement
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipality_named, municipality_spelt
from portal.published.rows import explanation_of, overall_placements
from portal.published.subjects import criteria_of, localised
from portal.serving.cache import NOTHING_TO_READ
from portal.serving.middleware import Refused, refuse_repeated
from rankings.bundle.formats import DataTable, Value, columns
from rankings.engine.specification import SpecificationError
from rankings.method import INDEX_NODE, area_node, theme_node
from rankings.own_weights import with_weights

LARGEST = 10.0


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A municipality under the reader's weights, beside its published place."""

    municipality: Municipality
    rank: int | None
    last: int | None
    n: int
    score: float | None
    published: Placement


class Weights:
    """What differs from the declared weights, as an address says it: ``o-handicap=2&t-…=0&i-b-neet=3``."""

    def __init__(self, query: QueryDict, declared: Mapping[str, tuple[str, float]]) -> None:
        self.declared = declared
        self.changed: dict[str, float] = {}
        self.error = ""
        for name, (_node, weight) in declared.items():
            text = query.get(name, "").strip().replace(",", ".")
            if text:
                self._set(name, text, weight)

    def _set(self, name: str, text: str, declared: float) -> None:
        try:
            weight = float(text)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= LARGEST:
            self.error = _("En vægt er et tal fra 0 til 10; »%(text)s« er sat tilbage.") % {"text": text[:20]}
        elif weight != declared:
            self.changed[name] = weight

    def for_engine(self) -> dict[str, float]:
        """The changed weights by the engine's node names."""
        return {self.declared[name][0]: weight for name, weight in self.changed.items()}

    def as_query(self, chosen: str = "") -> str:
        """The address's state: only what differs."""
        query = QueryDict(mutable=True)
        for name, weight in self.changed.items():
            query[name] = f"{weight:g}"
        if chosen:
            query["kommune"] = chosen
        return query.urlencode()


def weights_of(shown: ShownEdition, query: QueryDict) -> tuple[Weights, list[Criterion]]:
    """Read the weights an address asks for, and the edition's criteria in the order of the catalogue."""
    criteria = list(criteria_of(shown.edition))
    return Weights(query, {name: pair for name, pair in map(_declared, criteria) if name}), criteria


def nothing_left() -> str:
    """What is said where every weight is 0."""
    return _("Med de vægte er der intet tilbage at regne med. Giv mindst ét område vægt.")


def refuse_unknown_weights(shown: ShownEdition, query: QueryDict) -> None:
    """Raise Refused for what is no weight, or no name of one: the file would be the published ranking."""
    weights, _criteria = weights_of(shown, query)
    tracking = tuple(NOTHING_TO_READ)
    names = [name for name in query if name not in {*weights.declared, "kommune"} and not name.startswith(tracking)]
    if names:
        text = _("Udgaven har intet område, tema eller indikator med vægt, der hedder %(names)s.")
        raise Refused(text % {"names": ", ".join(f"»{name[:60]}«" for name in names[:10])})
    refuse_repeated(query)
    if weights.error:
        raise Refused(weights.error)


def _declared(criterion: Criterion) -> tuple[str, tuple[str, float]]:
    if criterion.area:
        return f"o-{criterion.area.slug}", (area_node(criterion.area), criterion.weight)
    if criterion.theme:
        return f"t-{criterion.theme.code}", (theme_node(criterion.theme), criterion.weight)
    indicator = criterion.indicator
    if indicator is None or not criterion.weight:
        return "", ("", 0.0)
    return f"i-{indicator.code}", (indicator.code, criterion.weight)


def weight_areas(criteria: list[Criterion], weights: Weights) -> tuple[dict[str, Any], ...]:
    """The fields by area and theme, in the order of the catalogue."""
    themes: dict[int, list[dict[str, Any]]] = {}
    indicators: dict[int, list[dict[str, Any]]] = {}
    for row in criteria:
        if row.indicator and row.indicator.theme_id and row.weight:
            indicators.setdefault(row.indicator.theme_id, []).append(
                _field(row, weights, localised(row.indicator, "name"))
            )
    for row in criteria:
        if row.theme:
            own = tuple(indicators.get(row.theme.pk, ()))
            weight = _field(row, weights, localised(row.theme, "name"))
            opened = any(one["changed"] for one in own)
            themes.setdefault(row.theme.area_id, []).append(dict(weight=weight, indicators=own, open=opened))
    return tuple(
        dict(
            code=row.area.code,
            weight=_field(row, weights, localised(row.area, "name")),
            steps=_steps(row, weights),
            themes=tuple(themes[row.area.pk]),
        )
        for row in criteria
        if row.area
    )


def _field(criterion: Criterion, weights: Weights, label: str) -> dict[str, Any]:
    """A weight to set: its name in the address, its label, what it is now."""
    name, (_node, declared) = _declared(criterion)
    weight = weights.changed.get(name, declared)
    return dict(name=name, label=label, value=f"{weight:g}", changed=name in weights.changed)


def _steps(criterion: Criterion, weights: Weights) -> tuple[dict[str, Any], ...]:
    """Half as much, as now, twice as much; a weight that an address gave and that is none of them stands beside."""
    name, (_node, declared) = _declared(criterion)
    now = weights.changed.get(name, declared)
    values = {_("mindre"): declared / 2, _("som nu"): declared, _("mere"): declared * 2}
    steps = [dict(name=said, value=f"{value:g}", chosen=value == now) for said, value in values.items()]
    if now not in values.values():
        steps.append(dict(name=formatting.exact(now), value=f"{now:g}", chosen=True))
    return tuple(steps)


def presets(
    shown: ShownEdition, criteria: list[Criterion], weights: Weights, chosen: str
) -> tuple[dict[str, Any], ...]:
    """Ready choices: as published, and each area twice as much."""
    start, address = {"kommune": chosen} if chosen else {}, Links(shown.prefix).to("own-index")

    def preset(name: str, changed: dict[str, float]) -> dict[str, Any]:
        query = urlencode({**{one: f"{weight:g}" for one, weight in changed.items()}, **start})
        return dict(name=name, url=f"{address}?{query}".rstrip("?"), chosen=weights.changed == changed)

    found = [preset(_("Som offentliggjort"), {})]
    for row in criteria:
        if row.area:
            name, (_node, declared) = _declared(row)
            text = _("Mest %(area)s") % {"area": in_a_sentence(localised(row.area, "name"))}
            found.append(preset(text, {name: declared * 2}))
    return tuple(found)


def in_a_sentence(name: str) -> str:
    """A name in the middle of a sentence."""
    return f"{name[:1].lower()}{name[1:]}"


SLOPE_HEIGHT, SLOPE_TOP = 420, 14


def slope(lines: Sequence[OwnLine], chosen: str) -> dict[str, Any] | None:
    """A line for each municipality from its published place at the left to its place here; 1 is on top."""
    both = [one for one in lines if one.rank is not None and one.published.rank is not None]
    if not both:
        return None
    scale = Scale(1, max(max(one.n, one.published.n) for one in both), SLOPE_TOP, SLOPE_HEIGHT - SLOPE_TOP)
    drawn = [
        dict(y1=coordinate(scale.at(one.published.rank or 1)), y2=coordinate(scale.at(one.rank or 1)),
             own=one.municipality.slug == chosen)
        for one in both
    ]  # fmt: skip
    own = next((one for one in both if one.municipality.slug == chosen), None)
    ends: list[tuple[int, str, str]] = []
    if own is not None and own.rank is not None and own.published.rank is not None:
        ends.append((own.published.rank, phrases.rank_in_text(own.published), "left"))
        ends.append((own.rank, formatting.rank_in_text(own.rank, own.last), "right"))
    labels = tuple(dict(y=coordinate(scale.at(rank)), text=text, side=side) for rank, text, side in ends)
    return dict(
        height=SLOPE_HEIGHT,
        lines=sorted(drawn, key=lambda one: bool(one["own"])),
        labels=labels,
        name=own.municipality.name if own else "",
    )


COLUMNS = columns(
    "edition", "weights", "municipality_code", "municipality", "rank", "rank_last", "n", "score",
    "published_rank", "note",
)  # fmt: skip


def own_lines(shown: ShownEdition, weights: Weights) -> list[OwnLine]:
    """Rank everyone anew, best first. Raises SpecificationError where nothing is left to weigh."""
    outcome = with_weights(shown.edition, weights.for_engine())
    node = outcome.position[INDEX_NODE]
    line_of = {unit: line for line, unit in enumerate(outcome.units)}
    lines = []
    for placement in overall_placements(shown.edition).select_related("municipality"):
        line = line_of[placement.municipality.code]
        rank = int(outcome.rank[line, node]) or None
        score = float(outcome.printed[line, node]) if rank else None
        last = int(outcome.last[line, node]) or None
        lines.append(OwnLine(placement.municipality, rank, last, int(outcome.n[node]), score, placement))
    return sorted(lines, key=lambda one: (one.rank is None, one.rank or 0, one.municipality.sort_key))


def own_index_page(shown: ShownEdition, query: QueryDict, path: str) -> dict[str, Any]:
    """Gather the page: the weights to set, and the ranking they give."""
    weights, criteria = weights_of(shown, query)
    chosen = slug_of(query.get("kommune", ""))
    try:
        lines, error = own_lines(shown, weights), weights.error
    except SpecificationError:
        lines, error = [], nothing_left()
    links = Links(shown.prefix)
    state = weights.as_query(chosen)
    by_name = sorted(lines, key=lambda one: one.municipality.sort_key)
    return dict(
        areas=weight_areas(criteria, weights),
        municipalities=tuple(one.municipality.name for one in by_name),
        chosen=next((one.municipality.name for one in lines if one.municipality.slug == chosen), ""),
        unknown=bool(query.get("kommune") and not chosen),
        presets=presets(shown, criteria, weights, chosen),
        slope=slope(lines, chosen),
        changed=len(weights.changed),
        opened=any(not name.startswith("o-") for name in weights.changed),
        says=_says(shown, lines, chosen) or (_first(lines) if weights.changed else ""),
        error=error,
        table=_table(lines, chosen, links) if lines else None,
        action=path,
        downloads=page_files(f"{links.to('own-index-csv')}?{state}".rstrip("?"), shown),
        rows=these_rows(len(lines)),
    )


def slug_of(asked: str) -> str:
    """A municipality's name in addresses, from that, its code or its name; "" for what is none."""
    asked = asked.strip()
    row = (municipality_named(asked) or municipality_spelt(asked)) if asked else None
    return row.slug if row else ""


def _first(lines: list[OwnLine]) -> str:
    """Who is first under the reader's weights, and how many stand elsewhere than was published."""
    first = [one for one in lines if one.rank == 1]
    if not first:
        return ""
    moved = sum(one.rank != one.published.rank for one in lines)
    return _("Med dine vægte er %(name)s nr. 1 af %(n)s. En anden placering end den offentliggjorte: %(moved)s.") % {
        "name": formatting.joined([one.municipality.name for one in first]),
        "n": first[0].n,
        "moved": formatting.count(moved, _("kommune"), _("kommuner")),
    }


def _says(shown: ShownEdition, lines: list[OwnLine], chosen: str) -> str:
    own = next((one for one in lines if one.municipality.slug == chosen), None)
    if own is None or own.rank is None:
        return ""
    text = _("Med dine vægte er %(name)s %(place)s af %(n)s. Offentliggjort: %(published)s.") % {
        "name": own.municipality.name,
        "place": formatting.rank_in_text(own.rank, own.last),
        "n": own.n,
        "published": phrases.named(
            f"{phrases.rank_in_text(own.published)} {phrases.of(own.published)}", own.published
        ).strip()
        or phrases.rank(None).lower(),
    }
    reach = explanation_of(shown.edition, own.municipality)
    if reach is None or reach.weights_low is None or reach.weights_high is None:
        return text
    interval = formatting.rank_interval(reach.weights_low, reach.weights_high)
    under_all = _("Under alle rimelige vægte ligger kommunen %(interval)s.") % {"interval": interval}
    return f"{text} {under_all}"


def _table(lines: list[OwnLine], chosen: str, links: Links) -> Table:
    heads = (_("Dit nr."), _("Din score"), _("Før"), "+/−")
    rows = []
    for one in lines:
        published = one.published.rank
        place = formatting.number_range(one.rank, one.last or one.rank) if one.rank else ""
        moved = formatting.signed(published - one.rank) if published and one.rank else ""
        cells = (
            Cell(place, heads[0], css="number", missing="" if place else phrases.rank(None)),
            Cell(
                formatting.score(one.score) if one.score is not None else "",
                heads[1],
                css="number",
                bar=bar(one.score) if one.score is not None else None,
            ),
            Cell(
                formatting.number_range(published, one.published.rank_last or published) if published else "",
                heads[2],
                css="number",
                missing="" if published else phrases.rank(None),
            ),
            Cell(moved, heads[3], css="number"),
        )
        css = "chosen" if one.municipality.slug == chosen else ""
        little = phrases.rests_on(one.published)
        rows.append(Row(one.municipality.name, links.municipality(one.municipality.slug), little, css, cells))
    columns = (Column(_("Kommune")), *(Column(head, css="number") for head in heads))
    return Table(_("Ranglisten med dine vægte"), columns, tuple(rows), css="plain")


def own_index_table(shown: ShownEdition, query: QueryDict) -> DataTable:
    """The rows as a file; every row says that the weights are the reader's own.

    Raises SpecificationError as it is read where nothing is left to weigh.
    """
    weights, _criteria = weights_of(shown, query)
    state = weights.as_query()
    about = about_all(shown, _("Dine vægte"), lambda links: links.to("own-index"), query=state)
    note = shown.edition.warning(english=is_english()) or None
    stamp = _("dine vægte: %(weights)s") % {"weights": state or _("uændrede")}

    def rows() -> Iterator[tuple[Value, ...]]:
        for one in own_lines(shown, weights):
            who = (one.municipality.code, one.municipality.name)
            yield shown.edition.release, stamp, *who, one.rank, one.last, one.n, one.score, one.published.rank, note

    return DataTable("dine-vaegte", COLUMNS, about, rows)
