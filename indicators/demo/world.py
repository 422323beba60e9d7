"""Which files the demo needs, made from the catalogue in the database."""

from collections.abc import Sequence
from pathlib import Path

from django.contrib.auth.models import User

from indicators.declared import rows_of
from indicators.models import Indicator, Measurement, Municipality
from indicators.services.catalogue import DATA
from indicators.sources.recipes import Recipe, recipes_of_the_catalogue
from indicators.upload.cells import Missing

from .figures import FIRST_EDITION, DemoIndicator, DemoMunicipality, DemoYear, conditions, invent
from .files import NOTE, DemoRow, write_csv, write_year
from .publisher import InventedTable
from .registers import Registers, Wanted
from .waves import run_waves

EDITIONS = (FIRST_EDITION, 2023, 2024, 2025, 2026)
CORRECTED = ("b-omgoerelse", 2025)  # the indicator and edition whose figures the demo corrects afterwards
POPULATION = "k-indbyggere"
POPULATION_YEAR = 2023


def municipalities() -> list[DemoMunicipality]:
    """The municipalities of the database, with the population they are shipped with."""
    population = {row["code"]: int(row["population_2023"]) for row in rows_of(DATA / "municipalities.csv")}
    return [
        DemoMunicipality(m.code, m.name, m.kommunegruppe, m.landsdel, population.get(m.code, 40_000))
        for m in Municipality.objects.order_by("code")
    ]


def indicators() -> list[DemoIndicator]:
    """The indicators of the index, with the plausible ranges of the catalogue."""
    return [
        DemoIndicator(
            code=i.code,
            area=i.theme.area.code if i.theme else "",
            direction=i.direction,
            source_kind=i.source_kind,
            unit=i.unit,
            source_table=i.source_table,
            low=i.plausible_min or 0.0,
            high=i.plausible_max or 1.0,
            median=i.typical_median or 0.5,
            decimals=i.decimals,
            every_years=i.every_years,
        )
        for i in Indicator.objects.of_the_index().in_catalogue_order().select_related("theme__area")
    ]


def write_files(
    folder: Path, editions: Sequence[int] = EDITIONS, seed: int = 2014, *, but_fetched: bool = False
) -> dict[int, list[Path]]:
    """Write all demo files but those of surveys below ``folder``; return the paths by edition, 0 for the conditions.

    With ``but_fetched`` the newest edition's files lack what is fetched from the stand-in.
    """
    who, what = municipalities(), indicators()
    years = invent(who, what, editions, seed)
    fetched = {recipe.indicator for recipe in fetched_recipes()} if but_fetched else set()
    paths = {}
    for year in years:
        left_out = fetched if year.edition == max(editions) else set()
        paths[year.edition] = write_year(folder, year, who, what, left_out)
    paths[0] = write_conditions(folder, who, seed)
    return paths


def fetched_recipes() -> list[Recipe]:
    """The recipes that the demo fetches by: those of the index that do not wait for anything."""
    index = set(Indicator.objects.of_the_index().values_list("code", flat=True))
    return [r for r in recipes_of_the_catalogue().recipes.values() if r.indicator in index and not r.waits_for]


def stand_in_tables(editions: Sequence[int] = EDITIONS, seed: int = 2014) -> list[InventedTable]:
    """The tables that the stand-in publishes: those behind the newest edition's invented figures."""
    who, what = municipalities(), indicators()
    newest = max(invent(who, what, editions, seed), key=lambda year: year.edition)
    registers = Registers({m.code: m.population for m in who})
    column_of = {indicator.code: column for column, indicator in enumerate(what)}
    registers.fill_all([_wanted(recipe, column_of[recipe.indicator], newest, who) for recipe in fetched_recipes()])
    return registers.tables({m.code: m.name for m in who}, updated=f"{newest.edition}-08-03T08:00:00")


_SYMBOLS = {Missing.SUPPRESSED: "x", Missing.NOT_APPLICABLE: ".", Missing.NOT_AVAILABLE: ".."}


def _wanted(recipe: Recipe, column: int, year: DemoYear, who: Sequence[DemoMunicipality]) -> Wanted:
    cells: dict[str, float | str] = {}
    for line, municipality in enumerate(who):
        missing = year.missing[line, column]
        value = float(year.values[line, column])
        cells[municipality.code] = _SYMBOLS.get(Missing(missing), "..") if missing else value
    return Wanted(recipe, year.data_years[column], cells)


def write_survey_files(
    folder: Path, *, by: User, editions: Sequence[int] = EDITIONS, seed: int = 2014
) -> dict[int, list[Path]]:
    """Run the waves of all editions and write what they gave; return the paths by edition.

    The population must be known: rates are counted by it.
    """
    who, what = municipalities(), indicators()
    return {year.edition: run_waves(folder, year, who, what, by) for year in invent(who, what, editions, seed)}


def write_conditions(folder: Path, who: Sequence[DemoMunicipality], seed: int) -> list[Path]:
    """Population is a fact (Danmarks Statistik, 1 January 2023); income and age are invented."""
    facts: list[DemoRow] = [
        (m.code, m.name, POPULATION, POPULATION_YEAR, float(m.population), "", "Danmarks Statistik, FOLK1A")
        for m in who
    ]
    invented: list[DemoRow] = [
        (m.code, m.name, code, POPULATION_YEAR, float(value), "", NOTE)
        for code, values in conditions(who, seed).items()
        for m, value in zip(who, values, strict=True)
    ]
    write_csv(folder / "indbyggere-2023.csv", facts)
    write_csv(folder / "demo-baggrundstal.csv", invented)
    return [folder / "indbyggere-2023.csv", folder / "demo-baggrundstal.csv"]


def write_correction_file(folder: Path) -> Path:
    """A later file that corrects one indicator in one edition: three municipalities had counted wrongly."""
    code, edition = CORRECTED
    measured = Measurement.objects.current().filter(indicator__code=code, year=edition - 1, value__gt=0)
    rows: list[DemoRow] = [
        (m.municipality.code, m.municipality.name, code, m.year, round((m.value or 0.0) * 0.6, 1), "", NOTE)
        for m in measured.select_related("municipality").order_by("-value", "municipality__code")[:3]
    ]
    path = folder / f"demo-{edition}-rettelse-{code}.csv"
    write_csv(path, rows)
    return path
