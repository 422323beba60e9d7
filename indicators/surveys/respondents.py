"""Answers from somebody else's system: a row per respondent, columns mapped to questions once. No Django.

KoboToolbox, LimeSurvey and SurveyXact write codes or words, with a path before the name (`boern/b_medl_…`), SPSS writes
codes for no answer (99, 999). What a code means is said in the mapping, never guessed: a value that neither the form
nor the mapping knows is refused with its row.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from indicators.surveys.conditions import Kind
from indicators.surveys.forms import CHOSEN, Item
from indicators.upload.contents import encoding_of, kind_of
from indicators.upload.limits import LIMITS
from indicators.upload.places import gazetteer
from indicators.upload.reading import Unreadable
from indicators.upload.workbook import open_workbook

from .aggregate import Respondent


class ExportError(Exception):
    """A file of answers that cannot be used. `problems` has a line for each thing, with row, column and value."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of a system are read: question → column, the municipality's and the weight's column.

    `values` says what a code stands for, by question ("" for all of them): {"q1": {"2": "nej"}}. `missing` are the
    codes that mean no answer.
    """

    municipality: str = "municipality"
    weight: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)

    def as_json(self) -> dict[str, Any]:
        """What is remembered with the wave, for the next file."""
        return {
            "municipality": self.municipality,
            "weight": self.weight,
            "columns": dict(self.columns),
            "values": {code: dict(values) for code, values in self.values.items()},
            "missing": list(self.missing),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(**{**stored, "missing": tuple(stored.get("missing", ("",)))})


@dataclass(frozen=True, slots=True)
class Export:
    """A file as it was read."""

    respondents: tuple[Respondent, ...]
    mapping: ColumnMapping


Rows = list[tuple[int, dict[str, str]]]


def read_export(content: bytes, items: Sequence[Item], mapping: ColumnMapping) -> Export:
    """Read a CSV or XLSX with a row per respondent. Raises ExportError with every row that cannot be used."""
    header, rows = _table(content)
    columns = {item.code: mapping.columns.get(item.code) or _nearest(item.code, header) for item in items}
    wanted = [mapping.municipality, *([mapping.weight] if mapping.weight else [])]
    absent = [f"column {name!r} is not in the file" for name in wanted if name not in header]
    absent += [f"no column for the question {code!r}; map it to one" for code, column in columns.items() if not column]
    absent += [
        f"column {column!r} is not in the file" for column in columns.values() if column and column not in header
    ]
    used = {*wanted, *columns.values()}
    absent += [f"column {name!r} is in the file twice" for name in sorted(used) if name and header.count(name) > 1]
    if absent:
        raise ExportError(absent)
    problems: list[str] = []
    respondents = []
    for number, row in rows:
        place = gazetteer().find(row[mapping.municipality])
        if not place.is_municipality:
            problems.append(
                f"row {number}, column {mapping.municipality}: {row[mapping.municipality]!r} is no municipality"
            )
            continue
        answers: dict[str, str | float] = {}
        for item in items:
            given = _answer(item, row[columns[item.code]], mapping)
            if given is None:
                text = row[columns[item.code]]
                problems.append(
                    f"row {number}, column {columns[item.code]}: {text!r} is no answer to {item.code}; "
                    "say what it stands for, or that it is no answer"
                )
            elif given != "":
                answers[item.code] = given
        weight = _weight(row, mapping)
        if weight is None:
            problems.append(f"row {number}, column {mapping.weight}: {row[mapping.weight]!r} is no weight above 0")
            continue
        respondents.append(Respondent(f"{place.code:03d}", answers, weight))
    if problems:
        raise ExportError(problems)
    return Export(tuple(respondents), ColumnMapping(**{**_fields(mapping), "columns": columns}))


def remembered(content: bytes, mappings: Iterable[Mapping[str, Any]]) -> ColumnMapping:
    """The first of these mappings whose every column is in the file, as another year's may be; else the plain one.

    A file of another head is thus never read by what was said of this one. Raises ExportError for no table."""
    header = set(_table(content)[0])
    for stored in filter(None, mappings):
        mapping = ColumnMapping.from_json(stored)
        if {mapping.municipality, *filter(None, [mapping.weight]), *mapping.columns.values()} <= header:
            return mapping
    return ColumnMapping()


def _fields(mapping: ColumnMapping) -> dict[str, Any]:
    return mapping.as_json() | {"missing": mapping.missing}


def _nearest(code: str, header: Sequence[str]) -> str:
    """The column with the question's name, also behind a path or with brackets, as those systems write it."""
    plain = {name.rsplit("/", 1)[-1].split("[")[0].strip().casefold(): name for name in reversed(header)}
    return plain.get(code.casefold(), "")


def _answer(item: Item, text: str, mapping: ColumnMapping) -> str | float | None:
    """The answer; "" where it is none; None where nobody has said what the text means."""
    if text in mapping.missing or text == "":
        return ""
    said = mapping.values.get(item.code, {}).get(text, mapping.values.get("", {}).get(text, text))
    if said == "":
        return ""
    if item.kind in CHOSEN:
        by_name = {choice.name.casefold(): choice.name for choice in item.choices}
        by_label = {label.casefold(): c.name for c in item.choices for label in (c.label_da, c.label_en) if label}
        plain = said.removesuffix(".0").casefold()
        return by_name.get(plain) or by_label.get(said.casefold())
    if item.kind is Kind.TEXT:
        return said
    try:
        number = float(said.replace(",", "."))
    except ValueError:
        return None
    inside = (item.low is None or number >= item.low) and (item.high is None or number <= item.high)
    return number if inside and number == number else None  # noqa: PLR0124 (nan is not itself)


def _weight(row: Mapping[str, str], mapping: ColumnMapping) -> float | None:
    if not mapping.weight:
        return 1.0
    try:
        weight = float(row[mapping.weight].replace(",", "."))
    except ValueError:
        return None
    return weight if 0 < weight < 1e100 else None


def _table(content: bytes) -> tuple[list[str], Rows]:
    try:
        raw = list(_workbook_rows(content) if kind_of(content) == "archive" else _text_rows(content))
    except (Unreadable, csv.Error, UnicodeError) as error:
        raise ExportError([str(error)]) from error
    if not raw:
        raise ExportError(["the file is empty"])
    header = raw[0]
    rows = [
        (number, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False)))
        for number, cells in enumerate(raw[1:], start=2)
        if any(cells)
    ]
    return header, rows


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    book = open_workbook(content, LIMITS)
    for row in book.table(book.visible[0]).rows():
        yield ["" if cell is None else str(cell).strip().removesuffix(".0") for cell in row]


def _text_rows(content: bytes) -> Iterator[list[str]]:
    text = content.decode(encoding_of(content))
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
        yield [cell.strip() for cell in row]
