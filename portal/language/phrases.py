"""Phrases about placements that several pages share, made from numbers by portal.language.formatting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from portal.language import formatting
from portal.published import Direction, Edition, Indicator, Placement, Spread
from portal.published.rows import Change, Neighbour, PlacementRow, SpreadRow
from portal.published.subjects import IndicatorEntry

COVERAGE_OF_METHOD = 0.6
LITTLE_COVERAGE = 0.9  # below, a rank is never printed without what it rests on

Standing = Placement | PlacementRow | Neighbour
"""What has a place: all three have its fields under the same names."""
Spreads = Spread | SpreadRow
Measured = Indicator | IndicatorEntry


class Rests(Protocol):
    """A row of any kind with a place, and the share of the weight that it was made of."""

    @property
    def rank(self) -> int | None:
        """The place, 1 the best; None where there is none."""

    @property
    def coverage(self) -> float:
        """The share, 0–1."""


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


def score(placement: Standing | None) -> str:
    """Write the printed score; empty where there is none."""
    return "" if placement is None or placement.printed is None else formatting.score(placement.printed)


def interval(placement: Standing | None) -> str:
    """Write how sure a placement is; empty where it is not known."""
    if placement is None or placement.low is None or placement.high is None:
        return ""
    said = formatting.rank_interval(placement.low, placement.high)
    little = rests_on(placement)
    return f"{said} · {little}" if little else said


def named_place(name: str, placement: Standing, tag: str = "", *, whole: bool = False) -> str:
    """A municipality's place as the title of its shape or dot: "Køge: nr. 7–8, bygger på 66 % af vægten".

    ``tag`` is what somebody has said of the place; ``whole`` adds n and how sure it is, where no row beside says it.
    """
    place = rank_in_text(placement) or rank(None).lower()
    if whole:
        place = f"{place} {of(placement)}".strip()
    known = whole and placement.low is not None and placement.high is not None
    sure = formatting.rank_interval(placement.low or 1, placement.high or 1) if known else ""
    return f"{name}: {', '.join(filter(None, [place, sure, rests_on(placement), tag]))}"


def why_not_ranked(placement: Standing, edition: Edition) -> str:
    """Say why there is no rank; empty where there is one."""
    if placement.rank is not None:
        return ""
    needed = edition.method.get("missing", {}).get("coverage", COVERAGE_OF_METHOD)
    return _("Der er kun tal for %(share)s %% af vægten, og der kræves %(needed)s %%.") % {
        "share": coverage(placement.coverage, needed),
        "needed": formatting.number(100 * needed),
    }


def coverage(share: float, needed: float = COVERAGE_OF_METHOD) -> str:
    """Write the share of the weight that there are figures for, so that it holds beside what is required of it."""
    return formatting.share(share, needed, LITTLE_COVERAGE)


def coverage_percent(share: float) -> str:
    """The same with its sign, to stand alone."""
    return formatting.share_percent(share, COVERAGE_OF_METHOD, LITTLE_COVERAGE)


def rests_on(placement: Rests) -> str:
    """What is said beside every rank that rests on little; "" where it rests on enough, or there is no rank."""
    return resting(placement.rank, placement.coverage)


def resting(rank: int | None, known: float) -> str:
    """The same of a rank and the share of the weight that it was made of."""
    if rank is None or known >= LITTLE_COVERAGE:
        return ""
    return _("bygger på %(share)s %% af vægten") % {"share": coverage(known)}


def named(name: str, placement: Rests) -> str:
    """A municipality in a sentence about its place: "Syddjurs (bygger på 68 % af vægten)" where that is little."""
    little = rests_on(placement)
    return f"{name} ({little})" if little else name


def index_name(*, registers_only: bool) -> str:
    """What an edition's places are places in."""
    return _("registerudgaven af Socialt Indeks") if registers_only else "Socialt Indeks"


def index_words(edition: Edition) -> dict[str, str | int]:
    """That name and the year, for a sentence."""
    return {"index": index_name(registers_only=edition.registers_only), "year": edition.year}


def value(indicator: Measured, figure: float | None, language: str | None = None) -> str:
    """Write an indicator's value with its unit; empty for None. ``language`` as in `portal.language.formatting`."""
    written = unit(indicator, language)
    return "" if figure is None else formatting.with_unit(figure, written, indicator.decimals, language)


def short_value(indicator: Measured, figure: float | None, language: str | None = None) -> str:
    """A value beside `sense`, which has said the unit where that is several words: once for many figures."""
    if figure is not None and formatting.is_long(unit(indicator, language)):
        return formatting.number(figure, indicator.decimals, language)
    return value(indicator, figure, language)


def sense(indicator: Measured) -> str:
    """Which way is good, with a unit of several words: "højere er bedre, pr. 1.000 indbyggere"."""
    said = unit(indicator)
    return f"{direction(indicator)}, {said}" if formatting.is_long(said) else direction(indicator)


def unit(indicator: Measured, language: str | None = None) -> str:
    """The indicator's unit in the language of the page."""
    return indicator.unit_en or indicator.unit if (language or get_language()) == "en" else indicator.unit


def direction(indicator: Measured) -> str:
    """Say in words which way is good."""
    if formatting.is_yes_no(indicator.unit) and indicator.direction in {"higher_is_better", "lower_is_better"}:
        return _("ja er bedst") if indicator.direction == "higher_is_better" else _("nej er bedst")
    return formatting.direction(indicator.direction)


def source_kind(kind: str) -> str:
    """A kind of source in words."""
    names = {
        "register": _("register"), "inspection": _("tilsyn"), "appeals": _("klagesager"),
        "survey_members": _("spørgeskema til medlemmer"), "survey_managers": _("forvaltningernes egne svar"),
    }  # fmt: skip
    return names.get(kind, kind)


def lower_is_right(indicator: Measured) -> bool:
    """Whether the better end of the scale, the right one, holds the lower values."""
    return indicator.direction == Direction.LOWER


def ranked(n: int, indicator: Measured | None) -> str:
    """Say how many have a place; of an indicator that is neither good nor bad, that nobody has."""
    if indicator is not None and indicator.direction == Direction.NEUTRAL:
        return _("uden placering")
    return formatting.count(n, _("kommune er placeret"), _("kommuner er placeret"))


def tick(indicator: Measured | None, figure: float, decimals: int) -> str:
    """Write a number of an axis, as finely as its step; of yes and no, nothing between them."""
    if indicator is not None and formatting.is_yes_no(indicator.unit):
        return value(indicator, figure) if figure in {0, 1} else ""
    return formatting.number(figure, decimals)


def dots(indicator: Measured | None) -> str:
    """Say how a distribution is read: of an indicator, or (None) of scores."""
    if indicator is not None and indicator.direction == Direction.NEUTRAL:
        return _("En prik for hver kommune; de højeste tal til højre.")
    return _("En prik for hver kommune; de bedste til højre.")


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
    """What the sentence may say of a municipality's place.

    ``change`` is None where the edition before has no place for it; ``comparable``: both editions have one method.
    Where not, ``bridge`` is the place the edition before gives by the new method, None where that is not known.
    ``causes`` are places won (positive) or lost by cause; ``missing`` counts the figures that are not there by kind.
    """

    name: str
    year: int
    place: PlacementRow
    best_area: str = ""
    best_area_rank: int | None = None
    previous_year: int | None = None
    change: Change | None = None
    comparable: bool = True
    bridge: PlacementRow | None = None
    causes: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)


CAUSES_UP = {
    "own": gettext_lazy("mest fordi kommunens egne tal er blevet bedre"),
    "others": gettext_lazy("mest fordi andre kommuners tal er blevet dårligere"),
    "indicators": gettext_lazy("mest fordi indekset har fået nye eller færre indikatorer"),
    "method": gettext_lazy("mest fordi metoden er ændret"),
    "missing": gettext_lazy("mest fordi det er nogle andre tal, der mangler, end sidste år"),
}
CAUSES_DOWN = {
    **CAUSES_UP,
    "own": pgettext_lazy("tilbagegang", "mest fordi kommunens egne tal er blevet dårligere"),
    "others": pgettext_lazy("tilbagegang", "mest fordi andre kommuners tal er blevet bedre"),
}


def sentence(facts: Facts) -> str:
    """Say where the municipality stands, how sure that is, what became of its place, and where it is best."""
    place = facts.place
    if place.rank is None:
        return _("%(name)s er ikke placeret i %(year)s: der er kun tal for %(share)s %% af vægten.") % {
            "name": facts.name,
            "year": facts.year,
            "share": coverage(place.coverage),
        }
    parts = [_place(facts), *little(facts), *movement(facts)]
    if facts.best_area and facts.best_area_rank is not None:
        parts.append(
            _("Af områderne er kommunen placeret bedst på %(area)s (nr. %(rank)s).")
            % {"area": facts.best_area, "rank": facts.best_area_rank}
        )
    return " ".join(parts)


def _place(facts: Facts) -> str:
    own = facts.place
    words = {"name": facts.name, "place": formatting.rank_in_text(own.rank or 0, own.rank_last), "n": own.n}
    if own.low is None or own.high is None:
        return _("%(name)s er %(place)s af %(n)s.") % words
    if own.low == own.high:
        return _("%(name)s er %(place)s af %(n)s, og det ændrer rimelige valg af metode ikke på.") % words
    interval = formatting.rank_interval(own.low, own.high)
    return _("%(name)s er %(place)s af %(n)s, %(interval)s i 9 af 10 beregninger.") % {**words, "interval": interval}


def little(facts: Facts) -> list[str]:
    """What a rank rests on, where that is little, and by name what is not there."""
    if not rests_on(facts.place):
        return []
    kinds = sorted(facts.missing.items(), key=lambda pair: (-pair[1], pair[0]))
    gaps = [f"{amount} {formatting.missing(kind)}" for kind, amount in kinds]
    words = {"share": coverage(facts.place.coverage), "gaps": formatting.joined(gaps)}
    if not gaps:
        return [_("Placeringen bygger på %(share)s %% af vægten.") % words]
    return [_("Placeringen bygger på %(share)s %% af vægten; tal, der mangler: %(gaps)s.") % words]


def movement(facts: Facts) -> list[str]:
    """What became of its place since the edition before; a move is called one only where the rule says so."""
    if facts.previous_year is None:
        return []
    if not facts.comparable:
        return [across_methods(facts.previous_year, facts.bridge)]
    change = facts.change
    if change is None:
        return [_("I %(year)s var kommunen ikke placeret.") % {"year": facts.previous_year}]
    words = {
        "year": facts.previous_year,
        "before": f"{rank_in_text(change.before)} {of(change.before)}",
        "score": score_change(change.points),
        "now": f"{rank_in_text(facts.place)} {of(facts.place)}",
        "cause": main_cause(facts.causes, change.places),
    }
    if not change.clear:
        return [_("Pladsen kan ikke skelnes fra %(year)s (%(before)s); %(score)s.") % words]
    if words["cause"]:
        return [_("Det er et ryk siden %(year)s, fra %(before)s til %(now)s, %(cause)s; %(score)s.") % words]
    return [_("Det er et ryk siden %(year)s, fra %(before)s til %(now)s; %(score)s.") % words]


def across_methods(year: int, bridge: PlacementRow | None) -> str:
    """What can be said of the edition before, made by another method: at most its place by this one, and no move, since
    nobody knows how sure that place is."""
    if bridge is None:
        return _("Metoden er ændret siden %(year)s, så placeringerne kan ikke sammenlignes.") % {"year": year}
    words = {"year": year, "before": f"{rank_in_text(bridge)} {of(bridge) if bridge.n else ''}".strip()}
    return _("Metoden er ændret siden %(year)s. Efter den nye metode var kommunen %(before)s i %(year)s; hvor sikkert "
             "det er, har vi ikke regnet ud, så vi kalder ikke forskellen et ryk.") % words  # fmt: skip


def from_place(before: Standing) -> str:
    """Where a place was before, with its n: "fra nr. 31 af 97"; without it where that is not known."""
    return _("fra %(before)s") % {"before": f"{rank_in_text(before)} {of(before) if before.n else ''}".strip()}


def score_change(points: float | None) -> str:
    """How a printed score changed, in words; "" where it is not known."""
    if points is None:
        return _("scoren kendes ikke begge år")
    rounded = formatting.rounded(points, 1)
    words = {"points": formatting.number(abs(rounded), 1)}
    if rounded == 0:
        return _("scoren er den samme")
    if rounded > 0:
        return _("scoren er %(points)s point højere") % words
    return _("scoren er %(points)s point lavere") % words


CAUSES_SHORT = {
    "own": gettext_lazy("især egne tal"),
    "others": gettext_lazy("især andre kommuners tal"),
    "indicators": gettext_lazy("især nye eller udgåede indikatorer"),
    "method": gettext_lazy("især metoden"),
    "missing": gettext_lazy("især manglende tal"),
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


WHOLE_FROM = 10  # a difference of so many of a hundred is said without decimals


def gap(indicator: Measured, own: float, other: float) -> str:
    """How far another's value lies from one's own, in plain units: "18 færre af 100", "211 færre dage".

    The difference of what is printed, so that it holds beside the two values.
    """
    said = unit(indicator)
    if formatting.is_yes_no(said):
        return _("%(other)s i stedet for %(own)s") % {"other": value(indicator, other), "own": value(indicator, own)}
    decimals = indicator.decimals
    apart = formatting.rounded(other, decimals) - formatting.rounded(own, decimals)
    if said == "%":
        words = {"size": formatting.number(abs(apart), 0 if abs(apart) >= WHOLE_FROM else decimals)}
        return _("%(size)s flere af 100") % words if apart > 0 else _("%(size)s færre af 100") % words
    words = {"size": formatting.number(abs(apart), decimals), "unit": said}
    if not formatting.is_long(said):
        return _("%(size)s point højere") % words if apart > 0 else _("%(size)s point lavere") % words
    return _("%(size)s flere %(unit)s") % words if apart > 0 else _("%(size)s færre %(unit)s") % words


def listed(names: Sequence[str], most: int) -> str:
    """A list of names, those beyond so many counted: "a, b og 2 andre". Nobody is left out without a word."""
    if len(names) <= most:
        return formatting.joined(names)
    return formatting.joined([*names[:most], formatting.count(len(names) - most, _("anden"), _("andre"))])
