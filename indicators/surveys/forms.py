"""A questionnaire as a workbook in the XLSForm convention: read, checked, written. No Django.

Survey people know the convention from ODK and KoboToolbox, and can open our files there: sheets `survey`, `choices` and
`settings`; columns type, name, label::Dansk (da), label::English (en), hint::…, relevant, constraint, required. What an
index needs and a form does not (which indicator, what is counted, of whom, over which period, words since when) stands
in columns of its own, which those tools pass over.

A share asks for numerator and denominator: a group of two whole numbers, `<name>_taeller` and `<name>_naevner`.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import xlsxwriter

from indicators.surveys.conditions import Kind
from indicators.upload.limits import LIMITS
from indicators.upload.reading import Unreadable
from indicators.upload.workbook import open_workbook

from .conditions import ConditionError, names_in

DA, EN = "Dansk (da)", "English (en)"
NUMERATOR, DENOMINATOR = "_taeller", "_naevner"
SURVEY = (
    "type", "name", f"label::{DA}", f"label::{EN}", f"hint::{DA}", f"hint::{EN}", "relevant", "constraint",
    f"constraint_message::{DA}", f"constraint_message::{EN}", "required", "kind", "indicator", "counts", "low", "high",
    "per", "universe_da", "universe_en", "period_da", "period_en", "since",
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{DA}", f"label::{EN}")
SETTINGS = ("form_title", "form_id", "version", "default_language", "instrument", "title_en")
_A_FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # the same file each time
_WIDTHS = {0: 20, 1: 30, 2: 60, 3: 60, 4: 40, 5: 40, 6: 30, 7: 20}


CHOSEN = {Kind.YES_NO, Kind.SCALE, Kind.CHOICE}
TYPES = {
    Kind.RATE: "decimal", Kind.COUNT: "integer", Kind.DAYS: "decimal", Kind.WEEKS: "decimal", Kind.NUMBER: "decimal",
    Kind.TEXT: "text",
}  # fmt: skip


class FormError(Exception):
    """A workbook is no form that can be used. `problems` has a line for each thing, with its sheet and row."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen."""

    name: str
    label_da: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `counts` are the choices that make the share (the others are no); `per` is what a rate is of.

    `since` is the first year with these words: figures before and after are not compared.
    """

    code: str
    kind: Kind
    label_da: str
    label_en: str = ""
    section: str = ""
    hint_da: str = ""
    hint_en: str = ""
    relevant: str = ""
    constraint: str = ""
    message_da: str = ""
    message_en: str = ""
    required: bool = False
    indicator: str = ""
    choices: tuple[Choice, ...] = ()
    counts: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    per: float | None = None
    universe_da: str = ""
    universe_en: str = ""
    period_da: str = ""
    period_en: str = ""
    numerator_da: str = ""
    numerator_en: str = ""
    denominator_da: str = ""
    denominator_en: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together and can be given to one colleague."""

    code: str
    label_da: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire in a version, for one of the two instruments (administrations, members)."""

    code: str
    instrument: str
    version: int
    title_da: str
    title_en: str
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = field(default=())


Row = tuple[int, Mapping[str, str]]


def read_form(content: bytes) -> Form:
    """Read a workbook. Raises FormError with everything that is wrong, each with sheet, row and what to do."""
    try:
        book = open_workbook(content, LIMITS)
        sheets = {
            name: _rows(book.table(name).rows()) for name in book.sheets if name in {"survey", "choices", "settings"}
        }
    except Unreadable as error:
        raise FormError([str(error)]) from error
    if absent := [name for name in ("survey", "settings") if not sheets.get(name)]:
        raise FormError([f"{name}: the workbook has no such sheet, or it is empty" for name in absent])
    return _Reader(sheets).form()


def _rows(rows: Iterator[Sequence[object]]) -> list[Row]:
    header = [_text(cell) for cell in next(rows, ())]
    found: list[Row] = []
    for number, cells in enumerate(rows, start=2):
        row = {name: text for name, cell in zip(header, cells, strict=False) if name and (text := _text(cell))}
        if row:
            found.append((number, row))
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


class _Reader:
    """Walks the sheets once, collects what is wrong, and makes the form if nothing is."""

    def __init__(self, sheets: Mapping[str, list[Row]]) -> None:
        self.sheets = sheets
        self.problems: list[str] = []
        self.lists: dict[str, list[Choice]] = {}
        self.items: dict[str, Item] = {}
        self.sections: dict[str, Section] = {}
        self.rows_of: dict[str, int] = {}

    def form(self) -> Form:
        for _number, row in self.sheets.get("choices", []):
            choice = Choice(row.get("name", ""), row.get(f"label::{DA}", ""), row.get(f"label::{EN}", ""))
            self.lists.setdefault(row.get("list_name", ""), []).append(choice)
        self._survey()
        self._conditions()
        number, settings = self.sheets["settings"][0]
        version, instrument = settings.get("version", ""), settings.get("instrument", "")
        if not version.isdecimal() or not 1 <= int(version) <= 9999:
            self.problems.append(f"settings, row {number}, column version: {version!r} is not a whole number from 1")
        if instrument not in {"administrations", "members"}:
            self.problems.append(
                f"settings, row {number}, column instrument: {instrument!r}; write administrations or members"
            )
        if not self.items:
            self.problems.append("survey: no question")
        if self.problems:
            raise FormError(self.problems)
        title = settings.get("form_title", "")
        return Form(
            settings.get("form_id", ""), instrument, int(version), title, settings.get("title_en", title),
            tuple(self.sections.values()), tuple(self.items.values()),
        )  # fmt: skip

    def _survey(self) -> None:
        section, share = "", ""
        for number, row in self.sheets["survey"]:
            first, _space, rest = row.get("type", "").partition(" ")
            if row.get("type", "") in {"begin_group", "begin group"}:
                if row.get("kind") == Kind.SHARE:
                    share = self._add(number, row, Kind.SHARE, section)
                elif section:
                    self._wrong(number, "type", "a section inside a section; end the first one before")
                else:
                    section = row.get("name", "")
                    self.sections[section] = Section(section, row.get(f"label::{DA}", ""), row.get(f"label::{EN}", ""))
            elif row.get("type", "") in {"end_group", "end group"}:
                section, share = (section, "") if share else ("", "")
            elif share:
                self._part(number, row, share)
            elif kind := self._kind(number, row, first, rest):
                self._add(number, row, kind, section, rest)

    def _kind(self, number: int, row: Mapping[str, str], first: str, rest: str) -> Kind | None:
        said = row.get("kind", "")
        by_type = {"select_one": Kind.CHOICE, "integer": Kind.COUNT, "decimal": Kind.NUMBER, "text": Kind.TEXT}
        if first not in by_type:
            self._wrong(number, "type", f"{first!r} is not used here; write select_one, integer, decimal or text")
            return None
        if first == "select_one" and rest not in self.lists:
            self._wrong(number, "type", f"the sheet choices has no list {rest!r}")
            return None
        if said and said not in Kind.__members__.values():
            self._wrong(number, "kind", f"{said!r} is not known; write one of {', '.join(Kind)}")
            return None
        kind = Kind(said) if said else by_type[first]
        if (kind in CHOSEN) != (first == "select_one") or kind is Kind.SHARE:
            self._wrong(number, "kind", f"{said!r} does not fit the type {first!r}")
            return None
        return kind

    def _add(self, number: int, row: Mapping[str, str], kind: Kind, section: str, choices: str = "") -> str:
        code = row.get("name", "")
        if not code or code in self.rows_of or not code.replace("-", "_").isidentifier():
            why = "stands twice" if code in self.rows_of else "is not a name of letters, digits and _"
            self._wrong(number, "name", f"{code!r} {why}")
        if not row.get(f"label::{DA}"):
            self._wrong(number, f"label::{DA}", "empty; every question has Danish words")
        self.rows_of[code] = number
        given = tuple(self.lists.get(choices, ()))
        counts = tuple(row.get("counts", "").split())
        if unknown := set(counts) - {choice.name for choice in given}:
            self._wrong(number, "counts", f"{', '.join(sorted(unknown))} is not in the list {choices!r}")
        self.items[code] = Item(
            code, kind, row.get(f"label::{DA}", ""), row.get(f"label::{EN}", ""), section,
            row.get(f"hint::{DA}", ""), row.get(f"hint::{EN}", ""), row.get("relevant", ""), row.get("constraint", ""),
            row.get(f"constraint_message::{DA}", ""), row.get(f"constraint_message::{EN}", ""),
            row.get("required", "").casefold() in {"yes", "true", "true()", "ja"}, row.get("indicator", ""),
            given, counts, self._number(number, row, "low"), self._number(number, row, "high"),
            self._number(number, row, "per"), row.get("universe_da", ""), row.get("universe_en", ""),
            row.get("period_da", ""), row.get("period_en", ""),
            since=int(year) if (year := self._number(number, row, "since")) else None,
        )  # fmt: skip
        return code

    def _part(self, number: int, row: Mapping[str, str], share: str) -> None:
        da, en, name = row.get(f"label::{DA}", ""), row.get(f"label::{EN}", ""), row.get("name", "")
        if name == share + NUMERATOR:
            self.items[share] = replace(self.items[share], numerator_da=da, numerator_en=en)
        elif name == share + DENOMINATOR:
            self.items[share] = replace(self.items[share], denominator_da=da, denominator_en=en)
        else:
            self._wrong(number, "name", f"{name!r}: a share has {share}{NUMERATOR} and {share}{DENOMINATOR} only")

    def _conditions(self) -> None:
        answered = set(self.items) | {
            code + part
            for code, item in self.items.items()
            if item.kind is Kind.SHARE
            for part in (NUMERATOR, DENOMINATOR)
        }
        for code, item in self.items.items():
            for column, condition in (("relevant", item.relevant), ("constraint", item.constraint)):
                try:
                    unknown = set(names_in(condition)) - answered
                except ConditionError as error:
                    self._wrong(self.rows_of[code], column, str(error))
                    continue
                if unknown:
                    self._wrong(self.rows_of[code], column, f"there is no question {', '.join(sorted(unknown))}")

    def _number(self, number: int, row: Mapping[str, str], column: str) -> float | None:
        text = row.get(column, "")
        try:
            return float(text) if text else None
        except ValueError:
            self._wrong(number, column, f"{text!r} is not a number")
            return None

    def _wrong(self, number: int, column: str, what: str) -> None:
        self.problems.append(f"survey, row {number}, column {column}: {what}")


def write_form(form: Form) -> bytes:
    """The workbook of a form; `read_form` gives the same form again, and the bytes are the same each time."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _A_FIXED_DAY})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    lists = {_list_name(item): item.choices for item in form.items if item.choices}
    tables: dict[str, tuple[Sequence[str], list[Mapping[str, Any]]]] = {
        "survey": (SURVEY, list(_survey_rows(form))),
        "choices": (
            CHOICES,
            [
                {"list_name": name, "name": c.name, f"label::{DA}": c.label_da, f"label::{EN}": c.label_en}
                for name, choices in lists.items()
                for c in choices
            ],
        ),
        "settings": (
            SETTINGS,
            [
                {"form_title": form.title_da, "form_id": form.code, "version": str(form.version),
                 "default_language": DA, "instrument": form.instrument, "title_en": form.title_en}
            ],
        ),
    }  # fmt: skip
    for name, (columns, rows) in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for column, title in enumerate(columns):
            sheet.set_column(column, column, _WIDTHS.get(column, 14), wrapped)
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, title in enumerate(columns):
                if (value := row.get(title)) not in {None, ""}:
                    sheet.write(number, column, value)
    book.close()
    return stream.getvalue()


def _list_name(item: Item) -> str:
    """Equal lists share a name: a scale of five is written once."""
    names = "_".join(choice.name for choice in item.choices)
    words = "".join(choice.label_da for choice in item.choices)
    return f"{item.kind.value}_{names}_{sum(map(ord, words)) % 9973}"[:60].replace("-", "_")


def _survey_rows(form: Form) -> Iterator[dict[str, Any]]:
    section = ""
    labels = {each.code: each for each in form.sections}
    for item in form.items:
        if item.section != section:
            if section:
                yield {"type": "end_group"}
            section = item.section
            if section:
                label = labels[section]
                yield {"type": "begin_group", "name": section, f"label::{DA}": label.label_da,
                       f"label::{EN}": label.label_en, "kind": "section"}  # fmt: skip
        yield from _item_rows(item)
    if section:
        yield {"type": "end_group"}


def _item_rows(item: Item) -> Iterator[dict[str, Any]]:
    row = {
        "name": item.code, f"label::{DA}": item.label_da, f"label::{EN}": item.label_en, f"hint::{DA}": item.hint_da,
        f"hint::{EN}": item.hint_en, "relevant": item.relevant, "constraint": item.constraint,
        f"constraint_message::{DA}": item.message_da, f"constraint_message::{EN}": item.message_en,
        "required": "yes" if item.required else "", "kind": item.kind.value, "indicator": item.indicator,
        "counts": " ".join(item.counts), "low": item.low, "high": item.high, "per": item.per,
        "universe_da": item.universe_da, "universe_en": item.universe_en, "period_da": item.period_da,
        "period_en": item.period_en, "since": item.since,
    }  # fmt: skip
    if item.kind is not Kind.SHARE:
        yield row | {"type": f"select_one {_list_name(item)}" if item.kind in CHOSEN else TYPES[item.kind]}
        return
    yield row | {"type": "begin_group"}
    naevner = f"${{{item.code}{DENOMINATOR}}}"
    yield {
        "type": "integer", "name": item.code + NUMERATOR, f"label::{DA}": item.numerator_da,
        f"label::{EN}": item.numerator_en, "constraint": f". >= 0 and . <= {naevner}",
    }  # fmt: skip
    yield {
        "type": "integer", "name": item.code + DENOMINATOR, f"label::{DA}": item.denominator_da,
        f"label::{EN}": item.denominator_en, "constraint": ". >= 0",
    }  # fmt: skip
    yield {"type": "end_group"}
