"""The few true sentences that a page opens with: the rules of the national sheet, each under a heading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.language import formatting, phrases
from portal.press.facts import (
    NationalFacts,
    Place,
    SpreadFacts,
    Statement,
)
from portal.press.national_rules import movers, nobody_moved, spread, surely_best
from portal.published import Edition, Indicator, Placement, Spread
from rankings.engine.rank import distinguishable


@dataclass(frozen=True, slots=True)
class Finding:
    """A heading that is a true sentence, what the rule says, and whom a drawing of it shows, best first."""

    rule: str
    title: str
    text: str
    places: tuple[Place, ...] = ()


def light_facts(
    edition: Edition,
    rows: Iterable[Placement],
    before: Mapping[int, Placement],
    overall: Spread | None,
    previous: Edition | None,
) -> NationalFacts:
    """What these rules need of an edition: the overall places now and before, and their spread."""
    comparable = previous is not None and previous.method_version == edition.method_version
    ranked = [row for row in rows if row.rank is not None]
    return NationalFacts(
        release=edition.release,
        year=edition.year,
        n=ranked[0].n if ranked else 0,
        places=tuple(
            place_of(row, phrases.score(row), before.get(row.municipality_id), comparable=comparable) for row in ranked
        ),
        areas=(),
        spread=spread_facts(overall, None),
        previous_year=previous.year if previous else None,
        comparable=comparable,
    )


def findings(facts: NationalFacts) -> tuple[Finding, ...]:
    """At most three: who is safely on top, what moved beyond the uncertainty or that nothing did, how all lie."""
    moved = next((one for one in movers(facts) if one), None)
    told = (_on_top(facts), _moved(facts, moved) if moved else _nobody(facts), _spread(facts))
    return tuple(one for one in told if one)


def _on_top(facts: NationalFacts) -> Finding | None:
    said = surely_best(facts)
    if said is None:
        return None
    sure = tuple(one for one in facts.places if one.high is not None and one.high * 5 <= facts.n)
    title = _("%(count)s ligger sikkert i den bedste femtedel") % {
        "count": formatting.count(len(sure), _("kommune"), _("kommuner"))
    }
    top = [one for one in facts.places if one.rank == 1]
    one_of_them = len(sure) > 1 and bool({one.code for one in top} & {one.code for one in sure})
    open_question = (
        _("Hvem af dem der er nr. 1, kan tallene ikke afgøre.")
        if one_of_them and (len(top) > 1 or top[0].alike)
        else ""
    )
    return Finding("surely best", title, f"{said.text} {open_question}".strip(), sure)


def _moved(facts: NationalFacts, said: Statement) -> Finding:
    codes = {part.municipality for part in said.parts if not isinstance(part, str)}
    who = tuple(place for place in facts.places if place.code in codes)
    words = {"name": formatting.joined([place.name for place in who]), "year": facts.previous_year}
    title = (
        _("%(name)s er rykket sikkert frem siden %(year)s")
        if said.rule == "up"
        else _("%(name)s er rykket sikkert tilbage siden %(year)s")
    )
    return Finding(said.rule, title % words, said.text, who)


MOST_MOVED = 2  # up, and as many down


def _nobody(facts: NationalFacts) -> Finding | None:
    said = nobody_moved(facts)
    if said is None:
        return None
    title = _("Ingen kommune er rykket sikkert siden %(year)s") % {"year": facts.previous_year}
    moved = sorted((one for one in facts.places if one.change), key=lambda one: -(one.change or 0))
    return Finding("nobody moved", title, said.text, (*moved[:MOST_MOVED], *moved[MOST_MOVED:][-MOST_MOVED:]))


def _spread(facts: NationalFacts) -> Finding | None:
    said = spread(facts)
    if said is None:
        return None
    words = {"low": facts.spread.lower, "high": facts.spread.upper}
    return Finding("spread", _("Halvdelen har en score mellem %(low)s og %(high)s") % words, said.text)


def spread_facts(spread: Spread | None, indicator: Indicator | None) -> SpreadFacts:
    """A subject's spread as it is printed."""
    if spread is None:
        return SpreadFacts(0)
    figures = (spread.median, spread.lower_quartile, spread.upper_quartile, spread.lowest, spread.highest)
    texts = (
        "" if figure is None else phrases.value(indicator, figure) if indicator else formatting.score(figure)
        for figure in figures
    )
    return SpreadFacts(spread.n, *texts)


def place_of(placement: Placement, text: str, before: Placement | None = None, *, comparable: bool = True) -> Place:
    """A municipality's line. ``change``: places up (positive) or down since the edition before."""
    then = before if comparable and before is not None and before.rank is not None else None
    change = then.rank - placement.rank if then and then.rank is not None and placement.rank is not None else None
    return Place(
        name=placement.municipality.name,
        code=placement.municipality.code,
        text=text,
        rank=placement.rank,
        last=placement.rank_last,
        low=placement.low,
        high=placement.high,
        coverage=placement.coverage,
        alike=len(placement.alike or ()),
        change=change,
        before=f"{phrases.rank_in_text(then)} {phrases.of(then)}" if then else "",
        clear=then is not None
        and distinguishable((placement.low, placement.high, placement.n), (then.low, then.high, then.n)),
        before_places=(then.rank, then.rank_last or then.rank, then.low, then.high, then.n)
        if then and then.rank is not None
        else None,
    )
