"""Read a file of figures on the command line: `python -m indicators.upload FILE`, JSON lines out, no Django.

The first line says how the file was read, then follows one line for each value. Ends with 0, 1 when there are problems,
2 when the file cannot be read.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .checks import check_alone
from .doubts import unit_of
from .messages import Text, _
from .reader import read
from .reading import Problem, Reading, ReadingOptions, Unreadable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with these arguments and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m indicators.upload", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--indicator", help="the indicator that the file's values belong to")
    parser.add_argument("--year", type=int, help="the year of the values, or the one year to read")
    parser.add_argument("--sheet", help="the sheet to read")
    parser.add_argument("--answer", action="append", default=[], metavar="KEY=CHOICE", help="an answer to a question")
    chosen = parser.parse_args(arguments)
    answers = dict(each.rpartition("=")[::2] for each in chosen.answer)
    options = ReadingOptions(indicator=chosen.indicator, year=chosen.year, sheet=chosen.sheet, answers=answers)
    try:
        reading = read(chosen.file, name=chosen.file.name, options=options)
        for each in check_alone(reading):
            value = None if each.value is None else str(each.value)
            reading.refuse(Problem(each.rule, each.place.row, each.place.column, value, each.reason, each.advice))
    except (Unreadable, OSError) as error:
        reason = error.text if isinstance(error, Unreadable) else _("Filen kan ikke åbnes.")
        unread = Reading(layout=None)
        unread.refuse(Problem("unreadable", None, None, None, reason, _("Brug en CSV-, XLSX- eller ODS-fil.")))
        _write([header_of(unread)])
        print(reason, file=sys.stderr)
        return 2
    _write([header_of(reading)])
    _write(values_of(reading))
    return 1 if reading.problem_count else 0


def header_of(reading: Reading) -> dict[str, Any]:
    """The first line: how the file was read, what was left out, what is wrong; and where there is any, what is to be
    known of it (`notes`) and what it leaves open (`questions`, each with its key and choices)."""
    questions = [
        {"key": each.key, "reason": str(each.reason), "choices": {a: str(words) for a, words in each.choices}}
        for each in reading.questions
    ]
    notes = [str(note) for note in (*reading.notes, *_of_units(reading))]
    return {
        "layout": reading.layout,
        "encoding": reading.encoding,
        "decimal": reading.decimal,
        "thousands": reading.thousands,
        "rows": reading.rows,
        "left_out": [each._asdict() for each in reading.left_out],
        "problems": [_problem(each) for each in reading.problems],
        **({"notes": notes} if notes else {}),
        **({"questions": questions} if questions else {}),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    told = {**problem._asdict(), "reason": str(problem.reason), "advice": str(problem.advice)}
    return told if problem.municipality else {name: value for name, value in told.items() if name != "municipality"}


def _of_units(reading: Reading) -> Iterator[Text]:
    """What the file says of its units, where that changes the size of its figures; no catalogue is there to compare."""
    told = {("kroner", 1.0), ("per", 100.0)}
    for text, where in dict.fromkeys((unit.text, str(unit.where)) for unit in reading.units):
        unit = unit_of(text)
        if unit is not None and (unit.kind, unit.size) not in told:
            told.add((unit.kind, unit.size))
            yield _("Enheden er »%(unit)s« (%(where)s); tallene er læst, som de står.", unit=text, where=where)


def values_of(reading: Reading) -> Iterator[dict[str, Any]]:
    """A line for each value."""
    for cell in reading.cells:
        extra = {"provisional": True} if cell.provisional else {}
        extra |= {name: worth for name, worth in cell.worth._asdict().items() if worth not in {None, ""}}
        yield {
            "municipality": cell.municipality,
            "year": cell.year,
            "indicator": cell.indicator or None,
            "value": cell.value,
            "missing": cell.missing,
            "sheet": cell.sheet,
            "row": cell.row,
            "column": cell.column,
        } | extra


def _write(lines: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    sys.stdout.writelines(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)


def _run() -> int:
    """Write UTF-8 whatever the terminal says, and end quietly when the reader of our lines has gone."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    sys.exit(_run())
