"""What the project declares beside the catalogue, with the day it was declared: which indicators hold each other's
cases, what shows need and what shows help, by which conditions the figures of a theme are modelled, how a year's focus
is chosen.

Data, not code: overlaps.csv, needs.csv, conditions_of_themes.csv and focus.csv in indicators/data/. Declared before the
figures that it is used on, or said so: whoever looks first and chooses afterwards always finds something.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Need:
    """What shows a need and what shows the help, both indicators by code; ``code`` is its address."""

    code: str
    need: str
    help: str
    declared_on: dt.date
    why_da: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Focus:
    """By what the theme of the year is chosen."""

    declared_on: dt.date
    criterion_da: str
    criterion_en: str


@cache
def focus() -> Focus:
    """The criterion that holds: the one declared last."""
    row = max(_rows("focus.csv"), key=_day)
    return Focus(_day(row), row["criterion_da"], row["criterion_en"])


@cache
def overlaps() -> tuple[tuple[str, str], ...]:
    """Every two indicators (by code) of which one is declared to hold cases of the other; the file says why."""
    return tuple((row["code_a"], row["code_b"]) for row in _rows("overlaps.csv"))


@cache
def needs() -> tuple[Need, ...]:
    """Every declared pair of need and help, in the order of the file."""
    return tuple(
        Need(row["code"], row["need"], row["help"], _day(row), row["why_da"], row["why_en"])
        for row in _rows("needs.csv")
    )


@cache
def conditions_of_themes() -> dict[str, tuple[str, ...]]:
    """By which context figures (codes) the figures of a theme are modelled, by the theme's code; at most four."""
    return {row["theme_code"]: tuple(row["conditions"].split()) for row in _rows("conditions_of_themes.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(row: dict[str, str]) -> dt.date:
    return dt.date.fromisoformat(row["declared_on"])


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a shipped CSV file; an absent optional file has none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
