"""Two to five municipalities side by side, or one against the median of its kommunegruppe."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.models import Municipality
from portal.addresses.links import Links
from portal.addresses.numbers import Proofs, trace_url
from portal.charts.lines import LineChart, Series, line_chart
from portal.comparing.tables import Compared, Section, sections_of
from portal.components.links import Link, citation, image_links, pinned
from portal.components.rank_history import method_breaks
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.page import page_files, these_rows
from portal.language import formatting
from portal.language.phrases import of, rank, rank_in_text
from portal.published.edition import Shown
from portal.published.rows import OVERALL_KEY, Key, Placed, placed
from portal.published.subjects import OVERALL
from rankings.models import Placement

MOST = 5
GROUP = "gruppe"
_LINES = ("chosen", "second", "third", "fourth", "fifth")  # a colour and a dash each: figures.css


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the form."""

    number: int
    slug: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Everything the page shows, as text."""

    title: str
    says: str
    choices: tuple[Choice, ...]
    municipalities: tuple[tuple[str, str], ...]
    against_group: bool
    action: str
    sections: tuple[Section, ...]
    chart: LineChart | None
    history: Table | None
    edition: str
    citation: str
    rows: str
    downloads: tuple[Link, ...]
    permalink: str
    too_many: bool
    actions: tuple[Link, ...]
    pictures: tuple[Link, ...]


def comparison_page(shown: Shown, query: QueryDict, path: str) -> ComparisonPage:
    """Gather the comparison in at most four queries after the edition's own."""
    everyone = list(Municipality.objects.only("pk", "code", "slug", "name", "kommunegruppe").in_danish_order())
    by_slug = {municipality.slug: municipality for municipality in everyone}
    asked = _asked(query, by_slug)
    chosen = [by_slug[slug] for slug in asked[:MOST]]
    against_group = query.get("mod") == GROUP and len(chosen) == 1
    enough = len(chosen) > 1 or against_group
    compared = _compared(shown, chosen, everyone if against_group else []) if enough else None
    links = Links(shown.prefix)
    ranks = _ranks(shown, chosen) if enough else {}
    title = formatting.joined([municipality.name for municipality in chosen])
    return ComparisonPage(
        title=title or _("Sammenlign kommuner"),
        says=_says(compared) if compared else "",
        choices=tuple(Choice(number + 1, asked[number] if number < len(asked) else "") for number in range(MOST)),
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
        actions=tuple(Link(_("Se %(name)s") % {"name": one.name}, links.municipality(one.slug)) for one in chosen),
        pictures=image_links(links, "picture-comparison", query) if enough else (),
    )


def comparison_chart(shown: Shown, query: QueryDict) -> tuple[str, LineChart | None]:
    """Who is compared, and their places over the editions; no chart where nobody is, or with a single edition."""
    everyone = Municipality.objects.only("pk", "slug", "name").in_danish_order()
    by_slug = {municipality.slug: municipality for municipality in everyone}
    chosen = [by_slug[slug] for slug in _asked(query, by_slug)[:MOST]]
    title = formatting.joined([municipality.name for municipality in chosen])
    return title, _chart(shown, chosen, _ranks(shown, chosen)) if chosen else None


def placements_compared(query: QueryDict) -> Q:
    """What finds the placements behind a comparison: those of the chosen, or of the whole kommunegruppe of one."""
    known = dict(Municipality.objects.values_list("slug", "kommunegruppe"))
    chosen = _asked(query, known)[:MOST]
    if query.get("mod") == GROUP and len(chosen) == 1:
        return Q(municipality__kommunegruppe=known[chosen[0]])
    return Q(municipality__slug__in=chosen)


def _asked(query: QueryDict, known: Container[str]) -> list[str]:
    """The slugs that are asked for, each once, without those that nobody has."""
    return list(dict.fromkeys(slug for slug in query.getlist("kommune") if slug in known))


def _compared(shown: Shown, chosen: list[Municipality], everyone: list[Municipality]) -> Compared:
    group = [one for one in everyone if one.kommunegruppe == chosen[0].kommunegruppe]
    by_municipality: dict[int, dict[Key, Placed]] = {}
    by_subject: dict[Key, list[Placed]] = {}
    for row in placed(Placement.objects.filter(edition=shown.edition, municipality__in=group or chosen)):
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


def _ranks(shown: Shown, chosen: Sequence[Municipality]) -> dict[tuple[int, int], Placed]:
    rows = placed(Placement.objects.overall().filter(edition__in=shown.years, municipality__in=chosen))
    return {(row.municipality_id, row.edition_id): row for row in rows}


def _chart(shown: Shown, chosen: Sequence[Municipality], ranks: dict[tuple[int, int], Placed]) -> LineChart | None:
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


def _history(shown: Shown, chosen: Sequence[Municipality], ranks: dict[tuple[int, int], Placed]) -> Table:
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
