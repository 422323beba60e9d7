"""From a file to a reading: the kind of file, the sheet, the layout, the marks of the numbers, then the values."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .columns import Columns, letter_of, text_of
from .contents import delimiter_of, encoding_of, kind_of, stream_of
from .extraction import Extraction
from .indicator_labels import filled_columns, fills_down, telling_columns
from .layouts import Plan, recognise
from .limits import LIMITS, Limits, refuse_size
from .messages import _
from .numbers import Evidence, NumberFormat, NumberParser
from .places import fold
from .reading import LeftOut, Problem, Reading, ReadingOptions, Unmapped, Unreadable
from .tables import Row, Table, TextTable
from .workbook import Workbook, open_workbook

__all__ = ["Reading", "ReadingOptions", "Unreadable", "read"]

Progress = Callable[[float], None]

_SAMPLE = 20_000
_TOLD_EVERY = 5_000
_FIRST_WALK = 0.3
"""The share of the time that the walk which decides the marks takes."""
_NO_OPTIONS = ReadingOptions()


def read(
    content: bytes | Path,
    *,
    name: str = "",  # noqa: ARG001 (kept for messages; a type is never taken from a name)
    options: ReadingOptions = _NO_OPTIONS,
    known_indicators: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Reading:
    """Read a file as far as it can be understood.

    `known_indicators` maps codes and names to codes; without it any label is an indicator. Raises Unreadable for
    what is
    no table or is refused before parsing; all else that is wrong stands in the reading's problems. `progress` is called
    now and then with how much is done, 0 to 1; what it raises ends the reading.
    """
    refuse_size(content, limits)
    known = None if known_indicators is None else {fold(label): code for label, code in known_indicators.items()}
    wish = _Wish(options, known, limits, progress)
    if kind_of(content) == "text":
        return _read_text(content, wish)
    return _read_workbook(content, wish)


@dataclass(frozen=True)
class _Wish:
    """What was asked of the reading."""

    options: ReadingOptions
    known: Mapping[str, str] | None
    limits: Limits
    progress: Progress | None


def _read_text(content: bytes | Path, wish: _Wish) -> Reading:
    options = wish.options
    encoding = options.encoding or encoding_of(content)
    try:
        with stream_of(content) as stream:
            head = stream.read(60_000).decode(encoding, errors="ignore")
    except LookupError:
        raise Unreadable(_("Ukendt tegnsæt: %(encoding)s.", encoding=encoding)) from None
    delimiter = options.delimiter or delimiter_of(head)
    table = TextTable(content, encoding=encoding, delimiter=delimiter, limits=wish.limits)
    reading = Reading(layout=None, encoding="utf-8" if encoding == "utf-8-sig" else encoding, delimiter=delimiter)
    return _read_table(table, reading, wish)


def _read_workbook(content: bytes | Path, wish: _Wish) -> Reading:
    options = wish.options
    workbook = open_workbook(content, wish.limits)
    names = workbook.sheets
    if options.sheet is not None and options.sheet not in names:
        raise Unreadable(
            _("Arket »%(sheet)s« findes ikke. Filen har: %(names)s.", sheet=options.sheet, names=", ".join(names))
        )
    first: Reading | None = None
    for sheet in [options.sheet] if options.sheet is not None else workbook.visible:
        table = workbook.table(sheet)
        reading = Reading(layout=None, sheet=sheet, sheets=names)
        reading.notes.extend(workbook.notes(sheet))
        if recognise(_columns(table, wish)) is not None:
            return _told_of_the_others(_read_table(table, reading, wish), workbook)
        first = first or _read_table(table, reading, wish)
    if first is None:
        raise Unreadable(_("Regnearket har ingen ark, der kan ses."))
    return _told_of_the_others(first, workbook)


def _told_of_the_others(reading: Reading, workbook: Workbook) -> Reading:
    """One sheet is read; the others that can be seen are listed as left out."""
    for name in workbook.visible:
        if name != reading.sheet:
            reading.leave_out(LeftOut("sheet", None, name))
    return reading


def _columns(table: Table, wish: _Wish) -> Columns:
    return Columns(list(islice(table.rows(), _SAMPLE)), wish.options, wish.known)


def _read_table(table: Table, reading: Reading, wish: _Wish) -> Reading:
    columns = _columns(table, wish)
    plan = recognise(columns)
    if plan is None:
        reading.refuse(_not_recognised(columns))
        return reading
    reading.layout, reading.title = plan.layout, plan.title
    parsers = _parsers(table, plan, reading, wish)
    sample = columns.rows[plan.body_start :]
    filled = filled_columns(plan, sample)
    telling = telling_columns(plan, sample, filled)
    fills = fills_down(plan, sample, telling)
    extraction = Extraction(plan, columns, reading, parsers=parsers, telling=telling, fills=fills, filled=filled)
    _offer(plan, columns, reading)
    _leave_out_columns(plan, reading, telling)
    for number, row in _body(table, plan, wish, _FIRST_WALK, 1.0):
        extraction.row(number, row)
    extraction.finish()
    return reading


def _not_recognised(columns: Columns) -> Problem:
    if (columns.roles and not {"code", "municipality"} & set(columns.roles.values())) or columns.first_data is None:
        return Problem(
            "no_municipalities",
            None,
            None,
            None,
            _("Der er ingen kolonne med kommuner i filen."),
            _("Skriv kommunens kode eller navn i en kolonne."),
        )
    return Problem(
        "no_values",
        None,
        None,
        None,
        _("Der er ingen kolonne med værdier i filen."),
        _("Se skabelonen for, hvordan en fil kan se ud."),
    )


def _body(table: Table, plan: Plan, wish: _Wish, start: float, end: float) -> Iterator[tuple[int, Row]]:
    """The rows of the body with their numbers, telling of progress from one share of the work to another."""
    rows = islice(enumerate(table.rows(), start=1), plan.body_start, None)
    return rows if wish.progress is None else _told(rows, table, wish.progress, start, end)


def _told(
    rows: Iterator[tuple[int, Row]], table: Table, progress: Progress, start: float, end: float
) -> Iterator[tuple[int, Row]]:
    for number, row in rows:
        if number % _TOLD_EVERY == 0:
            progress(start + (end - start) * table.fraction())
        yield number, row
    progress(end)


def _parsers(table: Table, plan: Plan, reading: Reading, wish: _Wish) -> dict[int, NumberParser]:
    """A parser for each column of values: all cells are seen before one is read."""
    evidence = {value.column: Evidence.of(()) for value in plan.values}
    header = None
    if plan.body_start:
        header = next(islice(table.rows(), plan.body_start - 1, None), None)
    seen = [(column, each.see) for column, each in evidence.items()]
    for _number, row in _body(table, plan, wish, 0.0, _FIRST_WALK):
        if row == header:
            continue
        width = len(row)
        for column, see in seen:
            if column < width:
                raw = row[column]
                if isinstance(raw, str) and raw:
                    see(raw)
    marks = {column: each.decide(delimiter=reading.delimiter) for column, each in evidence.items()}
    decimals = {mark.decimal for mark in marks.values() if mark.decimal and mark.sure}
    file_decimal = decimals.pop() if len(decimals) == 1 else None
    for column, each in evidence.items():
        if not marks[column].sure:
            marks[column] = each.decide(file_decimal=file_decimal, delimiter=reading.delimiter)
        marks[column] = _corrected(marks[column], wish.options)
    _report_marks(plan, reading, marks)
    return {column: NumberParser(mark) for column, mark in marks.items()}


def _corrected(marks: NumberFormat, options: ReadingOptions) -> NumberFormat:
    if options.decimal is None and options.thousands is None:
        return marks
    decimal = options.decimal or ({".": ",", ",": "."}.get(options.thousands or "") or marks.decimal)
    thousands = options.thousands if options.thousands is not None else marks.thousands
    if thousands == decimal or (options.thousands is None and thousands is None):
        thousands = {",": ".", ".": ","}.get(decimal or "") if options.thousands is None else None
    return NumberFormat(decimal, thousands or None)


def _report_marks(plan: Plan, reading: Reading, marks: Mapping[int, NumberFormat]) -> None:
    for attribute in ("decimal", "thousands"):
        used = [mark for each in marks.values() if (mark := getattr(each, attribute))]
        setattr(reading, attribute, max(set(used), key=used.count) if used else None)
    for column, each in marks.items():
        if not each.sure:
            label = plan.headers[column] or letter_of(column)
            mark = each.thousands if each.thousands in {".", ","} and each.decimal != "." else each.decimal
            meaning = _(
                "Tallene i kolonnen »%(column)s« kan læses på to måder. »%(mark)s« er læst som %(use)s.",
                column=label,
                mark=mark or "",
                use="tusinder" if mark == each.thousands else "decimaltegn",
            )
            reading.notes.append(meaning)


def _leave_out_columns(plan: Plan, reading: Reading, telling: tuple[int, ...]) -> None:
    """List the columns that are understood and not read: context, other years, words that tell nothing apart."""
    words = () if plan.layout == "statbank" else tuple(column for column in plan.stubs if column not in telling)
    extra = plan.offered if plan.layout == "long" else ()
    for column in sorted({*plan.left_out, *words, *extra}):
        reading.leave_out(LeftOut("column", None, plan.headers[column] or letter_of(column)))
    for column in plan.other_years:
        reading.leave_out(LeftOut("other_year", None, plan.headers[column]))


def _offer(plan: Plan, columns: Columns, reading: Reading) -> None:
    """What a wide file's columns leave open is a problem; a long file's extra columns are listed as left out."""
    for column, period in plan.periods:
        if columns.options.year in (None, period.year):
            reason = _("»%(header)s« er ikke et år, men en del af et år eller flere år.", header=plan.headers[column])
            advice = _("Brug årstal, eller vælg, hvilket år kolonnen skal gælde for.")
            reading.refuse(Problem("not_a_year", None, plan.headers[column], period.part, reason, advice))
            reading.unmapped.append(Unmapped(plan.headers[column], column, columns.profiles[column].filled, None))
    for column in plan.offered if plan.layout != "long" else ():
        label = plan.headers[column] or letter_of(column)
        suggestion = _misspelt_year(label, plan)
        reading.unmapped.append(Unmapped(label, column, columns.profiles[column].filled, suggestion))
        reason = _("Kolonnen »%(header)s« har tal, men er hverken et år eller en kendt indikator.", header=label)
        advice = _("Vælg, hvad kolonnen er, eller lad den ude.")
        if suggestion:
            advice = _("Vælg, hvad kolonnen er (måske %(year)s), eller lad den ude.", year=suggestion)
        reading.refuse(Problem("unmapped_column", None, label, text_of(label), reason, advice))


def _misspelt_year(label: str, plan: Plan) -> str | None:
    """The year that a header's digits make when read together (2pop_014 → 2014), if the file lacks just that one."""
    digits = "".join(re.findall(r"\d", label))
    years = {value.year for value in plan.values if value.year}
    if len(digits) == 4 and years and min(years) - 1 <= int(digits) <= max(years) + 1 and int(digits) not in years:
        return digits
    return None
