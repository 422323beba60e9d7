"""Tables as offices of statistics hand them out: JSON-stat (1.x and 2.0) and PX, from bytes to dimensions and cells.

Both formats say the same in two ways: a few dimensions, each with codes and texts, and one number for each combination,
the last dimension running fastest. What a number *means* (which municipality, which year) is decided by whoever asks:
`indicators.upload` for a file that a person brings, `indicators.sources` for an answer that was fetched.

Written from the formats' own specifications: JSON-stat 1.3 and 2.0 (json-stat.org), PX 2013 (Statistics Sweden).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from .messages import Text, _
from .reading import Unreadable

MOST_CELLS = 5_000_000
"""A table claims its size in its head, long before its numbers: past this it is refused unread."""

_TIME_NAMES = frozenset(
    {"tid", "time", "år", "aar", "year", "vuosi", "ár", "ukioq", "aika", "tími", "periode", "period"}
)
"""Statistics Denmark, Norway, Sweden, Finland, Iceland and Greenland name their time so; JSON-stat and PX may say it
themselves, older files do not."""


class Dimension(NamedTuple):
    """One dimension: its code and text, its categories in the order of the cells, and what it is.

    `role` is `time`, `geo`, `metric` (what is counted) or "" where neither the file nor its name tells.
    """

    code: str
    text: str
    codes: tuple[str, ...]
    texts: tuple[str, ...]
    role: str = ""


class StatisticsCell(NamedTuple):
    """One cell: a code for each dimension, the value (nan where there is none), the mark beside or instead of it."""

    codes: tuple[str, ...]
    value: float
    mark: str


@dataclass(frozen=True)
class StatisticsTable:
    """A table as its publisher wrote it. Cells lie row by row, the last dimension running fastest.

    `mark_numbers` numbers each cell's mark in `marks` (0 is none): what stands for a missing number (`..` and its
    like), `-` for a real nil, or what is said beside a number (`*`, `p`). `mark_texts` has the publisher's words for
    them. `updated` is as the publisher wrote it.
    """

    format: str
    table: str
    title: str
    source: str
    updated: str
    unit: str
    decimals: int | None
    notes: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    values: NDArray[np.float64]
    mark_numbers: NDArray[np.uint8]
    marks: tuple[str, ...] = ("",)
    mark_texts: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[StatisticsCell]:
        """The cells one by one; slow for millions, where `values` and `mark_numbers` are used."""
        every = product(*(dimension.codes for dimension in self.dimensions))
        for codes, value, mark in zip(every, self.values.tolist(), self.mark_numbers.tolist(), strict=True):
            yield StatisticsCell(codes, value, self.marks[mark])

    def of_role(self, role: str) -> Dimension | None:
        """The one dimension of a role; None where there is none, or several."""
        found = [dimension for dimension in self.dimensions if dimension.role == role]
        return found[0] if len(found) == 1 else None


def statistics_format(head: bytes) -> str | None:
    """What the first bytes of a file are: `json` (JSON-stat or not), `px`, or None for neither."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in {b"{", b"["}:
        return "json"
    return "px" if re.match(rb'[A-Z][A-Z0-9-]+(?:\[\w+\])?(?:\("[^"]*"\))?\s*=\s*(?:"|YES|NO|-?\d)', start) else None


def read_statistics(content: bytes) -> StatisticsTable:
    """Read a JSON-stat or PX file. Raises Unreadable for anything else, and for one that contradicts itself."""
    kind = statistics_format(content[:4096])
    if kind == "json":
        return read_json_stat(content)
    if kind == "px":
        return read_px(content)
    raise Unreadable(_("Filen er hverken JSON-stat eller PX."))


def _refuse(text: Text) -> NoReturn:
    raise Unreadable(text)


# JSON-stat


def read_json_stat(content: bytes) -> StatisticsTable:
    """Read one JSON-stat dataset: version 2.0, or 1.x with its `dataset` or a single name around it."""
    try:
        parsed = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        _refuse(_("JSON-filen er ikke skrevet i UTF-8."))
    except json.JSONDecodeError as error:
        _refuse(_("JSON-filen er ikke hel: linje %(line)d, tegn %(column)d.", line=error.lineno, column=error.colno))
    except (RecursionError, ValueError):
        _refuse(_("JSON-filen er ikke en tabel."))
    data = _dataset(parsed)
    dimensions = _json_dimensions(data)
    count = _cell_count(dimensions)
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
    _refuse(_("JSON-filen har %(name)s i stedet for et tal.", name=name))


def _dataset(parsed: object) -> Mapping[str, Any]:
    """The one dataset of an answer; JSON-stat 1.x wraps it in a name of its choice."""
    if not isinstance(parsed, dict):
        _refuse(_("JSON-filen er ikke JSON-stat: den begynder ikke med et objekt."))
    if "value" in parsed and "dimension" in parsed:
        return parsed
    inside = [each for each in parsed.values() if isinstance(each, dict) and "value" in each and "dimension" in each]
    if len(inside) == 1:
        return inside[0]
    if len(inside) > 1:
        _refuse(_("JSON-filen har %(count)d tabeller. Gem én ad gangen.", count=len(inside)))
    _refuse(_("JSON-filen er ikke JSON-stat: den mangler »dimension« eller »value«."))


def _json_dimensions(data: Mapping[str, Any]) -> tuple[Dimension, ...]:
    described = _object(data["dimension"])
    ids = data.get("id", described.get("id"))
    sizes = data.get("size", described.get("size"))
    roles = _roles(_object(data.get("role", described.get("role"))))
    if not (_list_of(ids, str) and _list_of(sizes, int) and len(ids) == len(sizes) == len(set(ids))):
        _refuse(_("JSON-filens dimensioner passer ikke sammen: »id« og »size« skal være lige lange lister."))
    found = []
    for code, size in zip(ids, sizes, strict=True):
        if not isinstance(described.get(code), dict):
            _refuse(_("Dimensionen »%(code)s« er ikke beskrevet i filen.", code=code))
        codes, texts = _categories(code, size, described[code])
        text = _text(described[code].get("label")) or code
        found.append(Dimension(code, text, codes, texts, roles.get(code) or _role_by_name(code, text)))
    return tuple(found)


def _roles(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        code: role
        for role in ("time", "geo", "metric")
        for code in (said[role] if _list_of(said.get(role), str) else [])
    }


def _role_by_name(code: str, text: str) -> str:
    return "time" if {code.casefold(), text.casefold()} & _TIME_NAMES else ""


def _categories(code: str, size: int, described: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes in the order of the cells, and their texts. The index may be a list, an object, or absent for one."""
    category = _object(described.get("category"))
    labels = _object(category.get("label"))
    index: Any = category.get("index")
    if index is None and len(labels) == 1:
        index = list(labels)
    if isinstance(index, dict):
        if sorted(map(str, index.values())) != sorted(map(str, range(len(index)))):
            _refuse(_("Dimensionen »%(code)s« nummererer ikke sine værdier 0, 1, 2 …", code=code))
        index = sorted(index, key=lambda each: int(index[each]))
    if not _list_of(index, str) or len(set(index)) != len(index) or len(index) != size:
        _refuse(_("Dimensionen »%(code)s« har ikke de %(size)d værdier, som filen siger.", code=code, size=size))
    return tuple(index), tuple(_text(labels.get(each)) or each for each in index)


def _cell_count(dimensions: Sequence[Dimension]) -> int:
    if not dimensions:
        _refuse(_("Tabellen har ingen dimensioner."))
    count = prod(len(dimension.codes) for dimension in dimensions)
    if count > MOST_CELLS:
        _refuse(_("Tabellen har %(count)d celler. Grænsen er %(most)d.", count=count, most=MOST_CELLS))
    return count


def _json_cells(data: Mapping[str, Any], count: int) -> tuple[NDArray[np.float64], NDArray[np.uint8], tuple[str, ...]]:
    raw = data["value"]
    if isinstance(raw, dict):  # sparse: only the cells that have a number
        raw = _spread(raw, count)
    if not isinstance(raw, list) or len(raw) != count:
        size = len(raw) if isinstance(raw, list) else 0
        _refuse(_("Filen har %(size)d tal, men dimensionerne giver %(count)d.", size=size, count=count))
    status = _statuses(data.get("status"), count)
    if others := set(map(type, raw)) - {int, float, type(None)}:
        status = _symbols_among(raw, status, others, count)
    try:
        values = np.array(raw, dtype=np.float64)
    except OverflowError:
        values = np.full(1, np.inf)
    if np.isinf(values).any():
        _refuse(_("Filen har et tal, der er for stort."))
    marks, numbers = _numbered(status, count)
    return _nils(values, numbers, marks), numbers, marks


def _spread(sparse: Mapping[str, Any], count: int) -> list[Any]:
    spread: list[Any] = [None] * count
    for key, value in sparse.items():
        if not key.isascii() or not key.isdigit() or len(key) > 9 or int(key) >= count:
            _refuse(_("Filen har et tal på plads »%(key)s«, men kun %(count)d celler.", key=key[:20], count=count))
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
        _refuse(_("Filen har %(size)d mærker til %(count)d tal.", size=len(said), count=count))
    return [_text(each) for each in (said * count if len(said) == 1 else said)]


def _symbols_among(raw: list[Any], status: list[str], others: set[type], count: int) -> list[str]:
    """Some publishers write their symbol where the number is missing; a text that is no symbol is refused."""
    if others - {str}:
        place = next(n for n, each in enumerate(raw) if type(each) in others - {str})
        _refuse(_("Celle %(cell)d i »value« er hverken et tal eller tom.", cell=place + 1))
    status = status or [""] * count
    for place, each in enumerate(raw):
        if isinstance(each, str):
            if not _SYMBOL.fullmatch(each.encode()):
                _refuse(_("Celle %(cell)d i »value« er en tekst: »%(text)s«.", cell=place + 1, text=each[:30]))
            raw[place], status[place] = None, each
    return status


def _numbered(status: Sequence[str], count: int) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    marks = ("", *sorted(set(status) - {""}))
    if len(marks) > 255:
        _refuse(_("Filen har %(count)d slags mærker.", count=len(marks)))
    if not status:
        return marks, np.zeros(count, dtype=np.uint8)
    number = {mark: place for place, mark in enumerate(marks)}
    return marks, np.fromiter((number[each] for each in status), dtype=np.uint8, count=count)


def _nils(values: NDArray[np.float64], numbers: NDArray[np.uint8], marks: Sequence[str]) -> NDArray[np.float64]:
    """`-` is a nil, a real 0, in every Nordic office's tables; the mark stays beside it."""
    if "-" in marks:
        values[(numbers == marks.index("-")) & np.isnan(values)] = 0.0
    return values


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


# PX

_DATA = re.compile(rb"(?:^|;)\s*DATA\s*=", re.MULTILINE)
_CODEPAGE = re.compile(rb'^CODEPAGE\s*=\s*"([\w.-]{1,30})"', re.MULTILINE)
_CHARSET = re.compile(rb'^CHARSET\s*=\s*"(\w{1,20})"', re.MULTILINE)
_SYMBOL = re.compile(rb'"?(?:\.{1,6}|-|\*|:|x)"?')
_QUOTED = re.compile(r'"([^"]*)"')
_NUMBER_BYTES = b"0123456789.-+eE \r\n\t"
_TOKEN = re.compile(
    r'\s*(?:"(?P<text>[^"]*)"|(?P<mark>[=,;()\[\]])|(?P<word>[^\s"=,;()\[\]]+))',
)
_HEAD_MOST = 20_000_000
"""So much of a PX file may be words before its numbers: the largest tables known need half a megabyte."""


class _Keyword(NamedTuple):
    """One line of a PX file's head: `VALUES("område")="…","…"` has the name, the subkeys and the values."""

    name: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


def read_px(content: bytes) -> StatisticsTable:
    """Read a PX file in its main language; the words of its other languages are passed over."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    head_end, data_start = _where_data_begins(content)
    words = _Words(_keywords(_decoded(content[:head_end])))
    dimensions = _px_dimensions(words)
    count = _cell_count(dimensions)
    body = content[data_start:]
    if words.first("KEYS"):
        body = _without_keys(body, words, dimensions, _encoding(content[:head_end]))
    values, mark_numbers, marks = _px_cells(body, count)
    return StatisticsTable(
        format="px",
        table=words.first("MATRIX") or words.first("TABLEID"),
        title=words.first("DESCRIPTION") or words.first("TITLE"),
        source=words.first("SOURCE"),
        updated=words.first("LAST-UPDATED") or words.first("CREATION-DATE"),
        unit=words.first("UNITS"),
        decimals=int(words.first("DECIMALS")) if words.first("DECIMALS").isdecimal() else None,
        notes=tuple(dict.fromkeys(words.every(("NOTE", "NOTEX", "VALUENOTE", "VALUENOTEX", "CELLNOTE", "CELLNOTEX")))),
        dimensions=dimensions,
        values=values,
        mark_numbers=mark_numbers,
        marks=marks,
        mark_texts={"." * n: said for n in range(1, 7) if (said := words.first(f"DATASYMBOL{n}"))},
    )


def _where_data_begins(content: bytes) -> tuple[int, int]:
    """Where the head ends and the numbers begin; a `DATA=` inside quotation marks is a text."""
    for found in _DATA.finditer(content[:_HEAD_MOST]):
        if content.count(b'"', 0, found.start()) % 2 == 0:
            return found.start() + (content[found.start() : found.start() + 1] == b";"), found.end()
    _refuse(_("PX-filen har ingen DATA."))


def _encoding(head: bytes) -> str:
    """CODEPAGE says it; without it CHARSET="ANSI" is Windows' letters, and before the year 2000 DOS's."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        named = _CODEPAGE.search(head)
        if named:
            return named[1].decode()
        charset = _CHARSET.search(head)
        return "windows-1252" if charset and charset[1].upper() == b"ANSI" else "cp850" if _is_dos(head) else "latin-1"
    return "utf-8"


def _is_dos(head: bytes) -> bool:
    """In DOS's code page the Danish letters lie where Windows has control characters and currency signs."""
    return sum(head.count(byte) for byte in (b"\x91", b"\x9b", b"\x86", b"\x92", b"\x9d", b"\x8f")) > 0


def _decoded(head: bytes) -> str:
    encoding = _encoding(head)
    try:
        return head.decode(encoding)
    except LookupError:
        _refuse(_("Ukendt tegnsæt: %(encoding)s.", encoding=encoding))
    except UnicodeDecodeError:
        _refuse(_("Filen er ikke skrevet i tegnsættet %(encoding)s.", encoding=encoding))


def _keywords(head: str) -> Iterator[_Keyword]:
    """The lines of the head, each `NAME[language]("key",…)=value,…;`, in the file's main language."""
    tokens = _tokens(head)
    for kind, name in tokens:
        if kind != "word":
            _refuse(_("PX-filens hoved er ikke til at læse ved »%(text)s«.", text=name[:30]))
        foreign, keys = False, []
        for kind_of_next, text in tokens:
            if kind_of_next == "mark" and text == "=":
                break
            foreign = foreign or text == "["
            if kind_of_next == "text":
                keys.append(text)
        values = tuple(_values(tokens))
        if not foreign:
            yield _Keyword(name.upper(), tuple(keys), values)


def _tokens(head: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(head):
        found = _TOKEN.match(head, place)
        if found is None:
            if head[place:].strip():
                _refuse(_("PX-filens hoved er ikke til at læse ved »%(text)s«.", text=head[place:].strip()[:30]))
            return
        place = found.end()
        kind = found.lastgroup or ""
        yield kind, found[kind]


def _values(tokens: Iterator[tuple[str, str]]) -> Iterator[str]:
    """The values up to the semicolon. Texts that follow one another without a comma are one, set on several lines."""
    pending: str | None = None
    for kind, text in tokens:
        if kind == "mark" and text == ";":
            break
        if kind == "mark" and text == ",":
            yield pending or ""
            pending = None
        elif kind == "text":
            pending = text if pending is None else pending + text
        elif kind == "word":
            pending = text if pending is None else f"{pending} {text}"
    if pending is not None:
        yield pending


class _Words:
    """The head of a PX file, asked by keyword."""

    def __init__(self, keywords: Iterable[_Keyword]) -> None:
        self._all = list(keywords)

    def first(self, name: str) -> str:
        """The first value of a keyword, whatever its key; "" where it is absent."""
        return next((each.values[0] for each in self._all if each.name == name and each.values), "")

    def of(self, name: str, key: str = "") -> tuple[str, ...]:
        """All values of a keyword for one variable; without a key those that have none."""
        return next((e.values for e in self._all if e.name == name and (e.keys[0] if e.keys else "") == key), ())

    def every(self, names: Sequence[str]) -> Iterator[str]:
        """All values of some keywords."""
        return (value.replace("#", "\n") for each in self._all if each.name in names for value in each.values)


def _px_dimensions(words: _Words) -> tuple[Dimension, ...]:
    names = (*words.of("STUB"), *words.of("HEADING"))
    if not names or len(set(names)) != len(names):
        _refuse(_("PX-filen siger ikke, hvilke dimensioner den har (STUB og HEADING)."))
    metric = words.first("CONTVARIABLE")
    found = []
    for name in names:
        texts = words.of("VALUES", name)
        codes = words.of("CODES", name) or texts
        texts = texts or codes
        if not codes or len(codes) != len(texts) or len(set(codes)) != len(codes):
            _refuse(
                _(
                    "Dimensionen »%(code)s« har %(codes)d koder og %(texts)d tekster; de skal være lige mange og "
                    "forskellige.",
                    code=name,
                    codes=len(codes),
                    texts=len(texts),
                )
            )
        code = next(iter(words.of("VARIABLECODE", name)), name)
        found.append(Dimension(code, name, codes, texts, _px_role(words, name, metric)))
    return tuple(found)


def _px_role(words: _Words, name: str, metric: str) -> str:
    if name == metric:
        return "metric"
    if words.of("TIMEVAL", name):
        return "time"
    return "geo" if words.of("MAP", name) else _role_by_name(name, name)


def _without_keys(body: bytes, words: _Words, dimensions: Sequence[Dimension], encoding: str) -> bytes:
    """A file with KEYS leaves out the rows that are all 0 and writes the codes before the others: put them back.

    That an absent row is 0 is the format's own rule, so these are real nils and not missing figures.
    """
    keyed = [d for d in dimensions if words.of("KEYS", d.text)]
    if tuple(keyed) != tuple(dimensions[: len(keyed)]):
        _refuse(_("PX-filens KEYS står ikke ved de første dimensioner."))
    by_codes = [words.of("KEYS", d.text)[0].upper() == "CODES" for d in keyed]
    places = [
        {label: place for place, label in enumerate(d.codes if by_code else d.texts)}
        for d, by_code in zip(keyed, by_codes, strict=True)
    ]
    width = prod(len(d.codes) for d in dimensions[len(keyed) :])
    rows = [b" 0" * width] * prod(len(d.codes) for d in keyed)
    for line in body.partition(b";")[0].splitlines():
        if not line.strip():
            continue
        labels = _QUOTED.findall(line.decode(encoding, "replace"))[: len(keyed)]
        if len(labels) < len(keyed):
            _refuse(_("PX-filens DATA har en række uden sine nøgler: »%(text)s«.", text=line[:30].decode("latin-1")))
        place = 0
        for known, label in zip(places, labels, strict=True):
            if label not in known:
                _refuse(_("PX-filens DATA har nøglen »%(key)s«, som ikke er en værdi.", key=label[:30]))
            place = place * len(known) + known[label]
        rows[place] = re.sub(rb'^\s*(?:"[^"]*"\s*,?\s*){%d}' % len(keyed), b" ", line)
    return b"".join(rows)


def _px_cells(body: bytes, count: int) -> tuple[NDArray[np.float64], NDArray[np.uint8], tuple[str, ...]]:
    tokens = body.partition(b";")[0].translate(bytes.maketrans(b",\t", b"  ")).split()
    if len(tokens) != count:
        _refuse(_("Filen har %(size)d tal, men dimensionerne giver %(count)d.", size=len(tokens), count=count))
    numbers = np.zeros(count, dtype=np.uint8)
    marks = [""]
    if symbols := sorted(token for token in set(tokens) if _SYMBOL.fullmatch(token)):
        known = {symbol: symbol.strip(b'"').decode() for symbol in symbols}
        marks += sorted(set(known.values()))
        place_of = {symbol: marks.index(mark) for symbol, mark in known.items()}
        numbers = np.fromiter((place_of.get(token, 0) for token in tokens), dtype=np.uint8, count=count)
        tokens = [b"nan" if number else token for token, number in zip(tokens, numbers.tolist(), strict=True)]
    values = _numbers(tokens, numbers)
    return _nils(values, numbers, marks), numbers, tuple(marks)


def _numbers(tokens: list[bytes], marked: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The tokens as numbers, `nan` where a mark stands. What Python would read and PX does not write is refused."""
    odd = next(
        (
            place
            for place, token in enumerate(tokens)
            if token.translate(None, _NUMBER_BYTES) and not (token == b"nan" and marked[place])
        ),
        None,
    )
    try:
        if odd is None:
            values = np.fromiter(map(float, tokens), dtype=np.float64, count=len(tokens))
            if not np.isinf(values).any():
                return values
        text = tokens[odd].decode("latin-1") if odd is not None else "inf"
    except ValueError as error:
        text = str(error).partition(":")[2].strip(" b'")
    _refuse(_("PX-filens DATA har »%(text)s«, hvor der skal stå et tal.", text=text[:30]))
