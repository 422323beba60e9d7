"""The interfaces that publishers speak: what a table has in it, and the figures of a selection.

StatBank is Statistics Denmark's own; PxWeb (versions 1 and 2) is that of Norway, Sweden, Finland, Iceland, Greenland
and some thirty more. All end in the same two shapes: a `Description` of the table and the `Figures` of a selection.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, prod
from typing import Any, NamedTuple

from indicators.upload.messages import _
from indicators.upload.reading import Unreadable
from indicators.upload.statistics_files import StatisticsTable, read_json_stat

from .answers import RawAnswer, SourceError
from .collecting import Collector, Publisher

MOST_CELLS = 1_000_000
"""StatBank's own limit: rows times columns, the values' column counted."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SYMBOLS = frozenset({"..", ".", "...", "x", "*", ":", ""})
NIL = "-"
Selection = Mapping[str, Sequence[str]]
"""The codes that are wanted, by the code of their variable. A variable left out is summed away by the publisher."""


class Variable(NamedTuple):
    """One variable of a table: its code, its text, and the texts of its values by their codes, in the table's order."""

    code: str
    text: str
    values: Mapping[str, str]
    eliminable: bool = False
    is_time: bool = False


@dataclass(frozen=True)
class Description:
    """What a publisher says of a table. `zero_if_suppressed`: a figure too small to show may be delivered as 0."""

    table: str
    title: str
    updated: str
    unit: str
    notes: tuple[str, ...]
    variables: tuple[Variable, ...]
    answer: RawAnswer
    active: bool = True
    zero_if_suppressed: bool = False

    @property
    def time(self) -> Variable:
        """The variable of time. Raises SourceError where there is none, or several."""
        found = [variable for variable in self.variables if variable.is_time]
        if len(found) != 1:
            raise SourceError(_("Tabellen %(table)s har ikke én tidsvariabel.", table=self.table))
        return found[0]


class Figure(NamedTuple):
    """One cell: its number, or None with the symbol that stands for it; `provisional` where the publisher marks it."""

    value: float | None
    symbol: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Figures:
    """The figures of a selection by their codes, in the order of `variables`. What was not delivered is absent."""

    variables: tuple[str, ...]
    cells: Mapping[tuple[str, ...], Figure]
    answer: RawAnswer
    updated: str = ""
    notes: tuple[str, ...] = ()


class StatBank:
    """Statistics Denmark's interface, version 1: questions as JSON, figures as CSV with codes.

    CSV and not BULK: there an absent row is a 0, and here it is a figure that was not delivered.
    """

    def describe(self, collector: Collector, publisher: Publisher, table: str) -> Description:
        """From `tableinfo`, in Danish: these are the words that people see in the table."""
        answer = collector.post(publisher, "tableinfo", {"table": table, "lang": "da", "format": "JSON"})
        said = _object(answer, answer.json(), table)
        variables = tuple(
            Variable(
                _word(each, "id"),
                _word(each, "text"),
                {_word(value, "id"): _word(value, "text") for value in _list(each, "values")},
                eliminable=each.get("elimination") is True,
                is_time=each.get("time") is True,
            )
            for each in _list(said, "variables")
        )
        footnote = said.get("footnote")
        note = footnote.get("text", "") if isinstance(footnote, dict) else footnote or ""
        return Description(
            table=_word(said, "id") or table,
            title=_word(said, "description") or _word(said, "text"),
            updated=_word(said, "updated"),
            unit=_word(said, "unit"),
            notes=(" ".join(str(note).split()),) if note else (),
            variables=_checked(variables, table),
            answer=answer,
            active=said.get("active") is not False,
            zero_if_suppressed=str(said.get("suppressedDataValue")) == "0",
        )

    def figures(
        self, collector: Collector, publisher: Publisher, described: Description, selection: Selection
    ) -> Figures:
        """From `data`; in English, since that writes numbers with a point."""
        _refuse_too_many(described, selection)
        answer = collector.post(
            publisher,
            "data",
            {
                "table": described.table,
                "lang": "en",
                "format": "CSV",
                "valuePresentation": "Code",
                "variables": [{"code": code, "values": list(values)} for code, values in selection.items()],
            },
        )
        variables, rows = _csv_rows(answer, described, selection)
        return Figures(variables, _cells(rows, variables, selection, described), answer, described.updated)


def _csv_rows(
    answer: RawAnswer, described: Description, selection: Selection
) -> tuple[tuple[str, ...], list[tuple[tuple[str, ...], str]]]:
    """The variables in the order of the columns, and each row as its codes and its value's text."""
    try:
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    header = rows[0] if rows else []
    by_name = {code.casefold(): code for code in selection}
    variables = tuple(by_name.get(name.casefold(), "") for name in header[:-1])
    if not header or header[-1].casefold() != "indhold" or sorted(variables) != sorted(selection):
        raise SourceError(
            _(
                "%(publisher)s svarede ikke med CSV som bestilt fra %(table)s. Svaret begynder: »%(text)s«.",
                publisher=answer.publisher,
                table=described.table,
                text=" ".join(answer.content[:200].decode("utf-8", "replace").split())[:80],
            )
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise SourceError(
                _(
                    "Svaret fra %(table)s er ikke helt: linje %(line)d har %(count)d felter og ikke %(right)d.",
                    table=described.table,
                    line=number,
                    count=len(row),
                    right=len(header),
                )
            )
    return variables, [(tuple(row[:-1]), row[-1]) for row in rows[1:]]


def _cells(
    rows: Sequence[tuple[tuple[str, ...], str]],
    variables: Sequence[str],
    selection: Selection,
    described: Description,
) -> dict[tuple[str, ...], Figure]:
    """Every row as a cell. A row that was not asked for, one that comes twice, and a text for a number are refused."""
    asked = [frozenset(selection[code]) for code in variables]
    cells: dict[tuple[str, ...], Figure] = {}
    for codes, text in rows:
        if codes in cells:
            raise SourceError(
                _("%(table)s svarer to gange for %(codes)s.", table=described.table, codes=", ".join(codes))
            )
        for code, known, variable in zip(codes, asked, variables, strict=True):
            if code not in known:
                raise SourceError(
                    _("%(table)s svarer med »%(code)s« (%(variable)s), som der ikke blev spurgt om.",
                      table=described.table, code=code, variable=variable)
                )  # fmt: skip
        cells[codes] = _figure(text.strip(), codes, described)
    return cells


def _figure(text: str, codes: Sequence[str], described: Description) -> Figure:
    provisional = len(text) > 1 and text.endswith("*")
    text = text.rstrip("* ") if provisional else text
    if text == NIL:
        return Figure(0.0, NIL, provisional)
    if text in _SYMBOLS:
        return Figure(None, text, provisional)
    if not _NUMBER.fullmatch(text):
        raise SourceError(
            _(
                "%(table)s har »%(text)s«, hvor der skal stå et tal (%(codes)s).",
                table=described.table,
                text=text[:30],
                codes=", ".join(codes),
            )
        )
    return Figure(float(text), "", provisional)


class PxWeb1:
    """PxWeb, version 1: a table's address is its path, GET describes it and POST gives figures."""

    def describe(self, collector: Collector, publisher: Publisher, table: str) -> Description:
        """From the table's own address. It does not say when the table was updated; the figures do."""
        answer = collector.get(publisher, table)
        said = _object(answer, answer.json(), table)
        variables = tuple(
            Variable(
                _word(each, "code"),
                _word(each, "text"),
                dict(zip(map(str, _list(each, "values")), map(str, _list(each, "valueTexts")), strict=False)),
                eliminable=each.get("elimination") is True,
                is_time=each.get("time") is True or _is_time(_word(each, "code")),
            )
            for each in _list(said, "variables")
        )
        title = _word(said, "title")
        return Description(table, title, "", "", (), _checked(variables, table), answer)

    def figures(
        self, collector: Collector, publisher: Publisher, described: Description, selection: Selection
    ) -> Figures:
        """As JSON-stat 2."""
        _refuse_too_many(described, selection)
        query = [
            {"code": code, "selection": {"filter": "item", "values": list(values)}}
            for code, values in selection.items()
        ]
        body = {"query": query, "response": {"format": "json-stat2"}}
        return _json_figures(collector.post(publisher, described.table, body), described, selection)


class PxWeb2:
    """PxWeb, version 2: tables have numbers, and their description is JSON-stat without figures."""

    def describe(self, collector: Collector, publisher: Publisher, table: str) -> Description:
        """From `metadata`."""
        answer = collector.get(publisher, f"tables/{table}/metadata", {"lang": publisher.language})
        said = _object(answer, answer.json(), table)
        described = _mapping(said.get("dimension"))
        times = _mapping(said.get("role")).get("time") or []
        variables = []
        for code, dimension in described.items():
            category = _mapping(_mapping(dimension).get("category"))
            index: Any = category.get("index") or {}
            labels = _mapping(category.get("label"))
            codes = sorted(index, key=index.__getitem__) if isinstance(index, dict) else index
            variables.append(
                Variable(
                    code,
                    _word(dimension, "label"),
                    {str(each): str(labels.get(each, each)) for each in codes or labels},
                    eliminable=_mapping(dimension.get("extension")).get("elimination") is True,
                    is_time=code in times or (not times and _is_time(code)),
                )
            )
        notes = tuple(str(note) for note in said.get("note") or [])
        return Description(
            table, _word(said, "label"), _word(said, "updated"), "", notes, _checked(tuple(variables), table), answer
        )

    def figures(
        self, collector: Collector, publisher: Publisher, described: Description, selection: Selection
    ) -> Figures:
        """As JSON-stat 2."""
        _refuse_too_many(described, selection)
        body = {"selection": [{"variableCode": c, "valueCodes": list(values)} for c, values in selection.items()]}
        query = {"lang": publisher.language, "outputFormat": "json-stat2"}
        answer = collector.post(publisher, f"tables/{described.table}/data", body, query)
        return _json_figures(answer, described, selection)


Client = StatBank | PxWeb1 | PxWeb2
"""An interface: `describe` says what is in a table, `figures` gives those of a selection. Both raise SourceError."""
CLIENTS: Mapping[str, Client] = {"statbank": StatBank(), "pxweb1": PxWeb1(), "pxweb2": PxWeb2()}
"""The interfaces by the names that recipes call them."""


def client_of(publisher: Publisher) -> Client:
    """The client of a publisher's interface. Raises SourceError for one that is not spoken here."""
    client = CLIENTS.get(publisher.interface)
    if client is None:
        raise SourceError(
            _(
                "%(publisher)s har grænsefladen »%(name)s«, som der ikke er en klient til.",
                publisher=publisher.title,
                name=publisher.interface,
            )
        )
    return client


def _json_figures(answer: RawAnswer, described: Description, selection: Selection) -> Figures:
    """JSON-stat to cells. A variable that was not asked for must have one value: it is summed away, or the measure."""
    try:
        table = read_json_stat(answer.content)
    except Unreadable as error:
        raise SourceError(
            _("%(table)s svarede ikke med JSON-stat: %(why)s", table=described.table, why=str(error))
        ) from error
    by_name = {code.casefold(): code for code in selection}
    places = {by_name[d.code.casefold()]: n for n, d in enumerate(table.dimensions) if d.code.casefold() in by_name}
    wide = [d.code for d in table.dimensions if d.code.casefold() not in by_name and len(d.codes) != 1]
    if wide or set(places) != set(selection):
        raise SourceError(
            _(
                "%(table)s svarer med dimensionerne %(codes)s; der blev spurgt om %(asked)s.",
                table=described.table,
                codes=", ".join(dimension.code for dimension in table.dimensions),
                asked=", ".join(selection),
            )
        )
    _refuse_others(table, places, selection, described)
    variables = tuple(places)
    cells = {
        tuple(cell.codes[places[code]] for code in variables): Figure(
            None if isnan(cell.value) else cell.value, cell.mark, provisional=cell.mark in {"p", "P", "*"}
        )
        for cell in table
        if cell.mark or not isnan(cell.value)  # an empty place without a word is a figure that was not delivered
    }
    return Figures(variables, cells, answer, table.updated or described.updated, table.notes)


def _refuse_others(
    table: StatisticsTable, places: Mapping[str, int], selection: Selection, described: Description
) -> None:
    for code, place in places.items():
        if strangers := set(table.dimensions[place].codes) - set(selection[code]):
            raise SourceError(
                _("%(table)s svarer med »%(code)s« (%(variable)s), som der ikke blev spurgt om.",
                  table=described.table, code=min(strangers), variable=code)
            )  # fmt: skip


def _refuse_too_many(described: Description, selection: Selection) -> None:
    cells = prod(map(len, selection.values())) * (len(selection) + 1)
    if cells > MOST_CELLS:
        raise SourceError(
            _("Der spørges om %(count)d celler i %(table)s. Grænsen er %(most)d ad gangen.", count=cells,
              table=described.table, most=MOST_CELLS)
        )  # fmt: skip


def _checked(variables: tuple[Variable, ...], table: str) -> tuple[Variable, ...]:
    """The variables as they are. Raises SourceError for a table without any, or with one that has no values."""
    if not variables or any(not variable.code or not variable.values for variable in variables):
        raise SourceError(_("Beskrivelsen af tabellen %(table)s er tom eller ikke hel.", table=table))
    return variables


def _object(answer: RawAnswer, said: object, table: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise SourceError(
            _("%(publisher)s beskriver ikke tabellen %(table)s som ventet.", publisher=answer.publisher, table=table)
        )
    return said


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []


def _word(said: object, name: str) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _is_time(code: str) -> bool:
    return code.casefold() in {"tid", "time", "year", "år", "ár", "vuosi"}
