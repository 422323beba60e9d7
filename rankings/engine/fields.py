"""Reading one JSON object with the path of every field, so that a refusal names the field that is wrong."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from typing import cast

SHORT = reprlib.Repr()
"""Shows a value of any depth: plain repr would end in a RecursionError."""
SHORT.maxlevel, SHORT.maxstring, SHORT.maxlong = 2, 60, 60


class SpecificationError(ValueError):
    """A specification that cannot be used. `path` names the wrong field, as in `indicators[3].weight`."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)


class Fields:
    """One JSON object being read. A method per kind of value; `close` refuses the keys nobody asked for."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise SpecificationError(path, f"must be an object, not {shown(value)}")
        self.values: Mapping[str, object] = value
        self.path = path
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The path of a key of this object."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, message: str) -> SpecificationError:
        """The error to raise about a key."""
        return SpecificationError(self.at(key), message)

    def raw(self, key: str) -> object:
        """The value as it stands, None when absent."""
        self._asked.add(key)
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether the key is present (a null counts as present)."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; required when there is no default."""
        value = self.raw(key)
        if not self.has(key) and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or not _is_writable(value):
            raise self.refuse(key, f"must be a text, not {shown(value)}")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or None for null and for absent."""
        return None if self.raw(key) is None else self.text(key)

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of the choices."""
        value = self.raw(key)
        if value is None and not self.has(key) and default is not None:
            return default
        if not isinstance(value, str) or value not in choices:
            raise self.refuse(key, f"must be one of {', '.join(choices)}, not {shown(value)}")
        return value

    def number(self, key: str, default: float | None = None, *, least: float = -math.inf) -> float:
        """A finite number of at least `least`; required when there is no default."""
        if not self.has(key) and default is not None:
            return default
        return finite(self.raw(key), self.at(key), least=least)

    def optional_number(self, key: str, *, least: float = -math.inf) -> float | None:
        """A finite number, or None for null and for absent."""
        return None if self.raw(key) is None else self.number(key, least=least)

    def whole(self, key: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number within bounds."""
        value = self.number(key, default)
        if value != int(value) or not least <= value <= most:
            raise self.refuse(key, f"must be a whole number from {least} to {most}, not {value:g}")
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw(key) if self.has(key) else default
        if not isinstance(value, bool):
            raise self.refuse(key, f"must be true or false, not {shown(value)}")
        return value

    def rising_pair(self, key: str, default: tuple[float, float]) -> tuple[float, float]:
        """Two finite numbers, the first the lower."""
        if not self.has(key):
            return default
        value = self.raw(key)
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise self.refuse(key, f"must be a list of two numbers, not {shown(value)}")
        low, high = (finite(part, f"{self.at(key)}[{index}]") for index, part in enumerate(value))
        if low >= high:
            raise self.refuse(key, f"the first number must be below the second, not {shown(value)}")
        return low, high

    def objects(self, key: str) -> list[Fields]:
        """A list of objects, at least one."""
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            raise self.refuse(key, f"must be a list of at least one object, not {shown(value)}")
        return [Fields(part, f"{self.at(key)}[{index}]") for index, part in enumerate(value)]

    def entry(self, key: str) -> Fields:
        """The object under a key, empty when absent."""
        value = self.raw(key) if self.has(key) else {}
        return Fields(value, self.at(key))

    def close(self) -> None:
        """Refuse every key that was not asked for: a misspelt option must not pass in silence."""
        for key in self.values:
            if key not in self._asked:
                raise self.refuse(str(key), "is not known here" + _known(self._asked))


def finite(value: object, path: str, *, least: float = -math.inf) -> float:
    """A finite number of at least `least`, or a refusal with its path. A boolean is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise SpecificationError(path, f"must be a finite number, not {shown(value)}")
    number = float(cast("float", value))
    if number < least:
        raise SpecificationError(path, f"must be at least {least:g}, not {shown(value)}")
    return number


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _is_writable(text: str) -> bool:
    """Half of a surrogate pair ("\\ud800") is JSON but no text that a file could hold."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _known(keys: set[str]) -> str:
    return f" (known: {', '.join(sorted(keys))})" if keys else ""


def shown(value: object) -> str:
    """A wrong value as a message shows it: short."""
    if value is None:
        return "nothing"
    text = SHORT.repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
