"""Invented figures for every indicator, municipality and year, deterministic from a seed.

They are correlated as social figures are: with the kommunegruppe, the landsdel, the area of the index,
the conditions of the municipality and the year before. They have ties, gaps of every kind, and the
traps that real series have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.upload.cells import Missing

Floats = NDArray[np.float64]

FIRST_EDITION = 2022
NEW_IN_2025 = "h-udredning-vum"
BREAKS_IN_2024 = "b-tidligt-forebyg"
BREAK_FACTOR = 1.6
GROWS_APART, WIDER_EACH_YEAR = "b-underrettede-andel", 1.15
"""An indicator whose differences grow beyond chance, which the portal must find. It counts nowhere, so nobody moves."""
FORETOLD, FORETOLD_BY = "b-ungdomsudd-25", "k-indkomst"
"""An indicator that follows a condition, as those of education do. Every year Nordfyns lies better than it foretells,
Tårnby worse, and Halsnæs so little that chance may have done it."""
BESIDE_THE_CONDITION = {"480": 2.4, "185": -2.4, "260": 1.4}
INVENTED_CONDITIONS = {
    "k-indkomst": (245_000, 38_000, 0),
    "k-aeldre": (21.5, 4.0, 1),
    "k-boern": (19.5, 2.0, 1),
}
SMALL = 4_000  # inhabitants under which survey and appeals figures are too few to show
REPORTED_BY_ISHOEJ = "187"  # Vallensbæk: Ishøj reports for it in the HAND tables, which so cover 97 municipalities
HAND_TABLES = ("HAND06", "HAND07")
HARD_CONDITIONS = {
    "Hovedstadskommuner": 0.08,
    "Storbykommuner": -0.05,
    "Provinsbykommuner": -0.08,
    "Oplandskommuner": 0.06,
    "Landkommuner": -0.06,
}


@dataclass(frozen=True, slots=True)
class DemoMunicipality:
    """What the invention needs to know of a municipality."""

    code: str
    name: str
    kommunegruppe: str
    landsdel: str
    population: int


@dataclass(frozen=True, slots=True)
class DemoIndicator:
    """What the invention needs to know of an indicator."""

    code: str
    area: str
    direction: str
    source_kind: str
    unit: str
    source_table: str
    low: float
    high: float
    median: float
    decimals: int
    every_years: int


@dataclass(frozen=True, slots=True)
class DemoYear:
    """The figures of one year of the index: values and kinds of missing, municipalities × indicators.

    ``missing`` holds "" where there is a value. ``data_years`` is the year each indicator's figures are of.
    """

    edition: int
    values: Floats
    missing: NDArray[np.str_]
    data_years: tuple[int, ...]
    included: tuple[bool, ...]


def data_year(indicator: DemoIndicator, edition: int) -> int:
    """Surveys are of the edition's own year, everything else of the year before."""
    return edition if indicator.source_kind.startswith("survey") else edition - 1


def conditions(municipalities: Sequence[DemoMunicipality], seed: int) -> dict[str, Floats]:
    """Each invented condition, a value a municipality."""
    random = np.random.default_rng(seed + 1)
    return {
        code: np.round(random.normal(middle, spread, len(municipalities)), decimals)
        for code, (middle, spread, decimals) in INVENTED_CONDITIONS.items()
    }


def invent(
    municipalities: Sequence[DemoMunicipality],
    indicators: Sequence[DemoIndicator],
    editions: Sequence[int],
    seed: int = 2014,
) -> list[DemoYear]:
    """Invent the figures of all editions, in order."""
    random = np.random.default_rng(seed)
    standing = _standing(municipalities, indicators, random)
    drift = np.zeros_like(standing)
    years = []
    silent = _who_does_not_answer(municipalities, editions, random)
    for edition, answers in zip(editions, silent, strict=True):
        drift = 0.85 * drift + random.normal(0, 0.3, standing.shape)
        goodness = _foretold(standing + drift, municipalities, indicators, seed)
        values = _to_values(goodness, indicators, edition)
        missing = _missing(values, municipalities, indicators, edition, answers, random)
        values[missing != ""] = np.nan
        years.append(
            DemoYear(
                edition,
                values,
                missing,
                tuple(data_year(indicator, edition) for indicator in indicators),
                tuple(not (indicator.code == NEW_IN_2025 and edition < 2025) for indicator in indicators),
            )
        )
    return years


def _standing(
    municipalities: Sequence[DemoMunicipality],
    indicators: Sequence[DemoIndicator],
    random: np.random.Generator,
) -> Floats:
    """How good each municipality lastingly is at each indicator, about standard normal, higher is better."""
    groups = np.array([HARD_CONDITIONS.get(m.kommunegruppe, 0.0) for m in municipalities])
    landsdele = sorted({m.landsdel for m in municipalities})
    neighbours = random.normal(0, 0.1, len(landsdele))
    landsdel = np.array([neighbours[landsdele.index(m.landsdel)] for m in municipalities])
    general = random.normal(0, 0.2, len(municipalities)) + groups + landsdel
    areas = sorted({indicator.area for indicator in indicators})
    of_area = random.normal(0, 0.25, (len(municipalities), len(areas)))
    columns = [areas.index(indicator.area) for indicator in indicators]
    own = random.normal(0, 0.85, (len(municipalities), len(indicators)))
    return np.asarray(general[:, None] + of_area[:, columns] + own, dtype=np.float64)


def _foretold(
    goodness: Floats, municipalities: Sequence[DemoMunicipality], indicators: Sequence[DemoIndicator], seed: int
) -> Floats:
    """The foretold indicator's column is mostly its condition; the others stay."""
    values = conditions(municipalities, seed)[FORETOLD_BY]
    condition = (values - values.mean()) / (values.std() or 1.0)
    beside = np.array([BESIDE_THE_CONDITION.get(m.code, 0.0) for m in municipalities])
    foretold = 0.7 * condition[:, None] + 0.4 * goodness + beside[:, None]
    return np.where([indicator.code == FORETOLD for indicator in indicators], foretold, goodness)


def _to_values(goodness: Floats, indicators: Sequence[DemoIndicator], edition: int) -> Floats:
    """From goodness to the indicator's unit: the median in the middle, the plausible range at the ends."""
    columns = []
    for column, indicator in enumerate(indicators):
        stretch = WIDER_EACH_YEAR ** (edition - FIRST_EDITION) if indicator.code == GROWS_APART else 1.0
        sign = -1.0 if indicator.direction == "lower_is_better" else 1.0
        position = np.tanh(sign * stretch * goodness[:, column] / 2.4)
        above = indicator.median + (indicator.high - indicator.median) * position
        below = indicator.median + (indicator.median - indicator.low) * position
        values = np.where(position >= 0, above, below)
        if indicator.unit.startswith("ja"):
            values = (goodness[:, column] > -0.5).astype(float)
        if indicator.code == BREAKS_IN_2024 and data_year(indicator, edition) >= 2024:
            values = values * BREAK_FACTOR
        columns.append(np.round(values, indicator.decimals))
    return np.column_stack(columns)


def _who_does_not_answer(
    municipalities: Sequence[DemoMunicipality], editions: Sequence[int], random: np.random.Generator
) -> list[list[int]]:
    """Each year three municipalities' managers do not answer the survey at all; the smallest never do."""
    smallest = int(np.argmin([m.population for m in municipalities]))
    return [sorted({smallest, *random.choice(len(municipalities), 3, replace=False).tolist()}) for _ in editions]


def _missing(
    values: Floats,
    municipalities: Sequence[DemoMunicipality],
    indicators: Sequence[DemoIndicator],
    edition: int,
    silent: list[int],
    random: np.random.Generator,
) -> NDArray[np.str_]:
    """The kind of missing of every cell, "" where there is a value."""
    missing = np.full(values.shape, "", dtype="<U20")
    chance = random.random(values.shape)
    small = np.array([m.population < SMALL for m in municipalities])
    ishoej = np.array([m.code == REPORTED_BY_ISHOEJ for m in municipalities])
    for column, indicator in enumerate(indicators):
        kind = indicator.source_kind
        if kind == "survey_managers":
            missing[chance[:, column] < 0.02, column] = Missing.NOT_REPORTED
            missing[silent, column] = Missing.NOT_REPORTED
        elif kind in {"survey_members", "appeals"}:
            missing[small | (chance[:, column] < 0.01), column] = Missing.SUPPRESSED
        elif kind == "inspection":
            missing[small & (chance[:, column] < 0.7), column] = Missing.NOT_APPLICABLE
        else:
            missing[chance[:, column] < 0.004, column] = Missing.NOT_AVAILABLE
            missing[small & (chance[:, column] < 0.25), column] = Missing.SUPPRESSED
        if indicator.source_table in HAND_TABLES:
            missing[ishoej, column] = Missing.NOT_APPLICABLE
        if indicator.every_years > 1 and data_year(indicator, edition) % indicator.every_years:
            missing[:, column] = Missing.NOT_COLLECTED
    return missing
