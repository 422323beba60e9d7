"""A ranking answer as a table, a map, a distribution and a CSV: the very same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal import formatting
from portal.charts.bars import bar
from portal.charts.distribution import Distribution, Entry, distribution
from portal.charts.maps import Map, Step, legend
from portal.links import Links
from portal.presenters import words
from portal.presenters.downloads import page_files, ranking_csv
from portal.presenters.home import Tab, subject_map
from portal.presenters.links import Link, citation, pinned
from portal.presenters.tables import Cell, Column, Row, Table
from portal.ranking import Answer, Line
from portal.subjects import OVERALL, Subject
from rankings.models import Level, Placement, Spread

VIEWS = ("tabel", "kort", "fordeling")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a filter."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of templates/components/filters.html."""

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class RankingPage:
    """Everything the ranking page shows, as text. ``view`` is "tabel", "kort" or "fordeling"."""

    title: str
    under: str
    trail: tuple[Link, ...]
    description: str
    fields: tuple[Field, ...]
    summary: str
    reset_url: str
    errors: tuple[str, ...]
    tabs: tuple[Tab, ...]
    view: str
    rows: str
    downloads: tuple[Link, ...]
    table: Table | None
    map: Map | None
    legend: tuple[Step, ...]
    chart: Distribution | None
    shared: tuple[str, ...]
    subjects: tuple[Link, ...]
    editions: tuple[Tab, ...]
    count: int
    action: str
    actions: tuple[Link, ...]
    empty_actions: tuple[Link, ...]
    citation: str
    permalink: str


def ranking_page(answer: Answer, query: QueryDict, path: str) -> RankingPage:
    """Dress an answer as the page of its view."""
    links = Links(answer.shown.prefix)
    view = query.get("vis", VIEWS[0]) if query.get("vis") in VIEWS else VIEWS[0]
    count = len(answer.lines)
    year = answer.shown.edition.year
    who = _("Udvalgte kommuner") if answer.is_filtered else _("Alle kommuner")
    placements = [line.placement for line in answer.lines]
    n = placements[0].n if placements else 0
    return RankingPage(
        title=f"{who}, {_lowered(answer.subject)}, {year}",
        under=_under(answer, n),
        trail=_trail(answer.subject, links),
        description=_description(answer),
        fields=_fields(answer, query),
        summary=_summary(answer),
        reset_url=path if answer.is_filtered else "",
        errors=tuple(str(error) for errors in answer.form.errors.values() for error in errors),
        tabs=tuple(Tab(name, _with(query, vis=key), current=key == view) for key, name in _views()),
        view=view,
        rows=_("disse %(rows)s") % {"rows": formatting.count(count, _("række"), _("rækker"))},
        downloads=page_files(f"{ranking_csv(answer.subject, links)}?{query.urlencode()}".rstrip("?"), answer.shown),
        table=_table(answer, query, links) if view == "tabel" else None,
        map=_map(answer, links) if view == "kort" else None,
        legend=legend(n, missing_text=_("ikke placeret")) if view == "kort" and n else (),
        chart=distribution_of(answer) if view == "fordeling" and placements else None,
        shared=_shared(placements),
        subjects=tuple(Link(child.name, child.ranking(links)) for child in answer.columns),
        editions=_editions(answer),
        count=count,
        action=path,
        actions=_about(answer.subject, links),
        empty_actions=(Link(_("Vis alle kommuner"), path),),
        citation=citation(answer.shown, f"{who}, {_lowered(answer.subject)}"),
        permalink=pinned(answer.subject.ranking(Links(f"@{answer.shown.edition.release}")), query),
    )


def _views() -> tuple[tuple[str, str], ...]:
    return ("tabel", _("Tabel")), ("kort", _("Kort")), ("fordeling", _("Fordeling"))


def _lowered(subject: Subject) -> str:
    return _("samlet") if subject == OVERALL else subject.name


def _under(answer: Answer, n: int) -> str:
    edition = answer.shown.edition
    ranked = formatting.count(n, _("kommune er placeret"), _("kommuner er placeret"))
    if answer.subject.indicator:
        indicator = answer.subject.indicator
        return f"{ranked} · {formatting.unit_name(indicator.unit)} · {words.direction(indicator)}"
    return f"{ranked} · {_('udgave %(release)s') % {'release': edition.release}}"


def _description(answer: Answer) -> str:
    first = next((line for line in answer.lines if line.placement.rank == 1), None)
    best = f" {_('Nr. 1 er %(name)s.') % {'name': first.municipality.name}}" if first else ""
    return (
        _("%(subject)s: kommunernes placering i %(year)s, og hvor sikker den er.")
        % {
            "subject": answer.subject.name,
            "year": answer.shown.edition.year,
        }
        + best
    )


def _trail(subject: Subject, links: Links) -> tuple[Link, ...]:
    steps = [Link(_("Rangliste"), "" if subject == OVERALL else links.ranking())]
    if subject.level in {Level.THEME, Level.INDICATOR} and subject.area_of:
        above = Subject(Level.AREA, area=subject.area_of)
        steps.append(Link(above.name, above.ranking(links)))
    if subject.indicator and subject.indicator.theme:
        theme = Subject(Level.THEME, theme=subject.indicator.theme)
        steps.append(Link(theme.name, theme.ranking(links)))
    if subject != OVERALL:
        steps.append(Link(subject.name))
    return tuple(steps)


def _with(query: QueryDict, **changes: str) -> str:
    """This page's address with some of its state changed; "" takes a part away."""
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
        if not value or (name == "vis" and value == VIEWS[0]):
            del changed[name]
    return f"?{changed.urlencode()}"


def _about(subject: Subject, links: Links) -> tuple[Link, ...]:
    if subject == OVERALL:
        return ()
    return (Link(_("Om %(name)s") % {"name": subject.short_name}, subject.page(links)),)


def _editions(answer: Answer) -> tuple[Tab, ...]:
    shown = answer.shown
    return tuple(
        Tab(
            str(edition.year),
            answer.subject.ranking(Links("" if edition == shown.newest else str(edition.year))),
            edition == shown.edition,
        )
        for edition in shown.published
    )


def _fields(answer: Answer, query: QueryDict) -> tuple[Field, ...]:
    form = answer.form.form
    fields = []
    for name in ("region", "landsdel", "gruppe"):
        field: Any = form.fields[name]
        chosen = query.get(name, "")
        options = tuple(Option(str(value), _(str(text)), str(value) == chosen) for value, text in field.choices)
        fields.append(Field(name, str(field.label), "select", chosen, options))
    fields += [
        Field(name, str(form.fields[name].label), "number", str(query.get(name, "")))
        for name in ("indbyggere_fra", "indbyggere_til")
    ]
    hidden = [(name, str(query[name])) for name in ("sorter", "retning", "vis") if query.get(name)]
    hidden += [("kommune", str(slug)) for slug in query.getlist("kommune")]
    return (*fields, *(Field(name, "", "hidden", value) for name, value in hidden))


def _summary(answer: Answer) -> str:
    if not answer.is_filtered:
        return ""
    return _("%(shown)s af %(total)s kommuner vises") % {"shown": len(answer.lines), "total": answer.total}


def _shared(placements: Sequence[Placement]) -> tuple[str, ...]:
    """Every shared place with those who share it, best first."""
    groups: dict[tuple[int, int], int] = {}
    for row in placements:
        if row.rank is not None and row.rank_last and row.rank_last > row.rank:
            groups[row.rank, row.rank_last] = groups.get((row.rank, row.rank_last), 0) + 1
    return tuple(
        f"{formatting.rank_in_text(rank, last)} ({formatting.count(amount, _('kommune'), _('kommuner'))})"
        for (rank, last), amount in sorted(groups.items())
    )


def _table(answer: Answer, query: QueryDict, links: Links) -> Table:
    children = answer.columns
    columns = (
        _column(answer, query, "kommune", _("Kommune")),
        _column(answer, query, "nr", _("Nr."), css="number"),
        _column(answer, query, "score", _score_name(answer), note=_score_note(answer), css="wide"),
        Column(_("Usikkerhed"), note=_("i 9 af 10 beregninger")),
        _column(answer, query, "aendring", _("Ændring"), note=_change_note(answer), css="number"),
        *(
            _column(answer, query, child.code, child.short_name, note=_child_note(child), css="number")
            for child in children
        ),
    )
    if answer.subject.indicator:
        columns = (*columns[:3], *columns[4:])
    names = [column.name for column in columns[1:]]
    rows = tuple(_row(answer, line, names, links) for line in answer.lines)
    return Table(_("Kommunernes placering"), columns, rows, _median(answer, names))


def _column(answer: Answer, query: QueryDict, key: str, name: str, *, note: str = "", css: str = "") -> Column:
    current = answer.sort == key
    backwards = current and not answer.descending
    url = _with(query, sorter="" if key == "nr" and not backwards else key, retning="ned" if backwards else "")
    direction = ("descending" if answer.descending else "ascending") if current else ""
    return Column(name, note, url, direction, css)


def _score_name(answer: Answer) -> str:
    return _("Værdi") if answer.subject.indicator else _("Score")


def _score_note(answer: Answer) -> str:
    indicator = answer.subject.indicator
    if indicator:
        return f"{formatting.unit_name(indicator.unit)}, {words.direction(indicator)}"
    return _("0–100, højere er bedre")


def _change_note(answer: Answer) -> str:
    previous = answer.shown.previous
    return _("pladser siden %(year)s") % {"year": previous.year} if previous else ""


def _child_note(child: Subject) -> str:
    return words.direction(child.indicator) if child.indicator else ""


def _row(answer: Answer, line: Line, names: Sequence[str], links: Links) -> Row:
    own = line.placement
    cells = [Cell(words.rank_in_text(own).removeprefix("nr. "), names[0], missing="" if own.rank else words.rank(None))]
    cells.append(_main_cell(answer, own, names[1]))
    if not answer.subject.indicator:
        alike = len(own.alike or ())
        note = _("som %(count)s andre") % {"count": alike} if alike else ""
        cells.append(Cell(_interval(own), names[2], note=note))
    cells.append(Cell(_change(answer, line), names[len(cells)], css="number"))
    for child in answer.columns:
        cells.append(_child_cell(child, line.children.get(child.code), names[len(cells)]))
    return Row(line.municipality.name, links.municipality(line.municipality.slug), cells=tuple(cells))


def _interval(own: Placement) -> str:
    return "" if own.low is None or own.high is None else formatting.number_range(own.low, own.high)


def _main_cell(answer: Answer, own: Placement, label: str) -> Cell:
    if answer.subject.indicator:
        text = words.value(answer.subject.indicator, own.value)
        return Cell(text, label, css="number", missing=formatting.missing(own.missing) if own.missing else "")
    if own.printed is None:
        share = formatting.number(100 * own.coverage)
        return Cell("", label, missing=_("kun tal for %(share)s %% af vægten") % {"share": share})
    return Cell(words.score(own), label, css="number", bar=bar(own.printed))


def _change(answer: Answer, line: Line) -> str:
    previous = answer.shown.previous
    if previous is None or previous.method_version != answer.shown.edition.method_version:
        return ""
    return "" if line.change is None else formatting.signed(line.change) or "0"


def _child_cell(child: Subject, placement: Placement | None, label: str) -> Cell:
    if placement is None:
        return Cell("", label, css="number")
    if child.indicator:
        missing = formatting.missing(placement.missing) if placement.missing else ""
        return Cell(words.value(child.indicator, placement.value), label, _nr(placement), "number", missing)
    if placement.printed is None:
        return Cell("", label, css="number", missing=_("for få tal"))
    return Cell(words.score(placement), label, _nr(placement), "number", bar=bar(placement.printed))


def _nr(placement: Placement) -> str:
    return words.rank_in_text(placement)


def _median(answer: Answer, names: Sequence[str]) -> Row:
    spreads = answer.spreads
    cells = [Cell("", names[0]), Cell(_median_text(answer.subject, spreads.get(answer.subject.code)), names[1])]
    cells += [Cell("", name) for name in names[2 : len(names) - len(answer.columns)]]
    for child in answer.columns:
        cells.append(Cell(_median_text(child, spreads.get(child.code)), names[len(cells)], css="number"))
    return Row(_("Median, alle kommuner"), cells=tuple(cells))


def _median_text(subject: Subject, spread: Spread | None) -> str:
    if spread is None or spread.median is None:
        return ""
    return words.value(subject.indicator, spread.median) if subject.indicator else formatting.score(spread.median)


def _map(answer: Answer, links: Links) -> Map:
    return subject_map(answer.subject, [_placed(line) for line in answer.lines], links)


def _placed(line: Line) -> Placement:
    line.placement.municipality = line.municipality
    return line.placement


def distribution_of(answer: Answer) -> Distribution:
    """Draw the rows of an answer along one scale, the better to the right."""
    indicator = answer.subject.indicator
    few = len(answer.lines) <= 6

    def text(figure: float) -> str:
        return formatting.number(figure, indicator.decimals if indicator else 0)

    entries = []
    for line in answer.lines:
        figure = line.placement.value if indicator else line.placement.printed
        shown = words.value(indicator, figure) if indicator else words.score(line.placement)
        name = line.municipality.name
        entries.append(Entry(figure, f"{name}: {shown}", name if few else ""))
    spread = answer.spreads.get(answer.subject.code)
    median = spread.median if spread else None
    return distribution(
        entries,
        tick_text=text,
        says=_("En prik for hver kommune; de bedste til højre."),
        median=median,
        median_text=_("median %(value)s") % {"value": _median_text(answer.subject, spread)} if median else "",
        lower_is_right=words.lower_is_right(indicator) if indicator else False,
    )
