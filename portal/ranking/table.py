"""A ranking answer as the matrix of municipalities by what lies a step further down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.addresses.numbers import EVERYONE, Proofs
from portal.charts.strip import bar
from portal.components.tables import Cell, Column, Row, Table, rows_of
from portal.language import formatting, phrases
from portal.language.phrases import main_part
from portal.language.worth import worth_of_place
from portal.published import Indicator, Placement, Spread
from portal.published.ranking import Answer, Line
from portal.published.rows import PlacementRow
from portal.published.statements import Statements
from portal.published.subjects import Subject

BARS = 6  # with more columns than this there is no room for bars


def ranking_table(answer: Answer, query: QueryDict, links: Links) -> Table:
    """The rows with their bars, bands, groups and, where asked for, the change with its cause."""
    columns = _columns(answer, query)
    everyone = (*answer.lines, *answer.aside)
    proofs = Proofs.of(answer.shown.edition.release)
    making = _Making(
        answer=answer,
        names=[column.name for column in columns[1:]],
        links=links,
        starts=_group_starts(answer),
        scores=[line.placement.printed for line in everyone if line.placement.printed is not None],
        proofs=proofs,
        css={child.code: _child_css(answer, child) for child in answer.columns},
        language=get_language(),
        said=answer.shown.said,
    )
    rows = tuple(_row(making, line) for line in rows_of(answer.lines, query))
    css = "ranked" if len(answer.columns) <= BARS else ""
    return Table(_("Kommunernes placering"), columns, rows, _median(answer, columns, proofs), css)


def sort_link(query: QueryDict, **changes: str) -> str:
    """This page's address with some of its state changed; "" takes a part away."""
    changed = query.copy()
    changed.pop("side", None)  # another order or another choice begins on the first page
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"


def _columns(answer: Answer, query: QueryDict) -> tuple[Column, ...]:
    indicator = answer.subject.indicator
    heads = [
        _column(answer, query, "kommune", _("Kommune")),
        _column(answer, query, "nr", _("Nr."), css="number"),
    ]
    if indicator:
        note = f"{formatting.unit_name(phrases.unit(indicator))}, {phrases.direction(indicator)}"
        heads.append(_column(answer, query, "score", _("Værdi"), note=note, css="number"))
    else:
        heads.append(_column(answer, query, "score", _("Score"), note=_("0–100, højere er bedre"), css="wide"))
        heads.append(Column(_("Usikkerhed"), note=_("i 9 af 10 beregninger")))
    if answer.with_change and answer.shown.previous:
        note = _("pladser siden %(year)s") % {"year": answer.shown.previous.year}
        heads.append(_column(answer, query, "aendring", _("Ændring"), note=note))
    for child in answer.columns:
        note = phrases.direction(child.indicator) if child.indicator else ""
        heads.append(_column(answer, query, child.code, child.short_name, note=note, css=_child_css(answer, child)))
    return tuple(heads)


def _child_css(answer: Answer, child: Subject) -> str:
    area = child.area_of
    return f"number area-{area.code}" if area and len(answer.columns) <= BARS else "number"


def _column(answer: Answer, query: QueryDict, key: str, name: str, *, note: str = "", css: str = "") -> Column:
    current = answer.sort == key
    down = not answer.descending if current else _best_is_highest(answer, key)
    url = sort_link(query, sorter="" if key == "nr" and not down else key, retning="ned" if down else "")
    direction = ("descending" if answer.descending else "ascending") if current else ""
    return Column(name, note, url, direction, css)


def _best_is_highest(answer: Answer, key: str) -> bool:
    """Whether the best of a column is its highest figure: a first click puts the best on top."""
    indicator = answer.subject.indicator
    return key == "aendring" or (key == "score" and not (indicator and phrases.lower_is_right(indicator)))


def _group_starts(answer: Answer) -> dict[int, int]:
    """Who begins a group whose members cannot be told apart from the first of it, and how many follow it.

    Only in the order of the ranks; the first municipality begins the first group.
    """
    if answer.sort != "nr" or answer.descending or answer.subject.indicator:
        return {}
    if not any(line.placement.alike for line in answer.lines):
        return {}  # nobody was compared with anybody: there are too many of them
    starts: dict[int, int] = {}
    leader: int | None = None
    rank: int | None = None
    for line in answer.lines:
        own = line.placement
        if own.rank is None:
            break
        if leader is None or (own.rank != rank and leader not in (own.alike or ())):  # a shared place is never split
            leader = own.municipality_id
            starts[leader] = 0
        else:
            starts[leader] += 1
        rank = own.rank
    return starts


@dataclass(frozen=True, slots=True)
class _Making:
    """What every row is made with: looked up once, since a row may have forty cells."""

    answer: Answer
    names: Sequence[str]
    links: Links
    starts: Mapping[int, int]
    scores: Sequence[float]
    proofs: Proofs
    css: Mapping[str, str]
    language: str | None
    said: Statements


def _row(making: _Making, line: Line) -> Row:
    answer, names, own, code = making.answer, making.names, line.placement, line.municipality.code
    proof = making.proofs.url(code, answer.subject.code)
    place = phrases.rank_in_text(own).removeprefix(f"{formatting.rank_word()} ")
    said = _interval(own) if answer.subject.indicator else ""  # above the indicators it has a column of its own
    cells = [Cell(place, names[0], said, "number", missing="" if place else phrases.rank(None), url=proof)]
    following = making.starts.get(own.municipality_id)
    if answer.subject.indicator:
        cells.append(_value_cell(answer.subject.indicator, own, names[1], "number", proof, making.language))
    else:
        cells.append(_score_cell(own, names[1], making.scores, proof))
        note = _("som de næste %(count)s") % {"count": following} if following else ""
        cells.append(Cell(_interval(own), names[2], note=note, url=proof))
    if answer.with_change and answer.shown.previous:
        cells.append(_change_cell(line, names[len(cells)]))
    for child in answer.columns:
        url = making.proofs.url(code, child.code)
        cells.append(_child_cell(making, child, line.children.get(child.code), names[len(cells)], url))
    css = "group-start" if following is not None and place != "1" else ""
    note = ", ".join(filter(None, [phrases.rests_on(own), making.said.tag(code, answer.subject.code)]))
    address = making.links.municipality(line.municipality.slug)
    return Row(line.municipality.name, address, note, css, tuple(cells))


def _interval(own: Placement) -> str:
    return "" if own.low is None or own.high is None else formatting.number_range(own.low, own.high)


def _score_cell(own: Placement, label: str, scores: Sequence[float], proof: str) -> Cell:
    if own.printed is None:
        share = phrases.coverage(own.coverage)
        return Cell("", label, css="wide", missing=_("kun tal for %(share)s %% af vægten") % {"share": share})
    drawn = bar(own.printed, band=phrases.score_band(own, scores))
    return Cell(phrases.score(own), label, css="wide", bar=drawn, url=proof)


def _value_cell(
    indicator: Indicator, own: Placement | PlacementRow, label: str, css: str, proof: str, language: str | None
) -> Cell:
    worth = worth_of_place(indicator, own, language)
    if own.missing:
        return Cell("", label, worth, css, missing=formatting.missing(own.missing, language))
    note = ", ".join(filter(None, [worth, _("foreløbigt tal") if own.provisional else ""]))
    return Cell(phrases.value(indicator, own.value, language), label, note, css, url=proof)


def _change_cell(line: Line, label: str) -> Cell:
    change = line.change
    if change is None:
        return Cell("", label, missing=_("kan ikke siges"))
    before = phrases.from_place(change.before)
    if not change.clear:  # whoever sorts by it still sees how far, but as what it is
        unknown = line.placement.low is None or change.before.low is None
        said = before if unknown else _("kan ikke skelnes; %(before)s") % {"before": before}
        return Cell(formatting.signed(change.places), label, said, css="muted")
    return Cell(
        formatting.signed(change.places), label, f"{before}, {main_part(line.causes, change.places)}".strip(", ")
    )


def _child_cell(making: _Making, child: Subject, own: PlacementRow | None, label: str, proof: str) -> Cell:
    css = making.css[child.code]
    if own is None:
        return Cell("", label, css=css)
    if child.indicator:
        return _value_cell(child.indicator, own, label, "number", proof, making.language)
    if own.printed is None:
        return Cell("", label, css=css, missing=_("for få tal"))
    drawn = bar(own.printed) if len(making.answer.columns) <= BARS else None
    return Cell(formatting.score(own.printed, making.language), label, css=css, bar=drawn, url=proof)


def _median(answer: Answer, columns: Sequence[Column], proofs: Proofs) -> Row:
    """The median row under the head: it has a figure in the columns of scores and values."""
    by_name = {child.short_name: child for child in (*answer.columns,)}
    cells = []
    for number, column in enumerate(columns[1:], start=1):
        subject = answer.subject if number == 2 else by_name.get(column.name)
        text = median_text(subject, answer.spreads.get(subject.code)) if subject else ""
        url = proofs.url(EVERYONE, subject.code) if subject and text else ""
        cells.append(Cell(text, column.name, css=column.css, url=url))
    return Row(_("Median, alle kommuner"), cells=tuple(cells))


def median_text(subject: Subject, spread: Spread | None) -> str:
    """The median of a subject with its unit; empty where there is none."""
    if spread is None or spread.median is None:
        return ""
    return phrases.value(subject.indicator, spread.median) if subject.indicator else formatting.score(spread.median)


def shared_places(answer: Answer) -> tuple[str, ...]:
    """Every shared place with the names of those who share it, best first."""
    groups: dict[tuple[int, int], list[str]] = {}
    for line in (*answer.lines, *answer.aside):
        own = line.placement
        if own.rank is not None and own.rank_last and own.rank_last > own.rank:
            groups.setdefault((own.rank, own.rank_last), []).append(line.municipality.name)
    return tuple(
        f"{formatting.rank_in_text(rank, last)}: {formatting.joined(names)}"
        for (rank, last), names in sorted(groups.items())
    )
