"""One honest sentence about a municipality, made by rules. Every branch is tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.language import formatting


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
