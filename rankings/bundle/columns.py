"""The codebook: every column of every file, with one name for machines, one for Danish sheets, and what it means."""

import csv
from pathlib import Path

from rankings.bundle.table import Field, Kind

CODEBOOK = Path(__file__).with_name("codebook.csv")


def _read() -> dict[str, Field]:
    with CODEBOOK.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["name"]: Field(
            row["name"], row["danish"], Kind(row["kind"]), row["says_da"], row["says_en"], bool(row["required"])
        )
        for row in rows
    }


COLUMNS = _read()


def columns(*names: str) -> tuple[Field, ...]:
    """The columns of these names, in this order. Raises KeyError for one the codebook does not have."""
    return tuple(COLUMNS[name] for name in names)
