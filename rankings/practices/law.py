"""Which law is about what an indicator measures. What it asks for is left to the law: nobody has held our words to it.

`data/law.csv` has a row for each and the indicators that it is about; a paragraph has its number only where the
catalogue or a checked source gives it. An indicator without a row says so.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("data") / "law.csv"


class Rule(NamedTuple):
    """A law, its paragraph where that is known, and what it is about."""

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
