"""The choices a specification makes: one frozen dataclass each, the options every method has, and how each is read
from JSON with every bound a field has.

An own entry of an indicator or a node is laid over the default: it keeps the default's method when it names
none, and the default's options (scale, clip, ddof …) that its method also has, unless it says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rankings.engine.fields import Fields, SpecificationError, shown

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
    """What is done to extreme values before normalising; see `rankings.engine.treatment`."""

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
    """What a gap means; see `rankings.engine.treatment` (filling) and `rankings.engine.aggregate` (the
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


@dataclass(frozen=True, slots=True)
class DrawRule:
    """How sure a rank is, is found out with so many draws from this seed; an interval holds `share` of them."""

    draws: int = 20_000
    share: float = 0.9
    seed: int = 2014

    def to_json(self) -> dict[str, object]:
        """All three fields."""
        return {"draws": self.draws, "share": self.share, "seed": self.seed}


def _options(choice: Normalise | Outliers | Missing, names: tuple[str, ...]) -> dict[str, object]:
    values: dict[str, object] = {"method": choice.method}
    for name in names:
        value = getattr(choice, name)
        if value is not None:
            values[name] = list(value) if isinstance(value, tuple) else value
    return values


def laid_over(default: dict[str, object], own: Fields, options: dict[str, tuple[str, ...]], first: str) -> Fields:
    """An own entry laid over the default: the own keys win, the default's keys count where the method has
    them."""
    fallback = default.get("method", first)
    method = own.choice("method", tuple(options), str(fallback))
    for key in own.values:
        if key != "method" and key not in options[method]:
            known = ", ".join(options[method]) or "none"
            raise own.refuse(key, f"is not an option of {method} (its options: {known})")
    kept = {key: value for key, value in default.items() if key in options[method]}
    return Fields({**kept, **own.values, "method": method}, own.path)


def read_transform(value: object, path: str) -> tuple[Transform, ...]:
    """`"none"`, `"log"`, `{"method": "log", "offset": 1}`, `{"per": "column", "times": 1000}`, or a list of
    them."""
    if isinstance(value, list):
        return tuple(step for index, part in enumerate(value) for step in _read_step(part, f"{path}[{index}]"))
    return _read_step(value, path)


def _read_step(value: object, path: str) -> tuple[Transform, ...]:
    if value is None or value == "none":
        return ()
    if value == "log":
        return (Transform("log"),)
    if not isinstance(value, dict):
        raise SpecificationError(path, f'must be "none", "log", an object or a list of them, not {shown(value)}')
    fields = Fields(value, path)
    if fields.has("per"):
        step = Transform("per", column=fields.text("per"), times=fields.number("times", 1.0))
        if step.times <= 0:
            raise fields.refuse("times", "must be above 0")
    else:
        method = fields.choice("method", ("none", "log"))
        if method == "none":
            fields.close()
            return ()
        step = Transform("log", offset=fields.number("offset", 0.0))
    fields.close()
    return (step,)


def read_normalise(fields: Fields) -> Normalise:
    """A `normalise` object already laid over the default."""
    method = fields.choice("method", tuple(NORMALISE_OPTIONS))
    scale = fields.rising_pair("scale", (0.0, 1.0) if method == "percentile_rank" else PERCENT)
    choice = Normalise(
        method=method,
        scale=scale,
        low=fields.optional_number("low"),
        high=fields.optional_number("high"),
        clip=fields.flag("clip", default=True),
        log=fields.flag("log", default=False),
        ddof=fields.whole("ddof", 0, most=1),
        cap=fields.optional_number("cap", least=0.0),
        mean=fields.number("mean", 0.0),
        sd=fields.number("sd", 1.0),
        target=fields.optional_number("target"),
        worst=fields.optional_number("worst"),
    )
    if choice.low is not None and choice.high is not None and choice.low >= choice.high:
        raise fields.refuse("low", "must be below high; which end is good is the direction's business")
    if choice.log and choice.low is not None and choice.low <= 0:
        raise fields.refuse("low", "must be above 0 with log")
    if choice.cap == 0 or choice.sd <= 0:
        raise fields.refuse("cap" if choice.cap == 0 else "sd", "must be above 0")
    return choice


def require(choice: Normalise, path: str) -> Normalise:
    """Refuse a normalisation that lacks what its method cannot do without."""
    needed = {"goalposts": ("low", "high"), "target": ("target",)}.get(choice.method, ())
    for name in needed:
        if getattr(choice, name) is None:
            raise SpecificationError(f"{path}.{name}", f"is required by {choice.method}")
    return choice


def read_outliers(fields: Fields) -> Outliers:
    """An `outliers` object already laid over the default."""
    method = fields.choice("method", tuple(OUTLIER_OPTIONS))
    least, most = {"winsorise_count": (0.0, math.inf), "winsorise_percentile": (0.0, 100.0)}.get(
        method, (-math.inf, math.inf)
    )
    low, high = fields.optional_number("low", least=least), fields.optional_number("high", least=least)
    for key, value in (("low", low), ("high", high)):
        if value is not None and value > most:
            raise fields.refuse(key, f"must be at most {most:g}")
        if method == "winsorise_count" and value is not None and value != int(value):
            raise fields.refuse(key, "must be a whole number")
    if method in {"cap", "winsorise_percentile"} and low is not None and high is not None and low >= high:
        raise fields.refuse("low", "must be below high")
    return Outliers(
        method=method,
        low=low,
        high=high,
        skewness=fields.number("skewness", 2.0, least=0.0),
        kurtosis=fields.number("kurtosis", 3.5),
        max=fields.whole("max", 5),
    )


def read_missing(fields: Fields) -> Missing:
    """A `missing` object already laid over the default."""
    method = fields.choice("method", tuple(MISSING_OPTIONS))
    coverage = fields.number("coverage", 0.0, least=0.0)
    if coverage > 1:
        raise fields.refuse("coverage", "must be from 0 to 1 (a share, not a percentage)")
    return Missing(
        method=method,
        coverage=coverage,
        weights=fields.choice("weights", ("rescaled", "kept"), "rescaled"),
        value=fields.number("value") if method == "value" else None,
        group=fields.text("group") if method == "group_mean" else "",
        column=fields.text("column", "{code}_last"),
        score=fields.optional_number("score"),
    )


def read_rank(fields: Fields, default: RankRule, *, indicator: bool) -> RankRule:
    """A `rank` object over its default. Only an indicator has a value to be ranked by."""
    by = fields.choice("by", ("score", "value"), default.by) if indicator else "score"
    decimals: int | None = default.decimals
    if fields.has("decimals"):
        decimals = None if fields.raw("decimals") is None else fields.whole("decimals", 0, most=12)
    rule = RankRule(by, decimals, fields.choice("first", ("highest", "lowest"), default.first))
    fields.close()
    return rule


def read_draws(fields: Fields) -> DrawRule:
    """A `robustness` object."""
    default = DrawRule()
    share = fields.number("share", default.share, least=0.0)
    if not 0 < share < 1:
        raise fields.refuse("share", "must be above 0 and below 1 (a share, not a percentage)")
    rule = DrawRule(
        draws=fields.whole("draws", default.draws, least=1, most=10_000_000),
        share=share,
        seed=fields.whole("seed", default.seed, most=2**53),
    )
    fields.close()
    return rule
