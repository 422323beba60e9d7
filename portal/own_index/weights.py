"""The weights of dit eget indeks: what an address says of them, and the fields to set them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.published.edition import Shown
from portal.published.subjects import localised
from rankings.loading import area_node, theme_node
from rankings.models import Criterion

LARGEST = 10.0


@dataclass(frozen=True, slots=True)
class WeightField:
    """A weight to set: its name in the address, its label, what it is now."""

    name: str
    label: str
    value: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ThemeWeights:
    """A theme's weight and those of its indicators."""

    weight: WeightField
    indicators: tuple[WeightField, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class AreaWeights:
    """An area's weight and its themes."""

    code: str
    weight: WeightField
    themes: tuple[ThemeWeights, ...]

    @property
    def open(self) -> bool:
        """Whether one of its themes is to be seen at once, because something in it is changed."""
        return any(theme.open for theme in self.themes)


class Weights:
    """What differs from the declared weights, as an address says it: ``o-handicap=2&t-…=0&i-b-neet=3``."""

    def __init__(self, query: QueryDict, declared: Mapping[str, tuple[str, float]]) -> None:
        self.declared = declared
        self.changed: dict[str, float] = {}
        self.error = ""
        for name, (_node, weight) in declared.items():
            text = query.get(name, "").strip().replace(",", ".")
            if text:
                self._set(name, text, weight)

    def _set(self, name: str, text: str, declared: float) -> None:
        try:
            weight = float(text)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= LARGEST:
            self.error = _("En vægt er et tal fra 0 til 10; »%(text)s« er sat tilbage.") % {"text": text[:20]}
        elif weight != declared:
            self.changed[name] = weight

    def for_engine(self) -> dict[str, float]:
        """The changed weights by the engine's node names."""
        return {self.declared[name][0]: weight for name, weight in self.changed.items()}

    def as_query(self, chosen: str = "") -> str:
        """The address's state: only what differs."""
        query = QueryDict(mutable=True)
        for name, weight in self.changed.items():
            query[name] = f"{weight:g}"
        if chosen:
            query["kommune"] = chosen
        return query.urlencode()


def weights_of(shown: Shown, query: QueryDict) -> tuple[Weights, list[Criterion]]:
    """Read the weights an address asks for, and the edition's criteria in the order of the catalogue."""
    criteria = list(
        Criterion.objects.of(shown.edition)
        .select_related("area", "theme__area", "indicator__theme__area")
        .order_by("area__position", "theme__position", "indicator__position")
    )
    return Weights(query, {name: pair for name, pair in map(_declared, criteria) if name}), criteria


def _declared(criterion: Criterion) -> tuple[str, tuple[str, float]]:
    if criterion.area:
        return f"o-{criterion.area.slug}", (area_node(criterion.area), criterion.weight)
    if criterion.theme:
        return f"t-{criterion.theme.code}", (theme_node(criterion.theme), criterion.weight)
    indicator = criterion.indicator
    if indicator is None or not criterion.weight:
        return "", ("", 0.0)
    return f"i-{indicator.code}", (indicator.code, criterion.weight)


def weight_areas(criteria: list[Criterion], weights: Weights) -> tuple[AreaWeights, ...]:
    """The fields by area and theme, in the order of the catalogue."""
    themes: dict[int, list[ThemeWeights]] = {}
    indicators: dict[int, list[WeightField]] = {}
    for row in criteria:
        if row.indicator and row.indicator.theme_id and row.weight:
            indicators.setdefault(row.indicator.theme_id, []).append(
                _field(row, weights, localised(row.indicator, "name"))
            )
    for row in criteria:
        if row.theme:
            own = tuple(indicators.get(row.theme.pk, ()))
            weight = _field(row, weights, localised(row.theme, "name"))
            opened = any(one.changed for one in own)
            themes.setdefault(row.theme.area_id, []).append(ThemeWeights(weight, own, opened))
    return tuple(
        AreaWeights(row.area.code, _field(row, weights, localised(row.area, "name")), tuple(themes[row.area.pk]))
        for row in criteria
        if row.area
    )


def _field(criterion: Criterion, weights: Weights, label: str) -> WeightField:
    name, (_node, declared) = _declared(criterion)
    weight = weights.changed.get(name, declared)
    return WeightField(name, label, f"{weight:g}", name in weights.changed)
