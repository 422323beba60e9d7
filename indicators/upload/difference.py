"""What a file would change: added, changed, unchanged and removed, with the old value and the new one."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indicators.upload.cells import Missing

from .cells import BLANK, CODES, KINDS, PROVISIONAL, STATE_BITS, STATE_OF, YEARS
from .checks.facts import Finding, Severity
from .messages import _
from .places import gazetteer
from .reading import Reading

StoredRow = tuple[str, int, str, float | None, str | None, bool]
"""A measurement that is stored, as it is read: indicator, year, municipality, value, missing, provisional."""


class State(NamedTuple):
    """What a measurement says: a value, or the kind of missing; and whether it is preliminary."""

    value: float | None
    missing: Missing | None
    provisional: bool = False


class Change(NamedTuple):
    """One measurement before and after. `old` None: new. `new` None: stored and absent from the file. `row` in the
    file."""

    municipality: str
    year: int
    indicator: str
    old: State | None
    new: State | None
    row: int | None


class Current:
    """The measurements stored now, in columns."""

    def __init__(self, rows: Iterable[StoredRow]) -> None:
        self.indicators: list[str] = []
        numbers: dict[str, int] = {}
        keys, values, states = array("q"), array("d"), array("B")
        for indicator, year, municipality, value, missing, provisional in rows:
            number = numbers.get(indicator)
            if number is None:
                number = numbers[indicator] = len(self.indicators)
                self.indicators.append(indicator)
            keys.append((number * YEARS + year) * CODES + int(municipality))
            values.append(nan if value is None else value)
            states.append((STATE_OF[Missing(missing)] if missing else 0) | (PROVISIONAL if provisional else 0))
        self.keys = np.array(keys, dtype=np.int64)
        self.values = np.array(values, dtype=np.float64)
        self.states = np.array(states, dtype=np.uint8)

    def state(self, position: int) -> State:
        """The measurement at a position."""
        return _state(float(self.values[position]), int(self.states[position]))


@dataclass(frozen=True)
class Difference:
    """Positions in the file (`added`, `changed`, `unchanged`) and among the stored (`removed`).

    Removed are stored measurements of an indicator and year that the file has, of municipalities that it lacks.
    """

    reading: Reading
    current: Current
    added: NDArray[np.int64]
    changed: NDArray[np.int64]
    changed_from: NDArray[np.int64]
    unchanged: NDArray[np.int64]
    removed: NDArray[np.int64]

    def additions(self) -> Iterator[Change]:
        """What is new."""
        return (self._change(int(position), None) for position in self.added)

    def changes(self) -> Iterator[Change]:
        """What becomes another."""
        pairs = zip(self.changed, self.changed_from, strict=True)
        return (self._change(int(position), self.current.state(int(stored))) for position, stored in pairs)

    def removals(self) -> Iterator[Change]:
        """What is stored and not in the file."""
        for stored in self.removed:
            key = int(self.current.keys[stored])
            number, year, code = key // (YEARS * CODES), key // CODES % YEARS, key % CODES
            yield Change(str(code), year, self.current.indicators[number], self.current.state(int(stored)), None, None)

    def _change(self, position: int, old: State | None) -> Change:
        cell = self.reading.cells[position]
        new = State(cell.value, cell.missing, cell.provisional)
        return Change(cell.municipality, cell.year, cell.indicator, old, new, cell.row)


def difference(reading: Reading, current: Current) -> Difference:
    """Hold the file's cells against what is stored. Values are compared exactly, kinds of missing and preliminary too.

    The file must have no duplicates (`checks` refuses them).
    """
    keys = _shared_keys(reading, current.indicators)
    if not len(current.keys):
        none = np.empty(0, dtype=np.int64)
        return Difference(reading, current, np.arange(len(keys)), none, none, none, none)
    order = np.argsort(current.keys, kind="stable")
    stored_keys = current.keys[order]
    at = np.searchsorted(stored_keys, keys)
    found = np.zeros(len(keys), dtype=bool)
    inside = at < len(stored_keys)
    found[inside] = stored_keys[at[inside]] == keys[inside]
    stored = order[at[found]] if len(order) else np.empty(0, dtype=np.int64)
    old = np.flatnonzero(found)
    values, states = (
        reading.cells.values()[old],
        np.frombuffer(reading.cells.state, dtype=np.uint8)[old] if len(old) else np.empty(0, np.uint8),
    )
    same = ((states & ~np.uint8(BLANK)) == current.states[stored]) & (
        (values == current.values[stored]) | (np.isnan(values) & np.isnan(current.values[stored]))
    )
    in_scope = np.isin(current.keys // CODES, np.unique(keys // CODES)) & ~np.isin(current.keys, keys)
    return Difference(
        reading,
        current,
        added=np.flatnonzero(~found),
        changed=old[~same],
        changed_from=stored[~same],
        unchanged=old[same],
        removed=np.flatnonzero(in_scope),
    )


_NAMED = 8


def vanishing(found: Difference) -> Iterator[Finding]:
    """A warning where stored figures would become missing: a file says so, but they are lost from the next edition."""
    gone = [
        change
        for change in found.changes()
        if change.old and change.old.value is not None and change.new and change.new.value is None
    ]
    if not gone:
        return
    places = gazetteer().names
    names = list(dict.fromkeys(places.get(int(change.municipality), change.municipality) for change in gone))
    shown = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    reason = _(
        "%(count)d tal forsvinder: de er der i dag og mangler i filen (%(names)s).", count=len(gone), names=shown
    )
    advice = _("Er det rigtigt, at de mangler, så bekræft det.")
    yield Finding(
        Severity.WARNING,
        "vanishing",
        reason,
        advice,
        indicator=gone[0].indicator if len({change.indicator for change in gone}) == 1 else None,
        municipalities=tuple(change.municipality for change in gone),
    )


def _shared_keys(reading: Reading, indicators: Sequence[str]) -> NDArray[np.int64]:
    """The cells' keys with the stored side's numbers of the indicators; new indicators get numbers past them."""
    own = reading.cells.indicators
    known = {code: number for number, code in enumerate(indicators)}
    shared = np.array(
        [known.get(code, len(indicators) + position) for position, code in enumerate(own)], dtype=np.int64
    )
    keys = reading.cells.keys()
    series = YEARS * CODES
    return keys if not len(keys) else shared[keys // series] * series + keys % series


def _state(value: float, state: int) -> State:
    missing = KINDS[(state & STATE_BITS) - 1] if state & STATE_BITS else None
    return State(None if isnan(value) else value, missing, bool(state & PROVISIONAL))
