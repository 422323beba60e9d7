"""From a file to a reading: the kind of file, the sheet, the tables that stand in it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from .blocks import BlockTable, municipalities_across, rival_places, side_by_side, turn_back, turned
from .cells import Cells
from .contents import delimiter_of, encoding_of, head_of, kind_of, stream_of
from .doubts import factor, unit_of, years_in
from .grid import ROWS
from .layouts import recognise
from .limits import LIMITS, MEGABYTE, Limits, refuse_size
from .marks import Progress, Wish
from .messages import _
from .places import fold
from .reading import LeftOut, Problem, Question, Reading, ReadingOptions, Unreadable
from .statistics_files import StatisticsRows, read_statistics, statistics_format
from .table_reader import SAMPLE, columns_of, head_of_rows, read_table
from .tables import Row, Table, TextTable, letter_of, text_of
from .workbook import Workbook, open_workbook

__all__ = ["Reading", "ReadingOptions", "Unreadable", "read"]

_NO_OPTIONS = ReadingOptions()
_MOST_SHEETS = 20
"""So many sheets are looked at for figures about municipalities."""


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

    `known_indicators` maps codes and names to codes; without it any label is an indicator. Raises Unreadable for what
    is no table or is refused before parsing; all else that is wrong stands in the reading's problems. `progress` is
    called now and then with how much is done, 0 to 1; what it raises ends the reading.
    """
    refuse_size(content, limits)
    known = None if known_indicators is None else {fold(label): code for label, code in known_indicators.items()}
    wish = Wish(options, known, limits, progress)
    if kind_of(content) == "text":
        return _read_statistics(content, wish) if statistics_format(head_of(content)) else _read_text(content, wish)
    return _read_workbook(content, wish)


def _read_text(content: bytes | Path, wish: Wish) -> Reading:
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
    return _read_sheet(table, reading, wish)


def _read_statistics(content: bytes | Path, wish: Wish) -> Reading:
    """Read a PX or JSON-stat file with its dimensions; its notes are listed as text."""
    if refuse_size(content, wish.limits) > wish.limits.workbook_bytes:
        raise Unreadable(
            _("Filen fylder over %(most)d MB. Hent færre tal ad gangen.", most=wish.limits.workbook_bytes // MEGABYTE)
        )
    rows = StatisticsRows(read_statistics(content if isinstance(content, bytes) else content.read_bytes()))
    reading = Reading(layout=None)
    reading.notes.extend(rows.remarks())
    reading.first_rows = list(islice(rows.rows(), ROWS))
    reading.head = head_of_rows([[line] for line in rows.title()] + reading.first_rows[:1], None)
    read_table(rows, reading, replace(wish, above=rows.title()))
    reading.layout = rows.table.format if reading.layout else None
    for note in rows.table.notes:
        reading.leave_out(LeftOut("text", None, note[:200]))
    _ask_for_several(reading, wish)
    _multiply(reading, wish.options)
    return reading


def _read_workbook(content: bytes | Path, wish: Wish) -> Reading:
    workbook = open_workbook(content, wish.limits)
    names = workbook.sheets
    chosen = wish.options.sheet
    if chosen is not None and chosen not in names:
        raise Unreadable(
            _("Arket »%(sheet)s« findes ikke. Filen har: %(names)s.", sheet=chosen, names=", ".join(names))
        )
    reading = Reading(layout=None, sheets=names)
    with_figures = {} if chosen is not None else _sheets_with_figures(workbook, wish)
    sheet = chosen or _sheet(workbook, with_figures, reading, wish)
    reading.sheet = sheet
    reading.notes.extend(workbook.notes(sheet))
    _read_sheet(workbook.table(sheet), reading, wish)
    _tell_of_other_sheets(workbook, with_figures, reading)
    return reading


def _sheets_with_figures(workbook: Workbook, wish: Wish) -> dict[str, str]:
    """The sheets that read as a table of municipalities, hidden ones too, each with its head."""
    found = {}
    for name in workbook.sheets[:_MOST_SHEETS]:
        table = workbook.table(name)
        columns = columns_of(table, wish)
        if recognise(columns) is not None or municipalities_across(columns.rows) is not None:
            found[name] = " ; ".join(fold(label) for label in columns.headers)
    return found


def _sheet(workbook: Workbook, with_figures: Mapping[str, str], reading: Reading, wish: Wish) -> str:
    """The sheet to read: the one that has figures; of several the one that names the year, else it is asked."""
    if not workbook.visible:
        raise Unreadable(_("Regnearket har ingen ark, der kan ses."))
    candidates = [name for name in workbook.visible if name in with_figures]
    if len(candidates) < 2:
        return candidates[0] if candidates else workbook.visible[0]
    year = wish.options.year
    dated = [name for name in candidates if year in years_in([name])]
    if year and len(dated) == 1 and all(years_in([name]) for name in candidates):
        return dated[0]
    question = Question(
        "sheet:" + "|".join(candidates),
        "which_sheet",
        _("Filen har tal om kommuner på flere ark: %(names)s.", names=", ".join(f"»{name}«" for name in candidates)),
        tuple((name, _("læs arket »%(name)s«", name=name)) for name in candidates),
        # sheets that are built otherwise are no second copy of the same figures: the first is read, the others told
        default=None if len({with_figures[name] for name in candidates}) < len(candidates) else candidates[0],
    )
    return reading.ask(question, wish.options) or candidates[0]


def _tell_of_other_sheets(workbook: Workbook, with_figures: Mapping[str, str], reading: Reading) -> None:
    """List the sheets that were not read; say of a hidden one that it has figures."""
    for name in workbook.sheets:
        if name == reading.sheet:
            continue
        is_hidden = name not in workbook.visible
        reading.leave_out(LeftOut("hidden_sheet" if is_hidden else "sheet", None, name))
        if is_hidden and name in with_figures:
            reading.notes.append(_("Det skjulte ark »%(name)s« har også tal om kommuner. Det er ikke læst.", name=name))


def _read_sheet(table: Table, reading: Reading, wish: Wish) -> Reading:
    """Read a sheet: turned round where the municipalities stand across, list by list where several stand beside."""
    sample = list(islice(table.rows(), SAMPLE))
    across = municipalities_across(sample)
    reading.first_rows = sample[:ROWS]
    reading.head = head_of_rows(sample, reading.sheet)
    if across is not None:
        above = list(islice(table.rows(), across))
        flat = turned(table, across, wish.limits)
        _read_lists(flat, reading, replace(wish, above=tuple(text for row in above for text in _texts(row))))
        turn_back(reading, across)
        reading.is_turned = True
    else:
        _read_lists(table, reading, wish)
    _ask_for_several(reading, wish)
    _multiply(reading, wish.options)
    return reading


def _texts(row: Row) -> Iterator[str]:
    yield from (text for cell in row if (text := text_of(cell)))


def _read_lists(table: Table, reading: Reading, wish: Wish) -> None:
    columns = columns_of(table, wish)
    if rivals := rival_places(columns):
        labels = [columns.headers[c] or letter_of(c) for c in rivals]
        reason = _(
            "»%(first)s« og »%(second)s« nævner hver sin kommune i samme række.", first=labels[0], second=labels[1]
        )
        advice = _("Vælg, hvilken af dem tallene handler om, og lad den anden ude.")
        reading.refuse(Problem("two_municipalities", None, labels[1], None, reason, advice))
        return
    starts = side_by_side(columns)
    if len(starts) < 2:
        read_table(table, reading, wish, columns)
        return
    ends = [*starts[1:], columns.width]
    reading.notes.append(
        _("Arket har %(count)d lister ved siden af hinanden; hver er læst efter sine egne kommuner.", count=len(starts))
    )
    for number, (start, end) in enumerate(zip([0, *starts[1:]], ends, strict=True)):
        part = Reading(layout=None, encoding=reading.encoding, delimiter=reading.delimiter, sheet=reading.sheet)
        read_table(BlockTable(table, start, end), part, wish)
        if not number:
            reading.cells, reading.title = part.cells, part.title
            part.cells = Cells(sheet=None, columns=())
        reading.absorb(part)
    if len(reading.cells):  # one list need not have the year that was chosen, where another has
        kept = [problem for problem in reading.problems if problem.rule != "wrong_year"]
        reading.problem_count -= len(reading.problems) - len(kept)
        reading.problems = kept


def _ask_for_several(reading: Reading, wish: Wish) -> None:
    """Without a catalogue any heading is an indicator; but where one was told, others beside it are no answer."""
    asked, labels = wish.options.indicator, [code for code in reading.cells.indicators if code]
    if wish.known is not None or not asked or asked not in labels or len(labels) < 2:
        return
    if any(problem.rule == "several_indicators" for problem in reading.problems):
        return
    others = ", ".join(
        f"»{label}«" for label in labels if label != asked and label not in wish.options.columns.values()
    )
    if others:
        reason = _("Filen har også tal, der hedder %(labels)s. Er de også %(code)s?", labels=others, code=asked)
        advice = _("Vælg, hvad de er, eller lad dem ude.")
        reading.refuse(Problem("several_indicators", None, None, None, reason, advice))


def _multiply(reading: Reading, options: ReadingOptions) -> None:
    """Bring figures to the catalogue's unit where a person said so: the answer is the factor, by the unit's words."""
    for unit in reading.units:
        answer = options.answers.get(f"unit:{unit.text}", "")
        if not answer.replace(".", "", 1).isdigit() or float(answer) == 1:
            continue
        number = float(answer)
        cells = reading.cells
        for position in range(len(cells)):
            if unit.column is None or cells.column[position] == unit.column:
                cells.value[position] *= number
        reading.notes.append(
            _("Tallene er ganget med %(factor)s, fordi filen siger »%(unit)s«.", factor=number, unit=unit.text)
        )


def offered_factor(said: str, wanted: str) -> float | None:
    """What figures in a file's unit are multiplied by to stand in the catalogue's; None where that is unknown or 1."""
    unit = unit_of(said)
    found = None if unit is None else factor(unit, unit_of(wanted))
    return None if found is None or found == 1 else found
