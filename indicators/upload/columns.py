"""What the columns of a sheet are, seen from its first rows: where the header is, which column says what."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from .doubts import against, unit_of
from .headings import CATEGORIES, PARTS_OF_YEARS, role_named, role_of
from .numbers import is_number, looks_numeric
from .periods import Period, period_of, year_of
from .places import fold, gazetteer
from .reading import ReadingOptions
from .tables import Row, text_of

_HEADER_WITHIN = 60
_PROFILED = 1_000
_NO_TITLE = re.compile(r"(enhed|unit|måleenhed)|$", re.IGNORECASE)
_UNIT_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")


def _unless_unit(found: re.Match[str]) -> str:
    return "" if unit_of(found[1]) else found[0]


@dataclass
class Profile:
    """What stands in one column, counted over the first rows of the body."""

    filled: int = 0
    names: int = 0
    others: int = 0
    codes: int = 0
    years: int = 0
    periods: int = 0
    numeric: int = 0
    numbers: int = 0

    def see(self, cell: object, times: int) -> None:
        """Count a cell that is not blank and stands there so many times."""
        self.filled += times
        place = gazetteer().find(cell)
        is_bare = gazetteer().by_code(cell) is not None
        if place.kind != "unknown":
            if is_bare:
                self.codes += times
            elif place.is_municipality:
                self.names += times
            else:
                self.others += times
        self.years += times * (year_of(cell) is not None)
        self.periods += times * (period_of(text_of(cell)) is not None)
        numeric = looks_numeric(cell)
        self.numeric += times * numeric
        self.numbers += times * (numeric and (not isinstance(cell, str) or any(letter.isdigit() for letter in cell)))

    @property
    def is_text(self) -> bool:
        """Whether what stands there is words, but for a few cells."""
        return self.numeric * 5 < self.filled


@dataclass
class Columns:
    """The first rows of a sheet with its header found and its columns named.

    `known` maps folded codes and names of the catalogue to codes; None means that there is no catalogue and any
    label will do.
    """

    rows: Sequence[Row]
    options: ReadingOptions
    known: Mapping[str, str] | None
    excluded: frozenset[int] = frozenset()
    """Columns that are no values, whatever stands in them: hidden ones, and those whose heading speaks against it."""
    above: tuple[str, ...] = ()
    """Lines of a title that stand elsewhere than in these rows."""

    def without(self, columns: Iterable[int]) -> "Columns":
        """The same with more columns excluded; what was found out of the others stays known."""
        other = copy(self)
        other.excluded = self.excluded | frozenset(columns)
        return other

    @cached_property
    def first_data(self) -> int | None:
        """The first row with a place and, right of it, something like a number."""
        for index, row in enumerate(self.rows):
            start = next((i for i, cell in enumerate(row) if _is_place(cell)), None)
            if start is not None and any(looks_numeric(cell) for cell in row[start + 1 :]):
                return index
        return None

    @cached_property
    def header_rows(self) -> tuple[int, ...]:
        """The header's row, and the row above or under it where one row does not tell the columns apart; none if no
        header.

        The header is as told, else the last row down to the data that names the municipality's column, else the nearest
        above the data with words or years over the values.
        """
        index = self._header_row()
        if index is None or index >= len(self.rows):
            return ()
        if self.options.header_row:
            return (index,)
        last = index
        while self._continues(last + 1, last) and last < index + 2:
            last += 1
        first = index - 1 if index and self._groups(index - 1, index) else index
        return tuple(range(first, last + 1))

    def _groups(self, above: int, index: int) -> bool:
        """Whether the row above the header names groups of its columns: several names over the values, and the header
        alone does not tell the columns apart, or says years only."""
        named = [label for cell in self.rows[index] if (label := text_of(cell))]
        labels = [text_of(cell) for cell in self.rows[above]]
        places = [c for c, cell in enumerate(self.rows[index]) if self._role(text_of(cell)) in {"code", "municipality"}]
        start = max(places, default=-1) + 1
        if sum(map(bool, labels)) >= 2 and len(set(named)) < len(named):
            return True
        over = [label for label in labels[start:] if label]
        values = [label for cell in self.rows[index][start:] if (label := text_of(cell))]
        return len(over) >= 2 and bool(values) and all(period_of(label) for label in values)

    def _header_row(self) -> int | None:
        if self.options.header_row:
            return self.options.header_row - 1
        end = len(self.rows) if self.first_data is None else self.first_data + 1
        for index in range(min(end, _HEADER_WITHIN) - 1, -1, -1):
            cells = [text_of(cell) for cell in self.rows[index]]
            if sum(map(bool, cells)) >= 2 and any(self._role(cell) in {"code", "municipality"} for cell in cells):
                return index
        return self._header_above(self.first_data) if self.first_data is not None else None

    def _continues(self, index: int, above: int) -> bool:
        """Whether a row goes on with the header above it: nothing in the first cell, only words or years after it."""
        if index >= len(self.rows) or (self.first_data is not None and index >= self.first_data):
            return False
        cells = [text_of(cell) for cell in self.rows[index]]
        words = [cell for cell in cells if cell]
        if not words or cells[0]:
            return False
        if all(period_of(word) for word in words):
            labels = [text_of(cell) for cell in self.rows[above]]
            return any(labels[1:]) and not any(period_of(label) for label in labels if label)
        return len(set(words)) >= 2 and all(any(c.isalpha() for c in word) and not is_number(word) for word in words)

    def _header_above(self, first_data: int) -> int | None:
        data = self.rows[first_data]
        start = next(i for i, cell in enumerate(data) if _is_place(cell)) + 1
        for index in range(first_data - 1, -1, -1):
            over = [cell for cell in self.rows[index][start:] if text_of(cell)]
            if over and all(not is_number(cell) or year_of(cell) for cell in over):
                return index
        return None

    @cached_property
    def body_start(self) -> int:
        """The first row under the header and its units."""
        return self.header_rows[-1] + 1 + bool(self.unit_row) if self.header_rows else 0

    @cached_property
    def width(self) -> int:
        """The widest row's cells that are not blank at its end."""
        return max((_filled_width(row) for row in self.rows[max(self.body_start - 1, 0) :]), default=0)

    @cached_property
    def headers(self) -> list[str]:
        """A label for each column, blank where none is. Of two rows the upper one's labels go on to the right
        (merged cells)."""
        if not self.header_rows:
            return [""] * self.width
        *upper, lowest = self.header_rows
        labels = self._labels(lowest)
        for row in reversed(upper):
            above = ""
            for column, label in enumerate(self._labels(row)):
                above = label or ("" if self._role(above) in {"code", "municipality"} and labels[column] else above)
                labels[column] = f"{above} {labels[column]}" if above and labels[column] else labels[column] or label
        return labels

    @cached_property
    def unit_row(self) -> dict[int, str]:
        """The units by column, where the row under the header says nothing but units."""
        index = self.header_rows[-1] + 1 if self.header_rows else 0
        if (
            not self.header_rows
            or index >= len(self.rows)
            or (self.first_data is not None and index >= self.first_data)
        ):
            return {}
        cells = {column: text_of(cell) for column, cell in enumerate(self.rows[index]) if text_of(cell)}
        return cells if cells and all(unit_of(text) for text in cells.values()) else {}

    def _labels(self, index: int) -> list[str]:
        labels = [text_of(cell) for cell in self.rows[index]][: self.width]
        return labels + [""] * (self.width - len(labels))

    @cached_property
    def title_lines(self) -> list[str]:
        """The words above the header, cell by cell."""
        rows = self.rows[: self.header_rows[0]] if self.header_rows else []
        return [*self.above, *(text for row in rows for cell in row if (text := text_of(cell)))]

    @property
    def title(self) -> str:
        """The words above the header, joined, without the line that tells the unit: a table's title in exports."""
        return " ".join(line for line in self.title_lines if not _NO_TITLE.match(line))

    @cached_property
    def doubtful(self) -> dict[int, str]:
        """The columns of numbers whose heading speaks of a change, a rank, a budget …, with the kind of word; not those
        that a person or the catalogue knows."""
        found = {}
        for column, label in enumerate(self.headers):
            kind = against(label) if label and self.mapped(label) is None and not self.is_known(label) else None
            if kind and self.profiles[column].filled and not self.profiles[column].is_text:
                found[column] = kind
        return found

    @cached_property
    def profiles(self) -> list[Profile]:
        """The contents of each column, in the body's first rows; what stands there again is looked at once."""
        profiles = [Profile() for _ in range(self.width)]
        rows = self.rows[self.body_start : self.body_start + _PROFILED]
        for profile, column in zip(profiles, zip_longest(*rows), strict=False):
            for (_kind, cell), times in Counter((type(cell), cell) for cell in column).items():
                if cell is not None and cell != "" and text_of(cell):
                    profile.see(cell, times)
        return profiles

    def lists_municipalities(self, column: int) -> bool:
        """Whether a column names municipalities: mostly by known names, or by codes under a heading of codes."""
        if self.mapped(self.headers[column]) is not None and self._role(self.headers[column]) is None:
            return False
        profile = self.profiles[column]
        named = profile.names * 2 >= profile.filled > 0
        coded = self._role(self.headers[column]) in {"code", "municipality"}
        return named or (coded and profile.codes >= 0.9 * profile.filled > 0)

    def same_places(self, first: int, second: int) -> bool:
        """Whether two columns name the same municipality in every row that both fill: one list, named twice."""
        find = gazetteer().find
        pairs = [
            (find(row[first]), find(row[second]))
            for row in self.rows[self.body_start :]
            if len(row) > max(first, second)
        ]
        both = [(one, other) for one, other in pairs if one.is_municipality and other.is_municipality]
        return bool(both) and all(one.code == other.code for one, other in both)

    def mapped(self, label: str) -> str | None:
        """What a person said that a header or label means; None where nothing was said."""
        return self.options.columns.get(label)

    def indicator(self, label: str) -> str | None:
        """The code of the indicator that a label names; without a catalogue the label itself; None if unknown."""
        said = self.mapped(label)
        if said and not said.startswith(("=", "@")):
            return said.partition("@")[0]
        if self.known is None:
            return label
        return self.known.get(fold(label)) or self.known.get(fold(_UNIT_IN_BRACKETS.sub(_unless_unit, label)))

    def is_known(self, label: str) -> bool:
        """Whether the catalogue knows the label."""
        return self.known is not None and self.known.get(fold(label)) is not None

    def is_category(self, column: int) -> bool:
        """Whether a column of numbers holds the codes of a category (KØN: 1, 2) and no figures: by its heading, as all
        beside INDHOLD in an export of Statistikbanken, or because a few whole numbers come again and again."""
        seen = Counter[str]()
        if self.is_named_category(column):
            return True
        for row in self.rows[self.body_start : self.body_start + _PROFILED]:
            if column < len(row) and (text := text_of(row[column])):
                seen[text] += 1
        return len(seen) * 2 <= sum(seen.values()) and all(text.lstrip("0").isdigit() or text == "0" for text in seen)

    def is_named_category(self, column: int) -> bool:
        """Whether a column's heading is that of a category: a known word, or beside INDHOLD in capitals."""
        label = self.headers[column]
        return fold(label) in CATEGORIES or ({"TID", "INDHOLD"} <= set(self.headers) and label.isupper())

    def period(self, column: int) -> Period | None:
        """The year in a column's header, unless the header as a whole names an indicator."""
        label = self.headers[column]
        said = self.mapped(label)
        if said and "@" in said:
            code, _at, year = said.partition("@")
            return Period(int(year), code, "", provisional=False) if year_of(year) else None
        return None if not label or said is not None or self.is_known(label) else period_of(label)

    @cached_property
    def roles(self) -> dict[int, str]:
        """The columns with a role, by their header, checked against what stands in them."""
        roles: dict[int, str] = {}
        for column, (label, profile) in enumerate(zip(self.headers, self.profiles, strict=True)):
            role = self._role(label)
            if role and (self.mapped(label) is not None or _fits(role, label, profile)):
                roles[column] = "municipality" if role == "code" and profile.names > profile.codes else role
            elif role == "indicator" and "value" in map(self._role, self.headers):
                roles[column] = role  # codes that are numbers, with the values beside them
        if self.width and not self.headers[0] and 0 not in roles and self._counts_rows():
            roles[0] = "context"
        if not {"code", "municipality"} & set(roles.values()):
            place = self._place_by_contents(roles)
            if place is not None:
                roles[place] = "code" if self.profiles[place].codes > self.profiles[place].names else "municipality"
        if "code" not in roles.values():
            roles.update(self._code_beside_name(roles))
        if "year" not in roles.values():
            blank = (
                c
                for c, label in enumerate(self.headers)
                if not label and c not in roles and _is_years(self.profiles[c])
            )
            roles.update({column: "year" for column in [next(blank, None)] if column is not None})
        return roles

    def _counts_rows(self) -> bool:
        """Whether the first column, which has no header, only counts the rows: 0, 1, 2 … as pandas and R write them."""
        body = self.rows[self.body_start : self.body_start + _PROFILED]
        numbers = [text_of(row[0]) for row in body if row and text_of(row[0])]
        if not self.header_rows or len(numbers) < 2 or not numbers[0].isdecimal():
            return False
        return int(numbers[0]) in {0, 1} and numbers == [str(int(numbers[0]) + i) for i in range(len(numbers))]

    def _role(self, label: str) -> str | None:
        said = self.mapped(label)
        if said is not None:
            return role_named(said) if said.startswith("=") else None
        return None if self.is_known(label) else role_of(label)

    def _place_by_contents(self, roles: Mapping[int, str]) -> int | None:
        """The column that holds municipalities whatever its header says: StatBank's interface calls it REGION."""
        silent = {column for column, role in roles.items() if role != "context" or not self.headers[column]}
        free = [(p, column) for column, p in enumerate(self.profiles) if column not in silent and p.filled]
        named = [(p.names, -column) for p, column in free if (p.names + p.others) * 2 >= p.filled and p.names]
        if named:
            return -max(named)[1]
        coded = [column for p, column in free if p.codes >= 0.9 * p.filled and not self.period(column)]
        return coded[0] if coded else None

    def _code_beside_name(self, roles: Mapping[int, str]) -> dict[int, str]:
        names = [column for column, role in roles.items() if role == "municipality"]
        find = gazetteer().find
        for column, profile in enumerate(self.profiles):
            if column in roles or not names or not profile.codes or profile.codes < 0.9 * profile.filled:
                continue
            pairs = [
                (row[names[0]], row[column]) for row in self.rows[self.body_start :] if len(row) > max(names[0], column)
            ]
            both = [(find(name), find(code)) for name, code in pairs if find(name).is_municipality]
            if both and all(name.code == code.code for name, code in both):
                return {column: "code"}
        return {}


def _filled_width(row: Row) -> int:
    width = len(row)
    while width and (row[width - 1] is None or row[width - 1] == ""):
        width -= 1
    return width


def _is_place(cell: object) -> bool:
    if isinstance(cell, float | int):
        return gazetteer().find(cell).is_municipality
    text = str(cell).strip() if isinstance(cell, str) else ""
    return bool(text) and gazetteer().find(text).kind != "unknown"


def _is_years(profile: Profile) -> bool:
    return bool(profile.filled) and profile.years == profile.filled


def _fits(role: str, label: str, profile: Profile) -> bool:
    """Whether a column holds what its header's role promises."""
    if not profile.filled:
        return True
    if role == "code":
        return bool(profile.codes + profile.names)
    if role == "municipality":
        return bool(profile.names + profile.others + profile.codes) or "kommune" in label.casefold()
    if role == "value":
        return not profile.is_text
    if role == "year" and fold(label) in PARTS_OF_YEARS:  # "Kvartal: 1, 2" beside a year is a category
        return profile.periods * 2 > profile.filled
    return role != "indicator" or profile.numbers * 2 < profile.filled
