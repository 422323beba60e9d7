"""The choices a specification makes, one frozen dataclass each, with the options every method has."""

from __future__ import annotations

from dataclasses import dataclass

DIRECTIONS = ("higher_is_better", "lower_is_better", "neutral")
AGGREGATES = ("arithmetic", "geometric", "harmonic", "sum")
PERCENT = (0.0, 100.0)

NORMALISE_OPTIONS: dict[str, tuple[str, ...]] = {
    "min_max": ("scale",),
    "goalposts": ("low", "high", "clip", "scale", "log"),
    "z_score": ("ddof", "cap", "mean", "sd"),
    "percentile_rank": ("scale",),
    "borda": (),
    "target": ("target", "worst", "clip", "scale"),
    "none": (),
}
OUTLIER_OPTIONS: dict[str, tuple[str, ...]] = {
    "none": (),
    "winsorise": ("skewness", "kurtosis", "max"),
    "winsorise_count": ("low", "high"),
    "winsorise_percentile": ("low", "high"),
    "cap": ("low", "high"),
}
MISSING_OPTIONS: dict[str, tuple[str, ...]] = {
    "rescale": ("coverage", "weights"),
    "none": ("coverage", "weights"),
    "value": ("coverage", "weights", "value"),
    "median": ("coverage", "weights"),
    "group_mean": ("coverage", "weights", "group"),
    "last_observed": ("coverage", "weights", "column"),
    "neutral": ("coverage", "weights", "score"),
}


@dataclass(frozen=True, slots=True)
class Transform:
    """A step before normalising: `per` (value / another column × times) or `log` (natural, of value +
    offset)."""

    method: str
    column: str = ""
    times: float = 1.0
    offset: float = 0.0

    def to_json(self) -> dict[str, object]:
        """The JSON object this was read from."""
        if self.method == "per":
            return {"per": self.column, "times": self.times}
        return {"method": "log", "offset": self.offset}


@dataclass(frozen=True, slots=True)
class Normalise:
    """How an indicator's values become scores; see `rankings.engine.normalise` for the formulas."""

    method: str = "min_max"
    scale: tuple[float, float] = PERCENT
    low: float | None = None
    high: float | None = None
    clip: bool = True
    log: bool = False
    ddof: int = 0
    cap: float | None = None
    mean: float = 0.0
    sd: float = 1.0
    target: float | None = None
    worst: float | None = None

    def to_json(self) -> dict[str, object]:
        """Method and every option the method has."""
        return _options(self, NORMALISE_OPTIONS[self.method])


@dataclass(frozen=True, slots=True)
class Outliers:
    """What is done to extreme values before normalising; see `rankings.engine.outliers`."""

    method: str = "none"
    low: float | None = None
    high: float | None = None
    skewness: float = 2.0
    kurtosis: float = 3.5
    max: int = 5

    def to_json(self) -> dict[str, object]:
        """Method and every option the method has."""
        return _options(self, OUTLIER_OPTIONS[self.method])


@dataclass(frozen=True, slots=True)
class Missing:
    """What a gap means; see `rankings.engine.missing` (filling) and `rankings.engine.aggregate` (the
    rest)."""

    method: str = "rescale"
    coverage: float = 0.0
    weights: str = "rescaled"
    value: float | None = None
    group: str = ""
    column: str = "{code}_last"
    score: float | None = None

    def column_of(self, code: str) -> str:
        """The column that holds the last observed values of an indicator."""
        return self.column.replace("{code}", code)

    def to_json(self) -> dict[str, object]:
        """Method and every option the method has."""
        return _options(self, MISSING_OPTIONS[self.method])


@dataclass(frozen=True, slots=True)
class RankRule:
    """How places are made: by score or by value, rounded to how many decimals, which end first."""

    by: str = "score"
    decimals: int | None = None
    first: str = "highest"

    def to_json(self) -> dict[str, object]:
        """All three fields."""
        return {"by": self.by, "decimals": self.decimals, "first": self.first}


def _options(choice: Normalise | Outliers | Missing, names: tuple[str, ...]) -> dict[str, object]:
    values: dict[str, object] = {"method": choice.method}
    for name in names:
        value = getattr(choice, name)
        if value is not None:
            values[name] = list(value) if isinstance(value, tuple) else value
    return values
