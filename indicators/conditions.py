"""Under which conditions a municipality works, and who works under the same: never judged by outcome."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from indicators.models import ContextFigure

POPULATION, INCOME, OLD, YOUNG = "k-indbyggere", "k-indkomst", "k-aeldre", "k-boern"
Known = dict[int, dict[str, tuple[float, int]]]  # by municipality and condition: the newest value and its year
ALIKE = (1.0, 1.0, 1.0, 1.0, 1.0)  # what the five conditions weigh, unless a reader weighs them
OTHER_GROUP = 1.0  # a municipality of another kommunegruppe stands one standard deviation further away


class Conditioned(Protocol):
    """What conditions are known by: a Municipality, or a light row of the same fields.

    Any, because the types of a model's fields are known only after some of the modules have been checked.
    """

    @property
    def pk(self) -> Any:
        """Its primary key."""

    @property
    def kommunegruppe(self) -> Any:
        """Its group."""

    @property
    def area_km2(self) -> Any:
        """Its size."""


Row = TypeVar("Row", bound=Conditioned)


def people_of(known: Mapping[str, tuple[float, int]]) -> dict[str, float]:
    """How many live in a municipality, by the bases that the catalogue counts: all, 0–17, 18 and over."""
    if POPULATION not in known:
        return {}
    everyone = known[POPULATION][0]
    if YOUNG not in known:
        return {"alle": everyone}
    young = everyone * known[YOUNG][0] / 100
    return {"alle": everyone, "0-17": young, "18+": everyone - young}


def per_person(unit: str) -> float | None:
    """How many of the base a unit counts on: 100 for per cent, 1 000 for "pr. 1.000 …"; None for what counts nobody."""
    if unit == "%":
        return 100.0
    return 1000.0 if unit.startswith("pr. 1.000 ") else None


def table_of(everyone: Sequence[Conditioned], known: Known, codes: Sequence[str]) -> NDArray[np.float64]:
    """Municipalities × context figures, the population on a logarithm; NaN where one is not known."""
    rows = [[known.get(one.pk, {}).get(code, (np.nan, 0))[0] for code in codes] for one in everyone]
    table = np.array(rows, dtype=float).reshape(len(everyone), len(codes))
    for column, code in enumerate(codes):
        if code == POPULATION:
            table[:, column] = np.log(table[:, column])
    return table


def known_conditions(year: int) -> Known:
    """Per municipality (primary key) each context figure's newest value up to a year, and its year."""
    rows = ContextFigure.objects.filter(year__lte=year).order_by("year")
    known: Known = {}
    for municipality, code, value, of_year in rows.values_list("municipality_id", "code", "value", "year"):
        known.setdefault(municipality, {})[code] = (value, of_year)
    return known


class Conditions(Generic[Row]):
    """Municipalities under their conditions, made comparable once, to find the nearest of any of them.

    The distance is the root mean square of the differences in population (log), inhabitants per km² (log),
    income, share of old and share of young, each divided by its standard deviation over all
    municipalities, plus one where the kommunegruppe is another. A condition that either lacks is left out.
    """

    def __init__(self, everyone: Sequence[Row], known: Known) -> None:
        self._everyone = everyone
        self._line = {row.pk: line for line, row in enumerate(everyone)}
        self._table = _standardised(everyone, known)
        self._there = ~np.isnan(self._table)
        self._groups = np.array([row.kommunegruppe for row in everyone])

    def nearest(
        self, municipality: Conditioned, how_many: int = 6, weights: Sequence[float] = ALIKE, group: float = 1.0
    ) -> list[Row]:
        """The municipalities nearest by structural conditions, nearest first."""
        return [one for one, _distance in self.with_distances(municipality, how_many, weights, group)]

    def with_distances(
        self, municipality: Conditioned, how_many: int = 6, weights: Sequence[float] = ALIKE, group: float = 1.0
    ) -> list[tuple[Row, float]]:
        """The same with how far away each is, in standard deviations: 0 has the same conditions.

        ``weights`` are of the conditions in the order above, ``group`` of another kommunegruppe: a reader's own choice
        where they are not all one. Empty where no condition has any weight.
        """
        own = self._line[municipality.pk]
        squares = np.array(weights) * (self._table - self._table[own]) ** 2
        counted = (self._there & self._there[own]) @ np.array(weights)
        apart = np.sqrt(np.where(np.isnan(squares), 0.0, squares).sum(axis=1) / np.where(counted > 0, counted, 1.0))
        others = OTHER_GROUP * group * (self._groups != municipality.kommunegruppe)
        distance = np.where(counted == 0, np.inf, apart + others)
        distance[own] = np.inf
        order = np.argsort(distance, kind="stable")[:how_many]
        return [(self._everyone[line], float(distance[line])) for line in order if np.isfinite(distance[line])]


def nearest(municipality: Conditioned, everyone: Sequence[Row], known: Known, how_many: int = 6) -> list[Row]:
    """The nearest of one municipality; for those of many, keep the ``Conditions``."""
    return Conditions(everyone, known).nearest(municipality, how_many)


def _standardised(everyone: Sequence[Conditioned], conditions: Known) -> NDArray[np.float64]:
    def column(code: str) -> NDArray[np.float64]:
        nothing = (np.nan, 0)
        return np.array([conditions.get(m.pk, {}).get(code, nothing)[0] for m in everyone])

    population = column(POPULATION)
    area = np.array([m.area_km2 for m in everyone])
    columns = [np.log(population), np.log(population / area), column(INCOME), column(OLD), column(YOUNG)]
    nothing = np.full(len(everyone), np.nan)  # a condition that tells nobody apart
    return np.column_stack(
        [
            (one - np.nanmean(one)) / np.nanstd(one) if np.isfinite(one).sum() > 1 and np.nanstd(one) > 0 else nothing
            for one in columns
        ]
    )
