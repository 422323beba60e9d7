"""Tables as offices of statistics hand them out: JSON-stat (1.x and 2.0) and PX, from bytes to dimensions and cells.

Both formats say the same in two ways: a few dimensions, each with codes and texts, and one number for each combination,
the last dimension running fastest. What a number *means* (which municipality, which year) is decided by whoever asks:
`indicators.upload` for a file that a person brings, `indicators.sources` for an answer that was fetched.

Written from the formats' own specifications: JSON-stat 1.3 and 2.0 (json-stat.org), PX 2013 (Statistics Sweden).
"""

import re
from collections.abc import Iterator
from itertools import product
from math import isnan

from .json_stat import read_json_stat
from .messages import Text, _
from .periods import period_of
from .places import gazetteer
from .px import read_px
from .reading import Unreadable
from .statistics_table import Dimension, StatisticsCell, StatisticsTable
from .tables import NO_FACTS, Row

__all__ = [
    "Dimension",
    "StatisticsCell",
    "StatisticsRows",
    "StatisticsTable",
    "read_json_stat",
    "read_px",
    "read_statistics",
    "statistics_format",
]


_MEANINGS = (
    (re.compile(r"fortrolig|diskret|confidential|sekretess|konfidentiel", re.IGNORECASE), "x"),
    (re.compile(r"ikke relevant|kan ikke forekomme|not applicable|logi[sc]", re.IGNORECASE), "."),
    (re.compile(r"foreligger ikke|ikke tilgængelig|not available|oplysning", re.IGNORECASE), ".."),
)
_PROVISIONAL = {"*", "p", "P", "f"}


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


class StatisticsRows:
    """Rows of a table: the municipality, each category, the year, the value and its status; a heading first.

    The row of a figure is its number among the table's cells, counted from the heading as 1.
    """

    sheet = None
    facts = NO_FACTS

    def __init__(self, table: StatisticsTable) -> None:
        self.table = table
        self._passed = 0
        self._place = _place_of(table)
        self._time = table.of_role("time") or next((d for d in table.dimensions if _is_time(d)), None)

    def fraction(self) -> float:
        """How much of the table the walk under way has passed, 0 to 1."""
        return self._passed / max(len(self.table), 1)

    def rows(self) -> Iterator[Row]:
        """The heading, then a row for each cell."""
        table = self.table
        yield [*(self._heading(dimension) for dimension in table.dimensions), "INDHOLD", "status"]
        labels = [self._labels(dimension) for dimension in table.dimensions]
        cells = zip(product(*labels), table.values.tolist(), table.mark_numbers.tolist(), strict=True)
        meanings = [_meaning(mark, table.mark_texts.get(mark, "")) for mark in table.marks]
        for number, (words, value, mark) in enumerate(cells):
            self._passed = number
            status = "foreløbig" if table.marks[mark] in _PROVISIONAL else ""
            yield [*words, (meanings[mark] or "..") if isnan(value) else value, status]

    def title(self) -> tuple[str, ...]:
        """What the table says of itself: its title and its unit."""
        return tuple(line for line in (self.table.title, self.table.unit) if line)

    def remarks(self) -> list[Text]:
        """Marks beside figures that mean neither missing nor preliminary; no column says them."""
        known = {"", "-", ".", "..", "...", *_PROVISIONAL}
        said = {mark: self.table.mark_texts.get(mark, "") for mark in self.table.marks if mark not in known}
        return [
            _("Filen mærker nogle tal med »%(mark)s« (%(meaning)s).", mark=mark, meaning=words or "?")
            for mark, words in said.items()
            if _meaning(mark, words) not in {"x", ".", ".."}
        ]

    def _heading(self, dimension: Dimension) -> str:
        if dimension is self._place:
            return "kommune"
        if dimension is self._time:
            return "TID"
        if dimension.role == "metric":
            return "indikator" if len(dimension.codes) > 1 else "mål"
        return dimension.text.upper() if dimension.text != "INDHOLD" else "KATEGORI"

    def _labels(self, dimension: Dimension) -> list[str]:
        pairs = list(zip(dimension.codes, dimension.texts, strict=True))
        if dimension is self._place:
            find = gazetteer().find
            return [text if find(text).kind != "unknown" else code for code, text in pairs]
        if dimension is self._time:
            return [text if period_of(text) else code for code, text in pairs]
        return [text for _code, text in pairs]


def _place_of(table: StatisticsTable) -> Dimension | None:
    """The dimension whose categories are municipalities: the one with the most of them, by name or code."""
    find = gazetteer().find

    def count(dimension: Dimension) -> int:
        labels = zip(dimension.codes, dimension.texts, strict=True)
        return sum(find(text).is_municipality or (code == text and find(code).is_municipality) for code, text in labels)

    best = max((d for d in table.dimensions if not _is_time(d)), key=count, default=None)
    return best if best is not None and count(best) else None


def _is_time(dimension: Dimension) -> bool:
    periods = [period_of(text) for text in dimension.texts]
    return dimension.role == "time" or all(period is not None and not period.rest for period in periods)


def _meaning(mark: str, words: str) -> str:
    """The symbol that a mark stands for, by the publisher's own words where they say it."""
    return next((symbol for pattern, symbol in _MEANINGS if words and pattern.search(words)), mark)
