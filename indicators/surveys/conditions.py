"""What a question asks for, and the conditions of a form as XLSForm writes them. No Django, no eval.

`${egne_tilbud} = 'ja' and ${pladser} > 0`:

    or       := and ("or" and)*
    and      := test ("and" test)*
    test     := "not" "(" or ")" | "(" or ")" | "selected" "(" value "," value ")" | value (compare value)?
    value    := ${name} | . | 'text' | number
    compare  := = != < <= > >=

A question without an answer is the empty text; compared with a number it is neither less nor more.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache

Value = str | float
Known = Mapping[str, Value]
"""The answers by the question's code; `.` is the answer that is being checked."""
Test = Callable[[Known], bool]
Term = Callable[[Known], Value]

_TOKEN = re.compile(
    r"\s*(?:(?P<question>\$\{\s*[\w.-]+\s*\})|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<digits>\d+(?:\.\d+)?)"
    r"|(?P<word>[a-z-]+)|(?P<sign><=|>=|!=|[=<>(),.]))"
)


class ConditionError(ValueError):
    """A condition that cannot be read; the text says where."""


def holds(condition: str, answers: Known) -> bool:
    """Whether a condition holds for these answers; an empty one always does. Raises ConditionError."""
    return not condition.strip() or _parsed(condition)(answers)


def names_in(condition: str) -> list[str]:
    """The questions that a condition asks about. Raises ConditionError where it cannot be read."""
    if condition.strip():
        _parsed(condition)
    return re.findall(r"\$\{\s*([\w.-]+)\s*\}", condition)


@lru_cache(maxsize=1024)
def _parsed(condition: str) -> Test:
    return _Parser(condition).whole()


class _Parser:
    """Goes through the tokens once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if found is None or found.lastgroup is None:
                raise ConditionError(f"{text!r}: not understood at {text[position:].strip()!r}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            position = found.end()
        self.at = 0

    def whole(self) -> Test:
        test = self.any_of()
        if self.at < len(self.tokens):
            raise ConditionError(f"{self.text!r}: {self.tokens[self.at][1]!r} was not expected")
        return test

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self._takes("or"):
            tests.append(self.all_of())
        return lambda known: any(test(known) for test in tests)

    def all_of(self) -> Test:
        tests = [self.test()]
        while self._takes("and"):
            tests.append(self.test())
        return lambda known: all(test(known) for test in tests)

    def test(self) -> Test:
        if self._takes("not"):
            self._must("(")
            inner = self.any_of()
            self._must(")")
            return lambda known: not inner(known)
        if self._takes("("):
            inner = self.any_of()
            self._must(")")
            return inner
        if self._takes("selected"):
            self._must("(")
            left = self.term()
            self._must(",")
            right = self.term()
            self._must(")")
            return lambda known: str(right(known)) in str(left(known)).split()
        left = self.term()
        for mark, compare in _COMPARISONS.items():
            if self._takes(mark):
                right = self.term()
                return _comparison(compare, left, right)
        return lambda known: left(known) not in {"", 0.0}

    def term(self) -> Term:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "the end")
        self.at += 1
        if kind == "question":
            name = text[2:-1].strip()
            return lambda known: known.get(name, "")
        if text == ".":
            return lambda known: known.get(".", "")
        if kind == "quoted":
            return lambda _known: text[1:-1]
        if kind == "digits":
            number = float(text)
            return lambda _known: number
        raise ConditionError(f"{self.text!r}: {text} where ${{a question}}, a number or 'a text' should stand")

    def _takes(self, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][1] == text and self.tokens[self.at][0] != "quoted":
            self.at += 1
            return True
        return False

    def _must(self, text: str) -> None:
        if not self._takes(text):
            raise ConditionError(f"{self.text!r}: {text!r} is missing")


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: _ordered(a, b) and a <= b,  # type: ignore[operator]
    ">=": lambda a, b: _ordered(a, b) and a >= b,  # type: ignore[operator]
    "<": lambda a, b: _ordered(a, b) and a < b,  # type: ignore[operator]
    ">": lambda a, b: _ordered(a, b) and a > b,  # type: ignore[operator]
}


def _ordered(a: Value, b: Value) -> bool:
    return isinstance(a, float) and isinstance(b, float)


def _comparison(compare: Callable[[Value, Value], bool], left: Term, right: Term) -> Test:
    return lambda known: compare(_number_or_text(left(known)), _number_or_text(right(known)))


def _number_or_text(value: Value) -> Value:
    """Numbers are compared as numbers whether they came as text or not: an answer "3" equals 3."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return float(value)


class Kind(StrEnum):
    """What is asked for."""

    SHARE = "share"
    RATE = "rate"
    COUNT = "count"
    DAYS = "days"
    WEEKS = "weeks"
    YES_NO = "yes_no"
    SCALE = "scale"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
