"""Phrases about placements that several pages share, made from numbers by portal.language.formatting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from indicators.models import Direction
from portal.charts.scale import extent
from portal.charts.strip import Strip, percents, spread_out, strip
from portal.language import formatting
from rankings.models import Edition

COVERAGE_OF_METHOD = 0.6


class Standing(Protocol):
    """What can be said in words: a Placement, or a light row of the same fields."""

    @property
    def rank(self) -> int | None:
        """1 is best; None where there is none."""

    @property
    def rank_last(self) -> int | None:
        """The last of the shared places."""

    @property
    def n(self) -> int:
        """Of how many."""

    @property
    def printed(self) -> float | None:
        """The score as it is printed."""

    @property
    def low(self) -> int | None:
        """Best end of the interval."""

    @property
    def high(self) -> int | None:
        """Worst end of the interval."""

    @property
    def coverage(self) -> float:
        """Share of the weight that there are figures for."""


class Scored(Protocol):
    """What has a printed score."""

    @property
    def printed(self) -> float | None:
        """The score as it is printed."""


class Spreads(Protocol):
    """How a subject's figures lie: a Spread, or a light row of the same fields."""

    @property
    def median(self) -> float | None:
        """The middle one."""

    @property
    def lower_quartile(self) -> float | None:
        """A quarter lies below."""

    @property
    def upper_quartile(self) -> float | None:
        """A quarter lies above."""

    @property
    def lowest(self) -> float | None:
        """The smallest."""

    @property
    def highest(self) -> float | None:
        """The largest."""


class Measured(Protocol):
    """What a value is of: an Indicator, or a light row of the same fields."""

    @property
    def unit(self) -> str:
        """Danish."""

    @property
    def unit_en(self) -> str:
        """English, may be empty."""

    @property
    def decimals(self) -> int:
        """As it is printed."""

    @property
    def direction(self) -> str:
        """Which way is good."""


def rank(placement: Standing | None) -> str:
    """Write a placement to stand first on a line: "Nr. 4", "Delt nr. 12 (12–14)" or "Ikke placeret"."""
    if placement is None or placement.rank is None:
        return _("Ikke placeret")
    return formatting.rank(placement.rank, placement.rank_last)


def rank_in_text(placement: Standing | None, language: str | None = None) -> str:
    """Write a placement inside a line or a cell: "nr. 12–14"; empty where there is none."""
    if placement is None or placement.rank is None:
        return ""
    return formatting.rank_in_text(placement.rank, placement.rank_last, language)


def of(placement: Standing | None, language: str | None = None) -> str:
    """Write "af 97"; empty where there is no rank."""
    return "" if placement is None or placement.rank is None else formatting.of(placement.n, language)


def score(placement: Scored | None) -> str:
    """Write the printed score; empty where there is none."""
    return "" if placement is None or placement.printed is None else formatting.score(placement.printed)


def interval(placement: Standing | None) -> str:
    """Write how sure a placement is; empty where it is not known."""
    if placement is None or placement.low is None or placement.high is None:
        return ""
    return formatting.rank_interval(placement.low, placement.high)


def why_not_ranked(placement: Standing, edition: Edition) -> str:
    """Say why there is no rank; empty where there is one."""
    if placement.rank is not None:
        return ""
    needed = edition.method.get("missing", {}).get("coverage", COVERAGE_OF_METHOD)
    return _("Der er kun tal for %(share)s %% af vægten, og der kræves %(needed)s %%.") % {
        "share": formatting.number(100 * placement.coverage),
        "needed": formatting.number(100 * needed),
    }


def value(indicator: Measured, figure: float | None, language: str | None = None) -> str:
    """Write an indicator's value with its unit; empty for None. ``language`` as in `portal.language.formatting`."""
    if figure is None:
        return ""
    return formatting.with_unit(figure, unit(indicator, language), indicator.decimals, language)


def unit(indicator: Measured, language: str | None = None) -> str:
    """The indicator's unit in the language of the page."""
    return indicator.unit_en or indicator.unit if (language or get_language()) == "en" else indicator.unit


def direction(indicator: Measured) -> str:
    """Say in words which way is good."""
    return formatting.direction(indicator.direction)


def lower_is_right(indicator: Measured) -> bool:
    """Whether the better end of the scale, the right one, holds the lower values."""
    return indicator.direction == Direction.LOWER


def ranked(n: int, indicator: Measured | None) -> str:
    """Say how many have a place; of an indicator that is neither good nor bad, that nobody has."""
    if indicator is not None and indicator.direction == Direction.NEUTRAL:
        return _("uden placering")
    return formatting.count(n, _("kommune er placeret"), _("kommuner er placeret"))


def tick(indicator: Measured | None, figure: float) -> str:
    """Write a number of a distribution's scale; of yes and no, nothing between them."""
    if indicator is None:
        return formatting.number(figure)
    if formatting.is_yes_no(indicator.unit):
        return value(indicator, figure) if figure in {0, 1} else ""
    return formatting.number(figure, indicator.decimals)


def dots(indicator: Measured | None) -> str:
    """Say how a distribution is read: of an indicator, or (None) of scores."""
    if indicator is not None and indicator.direction == Direction.NEUTRAL:
        return _("En prik for hver kommune; de højeste tal til højre.")
    return _("En prik for hver kommune; de bedste til højre.")


def score_strip(
    own: Standing | None, scores: Sequence[float], spread: Spreads | None, says: str, *, labelled: str = ""
) -> Strip:
    """Draw the printed scores of everyone ranked, with one's own, the median and the band of its interval.

    ``labelled`` names the own place on a large strip; the median is named beside it then.
    """
    middle = spread.median if spread else None
    mine = own.printed if own else None
    ends = extent([*scores, mine, middle])
    places = spread_out(tuple(scores), *ends)
    place, at_middle = percents((mine, middle), ends=ends)
    return strip(
        places,
        says=says,
        own=place,
        median=at_middle,
        band=_ends(own, places),
        own_label=f"{labelled} {formatting.score(mine)}" if labelled and mine is not None else "",
        median_label=_("median %(value)s") % {"value": formatting.score(middle)}
        if labelled and middle is not None
        else "",
    )


def score_band(own: Standing, scores: Iterable[float]) -> tuple[float, float] | None:
    """The scores of those who now hold the two ends of a placement's interval: the interval on the score's scale."""
    return _ends(own, scores)


def _ends(own: Standing | None, figures: Iterable[float]) -> tuple[float, float] | None:
    if own is None or own.low is None or own.high is None:
        return None
    by_rank = sorted(figures, reverse=True)
    if not by_rank:
        return None
    return by_rank[min(own.low, len(by_rank)) - 1], by_rank[min(own.high, len(by_rank)) - 1]


def sources(names: Iterable[str]) -> tuple[str, ...]:
    """Every source once, in order; the tables of one bank stand behind its name: "Statistikbanken: BU43, LABY10"."""
    tables: dict[str, set[str]] = {}
    for name in names:
        bank, comma, table = name.rpartition(", ")
        if comma and table == table.upper():
            tables.setdefault(bank, set()).add(table)
        else:
            tables.setdefault(name, set())
    return tuple(f"{bank}: {', '.join(sorted(found))}" if found else bank for bank, found in sorted(tables.items()))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentence may say. ``causes`` are places won (positive) or lost by cause; they add up to the change.

    ``comparable``: both editions have one method. Where not, ``bridge_rank`` is the rank the edition before gives by
    the new method, None where that is not known.
    """

    name: str
    year: int
    n: int
    coverage: float
    rank: int | None = None
    rank_last: int | None = None
    low: int | None = None
    high: int | None = None
    best_area: str = ""
    best_area_rank: int | None = None
    previous_year: int | None = None
    previous_rank: int | None = None
    comparable: bool = True
    bridge_rank: int | None = None
    causes: Mapping[str, int] = field(default_factory=dict)


CAUSES_UP = {
    "own": gettext_lazy("mest fordi kommunens egne tal er blevet bedre"),
    "others": gettext_lazy("mest fordi andre kommuners tal er blevet dårligere"),
    "indicators": gettext_lazy("mest fordi indekset har fået nye eller færre indikatorer"),
    "method": gettext_lazy("mest fordi metoden er ændret"),
    "missing": gettext_lazy("mest fordi andre tal mangler end før"),
}
CAUSES_DOWN = {
    **CAUSES_UP,
    "own": pgettext_lazy("tilbagegang", "mest fordi kommunens egne tal er blevet dårligere"),
    "others": pgettext_lazy("tilbagegang", "mest fordi andre kommuners tal er blevet bedre"),
}


def sentence(facts: Facts) -> str:
    """Say where the municipality stands, how sure that is, where it is best, and how and why it moved."""
    if facts.rank is None:
        return _("%(name)s er ikke placeret i %(year)s: der er kun tal for %(share)s %% af vægten.") % {
            "name": facts.name,
            "year": facts.year,
            "share": formatting.number(100 * facts.coverage),
        }
    parts = [_place(facts)]
    if facts.best_area and facts.best_area_rank is not None:
        parts.append(
            _("Bedst går det på området %(area)s (nr. %(rank)s).")
            % {"area": facts.best_area, "rank": facts.best_area_rank}
        )
    return " ".join([*parts, *_movement(facts)])


def _place(facts: Facts) -> str:
    place = formatting.rank_in_text(facts.rank or 0, facts.rank_last)
    words = {"name": facts.name, "place": place, "n": facts.n}
    if facts.low is None or facts.high is None:
        return _("%(name)s er %(place)s af %(n)s.") % words
    if facts.low == facts.high:
        return _("%(name)s er %(place)s af %(n)s, og det ændrer rimelige valg af metode ikke på.") % words
    interval = formatting.rank_interval(facts.low, facts.high)
    return _("%(name)s er %(place)s af %(n)s, %(interval)s i 9 af 10 beregninger.") % {**words, "interval": interval}


def _movement(facts: Facts) -> list[str]:
    if facts.previous_year is None:
        return []
    if facts.previous_rank is None:
        return [_("I %(year)s var kommunen ikke placeret.") % {"year": facts.previous_year}]
    if not facts.comparable:
        return [_across_methods(facts)]
    change = facts.previous_rank - (facts.rank or 0)
    if change == 0:
        return [_("Det er samme plads som i %(year)s.") % {"year": facts.previous_year}]
    moved = formatting.rank_change(facts.previous_rank, facts.rank or 0)
    cause = main_cause(facts.causes, change)
    words = {"moved": moved, "year": facts.previous_year, "cause": cause}
    if not cause:
        return [_("Det er %(moved)s siden %(year)s.") % words]
    return [_("Det er %(moved)s siden %(year)s, %(cause)s.") % words]


def _across_methods(facts: Facts) -> str:
    words = {"year": facts.previous_year}
    if facts.bridge_rank is None:
        return _("Metoden er ændret siden %(year)s, så placeringerne kan ikke sammenlignes.") % words
    moved = formatting.rank_change(facts.bridge_rank, facts.rank or 0)
    return _("Metoden er ændret; med den samme metode begge år er det %(moved)s siden %(year)s.") % {
        **words,
        "moved": moved,
    }


CAUSES_SHORT = {
    "own": gettext_lazy("mest egne tal"),
    "others": gettext_lazy("mest andres tal"),
    "indicators": gettext_lazy("mest nye eller udgåede indikatorer"),
    "method": gettext_lazy("mest metoden"),
    "missing": gettext_lazy("mest manglende tal"),
}


def main_cause(causes: Mapping[str, int], change: int) -> str:
    """The cause that moved it most in the direction it went, in words; "" where none did."""
    largest = _largest(causes, change)
    return str((CAUSES_UP if change > 0 else CAUSES_DOWN)[largest]) if largest else ""


def main_part(causes: Mapping[str, int], change: int) -> str:
    """The same cause as a short note in a cell."""
    largest = _largest(causes, change)
    return str(CAUSES_SHORT[largest]) if largest else ""


def _largest(causes: Mapping[str, int], change: int) -> str:
    sign = 1 if change > 0 else -1
    helping = {cause: places * sign for cause, places in causes.items() if places * sign > 0}
    return max(helping, key=lambda cause: helping[cause]) if helping else ""
