"""PX, from bytes to a table: the file format of PC-Axis and PxWeb, version 2013 (Statistics Sweden)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .messages import _
from .reading import Unreadable
from .statistics_table import Dimension, StatisticsTable, cell_count, nils, role_by_name

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
    count = cell_count(dimensions)
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
    raise Unreadable(_("PX-filen har ingen DATA."))


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
        raise Unreadable(_("Ukendt tegnsæt: %(encoding)s.", encoding=encoding)) from None
    except UnicodeDecodeError:
        raise Unreadable(_("Filen er ikke skrevet i tegnsættet %(encoding)s.", encoding=encoding)) from None


def _keywords(head: str) -> Iterator[_Keyword]:
    """The lines of the head, each `NAME[language]("key",…)=value,…;`, in the file's main language."""
    tokens = _tokens(head)
    for kind, name in tokens:
        if kind != "word":
            raise Unreadable(_("PX-filens hoved er ikke til at læse ved »%(text)s«.", text=name[:30]))
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
                raise Unreadable(
                    _("PX-filens hoved er ikke til at læse ved »%(text)s«.", text=head[place:].strip()[:30])
                )
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
        raise Unreadable(_("PX-filen siger ikke, hvilke dimensioner den har (STUB og HEADING)."))
    metric = words.first("CONTVARIABLE")
    found = []
    for name in names:
        texts = words.of("VALUES", name)
        codes = words.of("CODES", name) or texts
        texts = texts or codes
        if not codes or len(codes) != len(texts) or len(set(codes)) != len(codes):
            raise Unreadable(
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
    return "geo" if words.of("MAP", name) else role_by_name(name, name)


def _without_keys(body: bytes, words: _Words, dimensions: Sequence[Dimension], encoding: str) -> bytes:
    """A file with KEYS leaves out the rows that are all 0 and writes the codes before the others: put them back.

    That an absent row is 0 is the format's own rule, so these are real nils and not missing figures.
    """
    keyed = [d for d in dimensions if words.of("KEYS", d.text)]
    if tuple(keyed) != tuple(dimensions[: len(keyed)]):
        raise Unreadable(_("PX-filens KEYS står ikke ved de første dimensioner."))
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
            raise Unreadable(
                _("PX-filens DATA har en række uden sine nøgler: »%(text)s«.", text=line[:30].decode("latin-1"))
            )
        place = 0
        for known, label in zip(places, labels, strict=True):
            if label not in known:
                raise Unreadable(_("PX-filens DATA har nøglen »%(key)s«, som ikke er en værdi.", key=label[:30]))
            place = place * len(known) + known[label]
        rows[place] = re.sub(rb'^\s*(?:"[^"]*"\s*,?\s*){%d}' % len(keyed), b" ", line)
    return b"".join(rows)


def _px_cells(body: bytes, count: int) -> tuple[NDArray[np.float64], NDArray[np.uint8], tuple[str, ...]]:
    tokens = body.partition(b";")[0].translate(bytes.maketrans(b",\t", b"  ")).split()
    if len(tokens) != count:
        raise Unreadable(_("Filen har %(size)d tal, men dimensionerne giver %(count)d.", size=len(tokens), count=count))
    numbers = np.zeros(count, dtype=np.uint8)
    marks = [""]
    if symbols := sorted(token for token in set(tokens) if _SYMBOL.fullmatch(token)):
        known = {symbol: symbol.strip(b'"').decode() for symbol in symbols}
        marks += sorted(set(known.values()))
        place_of = {symbol: marks.index(mark) for symbol, mark in known.items()}
        numbers = np.fromiter((place_of.get(token, 0) for token in tokens), dtype=np.uint8, count=count)
        tokens = [b"nan" if number else token for token, number in zip(tokens, numbers.tolist(), strict=True)]
    values = _numbers(tokens, numbers)
    return nils(values, numbers, marks), numbers, tuple(marks)


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
    raise Unreadable(_("PX-filens DATA har »%(text)s«, hvor der skal stå et tal.", text=text[:30]))
