"""A ranking answer as the matrix of municipalities by what lies a step further down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import EVERYONE, Links, Proofs, proofs_of
from portal.charts.scale import Scale, extent
from portal.charts.strip import Span, place_span
from portal.components.subject import median_text
from portal.components.tables import Cell, Column, Row, Table, rows_of
from portal.language import formatting, phrases
from portal.language.phrases import main_part
from portal.language.worth import grade_name, worth_of_place
from portal.published import Direction, Indicator, Municipality, Placement
from portal.published.edition import Statements
from portal.published.ranking import Answer, Line
from portal.published.rows import PlacementRow
from portal.published.subjects import Subject
from rankings.engine.evidence import UNUSABLE, is_unusable

FEW = 6  # with more columns than this the names come first and stay in view while the columns scroll


def ranking_table(answer: Answer, query: QueryDict, links: Links, mine: Municipality | None = None) -> Table:
    """The rows, each with where it may stand on one common scale and, where asked for, the change with its cause."""
    few = len(answer.columns) <= FEW
    columns = _columns(answer, query, few=few)
    everyone = (*answer.lines, *answer.aside)
    proofs = proofs_of(answer.shown.edition.release)
    indicator = answer.subject.indicator
    making = _Making(
        answer=answer,
        links=links,
        scale=_scale(indicator, everyone),
        proofs=proofs,
        language=get_language(),
        said=answer.shown.said,
        few=few,
        mine=mine.slug if mine else "",
    )
    rows = tuple(_row(making, line) for line in rows_of(answer.lines, query))
    own = next((line for line in everyone if line.municipality.slug == making.mine), None)
    pinned = replace(_row(making, own), css="chosen pinned") if own else None
    median = _median(answer, columns, proofs, few=few)
    return Table(_("Kommunernes placering"), columns, rows, median, "ranked" if few else "", pinned)


def sort_link(query: QueryDict, **changes: str) -> str:
    """This page's address with some of its state changed; "" takes a part away."""
    changed = query.copy()
    changed.pop("side", None)  # another order or another choice begins on the first page
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"


def _columns(answer: Answer, query: QueryDict, *, few: bool) -> tuple[Column, ...]:
    indicator = answer.subject.indicator
    place, name = _column(answer, query, "nr", _("Nr.")), _column(answer, query, "kommune", _("Kommune"))
    heads = [place, name] if few else [name, place]
    if indicator:
        if few:
            neutral = indicator.direction == Direction.NEUTRAL
            note = _("lavest → højest") if neutral else _("dårligst → bedst")
            heads.append(Column(_("På samme skala"), note=note, css="where"))
        note = f"{formatting.unit_name(phrases.unit(indicator))}, {phrases.direction(indicator)}"
        heads.append(_column(answer, query, "score", _("Værdi"), note=note, css="number"))
    else:
        note = _("nr. %(n)s → nr. 1, i 9 af 10 beregninger") % {"n": _n(answer)}
        heads.append(Column(_("Her kan kommunen ligge"), note=note, css="where"))
        heads.append(_column(answer, query, "score", _("Score"), note=_("af 100"), css="number"))
    if answer.with_change and answer.shown.previous:
        note = _("pladser siden %(year)s") % {"year": answer.shown.previous.year}
        heads.append(_column(answer, query, "aendring", _("Ændring"), note=note, css="change"))
    for child in answer.columns:
        note = phrases.sense(child.indicator) if child.indicator else _("nr.")
        heads.append(_column(answer, query, child.code, child.short_name, note=note, css=_child_css(child)))
    return tuple(heads)


def _n(answer: Answer) -> int:
    return max((line.placement.n for line in (*answer.lines, *answer.aside)), default=0)


def _child_css(child: Subject) -> str:
    return f"number area-{child.area.code}" if child.area else "number"


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


@dataclass(frozen=True, slots=True)
class _Making:
    """What every row is made with: looked up once, since a row may have forty cells."""

    answer: Answer
    links: Links
    scale: Scale | None
    proofs: Proofs
    language: str | None
    said: Statements
    few: bool
    mine: str


def _scale(indicator: Indicator | None, lines: Sequence[Line]) -> Scale | None:
    """The scale that all values of an indicator share, the better to the right; None for scores, which have ranks."""
    if indicator is None:
        return None
    low, high = extent([line.placement.value for line in lines])
    return Scale(low, high, 100.0, 0.0) if phrases.lower_is_right(indicator) else Scale(low, high, 0.0, 100.0)


def _row(making: _Making, line: Line) -> Row:
    answer, own, code = making.answer, line.placement, line.municipality.code
    proof = making.proofs(code, answer.subject.code)
    place = phrases.rank_in_text(own).removeprefix(f"{formatting.rank_word()} ")
    lead = Cell(place, css="place", missing="" if place else phrases.rank(None))
    cells = [] if making.few else [lead]
    cells += _figures(making, own, proof)
    if answer.with_change and answer.shown.previous:
        cells.append(_change_cell(line))
    for child in answer.columns:
        cells.append(_child_cell(making, child, line.children.get(child.code)))
    tag = making.said.tag(code, answer.subject.code)
    unsure = grade_name(UNUSABLE) if is_unusable(own.doubts) else ""
    note = ", ".join(filter(None, [phrases.rests_on(own), tag, unsure]))
    address = making.links.municipality(line.municipality.slug)
    css = "chosen" if line.municipality.slug == making.mine else ""
    return Row(line.municipality.name, address, note, css, tuple(cells), lead=lead if making.few else None)


def _figures(making: _Making, own: Placement, proof: str) -> list[Cell]:
    """Where it may stand, and the figure itself, which leads to its proof."""
    indicator = making.answer.subject.indicator
    if indicator is None:
        return [_where_cell(own), Cell(phrases.score(own), css="number", url=proof)]
    value = _value_cell(indicator, own, proof, making.language)
    if not making.few:
        return [value]
    at = making.scale.at(own.value) if making.scale and own.value is not None else None
    return [Cell("", css="where", span=None if at is None else Span(f"{at:.1f}")), value]


def _where_cell(own: Placement) -> Cell:
    if own.rank is None:
        share = phrases.coverage(own.coverage)
        return Cell("", css="where", missing=_("kun tal for %(share)s %% af vægten") % {"share": share})
    said = "" if own.low is None or own.high is None else formatting.number_range(own.low, own.high)
    return Cell(said, css="where", span=place_span(own.rank, own.rank_last or own.rank, own.low, own.high, own.n))


def _value_cell(
    indicator: Indicator,
    own: Placement | PlacementRow,
    proof: str,
    language: str | None,
    written: Callable[[Indicator, float | None, str | None], str] = phrases.value,
) -> Cell:
    worth = worth_of_place(indicator, own, language)
    if own.missing:
        return Cell("", note=worth, css="number", missing=formatting.missing(own.missing, language))
    drawn = own.low is not None and own.high is not None  # only a sample's own rank is unsure
    place = formatting.rank_interval(own.low or 0, own.high or 0) if worth and drawn else ""
    note = ", ".join(filter(None, [worth, place, _("foreløbigt tal") if own.provisional else ""]))
    return Cell(written(indicator, own.value, language), note=note, css="number", url=proof)


def _change_cell(line: Line) -> Cell:
    label = _("Ændring")
    change = line.change
    if change is None:
        return Cell("", label, css="change", missing=_("kan ikke siges"))
    before = phrases.from_place(change.before)
    if not change.clear:  # whoever sorts by it still sees how far, but as what it is
        unknown = line.placement.low is None or change.before.low is None
        template = _("usikkerheden kendes ikke; %(before)s") if unknown else _("kan ikke skelnes; %(before)s")
        said = template % {"before": before}
        return Cell(formatting.signed(change.places), label, said, css="change muted")
    cause = main_part(line.causes, change.places)
    return Cell(formatting.signed(change.places), label, f"{before}, {cause}".strip(", "), css="change clear")


def _child_cell(making: _Making, child: Subject, own: PlacementRow | None) -> Cell:
    """A place, or an indicator's value; the proofs of these stand on the pages of their own rankings."""
    css = _child_css(child)
    if own is None:
        return Cell("", css=css)
    if child.indicator:
        return _value_cell(child.indicator, own, "", making.language, written=phrases.short_value)
    if own.rank is None:
        return Cell("", css=css, missing=_("for få tal"))
    return Cell(formatting.number_range(own.rank, own.rank_last or own.rank), css=css)


def _median(answer: Answer, columns: Sequence[Column], proofs: Proofs, *, few: bool) -> Row:
    """The median row under the head: it has a figure in the columns of scores and values."""
    by_name = {child.short_name: child for child in answer.columns if child.indicator}
    figures = _("Værdi") if answer.subject.indicator else _("Score")
    cells = []
    for column in columns[2 if few else 1 :]:
        subject = answer.subject if column.name == figures else by_name.get(column.name)
        short = subject in answer.columns
        text = median_text(subject, answer.spreads.get(subject.code), short=short) if subject else ""
        url = proofs(EVERYONE, subject.code) if subject and text else ""
        cells.append(Cell(text, column.name, css=column.css, url=url))
    return Row(_("Midten af alle"), cells=tuple(cells), lead=Cell("") if few else None)
