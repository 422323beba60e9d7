"""What a figure is worth, in the project's own format: the columns spurgte, svar, lav, hoej, interval.

They are looked for by these names in files with a row for each figure, and nowhere else: in a stranger's file a column
"low" may be anything.
"""

from collections.abc import Mapping, Sequence
from math import isfinite

from .cells import NO_WORTH, Worth
from .messages import Text, _
from .places import fold
from .tables import text_of

COLUMNS = {
    "asked": ("spurgte", "asked"),
    "answered": ("svar", "answered"),
    "low": ("lav", "low"),
    "high": ("hoej", "høj", "high"),
    "interval": ("interval",),
}
KINDS = ("wilson", "student", "register")
_TOGETHER = (("asked", "answered"), ("low", "high", "interval"))
Why = tuple[str, Text, Text]
"""Which column, what is wrong, what to do."""


def worth_columns(headers: Sequence[str]) -> dict[str, int]:
    """Which columns tell what a figure is worth; only those that stand there together with what they need."""
    at = {fold(header): column for column, header in reversed(list(enumerate(headers))) if header}
    found = {name: at[fold(word)] for name, words in COLUMNS.items() for word in reversed(words) if fold(word) in at}
    return {name: found[name] for group in _TOGETHER if all(each in found for each in group) for name in group}


def worth_of(row: Sequence[object], columns: Mapping[str, int], value: float | None) -> Worth | Why:
    """What stands in the row's columns about its value; None where there is none. Or why it cannot be right."""
    cells = {name: text_of(row[column]) if column < len(row) else "" for name, column in columns.items()}
    if not any(cells.values()):
        return NO_WORTH
    numbers: dict[str, float | None] = {}
    for name in ("asked", "answered", "low", "high"):
        number = _number(cells.get(name, ""))
        if number is not None and not isfinite(number):
            return (
                name,
                _("»%(text)s« er ikke et tal.", text=cells[name][:50]),
                _("Skriv et tal, eller lad cellen være tom."),
            )
        numbers[name] = number
    why = _people(numbers["asked"], numbers["answered"]) or _interval(numbers["low"], numbers["high"], cells, value)
    if why:
        return why
    asked, answered = (None if n is None else int(n) for n in (numbers["asked"], numbers["answered"]))
    return Worth(asked, answered, numbers["low"], numbers["high"], cells.get("interval", ""))


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def _people(asked: float | None, answered: float | None) -> Why | None:
    advice = _("Skriv, hvor mange der blev spurgt, og hvor mange af dem der svarede.")
    for name, number in (("asked", asked), ("answered", answered)):
        if number is not None and (number < 0 or number != int(number)):
            return name, _("Antallet af personer er et helt tal."), advice
    if answered is not None and (asked is None or answered > asked):
        return "answered", _("Flere har svaret, end der blev spurgt."), advice
    return None


def _interval(low: float | None, high: float | None, cells: Mapping[str, str], value: float | None) -> Why | None:
    kind = cells.get("interval", "")
    if low is None and high is None and not kind:
        return None
    advice = _("Skriv lav, hoej og interval (%(kinds)s), eller lad alle tre være tomme.", kinds=", ".join(KINDS))
    if kind not in KINDS:
        return "interval", _("»%(kind)s« er ikke en slags interval.", kind=kind[:50]), advice
    if low is None or high is None or value is None:
        return "low", _("Et interval har to ender og et tal imellem dem."), advice
    if not low <= value <= high:
        return "low", _("Tallet ligger ikke mellem lav og hoej."), advice
    return None
