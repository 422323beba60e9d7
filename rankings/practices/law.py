"""What the law asks of everyone at an indicator, in our own words with its paragraph: only what we are sure of.

`data/law.csv` has a row for each rule and the indicators that it is about. An indicator without one says so.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("data") / "law.csv"


class Rule(NamedTuple):
    """One rule, with the law and the paragraph it stands in."""

    da: str
    en: str


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the indicators' codes, in the order of the file."""
    found: dict[str, tuple[Rule, ...]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for code in row["codes"].split():
                found[code] = (*found.get(code, ()), Rule(row["da"], row["en"]))
    return found
