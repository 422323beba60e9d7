"""Two to five municipalities side by side, or one against the median of its kommunegruppe."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.addresses.numbers import Proofs, trace_url
from portal.charts.lines import LineChart, Series, line_chart
from portal.components.developments import method_breaks
from portal.components.links import Link, citation, image_links, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.page import page_files, these_rows
from portal.language import formatting, phrases
from portal.language.phrases import of, rank, rank_in_text
from portal.published import Direction, Municipality
from portal.published.catalogue import IndicatorEntry, areas_of, catalogue, themes_of
from portal.published.edition import ShownEdition
from portal.published.municipality import municipalities
from portal.published.rows import OVERALL_KEY, Key, PlacementRow, overall_over_editions, placements_of
from portal.published.subjects import OVERALL, localised
from portal.serving.middleware import Refused


@dataclass(frozen=True)
class Compared:
    """Who is compared: the municipalities, their placements by subject, and perhaps those of the whole group."""

    municipalities: Sequence[Municipality]
    placements: Mapping[int, Mapping[Key, PlacementRow]]
    group_name: str
    group: Mapping[Key, Sequence[PlacementRow]]
    proofs: Proofs

    def of(self, key: Key, code: str) -> list[tuple[PlacementRow | None, str]]:
        """What each has in a subject, and where its proof lies."""
        return [
            (self.placements.get(one.pk, {}).get(key), self.proofs.url(one.code, code)) for one in self.municipalities
        ]


def sections_of(shown: ShownEdition, compared: Compared, links: Links) -> tuple[dict[str, Any], ...]:
    """Every subject of the edition, in the order of the catalogue."""
    entries = catalogue(shown.edition)
    heads = _heads(compared)
    top = [_score_row(compared, heads, _("Samlet"), links.ranking(), (OVERALL_KEY, OVERALL.code))]
    top += [
        _score_row(compared, heads, localised(area, "name"), links.area(area.slug), (("area", area.pk), area.slug))
        for area in areas_of(entries)
    ]
    sections = [dict(name=_("Samlet og områder"), code="", table=_table(heads, _("Samlet og områder"), top))]
    rows: dict[str, list[Row]] = {}
    for theme, members in themes_of(entries).items():
        own = rows.setdefault(theme.area.code, [])
        key = (("theme", theme.pk), theme.code)
        own.append(_score_row(compared, heads, localised(theme, "name"), links.theme(theme.code), key, "group-start"))
        own += [_value_row(compared, heads, one, links) for one in members]
    for area in areas_of(entries):
        name = localised(area, "name")
        sections.append(dict(name=name, code=area.code, table=_table(heads, name, rows[area.code])))
    return tuple(sections)


def _table(heads: Sequence[str], caption: str, rows: Sequence[Row]) -> Table:
    columns = (Column(_("Emne")), *(Column(name, css="number") for name in heads))
    return Table(caption, columns, tuple(rows), css="compared")


def _heads(compared: Compared) -> list[str]:
    heads = [municipality.name for municipality in compared.municipalities]
    if compared.group_name:
        heads.append(_("Median, %(group)s") % {"group": compared.group_name})
    return heads


def _score_row(
    compared: Compared, heads: Sequence[str], name: str, url: str, what: tuple[Key, str], css: str = ""
) -> Row:
    key, code = what
    placements = compared.of(key, code)
    best = _best_rank(placements)
    cells = []
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.rank is None:
            cells.append(Cell("", head, css="number", missing=phrases.rank(None)))
        else:
            cells.append(Cell(phrases.score(own), head, note=_note(own, best), css="number", url=proof))
    if compared.group_name:
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        cells.append(Cell(formatting.score(median(scores)) if scores else "", heads[-1], css="number"))
    return Row(name, url, css=css, cells=tuple(cells))


def _value_row(compared: Compared, heads: Sequence[str], indicator: IndicatorEntry, links: Links) -> Row:
    key = ("indicator", indicator.pk)
    placements = compared.of(key, indicator.code)
    best = _best_rank(placements) if indicator.direction != Direction.NEUTRAL else None
    cells = []
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.missing:
            kind = formatting.missing(own.missing) if own else _("ikke med i denne udgave")
            cells.append(Cell("", head, css="number", missing=kind))
        else:
            text = _figure(indicator, own.value)
            cells.append(Cell(text, head, note=_note(own, best), css="number", url=proof))
    if compared.group_name:
        values = [one.value for one in compared.group.get(key, ()) if one.value is not None]
        cells.append(Cell(_figure(indicator, median(values) if values else None), heads[-1], css="number"))
    name, unit = localised(indicator, "name"), phrases.unit(indicator)
    note = f"{unit} · {phrases.direction(indicator)}" if formatting.is_long(unit) else phrases.direction(indicator)
    return Row(name, links.indicator(indicator.code), note=note, cells=tuple(cells))


def _figure(indicator: IndicatorEntry, value: float | None) -> str:
    """A value; a unit of several words stands at the head of the row instead of in every cell."""
    if value is not None and formatting.is_long(phrases.unit(indicator)):
        return formatting.number(value, indicator.decimals)
    return phrases.value(indicator, value)


def _best_rank(placements: Sequence[tuple[PlacementRow | None, str]]) -> int | None:
    """The best rank among them; None where fewer than two have one, or all have the same."""
    ranks = [own.rank for own, _proof in placements if own and own.rank]
    return min(ranks) if len(set(ranks)) > 1 else None


def _note(own: PlacementRow, best: int | None) -> str:
    place = phrases.rank_in_text(own)
    best_of_them = _("bedst") if best is not None and own.rank == best else ""
    return ", ".join(filter(None, [place, best_of_them, phrases.rests_on(own)]))


MOST = 5
GROUP = "gruppe"
_LINES = ("chosen", "second", "third", "fourth", "fifth")  # a colour and a dash each: figures.css


def comparison_page(shown: ShownEdition, query: QueryDict, path: str) -> dict[str, Any]:
    """Gather the comparison in at most four queries after the edition's own."""
    everyone = list(municipalities())
    by_slug = {municipality.slug: municipality for municipality in everyone}
    asked = _asked(query, by_slug)
    chosen = [by_slug[slug] for slug in asked[:MOST]]
    against_group = query.get("mod") == GROUP and len(chosen) == 1
    enough = len(chosen) > 1 or against_group
    compared = _compared(shown, chosen, everyone if against_group else []) if enough else None
    links = Links(shown.prefix)
    ranks = _ranks(shown, chosen) if enough else {}
    title = formatting.joined([municipality.name for municipality in chosen])
    return dict(
        title=title or _("Sammenlign kommuner"),
        says=_says(compared) if compared else "",
        choices=tuple(
            dict(number=number + 1, slug=asked[number] if number < len(asked) else "") for number in range(MOST)
        ),
        municipalities=tuple((municipality.slug, municipality.name) for municipality in everyone),
        against_group=against_group,
        action=path,
        sections=sections_of(shown, compared, links) if compared else (),
        chart=_chart(shown, chosen, ranks) if enough else None,
        history=_history(shown, chosen, ranks) if enough else None,
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        citation=citation(shown, title) if enough else "",
        rows=these_rows(sum(map(len, compared.placements.values()))) if compared else "",
        downloads=page_files(f"{links.to('comparison-csv')}?{query.urlencode()}", shown) if compared else (),
        permalink=pinned(Links(f"@{shown.edition.release}").to("comparison"), query) if enough else "",
        too_many=len(asked) > MOST,
        unknown=unknown_municipalities(query),
        actions=tuple(Link(_("Se %(name)s") % {"name": one.name}, links.municipality(one.slug)) for one in chosen),
        pictures=image_links(links, "picture-comparison", query) if enough else (),
    )


def comparison_chart(shown: ShownEdition, query: QueryDict) -> tuple[str, LineChart | None]:
    """Who is compared, and their places over the editions; no chart where nobody is, or with a single edition."""
    refuse_unknown(query)
    everyone = municipalities()
    by_slug = {municipality.slug: municipality for municipality in everyone}
    chosen = [by_slug[slug] for slug in _asked(query, by_slug)[:MOST]]
    title = formatting.joined([municipality.name for municipality in chosen])
    return title, _chart(shown, chosen, _ranks(shown, chosen)) if chosen else None


def placements_compared(query: QueryDict) -> Q:
    """What finds the placements behind a comparison: those of the chosen, or of the whole kommunegruppe of one."""
    known = dict(municipalities().values_list("slug", "kommunegruppe"))
    chosen = _asked(query, known)[:MOST]
    if query.get("mod") == GROUP and len(chosen) == 1:
        return Q(municipality__kommunegruppe=known[chosen[0]])
    return Q(municipality__slug__in=chosen)


def refuse_unknown(query: QueryDict) -> None:
    """Raise Refused for what a file or a picture would leave out: a municipality that nobody has, more than fit."""
    if names := unknown_municipalities(query):
        raise Refused(_("Her er ingen kommune, der hedder %(names)s.") % {"names": names}, 404)
    if query.get("mod", "") not in {"", GROUP} or len(query.getlist("mod")) > 1:
        raise Refused(_("mod: her er intet, der hedder »%(value)s«.") % {"value": query["mod"][:60]})
    if len({slug for slug in query.getlist("kommune") if slug}) > MOST:
        raise Refused(_("Der er plads til fem kommuner ad gangen."))


def unknown_municipalities(query: QueryDict) -> str:
    """The names in an address that no municipality has; "" where there are none."""
    known = set(municipalities().values_list("slug", flat=True))
    wrong = dict.fromkeys(slug for slug in query.getlist("kommune") if slug and slug not in known)
    return ", ".join(f"»{slug[:60]}«" for slug in list(wrong)[:MOST])


def _asked(query: QueryDict, known: Container[str]) -> list[str]:
    """The slugs that are asked for, each once, without those that nobody has."""
    return list(dict.fromkeys(slug for slug in query.getlist("kommune") if slug in known))


def _compared(shown: ShownEdition, chosen: list[Municipality], everyone: list[Municipality]) -> Compared:
    group = [one for one in everyone if one.kommunegruppe == chosen[0].kommunegruppe]
    by_municipality: dict[int, dict[Key, PlacementRow]] = {}
    by_subject: dict[Key, list[PlacementRow]] = {}
    for row in placements_of(shown.edition, group or chosen):
        by_municipality.setdefault(row.municipality_id, {})[row.key] = row
        by_subject.setdefault(row.key, []).append(row)
    name = _(chosen[0].kommunegruppe) if group else ""
    proofs = Proofs.of(shown.edition.release)
    return Compared(chosen, by_municipality, name, by_subject if group else {}, proofs)


def _says(compared: Compared) -> str:
    if compared.group_name:
        return _("%(name)s ved siden af medianen for %(group)s.") % {
            "name": compared.municipalities[0].name,
            "group": compared.group_name.lower(),
        }
    ranked = [
        (own.rank, own.rank_last, one.name)
        for one in compared.municipalities
        if (own := compared.placements.get(one.pk, {}).get(OVERALL_KEY)) and own.rank
    ]
    if len(ranked) < 2:
        return ""
    best = min(ranked)
    names = formatting.joined([name for place, _last, name in ranked if place == best[0]])
    return _("Samlet ligger %(name)s bedst af dem, %(place)s.") % {
        "name": names,
        "place": formatting.rank_in_text(best[0], best[1]),
    }


def _ranks(shown: ShownEdition, chosen: Sequence[Municipality]) -> dict[tuple[int, int], PlacementRow]:
    rows = overall_over_editions(shown.years, chosen)
    return {(row.municipality_id, row.edition_id): row for row in rows}


def _chart(
    shown: ShownEdition, chosen: Sequence[Municipality], ranks: dict[tuple[int, int], PlacementRow]
) -> LineChart | None:
    if len(shown.years) < 2:
        return None
    series = []
    for number, municipality in enumerate(chosen):
        found = [ranks.get((municipality.pk, edition.pk)) for edition in shown.years]
        values = [float(one.rank) if one and one.rank else None for one in found]
        if any(values):
            series.append(Series(municipality.name, values, _LINES[number]))
    if not series:
        return None
    return line_chart(
        series,
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Den samlede placering i hver udgave; 1 står øverst."),
        ranks_of=max((row.n for row in ranks.values()), default=1),
        breaks=method_breaks(shown.years),
    )


def _history(shown: ShownEdition, chosen: Sequence[Municipality], ranks: dict[tuple[int, int], PlacementRow]) -> Table:
    rows = []
    for edition in reversed(shown.years):
        cells = []
        for one in chosen:
            row = ranks.get((one.pk, edition.pk))
            text = f"{rank_in_text(row)} {of(row)}".strip()
            proof = trace_url(edition.release, one.code, OVERALL.code)
            cells.append(Cell(text, one.name, missing="" if text else rank(None), url=proof))
        rows.append(Row(str(edition.year), cells=tuple(cells)))
    columns = (Column(_("Udgave")), *(Column(one.name) for one in chosen))
    return Table(_("Samlet placering i hver udgave"), columns, tuple(rows))
