"""One question gives table, map, chart, CSV and API: they cannot disagree."""

from dataclasses import dataclass, field

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from indicators.danish import sort_key
from indicators.models import Measurement, Municipality, Region
from portal.shown import Shown
from portal.subjects import Subject
from rankings.models import Placement, Spread

POPULATION = "k-indbyggere"


class MunicipalityFilter(django_filters.FilterSet):
    """Which municipalities are asked for. The names are those in the address."""

    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.order_by("name"), to_field_name="code", label=_("Region"), empty_label=_("Alle")
    )
    landsdel = django_filters.AllValuesFilter(label=_("Landsdel"), empty_label=_("Alle"))
    gruppe = django_filters.AllValuesFilter(field_name="kommunegruppe", label=_("Kommunegruppe"), empty_label=_("Alle"))
    indbyggere_fra = django_filters.NumberFilter(
        field_name="population", lookup_expr="gte", min_value=0, max_value=10_000_000, label=_("Indbyggere fra")
    )
    indbyggere_til = django_filters.NumberFilter(
        field_name="population", lookup_expr="lte", min_value=0, max_value=10_000_000, label=_("til")
    )
    kommune = django_filters.ModelMultipleChoiceFilter(
        queryset=Municipality.objects.in_danish_order(), to_field_name="slug", label=_("Kommuner")
    )

    class Meta:
        model = Municipality
        fields: tuple[str, ...] = ()


def with_population(municipalities: QuerySet[Municipality], year: int) -> QuerySet[Municipality]:
    """Annotate each municipality with its newest known population up to a year (None if unknown)."""
    newest = (
        Measurement.objects.current()
        .filter(municipality=OuterRef("pk"), indicator__code=POPULATION, value__isnull=False, year__lte=year)
        .order_by("-year")
    )
    return municipalities.annotate(population=Subquery(newest.values("value")[:1]))


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality's row: its placement, those one step down, and the one before."""

    municipality: Municipality
    placement: Placement
    children: dict[str, Placement]
    previous: Placement | None

    @property
    def change(self) -> int | None:
        """Places up (positive) or down since the edition before; None where either has no rank."""
        if self.previous is None or self.previous.rank is None or self.placement.rank is None:
            return None
        return self.previous.rank - self.placement.rank


@dataclass(frozen=True)
class Answer:
    """The rows that were asked for, in the order asked for, and what they are compared with."""

    shown: Shown
    subject: Subject
    columns: tuple[Subject, ...]
    lines: tuple[Line, ...]
    spreads: dict[str, Spread]
    total: int
    sort: str
    descending: bool
    form: django_filters.FilterSet = field(repr=False)

    @property
    def is_filtered(self) -> bool:
        """Whether some municipalities were left out."""
        return len(self.lines) < self.total


def ask(shown: Shown, subject: Subject, query: QueryDict, *, children: bool = True) -> Answer:
    """Answer a ranking question in at most six queries.

    ``query`` is the address's own: the filters of MunicipalityFilter, ``sorter`` (a column: "nr",
    "kommune", "score", "aendring", "indbyggere" or a child's code) and ``retning`` ("ned").
    A filter value that makes no sense is ignored and the form says so.
    """
    columns = tuple(subject.children(shown.edition)) if children else ()
    everyone = with_population(Municipality.objects.select_related("region"), shown.edition.year)
    form = MunicipalityFilter(query, queryset=everyone)
    chosen = {m.pk: m for m in (form.qs if form.is_valid() else everyone)}
    placements = _placements(shown, subject, columns)
    own = [p for p in placements if _key(p) == subject.code and p.edition_id == shown.edition.pk]
    before = {p.municipality_id: p for p in placements if p.edition_id != shown.edition.pk}
    below: dict[int, dict[str, Placement]] = {}
    for placement in placements:
        if placement.edition_id == shown.edition.pk and _key(placement) != subject.code:
            below.setdefault(placement.municipality_id, {})[_key(placement)] = placement
    lines = [
        Line(chosen[p.municipality_id], p, below.get(p.municipality_id, {}), before.get(p.municipality_id))
        for p in own
        if p.municipality_id in chosen
    ]
    sort, descending = _sorting(query, columns)
    ordered = tuple(_in_order(lines, sort, descending=descending))
    spreads = _spreads(shown, subject, columns)
    return Answer(shown, subject, columns, ordered, spreads, len(own), sort, descending, form)


def _key(row: Placement | Spread) -> str:
    if row.area_id and row.area:
        return row.area.slug
    if row.theme_id and row.theme:
        return row.theme.code
    return row.indicator.code if row.indicator_id and row.indicator else "samlet"


def _of_subjects(subjects: tuple[Subject, ...]) -> Q:
    condition = Q()
    for one in subjects:
        condition |= one.where
    return condition


def _placements(shown: Shown, subject: Subject, columns: tuple[Subject, ...]) -> list[Placement]:
    condition = Q(edition=shown.edition) & _of_subjects((subject, *columns))
    if shown.previous:
        condition |= Q(edition=shown.previous) & subject.where
    return list(Placement.objects.filter(condition).select_related("area", "theme", "indicator"))


def _spreads(shown: Shown, subject: Subject, columns: tuple[Subject, ...]) -> dict[str, Spread]:
    rows = Spread.objects.filter(_of_subjects((subject, *columns)), edition=shown.edition)
    return {_key(row): row for row in rows.select_related("area", "theme", "indicator")}


def _sorting(query: QueryDict, columns: tuple[Subject, ...]) -> tuple[str, bool]:
    known = {"nr", "kommune", "score", "aendring", "indbyggere", *(column.code for column in columns)}
    sort = query.get("sorter", "nr")
    return (sort if sort in known else "nr"), query.get("retning") == "ned"


def _in_order(lines: list[Line], sort: str, *, descending: bool) -> list[Line]:
    """Sort by any column; equal ones in Danish order of names; those without the figure always last."""
    by_name = sorted(lines, key=lambda line: sort_key(line.municipality.name))
    if sort == "kommune":
        return by_name[::-1] if descending else by_name
    figures = [(_figure(line, sort), line) for line in by_name]
    present = [(figure, line) for figure, line in figures if figure is not None]
    absent = [line for figure, line in figures if figure is None]
    present.sort(key=lambda pair: -pair[0] if descending else pair[0])
    return [line for _figure_, line in present] + absent


def _figure(line: Line, sort: str) -> float | None:
    match sort:
        case "nr":
            return line.placement.rank
        case "score":
            return line.placement.printed
        case "aendring":
            return line.change
        case "indbyggere":
            return getattr(line.municipality, "population", None)
    child = line.children.get(sort)
    return child.rank if child else None
