"""Numbers as they stand in files. A column's marks are decided from all of its cells; a cell never decides alone.

The symbols are those of Statistikbanken: `..` not available (or confidential), `.` not applicable, `-` nil, a real 0,
`*` beside a value preliminary. `x` and `<5` are suppressed: a value exists and is too small to show. Blank is not
reported.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite, nan
from typing import NamedTuple

from indicators.upload.cells import Missing

from .cells import PROVISIONAL, STATE_OF

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]+")
_MINUS = str.maketrans("−‐‑﹣－", "-----")
_PERCENT = re.compile(r"\s*(?:%|pct\.?|procent)$", re.IGNORECASE)
_PER_MILLE = re.compile(r"\s*(?:‰|promille)$", re.IGNORECASE)
_KRONER = re.compile(r"^(?:kr\.?|dkk)\s*(?=[\d+-])|(?<=[\d-])\s*(?:kr\.?|dkk)$", re.IGNORECASE)
_ENDS_IN_DASH = re.compile(r"(?<=\d),-{1,2}$")
_FOOTNOTE_MARK = re.compile(
    r"(?<=\d)(?:\s*[¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|\s*[†‡§#]+|\s+\(?(?:\d{1,2}|[a-z])\)|\s*\[\d{1,2}\])$", re.IGNORECASE
)
"""A mark that leads to a note, behind a number: raised figures, daggers, or in brackets after a space."""
_TRAILING_MINUS = re.compile(r"(\d[\d.,' ]*)-")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d{1,2}")
"""As a spreadsheet writes what does not fit in its column: 1,2E+3."""
YES_NO = {"ja": 1.0, "nej": 0.0, "yes": 1.0, "no": 0.0}
"""Answers that are read as 1 and 0 where a column has no numbers."""
_BELOW = re.compile(r"(?:<|<=|≤|under|(?:færre|mindre) end|(?:fewer|less) than)\s*\d+(?:[.,]\d+)?\s*%?", re.IGNORECASE)
_SYMBOLS: dict[str, tuple[float, int]] = {
    "": (nan, STATE_OF[Missing.NOT_REPORTED]),
    "..": (nan, STATE_OF[Missing.NOT_AVAILABLE]),
    "...": (nan, STATE_OF[Missing.NOT_AVAILABLE]),
    "…": (nan, STATE_OF[Missing.NOT_AVAILABLE]),
    ".": (nan, STATE_OF[Missing.NOT_APPLICABLE]),
    "-": (0.0, 0),
    "–": (0.0, 0),
    "x": (nan, STATE_OF[Missing.SUPPRESSED]),
    "X": (nan, STATE_OF[Missing.SUPPRESSED]),
    "*": (nan, STATE_OF[Missing.SUPPRESSED]),  # alone, as jobindsats.dk hides few people; beside a figure: preliminary
}
_STATUSES = {
    Missing.NOT_REPORTED: (
        "ikke indberettet", "ikke oplyst", "uoplyst", "mangler",
        "not_reported",
        "not reported", "missing",
    ),
    Missing.SUPPRESSED: (
        "diskretioneret", "diskretion", "fortrolig", "fortroligt", "for få til at vise", "for få", "undertrykt",
        "suppressed",
        "confidential", "x",
    ),
    Missing.NOT_APPLICABLE: ("ikke relevant", "ikke aktuelt", "ikke aktuel", "not_applicable", "not applicable", "."),
    Missing.NOT_COLLECTED: (
        "ikke opgjort", "ikke opgjort i år", "ikke indsamlet", "ikke målt",
        "not_collected", "not collected",
    ),
    Missing.UNANSWERED: ("ubesvaret", "ikke svaret", "ikke besvaret", "unanswered", "not answered"),
    Missing.DONT_KNOW: ("ved ikke", "dont_know", "don't know"),
    Missing.NOT_APPROVED: ("ikke godkendt", "not_approved", "not approved"),
    Missing.TOO_FEW_ANSWERS: ("for få svar", "too_few_answers", "too few answers"),
    Missing.NOT_AVAILABLE: (
        "ikke tilgængelig", "ikke tilgængeligt", "foreligger ikke", "not_available", "not available", "..",
    ),
}  # fmt: skip
STATUS_OF: dict[str, int] = {
    word: STATE_OF[kind] for kind, words in _STATUSES.items() for word in words
} | dict.fromkeys(("foreløbig", "foreløbigt", "foreløbige", "provisional", "preliminary", "*"), PROVISIONAL)
"""What a word in the status column sets: a kind of missing, or the bit for preliminary."""

_SHAPES = (
    ("point_thousands", re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+")),
    ("comma_thousands", re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+")),
    ("space_thousands", re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?")),
    ("quote_thousands", re.compile(r"[1-9]\d{0,2}(?:['’]\d{3})+(?:[.,]\d+)?")),
    ("exponent", _EXPONENT),
    ("yes_no", re.compile(f"(?i:{'|'.join(YES_NO)})")),
    ("crossed", re.compile("[xX]")),
    ("point_three", re.compile(r"[1-9]\d{0,2}\.\d{3}")),
    ("comma_three", re.compile(r"[1-9]\d{0,2},\d{3}")),
    ("point_decimal", re.compile(r"\d+\.\d+")),
    ("comma_decimal", re.compile(r"\d+,\d+")),
    ("small", re.compile(r"\d{1,3}")),
    ("large", re.compile(r"\d{4,}")),
)
_SHAPE = re.compile("|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in _SHAPES))
_UNITS_OF_ALL = frozenset({"‰", "kr."})
"""Units that change the size of a number: beside some numbers of a column and not beside others, nobody can tell."""
_STARTS = frozenset("0123456789+-")
_ONE_IN = 20
"""So rare may numbers without a mark be beside marked ones, and still say that the mark is one of thousands."""
_DECIMAL_AFTER = re.compile(r"[.,](?=\d+$)")


class NumberFormat(NamedTuple):
    """The marks of a column. `sure` is False where the evidence leaves two readings and custom decided.

    `yes_no`: the column has no numbers but Ja and Nej, which are 1 and 0. `unit` stands beside every number (‰, kr.).
    `trailing_minus`: a person said that `5-` is -5.
    """

    decimal: str | None
    thousands: str | None
    sure: bool = True
    yes_no: bool = False
    unit: str = ""
    trailing_minus: bool = False


@dataclass
class Evidence:
    """How the numbers of one column are written: shapes counted, and the units that stand in cells (%, ‰, kr.)."""

    shapes: Counter[str]
    units: Counter[str] = field(default_factory=Counter)
    extra_shapes: int = 0

    @classmethod
    def of(cls, cells: Iterable[object]) -> "Evidence":
        """Count the shapes of the text cells; Excel's own numbers say nothing about marks."""
        evidence = cls(Counter())
        for raw in cells:
            if isinstance(raw, str):
                evidence.see(raw)
        return evidence

    def see(self, raw: str, count: int = 1) -> None:
        """Count the shape of so many cells with this text."""
        text = core(raw).lstrip("+-")
        found = _SHAPE.fullmatch(text)
        if found is not None and not (raw[-1:].isdecimal() and raw[:1].isdecimal()) and (unit := unit_in(raw)):
            self.units[unit] += count
        if found is None or (name := found.lastgroup) is None:
            return
        self.shapes[name] += count
        if name in {"space_thousands", "quote_thousands"} and (mark := _DECIMAL_AFTER.search(text)):
            self.shapes["point_decimal" if mark[0] == "." else "comma_decimal"] += count
            self.extra_shapes += count

    def decide(self, *, file_decimal: str | None = None, delimiter: str | None = None) -> NumberFormat:
        """Decide the marks.

        A shape that can be read in one way decides (12,5 · 0.125 · 1.234.567 · 1.234,5); else a mark before three
        digits
        (3.427) is read by the other mark's use, by plain numbers beside it (7.152 beside 800 is thousands), by the
        file's other columns, and last by custom: comma-separated files write English, all others Danish. Custom is
        not sure.
        """
        return self._decided(file_decimal, delimiter)._replace(unit=self.shared_unit)

    @property
    def shared_unit(self) -> str:
        """The unit that stands beside every number of the column; blank where some stand alone."""
        unit, count = next(iter(self.units.most_common(1)), ("", 0))
        return unit if count == sum(self.shapes.values()) - self.extra_shapes else ""

    def _decided(self, file_decimal: str | None, delimiter: str | None) -> NumberFormat:
        shapes = self.shapes
        if shapes["yes_no"] and not set(+shapes) - {"yes_no", "crossed"}:
            return NumberFormat(None, None, yes_no=True)
        grouped = self._grouping()
        comma = bool(shapes["comma_decimal"] or shapes["point_thousands"])
        point = bool(shapes["point_decimal"] or shapes["comma_thousands"])
        if comma and point:
            mark = "," if self._weight(",") >= self._weight(".") else "."
            return NumberFormat(mark, grouped or self._other_grouping(mark), sure=False)
        if comma or point:
            mark = "," if comma else "."
            return NumberFormat(mark, grouped or self._other_grouping(mark))
        if shapes["point_three"] or shapes["comma_three"]:
            return self._three_digits(file_decimal, delimiter)
        return NumberFormat(None, grouped)

    def _three_digits(self, file_decimal: str | None, delimiter: str | None) -> NumberFormat:
        shapes = self.shapes
        custom = "." if delimiter == "," else ","
        if shapes["point_three"] and shapes["comma_three"]:
            return NumberFormat(file_decimal or custom, "," if (file_decimal or custom) == "." else ".", sure=False)
        mark, other = (".", ",") if shapes["point_three"] else (",", ".")
        # one whole number among many may as well be a decimal that ended in zeros: 1.234, 7, 2.345
        beside_plain = (
            _ONE_IN * shapes["small"] >= shapes[f"{'point' if mark == '.' else 'comma'}_three"] and not shapes["large"]
        )
        if file_decimal:
            is_thousands, sure = file_decimal == other, not (beside_plain and file_decimal == mark)
        elif beside_plain and (mark == "." or delimiter == ","):
            is_thousands, sure = True, True
        else:
            is_thousands, sure = custom == other, delimiter == ";" and mark == "," and not shapes["large"]
        return NumberFormat(other, mark, sure) if is_thousands else NumberFormat(mark, None, sure)

    def _grouping(self) -> str | None:
        shapes = self.shapes
        if shapes["space_thousands"]:
            return " "
        return "'" if shapes["quote_thousands"] else None

    def _other_grouping(self, decimal: str) -> str | None:
        """The thousands mark beside a known decimal mark, where the column shows it."""
        names = ("point_thousands", "point_three") if decimal == "," else ("comma_thousands", "comma_three")
        return ("." if decimal == "," else ",") if any(self.shapes[name] for name in names) else None

    def _weight(self, decimal: str) -> int:
        names = ("comma_decimal", "point_thousands") if decimal == "," else ("point_decimal", "comma_thousands")
        return sum(self.shapes[name] for name in names)


def core(raw: str) -> str:
    """A cell's number without what stands around it: spaces, unit, footnote mark, apostrophe, mark of a preliminary."""
    text = _SPACES.sub(" ", raw).strip()
    if text[:1].isdecimal() and text[-1:].isdecimal():
        return text if text.isascii() else text.translate(_MINUS)
    text = text if text.isascii() else text.translate(_MINUS)
    if text.endswith("*") or text.startswith("*"):
        text = text.strip("* ")
    if text[:1] in {"'", "’"} and text[1:2] in _STARTS:
        text = text[1:]
    text = _FOOTNOTE_MARK.sub("", text)
    text = _KRONER.sub("", _ENDS_IN_DASH.sub("", _KRONER.sub("", text)))
    return _PER_MILLE.sub("", _PERCENT.sub("", text))


def unit_in(raw: str) -> str:
    """The unit that stands beside a number in its cell: %, ‰ or kr.; blank where none does."""
    text = raw.strip().strip("*").strip()
    if _PERCENT.search(text):
        return "%"
    if _PER_MILLE.search(text):
        return "‰"
    return "kr." if _KRONER.search(text) else ""


class Percent(float):
    """A number that its cell shows as per cent, already a hundred times the share that is stored in it."""


class Shown(float):
    """A number that its cell shows with a unit that stands in the cell's format alone: 12,5 as "12,5 pr. 1.000"."""

    unit: str

    def __new__(cls, value: float, unit: str) -> "Shown":
        """The number with the words of its format."""
        shown = super().__new__(cls, value)
        shown.unit = unit
        return shown


class Refused(NamedTuple):
    """Why a cell is no number: text, date, truth, infinite or marks (written otherwise than its column)."""

    why: str


class NumberParser:
    """Reads the cells of one column: a value (nan when missing) with its state, or the reason it is refused."""

    def __init__(self, marks: NumberFormat) -> None:
        self.marks = marks
        decimal = re.escape(marks.decimal or ".,")
        fraction = rf"(?:[{decimal}]\d+)?" if marks.decimal else ""
        plain = r"(?:0|[1-9]\d*)"
        # a space or an apostrophe can only be a mark of thousands, so both may stand in one column
        self._grouping = "[ '’]" if marks.thousands in {"'", " "} else re.escape(marks.thousands or "")
        mark = self._grouping
        whole = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|{plain})" if marks.thousands else plain
        self._pattern = re.compile(rf"[+-]?{whole}{fraction}")
        self._cache: dict[str, tuple[float, int] | Refused] = dict(_SYMBOLS)
        if marks.yes_no:
            self._cache |= dict.fromkeys(("x", "X"), Refused("crossed"))  # ticked, or confidential: nobody can tell

    def __call__(self, raw: object) -> tuple[float, int] | Refused:
        """Read one cell."""
        if isinstance(raw, str):
            known = self._cache.get(raw)
            if known is None:
                known = self._text(raw)
                if len(self._cache) < 100_000:
                    self._cache[raw] = known
            return known
        return _native(raw)

    def _text(self, raw: str) -> tuple[float, int] | Refused:
        spaced = _SPACES.sub(" ", raw).strip()
        if spaced in _SYMBOLS:
            return self._cache[spaced]
        provisional = 0
        if len(spaced) > 1 and spaced.endswith("*"):
            provisional, spaced = PROVISIONAL, spaced.rstrip("* ")
            if spaced in _SYMBOLS and spaced:
                value, state = _SYMBOLS[spaced]
                return value, state | provisional
        if _BELOW.fullmatch(spaced):
            return nan, STATE_OF[Missing.SUPPRESSED] | provisional
        if unit_in(spaced) in _UNITS_OF_ALL - {self.marks.unit}:
            return Refused("unit")
        return self._number(spaced, provisional)

    def _number(self, spaced: str, provisional: int) -> tuple[float, int] | Refused:
        if self.marks.yes_no and spaced.casefold() in YES_NO:
            return YES_NO[spaced.casefold()], provisional
        text = core(spaced)
        if self.marks.trailing_minus and (turned := _TRAILING_MINUS.fullmatch(text)):
            text = f"-{turned[1]}"
        if self._pattern.fullmatch(text):
            value = float(self._plain(text)) + 0.0  # -0,0 is 0
            return (value, provisional) if isfinite(value) else Refused("infinite")
        if _EXPONENT.fullmatch(text) and text.count(self.marks.decimal or ",") + text.count(".") <= 1:
            return float(text.replace(",", ".")) + 0.0, provisional
        why = _why(spaced) if _why(text) == "text" else _why(text)
        return Refused("answer" if self.marks.yes_no and why == "text" else why)

    def _plain(self, text: str) -> str:
        if self.marks.thousands:
            text = re.sub(self._grouping, "", text)
        return text.replace(",", ".")


@dataclass(frozen=True)
class CellError:
    """A spreadsheet cell that holds no value to read: `why` is error (#N/A and the like) or formula (never
    computed)."""

    why: str

    def __str__(self) -> str:
        return "#FEJL" if self.why == "error" else "=…"


def _native(raw: object) -> tuple[float, int] | Refused:
    if isinstance(raw, bool):
        return Refused("truth")
    if isinstance(raw, int | float):
        return (float(raw) + 0.0, 0) if isfinite(raw) else Refused("infinite")
    if raw is None:
        return _SYMBOLS[""]
    if isinstance(raw, CellError):
        return Refused(raw.why)
    return Refused("date" if isinstance(raw, date | datetime | time | timedelta) else "text")


_MONTH = r"(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)\w*"
_DATE = re.compile(
    rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|\d{{1,2}}[-/. ]*{_MONTH}\.?(?:[- ]\d+)?|{_MONTH}[-. ]+\d+", re.IGNORECASE
)


def _why(text: str) -> str:
    if _DATE.fullmatch(text):
        return "date"
    if text.casefold() in YES_NO:
        return "yes_no"
    if _TRAILING_MINUS.fullmatch(text):
        return "trailing_minus"
    if re.fullmatch(r"\.{4,}", text):
        return "dots"
    return "marks" if re.fullmatch(r"[+-]?[\d.,'’ ]*\d", text) else "text"


def is_number(raw: object) -> bool:
    """Whether a cell is written as a number: looks numeric and has a digit."""
    return looks_numeric(raw) and (not isinstance(raw, str) or any(letter.isdigit() for letter in raw))


def looks_numeric(raw: object) -> bool:
    """Whether a cell can stand in a column of values: a number, a symbol that means missing, or `<5`; blanks cannot
    tell."""
    if isinstance(raw, str):
        spaced = raw.strip()
        if not spaced:
            return False
        if spaced.isdecimal():
            return True
        if spaced.rstrip("*") in _SYMBOLS or spaced.casefold() in YES_NO or _BELOW.fullmatch(spaced):
            return True
        text = core(spaced)
        return _why(text) in {"marks", "trailing_minus", "dots"} or bool(_EXPONENT.fullmatch(text))
    return isinstance(raw, int | float) and not isinstance(raw, bool)
