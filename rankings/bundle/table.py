"""What every file is made from: typed columns with their codebook, and rows that can be read again and again."""

import csv
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from rankings.engine import rank
from rankings.models import warning


def as_printed(value: float | None, decimals: int) -> float | None:
    """Round as the engine does; None stays None."""
    return None if value is None else rank.as_printed(value, decimals)


LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "Socialt Indeks"


def file_stem(release: str, what: str, *, is_demo: bool) -> str:
    """A file's name without its ending: "socialt-indeks-2026.1-samlet-demodata"."""
    return f"socialt-indeks-{release}-{what}{'-demodata' if is_demo else ''}"


Value = str | int | float | bool | None


class Kind(StrEnum):
    """What a column holds. The names are those of Frictionless table schemas."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "number"
    FLAG = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: ``name`` for machines (API, JSON, plain CSV, Parquet), ``da`` for the head of a Danish sheet."""

    name: str
    da: str
    kind: Kind
    says_da: str
    says_en: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What stands with every table: where it comes from, on what terms, and what a reader must know.

    ``notes`` are pairs of a heading and a text (definitions, sources, warnings), in the order to print them;
    ``english`` says that its words are English; ``of_the_index`` as in `warning`.
    """

    title: str
    release: str
    address: str
    is_demo: bool
    notes: tuple[tuple[str, str], ...] = ()
    english: bool = False
    of_the_index: float | None = None

    def warning(self, *, english: bool) -> str:
        """What the table may not be read without; empty for a real edition of the whole index."""
        return warning(is_demo=self.is_demo, of_the_index=self.of_the_index, english=english)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A named table. ``rows`` is called once for every file that is written; each row is as long as ``fields``."""

    name: str
    fields: tuple[Field, ...]
    about: About
    rows: Callable[[], Iterable[tuple[Value, ...]]] = field(repr=False)


def labelled(table: DataTable, label: Field) -> DataTable:
    """The same table with the edition's name as a text beside its id, for files that a spreadsheet opens.

    "2026.10" is a tenth revision, and the number 2026.1 to a spreadsheet or pandas; "udgave 2026.10" is not.
    """
    names = [column.name for column in table.fields]
    if "edition" not in names or label.name in names:
        return table
    place, word = names.index("edition"), "edition" if table.about.english else "udgave"

    def rows() -> Iterator[tuple[Value, ...]]:
        for row in table.rows():
            yield (*row[: place + 1], f"{word} {row[place]}", *row[place + 1 :])

    fields = (*table.fields[: place + 1], label, *table.fields[place + 1 :])
    return replace(table, fields=fields, rows=rows)


def spooled(table: DataTable, path: Path) -> DataTable:
    """The same table with its rows read once into a file of our own, for writing them in several ways."""
    with path.open("wb") as file:
        for row in table.rows():
            pickle.dump(row, file)
    return replace(table, rows=lambda: _unpickled(path))


def _unpickled(path: Path) -> Iterator[tuple[Value, ...]]:
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301  written a moment ago by spooled()


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
LABEL = COLUMNS["edition_label"]


def columns(*names: str) -> tuple[Field, ...]:
    """The columns of these names, in this order. Raises KeyError for one the codebook does not have."""
    return tuple(COLUMNS[name] for name in names)
