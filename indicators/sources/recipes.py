"""Recipes: how an indicator is made of a publisher's tables. They are data (`recipes.toml` of the catalogue).

A recipe says which codes it wants and by which words it would know them. What a table has is only known when the
publisher describes it, so a recipe is *unconfirmed* until a fetch has found each of its codes, with those words beside
it. A code that is not there is never guessed: the fetch stops and says what the table has instead.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from indicators.upload.messages import Text, _
from indicators.upload.places import fold

from .answers import SourceError
from .collecting import Publisher

if TYPE_CHECKING:
    from indicators.sources.publishers import Description, Variable

_TOTALS = frozenset({"i alt", "ialt", "total", "alle", "i alt.", "all", "tot", "totalt", "yhteensa"})
_PLACE_WORDS = frozenset({"kommune", "kommuner", "municipality", "omraade", "region", "kommunegrupper", "kunta"})
_FEWEST_PLACES = 0.5
"""A variable is that of the municipalities when at least half of them are among its values."""


@dataclass(frozen=True)
class Filter:
    """Which values of one variable are wanted; several are summed.

    `variable` lists codes or texts that the variable may go by; where none fits, it is the only one that has all the
    codes. `codes` are wanted outright; `first` and `last` want every whole number between them (ages); `words` want the
    one value whose text has one of them. With codes, `words` are what the texts must have: else the recipe stays
    unconfirmed. `every` wants all values but the total.
    """

    variable: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    every: bool = False


@dataclass(frozen=True)
class Part:
    """One side of the fraction: a table, what is wanted of it, and of which period."""

    table: str
    filters: tuple[Filter, ...] = ()
    period: str = ""


@dataclass(frozen=True)
class Recipe:
    """How an indicator's figure is made: numerator ÷ denominator × factor, or the numerator × factor alone.

    `period` says which period of the tables belongs to a year: `{year}`, `{year}K4`, `{year}M12`, `{year}/{next}`.
    `zeros` says what a 0 is where the publisher may deliver 0 for a figure too small to show: `real`, `missing` (it is
    suppressed), or `ask` (a finding). `absent` is the kind of missing of a municipality that the table has no figure
    of. `reported_by` names those whose figures stand in another's: Vallensbæk in Ishøj's. `waits_for` says why a recipe
    cannot be used yet. `notes` are shown with the figures.
    """

    indicator: str
    publisher: str
    numerator: Part
    denominator: Part | None = None
    factor: float = 1.0
    period: str = "{year}"
    zeros: str = "ask"
    absent: str = "not_available"
    reported_by: Mapping[str, str] = field(default_factory=dict)
    waits_for: str = ""
    notes: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, each once."""
        return tuple(dict.fromkeys(part.table for part in self.parts))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Numerator and, where there is one, denominator."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)

    def period_of(self, part: Part, year: int) -> str:
        """The period of a table that belongs to a year, as the publisher writes it: 2024, 2024K4, 2024M12."""
        return (part.period or self.period).format(year=year, next=year + 1)


@dataclass(frozen=True)
class RecipeBook:
    """The recipes of a catalogue and whom they ask, as its file has them."""

    publishers: Mapping[str, Publisher]
    recipes: Mapping[str, Recipe]
    places: Mapping[str, tuple[str, ...]]

    def asked(self, name: str, *, url: str = "", key: str = "", pause: float | None = None) -> Publisher:
        """A publisher, asked at another address, with a key, or with another pause."""
        said = self.publishers[name]
        return Publisher(
            name=said.name,
            interface=said.interface,
            declared_url=said.declared_url,
            title=said.title,
            url=url,
            key=key,
            pause=said.pause if pause is None else pause,
            table_page=said.table_page,
            language=said.language,
        )


@lru_cache(maxsize=4)
def recipe_book(path: Path) -> RecipeBook:
    """Read a catalogue's recipes. Raises ValueError, naming the recipe, for one that cannot be right."""
    said = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    publishers = {name: _publisher(name, each) for name, each in said.get("publishers", {}).items()}
    places = {name: tuple(each.get("municipality", ())) for name, each in said.get("publishers", {}).items()}
    recipes = [_recipe(each, publishers) for each in said.get("recipes", [])]
    if len({recipe.indicator for recipe in recipes}) != len(recipes):
        msg = f"{path.name}: an indicator has two recipes."
        raise ValueError(msg)
    return RecipeBook(publishers, {recipe.indicator: recipe for recipe in recipes}, places)


def _publisher(name: str, said: Mapping[str, Any]) -> Publisher:
    return Publisher(
        name=name,
        interface=said["interface"],
        declared_url=said["url"],
        title=said["title"],
        pause=said.get("pause", 0.7),
        table_page=said.get("page", ""),
        language=said.get("language", "en"),
    )


def _recipe(said: Mapping[str, Any], publishers: Mapping[str, Publisher]) -> Recipe:
    known = {"numerator", "denominator", "notes", "reported_by", *_PLAIN}
    if unknown := set(said) - known or {"indicator", "publisher", "numerator"} - set(said):
        msg = f"The recipe of {said.get('indicator', '?')} has unknown or lacks {', '.join(sorted(unknown))}."
        raise ValueError(msg)
    if said["publisher"] not in publishers or said.get("zeros", "ask") not in {"real", "missing", "ask"}:
        msg = f"The recipe of {said['indicator']} has an unknown publisher or rule for zeros."
        raise ValueError(msg)
    return Recipe(
        numerator=_part(said["numerator"]),
        denominator=_part(said["denominator"]) if "denominator" in said else None,
        notes=tuple(said.get("notes", ())),
        reported_by=dict(said.get("reported_by", {})),
        **{name: said[name] for name in _PLAIN if name in said},
    )


_PLAIN = ("indicator", "publisher", "factor", "period", "zeros", "absent", "waits_for")


def _part(said: Mapping[str, Any]) -> Part:
    return Part(said["table"], tuple(_filter(each) for each in said.get("filters", ())), said.get("period", ""))


def _filter(said: Mapping[str, Any]) -> Filter:
    plain = {name: said[name] for name in ("first", "last", "every") if name in said}
    variable, codes, words = (tuple(said.get(name, ())) for name in ("variable", "codes", "words"))
    return Filter(variable, codes, words, **plain)


# What a recipe wants, found in what a table has.


@dataclass(frozen=True)
class Question:
    """What is asked of one table: codes by variable, which variable is the municipality, and what was found on the way.

    `texts` are the publisher's words for every code that is wanted: what a confirmed recipe remembers. `doubts` are the
    words that were expected of a code and are not there: a person should look.
    """

    selection: Mapping[str, tuple[str, ...]]
    place: str
    place_codes: Mapping[str, str]
    texts: Mapping[str, str]
    doubts: tuple[str, ...]


def question(
    part: Part, described: "Description", *, period: str, municipalities: Sequence[str], place_names: Sequence[str]
) -> Question:
    """Find a part's values in a table. Raises SourceError, with what the table has, where one is not there."""
    place = _place_variable(described, municipalities, place_names)
    place_codes = _place_codes(place, municipalities)
    time = described.time
    if period not in time.values:
        raise SourceError(
            _(
                "%(table)s har ikke perioden %(period)s. Den nyeste er %(newest)s.",
                table=described.table,
                period=period,
                newest=list(time.values)[-1],
            )
        )
    selection = {place.code: tuple(place_codes), time.code: (period,)}
    texts: dict[str, str] = {place.code: place.text}
    doubts: list[str] = []
    open_variables = [v for v in described.variables if v.code not in selection]
    for wanted in part.filters:
        variable = _variable_of(wanted, open_variables, described)
        open_variables.remove(variable)
        codes, doubt = _codes_of(wanted, variable, described)
        selection[variable.code] = codes
        texts |= {f"{variable.code}={code}": variable.values[code] for code in codes}
        doubts += doubt
    for variable in open_variables:
        if not variable.eliminable:
            code = _total_of(variable, described)
            selection[variable.code] = (code,)
            texts[f"{variable.code}={code}"] = variable.values[code]
    return Question(selection, place.code, place_codes, texts, tuple(doubts))


def newest_year(recipe: Recipe, described: Mapping[str, "Description"], *, up_to: int) -> int | None:
    """The newest year, at most `up_to`, whose periods all the tables have; None where there is none."""
    for year in range(up_to, up_to - 30, -1):
        if all(recipe.period_of(part, year) in described[part.table].time.values for part in recipe.parts):
            return year
    return None


def _place_variable(described: "Description", municipalities: Sequence[str], names: Sequence[str]) -> "Variable":
    """The variable of the municipalities: by its name where it is known, else the one that has most of them."""
    known = {name.casefold() for name in names}
    named = [v for v in described.variables if v.code.casefold() in known or set(fold(v.text).split()) & _PLACE_WORDS]
    for variable in (*named, *described.variables):
        if not variable.is_time and len(_place_codes(variable, municipalities)) >= _FEWEST_PLACES * len(municipalities):
            return variable
    raise SourceError(
        _(
            "%(table)s har ingen kommuner: variablerne er %(variables)s.",
            table=described.table,
            variables=_listed(v.code for v in described.variables),
        )
    )


def _place_codes(variable: "Variable", municipalities: Sequence[str]) -> dict[str, str]:
    """The variable's codes for municipalities, and the municipality of each. Totals and regions stand beside them."""
    known = {code.lstrip("0"): code for code in municipalities}
    found = {code: known[code.lstrip("0")] for code in variable.values if code.lstrip("0") in known}
    return found if len(set(found.values())) == len(found) else {}


def _variable_of(wanted: Filter, variables: Sequence["Variable"], described: "Description") -> "Variable":
    names = {fold(name) for name in wanted.variable}
    named = [v for v in variables if fold(v.code) in names or fold(v.text) in names]
    having = [v for v in variables if wanted.codes and all(_matches(code, v, wanted.words) for code in wanted.codes)]
    for found in ([v for v in named if v in having or not wanted.codes], having, named):
        if len(found) == 1:
            return found[0]
    raise SourceError(
        _(
            "Opskriften søger %(wanted)s i %(table)s, som har variablerne %(variables)s. Ret opskriften.",
            wanted=_listed(wanted.codes or wanted.words) or _listed(wanted.variable),
            table=described.table,
            variables="; ".join(f"{v.code} ({_listed(v.values)})" for v in variables),
        )
    )


def _codes_of(wanted: Filter, variable: "Variable", described: "Description") -> tuple[tuple[str, ...], list[str]]:
    if wanted.every:
        return tuple(code for code, text in variable.values.items() if not _is_total(code, text)), []
    if wanted.first is not None:
        return _numbered(wanted.first, wanted.last, variable, described), []
    if not wanted.codes:
        return (_by_words(wanted, variable, described),), []
    found, doubts = [], []
    for code in wanted.codes:
        matches = _matches(code, variable, wanted.words)
        if len(matches) != 1:
            raise SourceError(_missing_code(code, variable, described))
        found.append(matches[0])
        text = variable.values[matches[0]]
        if wanted.words and not _has_one_of(wanted.words, text):
            doubts.append(f"{described.table} {variable.code}={matches[0]}: »{text}«")
    return tuple(found), doubts


def _matches(code: str, variable: "Variable", words: Sequence[str]) -> list[str]:
    """The variable's codes that a recipe's code may be: itself, or the one that differs by leading zeros only.

    A total is never found that way unless its words say so: 0 (an age) and 00 (all ages) differ by everything.
    """
    if code in variable.values:
        return [code]
    bare = code.lstrip("0") or "0"
    return [
        each
        for each, text in variable.values.items()
        if (each.lstrip("0") or "0") == bare and (not _is_total(each, text) or _has_one_of(words, text))
    ]


def _numbered(first: int, last: int | None, variable: "Variable", described: "Description") -> tuple[str, ...]:
    """The codes of every whole number from `first` to `last`; without `last` as many as the table has."""
    by_number: dict[int, str] = {}
    for code, text in variable.values.items():
        if (found := re.match(r"\d+", code)) and not _is_total(code, text):
            by_number[int(found[0])] = code
    wanted = range(first, (max(by_number, default=first) if last is None else last) + 1)
    if lacking := [number for number in wanted if number not in by_number]:
        raise SourceError(_missing_code(str(lacking[0]), variable, described))
    return tuple(by_number[number] for number in wanted)


def _by_words(wanted: Filter, variable: "Variable", described: "Description") -> str:
    found = [code for code, text in variable.values.items() if _has_one_of(wanted.words, text)]
    if len(found) != 1:
        raise SourceError(_missing_code(" / ".join(wanted.words), variable, described))
    return found[0]


def _total_of(variable: "Variable", described: "Description") -> str:
    """The value that stands for all, of a variable that the publisher does not sum away by itself."""
    found = [code for code, text in variable.values.items() if _is_total(code, text)]
    if len(variable.values) == 1:
        return next(iter(variable.values))
    if len(found) != 1:
        raise SourceError(
            _(
                "%(table)s skal have et valg for %(variable)s, og den har ikke ét »i alt«: %(values)s. Ret opskriften.",
                table=described.table,
                variable=variable.code,
                values=_listed(variable.values),
            )
        )
    return found[0]


def _is_total(code: str, text: str) -> bool:
    words = fold(text)
    return words in _TOTALS or code.casefold() in {"tot", "ialt"} or words.endswith(" i alt")


def _has_one_of(words: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return any(fold(word) in folded for word in words)


def _missing_code(code: str, variable: "Variable", described: "Description") -> Text:
    return _(
        "%(table)s har ikke »%(code)s« i %(variable)s. Den har: %(values)s. Ret opskriften.",
        table=described.table,
        code=code,
        variable=variable.code,
        values=_listed(f"{each} {text}" for each, text in variable.values.items()),
    )


def _listed(words: Any, most: int = 12) -> str:
    every = list(words)
    return ", ".join(every[:most]) + (f" … ({len(every)})" if len(every) > most else "")


def recipes_of_the_catalogue() -> RecipeBook:
    """The recipes that come with the catalogue."""
    return recipe_book(settings.CATALOGUE / "recipes.toml")
