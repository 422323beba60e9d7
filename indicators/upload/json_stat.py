"""JSON-stat, from bytes to a table: version 2.0, and 1.x as Statistics Denmark writes it (json-stat.org)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .messages import _
from .reading import Unreadable
from .statistics_table import Dimension, StatisticsTable, cell_count, nils, numbered, role_by_name

SYMBOL = re.compile(r"\.{1,6}|-|\*|:|x")
"""What a publisher may write in the place of a number."""


def read_json_stat(content: bytes) -> StatisticsTable:
    """Read one JSON-stat dataset: version 2.0, or 1.x with its `dataset` or a single name around it."""
    try:
        parsed = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Unreadable(_("JSON-filen er ikke skrevet i UTF-8.")) from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("JSON-filen er ikke hel: linje %(line)d, tegn %(column)d.", line=error.lineno, column=error.colno)
        ) from None
    except (RecursionError, ValueError):
        raise Unreadable(_("JSON-filen er ikke en tabel.")) from None
    data = _dataset(parsed)
    dimensions = _json_dimensions(data)
    count = cell_count(dimensions)
    values, mark_numbers, marks = _json_cells(data, count)
    px = _object(_object(data.get("extension")).get("px"))
    metric = next((d for d in dimensions if d.role == "metric"), None)
    return StatisticsTable(
        format="json-stat",
        table=_text(px.get("tableid") or px.get("matrix")),
        title=_text(data.get("label")),
        source=_text(data.get("source")),
        updated=_text(data.get("updated")),
        unit=_json_unit(data, metric),
        decimals=px["decimals"] if type(px.get("decimals")) is int else None,
        notes=tuple(_json_notes(data)),
        dimensions=dimensions,
        values=values,
        mark_numbers=mark_numbers,
        marks=marks,
        mark_texts={mark: _text(said) for mark, said in _object(_object(data.get("extension")).get("status")).items()},
    )


def _no_number(name: str) -> NoReturn:
    raise Unreadable(_("JSON-filen har %(name)s i stedet for et tal.", name=name))


def _dataset(parsed: object) -> Mapping[str, Any]:
    """The one dataset of an answer; JSON-stat 1.x wraps it in a name of its choice."""
    if not isinstance(parsed, dict):
        raise Unreadable(_("JSON-filen er ikke JSON-stat: den begynder ikke med et objekt."))
    if "value" in parsed and "dimension" in parsed:
        return parsed
    inside = [each for each in parsed.values() if isinstance(each, dict) and "value" in each and "dimension" in each]
    if len(inside) == 1:
        return inside[0]
    if len(inside) > 1:
        raise Unreadable(_("JSON-filen har %(count)d tabeller. Gem én ad gangen.", count=len(inside)))
    raise Unreadable(_("JSON-filen er ikke JSON-stat: den mangler »dimension« eller »value«."))


def _json_dimensions(data: Mapping[str, Any]) -> tuple[Dimension, ...]:
    described = _object(data["dimension"])
    ids = data.get("id", described.get("id"))
    sizes = data.get("size", described.get("size"))
    roles = _roles(_object(data.get("role", described.get("role"))))
    if not (_list_of(ids, str) and _list_of(sizes, int) and len(ids) == len(sizes) == len(set(ids))):
        raise Unreadable(_("JSON-filens dimensioner passer ikke sammen: »id« og »size« skal være lige lange lister."))
    found = []
    for code, size in zip(ids, sizes, strict=True):
        if not isinstance(described.get(code), dict):
            raise Unreadable(_("Dimensionen »%(code)s« er ikke beskrevet i filen.", code=code))
        codes, texts = _categories(code, size, described[code])
        text = _text(described[code].get("label")) or code
        found.append(Dimension(code, text, codes, texts, roles.get(code) or role_by_name(code, text)))
    return tuple(found)


def _roles(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        code: role
        for role in ("time", "geo", "metric")
        for code in (said[role] if _list_of(said.get(role), str) else [])
    }


def _categories(code: str, size: int, described: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes in the order of the cells, and their texts. The index may be a list, an object, or absent for one."""
    category = _object(described.get("category"))
    labels = _object(category.get("label"))
    index: Any = category.get("index")
    if index is None and len(labels) == 1:
        index = list(labels)
    if isinstance(index, dict):
        if sorted(map(str, index.values())) != sorted(map(str, range(len(index)))):
            raise Unreadable(_("Dimensionen »%(code)s« nummererer ikke sine værdier 0, 1, 2 …", code=code))
        index = sorted(index, key=lambda each: int(index[each]))
    if not _list_of(index, str) or len(set(index)) != len(index) or len(index) != size:
        raise Unreadable(
            _("Dimensionen »%(code)s« har ikke de %(size)d værdier, som filen siger.", code=code, size=size)
        )
    return tuple(index), tuple(_text(labels.get(each)) or each for each in index)


def _json_cells(data: Mapping[str, Any], count: int) -> tuple[NDArray[np.float64], NDArray[np.uint8], tuple[str, ...]]:
    raw = data["value"]
    if isinstance(raw, dict):  # sparse: only the cells that have a number
        raw = _spread(raw, count)
    if not isinstance(raw, list) or len(raw) != count:
        size = len(raw) if isinstance(raw, list) else 0
        raise Unreadable(_("Filen har %(size)d tal, men dimensionerne giver %(count)d.", size=size, count=count))
    status = _statuses(data.get("status"), count)
    if others := set(map(type, raw)) - {int, float, type(None)}:
        status = _symbols_among(raw, status, others, count)
    try:
        values = np.array(raw, dtype=np.float64)
    except OverflowError:
        values = np.full(1, np.inf)
    if np.isinf(values).any():
        raise Unreadable(_("Filen har et tal, der er for stort."))
    marks, numbers = numbered(status, count)
    return nils(values, numbers, marks), numbers, marks


def _spread(sparse: Mapping[str, Any], count: int) -> list[Any]:
    spread: list[Any] = [None] * count
    for key, value in sparse.items():
        if not key.isascii() or not key.isdigit() or len(key) > 9 or int(key) >= count:
            raise Unreadable(
                _("Filen har et tal på plads »%(key)s«, men kun %(count)d celler.", key=key[:20], count=count)
            )
        spread[int(key)] = value
    return spread


def _statuses(said: object, count: int) -> list[str]:
    """A mark for each cell: the format allows one for all, a list, or an object of those that have one."""
    if isinstance(said, str):
        return [said] * count
    if isinstance(said, dict):
        said = _spread(said, count)
    if not isinstance(said, list):
        return []
    if len(said) not in {1, count}:
        raise Unreadable(_("Filen har %(size)d mærker til %(count)d tal.", size=len(said), count=count))
    return [_text(each) for each in (said * count if len(said) == 1 else said)]


def _symbols_among(raw: list[Any], status: list[str], others: set[type], count: int) -> list[str]:
    """Some publishers write their symbol where the number is missing; a text that is no symbol is refused."""
    if others - {str}:
        place = next(n for n, each in enumerate(raw) if type(each) in others - {str})
        raise Unreadable(_("Celle %(cell)d i »value« er hverken et tal eller tom.", cell=place + 1))
    status = status or [""] * count
    for place, each in enumerate(raw):
        if isinstance(each, str):
            if not SYMBOL.fullmatch(each):
                raise Unreadable(_("Celle %(cell)d i »value« er en tekst: »%(text)s«.", cell=place + 1, text=each[:30]))
            raw[place], status[place] = None, each
    return status


def _json_unit(data: Mapping[str, Any], metric: Dimension | None) -> str:
    if metric is None:
        return ""
    category = _object(_object(_object(data["dimension"]).get(metric.code)).get("category"))
    units = {_text(_object(unit).get("base")) for unit in _object(category.get("unit")).values()}
    return units.pop() if len(units) == 1 else ""


def _json_notes(data: Mapping[str, Any]) -> Iterator[str]:
    yield from _texts(data.get("note"))
    for described in _object(data["dimension"]).values():
        if isinstance(described, dict):
            yield from _texts(described.get("note"))
            for notes in _object(_object(described.get("category")).get("note")).values():
                yield from _texts(notes)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> Iterator[str]:
    yield from (text for each in (value if isinstance(value, list) else [value]) if (text := _text(each)))


def _list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(type(each) is kind for each in value)
