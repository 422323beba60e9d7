"""Municipalities: who there is, and which a ranking is asked for. What one can choose stands in the address."""

from collections import Counter
from collections.abc import Callable, Sequence

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import ContextFigure, Municipality
from portal.published.rows import light
from portal.serving.release import shared_by_its_pages, shared_in_release

POPULATION = "k-indbyggere"
OF_POPULATION = ("indbyggere_fra", "indbyggere_til")
NAMES = ("region", "landsdel", "gruppe", "indbyggere_fra", "indbyggere_til", "kommune")


class MunicipalityFilter(django_filters.FilterSet):
    """Which municipalities are asked for. The names are those in the address, the choices those of ``everyone``."""

    region = django_filters.ChoiceFilter(
        field_name="region__code", label=gettext_lazy("Region"), empty_label=gettext_lazy("Alle")
    )
    landsdel = django_filters.ChoiceFilter(label=gettext_lazy("Landsdel"), empty_label=gettext_lazy("Alle"))
    gruppe = django_filters.ChoiceFilter(
        field_name="kommunegruppe", label=gettext_lazy("Kommunegruppe"), empty_label=gettext_lazy("Alle")
    )
    indbyggere_fra = django_filters.NumberFilter(
        field_name="population", lookup_expr="gte", min_value=0, max_value=10_000_000,
        label=gettext_lazy("Indbyggere fra"),
    )  # fmt: skip
    indbyggere_til = django_filters.NumberFilter(
        field_name="population", lookup_expr="lte", min_value=0, max_value=10_000_000, label=gettext_lazy("til")
    )
    kommune = django_filters.MultipleChoiceFilter(field_name="slug", label=gettext_lazy("Kommuner"))

    class Meta:
        model = Municipality
        fields: tuple[str, ...] = ()

    def __init__(self, query: QueryDict, queryset: QuerySet[Municipality], everyone: Sequence[Municipality]) -> None:
        super().__init__(query, queryset=queryset)
        for name, choices in choices_of(everyone).items():
            self.filters[name].extra["choices"] = choices


def choices_of(everyone: Sequence[Municipality]) -> dict[str, list[tuple[str, str]]]:
    """Between what one can choose in each field: value and text."""
    return {
        "region": sorted({(one.region.code, _(one.region.name)) for one in everyone}, key=lambda pair: pair[1]),
        "landsdel": [(name, _(name)) for name in sorted({one.landsdel for one in everyone})],
        "gruppe": [(name, _(name)) for name in sorted({one.kommunegruppe for one in everyone})],
        "kommune": [(one.slug, one.name) for one in everyone],
    }


_VALUES: dict[str, Callable[[Municipality], str]] = {
    "region": lambda one: one.region.code,
    "landsdel": lambda one: one.landsdel,
    "gruppe": lambda one: one.kommunegruppe,
}


def left_by(query: QueryDict, everyone: Sequence[Municipality]) -> dict[str, Counter[str]]:
    """How many municipalities each choice of a field would leave, all other fields as they are asked for."""
    picked, (low, high) = set(query.getlist("kommune")), (_number(query.get(name)) for name in OF_POPULATION)
    rest = [one for one in everyone if (not picked or one.slug in picked) and _is_between(one, low, high)]
    found = {}
    for name, value in _VALUES.items():
        others = [(is_of, query[other]) for other, is_of in _VALUES.items() if other != name and query.get(other)]
        found[name] = Counter(value(one) for one in rest if all(is_of(one) == wanted for is_of, wanted in others))
    return found


def _is_between(one: Municipality, low: float | None, high: float | None) -> bool:
    people = getattr(one, "population", None)
    if people is None:
        return low is None and high is None
    return (low is None or people >= low) and (high is None or people <= high)


def _number(text: object) -> float | None:
    return float(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None


def with_population(rows: QuerySet[Municipality], year: int) -> QuerySet[Municipality]:
    """Annotate each municipality with its newest known population up to a year (None if unknown)."""
    known = ContextFigure.objects.filter(municipality=OuterRef("pk"), code=POPULATION, year__lte=year)
    newest = known.order_by("-year")
    return rows.annotate(population=Subquery(newest.values("value")[:1]))


def municipalities_asked_for(
    query: QueryDict, everyone: Sequence[Municipality], year: int
) -> tuple[set[int], tuple[str, ...]]:
    """The primary keys of those asked for, and what in the question made no sense (it is left out of account)."""
    all_of_them = {one.pk for one in everyone}
    if not any(query.get(name) for name in NAMES):
        return all_of_them, ()
    if any(query.get(name) for name in OF_POPULATION) and not knows_populations(everyone):
        return all_of_them, (_("Udgaven kender ikke kommunernes indbyggertal og kan ikke afgrænses efter dem."),)
    form = MunicipalityFilter(query, with_population(Municipality.objects.all(), year), everyone)
    if form.is_valid():
        return set(form.qs.values_list("pk", flat=True)), ()
    found = ((name, error) for name, errors in form.errors.items() for error in errors)
    return all_of_them, tuple(f"{name}: {error}" for name, error in found)


def knows_populations(everyone: Sequence[Municipality]) -> bool:
    """Whether populations are known for the year of an edition: before the first, nobody can be chosen by them."""
    return any(getattr(one, "population", None) is not None for one in everyone)


@shared_in_release
def everyone_in_order() -> tuple[Municipality, ...]:
    """Everyone in Danish order, with their region; nobody may change them."""
    return tuple(light(Municipality.objects.in_danish_order(), "region"))


def municipalities() -> QuerySet[Municipality]:
    """Everyone in Danish order, with their region."""
    return Municipality.objects.select_related("region").in_danish_order()


def municipality_called(slug: str) -> Municipality | None:
    """A municipality by its name in addresses; None where there is no such."""
    return Municipality.objects.filter(slug=slug).first()


@shared_by_its_pages
def municipality_or_404(slug: str) -> Municipality:
    """A municipality by its name in addresses, with its region."""
    return get_object_or_404(Municipality.objects.select_related("region"), slug=slug)


def municipality_named(name: str) -> Municipality | None:
    """A municipality by its name in addresses or its code."""
    return Municipality.objects.select_related("region").filter(Q(slug=name) | Q(code=name)).first()


def municipality_spelt(name: str) -> Municipality | None:
    """A municipality by its whole name, however it is capitalised."""
    return Municipality.objects.select_related("region").filter(name__iexact=name).first()
