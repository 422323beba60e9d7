"""What the rules may know: plain figures and the texts they are printed as. No database, no language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rankings.engine.rank import distinguishable

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


FEW_INHABITANTS = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A municipality's place in an index, an area or a theme. ``alike``: how many it cannot be told apart from."""

    code: str
    name: str
    n: int
    coverage: float = 1.0
    rank: int | None = None
    last: int | None = None
    low: int | None = None
    high: int | None = None
    score: float | None = None
    alike: int = 0
    before: int | None = None
    before_low: int | None = None
    before_high: int | None = None
    before_n: int | None = None

    @property
    def width(self) -> float:
        """The interval's share of all places: 0 is sure, 1 says nothing."""
        if self.low is None or self.high is None or self.n < 2:
            return 1.0
        return (self.high - self.low) / (self.n - 1)

    @property
    def extreme(self) -> float:
        """How far from the middle: 0 in the middle, 1 first or last."""
        return 0.0 if self.rank is None or self.n < 2 else abs(2 * (self.rank - 1) / (self.n - 1) - 1)

    @property
    def moved_clearly(self) -> bool:
        """Whether the intervals of the two editions lie apart, the same way from the top and from the bottom."""
        before = self.before_low, self.before_high, self.before_n or self.n
        return distinguishable((self.low, self.high, self.n), before)


@dataclass(frozen=True, slots=True)
class Figure:
    """A municipality's value on an indicator. Scores are 0–100, higher is better, whatever the direction."""

    code: str
    name: str
    text: str
    direction: str
    year: int
    n: int
    rank: int | None = None
    last: int | None = None
    score: float | None = None
    median: str = ""
    missing: str = ""
    provisional: bool = False
    neutral: bool = False
    before_text: str = ""
    before_year: int | None = None
    before_score: float | None = None
    broken_in: int | None = None
    quality: int = 1

    @property
    def place(self) -> float | None:
        """0 is the best place, 1 the worst, shared places in their middle."""
        if self.rank is None or self.n < 2:
            return None
        return ((self.rank + (self.last or self.rank)) / 2 - 1) / (self.n - 1)

    @property
    def change(self) -> float | None:
        """Points won since the edition before; None where figures are missing, the same, or a break lies between."""
        if self.score is None or self.before_score is None or self.broken_in or self.before_year == self.year:
            return None
        return self.score - self.before_score


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """The municipalities with the most similar conditions, and how this one stands among them."""

    count: int
    place: int
    told_apart: int
    best: str = ""
    best_rank: int | None = None


@dataclass(frozen=True)
class MunicipalityFacts:
    """Everything the rules about a municipality may know."""

    name: str
    code: str
    year: int
    overall: Standing
    areas: tuple[Standing, ...]
    figures: tuple[Figure, ...]
    previous_year: int | None = None
    comparable: bool = True
    causes: Mapping[str, int] = field(default_factory=dict)
    weights_low: int | None = None
    weights_high: int | None = None
    peers: PeerFacts | None = None
    inhabitants: int | None = None
    is_demo: bool = False
    of_the_index: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether so few live there that a handful of people moves a figure."""
        return self.inhabitants is not None and self.inhabitants < FEW_INHABITANTS


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality's line in an indicator's or the nation's story."""

    name: str
    code: str
    text: str
    rank: int | None = None
    last: int | None = None
    low: int | None = None
    high: int | None = None
    alike: int = 0
    change: float | None = None
    before: str = ""
    before_text: str = ""
    mean: str = ""
    clear: bool = False
    before_places: tuple[int, int, int | None, int | None, int] | None = None  # first, last, low, high, n
    quality: int = 1
    coverage: float = 1.0


@dataclass(frozen=True)
class SpreadFacts:
    """How a subject's figures lie, as they are printed."""

    n: int
    median: str = ""
    lower: str = ""
    upper: str = ""
    lowest: str = ""
    highest: str = ""


class NeedAndHelp(NamedTuple):
    """A declared pair that goes together over the country: the indicators' names and codes, r as text, and its sign."""

    need: str
    need_code: str
    help: str
    r: str
    side: int


@dataclass(frozen=True)
class IndicatorFacts:
    """Everything the rules about an indicator may know. ``places`` best first, only those with a place. ``apart``: 1
    where the differences have grown since ``apart_since``, −1 where they are smaller, 0 nothing sure, None unknown.
    ``foretold``: how much of the differences the conditions foretell, "" where there is no model; ``against_expected``:
    by municipality's code, as `Worth` has it; None where nothing may be said of anybody. ``quality``: the
    middle grade of the values."""

    name: str
    code: str
    year: int
    direction: str
    neutral: bool
    spread: SpreadFacts
    places: tuple[Place, ...]
    missing: Mapping[str, int] = field(default_factory=dict)
    provisional: int = 0
    before_year: int | None = None
    before_median: str = ""
    median_rises: int = 0
    broken_in: int | None = None
    both: int = 0
    better: int = 0
    worse: int = 0
    apart: int | None = None
    apart_since: int | None = None
    against_expected: Mapping[str, str] | None = None
    foretold: str = ""
    pairs: tuple[NeedAndHelp, ...] = ()
    quality: int = 1
    is_demo: bool = False
    of_the_index: float | None = None


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area in the nation's story: who is first, and who cannot be told apart from it."""

    code: str
    name: str
    first: tuple[Place, ...]


@dataclass(frozen=True)
class NationalFacts:
    """Everything the rules about an edition may know. ``places`` best first, only the ranked."""

    release: str
    year: int
    n: int
    places: tuple[Place, ...]
    areas: tuple[AreaFacts, ...]
    spread: SpreadFacts
    everywhere_best: tuple[Place, ...] = ()
    everywhere_worst: tuple[Place, ...] = ()
    unranked: tuple[str, ...] = ()
    indicators: int = 0
    new_indicators: tuple[str, ...] = ()
    breaks: tuple[tuple[str, int], ...] = ()
    previous_year: int | None = None
    previous_n: int | None = None
    comparable: bool = True
    note: str = ""
    reason: str = ""
    pairs: tuple[NeedAndHelp, ...] = ()
    is_demo: bool = False
    of_the_index: float | None = None
