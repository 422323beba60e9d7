"""The files of the command: ANSWERS, QUESTIONS and FRAME read, RESULT written whole or not at all.

Nothing is guessed but the separator (comma, semicolon or tab, by the header). What cannot be used is refused in one
line that names file, line, column and value.
"""

import csv
import io
import math
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .figures import AnswersError, Figure, Kind, Question, Respondent

RESULT_COLUMNS = (
    "municipality", "question", "asked", "answered", "estimate", "low", "high", "bound_low", "bound_high",
    "published", "ranked", "reason",
)  # fmt: skip
RESERVED = ("municipality", "weight")
LARGEST = 1e100
"""A number beyond this is a mistake, and its square could not be computed with."""
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_WHOLE = re.compile(r"\d{1,12}")
_QUOTED = re.compile(r'"[^"]*"')


class Row(NamedTuple):
    """A row of a file: its line number and its cells by column, without blanks around them."""

    line: int
    cells: Mapping[str, str]


class TableFile(NamedTuple):
    """A file that was read: its name for messages, and whether a comma may be a decimal comma in it."""

    name: str
    rows: Sequence[Row]
    comma: bool

    def error(self, row: Row, column: str, what: str) -> AnswersError:
        """A refusal that names file, line and column."""
        return AnswersError(f"{self.name}, line {row.line}, column {column}: {what}")


def read_questions(path: Path) -> list[Question]:
    """QUESTIONS: `question,kind` and, by kind, `yes` or `min` and `max`. Raises AnswersError, OSError."""
    file = read_table(path, ("question", "kind"))
    questions: dict[str, Question] = {}
    for row in file.rows:
        code = row.cells["question"]
        if not code:
            raise file.error(row, "question", "a question without a name")
        if code in RESERVED:
            raise file.error(
                row, "question", f"{code!r} is the name of a column of the answers; call it something else"
            )
        if code in questions:
            raise file.error(row, "question", f"{code!r} stands twice; keep one of the lines")
        questions[code] = _question(file, row)
    return list(questions.values())


def _question(file: TableFile, row: Row) -> Question:
    code, kind, yes = row.cells["question"], row.cells["kind"], row.cells.get("yes", "")
    if kind not in Kind.__members__.values():
        raise file.error(row, "kind", f"{kind!r} is not known; write share or mean")
    low, high = (_optional(file, row, column) for column in ("min", "max"))
    if kind == Kind.SHARE and not yes:
        raise file.error(row, "yes", f"the share {code!r} needs the answer that counts")
    if low is not None and high is not None and low >= high:
        raise file.error(row, "max", f"{row.cells['max']!r} is not more than the min {row.cells['min']!r}")
    return Question(code, Kind(kind), yes, low, high)


def _optional(file: TableFile, row: Row, column: str) -> float | None:
    text = row.cells.get(column, "")
    return number(file, row, column) if text else None


def read_frame(path: Path) -> dict[str, int]:
    """FRAME: `municipality,asked`, asked a whole number. Raises AnswersError, OSError."""
    file = read_table(path, ("municipality", "asked"))
    frame: dict[str, int] = {}
    for row in file.rows:
        code, asked = row.cells["municipality"], row.cells["asked"]
        if not code:
            raise file.error(row, "municipality", "a row without a municipality")
        if code in frame:
            raise file.error(row, "municipality", f"{code!r} stands twice; keep one of the lines")
        if not _WHOLE.fullmatch(asked):
            raise file.error(row, "asked", f"{asked!r} is not a whole number of people (0 or more)")
        frame[code] = int(asked)
    return frame


def read_answers(path: Path, questions: Sequence[Question], frame: Mapping[str, int]) -> list[Respondent]:
    """ANSWERS: a row per respondent, `municipality`, a column per question, optional `weight`; empty is no answer.

    Other columns are ignored. Raises AnswersError, OSError.
    """
    file = read_table(path, ("municipality", *(question.code for question in questions)))
    respondents, counts = [], dict.fromkeys(frame, 0)
    for row in file.rows:
        code = row.cells["municipality"]
        if code not in counts:
            raise file.error(row, "municipality", f"{code!r} is not in the frame; add it there or correct it here")
        answers = {q.code: _answer(file, row, q) for q in questions if row.cells[q.code]}
        weight = _weight(file, row) if "weight" in row.cells else 1.0
        respondents.append(Respondent(code, answers, weight))
        counts[code] += bool(answers)
        if counts[code] > frame[code]:
            raise file.error(
                row, "municipality", f"{code!r} has more answers than the {frame[code]} asked in the frame; correct one"
            )
    return respondents


def _answer(file: TableFile, row: Row, question: Question) -> str | float:
    text = row.cells[question.code]
    if question.kind is Kind.SHARE:
        return text
    value = number(file, row, question.code)
    low = -LARGEST if question.low is None else question.low
    high = LARGEST if question.high is None else question.high
    if not low <= value <= high:
        end = f"below the min {low:g}" if value < low else f"above the max {high:g}"
        raise file.error(row, question.code, f"{text!r} is {end}; leave the cell empty if it is no answer")
    return value


def _weight(file: TableFile, row: Row) -> float:
    text = row.cells["weight"]
    if not text:
        raise file.error(row, "weight", "empty; every respondent needs a weight, or the file no such column")
    value = number(file, row, "weight")
    if value <= 0:
        raise file.error(row, "weight", f"{text!r} is not more than 0; leave out who does not count")
    return value


def number(file: TableFile, row: Row, column: str) -> float:
    """A cell as a number; a decimal comma only where the comma does not separate cells. Raises AnswersError."""
    text = row.cells[column]
    try:
        value = float(text.replace(",", ".") if file.comma and _DECIMAL_COMMA.fullmatch(text) else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise file.error(row, column, f"{text!r} is not a number")
    if abs(value) > LARGEST:
        raise file.error(row, column, f"{text!r} is too large to compute with")
    return value


def read_table(path: Path, wanted: Sequence[str]) -> TableFile:
    """A CSV file in UTF-8 with these columns; blank rows are passed over. Raises AnswersError, OSError."""
    name = path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswersError(f"{name}: not UTF-8 text (byte {error.start}); save it as CSV UTF-8") from error
    first = _QUOTED.sub("", text.lstrip("\r\n").split("\n", 1)[0])
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise AnswersError(f"{name}, line {reader.line_num}: {error}") from error
    if not lines:
        raise AnswersError(f"{name}: empty; the first line names the columns")
    header = lines[0][1]
    for column in wanted:
        if header.count(column) != 1:
            found = "is not in the header" if column not in header else "stands twice in the header"
            raise AnswersError(f"{name}, line {lines[0][0]}: the column {column!r} {found}")
    if header.count("weight") > 1:
        raise AnswersError(f"{name}, line {lines[0][0]}: the column 'weight' stands twice in the header")
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            raise AnswersError(f"{name}, line {line}: {len(cells)} cells, the header has {len(header)}")
        rows.append(Row(line, dict(zip(header, cells, strict=True))))
    return TableFile(name, rows, separator != ",")


def result_text(figures: Iterable[Figure]) -> str:
    """RESULT: a row per municipality and question. Numbers are written so that reading them gives the same number."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(RESULT_COLUMNS)
    for each in figures:
        low, high = each.interval or (None, None)
        numbers = (each.estimate, low, high, each.bound_low, each.bound_high)
        writer.writerow(
            [each.municipality, each.question, each.asked, each.answered]
            + ["" if value is None else repr(value) for value in numbers]
            + [str(each.published).lower(), str(each.ranked).lower(), each.reason.value]
        )
    return file.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all. Raises OSError that names `path`."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(text)
                file.close()
                Path(file.name).chmod(0o666 & ~_umask())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
