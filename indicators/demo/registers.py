"""Invented tables behind invented figures: what the registers would hold if the demo's figures were true.

Every recipe is run backwards. From an indicator's figure and an invented number of people come the counts that give it;
counts are whole, so the figure that is fetched may differ from the invented one in its last digit, most where few live.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from indicators.sources.publishers import Variable
from indicators.sources.recipes import Filter, Part, Recipe

from .publisher import Cell, InventedTable

FOOTNOTE = "Opdigtet tabel til demodata. Tallene er ikke Danmarks Statistiks."
PLACE_CODES = {
    "UND1": "ADMKOM", "UND2": "ADMKOM", "ANBAAR12": "ADMKOM", "ANBAAR13": "ADMKOM", "ISBU02": "KOMMUNEDK",
    "HANDBU01": "KOMMUNEDK", "LABY07": "KOMGRP", "LABY10": "KOMGRP", "LABY16": "KOMGRP", "IFOR41": "KOMMUNEDK",
    "KY035": "BOPOMR",
}  # fmt: skip
"""What the variable of the municipalities is called, where it is not OMRÅDE."""
PLACES_AMONG = {"000": "Hele landet", "084": "Region Hovedstaden", "411": "Christiansø", "997": "Uoplyst kommune"}
"""What stands beside the municipalities in the same column."""
ENDINGS = ("I alt", "Uoplyst")


class Wanted(NamedTuple):
    """What an indicator is to be in each municipality: a figure, or the symbol that stands for a missing one."""

    recipe: Recipe
    year: int
    cells: Mapping[str, float | str]


Key = tuple[tuple[str, ...], str, str]
"""A cell: the codes of the part's filters, the period, the municipality."""


class Registers:
    """The cells of all tables, filled recipe by recipe."""

    def __init__(self, population: Mapping[str, int]) -> None:
        self.population = population
        self._cells: dict[str, dict[Key, Cell]] = defaultdict(dict)
        self._filters: dict[str, dict[int, Filter]] = defaultdict(dict)
        self._codes: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        self._periods: dict[str, set[str]] = defaultdict(set)

    def fill_all(self, wanted: Sequence[Wanted]) -> None:
        """Put in what makes each recipe give what is wanted; the narrow ones first, since wide ones contain them."""
        for each in sorted(wanted, key=lambda each: sum(_width(part) for part in each.recipe.parts)):
            self.fill(each)

    def fill(self, wanted: Wanted) -> None:
        """Put in what makes one recipe give what is wanted."""
        recipe = wanted.recipe
        for part in recipe.parts:
            self._note(part, recipe.period_of(part, wanted.year))
        for municipality, cell in wanted.cells.items():
            if isinstance(cell, str):
                for key in self._keys(recipe.numerator, recipe, wanted.year, municipality):
                    self._cells[recipe.numerator.table].setdefault(key, cell)
            elif recipe.denominator is None:
                self._spread(recipe, wanted.year, municipality, cell / recipe.factor, decimals=2)
            else:
                self._fraction(recipe, recipe.denominator, wanted.year, municipality, cell)

    def tables(self, municipalities: Mapping[str, str], *, updated: str) -> list[InventedTable]:
        """The tables with everything that was put in."""
        return [self._table(code, municipalities, updated) for code in self._periods]

    def _fraction(self, recipe: Recipe, below: Part, year: int, municipality: str, value: float) -> None:
        """A whole number of people above the line and one below it that give the value."""
        over, under = recipe.numerator, self._cells[below.table]
        below_keys = list(self._keys(below, recipe, year, municipality))
        above_keys = set(self._keys(over, recipe, year, municipality))
        inside = below.table == over.table and above_keys < set(below_keys)
        rest = [key for key in below_keys if key not in above_keys]
        numerator = self._cells[over.table]
        if value and all(key in numerator for key in above_keys) and not any(key in under for key in below_keys):
            above = sum(_number(numerator[key]) for key in above_keys)
            under[below_keys[0]] = round(above * recipe.factor / value, 2)
            under.update(dict.fromkeys(below_keys[1:], 0))
        elif not inside:
            people = self._people(recipe, below, municipality)
            for number, key in enumerate(below_keys):
                under.setdefault(key, people // len(below_keys) + (number < people % len(below_keys)))
            whole = sum(_number(under[key]) for key in below_keys)
            self._spread(recipe, year, municipality, value * whole / recipe.factor, decimals=_decimals(below))
        elif any(key in under for key in rest):
            share = min(value / recipe.factor, 0.999)
            others = sum(_number(under.setdefault(key, 0)) for key in rest)
            self._spread(recipe, year, municipality, others * share / (1 - share))
        else:
            people = self._people(recipe, below, municipality)
            self._spread(recipe, year, municipality, people * value / recipe.factor)
            above = sum(_number(under[key]) for key in above_keys)
            for number, key in enumerate(rest):
                under[key] = (people - above) if number == 0 else 0

    def _spread(self, recipe: Recipe, year: int, municipality: str, whole: float, *, decimals: int = 0) -> None:
        """Lay a sum out over the numerator's cells: what is there already stays, the first open one takes the rest."""
        cells = self._cells[recipe.numerator.table]
        keys = list(self._keys(recipe.numerator, recipe, year, municipality))
        left = whole - sum(_number(cells[key]) for key in keys if key in cells)
        for number, key in enumerate(key for key in keys if key not in cells):
            part = round(max(left, 0.0), decimals) if number == 0 else 0
            cells[key] = int(part) if decimals == 0 else part

    def _people(self, recipe: Recipe, below: Part, municipality: str) -> int:
        """An invented number of people: a share of the inhabitants that fits the kind of denominator."""
        inhabitants = self.population[municipality]
        if below.table == "FOLK1A":
            ages = next((each for each in below.filters if each.first is not None), None)
            span = (ages.last or 0) - (ages.first or 0) + 1 if ages else 90
            return max(inhabitants * span // 90, span)
        return max(inhabitants // (50 if recipe.indicator.startswith("b-") else 100), 12)

    def _note(self, part: Part, period: str) -> None:
        self._periods[part.table].add(period)
        for place, each in enumerate(part.filters):
            self._filters[part.table].setdefault(place, each)
            for code in _codes(each):
                words = each.words[0] if each.words else ""
                self._codes[part.table][place].setdefault(code, f"{words.capitalize()} ({code})" if words else code)

    def _keys(self, part: Part, recipe: Recipe, year: int, municipality: str) -> Iterator[Key]:
        period = recipe.period_of(part, year)
        combinations: list[tuple[str, ...]] = [()]
        for each in part.filters:
            combinations = [(*before, code) for before in combinations for code in _codes(each)]
        return ((codes, period, municipality) for codes in combinations)

    def _table(self, code: str, municipalities: Mapping[str, str], updated: str) -> InventedTable:
        cells, filters = self._cells[code], self._filters[code]
        place = Variable(PLACE_CODES.get(code, "OMRÅDE"), "område", {**PLACES_AMONG, **municipalities}, eliminable=True)
        time = Variable("TID", "tid", {period: period for period in sorted(self._periods[code])}, is_time=True)
        asked = tuple(
            Variable(each.variable[0] if each.variable else f"V{number}", each.variable[-1], self._codes[code][number])
            for number, each in filters.items()
        )
        sex = Variable("KØN", "køn", {"TOT": "I alt", "1": "Mænd", "2": "Kvinder"}, eliminable=True)

        def cell(chosen: Mapping[str, str]) -> Cell:
            codes = tuple(chosen[variable.code] for variable in asked)
            return cells.get((codes, chosen[time.code], chosen.get(place.code, "000")))

        return InventedTable(
            code, f"{code} (opdigtet)", (place, *asked, sex, time), cell, updated=updated, footnote=FOOTNOTE
        )


def _codes(each: Filter) -> Sequence[str]:
    if each.first is not None:
        return [str(number) for number in range(each.first, (each.last or 110) + 1)]
    return each.codes or ("1",)


def _width(part: Part) -> int:
    return sum(len(_codes(each)) for each in part.filters)


def _decimals(below: Part) -> int:
    return 2 if below.table == "BU43" else 0


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
