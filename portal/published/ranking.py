"""One question gives table, map, chart, files and API: they cannot disagree. Beside it the ranking without one kind of
source, as an edition has stored it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.models import Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import NAMES, knows_populations, municipalities_asked_for, with_population
from portal.published.rows import Change, PlacementRow, bridge_place, change_of, light, placement_rows, rows_below
from portal.published.subjects import OVERALL, Subject, criteria_of, further_down
from portal.serving.middleware import Refused, refuse_repeated
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.engine.rank import change_among_both
from rankings.method import area_node, theme_node
from rankings.models import Edition, Level, Placement, Spread, VariantPlacement

PARAMETERS = (
    *NAMES,
    "sorter",
    "retning",
    "kolonner",
    "aendring",
    "vis",
    "side",
)  # what an address may ask of a ranking
VIEWS = ("tabel", "kort", "fordeling")
OWN_COLUMNS = ("nr", "kommune", "score", "aendring", "indbyggere")
STEPS = {Level.OVERALL: "temaer", Level.AREA: "indikatorer"}


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality's row: its placement, those further down by their codes, and what became of its place.

    ``change`` is None where either edition has no rank for it; it is measured by the shown edition's method (with the
    bridge's rank where the methods differ).
    ``causes`` are the places won or lost by cause; empty where nothing is to be explained or the change is not shown.
    """

    municipality: Municipality
    placement: Placement
    children: Mapping[str, PlacementRow]
    change: Change | None = None
    causes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The rows that were asked for, in the order asked for, and what they are compared with.

    ``lines`` are those asked for, ``aside`` the others (a map shows them pale). ``columns`` are the subjects further
    down, ``step`` how far: "" the next level, "temaer" or "indikatorer" the one after.
    """

    shown: ShownEdition
    subject: Subject
    columns: tuple[Subject, ...]
    lines: tuple[Line, ...]
    aside: tuple[Line, ...]
    spreads: dict[str, Spread]
    everyone: tuple[Municipality, ...]
    sort: str
    descending: bool
    step: str = ""
    with_change: bool = False
    errors: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many there are in all."""
        return len(self.lines) + len(self.aside)

    @property
    def is_filtered(self) -> bool:
        """Whether some municipalities were left out."""
        return bool(self.aside)

    @property
    def moved(self) -> tuple[Line, ...]:
        """Those whose place is another than in the edition before, of all the edition's, whatever is filtered."""
        return tuple(one for one in (*self.lines, *self.aside) if one.change and one.change.places)

    @property
    def across_methods(self) -> bool:
        """Whether the edition before was made by another method."""
        previous = self.shown.previous
        return previous is not None and previous.method_version != self.shown.edition.method_version


def ask(shown: ShownEdition, subject: Subject, query: QueryDict, *, children: bool = True) -> Answer:
    """Answer a ranking question in at most seven queries.

    ``query`` is the address's own: the filters of MunicipalityFilter, ``sorter`` (a column: "nr",
    "kommune", "score", "aendring", "indbyggere" or a child's code), ``retning`` ("ned"), ``kolonner`` (a step further
    down) and ``aendring`` ("vis"). A filter value that makes no sense is ignored and the answer says so.
    """
    step = STEPS.get(subject.level, "") if query.get("kolonner") == STEPS.get(subject.level) else ""
    columns = further_down(shown.edition, subject, bool(step)) if children else ()
    everyone = _everyone(shown.edition.year)
    wanted, errors = municipalities_asked_for(query, everyone, shown.edition.year)
    errors = (*errors, *_other_errors(query, everyone, _sorts(shown, subject, columns, query)))
    sort, descending = _sorting(query, columns)
    with_change = query.get("aendring") == "vis" or sort == "aendring"
    lines = _lines(shown, subject, columns, with_change)
    return Answer(
        shown=shown,
        subject=subject,
        columns=columns,
        lines=tuple(_in_order([one for one in lines if one.municipality.pk in wanted], sort, descending=descending)),
        aside=tuple(one for one in lines if one.municipality.pk not in wanted),
        spreads=_spreads(shown, subject, columns),
        everyone=everyone,
        sort=sort,
        descending=descending,
        step=step,
        with_change=with_change,
        errors=errors,
    )


def ask_strictly(shown: ShownEdition, subject: Subject, query: QueryDict, *, children: bool = True) -> Answer:
    """As `ask`, for a file, a picture or an embed. Raises Refused where the page would say what it left out."""
    refuse_repeated(query, "kommune")
    answer = ask(shown, subject, query, children=children)
    if answer.errors:
        raise Refused(" ".join(answer.errors))
    return answer


def _sorts(shown: ShownEdition, subject: Subject, columns: tuple[Subject, ...], query: QueryDict) -> set[str]:
    """What one can sort by. A map has no columns, but its address may be that of a table that has."""
    asked = query.get("sorter", "")
    if asked and asked not in OWN_COLUMNS and not columns:
        columns = (*subject.children(shown.edition), *subject.grandchildren(shown.edition))
    return {"", *OWN_COLUMNS, *(column.code for column in columns)}


def _other_errors(query: QueryDict, everyone: tuple[Municipality, ...], sorts: set[str]) -> Iterator[str]:
    """What else of a question makes no sense: a column to sort by, a direction, a step or a view that there is not."""
    choices = {"sorter": sorts, "retning": {"", "op", "ned"}, "aendring": {"", "vis"}, "vis": {"", *VIEWS},
               "kolonner": {"", *STEPS.values()}}  # fmt: skip
    for name, known in choices.items():
        if query.get(name, "") not in known:
            yield _("%(name)s: her er intet, der hedder »%(value)s«.") % {"name": name, "value": query[name][:60]}
    if query.get("sorter") == "indbyggere" and not knows_populations(everyone):
        yield _("Udgaven kender ikke kommunernes indbyggertal og kan ikke sorteres efter dem.")


@shared_in_release
def _everyone(year: int) -> tuple[Municipality, ...]:
    return tuple(light(with_population(Municipality.objects.in_danish_order(), year), "region"))


@shared_by_its_pages
def _lines(shown: ShownEdition, subject: Subject, columns: tuple[Subject, ...], with_causes: bool) -> list[Line]:  # noqa: FBT001  part of the key
    everyone = {one.pk: one for one in _everyone(shown.edition.year)}
    placed = Placement.objects.filter(subject.where, edition=shown.edition)
    survey = subject.indicator is not None and subject.indicator.is_of_a_survey
    worth = "measurement" if survey else ""  # what its figures are worth stands beside them
    own = {row.municipality_id: row for row in light(placed, worth, municipality=everyone)}
    further_down = _below(shown, columns)
    before = _before(shown, subject)
    explanations = _explanations(shown, subject) if with_causes or before is None else {}
    if before is None:
        before = {key: bridge for key, (_causes, bridge) in explanations.items() if bridge}
    then = {key: row.rank for key, row in before.items() if row.rank}
    places = change_among_both(then, {key: row.rank for key, row in own.items() if row.rank})
    lines = []
    for one in everyone.values():
        placement = own.get(one.pk)
        if placement is None:
            continue
        causes = explanations[one.pk][0] if one.pk in explanations else {}
        change = change_of(placement, before.get(one.pk), places.get(one.pk))
        lines.append(Line(one, placement, further_down.get(one.pk, {}), change, causes))
    return lines


def _below(shown: ShownEdition, columns: tuple[Subject, ...]) -> dict[int, dict[str, PlacementRow]]:
    found: dict[int, dict[str, PlacementRow]] = {}
    if columns:
        code_of = {column.key[1]: column.code for column in columns}
        for row in rows_below(Placement.objects.filter(_of_subjects(columns), edition=shown.edition)):
            code = code_of[row.area_id or row.theme_id or row.indicator_id]
            found.setdefault(row.municipality_id, {})[code] = row
    return found


def _before(shown: ShownEdition, subject: Subject) -> dict[int, PlacementRow] | None:
    """Places in the edition before; None where it was made by another method, so that only the bridge can tell."""
    previous = shown.previous
    if previous is None:
        return {}
    if previous.method_version != shown.edition.method_version:
        return None
    rows = placement_rows(Placement.objects.of(previous).ranked().filter(subject.where))
    return {row.municipality_id: row for row in rows}


def _explanations(shown: ShownEdition, subject: Subject) -> dict[int, tuple[dict[str, int], PlacementRow | None]]:
    """Why each rank moved, and the bridge's place, which only the whole has. An indicator has no causes."""
    if subject.indicator or shown.previous is None:
        return {}
    rows = shown.explanations
    if subject == OVERALL:
        columns = rows.values_list("municipality_id", "change", "bridge_rank", "bridge_last", "bridge_n")
        return {one: (change, bridge_place(*bridge)) for one, change, *bridge in columns}
    node = theme_node(subject.theme) if subject.theme else area_node(subject.area) if subject.area else ""
    causes = rows.annotate(causes=KeyTransform(node, "below")).values_list("municipality_id", "causes")
    return {one: (found or {}, None) for one, found in causes}


def _of_subjects(subjects: tuple[Subject, ...]) -> Q:
    """The condition that finds the rows of subjects of one level."""
    return Q(level=subjects[0].level) & Q(**{f"{subjects[0].level}__in": [one.key[1] for one in subjects]})


@shared_by_its_pages
def _spreads(shown: ShownEdition, subject: Subject, columns: tuple[Subject, ...]) -> dict[str, Spread]:
    code_of = {one.key: one.code for one in (subject, *columns)}
    condition = subject.where | _of_subjects(columns) if columns else subject.where
    rows = Spread.objects.filter(condition, edition=shown.edition)
    return {code_of[str(row.level), row.area_id or row.theme_id or row.indicator_id]: row for row in rows}


def _sorting(query: QueryDict, columns: tuple[Subject, ...]) -> tuple[str, bool]:
    known = {*OWN_COLUMNS, *(column.code for column in columns)}
    sort = query.get("sorter", "nr")
    return (sort if sort in known else "nr"), query.get("retning") == "ned"


def _in_order(lines: list[Line], sort: str, *, descending: bool) -> list[Line]:
    """Sort by any column; equal ones in Danish order of names (they come so); those without the figure always last."""
    if sort == "kommune":
        return lines[::-1] if descending else lines
    figures = [(_figure(line, sort), line) for line in lines]
    present = [(figure, line) for figure, line in figures if figure is not None]
    absent = [line for figure, line in figures if figure is None]
    present.sort(key=lambda pair: -pair[0] if descending else pair[0])
    return [line for _figure_, line in present] + absent


def _figure(line: Line, sort: str) -> float | None:
    match sort:
        case "nr":
            return line.placement.rank
        case "score":
            return line.placement.printed if line.placement.value is None else line.placement.value
        case "aendring":
            return line.change.places if line.change else None
        case "indbyggere":
            return getattr(line.municipality, "population", None)
    child = line.children.get(sort)
    return child.rank if child else None


ADMINISTRATIONS = "survey_managers"


class VariantLine(NamedTuple):
    """A municipality's place without a kind of source, and the published one it stands beside."""

    name: str
    slug: str
    code: str
    rank: int | None
    rank_last: int | None
    n: int
    printed: float | None
    low: int | None
    high: int | None
    coverage: float
    published: int | None = None
    published_last: int | None = None
    published_n: int = 0
    published_coverage: float = 1.0


def has_without(edition: Edition, source: str) -> bool:
    """Whether the edition was computed without a kind of source as well: its method says so, no row has to be read."""
    return source in edition.method.get("robustness", {}).get("without", ()) and not edition.registers_only


def variant_lines(edition: Edition, source: str, subject: Subject) -> list[VariantLine]:
    """Everybody's place in a subject without a kind of source, best first, the unranked last; empty where none is."""
    published = {
        row[0]: row[1:]
        for row in Placement.objects.of(edition)
        .filter(subject.where)
        .values_list("municipality__code", "rank", "rank_last", "n", "coverage")
    }
    rows = (
        VariantPlacement.objects.filter(subject.where, edition=edition, source=source)
        .order_by("municipality__sort_key")
        .values_list(*(_COLUMNS.get(name, name) for name in VariantLine._fields[:10]))
    )
    lines = [VariantLine(*row, *published.get(row[2], ())) for row in rows]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0))


_COLUMNS = {"name": "municipality__name", "slug": "municipality__slug", "code": "municipality__code"}


@shared_in_release
def shares_of(edition: Edition) -> Mapping[int, tuple[str, float]]:
    """Each indicator with a weight, by its key: its kind of source and its share (0–1); the shares add up to 1."""
    rows = list(criteria_of(edition))
    areas = {row.area.pk: row.weight for row in rows if row.area}
    themes = {row.theme.pk: (row.theme.area_id, row.weight) for row in rows if row.theme}
    of_theme: dict[int, float] = defaultdict(float)
    of_area: dict[int, float] = defaultdict(float)
    for area, weight in themes.values():
        of_area[area] += weight
    indicators = [(row.indicator, row.weight) for row in rows if row.indicator and row.indicator.theme_id in themes]
    for one, weight in indicators:
        of_theme[one.theme_id or 0] += weight
    found = {}
    for one, weight in indicators:
        area, theme = themes[one.theme_id or 0]
        if weight and area in areas:
            above = areas[area] / sum(areas.values()) * theme / of_area[area]
            found[one.pk] = (one.source_kind, above * weight / of_theme[one.theme_id or 0])
    return found
