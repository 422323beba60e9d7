"""Two to five municipalities side by side, or against the middle of a kommunegruppe or of a group of one's own."""

from collections.abc import Container, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links, proofs_of, trace_url
from portal.charts.lines import LineChart, line_chart
from portal.charts.scale import Series, coordinate
from portal.comparing.rows import Compared, heads_of, sections_of
from portal.components.links import Link, citation, image_links, page_files, pinned, these_rows
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.language.phrases import of, rank, rank_in_text
from portal.published import Municipality
from portal.published.edition import ShownEdition, method_breaks
from portal.published.municipalities import municipalities
from portal.published.rows import OVERALL_KEY, Key, PlacementRow, overall_over_editions, placements_of
from portal.published.subjects import OVERALL, catalogue, localised, themes_of
from portal.serving.middleware import Refused, refuse_repeated

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
        **_form(query, everyone, asked),
        group_members=formatting.joined([one.name for one in group]) if enough and _own_group(query, by_slug) else "",
        middle=heads_of(compared)[len(chosen)] if compared and compared.group_name else "",
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
        actions=tuple(Link(_("Se %(name)s") % {"name": one.name}, links.municipality(one.slug)) for one in chosen),
        pictures=image_links(links, "picture-comparison", _without(query, *OF_THE_GROUP)) if enough else (),
    )


def _form(query: QueryDict, everyone: Sequence[Municipality], asked: Sequence[str]) -> dict[str, Any]:
    """What the form was filled in with, and what of it cannot be shown."""
    own = _own_group(query, {one.slug for one in everyone})
    return dict(
        choices=tuple(
            dict(number=number + 1, slug=asked[number] if number < len(asked) else "") for number in range(MOST)
        ),
        municipalities=tuple((municipality.slug, municipality.name) for municipality in everyone),
        against_group=query.get("mod") == GROUP and not own,
        group=frozenset(own),
        group_name=query.get("navn", "")[:NAME_LENGTH],
        too_many=len(asked) > MOST,
        unknown=unknown_municipalities(query),
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
    refuse_repeated(query, "kommune", "gruppe")
    if query.get("mod", "") not in {"", GROUP}:
        raise Refused(_("mod: her er intet, der hedder »%(value)s«.") % {"value": query["mod"][:60]})
    if query.get("sorter", "") not in {"", DIFFERENCE}:
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
    proofs = proofs_of(shown.edition.release)
    return Compared(chosen, by_municipality, group_name, by_subject, proofs, shown.said)


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
    names = [phrases.named(name, own) for name, own in best]
    near = [one.name for one in compared.municipalities if one.pk in alike and one.name not in dict(best)]
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


GROUP_MARK = 6  # the mark of a group's middle in the pattern, after at most five municipalities


def pattern_of(shown: ShownEdition, compared: Compared) -> tuple[dict[str, Any], ...]:
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
        marks = [dict(at=coordinate(own.printed or 0.0), who=number) for number, _name, own in found]
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        if compared.group_name and scores:
            marks.append(dict(at=coordinate(median(scores)), who=GROUP_MARK))
        rows.append(dict(name=localised(theme, "name"), area=theme.area.code, marks=tuple(marks), says=said))
    return tuple(rows)
