"""Two to five municipalities side by side, or against the middle of a kommunegruppe or of a group of one's own."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.addresses.numbers import Proofs, trace_url
from portal.charts.lines import LineChart, Series, line_chart
from portal.charts.scale import coordinate
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

CROWD = 4  # a place shared with so many others is told by their number
GROUP_MARK = 6  # the mark of a group's middle in the pattern, after at most five municipalities


@dataclass(frozen=True)
class Compared:
    """Who is compared: the municipalities, their placements by subject, and perhaps those of the whole group."""

    municipalities: Sequence[Municipality]
    placements: Mapping[int, Mapping[Key, PlacementRow]]
    group_name: str
    group: Mapping[Key, Sequence[PlacementRow]]
    proofs: Proofs
    by_difference: bool = False

    def of(self, key: Key, code: str) -> list[tuple[PlacementRow | None, str]]:
        """What each has in a subject, and where its proof lies."""
        return [
            (self.placements.get(one.pk, {}).get(key), self.proofs.url(one.code, code)) for one in self.municipalities
        ]


def sections_of(shown: ShownEdition, compared: Compared, links: Links) -> tuple[dict[str, Any], ...]:
    """Every subject of the edition, in the order of the catalogue: an area's themes, and its figures to unfold."""
    entries = catalogue(shown.edition)
    heads = _heads(compared)
    top = [_score_row(compared, heads, _("Samlet"), links.ranking(), (OVERALL_KEY, OVERALL.code))]
    top += [
        _score_row(compared, heads, localised(area, "name"), links.area(area.slug), (("area", area.pk), area.slug))
        for area in areas_of(entries)
    ]
    name = _("Samlet og områder")
    sections = [dict(name=name, code="", table=_table(heads, name, top), figures=None, count=0)]
    themes: dict[str, list[Row]] = {}
    figures: dict[str, list[tuple[float, Row]]] = {}
    for theme, members in themes_of(entries).items():
        key = (("theme", theme.pk), theme.code)
        row = _score_row(compared, heads, localised(theme, "name"), links.theme(theme.code), key)
        themes.setdefault(theme.area.code, []).append(row)
        own = figures.setdefault(theme.area.code, [])
        own += [(_apart(compared, one), _value_row(compared, heads, one, links)) for one in members]
    for area in areas_of(entries):
        name = localised(area, "name")
        rows = figures[area.code]
        if compared.by_difference:
            rows = sorted(rows, key=lambda pair: -pair[0])
        sections.append(
            dict(
                name=name,
                code=area.code,
                table=_table(heads, name, themes[area.code]),
                figures=_table(heads, _("%(area)s: alle tal") % {"area": name}, [row for _size, row in rows]),
                count=len(rows),
            )
        )
    return tuple(sections)


def _table(heads: Sequence[str], caption: str, rows: Sequence[Row]) -> Table:
    columns = (Column(_("Emne")), *(Column(name, css="number") for name in heads))
    return Table(caption, columns, tuple(rows), css="compared")


def _heads(compared: Compared) -> list[str]:
    heads = [municipality.name for municipality in compared.municipalities]
    if compared.group_name:
        heads.append(_("Midten, %(group)s") % {"group": compared.group_name})
    return [*heads, _("Forskel")]


def _score_row(compared: Compared, heads: Sequence[str], name: str, url: str, what: tuple[Key, str]) -> Row:
    key, code = what
    placements = compared.of(key, code)
    best = _best_rank(placements)
    cells = []
    known = [own.printed for own, _proof in placements if own and own.rank and own.printed is not None]
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.rank is None:
            cells.append(Cell("", head, css="number", missing=phrases.rank(None)))
        else:
            cells.append(Cell(phrases.score(own), head, note=_note(own, best), css=_css(own, best), url=proof))
    if compared.group_name:
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        cells.append(Cell(formatting.score(median(scores)) if scores else "", heads[len(placements)], css="number"))
        known += [median(scores)] if scores else []
    size = _spread(known, 1)
    said = "" if size is None else _("%(size)s point") % {"size": formatting.number(size, 1)}
    cells.append(_difference(said, heads[-1]))
    return Row(name, url, cells=tuple(cells))


def _value_row(compared: Compared, heads: Sequence[str], indicator: IndicatorEntry, links: Links) -> Row:
    key = ("indicator", indicator.pk)
    placements = compared.of(key, indicator.code)
    best = _best_rank(placements) if indicator.direction != Direction.NEUTRAL else None
    cells = []
    known = [own.value for own, _proof in placements if own and own.value is not None]
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.missing:
            kind = formatting.missing(own.missing) if own else _("ikke med i denne udgave")
            cells.append(Cell("", head, css="number", missing=kind))
        else:
            text = _figure(indicator, own.value)
            cells.append(Cell(text, head, note=_note(own, best), css=_css(own, best), url=proof))
    if compared.group_name:
        values = [one.value for one in compared.group.get(key, ()) if one.value is not None]
        head = heads[len(placements)]
        cells.append(Cell(_figure(indicator, median(values) if values else None), head, css="number"))
        known += [median(values)] if values else []
    cells.append(_difference(_difference_says(indicator, known), heads[-1]))
    name, unit = localised(indicator, "name"), phrases.unit(indicator)
    note = f"{unit} · {phrases.direction(indicator)}" if formatting.is_long(unit) else phrases.direction(indicator)
    return Row(name, links.indicator(indicator.code), note=note, cells=tuple(cells))


def _spread(known: Sequence[float], decimals: int) -> float | None:
    """How far the highest lies from the lowest, of what is printed; None where there are not two."""
    printed = [formatting.rounded(one, decimals) for one in known]
    return max(printed) - min(printed) if len(printed) > 1 else None


def _difference_says(indicator: IndicatorEntry, known: Sequence[float]) -> str:
    """The distance from the lowest to the highest in the indicator's unit; of yes and no, whether they agree."""
    size = _spread(known, indicator.decimals)
    if size is None:
        return ""
    if formatting.is_yes_no(indicator.unit):
        return _("forskellige svar") if size else _("samme svar")
    unit = phrases.unit(indicator)
    text = formatting.number(size, indicator.decimals)
    return f"{text} {_('procentpoint')}" if unit == "%" else text


def _difference(text: str, head: str) -> Cell:
    return Cell(text, head, css="number difference", missing="" if text else _("kan ikke sammenlignes"))


def _apart(compared: Compared, indicator: IndicatorEntry) -> float:
    """How far apart they lie in points of score, the one scale that all figures share; what nobody can compare last."""
    key = ("indicator", indicator.pk)
    known = [own.score for own, _proof in compared.of(key, indicator.code) if own and own.score is not None]
    if compared.group_name:
        scores = [one.score for one in compared.group.get(key, ()) if one.score is not None]
        known += [median(scores)] if scores else []
    return max(known) - min(known) if len(known) > 1 else -1.0


def _css(own: PlacementRow, best: int | None) -> str:
    return "number best" if best is not None and own.rank == best else "number"


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
    """Its place; of a shared one with how many; that it is the best of those compared."""
    place = phrases.rank_in_text(own)
    if own.rank and own.rank_last and own.rank_last - own.rank >= CROWD:
        place = _("delt nr. %(rank)s med %(others)s andre") % {"rank": own.rank, "others": own.rank_last - own.rank}
    best_of_them = _("bedst af dem") if best is not None and own.rank == best else ""
    return ", ".join(filter(None, [place, best_of_them, phrases.rests_on(own)]))


@dataclass(frozen=True, slots=True)
class PatternMark:
    """Somebody's score on a line of the pattern: percent from the left, and which of them (1 is the first)."""

    at: str
    who: int


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A theme of the pattern: everybody's score on one line of 0–100, the best at the right."""

    name: str
    area: str
    marks: tuple[PatternMark, ...]
    says: str


def pattern_of(shown: ShownEdition, compared: Compared) -> tuple[PatternRow, ...]:
    """The scores of those compared, theme by theme: where their lines cross is where they differ."""
    rows = []
    for theme in themes_of(catalogue(shown.edition)):
        key = ("theme", theme.pk)
        found = [
            (number, one.name, own)
            for number, one in enumerate(compared.municipalities, start=1)
            if (own := compared.placements.get(one.pk, {}).get(key)) and own.rank and own.printed is not None
        ]
        said = ", ".join(f"{name} {phrases.score(own)}" for _number, name, own in found)
        marks = [PatternMark(coordinate(own.printed or 0.0), number) for number, _name, own in found]
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        if compared.group_name and scores:
            marks.append(PatternMark(coordinate(median(scores)), GROUP_MARK))
        rows.append(PatternRow(localised(theme, "name"), theme.area.code, tuple(marks), said))
    return tuple(rows)


MOST = 5
GROUP = "gruppe"
DIFFERENCE = "forskel"
NAME_LENGTH = 60
OF_THE_GROUP = ("gruppe", "navn", "sorter")  # what a drawing of the places does not know
_LINES = ("chosen", "second", "third", "fourth", "fifth")  # a colour and a dash each: figures.css


def comparison_page(shown: ShownEdition, query: QueryDict, path: str) -> dict[str, Any]:
    """Gather the comparison in at most four queries after the edition's own."""
    everyone = list(municipalities())
    by_slug = {municipality.slug: municipality for municipality in everyone}
    asked = _asked(query, by_slug)
    chosen = [by_slug[slug] for slug in asked[:MOST]]
    group_name, group = _group(query, chosen, everyone)
    enough = len(chosen) > 1 or bool(chosen and group)
    compared = _compared(shown, chosen, group_name, group) if enough else None
    if compared and query.get("sorter") == DIFFERENCE:
        compared = replace(compared, by_difference=True)
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
        against_group=query.get("mod") == GROUP and not _own_group(query, by_slug),
        group=frozenset(_own_group(query, by_slug)),
        group_name=query.get("navn", "")[:NAME_LENGTH],
        group_members=formatting.joined([one.name for one in group]) if enough and _own_group(query, by_slug) else "",
        middle=_heads(compared)[len(chosen)] if compared and compared.group_name else "",
        names=tuple(enumerate((one.name for one in chosen), start=1)),
        pattern=pattern_of(shown, compared) if compared else (),
        by_difference=bool(compared and compared.by_difference),
        sort_url=_sorted_otherwise(query),
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
        pictures=image_links(links, "picture-comparison", _without(query, "gruppe", "navn", "sorter"))
        if enough
        else (),
    )


def _own_group(query: QueryDict, known: Container[str]) -> list[str]:
    """The members of a group of one's own, by slug, each once."""
    return list(dict.fromkeys(slug for slug in query.getlist("gruppe") if slug in known))


def _group(
    query: QueryDict, chosen: Sequence[Municipality], everyone: Sequence[Municipality]
) -> tuple[str, list[Municipality]]:
    """The group to set them against and its name: one's own, or the kommunegruppe of a single one; empty for none."""
    own = set(_own_group(query, {one.slug for one in everyone}))
    if own:
        name = query.get("navn", "").strip()[:NAME_LENGTH] or _("din gruppe")
        return name, [one for one in everyone if one.slug in own]
    if query.get("mod") == GROUP and len(chosen) == 1:
        return _(chosen[0].kommunegruppe).lower(), [
            one for one in everyone if one.kommunegruppe == chosen[0].kommunegruppe
        ]
    return "", []


def _sorted_otherwise(query: QueryDict) -> str:
    """The same comparison in the other order."""
    changed = _without(query, "sorter")
    if query.get("sorter") != DIFFERENCE:
        changed["sorter"] = DIFFERENCE
    return f"?{changed.urlencode()}"


def _without(query: QueryDict, *names: str) -> QueryDict:
    changed = query.copy()
    for name in names:
        changed.pop(name, None)
    return changed


def comparison_chart(shown: ShownEdition, query: QueryDict) -> tuple[str, LineChart | None]:
    """Who is compared, and their places over the editions; no chart where nobody is, or with a single edition."""
    refuse_unknown(query)
    everyone = municipalities()
    by_slug = {municipality.slug: municipality for municipality in everyone}
    chosen = [by_slug[slug] for slug in _asked(query, by_slug)[:MOST]]
    title = formatting.joined([municipality.name for municipality in chosen])
    return title, _chart(shown, chosen, _ranks(shown, chosen)) if chosen else None


def placements_compared(query: QueryDict) -> Q:
    """What finds the placements behind a comparison: those of the chosen, and of the group they are set against."""
    known = dict(municipalities().values_list("slug", "kommunegruppe"))
    chosen = _asked(query, known)[:MOST]
    own = _own_group(query, known)
    if query.get("mod") == GROUP and len(chosen) == 1 and not own:
        return Q(municipality__kommunegruppe=known[chosen[0]])
    return Q(municipality__slug__in=[*chosen, *own])


def refuse_unknown(query: QueryDict) -> None:
    """Raise Refused for what a file or a picture would leave out: a municipality that nobody has, more than fit."""
    if names := unknown_municipalities(query):
        raise Refused(_("Her er ingen kommune, der hedder %(names)s.") % {"names": names}, 404)
    if query.get("mod", "") not in {"", GROUP} or len(query.getlist("mod")) > 1:
        raise Refused(_("mod: her er intet, der hedder »%(value)s«.") % {"value": query["mod"][:60]})
    if query.get("sorter", "") not in {"", DIFFERENCE} or len(query.getlist("sorter")) > 1:
        raise Refused(_("sorter: her er intet, der hedder »%(value)s«.") % {"value": query["sorter"][:60]})
    if len({slug for slug in query.getlist("kommune") if slug}) > MOST:
        raise Refused(_("Der er plads til fem kommuner ad gangen."))


def unknown_municipalities(query: QueryDict) -> str:
    """The names in an address that no municipality has; "" where there are none."""
    known = set(municipalities().values_list("slug", flat=True))
    asked = (*query.getlist("kommune"), *query.getlist("gruppe"))
    wrong = dict.fromkeys(slug for slug in asked if slug and slug not in known)
    return ", ".join(f"»{slug[:60]}«" for slug in list(wrong)[:MOST])


def _asked(query: QueryDict, known: Container[str]) -> list[str]:
    """The slugs that are asked for, each once, without those that nobody has."""
    return list(dict.fromkeys(slug for slug in query.getlist("kommune") if slug in known))


def _compared(
    shown: ShownEdition, chosen: list[Municipality], group_name: str, group: Sequence[Municipality]
) -> Compared:
    members = {one.pk for one in group}
    by_municipality: dict[int, dict[Key, PlacementRow]] = {}
    by_subject: dict[Key, list[PlacementRow]] = {}
    for row in placements_of(shown.edition, list({one.pk: one for one in (*chosen, *group)}.values())):
        by_municipality.setdefault(row.municipality_id, {})[row.key] = row
        if row.municipality_id in members:
            by_subject.setdefault(row.key, []).append(row)
    proofs = Proofs.of(shown.edition.release)
    return Compared(chosen, by_municipality, group_name, by_subject, proofs)


def _says(compared: Compared) -> str:
    """Who of them lies highest, and from whom of them it cannot be told apart; or what one is set against."""
    if len(compared.municipalities) == 1:
        return _("%(name)s ved siden af midten: %(group)s.") % {
            "name": compared.municipalities[0].name,
            "group": compared.group_name,
        }
    ranked = [
        (own.rank, one.name, own)
        for one in compared.municipalities
        if (own := compared.placements.get(one.pk, {}).get(OVERALL_KEY)) and own.rank
    ]
    if len(ranked) < 2:
        return ""
    first = min(place for place, _name, _own in ranked)
    best = [(name, own) for place, name, own in ranked if place == first]
    alike = {one for _name, own in best for one in own.alike or ()}
    names = [name for name, _own in best]
    near = [one.name for one in compared.municipalities if one.pk in alike and one.name not in names]
    words = {
        "names": formatting.joined(names),
        "count": _in_words(len(compared.municipalities)),
        "place": f"{rank_in_text(best[0][1])} {of(best[0][1])}",
        "near": formatting.joined(near),
    }
    if near:
        return _("Samlet ligger %(names)s højest af de %(count)s: %(place)s. Forskellen til %(near)s er for lille til "
                 "at være sikker.") % words  # fmt: skip
    return _("Samlet ligger %(names)s højest af de %(count)s: %(place)s.") % words


def _in_words(count: int) -> str:
    """How many are compared, as a word."""
    return {2: _("to"), 3: _("tre"), 4: _("fire"), 5: _("fem")}.get(count, str(count))


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
