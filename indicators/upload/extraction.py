"""A plan carried out: every row of the sheet becomes values, a row left out, or a problem with its place."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import isnan, nan

from indicators.upload.cells import Missing

from .alike import NOT_FILLED, ColumnByColumn
from .beside import FOOTNOTE, Beside, LinesBetween
from .cells import BLANK, NO_WORTH, PROVISIONAL, STATE_BITS, STATE_OF, Cells, Worth
from .columns import Columns
from .headings import role_of
from .indicator_labels import Labels, Levels
from .layouts import Plan
from .marks import rows_at_once
from .messages import Text, _
from .numbers import STATUS_OF, NumberParser, Refused, looks_numeric
from .period_rules import COMBINING, year_by_rule
from .periods import part_of_year, period_of, year_of
from .places import Place, agree, gazetteer
from .reading import LeftOut, Problem, Question, Reading
from .refused_cells import WHY
from .tables import NO_FACTS, Row, SheetFacts, letter_of, text_of
from .worth import worth_of

_TRAILING_MINUS = Question(
    "trailing_minus", "trailing_minus", _("Et minus efter tallet"), (("minus", _("»5,2-« er -5,2")),)
)
_TOO_FEW = STATE_OF[Missing.TOO_FEW_ANSWERS]
_NO_MEANING = {"": 0, "ok": 0, "endelig": 0, "endelige": 0, "final": 0}


class Extraction(ColumnByColumn):
    """Walks the rows of one sheet and fills a reading."""

    def __init__(  # noqa: PLR0913  a plan, and what the sample of rows said of it
        self,
        plan: Plan,
        columns: Columns,
        reading: Reading,
        *,
        parsers: Mapping[int, NumberParser],
        telling: Sequence[int],
        fills: bool,
        filled: Sequence[int] = (),
        facts: SheetFacts = NO_FACTS,
    ) -> None:
        """`fills`: a municipality counts for the rows under it; `filled`: the columns whose label does so too."""
        self.plan = plan
        self.columns = columns
        self.options = columns.options
        self.reading = reading
        self.cells = Cells(sheet=reading.sheet, columns=[h or letter_of(c) for c, h in enumerate(plan.headers)])
        reading.cells = self.cells
        self._values = [(v.column, v, parsers[v.column]) for v in plan.values]
        self._labels = Labels(plan, columns, reading, self.cells, telling, filled=plan.indicator in filled)
        self._levels = Levels((*plan.stubs, *filled), together=plan.places)
        self._fills = fills
        self._filled = tuple(filled)
        self._nested = bool(fills or plan.stubs or filled)
        self._telling = tuple(telling)
        self._header = None if plan.header is None else [text_of(c) for c in columns.rows[plan.header]]
        self._overflow = _last_header(plan.headers) if self._header else len(plan.headers)
        self._find = gazetteer().find
        self._last_row = 0
        self._cut_short = 0
        self._years: dict[object, int | None] = {}
        self._places: dict[object, tuple[Place | None, str]] = {}
        self._place_start, self._place_end = min(plan.places), max(plan.places) + 1
        self._one_place = len(plan.places) == 1
        self._last_value = max((value.column for value in plan.values), default=-1)
        self._missing_year = 0
        self._other_year = 0
        self._part = ""
        self.parts: list[int] = []
        """The number of each cell's part of its year, where parts are to be put together."""
        self._beside = Beside(facts, reading, self.options)
        self._lines = LinesBetween(reading, self.options)
        self._places_at = plan.places
        self._statuses: dict[object, int] = {}
        self._is_plain = not (telling or self._beside.is_any)
        self._has_parts = reading.period_rule in COMBINING
        is_long = len(plan.values) == 1 and len(plan.headers) <= self._overflow
        nothing_more = not (plan.worth or self._has_parts or self._nested or facts.hidden_rows)
        self._may_be_alike = reading.encoding is not None and is_long and nothing_more and self._is_plain

    def body(self, rows: Iterator[tuple[int, Row]]) -> None:
        """Take in the body: many rows together where they are alike, else one by one."""
        while some := list(islice(rows, rows_at_once(self.plan))):
            if not self._alike(some):
                for number, row in some:
                    self.row(number, row)

    def row(self, number: int, row: Row) -> None:
        """Take in one row of the body; `number` counts from 1."""
        if row:
            self._last_row = number
        if not (row and row[0]) and not any(cell is not None and cell not in {"", " "} for cell in row):
            return
        place, label = self._quick_place(row)
        if number in self._beside.hidden_rows:
            self.reading.leave_out(LeftOut("hidden_row", number, label or _first_text(row)))
        elif place is None:
            self._no_place(number, row, label)
        elif place.is_municipality:
            self._municipality(number, row, place)
        elif self._is_header(row):
            self.reading.leave_out(LeftOut("repeated_header", number, label))
        elif place.kind == "unknown" and self._is_second_heading(row):
            why = (
                _("Rækken er en ny overskrift: filen har flere tabeller under hinanden."),
                _("Del filen, så hver tabel er sin egen fil eller sit eget ark."),
            )
            self.refuse("second_heading", number, None, label, why)
        elif place.kind == "unknown":
            self._unknown(number, row, label)
        else:
            self.reading.leave_out(LeftOut(place.kind, number, label))

    def finish(self) -> None:
        """Say what can only be said at the end."""
        self._beside.tell()
        self._lines.tell(sorted(set(self.cells.year)))
        self._labels.report()
        if self._cut_short and self._cut_short == self._last_row and self.reading.encoding is not None:
            why = (_("Filens sidste række er kortere end de andre. Er filen hel?"), _("Hent eller gem filen igen."))
            self.refuse("cut_short", self._cut_short, None, None, why)
        if self._missing_year:
            why = (_("Filen siger ikke, hvilket år tallene er fra."), _("Angiv året."))
            self.reading.refuse(Problem("no_year", None, None, None, *why))
        if (self._other_year or self.plan.other_years) and not len(self.cells):
            why = (_("Filen har ingen tal fra %(year)d.", year=self.options.year or 0), _("Ret året."))
            self.reading.refuse(Problem("wrong_year", None, None, None, *why))

    def refuse(
        self,
        rule: str,
        number: int,
        column: int | None,
        value: object,
        why: tuple[Text, Text],
        place: Place | None = None,
    ) -> None:
        """Record a problem at a place."""
        label = None if column is None else self.cells.columns[column]
        text = None if value is None else text_of(value)[:200]
        self.reading.refuse(Problem(rule, number, label, text, *why, place.name if place else None))

    def _quick_place(self, row: Row) -> tuple[Place | None, str]:
        """The same as `_place`, remembered for cells that were seen before, where no row depends on those above it."""
        if self._nested or len(row) < self._place_end:
            return self._place(row)
        key = row[self._place_start] if self._one_place else (row[self._place_start], row[self._place_end - 1])
        known = self._places.get(key)
        if known is None:
            known = self._place(row)
            if len(self._places) < 20_000:
                self._places[key] = known
        return known

    def _place(self, row: Row) -> tuple[Place | None, str]:
        """What the row is about and the label that says so; no place where no label stands."""
        found: list[tuple[Place, str]] = []
        if self._nested and not self._is_header(row):
            self._levels.enter(row)
        for column in self._places_at:
            label = self._levels.label(column) if self._fills else text_of(row[column]) if column < len(row) else ""
            if label:
                found.append((self._find(label), label))
        if not found:
            return self._total(row)
        if len(found) == 2 and found[0][0] != found[1][0]:
            return agree(*found)
        return found[0][0], " ".join(label for _place, label in found)

    def _total(self, row: Row) -> tuple[Place | None, str]:
        """A row without a municipality whose own words, in another column, are those of a region or the country."""
        for column in (*self.plan.stubs, *self.plan.left_out) if self._has_values(row) else ():
            label = text_of(row[column]) if column < len(row) else ""
            if label and (place := self._find(label)).kind in {"country", "region", "part_of_country", "group"}:
                return place, label
        return None, _first_text(row)

    def _is_header(self, row: Row) -> bool:
        if self._header is None or not row or text_of(row[0]) != self._header[0]:
            return False
        return [text_of(cell) for cell in row] == self._header

    def _is_second_heading(self, row: Row) -> bool:
        """Whether a row that is not the table's own header names the municipality's column once more."""
        return any(
            role_of(text_of(row[column])) in {"code", "municipality"}
            for column in self.plan.places
            if column < len(row)
        )

    def _has_values(self, row: Row) -> bool:
        return any(looks_numeric(row[column]) for column, _v, _p in self._values if column < len(row))

    def _no_place(self, number: int, row: Row, label: str) -> None:
        if self._has_values(row) and not self._is_header(row) and not FOOTNOTE.match(_first_text(row)):
            why = (_("Rækken har tal, men ingen kommune."), _("Skriv kommunens kode eller navn i rækken."))
            self.refuse("no_municipality", number, None, label or None, why)
        elif not self.plan.stubs or not label or FOOTNOTE.match(label):
            self.reading.leave_out(LeftOut("text", number, _first_text(row)[:200]))
            self._lines.see(number, _first_text(row))

    def _unknown(self, number: int, row: Row, label: str) -> None:
        is_note = bool(FOOTNOTE.match(label)) or len(label) > 60
        near = None if is_note or self.reading.problem_count > 500 else gazetteer().nearest(label)
        if not is_note and (self._has_values(row) or near):
            advice = _("Mener du %(name)s?", name=near) if near else _("Ret kommunens navn eller kode.")
            column = self.plan.places[-1]
            why = (_("Ukendt kommune: »%(label)s«.", label=label), advice)
            self.refuse("unknown_municipality", number, column, label, why)
        elif not (self.plan.stubs and not self._has_values(row)):
            self.reading.leave_out(LeftOut("text", number, label[:200]))
            self._lines.see(number, label)

    def _year(self, number: int, row: Row) -> int | None:
        """The row's year: 0 where no column says it, None where it cannot be read (and is refused) or is another
        one."""
        column = self.plan.year
        if column is None:
            return 0
        raw = row[column] if column < len(row) else None
        raw = self._levels.label(column) if self._filled and column in self._filled else raw
        year = self._years.get(raw)
        if year is None:
            year = self._years[raw] = self._year_in(raw)
        if year == -1:  # a part of the year that the chosen rule does not take
            self.reading.leave_out(LeftOut("other_part", number, text_of(raw)))
            return None
        if year is None:
            why = (
                _("»%(value)s« er ikke et år.", value=text_of(raw)),
                _("Skriv året med fire cifre. Kvartaler og måneder kan ikke bruges."),
            )
            self.refuse("no_year", number, column, raw, why)
        elif self.options.year and year != self.options.year:
            self._other_year += 1
            self.reading.leave_out(LeftOut("other_year", number, str(year)))
            return None
        return year

    def _year_in(self, raw: object) -> int | None:
        """The year a cell says; of the year that was asked for also one quarter or month, where the file has no
        other."""
        year = year_of(raw)
        if year is None and (rule := self.reading.period_rule) and (part := period_of(text_of(raw))) and not part.rest:
            return year_by_rule(part, rule) or -1
        period = period_of(text_of(raw)) if year is None and self.options.year else None
        if period is None or period.rest:
            return year
        if period.year == self.options.year:
            self._part = self._part or period.part
        return period.year if self._part == period.part or period.year != self.options.year else None

    def _municipality(self, number: int, row: Row, place: Place) -> None:
        width = len(row)
        is_plain = self._is_plain and width <= self._overflow and not self._lines.is_open
        if not is_plain and not self._is_to_be_read(number, row, place):
            return
        row_year = self._year(number, row)
        if row_year is None:
            return
        self.reading.rows += 1
        before = len(self.cells)
        self._cut_short = number if width <= self._last_value else 0
        status = self._status(number, row)
        for column, value, parse in self._values:
            year = row_year or value.year or self.options.year
            if not year:
                self._missing_year += 1
                continue
            indicator = self._labels.number(number, row, value, self._levels)
            if indicator is None or status is None:
                continue
            bits = status | (PROVISIONAL if value.provisional else 0)
            if self._beside.is_any and (bits := self._beside.bits(number, column, place, bits)) < 0:
                continue
            raw = row[column] if column < width else ""
            self._value(number, column, raw, (place.code, year, indicator), bits, parse, row)
        if self.plan.note is not None and self.plan.note < width and (note := text_of(row[self.plan.note] or "")):
            self.cells.notes.update(dict.fromkeys(range(before, len(self.cells)), note))
        if self._has_parts:
            self._number_parts(row, before)

    def _number_parts(self, row: Row, before: int) -> None:
        """Keep which part of its year each new cell is: its row says it, or its column's heading."""
        own = None if self.plan.year is None else period_of(text_of(row[self.plan.year]))
        for position in range(before, len(self.cells)):
            period = own or period_of(self.plan.headers[self.cells.column[position]])
            self.parts.append(part_of_year(period.part)[1] if period else 0)

    def _is_to_be_read(self, number: int, row: Row, place: Place) -> bool:
        """Whether a municipality's row has figures of this table: not too wide, not empty, not struck through."""
        if len(row) > self._overflow and any(text_of(cell) for cell in row[self._overflow :]):
            why = (
                _("Rækken har flere celler end overskriften."),
                _("Er decimalkomma og skilletegn det samme? Brug semikolon mellem cellerne.")
                if self.reading.encoding
                else _("Skriv en overskrift over hver kolonne, eller sig, i hvilken række overskrifterne står."),
            )
            self.refuse("too_wide", number, None, None, why)
            return False
        if self._telling and not any(text_of(row[column]) for column, _v, _p in self._values if column < len(row)):
            return False
        if self._lines.is_open and self._has_values(row):
            self._lines.ask()
        if self._beside.is_struck(number, self._places_at):
            self._beside.leave_out_struck(number, place.name)
            return False
        return True

    def _value(
        self,
        number: int,
        column: int,
        raw: object,
        key: tuple[int, int, int],
        status: int,
        parse: NumberParser,
        row: Row,
    ) -> None:
        parsed = parse(raw)
        if isinstance(parsed, Refused):
            if parsed.why == "trailing_minus" and all(each.key != "trailing_minus" for each in self.reading.questions):
                self.reading.questions.append(_TRAILING_MINUS)
            self.refuse("not_a_number", number, column, raw, WHY[parsed.why], self._find(str(key[0])))
            return
        value, state = parsed
        if self.plan.worth and not self._worth(number, value, row, status):
            return
        if status & STATE_BITS == _TOO_FEW:
            value = nan  # what is shown and not ranked is kept with what it is worth
        if status & STATE_BITS:
            if value == value:  # noqa: PLR0124 (nan is not itself)
                why = (
                    _("Rækken har både en værdi og en status, der siger, at værdien mangler."),
                    _("Slet værdien eller status."),
                )
                self.refuse("value_and_status", number, column, raw, why, self._find(str(key[0])))
                return
            state = status & STATE_BITS
        elif state == NOT_FILLED and (raw is None or not text_of(raw)):
            state |= BLANK
        self.cells.append(*key, value, state | (status & PROVISIONAL), number, column)

    def _worth(self, number: int, value: float, row: Row, status: int) -> bool:
        """Keep what the row says its figure is worth, for the cell that comes next; False where it is refused."""
        given = None if isnan(value) else value
        worth = worth_of(row, self.plan.worth, given)
        if not isinstance(worth, Worth):
            name, reason, advice = worth
            column = self.plan.worth[name]
            self.refuse("worth", number, column, row[column] if column < len(row) else "", (reason, advice))
            return False
        if status & STATE_BITS == _TOO_FEW:
            worth = worth._replace(shown=given)
        if worth != NO_WORTH:
            self.cells.worth[len(self.cells)] = worth
        return True

    def _status(self, number: int, row: Row) -> int | None:
        """What the status column sets; None where its word is not known (and is refused)."""
        column = self.plan.status
        if column is None or column >= len(row) or not row[column]:
            return 0
        raw = row[column]
        if (known := self._statuses.get(raw)) is not None:
            return known
        word = text_of(raw).casefold()
        status = STATUS_OF.get(word, _NO_MEANING.get(word))
        if status is None:
            why = (
                _("Ukendt status: »%(word)s«.", word=word),
                _(
                    "Brug: ikke indberettet, diskretioneret, ikke relevant, ikke opgjort, ikke tilgængelig, ubesvaret, "
                    "ved ikke, ikke godkendt, for få svar eller foreløbig."
                ),
            )
            self.refuse("unknown_status", number, column, word, why)
        else:
            self._statuses[raw] = status
        return status


def _first_text(row: Row) -> str:
    return next((text_of(cell) for cell in row if text_of(cell)), "")


def _last_header(headers: Sequence[str]) -> int:
    return max((column + 1 for column, header in enumerate(headers) if header), default=len(headers))
