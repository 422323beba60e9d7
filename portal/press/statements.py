"""A sentence a journalist can print: words, and numbers that each know whose they are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_GAP = re.compile(r"%\((\w+)\)s")
MOST = 5
LEAST_ROBUST = 0.3


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number and what it is the number of: a municipality's code (or EVERYONE) and a subject's code."""

    text: str
    municipality: str
    subject: str


Part = str | Number


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its worth.

    ``news`` (0–1) is how much of a story it is, ``robustness`` (0–1) how little of it depends on choices and chance.
    ``topic`` is what it is about: of two on the same topic only the better one is printed.
    """

    rule: str
    topic: str
    parts: tuple[Part, ...]
    news: float
    robustness: float

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


def say(template: str, /, **values: str | int | Number) -> tuple[Part, ...]:
    """Fill the %(gaps)s of a translated sentence; a Number stays one. Raises KeyError for a gap without a value."""
    parts: list[Part] = []
    for position, piece in enumerate(_GAP.split(template)):
        value = values[piece] if position % 2 else piece.replace("%%", "%")
        if not value and value != 0:
            continue
        parts.append(value if isinstance(value, Number) else str(value))
    return tuple(parts)


def most_newsworthy(statements: Iterable[Statement | None], most: int = MOST) -> tuple[Statement, ...]:
    """The best stories that hold, the most robust first.

    Chosen by news × robustness, at most one for each topic and none under LEAST_ROBUST; equal ones in the order of
    the rules, so that the same figures always give the same sheet.
    """
    there = [one for one in statements if one is not None and one.robustness >= LEAST_ROBUST]
    chosen: dict[str, Statement] = {}
    for one in sorted(there, key=lambda one: -one.news * one.robustness):
        if one.topic not in chosen and len(chosen) < most:
            chosen[one.topic] = one
    return tuple(sorted(chosen.values(), key=lambda one: (-one.robustness, -one.news)))
